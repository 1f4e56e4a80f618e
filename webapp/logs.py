"""What the operator reads: a line for each request and each fault, with nothing of what people wrote or looked for."""

from __future__ import annotations

import hmac
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, ClassVar

import orjson
from flask import Flask, Response, g, request

from webapp.desk import current_desk
from webapp.numbering import new_number
from webapp.settings import Settings
from webapp.visitors import visitor

log = logging.getLogger("webapp.requests")
HEADER = "X-Request-ID"
UNMATCHED = "none"
"""The endpoint of an address that does not exist."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FACTS = "facts"
QUIET = frozenset({"health.alive", "health.ready", "monitoring.metrics", "static"})
"""Asked by machines every few seconds, or beside every page: logged only when something is wrong."""


class JsonLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The facts of a request or fault; of any other record its text."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
        }
        facts = getattr(record, FACTS, None)
        line.update(facts if isinstance(facts, Mapping) else {"event": "note", "text": record.getMessage()})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"], line["trace"] = record.exc_info[0].__qualname__, trace_of(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


class TextLine(logging.Formatter):
    """A record as a line for people, in the clock of the machine."""

    SHORT: ClassVar[dict[int, str]] = {logging.WARNING: "! ", logging.ERROR: "!! ", logging.CRITICAL: "!! "}

    def format(self, record: logging.LogRecord) -> str:
        """Time, how bad, text; below it where a fault came from."""
        at = datetime.fromtimestamp(record.created).strftime("%Y-%m-%d %H:%M:%S")
        text = f"{at} {self.SHORT.get(record.levelno, '')}{record.getMessage()}"
        if record.exc_info and record.exc_info[0] is not None:
            text += f": {record.exc_info[0].__qualname__}\n{trace_of(record.exc_info[1])}"
        return text.rstrip()


def trace_of(error: BaseException | None) -> str:
    """Where an error came from, and from what error: places in the program, never the words of an error."""
    parts = []
    while error is not None:
        parts.append(f"{type(error).__qualname__}\n" + "".join(traceback.format_tb(error.__traceback__)))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "caused by ".join(parts)


def configure(settings: Settings) -> None:
    """Let this process log on standard error as its settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if settings.log == "json" else TextLine())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in ("webapp", "processes", "handlers"):
        logging.getLogger(name).setLevel(logging.WARNING if settings.log == "errors" else logging.INFO)


def install(app: Flask) -> None:
    """Number every request and log its end; must come before every other part that looks at requests."""
    app.before_request(_begin)
    app.after_request(_end)


def request_number() -> str:
    """The number of the current request, by which its lines in the log are found."""
    if "request_number" not in g:
        g.request_number = new_number()
    number: str = g.request_number
    return number


def seconds_so_far() -> float:
    """How long the current request has taken."""
    return perf_counter() - float(g.get("began_at", perf_counter()))


def endpoint_of_request() -> str:
    """The name of the view that answers; an address that nobody answers has no name, however often it is tried."""
    return request.endpoint or UNMATCHED


def method_of_request() -> str:
    """The method, where it is one that there is."""
    return request.method if request.method in METHODS else "OTHER"


def fault(event: str, error: BaseException, level: int = logging.ERROR) -> str:
    """Log a fault of the current request and give the number that leads to it."""
    number = request_number()
    where = trace_of(error)
    text = f"{number} {event} at {method_of_request()} {endpoint_of_request()}: {type(error).__qualname__}\n{where}"
    facts = {"event": event, **_facts(), "error": type(error).__qualname__, "trace": where}
    logging.getLogger("webapp.errors").log(level, "%s", text, extra={FACTS: facts})
    return number


def _begin() -> None:
    g.began_at = perf_counter()
    request_number()


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_number()
    if not log.isEnabledFor(logging.INFO) or (response.status_code < 400 and endpoint_of_request() in QUIET):
        return response
    facts = {"event": "request", **_facts(), "status": response.status_code, "ms": round(seconds_so_far() * 1000, 1)}
    text = " ".join(f"{facts[each]}" for each in ("method", "endpoint", "status"))
    text += f" {facts['ms']} ms {facts['request']} {facts.get('user') or '-'} {facts.get('address') or ''}"
    log.info("%s", text.rstrip(), extra={FACTS: facts})
    return response


def _facts() -> dict[str, Any]:
    """What is said of a request: no path with ids of people, no search words, no form, and no name."""
    settings = current_desk().settings
    actor = visitor()
    facts: dict[str, Any] = {
        "request": request_number(),
        "method": method_of_request(),
        "endpoint": endpoint_of_request(),
        "user": pseudonym(settings, actor.person_id) if actor is not None and actor.person_id else None,
    }
    if settings.log_addresses:
        facts["address"] = request.remote_addr
    return facts


def pseudonym(settings: Settings, person_id: object) -> str:
    """The same mark for the same person, without saying who it is."""
    return hmac.digest(settings.pseudonym_key, str(person_id).encode(), "sha256").hex()[:12]
