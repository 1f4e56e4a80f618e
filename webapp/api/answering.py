"""How calls answer: JSON, pages of lists, and changes that are made once for each operation key."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from flask import Response, request
from sqlalchemy.orm import Session

from processes import operation_keys
from processes.errors import Conflict, Invalid
from processes.messages import message
from processes.operation_keys import OperationKey
from processes.paging import MOST_ROWS, Listing, Page
from webapp.api.calls import JSON, Asked, Parameter
from webapp.operation_key import HEADER, LONGEST
from webapp.transactions import acting

USUAL_ROWS = 50
FURTHEST = 10**9
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
    key_last: bool = False,
) -> Response:
    """Carry out a change in a transaction of its own and answer what it gives.

    A request with an `Idempotency-Key` that has been seen gets the first answer and changes nothing. With `key_last`
    the key is written together with the answer, for what cannot be done a second time anyway: the key of a request
    that comes again is looked up when it is refused.
    """
    key = own_key(asked)
    digest = hashlib.sha256(request.get_data() if sent is None else sent).hexdigest()
    path = request.full_path.rstrip("?")

    def seen(earlier: OperationKey) -> Outcome:
        if not earlier.is_of(asked.actor.person_id, path, digest):
            raise Invalid(message("该操作键已用于另一个请求，本次请求未被接受。"))
        return Outcome(earlier.answer.encode(), earlier.status, replayed=True)

    def once(session: Session) -> Outcome:
        if key and not key_last:
            earlier = operation_keys.take(session, key, asked.actor.person_id, path, digest)
            if earlier is not None:
                return seen(earlier)
        content = encoded(act(session))
        if key and key_last:
            if operation_keys.take(session, key, asked.actor.person_id, path, digest, status, "", content.decode()):
                raise Conflict(message("同一请求正在办理，请稍候再试。"))
        elif key:
            operation_keys.finish(session, key, status, "", content.decode())
        return Outcome(content, status)

    try:
        outcome = acting(asked.desk, once, again)
    except Conflict:
        if not key:
            raise
        with asked.desk.db.reading() as session:
            earlier = operation_keys.taken_before(session, key)
            if earlier is None:
                raise
            outcome = seen(earlier)
    headers = {REPLAYED: "true"} if outcome.replayed else None
    return Response(outcome.content, outcome.status, headers, content_type=JSON)


def own_key(asked: Asked) -> str | None:
    """The key of the request, which is the asking person's own: two people may choose the same."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not (0 < len(given) <= LONGEST and given.isascii() and given.isprintable()):
        raise Invalid(message("操作键无效：应为不超过 %(most)s 个的 ASCII 字符。", most=LONGEST))
    return f"api:{asked.actor.person_id}:{given}"


def page_of(asked: Asked) -> Page:
    """Which part of a list is asked for: behind a row, or from a place on."""
    place = _place(asked)
    limit = int(asked.query.get("limit") or USUAL_ROWS)
    offset, after = (place, None) if isinstance(place, int) else (0, place)
    return Page(asked.text("sort"), offset, limit, after)


def listed(asked: Asked, items: Iterable[Any], total: int) -> Response:
    """A page of a list whose rows have places."""
    page, rows = page_of(asked), list(items)
    after = page.offset + len(rows)
    more = rows and after < total
    return shown({"items": rows, "total": total, "next_cursor": _cursor(asked, after) if more else None})


def page_shown(asked: Asked, listing: Listing[Any], draw: Callable[[Any], Any]) -> Response:
    """A page of a list that goes on behind its last row, whatever comes in meanwhile, or else at a place."""
    page, rows = page_of(asked), [draw(each) for each in listing.items]
    place = listing.after or page.offset + len(rows)
    cursor = _cursor(asked, place) if listing.more and rows else None
    return shown({"items": rows, "total": listing.total, "next_cursor": cursor})


def _cursor(asked: Asked, place: int | UUID) -> str:
    return base64.urlsafe_b64encode(f"{place}.{_filters(asked)}".encode()).decode().rstrip("=")


def _place(asked: Asked) -> int | UUID:
    given = asked.text("cursor")
    if not given:
        return 0
    try:
        place, filters = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode("ascii").split(".")
        if filters != _filters(asked):
            raise ValueError
        return int(place) if place.isdigit() and int(place) < FURTHEST else UUID(place)
    except ValueError as cause:
        text = message("分页位置无效，或筛选条件已变化。")
        raise Invalid(text, {"cursor": text}) from cause


def _filters(asked: Asked) -> str:
    """A mark of the filters and the order, so that a cursor is not used with others."""
    kept = sorted((name, str(value)) for name, value in asked.query.items() if name not in ("limit", "cursor"))
    return f"{zlib.crc32(repr((request.path, kept)).encode()):08x}"
