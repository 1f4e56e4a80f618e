"""提出、受理: an objection is entered; what is late is refused unless force majeure made it so (第十四条, D)."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.annual_appraisal.words import grade_text
from handlers.answers import answers, day, identified, text
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.messages import message
from processes.notices import notify
from processes.registers.appraisals import AppraisalEntry, entry_of
from processes.registers.corrections import corrections_of
from processes.registers.history import change_status
from processes.registers.objections import Objection, ObjectionStatus, enter_objection, objection_of
from processes.registers.planner_year import year_rows
from processes.registers.switches import readings_on
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
WINDOW = "objection.window_wd"
JUDGED = (
    ("quality", "意见质量（抽评）", "分"),
    ("quality_by", "质量评价人", ""),
    ("quality_note", "质量评价说明", ""),
    ("duties", "其他职责任务", "分"),
    ("duties_note", "其他职责评分说明", ""),
    ("view_mean", "区县评价平均分", "分"),
    ("counts_pct", "参加率（计分）", "%"),
    ("visits_pct", "实地完成率（计分）", "%"),
)
"""What people judged and what was computed of the numbers, by the key under which it was frozen."""


@operation("objection.find_self", zh="识别本人", en="Find the planner")
def find_self(call: Call) -> Variables:
    """A planner who objects by hand has let the window pass."""
    return {"person_id": str(call.data["started_by"]), "person_name": call.actor.name, "year": "—"}


@operation("objection.open", zh="登记异议", en="Enter the objection")
def open_objection(call: Call) -> Variables:
    """The grade objected to, the day on which it was filed, and whether that was in time."""
    entry = entry_of(call.session, identified(call.data["entry_id"]))
    filed_on = day(call.data.get("filed_on")) or clock.today()
    ends = window_ends(call, entry)
    readings = readings_on(call.session, entry.told_on)
    made = enter_objection(
        call.session, call.actor, entry, case_id=call.case.id, statement=text(call.data, "statement"),
        filed_on=filed_on, window_ends=ends, late=ends is not None and filed_on > ends,
        force_majeure=text(call.data, "force_majeure"), readings_version=readings.version,
    )  # fmt: skip
    call.case.subject_id = entry.person_id
    return {
        "objection_id": str(made.id),
        "entry_id": str(entry.id),
        "person_id": str(entry.person_id),
        "person_name": entry.person.name,
        "year": str(made.year),
        "old_grade": made.old_grade,
        "statement": made.statement,
        "force_majeure": made.force_majeure,
        "in_time_says": _in_time(made),
        "input_rows": input_rows(entry),
        "corrected": "",
        "result": "",
        "hr_rounds": 0,
        "opinion": "",
        "hr_reason": "",
        "new_grade": "",
    }


def window_ends(step: Call | FormCheck, entry: AppraisalEntry) -> date | None:
    """The last day for objecting, in working days from the day on which the grade was told."""
    if entry.told_on is None:
        return None
    count = readings_on(step.session, entry.told_on).parts(WINDOW)["objection"]
    return step.house.calendar.add_workdays(entry.told_on, count)


def _in_time(made: Objection) -> str:
    filed = chinese_date(made.filed_on)
    if made.window_ends is None:
        return f"{filed}提出"
    return f"{filed}提出，期限至{chinese_date(made.window_ends)}，{'已逾期' if made.late else '在期限内'}"


def input_rows(entry: AppraisalEntry) -> list[dict[str, str]]:
    """What the grade rests on, as it was frozen: the year in numbers, what people judged, and the score."""
    inputs = entry.inputs
    rows = [{"item": row["item"], "value": f"{row['number']}（{row['ground']}）"} for row in year_rows(inputs)]
    rows += [
        {"item": said, "value": f"{inputs[key]}{unit}"[:200]}
        for key, said, unit in JUDGED
        if inputs.get(key) not in (None, "")
    ]
    if entry.score_x100 is not None:
        rows.append({"item": "建议分", "value": f"{entry.score_x100 / 100:.2f}（{entry.suggestion}）"})
    return [*rows, *_grounds(entry)]


def _grounds(entry: AppraisalEntry) -> list[dict[str, str]]:
    """Why the grade was given and how the panel voted, or why there is none."""
    if entry.roll != RollStatus.GRADED:
        return [{"item": "考核结果", "value": grade_text(entry)}]
    last = entry.versions[-1] if entry.versions else None
    votes = next((each.votes for each in reversed(entry.versions) if each.votes), "")
    said = (("原评定理由", last.reason if last else ""), ("考核组表决", votes))
    return [{"item": item, "value": value} for item, value in said if value]


def this_objection(step: Call | FormCheck) -> Objection:
    """The objection that the case is about."""
    return objection_of(step.session, identified(step.data.get("objection_id")))


@operation("objection.take_acceptance", zh="登记受理情况", en="Take the acceptance")
def take_acceptance(call: Call) -> Variables:
    """Accepted with the day by which it is reviewed, or refused by a notice with the reasons."""
    made, given = this_objection(call), answers(call)
    made.acceptance_reason = text(given, "acceptance_reason")
    if text(given, "decision") == "不予受理":
        return _refuse(call, made)
    made.accepted_on = clock.today()
    count = readings_on(call.session).parts(WINDOW)["review"]
    made.review_due = call.house.calendar.add_workdays(clock.today(), count)
    change_status(call.session, call.actor, made, ObjectionStatus.REVIEWED, made.acceptance_reason)
    return {"review_due": made.review_due.isoformat()}


def _refuse(call: Call, made: Objection) -> Variables:
    values = {
        "planner": made.person.name,
        "year": made.year,
        "filed_on": chinese_date(made.filed_on),
        "window_ends": chinese_date(made.window_ends) if made.window_ends else "—",
        "reason": made.acceptance_reason,
    }
    made.document_number = issue(call, "objection_refused", values, subject_id=made.person_id).number
    change_status(call.session, call.actor, made, ObjectionStatus.REFUSED, made.acceptance_reason)
    told = message("您对%(year)s年度考核结果的异议不予受理：%(reason)s", year=made.year, reason=made.acceptance_reason)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {"result": "refused"}


@operation("objection.take_back", zh="登记撤回", en="The objection is taken back")
def take_back(call: Call) -> Variables:
    """Until the decision the planner may take it back; the grade stands as it was given."""
    change_status(call.session, call.actor, this_objection(call), ObjectionStatus.WITHDRAWN, "本人撤回")
    return {"result": "withdrawn"}


@operation("objection.ask_correction", zh="提请先行更正", en="Ask for a correction first")
def ask_correction(call: Call) -> Variables:
    """New facts about counts are corrected in the records first; planner and bureau are told to ask for it."""
    made = this_objection(call)
    made.facts = text(answers(call), "facts")
    told = message("考核异议%(number)s：复核认为有关记录有误，请先通过“记录更正”办理。", number=made.number)
    case_id = call.case.id
    notify(call.session, "result", told, person_id=made.person_id, case_id=case_id)
    notify(call.session, "result", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=case_id)
    return {"correction_rows": corrections_since(call, made) or "暂无"}


def corrections_since(call: Call, made: Objection) -> str:
    """Corrections of the records that the grade rests on, as far as its inputs name them."""
    named = [str(each) for value in made.entry.inputs.values() if isinstance(value, list) for each in value]
    keys = [identified(each) for each in named if len(each) == 36]
    done = [each for key in keys for each in corrections_of(call.session, key)]
    return "；".join(f"{each.number}：{each.field}由“{each.old[:30]}”更正为“{each.new[:30]}”" for each in done)
