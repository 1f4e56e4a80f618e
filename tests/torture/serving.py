"""`chief-planner` with two seams that the real one has not: a clock that can be moved, an operation that fails.

TORTURE_CLOCK=<file with seconds> python -m tests.torture.serving serve --port …
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from handlers.operations import OPERATIONS
from processes import clock, notices
from processes.engine.calendar_starts import PeriodDue
from processes.engine.house import Call, Operation
from processes.forms.wording import Wording
from processes.messages import message
from webapp import commands, desk

FAILS = 0.3
"""How often the operation fails."""
FIRST_PERIOD = "TORTURE_FIRST_PERIOD"
CLOCK = "TORTURE_CLOCK"
MOST_PERIODS = 60


class ShiftedClock:
    """The machine's clock and as many seconds as a file says."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text("ascii") or 0))


def sometimes(call: Call) -> None:
    """Leave a notice, and then fail or not: what a failed attempt has left must not stay."""
    notices.notify(call.session, "torture", message("已办结"), person_id=None, role="manager", case_id=call.case.id)
    call.session.flush()
    if random.random() < FAILS:
        raise RuntimeError("failed by chance")


def days(session: Session, today: date) -> Sequence[PeriodDue]:
    """Every day since the first begins one case."""
    first = date.fromisoformat(os.environ[FIRST_PERIOD])
    return [
        PeriodDue(f"day:{day}", "daily", "p", {"mark": f"day:{day}"})
        for day in (first + timedelta(days=number) for number in range(MOST_PERIODS))
        if day <= today
    ]


def main() -> None:
    """Run a command of the desk with the seams."""
    desk.OPERATIONS = {**OPERATIONS, "torture.sometimes": Operation("torture.sometimes", Wording("…"), sometimes)}
    desk.CALENDARS = (days,) if FIRST_PERIOD in os.environ else ()
    if CLOCK not in os.environ:
        commands.main()
    else:
        with clock.running_on(ShiftedClock(Path(os.environ[CLOCK]))):
            commands.main(sys.argv[1:])


if __name__ == "__main__":
    main()
