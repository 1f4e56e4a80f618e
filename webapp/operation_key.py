"""A repeated click is one action: the key hidden in a form is written in the transaction of what the form does.

with once() as operation:
    item = work.complete(operation.session, house, current_actor(), item_id, request.form)
    return operation.done(url_for("inbox.index"))
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from processes import operation_keys
from processes.errors import Conflict, Invalid
from processes.messages import message
from webapp.desk import current_desk
from webapp.visitors import visitor

FIELD = "_operation_key"
HEADER = "Idempotency-Key"
LONGEST = 64
NOT_PART = frozenset({FIELD, "csrf_token"})


class Repeated(Exception):
    """The request has been done before; its first result is at `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class UsedOtherwise(Conflict):
    """The form was sent before with other contents; what that did is at `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(
            message("此表单已经提交过，本次修改的内容未被接受。请查看此前的结果，需要更改时重新打开页面。")
        )
        self.location = location


@dataclass
class Operation:
    """A changing request: its transaction, and where its result will be shown."""

    session: Session
    key: str | None
    shown_at: str = ""
    """Where the result will be shown, as far as it was known before."""

    def done(self, location: str) -> Response:
        """Lead to the result, now and whenever the same request comes again."""
        if self.key is not None and location != self.shown_at:
            operation_keys.finish(self.session, self.key, 303, location)
        return redirect(location, 303)


@contextmanager
def once(shown_at: str = "") -> Iterator[Operation]:
    """A writing transaction that is entered once for each operation key; raises `Repeated` or `UsedOtherwise`.

    Where it is known beforehand at which place the result is shown, `shown_at` spares writing it down afterwards.
    """
    key, body = _key(), _body()
    with current_desk().db.transaction() as session:
        if key is not None:
            _take(session, key, body, shown_at)
        yield Operation(session, key, shown_at)


def show_first_result(repeated: Repeated) -> Response:
    """Answer a repeated request as the first one was."""
    return redirect(repeated.location, 303)


def _take(session: Session, key: str, body: str, shown_at: str) -> None:
    actor = visitor()
    person_id = actor.person_id if actor is not None else None
    earlier = operation_keys.take(session, key, person_id, request.path, body, 303, shown_at)
    if earlier is None:
        return
    if earlier.is_of(person_id, request.path, body):
        raise Repeated(earlier.location)
    raise UsedOtherwise(earlier.location if earlier.person_id == person_id else "")


def _key() -> str | None:
    given = request.form.get(FIELD) or request.headers.get(HEADER)
    if given is not None and not (0 < len(given) <= LONGEST and given.isascii() and given.isprintable()):
        raise Invalid(message("操作键无效，请刷新页面后重试。"))
    return given


def _body() -> str:
    """A digest of what was sent: fields in order, and the contents of files."""
    digest = hashlib.sha256()
    if not request.form and not request.files:
        digest.update(request.get_data())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in NOT_PART:
            digest.update(f"{len(name)}:{name}{len(value)}:{value}".encode())
    for name, file in request.files.items(multi=True):
        digest.update(f"{name}:{file.filename}:".encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]  # it reads
        file.stream.seek(0)
    return digest.hexdigest()
