"""研究决定续聘: the HR bureau's view, what R16 proposes, what people decide (第五条(三)、第十条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.answers import answers, day, identified, needed_day, text
from handlers.asking_hr import put_to_hr, view_says
from handlers.documents import issue
from handlers.parties import government_of, unit_of
from handlers.registry import operation
from handlers.term_renewal.summing import EXTEND_DAYS, this_renewal
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.appointments import CURRENT, AppointmentStatus
from processes.registers.dismissals import dismissal_going_on
from processes.registers.history import change_status
from processes.registers.matters import MatterKind
from processes.registers.planner_posts import post_of
from processes.registers.renewals import Renewal, RenewalStatus, terms_served
from processes.registers.switches import readings_on
from processes.rules.renewal import RenewalResult, TermEnd, TermGrade, renewal
from processes.rules.terms import term

Variables = dict[str, Any]
RENEW, END, MOVE, WAIT = "续聘", "不续聘", "调整区县续聘", "暂缓决定"
GONE = "已离任"
"""What the case goes on with where the planner has left office before it was decided."""
REPLY_WD = 10
_REASONS = {
    "term_appraisal": "聘期考核",
    "willing": "本人意愿",
    "district_need": "区县需求",
    "employer_consent": "单位意见",
    "max_terms": "届数上限",
    "dismissal_open": "解聘案在办",
}
_PROPOSALS = {"RENEW": "可续聘", "NOT_RENEW": "不续聘", "WAIT": "待定"}
_STATUS = {RENEW: RenewalStatus.TO_RENEW, END: RenewalStatus.NOT_RENEWED, MOVE: RenewalStatus.TO_MOVE}


@operation("term_renewal.prepare_request", zh="拟征求意见内容", en="Prepare the HR bureau's letter")
def prepare_request(call: Call) -> Variables:
    """Renewal is an important matter: what is put to the HR bureau."""
    made = this_renewal(call)
    number = int(call.data.get("hr_rounds") or 0) + 1
    says = (
        f"{call.data['planner_name']}同志担任{call.data['unit_name']}首席规划师的聘期（{call.data['term_says']}）即将届满。"
        f"聘期考核：{made.term_result}（{made.term_reason}）；本人意愿：{made.willing}；区县需求：{made.need}；"
        f"单位意见：{made.consent}。拟按《重庆市区县首席规划师管理办法》第五条第（三）项研究续聘事宜，请予研究。"
    )
    change_status(call.session, call.actor, made, RenewalStatus.ASKED)
    return {
        "hr_rounds": number,
        **put_to_hr(
            MatterKind.RENEWAL,
            f"{call.data['planner_name']}同志首席规划师续聘",
            says,
            reference=f"{call.case.number}-{number}",
            reply_wd=REPLY_WD,
        ),
    }


@operation("term_renewal.take_view", zh="登记市人力社保局意见", en="Take the HR bureau's view")
def take_view(call: Call) -> Variables:
    """The view, or that there was none."""
    made = this_renewal(call)
    made.opinion, made.hr_reason = text(call.data, "opinion"), text(call.data, "hr_reason")
    return {"opinion_says": view_says(made.opinion, made.hr_reason)}


def proposal(made: Renewal, session: Session, on: date) -> RenewalResult:
    """What R16 makes of the answers on a day, with the readings of that day."""
    readings = readings_on(session, on)
    known = TermEnd(
        end=made.appointment.term_end,
        decision_date=on,
        term_appraisal=TermGrade(made.term_result) if made.term_result else None,
        willing=_yes(made.willing, "愿意"),
        district_need=_yes(made.need, "继续需要"),
        employer_consent=_yes(made.consent, "同意"),
        dismissal_open=dismissal_going_on(session, made.appointment_id) is not None,
        terms_served=terms_served(session, made.appointment, readings),
    )
    return renewal(known, readings.number("renewal.max_terms"))


def _yes(answer: str, wanted: str) -> bool | None:
    return answer == wanted if answer else None


def proposal_says(found: RenewalResult) -> str:
    """The proposal with its reasons and its ground."""
    reasons = "、".join(_REASONS[each] for each in found.reasons)
    gap = f"，中断{found.gap_days}日" if found.gap_days else ""
    return f"{_PROPOSALS[found.decision.value]}{'：' + reasons if reasons else ''}{gap}（{found.ground}）"


@operation("term_renewal.propose", zh="核算续聘建议", en="Ask the rule")
def propose(call: Call) -> Variables:
    """R16 proposes, people decide; whoever has left office otherwise needs no decision any more."""
    made = this_renewal(call)
    found = proposal(made, call.session, clock.today())
    made.rule_result, made.rule_reasons, made.gap_days = found.decision.value, list(found.reasons), found.gap_days
    years = readings_on(call.session).number("term.years")
    start = found.new_start or max(made.appointment.term_end + timedelta(days=1), clock.today())
    return {
        "gone": made.appointment.status not in CURRENT,
        "rule_says": proposal_says(found),
        "rule_result": found.decision.value,
        "rule_reasons": list(found.reasons),
        "new_start": start.isoformat(),
        "new_end": term(start, years).end.isoformat(),
    }


@operation("term_renewal.take_decision", zh="登记决定", en="Take the decision")
def take_decision(call: Call) -> Variables:
    """Who decided what and why; 暂缓决定 changes nothing and is looked at again; whoever has left needs none."""
    made, given = this_renewal(call), answers(call)
    decision = text(given, "decision")
    if made.appointment.status not in CURRENT:
        return {"decision": GONE}
    if decision == WAIT:
        return {}
    made.decision, made.decision_reason = decision, text(given, "decision_reason")
    made.decided_on, made.decided_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, made, _STATUS[decision], made.decision_reason)
    if decision == END:
        return {}
    dates = {
        "new_start": needed_day(given, "new_start").isoformat(),
        "new_end": needed_day(given, "new_end").isoformat(),
    }
    if decision == RENEW:
        return {**dates, "new_post_id": str(made.appointment.post_id), "new_unit_id": made.appointment.unit_id}
    post = post_of(call.session, identified(given["new_post"]))
    return {**dates, "new_post_id": str(post.id), "new_unit_id": post.unit_id, "new_unit_name": post.unit.name}


@operation("term_renewal.write_letter", zh="发出征求意见函", en="Write to the new district")
def write_letter(call: Call) -> Variables:
    """The government of another district is asked as in any appointment (T04, 第六条(四))."""
    made, unit = this_renewal(call), unit_of(call.session, str(call.data["new_unit_id"]))
    due = call.house.calendar.add_workdays(clock.today(), REPLY_WD)
    values = {
        "planner": call.data["planner_name"],
        "unit": unit.name,
        "government": government_of(call.session, unit.id).name,
        "before": call.data["unit_name"],
        "from": chinese_date(day(call.data["new_start"]) or clock.today()),
        "until": chinese_date(day(call.data["new_end"]) or clock.today()),
        "reply_by": chinese_date(due),
    }
    letter = issue(call, "opinion_request", values, unit_id=unit.id)
    return {"reply_due": due.isoformat(), "letter_number": letter.number, "made_by": made.decided_by, "reply": ""}


@operation("term_renewal.take_reply", zh="登记复函", en="Take the reply")
def take_reply(call: Call) -> Variables:
    """Silence is no consent; a district that does not agree leads back to the decision."""
    made = this_renewal(call)
    if text(call.data, "reply") != "同意":
        made.decision = ""
        change_status(call.session, call.actor, made, RenewalStatus.ASKED, "新区县未同意")
    return {}


@operation("term_renewal.mark_undecided", zh="转为到期待定", en="The term is over, undecided")
def mark_undecided(call: Call) -> Variables:
    """No decision in time, or a new certificate that is not signed for: 到期待定, no invitations as chief planner."""
    made = this_renewal(call)
    latest = made.appointment.term_end + timedelta(days=EXTEND_DAYS)
    if made.appointment.status not in (AppointmentStatus.IN_OFFICE, AppointmentStatus.ON_LEAVE):
        return {"extend_latest": latest.isoformat(), "undecided": False}
    unsigned = made.next_id is not None
    why = "聘期届满，新聘书尚未签收" if unsigned else "聘期届满尚未决定"
    change_status(call.session, call.actor, made.appointment, AppointmentStatus.TO_RENEW, why)
    told = message("%(name)s的聘期已届满，续聘尚未决定，请研究。", name=call.data["planner_name"])
    if unsigned:
        told = message("%(name)s的聘期已届满，续聘聘书尚未签收，请研究。", name=call.data["planner_name"])
    notify(call.session, "escalation", told, role="city_bureau.leader", organization_id="city_bureau",
           case_id=call.case.id)  # fmt: skip
    return {"extend_latest": latest.isoformat(), "undecided": True}


@operation("term_renewal.take_extension", zh="登记延期履职", en="Take the extension")
def take_extension(call: Call) -> Variables:
    """延期履职 by the leader: the last day of service moves, the term and its certificate do not."""
    made, given = this_renewal(call), answers(call)
    if text(given, "extend") == "延期履职" and made.appointment.status == AppointmentStatus.TO_RENEW:
        made.extended_until, made.extension_reason = day(given.get("extended_until")), text(given, "extension_reason")
        made.appointment.ended_on = made.extended_until
    return {}
