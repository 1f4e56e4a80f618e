"""How long the desk waits for what a visitor sends: one who stops in the middle holds up nobody else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from webapp.limits import LARGEST_REQUEST

STALL = 5.0
"""Seconds without a single byte after which a body is given up."""
LEAST_SPEED = 50_000
"""Bytes a second, on the whole of a body."""
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Patience:
    """Stands before the application; a body that does not come is answered like one that was broken off."""

    def __init__(self, inner: Application, stall: float = STALL, speed: int = LEAST_SPEED) -> None:
        self._inner = inner
        self._stall = stall
        self._speed = speed

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        connection: socket.socket | None = environ.get("gunicorn.socket")
        size = _announced(environ)
        if connection is None or not size:
            return self._inner(environ, start)
        before = connection.gettimeout()
        connection.settimeout(self._stall)
        drips = threading.Timer(self._stall + size / self._speed, _read_no_more, (connection,))
        drips.daemon = True
        drips.start()
        try:
            return self._inner(environ, start)
        finally:
            drips.cancel()
            connection.settimeout(before)  # who fetches a large file slowly may do so


def _announced(environ: Environ) -> int:
    """Bytes that the body will have; the most that is taken where the visitor does not say."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return LARGEST_REQUEST
    try:
        return min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_REQUEST)
    except ValueError:
        return 0


def _read_no_more(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        return  # it has been closed meanwhile
