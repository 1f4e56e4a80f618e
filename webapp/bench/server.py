"""The served desk: `chief-planner serve` in processes of its own, as an installation runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from webapp.bench.clients import HttpWire
from webapp.bench.floors import EMPTY
from webapp.settings import Settings

START = "import sys; from webapp.commands import main; main(sys.argv[1:])"
LONGEST_START = 60.0


class Server:
    """One served desk on the loopback address."""

    def __init__(self, settings: Settings, workers: int, *, background: bool = False) -> None:
        self.port = _free_port()
        self.workers = workers
        environment = os.environ | {
            "CHIEF_PLANNER_HOME": str(settings.home),
            "DATABASE_URL": settings.database_url,
            "CHIEF_PLANNER_SECRET": settings.secret,
            "CHIEF_PLANNER_BACKGROUND": "1" if background else "0",
        }
        self._processes: list[Path] = []
        self._log = settings.home / "server.log"
        command = [sys.executable, "-c", START, "serve", "--port", str(self.port), "--workers", str(workers)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 # our own command

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + LONGEST_START
        with closing(HttpWire(self.port)) as wire:
            while time.monotonic() < until and self._process.poll() is None:
                try:
                    if wire.exchange("GET", EMPTY).status == 200:
                        return
                except OSError:
                    time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not start: {self._log.read_text(errors='replace')[-1000:]}")

    def processor_ms(self) -> float:
        """Processor time of all its processes so far."""
        if not self._processes:
            self._processes = _family(self._process.pid)
        return sum(_used_ms(each) for each in self._processes)

    def stop(self) -> None:
        """End it and wait until it has gone."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _family(parent: int) -> list[Path]:
    """A process and its children, as the system lists them; nothing where it does not."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            fields = (each / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # has just ended
        if str(parent) in (each.name, fields[1]):
            found.append(each)
    return found


def _used_ms(process: Path) -> float:
    """Processor time of all threads of a process: in nanoseconds where the system tells, else in its ticks."""
    try:
        return sum(int(each.read_text().split()[0]) for each in process.glob("task/*/schedstat")) / 1e6
    except OSError:
        fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
