"""What the forms of an objection offer and are checked for: time, reviewers, the ceiling, and never a worse grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.tallies import ceiling_tally
from handlers.answers import identified, rows, text
from handlers.checking import Problems
from handlers.objection.deciding import AGAIN, CHANGED, UPHELD
from handlers.objection.filing import this_objection, window_ends
from handlers.registry import names, options, tally, validator
from processes import clock
from processes.engine.house import FormCheck, Tally
from processes.engine.models import Submission, WorkItem
from processes.forms.wording import Option
from processes.identity.models import Person, PostHolding
from processes.identity.validity import valid_on
from processes.messages import message
from processes.registers.appraisals import AppraisalEntry, entry_of
from processes.registers.grading import cap_standing
from processes.registers.objections import Objection, objected_already, objection_to
from processes.rules.excellent import RollStatus

Variables = Mapping[str, Any]
REVIEWS = ("panel.member", "city_bureau.clerk", "city_bureau.section")
"""Posts whose holders may review."""
RANKS = {"不称职": 0, "称职": 1, "优秀": 2}


@options("own_grades")
def own_grades(session: Session, variables: Variables) -> Sequence[Option]:
    """The planner's grades that have been told."""
    person_id = variables.get("person_id")
    if not person_id:
        return []
    mine = select(AppraisalEntry).where(AppraisalEntry.person_id == identified(person_id))
    told = session.scalars(mine.where(AppraisalEntry.told_on.is_not(None)).order_by(AppraisalEntry.told_on.desc()))
    return [Option(str(each.id), f"{each.appraisal.year}年度：{each.grade}") for each in told]


@names("own_grades")
def grade_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The grades chosen, as they stand now."""
    found = session.scalars(select(AppraisalEntry).where(AppraisalEntry.id.in_([identified(each) for each in values])))
    return {str(each.id): f"{each.appraisal.year}年度：{each.grade}" for each in found}


@options("objection_reviewers")
def objection_reviewers(session: Session, variables: Variables) -> Sequence[Option]:
    """People of the city bureau who took no part in the first assessment."""
    if not variables.get("entry_id"):
        return []
    entry = entry_of(session, identified(variables["entry_id"]))
    today = clock.today()
    ids, by_name = first_assessors(session, entry)
    holds = select(PostHolding.person_id).where(
        PostHolding.role.in_(REVIEWS),
        valid_on(PostHolding, today),
    )
    found = session.scalars(
        select(Person).where(Person.id.in_(holds), Person.disabled.is_(False)).order_by(Person.name)
    )
    free = [each for each in found if each.id not in ids and each.name not in by_name and each.id != entry.person_id]
    return [Option(str(each.id), each.name) for each in free]


def first_assessors(session: Session, entry: AppraisalEntry) -> tuple[set[UUID], set[str]]:
    """Who sat on the panel of the year, who gave the planner a grade, and who rated the quality of the opinions."""
    named = {each.by for each in entry.versions} | {str(entry.inputs.get("quality_by", ""))}
    sat = (
        select(Submission.person_id)
        .join(WorkItem, Submission.work_item_id == WorkItem.id)
        .where(Submission.case_id == entry.appraisal.case_id, WorkItem.role == "panel.member")
    )
    return {each for each in session.scalars(sat) if each is not None}, named


@validator("objection.objection", zh="代为登记异议：仅限逾期，一次一件", en="Entered by hand: only what is late")
def objection(check: FormCheck) -> None:
    """By hand only what is late; one objection to a grade."""
    problems = Problems()
    entry = entry_of(check.session, identified(check.answers["entry_id"]))
    ends = window_ends(check, entry)
    standing = objection_to(check.session, entry.id)
    if standing is not None:
        problems.add("entry_id", objected_already(standing))
    elif ends is not None and clock.today() <= ends and not entry.answer:
        problems.add("entry_id", message("异议期尚未届满，请在考核结果告知任务中提出。"))
    problems.refuse()


@validator("objection.acceptance", zh="异议受理：期限或不可抗力", en="Objection: in time, or force majeure")
def acceptance(check: FormCheck) -> None:
    """What is in time is accepted; what is late only for force majeure that was verified."""
    problems, made = Problems(), this_objection(check)
    accepted = text(check.answers, "decision") == "受理"
    if accepted and made.late and not check.answers.get("force_majeure_found"):
        problems.add("force_majeure_found", message("已逾期，非不可抗力所致的不予受理。"))
    if not accepted and not made.late:
        problems.add("decision", message("在期限内提出的异议应当受理。"))
    problems.refuse()


@validator("objection.review", zh="复核：三人以上，回避原评议人", en="Review: three others at least")
def review(check: FormCheck) -> None:
    """Three reviewers at least, all of them others than those of the first assessment; never a worse grade."""
    problems, made, given = Problems(), this_objection(check), check.answers
    ids, by_name = first_assessors(check.session, made.entry)
    if check.actor.person_id in ids or check.actor.name in by_name:
        problems.add("facts", message("您参加过对本人的原考核评议，不能参加复核。"))
    for place, row in enumerate(rows(given, "reviewers")):
        person = check.session.get(Person, identified(row.get("reviewer")))
        if person is not None and (person.id in ids or person.name in by_name):
            problems.add(f"reviewers.{place}.reviewer", message("该人员参加过原考核评议。"))
    _graded(problems, made, text(given, "decision"))
    if text(given, "decision") == CHANGED:
        _not_worse(problems, made, text(given, "new_grade"))
    problems.refuse()


@validator("objection.decision", zh="异议决定：只升不降，不超上限", en="Objection: upwards only, under the ceiling")
def decision(check: FormCheck) -> None:
    """Upwards only, and only where the ceiling has room (第十四条)."""
    problems, made, given = Problems(), this_objection(check), check.answers
    chosen, grade = text(given, "decision"), text(given, "new_grade")
    _graded(problems, made, chosen)
    if chosen == CHANGED:
        _not_worse(problems, made, grade)
        standing = cap_standing(check.session, made.entry.appraisal, {made.entry_id: grade})
        if standing.over:
            problems.add("new_grade", message("优秀等次没有空余名额：%(standing)s。", standing=standing.sentence))
    if chosen == AGAIN and made.entry.final:
        problems.add("decision", message("该考核结果已生效，不能退回重评，请直接维持或变更。"))
    problems.refuse()


@tally("objection.ceiling", zh="异议处理后全年名单的名额", en="Places of the year's list after the objection")
def ceiling(check: FormCheck) -> Tally:
    """What the year's list would come to with the grade that is being decided."""
    made, given = this_objection(check), check.answers
    changed = text(given, "decision") == CHANGED and text(given, "new_grade")
    return ceiling_tally(cap_standing(check.session, made.entry.appraisal, {made.entry_id: changed} if changed else {}))


def _graded(problems: Problems, made: Objection, decision: str) -> None:
    """Who is not graded gets no grade by an objection: the records are put right, then the appraisal is made up for."""
    if decision != UPHELD and made.entry.roll != RollStatus.GRADED:
        problems.add("decision", message("本人不确定等次，没有可变更的等次；有关记录更正后，通过“补考核”评定等次。"))


def _not_worse(problems: Problems, made: Objection, grade: str) -> None:
    if RANKS[grade] <= RANKS.get(made.old_grade, 0):
        problems.add("new_grade", message("变更后的等次应高于原等次；不因提出异议而加重。"))
