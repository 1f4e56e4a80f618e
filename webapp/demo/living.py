"""The present of the living year: what is open now, told backwards from today, so that deadlines are near (§7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from processes.identity import units
from processes.rules.quarters import Quarter, quarter_days
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY
from webapp.demo.history import History, since_then
from webapp.demo.last_year import enter_appraisal, enter_report, reports_until
from webapp.demo.more_visits import more_visits
from webapp.demo.year import hearing
from webapp.demo.year.consultations import Consultations
from webapp.demo.year.office import Left, Office, Task
from webapp.demo.year.quarters import Quarters
from webapp.demo.year.requests import EXPENSES, SUGGESTION, Requests
from webapp.demo.year.story import ATTENDED, CANCELLED, ON_SITE, UNEXCUSED, Consultation, Report, Service, YearStory

PLAYED = timedelta(days=26)
"""The consultations of these last days are played; those before are records."""
AHEAD = timedelta(days=14)
"""Consultations that are coming."""
SILENT = ("CQ-500229", "CQ-500242")
"""The units whose report of the last quarter has not come."""
WARNED, ABSENCES = 2, 2
"""So many planners have stayed away so many times in a row: one more would open a case (第十五条(三))."""
PAID_EVERY, APPROVED_WD, OLD = 3, 4, timedelta(days=30)
"""One in so many claims has been paid, working days after it was filled in that it is approved; none that is so old."""
UNANSWERED_EVERY = 2


class Living:
    """What has been since the story, up to today."""

    def __init__(self, told: YearStory, services: Sequence[Service], today: date) -> None:
        self.told = told
        self.services = list(services)
        self.today = today
        self.serving = [each for each in services if each.start <= today <= each.end and not each.end_reason]
        until = today + AHEAD
        told_again = (*since_then(told, self.serving, until), *more_visits(told, self.serving, until))
        rows = sorted(told_again, key=lambda row: (row.day, row.id))
        self.warned = self._warned(rows)
        self.before = [self._absent(row, rows) for row in rows if row.day < today - PLAYED]
        self.played = [row for row in rows if row.day >= today - PLAYED and self._may_come(row)]

    def _warned(self, rows: Sequence[Consultation]) -> list[str]:
        """Planners whose last consultations they missed, and who are invited again."""
        found: dict[str, str] = {}
        for each in self.serving:
            mine = [row for row in rows if row.planner == each.planner and row.day < self.today - PLAYED]
            coming = any(row.planner == each.planner and row.day > self.today for row in rows)
            if coming and len(mine) > ABSENCES and all(row.outcome == ATTENDED for row in mine[-ABSENCES:]):
                found.setdefault(each.unit, each.planner)
        return list(found.values())[:WARNED]

    def _absent(self, row: Consultation, rows: Sequence[Consultation]) -> Consultation:
        mine = [each for each in rows if each.planner == row.planner and each.day < self.today - PLAYED]
        if row.planner not in self.warned or row not in mine[-ABSENCES:]:
            return row
        return replace(row, mode=ON_SITE, outcome=UNEXCUSED, schemes=0, opinions=0, items=0, adopted=0)

    def _may_come(self, row: Consultation) -> bool:
        return row.planner not in self.warned or row.day > self.today

    # the past

    def enter(self, session: Session, calendar: WorkCalendar) -> None:
        """What was before, as records: consultations, leave, reports and grades."""
        last = History(session, self.told, self.services)
        last.enter(self.told.consultations)
        last.enter_leaves()
        History(session, self.told, self.serving).enter(self.before)
        session.flush()
        served = [unit.id for unit in units.units_on(session, self.today)]
        for row in reports_until(self.told, calendar, served, self.quarter):
            enter_report(session, row)
        enter_appraisal(session, self.told)

    @property
    def quarter(self) -> Quarter:
        """The quarter whose reports are due now, or were due last."""
        return Quarter.of(Quarter.of(self.today).start - DAY)

    # the present

    def prepare(self, office: Office) -> None:
        """What people have begun and what they do with it; not everything is done in time."""
        now = replace(self.told, services=tuple(self.serving), consultations=tuple(self.played), events=(), gradings=())
        hearing.prepare(office)
        Consultations(office, now).prepare()
        Quarters(office, list(self._reports(office))).prepare()
        recent = [row for row in (*self.before, *self.played) if row.day <= self.today - timedelta(days=2)]
        Requests(office, replace(now, consultations=tuple(recent))).prepare(since=self.today - timedelta(days=90))
        habit = office.habits[EXPENSES, "pay_claim"]
        office.habits[EXPENSES, "pay_claim"] = replace(habit, on=self._paid_on(office))
        answered = office.habits[SUGGESTION, "reply_bureau"]
        office.habits[SUGGESTION, "reply_bureau"] = replace(answered, on=_every(UNANSWERED_EVERY, office))

    def _paid_on(self, office: Office) -> Left:
        """Some of the claims are paid in time, the oldest lie."""
        in_turn = _every(PAID_EVERY, office)

        def on(task: Task) -> date | None:
            filled_in = office.workday(task.created, -APPROVED_WD)
            return in_turn(task) if filled_in >= self.today - OLD else None

        return on

    def _reports(self, office: Office) -> Iterator[Report]:
        due = quarter_days(self.quarter.start, calendar=office.calendar).district_due
        with office.player.desk.db.reading() as session:
            served = [unit.id for unit in units.units_on(session, self.quarter.end)]
        rows = (*self.before, *self.played)
        done = [row for row in rows if Quarter.of(row.day) == self.quarter and row.outcome != CANCELLED]
        for place, unit in enumerate(served):
            sent = None if unit in SILENT else due - timedelta(days=1 + place % 5)
            count = sum(row.unit == unit for row in done)
            yield Report(unit, str(self.quarter), due, sent, "", 0, count, count == 0)


def _every(count: int, office: Office) -> Left:
    """One in so many is done five working days later, the others lie."""

    def on(task: Task) -> date | None:
        first = sum(map(ord, task.title)) % count == 0
        return office.workday(task.created, 5) if first else None

    return on
