"""缺席计次: counted anew from the log each time somebody looks, under every reading of 一年内 (第十五条(三))."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from handlers.dismissal.words import YEAR_WORDS
from processes import clock
from processes.registers.appointments import Appointment, dismissal_item
from processes.registers.dismissals import settled_events
from processes.registers.ledger import attendance_log
from processes.registers.switches import Readings, readings_on
from processes.rules.absence import AbsenceCount, ExcusedMode, Outcome, YearMode, all_readings


@dataclass(frozen=True)
class Counted:
    """The count under each reading, and the one that is in force."""

    readings: Readings
    by_mode: dict[YearMode, AbsenceCount]
    events: tuple[str, ...]
    """The unexcused absences that were counted."""

    @property
    def mode(self) -> YearMode:
        return YearMode(self.readings.choice("absence.year_mode"))

    @property
    def in_force(self) -> AbsenceCount:
        return self.by_mode[self.mode]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The three readings side by side, as the case sheet shows them."""
        return [
            {
                "reading": YEAR_WORDS[mode] + ("（现行口径）" if mode is self.mode else ""),
                "in_a_row": each.consecutive_max,
                "in_all": each.total_max,
                "result": "构成" if each.trigger else "不构成",
                "ground": str(each.ground),
            }
            for mode, each in self.by_mode.items()
        ]


def count_for(session: Session, appointment: Appointment) -> Counted:
    """Count today; what a settled case rested on, or what lies before an earlier dismissal, is not counted again."""
    readings = readings_on(session)
    settled = settled_events(session, appointment.person_id)
    log = [
        each
        for each in attendance_log(session, appointment.person_id, readings, clock.today())
        if each.id not in settled
    ]
    if dismissal_item(session, appointment.person_id) is not None:
        log = [each for each in log if each.day >= appointment.term_start]
    excused = ExcusedMode(readings.choice("absence.excused_mode"))
    counts = all_readings(log, appointment.term_start, excused, clock.today())
    unexcused = tuple(each.id for each in log if each.outcome is Outcome.UNEXCUSED)
    return Counted(readings, counts, unexcused)
