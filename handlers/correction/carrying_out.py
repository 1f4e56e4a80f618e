"""更正: verified, approved, decided, carried out beside the old value, and told to all whom it touches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from handlers.answers import answers, text
from handlers.asking_hr import put_to_hr
from handlers.correction.asking import this_correction
from handlers.correction.effects import CLAIM, level_after, touched_by
from handlers.correction.fields import write_corrected
from handlers.correction.grades import correct_grades, final_entries, grade_rows, grades_given
from handlers.correction.notice import look_at_notice
from handlers.correction.opinions import write_opinion
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.corrections import Correction, CorrectionStatus, keep_version
from processes.registers.history import change_status
from processes.registers.matters import MatterKind

Variables = dict[str, Any]


@operation("correction.take_verification", zh="登记核实情况", en="Take the verification")
def take_verification(call: Call) -> Variables:
    """The district bureau's word, with its reason."""
    made, given = this_correction(call), answers(call)
    made.verified = f"{call.actor.name}：{text(given, 'decision')}。{text(given, 'finding')}"
    if text(given, "decision") == "属实":
        change_status(call.session, call.actor, made, CorrectionStatus.VERIFIED)
    return {"verified_says": made.verified}


@operation("correction.take_approval", zh="登记审批", en="Take the approval")
def take_approval(call: Call) -> Variables:
    """The section's word where a sent report, a final grade or an open case is touched."""
    made, given = this_correction(call), answers(call)
    made.approved = f"{call.actor.name}：{text(given, 'decision')}。{text(given, 'finding')}"
    if text(given, "decision") == "同意":
        change_status(call.session, call.actor, made, CorrectionStatus.APPROVED)
    return {}


@operation("correction.prepare_request", zh="拟征求意见内容", en="Prepare the HR bureau's letter")
def prepare_request(call: Call) -> Variables:
    """A final grade rests on the record: an important matter (第十条)."""
    made = this_correction(call)
    listed = grade_rows(final_entries(call, made))
    touched = "；".join(f"{row['subject']}：{row['effect']}" for row in made.effects)
    says = (
        f"拟更正技术咨询记录“{call.data['record_title']}”的{made.field}：原为“{made.old[:300]}”，"
        f"更正为“{made.new[:300]}”。理由：{made.reason}。影响：{touched}。"
        "该记录已计入生效的年度考核，依据第十条征求意见，请予研究。"
    )
    return {
        **put_to_hr(
            MatterKind.APPRAISAL,
            f"更正{made.attendance.person.name}同志考核所依据的记录",
            says,
            reference=f"{made.number}-1",
        ),
        "grade_rows": listed,
        "grade_says": "；".join(f"{row['subject']}：{row['grade']}" for row in listed),
        "opinion": "",
        "hr_reason": "",
    }


@operation("correction.take_decision", zh="登记审定", en="Take the leader's decision")
def take_decision(call: Call) -> Variables:
    """The leader decides with the HR bureau's view before him, on the record and on the grade."""
    made, given = this_correction(call), answers(call)
    made.opinion = text(call.data, "opinion") or "未复"
    made.decided = f"{call.actor.name}：{text(given, 'decision')}。{text(given, 'finding')}"
    made.grade_effect = text(given, "grade_effect")
    correct_grades(call, made, grades_given(call, made, given), text(given, "finding"))
    return {}


@operation("correction.carry_out", zh="追加更正版本并重算", en="Correct the record beside its old value")
def carry_out(call: Call) -> Variables:
    """The old value is kept, the new one takes effect, and whatever is counted is counted anew."""
    made = this_correction(call)
    keep_version(call.session, call.actor, made)
    if made.opinion_id is not None:
        write_opinion(call.session, made, clock.today())
    else:
        write_corrected(call.session, call.actor, made)
        look_at_notice(call, made)
    made.corrected_on = clock.today()
    change_status(call.session, call.actor, made, CorrectionStatus.CORRECTED, made.reason)
    effects = "；".join(f"{row['subject']}：{row['effect']}" for row in made.effects)
    values = {
        "number": made.number,
        "record": call.data["record_title"],
        "field": made.field,
        "old": made.old,
        "new": made.new,
        "reason": made.reason,
        "asked": made.asked_by,
        "verified": made.verified or ("本人笔误，自行更正" if made.self_service else "逾期未核实"),
        "approved": "；".join(each for each in (made.approved, made.decided) if each) or "无须审批",
        "effects": effects,
    }
    issue(call, "correction_note", values, unit_id=made.unit_id, subject_id=made.attendance.person_id, number="")
    touched = [
        {"attendance_id": str(each.id), "appointment_id": str(each.appointment_id)}
        for each in touched_by(call.session, made)
    ]
    changed = bool(call.data.get("absence_changes"))
    return {"touched": touched, **(level_after(call.session, made.attendance) if changed else {"level": "none"})}


@operation("correction.tell", zh="通知受影响方", en="Tell all whom it touches")
def tell(call: Call) -> Variables:
    """The planner, the district bureau and the city bureau read what was corrected; so does everybody else invited."""
    made = this_correction(call)
    told = message("记录更正%(number)s已完成：%(record)s的%(field)s由“%(old)s”更正为“%(new)s”。",
                   number=made.number, record=call.data["record_title"], field=made.field, old=made.old[:60],
                   new=made.new[:60])  # fmt: skip
    case_id = call.case.id
    for person_id in _people(call, made):
        notify(call.session, "result", told, person_id=person_id, case_id=case_id)
    notify(call.session, "result", told, role="district_bureau.clerk", organization_id=f"bureau:{made.unit_id}",
           case_id=case_id)  # fmt: skip
    notify(call.session, "result", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=case_id)
    if any(row["kind"] == CLAIM for row in made.effects):
        here = f"bureau:{made.unit_id}"
        notify(call.session, "result", told, role="district_bureau.finance", organization_id=here, case_id=case_id)
    return {}


def _people(call: Call, made: Correction) -> set[UUID]:
    invited = {each.person_id for each in touched_by(call.session, made)}
    return invited | ({made.asked_by_id} if made.asked_by_id else set())


@operation("correction.refuse", zh="登记不予更正", en="Refuse the correction")
def refuse(call: Call) -> Variables:
    """The record stays as it is; who asked reads why."""
    made = this_correction(call)
    reason = text(call.data, "finding")
    change_status(call.session, call.actor, made, CorrectionStatus.REFUSED, reason)
    told = message("更正申请%(number)s未予更正：%(reason)s", number=made.number, reason=reason)
    notify(call.session, "result", told, person_id=made.asked_by_id, case_id=call.case.id)
    return {}
