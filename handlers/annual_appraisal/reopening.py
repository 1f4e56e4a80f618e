"""重新评议: an objection undid the result, or the leader opens it again; never above the ceiling (第十四条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.deciding import opinion_says
from handlers.annual_appraisal.roll import items_of
from handlers.annual_appraisal.scoring import EARLIER, ceiling, score_again
from handlers.annual_appraisal.words import points, views_text
from handlers.answers import answers, identified, rows, text
from handlers.asking_hr import UNANSWERED, put_to_hr
from handlers.registry import operation, options
from processes.engine.house import Call, FormCheck
from processes.forms.wording import Option, Wording
from processes.registers.appraisals import Appraisal, AppraisalEntry, entry_of
from processes.registers.district_views import views_of
from processes.registers.grading import Given, cap_standing, give_grades
from processes.registers.matters import MatterKind
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]


def reopened_entries(step: Call | FormCheck) -> list[AppraisalEntry]:
    """The planners who are graded again."""
    return [entry_of(step.session, identified(each)) for each in step.data["reopened"]]


@options("final_grades")
def final_grades(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Results in force, newest year first."""
    found = select(AppraisalEntry).join(Appraisal).where(AppraisalEntry.roll == RollStatus.GRADED)
    final = found.where(AppraisalEntry.final.is_(True)).order_by(Appraisal.year.desc(), AppraisalEntry.id)
    return [
        Option(str(each.id), Wording(f"{each.appraisal.year}年度 {each.person.name}（{each.grade}）", each.person.name))
        for each in session.scalars(final)
    ]


@operation("annual_appraisal.open_regrading", zh="出示评议依据", en="Show what is graded again")
def open_regrading(call: Call) -> Variables:
    """The planners concerned with their scores from the records as corrected, and the ceiling of the whole list."""
    entries = reopened_entries(call)
    for each in entries:
        score_again(call.session, each)
    call.session.flush()
    return {
        "regrade_rows": regrade_rows(call.session, entries),
        "year": entries[0].appraisal.year,
        "appraisal_id": str(entries[0].appraisal_id),
        "panel_opinion": "",
        "votes": "",
        "return_reason": text(call.data, "return_reason"),
        **ceiling(cap_standing(call.session, entries[0].appraisal)),
    }


def regrade_rows(session: Session, entries: Sequence[AppraisalEntry]) -> list[Variables]:
    """The planners concerned as the panel sees them."""
    return [_row(session, each) for each in entries]


def _row(session: Session, entry: AppraisalEntry) -> Variables:
    total = points(entry.score_x100)
    return {
        "person": entry.person.name,
        "unit": entry.appointment.unit.name,
        "total": total,
        "suggest": entry.suggestion,
        "facts": (f"{total}（{entry.suggestion}）" if entry.suggestion else total) + _earlier(entry),
        "views": views_text(views_of(session, entry.id)),
        "before": entry.grade or "—",
        "grade": entry.grade,
        "reason": "",
    }


def _earlier(entry: AppraisalEntry) -> str:
    scores = [points(each["score_x100"]) for each in entry.inputs.get(EARLIER, [])]
    return f"；记录更正前{'、'.join(scores)}" if scores else ""


@operation("annual_appraisal.keep_proposal", zh="整理评议建议", en="Keep the proposal")
def keep_proposal(call: Call) -> Variables:
    """The panel's proposal goes to the leader; no grade is given yet."""
    listed = [dict(row) for row in rows(answers(call), "grades")]
    given = {each.id: row["grade"] for each, row in zip(reopened_entries(call), listed, strict=True)}
    appraisal = reopened_entries(call)[0].appraisal
    return {"proposal_rows": listed, **ceiling(cap_standing(call.session, appraisal, given)), "return_reason": ""}


@operation("annual_appraisal.take_regrade", zh="登记重新评议结果", en="Take the new grades")
def take_regrade(call: Call) -> Variables:
    """The new grades, under the same ceiling, as versions beside the old ones."""
    entries = reopened_entries(call)
    grades = {
        each.id: Given(row["grade"], row.get("reason") or "重新评议", text(call.data, "votes"))
        for each, row in zip(entries, call.data["proposal_rows"], strict=True)
    }
    source = str(call.data["grade_source"])
    standing = give_grades(call.session, call.actor, entries[0].appraisal, grades, source, call.case.id)
    for each in entries:
        each.final = False
    call.session.flush()
    return ceiling(standing)


@operation("annual_appraisal.reopening_to_hr", zh="整理征求意见事项", en="Put the reopening to the HR bureau")
def reopening_to_hr(call: Call) -> Variables:
    """What is in force is opened again by the leader alone, with the HR bureau heard (第十条)."""
    entries, reason = reopened_entries(call), text(call.data, "reason")
    year = entries[0].appraisal.year
    listed = "、".join(f"{each.person.name}（{each.grade}）" for each in entries)
    standing = cap_standing(call.session, entries[0].appraisal).sentence
    return {
        "year": year,
        "appraisal_id": str(entries[0].appraisal_id),
        "grade_source": "correction",
        **put_to_hr(
            MatterKind.APPRAISAL,
            f"重新启动{year}年度区县首席规划师考核",
            f"拟对{listed}的{year}年度考核结果重新评议。理由：{reason}。{standing}。请贵局研究提出意见。",
            reference=f"{call.case.number}-1",
        ),
        **UNANSWERED,
        "opinion_says": "",
        "return_reason": "",
    }


@operation("annual_appraisal.tell_reopened", zh="整理告知名单", en="Whom to tell again")
def tell_reopened(call: Call) -> Variables:
    """Those who were graded again are told again, and may object again."""
    return {"told": items_of(call.session, reopened_entries(call)), "opinion_says": opinion_says(call)}
