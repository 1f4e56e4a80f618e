"""Locks between processes on one machine: a file in the data folder, freed by the system when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from processes.errors import Conflict
from processes.messages import message
from webapp.settings import Settings


class FileLock:
    """A lock that one process holds; a child that inherits it keeps it held."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it if nobody has it; True when it is held now."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def worker_lock(settings: Settings) -> FileLock:
    """Held by the web process whose thread does the background work."""
    return FileLock(settings.home / "worker.lock")


def desk_lock(settings: Settings) -> FileLock:
    """Held by the one program that serves an installation on SQLite; `Conflict` when another one does."""
    lock = FileLock(settings.home / "desk.lock")
    if not lock.take():
        raise Conflict(message("此数据目录正由另一个 chief-planner 进程使用，请先停止该进程。"))
    return lock
