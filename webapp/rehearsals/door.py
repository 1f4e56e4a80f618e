"""The door between the desk and its rehearsals: who may enter is asked of the desk, then the scratch desk answers.

A rehearsal is the whole desk on a scratch database: inboxes, forms, documents, registers are the pages that people
know. Each request runs on the rehearsal's own clock, and what is due at once is done after each act.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask import Flask
from werkzeug.wrappers import Response

from processes import clock
from processes.engine.background import Background
from webapp.desk import Desk, open_desk
from webapp.rehearsals.kinds import scratch_house
from webapp.rehearsals.scratch import folder_of, scratch_settings

PLACE = "/rehearsal/"
ASKED = "/studio/rehearsals/{}/door"
"""Where the desk is asked whether the visitor may enter; it answers 204 and what the rehearsal's clock shows."""
CLOCK, KEY = "X-Rehearsal-Clock", "X-Rehearsal-Key"
MOST_KEPT = 4
"""Scratch desks that one process keeps open."""
MOST_FOLLOWING = 500
"""Jobs that are done after one act."""
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


@dataclass(frozen=True)
class Scratch:
    """A scratch desk and the application that serves it."""

    desk: Desk
    app: Flask


class Scratches:
    """The scratch desks that this process has open, the ones used last."""

    def __init__(self, desk: Desk, make_app: Callable[[Desk], Flask]) -> None:
        self._desk = desk
        self._make_app = make_app
        self._lock = threading.Lock()
        self._kept: OrderedDict[UUID, Scratch] = OrderedDict()

    def get(self, rehearsal_id: UUID, key: str) -> Scratch:
        """The scratch desk of a rehearsal of the procedure of this key."""
        with self._lock:
            found = self._kept.pop(rehearsal_id, None) or self._open(rehearsal_id, key)
            self._kept[rehearsal_id] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)[1].desk.db.close()
            return found

    def forget(self, rehearsal_id: UUID) -> None:
        """Close the desk of a rehearsal that has ended."""
        with self._lock:
            found = self._kept.pop(rehearsal_id, None)
        if found is not None:
            found.desk.db.close()

    def _open(self, rehearsal_id: UUID, key: str) -> Scratch:
        folder = folder_of(self._desk.settings, rehearsal_id)
        own = scratch_settings(self._desk.settings, folder, f"/studio/rehearsals/{rehearsal_id}")
        desk = open_desk(own)
        desk.house = scratch_house(self._desk.house, own, key)
        app = self._make_app(desk)
        app.config.update(SESSION_COOKIE_NAME="rehearsal", SESSION_COOKIE_PATH=f"{PLACE}{rehearsal_id}/")
        return Scratch(desk, app)


class RehearsalDoor:
    """Stands before the desk's application and leads what is below `/rehearsal/` to the scratch desks."""

    def __init__(self, inner: Application, scratches: Scratches) -> None:
        self._inner = inner
        self._scratches = scratches

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith(PLACE):
            return self._inner(environ, start)
        text, slash, rest = path.removeprefix(PLACE).partition("/")
        try:
            rehearsal_id = UUID(text)
        except ValueError:
            return self._inner(environ, start)
        asked = self._ask(environ, rehearsal_id)
        if asked.status_code != 204 or not slash:
            return asked(environ, start)
        scratch = self._scratches.get(rehearsal_id, unquote(asked.headers[KEY]))
        shown = datetime.fromisoformat(asked.headers[CLOCK])
        return self._answer(environ, scratch, f"{PLACE}{rehearsal_id}", rest, shown)(environ, start)

    def _ask(self, environ: Environ, rehearsal_id: UUID) -> Response:
        """Let the desk say who comes in, by the visitor's own cookie."""
        question = {
            **environ, "REQUEST_METHOD": "GET", "PATH_INFO": ASKED.format(rehearsal_id), "QUERY_STRING": "",
            "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO(),
        }  # fmt: skip
        question.pop("HTTP_AUTHORIZATION", None)
        return Response.from_app(self._inner, question)

    def _answer(self, environ: Environ, scratch: Scratch, place: str, rest: str, shown: datetime) -> Response:
        inner = {
            **environ,
            "SCRIPT_NAME": f"{environ.get('SCRIPT_NAME', '')}{place}",
            "PATH_INFO": f"/{rest}",
        }
        with clock.here(clock.MovableClock(shown)):
            answer = Response.from_app(scratch.app.wsgi_app, inner, buffered=True)
            if environ["REQUEST_METHOD"] != "GET":
                Background(scratch.desk.db, scratch.desk.house).work_off(MOST_FOLLOWING)
        return answer
