"""Processes under a supervisor that starts them again whenever they end, as systemd would."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

AGAIN_AFTER = 0.1
"""Seconds between an end and the next start."""


class Kept:
    """One program with its children, kept running until `stop`."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, folder: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._folder = folder
        self._stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command, env=self._environment, cwd=self._folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            self.starts += 1
            self.process.wait()
            self._signal_group(signal.SIGTERM)  # what is left of the service is told to go
            self._stopping.wait(AGAIN_AFTER)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process is not None else 0

    def children(self) -> list[int]:
        """The processes that the program has started."""
        with suppress(OSError):
            told = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
            return [int(each) for each in told.split()]
        return []

    def kill(self) -> None:
        """`kill -9` of the program itself; its children find out."""
        _signal(self.pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """`kill -9` of the program and all its children at once."""
        self._signal_group(signal.SIGKILL)

    def kill_child(self, number: int) -> bool:
        """`kill -9` of one child; False where there is none."""
        children = self.children()
        return bool(children) and _signal(children[number % len(children)], signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it where it is, without its noticing."""
        _signal(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        _signal(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it for good."""
        self._stopping.set()
        deadline = time.monotonic() + 25
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._signal_group(signal.SIGCONT)
            self._signal_group(signal.SIGTERM)
            self._thread.join(1)
        self._signal_group(signal.SIGKILL)
        self._thread.join(5)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)


def _signal(pid: int, number: signal.Signals) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
