"""What must come of drawn work: visits, absences, roll and grades, by the same rules that the desk goes by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from processes import clock
from processes.rules.absence import AttendanceEvent, Outcome, count_absences
from processes.rules.appraisal import EndReason, Performance, Suggestion, appraisal_status, score
from processes.rules.excellent import Candidate, RollStatus, select_excellent
from processes.rules.visits import Service as Served
from processes.rules.visits import Visit, count_visits
from webapp.demo.year.story import ATTENDED, CANCELLED, Consultation, Event, Grading, Service

ENDS = {"dismissed": EndReason.DISMISSED, "withdrawn": EndReason.WITHDRAWN}


def with_results(
    services: Sequence[Service], consultations: Sequence[Consultation], events: Sequence[Event], year: int
) -> tuple[Service, ...]:
    """The appointments with the figures that the rules give for the work."""
    return tuple(_with_results(each, [row for row in consultations if row.planner == each.planner], events, year)
                 for each in services)  # fmt: skip


def _with_results(service: Service, rows: Sequence[Consultation], events: Sequence[Event], year: int) -> Service:
    span = Served(service.start, service.end)
    visits = [Visit(row.day, row.unit, row.mode, "confirmed") for row in rows if row.outcome == ATTENDED]
    counted = count_visits(visits, span, year)
    absent = count_absences(
        [AttendanceEvent(row.id, _moment(row), Outcome(row.outcome)) for row in rows if row.outcome != CANCELLED],
        as_of=date(year, 12, 31),
    )
    leave = sum(
        ((event.until or event.on) - event.on).days + 1
        for event in events
        if event.kind == "leave" and event.unit == service.unit
    )
    standing = appraisal_status(year, span, ENDS.get(service.end_reason), leave)
    return replace(
        service, visits=counted.count, target=counted.target, absent_total=absent.current_total,
        absent_run=absent.consecutive_max, absence_level=str(absent.level), status=standing.status.value,
        why=standing.why.value,
    )  # fmt: skip


def _moment(row: Consultation) -> datetime:
    return datetime.combine(row.day, time(9, 30), clock.CITY)


def gradings_of(
    chance: random.Random, services: Sequence[Service], consultations: Sequence[Consultation], events: Sequence[Event]
) -> tuple[Grading, ...]:
    """Points as people give them, the score by R19, and grades under the ceiling by R01."""
    unfit = {event.unit for event in events if event.kind == "objection" and event.asks != "优秀"}
    made: list[Grading] = []
    for each in services:
        if each.status == RollStatus.GRADED:
            rows = [row for row in consultations if row.planner == each.planner and row.outcome != CANCELLED]
            made.append(_scored(chance, each, rows, each.unit in unfit))
    chosen = select_excellent(
        len(made),
        [
            Candidate(each.planner, each.score_x100, each.quality, each.visits, each.attended)
            for each in made
            if each.suggest == Suggestion.EXCELLENT
        ],
    )
    places = {*chosen.selected, *sorted(chosen.tied)[: chosen.slots_for_tied]}
    return tuple(replace(each, grade="优秀") if each.planner in places else each for each in made)


def _scored(chance: random.Random, service: Service, rows: Sequence[Consultation], unfit: bool) -> Grading:
    attended, invited = sum(row.outcome == ATTENDED for row in rows), len(rows)
    quality, duties = (60, 45) if unfit else (chance.randint(76, 96), chance.randint(78, 97))
    facts: dict[str, Any] = {"attended": attended, "invited": invited, "visits": service.visits}
    scored = score(Performance(quality=quality, duties=duties, visit_target=service.target, **facts))
    grade = "不称职" if scored.suggest == Suggestion.INCOMPETENT or unfit else "称职"
    return Grading(service.planner, **facts, quality=quality, duties=duties, score_x100=scored.score_x100,
                   suggest=scored.suggest.value, grade=grade)  # fmt: skip
