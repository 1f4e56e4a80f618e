"""What was before the demonstration begins: the year of the story and this year's consultations, as imported records.

`chief-planner demo --year` plays all of it; the demonstration that `make run` opens starts from the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.models import Person
from processes.registers.activities import SERVICE_KINDS, Activity, Scheme
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance, OutcomeEntry
from processes.registers.leaves import Leave
from processes.registers.opinions import Opinion, OpinionItem, ReservedOpinion
from processes.sequences import next_number
from webapp.demo.planners import IMPORTER
from webapp.demo.year import sayings
from webapp.demo.year.story import (
    ATTENDED,
    CANCELLED,
    Consultation,
    Service,
    YearStory,
)

WEEKS = timedelta(weeks=52)
LEVELS, OVERALLS = ("must", "advice", "hint"), ("after_changes", "feasible", "major_changes")
Rows = dict[type[Any], list[dict[str, Any]]]


def since_then(told: YearStory, serving: Sequence[Service], until: date) -> Iterator[Consultation]:
    """The consultations since the year of the story: its own on the same weekdays, of whoever serves the unit now."""
    now = {each.planner: each for each in serving}
    for later in range(1, until.year - told.year + 1):
        for row in told.consultations:
            day, service = row.day + WEEKS * later, now.get(row.planner)
            if service is None or not service.start <= day <= until or day.year != told.year + later:
                continue
            number = row.id.replace(str(told.year), str(day.year))
            yield replace(row, id=number, day=day, unit=service.unit)


class History:
    """Enters consultations of the past with everything that belongs to them."""

    def __init__(self, session: Session, told: YearStory, services: Sequence[Service]) -> None:
        self.session = session
        self.told = told
        self.serving = {each.planner: each for each in services}
        self.people = {key: value for key, value in session.execute(select(Person.login, Person.id))}
        self.rows: Rows = {each: [] for each in (Activity, Scheme, Attendance, OutcomeEntry, Opinion, OpinionItem,
                                                ReservedOpinion)}  # fmt: skip
        self.kinds = {words.zh: str(kind) for kind, words in SERVICE_KINDS.items()}
        self.appointments: dict[UUID, list[Appointment]] = {}
        for each in session.scalars(select(Appointment)):
            self.appointments.setdefault(each.person_id, []).append(each)
        self.reserved = {event.unit: event for event in told.of_kind("reserved_opinion")}

    def enter(self, consultations: Sequence[Consultation]) -> int:
        """Enter consultations; how many there are."""
        for number, row in enumerate(consultations):
            self._consultation(row, number)
        for model, rows in self.rows.items():
            if rows:
                self.session.execute(insert(model), rows)
        return len(consultations)

    def enter_leaves(self) -> None:
        """The leave that the story tells, as it was registered."""
        for event in self.told.of_kind("leave"):
            away, acting = self.told.serving(event.unit, event.on), self.told.serving(event.by, event.on)
            if away is None or event.until is None:
                continue
            mine = self._appointment(self.people[away.login], event.on)
            facts = {"reason": event.text, "recorded_by": IMPORTER.name, "recorded_at": clock.now()}
            acts = self.people[acting.login] if acting else None
            self.session.add(
                Leave(appointment_id=mine.id, first_day=event.on, last_day=event.until, acting_id=acts, **facts)
            )
        self.session.flush()

    def _appointment(self, person_id: UUID, day: date) -> Appointment:
        mine = self.appointments[person_id]
        return next(each for each in mine if each.term_start <= day <= (each.ended_on or each.term_end))

    def _consultation(self, row: Consultation, number: int) -> None:
        person_id, activity_id, attendance_id = self.people[self.serving[row.planner].login], uuid4(), uuid4()
        begins = datetime.combine(row.day, time(9, 30), clock.CITY)
        title = f"{sayings.topic_of(number)}咨询"
        schemes = [uuid4() for _ in range(max(row.schemes, 1))]
        self.rows[Activity].append(self._activity(row, activity_id, title, begins))
        self.rows[Scheme] += [
            {"id": each, "activity_id": activity_id, "place": place, "name": f"{title}方案{place}"}
            for place, each in enumerate(schemes, 1)
        ]
        about = {"id": attendance_id, "activity_id": activity_id, "person_id": person_id}
        self.rows[Attendance].append(about | self._attended(row, person_id, number, begins))
        found = {"standing": row.outcome, "person": IMPORTER.name, "reason": "历史数据"}
        self.rows[OutcomeEntry].append({"attendance_id": attendance_id, "at": begins + timedelta(days=2), **found})
        self._opinions(row, number, attendance_id, schemes, begins)

    def _activity(self, row: Consultation, activity_id: UUID, title: str, begins: datetime) -> dict[str, Any]:
        given = next_number(self.session, f"activity:{row.day.year}")
        return {
            "id": activity_id, "status": CANCELLED if row.outcome == CANCELLED else "closed",
            "number": f"咨询-{row.day.year}-{given:04}", "host_kind": "district_bureau",
            "host_id": f"bureau:{row.unit}", "unit_id": row.unit, "kind": self.kinds[row.kind], "mode": row.mode,
            "title": title, "starts_at": begins, "starts_on": row.day, "place": "区县规划展览馆",
            "sent_on": row.day - timedelta(days=9), "created_at": begins - timedelta(days=9),
        }  # fmt: skip

    def _attended(self, row: Consultation, person_id: UUID, number: int, begins: datetime) -> dict[str, Any]:
        """The outcome, and the record of who came: confirmed three days later."""
        common = {
            "appointment_id": self._appointment(person_id, row.day).id, "standing": row.outcome, "countable": True,
            "answered_on": row.day - timedelta(days=7),
        }  # fmt: skip
        if row.outcome != ATTENDED:
            return common | dict.fromkeys(("recorded_on", "confirmed_on", "actual_start", "actual_end", "quality")) | {
                "record": "none", "confirmed_by": "", "travel_days": 0, "summary": ""
            }  # fmt: skip
        return common | {
            "record": "confirmed", "recorded_on": row.day + timedelta(days=1),
            "confirmed_on": row.day + timedelta(days=3), "confirmed_by": IMPORTER.name, "actual_start": begins,
            "actual_end": begins + timedelta(hours=3), "travel_days": 2, "quality": 85,
            "summary": sayings.SUMMARY.format(topic=sayings.topic_of(number)),
        }  # fmt: skip

    def _opinions(
        self, row: Consultation, number: int, attendance_id: UUID, schemes: Sequence[UUID], begins: datetime
    ) -> None:
        adopted = row.adopted
        for place in range(1, row.opinions + 1):
            opinion_id, signed = uuid4(), begins + timedelta(days=1)
            self.rows[Opinion].append(
                {"id": opinion_id, "attendance_id": attendance_id, "scheme_id": schemes[place - 1],
                 "number": f"意见〔{row.day.year}〕{int(row.id[-4:])}-{place}号", "overall": OVERALLS[number % 3],
                 "signed_on": signed.date(), "signed_at": signed}
            )  # fmt: skip
            share = row.items // row.opinions + (place <= row.items % row.opinions)
            for position, item in enumerate(sayings.issues_of(number + place, share), 1):
                self.rows[OpinionItem].append(
                    {"id": uuid4(), "opinion_id": opinion_id, "place": position, "issue": item["issue"],
                     "basis": item["basis"], "suggestion": item["suggestion"], "level": LEVELS[position % 3],
                     "adoption": "adopted" if adopted > 0 else "rejected",
                     "adoption_reason": "" if adopted > 0 else "受现状条件限制，暂不采纳。",
                     "adopted_on": row.day + timedelta(days=20)}
                )  # fmt: skip
                adopted -= 1
            if place == 1 and (event := self.reserved.get(row.unit)) is not None and event.on == row.day:
                said = {"text": event.text, "person": self.serving[row.planner].name, "at": signed}
                self.rows[ReservedOpinion].append({"id": uuid4(), "opinion_id": opinion_id, **said})
