"""`kill -9` at random moments: of the web server, of one of its children, of a worker."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from tests.torture.installation import Installation
from tests.torture.running import Harm, Run

LONGEST_PAUSE = 0.9
"""Seconds between two kills at most, once the desk answers again."""


def commands(installation: Installation) -> dict[str, tuple[str, ...]]:
    """One process on SQLite; on PostgreSQL two web processes and two workers of their own."""
    port = str(installation.port)
    if installation.kind == "sqlite":
        return {"web": ("serve", "--port", port)}
    return {"web": ("serve", "--port", port, "--workers", "2"), "worker": ("worker",), "worker2": ("worker",)}


def kills(count: int) -> Harm:
    """Kill something, wait until the desk answers, work a moment, kill again."""

    def harm(run: Run) -> str:
        killed: Counter[str] = Counter()
        slowest = 0.0
        while sum(killed.values()) < count:
            time.sleep(0.1 + run.chance.random() * LONGEST_PAUSE)
            victim = run.chance.choice(_victims(run))
            if _kill(run, victim):
                killed[victim] += 1
                slowest = max(slowest, run.wait_until_served())
        run.figures["slowest_return_s"] = round(slowest, 2)
        return ", ".join(f"{number} × {victim}" for victim, number in sorted(killed.items()))

    return harm


def _victims(run: Run) -> list[str]:
    """On PostgreSQL mostly what is back soon, so that there is load between the kills."""
    if run.installation.kind == "sqlite":
        return ["web", "web and children", "web child"]
    return ["web", "web and children", "worker", "worker2", "worker", "worker2", *["web child"] * 6]


def _kill(run: Run, victim: str) -> bool:
    if victim == "web and children":
        run.services["web"].kill_all()
    elif victim == "web child":
        return run.services["web"].kill_child(run.chance.randrange(8))
    else:
        run.services[victim].kill()
    return True


def where(folder: Path) -> str:
    """The address of a SQLite database in a folder."""
    return f"sqlite:///{folder / 'desk.db'}"
