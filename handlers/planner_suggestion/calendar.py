"""What begins by the calendar: a reminder to a planner who has recorded no survey for 90 days (第七条(二), D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue
from processes.registers.ledger import appointments_in
from processes.registers.suggestions import last_surveys

KEY = "planner_suggestion"
DAYS_WITHOUT = 90
"""Natural days without a survey, counted from the last one or from taking office (D)."""


def surveys_due(session: Session, today: date) -> list[PeriodDue]:
    """One reminder for each planner and each 90 days without a survey."""
    last, found = last_surveys(session), {}
    for each in appointments_in(session, today, today):
        since = max(last.get(each.person_id, each.term_start), each.term_start)
        times = (today - since).days // DAYS_WITHOUT
        if times > 0:
            variables = {
                "person_id": str(each.person_id),
                "planner_name": each.person.name,
                "days": (today - since).days,
            }
            period = f"survey_reminder:{each.person_id}:{since.isoformat()}:{times}"
            found[each.person_id] = PeriodDue(period, KEY, "survey_reminder", variables)
    return list(found.values())
