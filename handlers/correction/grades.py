"""Final grades that rest on a corrected record: whose they are, and what the leader makes of them (第十、十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from handlers.answers import identified, rows, text
from handlers.correction.effects import touched_by
from processes.engine.house import Call, FormCheck
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.corrections import Correction
from processes.registers.grading import Given, give_grades

CHANGED_GRADE = "更正等次"


def final_entries(step: Call | FormCheck, made: Correction) -> list[AppraisalEntry]:
    """The final grades of everybody whom the correction touches, in each year that the record counts for."""
    years = {made.attendance.activity.starts_on.year}
    if made.field == "活动日期":
        years.add(int(str(made.value["value"])[:4]))
    people = {each.person_id for each in touched_by(step.session, made)}
    mine = select(AppraisalEntry).join(AppraisalEntry.appraisal).where(AppraisalEntry.final.is_(True))
    mine = mine.where(AppraisalEntry.person_id.in_(people), Appraisal.year.in_(years))
    return list(step.session.scalars(mine.order_by(Appraisal.year, AppraisalEntry.id)))


def grade_rows(entries: Sequence[AppraisalEntry]) -> list[dict[str, str]]:
    """The final grades as the leader's form lists them."""
    return [
        {
            "entry_id": str(each.id),
            "subject": f"{each.person.name}{each.appraisal.year}年度",
            "grade": each.grade or "—",
        }
        for each in entries
    ]


def grades_given(step: Call | FormCheck, made: Correction, given: Mapping[str, Any]) -> dict[UUID, str]:
    """The grades that are given anew, by entry; who is left empty keeps the grade.

    A case that began before each year and person had a line of its own names one grade, that of the first.
    """
    if text(given, "decision") != "同意" or text(given, "grade_effect") != CHANGED_GRADE:
        return {}
    shown = step.data.get("grade_rows")
    if not shown:
        return {each.id: text(given, "new_grade") for each in final_entries(step, made)[:1]}
    pairs = zip(shown, rows(given, "grade_rows"), strict=False)
    return {identified(known["entry_id"]): text(row, "new_grade") for known, row in pairs if text(row, "new_grade")}


def by_appraisal(
    entries: Sequence[AppraisalEntry], grades: Mapping[UUID, str]
) -> Iterator[tuple[Appraisal, dict[UUID, str]]]:
    """Each year's appraisal with the grades that are given anew in it."""
    for _, group in groupby(entries, key=lambda each: each.appraisal_id):
        listed = list(group)
        yield listed[0].appraisal, {each.id: grades[each.id] for each in listed if each.id in grades}


def correct_grades(call: Call, made: Correction, grades: Mapping[UUID, str], reason: str) -> None:
    """Final grades that rested on the record are given anew, under the same ceiling as every other grade."""
    for appraisal, new in by_appraisal(final_entries(call, made), grades):
        given = {entry_id: Given(grade, f"{made.number}：{reason}") for entry_id, grade in new.items()}
        if given:
            give_grades(call.session, call.actor, appraisal, given, "correction", call.case.id)
