"""How calls answer: JSON, pages of lists, and changes that are made once for each operation key."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import orjson
from flask import Response, request
from sqlalchemy.orm import Session

from processes import operation_keys
from processes.engine.inbox import MOST_ROWS, Page
from processes.errors import Invalid
from processes.messages import message
from webapp.api.calls import JSON, Asked, Parameter
from webapp.operation_key import HEADER, LONGEST
from webapp.transactions import acting

USUAL_ROWS = 50
LIMIT = Parameter("limit", "Most rows of the answer.", "integer", least=1, most=MOST_ROWS)
CURSOR = Parameter("cursor", "`next_cursor` of the page before; with the same filters and order.")
PAGING = (LIMIT, CURSOR)
REPLAYED = "Idempotency-Replayed"


class Outcome(NamedTuple):
    """The answer to a change, made now or the first time it was asked for."""

    content: bytes
    status: int
    replayed: bool = False


def shown(content: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(encoded(content), status, content_type=JSON)


def encoded(content: Any) -> bytes:
    """Content as JSON: moments in UTC, days as they are."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def changing(
    asked: Asked,
    act: Callable[[Session], Any],
    *,
    status: int = 200,
    again: Mapping[str, Any] | None = None,
    sent: bytes | None = None,
) -> Response:
    """Carry out a change in a transaction of its own and answer what it gives.

    A request with an `Idempotency-Key` that has been seen gets the first answer and changes nothing.
    """
    key = _key(asked)
    digest = hashlib.sha256(request.get_data() if sent is None else sent).hexdigest()
    path = request.full_path.rstrip("?")

    def once(session: Session) -> Outcome:
        earlier = operation_keys.take(session, key, asked.actor.person_id, path, digest) if key else None
        if earlier is not None:
            if not earlier.is_of(asked.actor.person_id, path, digest):
                raise Invalid(message("该操作键已用于另一个请求，本次请求未被接受。"))
            return Outcome(earlier.answer.encode(), earlier.status, replayed=True)
        content = encoded(act(session))
        if key:
            operation_keys.finish(session, key, status, "", content.decode())
        return Outcome(content, status)

    outcome = acting(asked.desk, once, again)
    headers = {REPLAYED: "true"} if outcome.replayed else None
    return Response(outcome.content, outcome.status, headers, content_type=JSON)


def _key(asked: Asked) -> str | None:
    """The key of the request, which is the asking person's own: two people may choose the same."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not (0 < len(given) <= LONGEST and given.isascii() and given.isprintable()):
        raise Invalid(message("操作键无效：应为不超过 %(most)s 个的 ASCII 字符。", most=LONGEST))
    return f"api:{asked.actor.person_id}:{given}"


def page_of(asked: Asked) -> Page:
    """Which part of a list is asked for."""
    return Page(asked.text("sort"), _offset(asked), int(asked.query.get("limit") or USUAL_ROWS))


def listed(asked: Asked, items: Iterable[Any], total: int) -> Response:
    """A page of a list."""
    page, rows = page_of(asked), list(items)
    after = page.offset + len(rows)
    more = rows and after < total
    return shown({"items": rows, "total": total, "next_cursor": _cursor(asked, after) if more else None})


def _cursor(asked: Asked, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{offset}.{_filters(asked)}".encode()).decode().rstrip("=")


def _offset(asked: Asked) -> int:
    given = asked.text("cursor")
    if not given:
        return 0
    try:
        offset, filters = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode("ascii").split(".")
        if filters != _filters(asked) or not 0 <= int(offset) < 10**9:
            raise ValueError
        return int(offset)
    except ValueError as cause:
        text = message("分页位置无效，或筛选条件已变化。")
        raise Invalid(text, {"cursor": text}) from cause


def _filters(asked: Asked) -> str:
    """A mark of the filters and the order, so that a cursor is not used with others."""
    kept = sorted((name, str(value)) for name, value in asked.query.items() if name not in ("limit", "cursor"))
    return f"{zlib.crc32(repr((request.path, kept)).encode()):08x}"
