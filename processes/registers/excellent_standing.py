"""优秀名额: the ceiling of a year, how much of it is used, and who stands equal at the line (第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from processes.registers.appraisals import Appraisal, AppraisalEntry, appraisal_on, entries_of
from processes.registers.grading import CapStanding, cap_standing, readings_of
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade, Suggestion
from processes.rules.excellent import Candidate, RollStatus, Selection, select_excellent


@dataclass(frozen=True)
class ExcellentStanding:
    """How a year stands: the ceiling, those who have the grade, and those whom people must choose among."""

    appraisal: Appraisal
    cap: CapStanding
    named: Sequence[AppraisalEntry]
    """Who is graded 优秀, the best score first."""
    suggested: Sequence[AppraisalEntry]
    """Whom the scores suggest, while people have not decided."""
    tied: Sequence[AppraisalEntry]
    """Who stands equal at the line, left to people."""
    places_for_tied: int


def excellent_standing(session: Session, year: int) -> ExcellentStanding | None:
    """How the ceiling of a year stands; None while its appraisal has not begun."""
    appraisal = appraisal_on(session, year)
    if appraisal is None:
        return None
    graded = [each for each in entries_of(session, appraisal.id) if each.roll == RollStatus.GRADED]
    found = selections(graded, readings_of(session, appraisal), appraisal.freeze_on)
    chosen = {one for each in found for one in each.selected}
    tied = {one for each in found for one in each.tied}
    return ExcellentStanding(
        appraisal,
        cap_standing(session, appraisal),
        _best(each for each in graded if each.grade == Grade.EXCELLENT),
        _best(each for each in graded if str(each.id) in chosen),
        _best(each for each in graded if str(each.id) in tied),
        sum(each.slots_for_tied for each in found),
    )


def selections(entries: Sequence[AppraisalEntry], readings: Readings, on: date) -> list[Selection]:
    """Whom the scores suggest within the ceiling: for the city, or for each unit where the switch says so (R03)."""
    by_unit = readings.choice("excellent.pool") == "groups"
    groups: dict[str, list[AppraisalEntry]] = {}
    for each in entries:
        groups.setdefault(each.appointment.unit_id if by_unit else "", []).append(each)
    return [
        select_excellent(len(group), [_candidate(each) for each in group if _stands_out(each)], on)
        for group in groups.values()
    ]


def _stands_out(entry: AppraisalEntry) -> bool:
    return entry.suggestion == Suggestion.EXCELLENT and {"quality", "visits", "attended"} <= entry.inputs.keys()


def _candidate(entry: AppraisalEntry) -> Candidate:
    inputs = entry.inputs
    return Candidate(str(entry.id), entry.score_x100 or 0, inputs["quality"], inputs["visits"], inputs["attended"])


def _best(entries: Iterable[AppraisalEntry]) -> list[AppraisalEntry]:
    return sorted(entries, key=lambda each: (-(each.score_x100 or 0), each.person.name))
