"""告知、异议、生效、存档: each planner in a process of its own; one open objection holds up nobody (第十四条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.annual_appraisal.papers import result_values, sheet_values
from handlers.annual_appraisal.roll import this_entry
from handlers.annual_appraisal.words import grade_text
from handlers.answers import answers, text
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Organization
from processes.registers.appraisals import AppraisalEntry
from processes.registers.benefits import BenefitKind
from processes.registers.grading import cap_standing, cap_warning, readings_of
from processes.registers.service_years import service_record
from processes.registers.switches import readings_on
from processes.rules.appraisal import Grade
from processes.rules.benefits import Gap, ServiceRecord, Waiver, benefits
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
NO_ANSWER = "期满未提出"
OBJECTS = "有异议"
FILING_WD = 20
"""Working days that the employer has at least (D)."""


@operation("annual_appraisal.tell", zh="告知本人", en="Tell the planner")
def tell(call: Call) -> Variables:
    """T09 and T10 with the planner's own result alone; the window for an objection opens."""
    entry = this_entry(call)
    window = readings_of(call.session, entry.appraisal).parts("objection.window_wd")["objection"]
    due = call.house.calendar.add_workdays(clock.today(), window)
    issue(call, "sheet", sheet_values(call, entry), subject_id=entry.person_id)
    letter = issue(call, "result", {**result_values(entry), "window": window}, subject_id=entry.person_id)
    entry.told_on, entry.answer, entry.answered_on = clock.today(), "", None
    call.case.subject_id = entry.person_id
    call.session.flush()
    return {
        **_facts(entry),
        "result_number": letter.number,
        "grade_text": grade_text(entry),
        "objection_due": due.isoformat(),
        "answer": "", "statement": "", "result": "", "warning": "", "filed_on": "",
        "reopened": [str(entry.id)],
        "grade_source": "objection",
    }  # fmt: skip


def _facts(entry: AppraisalEntry) -> Variables:
    return {
        "entry_id": str(entry.id),
        "appraisal_id": str(entry.appraisal_id),
        "appointment_id": str(entry.appointment_id),
        "person_id": str(entry.person_id),
        "person_name": entry.person.name,
        "year": entry.appraisal.year,
    }


@operation("annual_appraisal.note_answer", zh="登记本人意见", en="Note the answer")
def note_answer(call: Call) -> Variables:
    """The planner agrees, or objects with reasons; P11 looks at it again."""
    entry, given = this_entry(call), answers(call)
    entry.answer, entry.answered_on = text(given, "answer"), clock.today()
    return {"answer": entry.answer, "statement": text(given, "statement"), "filed_on": clock.today().isoformat()}


@operation("annual_appraisal.no_answer", zh="登记期满未提出", en="Note that the window closed")
def no_answer(call: Call) -> Variables:
    """The window closed without an objection."""
    entry = this_entry(call)
    entry.answer, entry.answered_on = NO_ANSWER, clock.today()
    return {"answer": NO_ANSWER}


@operation("annual_appraisal.take_outcome", zh="登记复核结果", en="Take the outcome of the objection")
def take_outcome(call: Call) -> Variables:
    """What P11 found; where somebody is graded no more, the ceiling is computed anew."""
    entry = this_entry(call)
    call.session.refresh(entry)
    return {"result": str(call.data.get("result") or "upheld"), "grade_text": grade_text(entry)}


@operation("annual_appraisal.make_final", zh="结果生效", en="Make the result final")
def make_final(call: Call) -> Variables:
    """In force from now on; what follows from it in dismissal (第十五条(四)) and benefits (第十四条) is told on."""
    entry = this_entry(call)
    entry.final = True
    call.session.flush()
    warning = cap_warning(cap_standing(call.session, entry.appraisal)) if entry.answer == OBJECTS else None
    return {
        "final_grade": grade_text(entry),
        "warning": str(warning) if warning else "",
        "unqualified": entry.grade == Grade.INCOMPETENT,
        "acquired": [{**_facts(entry), "kind": kind} for kind in acquired(call, entry)],
    }


def acquired(call: Call, entry: AppraisalEntry) -> list[str]:
    """The benefits of 第十四条 for which this year's grade fulfils the conditions now; 业绩突出 is found by people."""
    if entry.roll != RollStatus.GRADED or entry.grade == Grade.INCOMPETENT:
        return []
    readings = readings_on(call.session)
    record = service_record(call.session, entry.person_id, clock.today(), readings)
    if record is None:
        return []
    excellent = entry.grade == Grade.EXCELLENT
    outstanding = ServiceRecord(record.start, record.through, record.grades, record.suspended_days, excellent)
    found = benefits(
        outstanding, Waiver(readings.choice("ce_waiver.cumulative")), Gap(readings.choice("three_years.gap"))
    )
    holds = {
        BenefitKind.WAIVER: found.ce_waiver_years > 0,
        BenefitKind.PRIORITY: found.title_priority,
        BenefitKind.RECOMMENDATION: excellent and found.talent_recommend,
    }
    return [kind.value for kind, held in holds.items() if held]


@operation("annual_appraisal.send_filing", zh="通知派出单位存档", en="Send the result for filing")
def send_filing(call: Call) -> Variables:
    """T10b with the sheet to the employer, who keeps the personal file (第十四条)."""
    entry = this_entry(call)
    by_calendar = date(entry.appraisal.year + 1, 3, 31)
    due = max(by_calendar, call.house.calendar.add_workdays(clock.today(), FILING_WD))
    values = {**result_values(entry), "employer": _employer(call), "reply_by": chinese_date(due)}
    letter = issue(call, "filing", values, subject_id=entry.person_id)
    return {"filing_due": due.isoformat(), "filing_number": letter.number}


@operation("annual_appraisal.note_filing", zh="登记存档", en="Note the filing")
def note_filing(call: Call) -> Variables:
    """Filed only with the receipt."""
    entry = this_entry(call)
    entry.filed_on, entry.filed_by = clock.today(), f"{_employer(call)}（{call.actor.name}）"
    call.session.flush()
    return {"final_grade": grade_text(entry)}


def _employer(call: Call) -> str:
    found = call.session.get(Organization, call.data["entry"]["employer_id"])
    return found.name if found else "档案管理单位"
