"""新聘期或离任: notice, certificate, the new term on its first day, or the end of office (第五条(三)、第六条(五))."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.answers import answers, day, identified, text
from handlers.documents import issue
from handlers.leaving import leave_office, revoke
from handlers.parties import unit_of
from handlers.registry import operation
from handlers.term_renewal.renewing import END, MOVE, RENEW
from handlers.term_renewal.summing import this_renewal
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.registers import appointments
from processes.registers.appointments import CURRENT, Appointment, AppointmentStatus
from processes.registers.experts import ExpertStatus, employer_of, expert_for
from processes.registers.history import change_status
from processes.registers.planner_posts import PostStatus, declare_vacant, post_of
from processes.registers.renewals import Renewal, RenewalStatus
from processes.rules.years import DAY

Variables = dict[str, Any]
DECLINED, SIGN_WD = "不接受", 20
"""The answer of whoever does not go on; working days in which a certificate that was made late can be signed for."""


@operation("term_renewal.notify", zh="发出续聘（期满终止）通知", en="Send the notice")
def send_notice(call: Call) -> Variables:
    """T21 to planner and employer."""
    made = this_renewal(call)
    employer = employer_of(call.session, made.appointment.person_id)
    start, end = day(call.data.get("new_start")), day(call.data.get("new_end"))
    outcome = "聘期届满后不再续聘，感谢您的工作"
    if made.decision in (RENEW, MOVE) and start and end:
        where = f"到{call.data['new_unit_name']}" if made.decision == MOVE else ""
        outcome = f"{where}续聘，新聘期自{chinese_date(start)}至{chinese_date(end)}"
    values = {
        "planner": call.data["planner_name"],
        "employer": employer.name if employer else "所在单位",
        "unit": call.data["unit_name"],
        "until": chinese_date(made.appointment.term_end),
        "matter": "续聘" if made.decision in (RENEW, MOVE) else "聘期届满不再续聘",
        "decision": outcome,
    }
    issue(call, "renewal_notice", values, unit_id=made.appointment.unit_id, subject_id=made.appointment.person_id)
    return {}


@operation("term_renewal.certify", zh="换发聘书", en="Make the new certificate")
def certify(call: Call) -> Variables:
    """A new certificate (T06) and an appointment that follows the old one; never backdated."""
    made = this_renewal(call)
    before = made.appointment
    post = post_of(call.session, identified(call.data["new_post_id"]))
    start = max(day(call.data["new_start"]) or clock.today(), clock.today())
    end = day(call.data["new_end"])
    assert end is not None
    unit = unit_of(call.session, post.unit_id)
    values = {"name": before.person.name, "district": unit.name, "term_from": start, "term_until": end}
    paper = issue(call, "certificate", values, unit_id=unit.id, subject_id=before.person_id)
    following = appointments.appoint(
        call.session, call.actor, post, before.person, round_id=before.round_id, term_start=start, term_end=end,
        certificate_number=paper.number, certificate_file_id=paper.file_id, issued_on=paper.dated,
        predecessor_id=before.id,
    )  # fmt: skip
    made.next_id = following.id
    if post.id != before.post_id:
        for status in (PostStatus.PROPOSED, PostStatus.DECIDED):
            change_status(call.session, call.actor, post, status, "调整区县续聘")
    lapses, twenty = day(call.data["lapse_on"]), call.house.calendar.add_workdays(clock.today(), SIGN_WD)
    return {
        "certificate_number": paper.number,
        "new_start": start.isoformat(),
        "accept": "",
        "sign_by": max(lapses or twenty, twenty).isoformat(),
    }


def _following(made: Renewal) -> Appointment:
    assert made.following is not None
    return made.following


@operation("term_renewal.take_receipt", zh="登记签收", en="Take the receipt")
def take_receipt(call: Call) -> Variables:
    """Signed for, declined or never signed: then the new certificate is revoked and the term ends."""
    made, accept = this_renewal(call), text(call.data, "accept")
    following = _following(made)
    if following.status != AppointmentStatus.TO_SIGN:
        return {"accept": DECLINED}
    if accept == "接受":
        following.received_on = clock.today()
        return {}
    reason = "逾期未签收聘书"
    if accept == DECLINED:
        reason = text(answers(call), "decline_reason") or "本人不接受续聘"
    revoke(call.session, call.actor, following, made.appointment, reason)
    return {"accept": DECLINED}


@operation("term_renewal.begin_term", zh="建立新聘期", en="Begin the new term")
def begin_term(call: Call) -> Variables:
    """On the first day the new appointment takes the old one's place; a post left behind is vacant.

    Whoever has left office since signing begins no new term: the certificate was revoked with it.
    """
    made = this_renewal(call)
    before, following = made.appointment, _following(made)
    if following.status != AppointmentStatus.TO_SIGN:
        change_status(call.session, call.actor, made, RenewalStatus.ENDED, before.end_ground)
        return {"moved": False, "left_meanwhile": True}
    moved = following.post_id != before.post_id
    if before.ended_on is not None:
        before.ended_on = min(before.ended_on, following.term_start - DAY)
    if before.status in CURRENT:
        change_status(call.session, call.actor, before, AppointmentStatus.RENEWED, following.certificate_number)
    appointments.take_up(call.session, call.actor, following, following.received_on or clock.today())
    change_status(call.session, call.actor, made, RenewalStatus.MOVED if moved else RenewalStatus.RENEWED)
    if moved:
        declare_vacant(call.session, call.actor, post_of(call.session, before.post_id), "原任调整到其他区县续聘")
        change_status(call.session, call.actor, post_of(call.session, following.post_id), PostStatus.FILLED)
    return {"moved": moved, "left_meanwhile": False, **_vacancy(before, "调整区县续聘")}


@operation("term_renewal.end_term", zh="办理离任", en="End the term")
def end_term(call: Call) -> Variables:
    """The term is over and not renewed; where the district only wanted somebody else the planner is in the pool."""
    made = this_renewal(call)
    appointment = made.appointment
    lapsed = made.decision != END and made.next_id is None
    ground = "聘期届满未及时决定续聘" if lapsed else "聘期届满不再续聘"
    if made.following is not None:
        ground = f"聘期届满，{made.following.end_ground}"
    last_day = max(appointment.term_end, made.extended_until or appointment.term_end)
    ended = appointment.status in CURRENT
    if ended:
        leave_office(call.session, call.actor, appointment, AppointmentStatus.EXPIRED, last_day, ground)
        expert = expert_for(call.session, appointment.person_id)
        if expert is not None and made.need == "希望更换" and expert.status == ExpertStatus.EXPIRED:
            change_status(call.session, call.actor, expert, ExpertStatus.CANDIDATE, "区县希望更换，回到专家库")
    status = RenewalStatus.LAPSED if lapsed and ended else RenewalStatus.ENDED
    change_status(call.session, call.actor, made, status, ground)
    return {"left_now": ended, **_vacancy(appointment, f"{appointment.person.name}{ground}")}


def _vacancy(appointment: Appointment, reason: str) -> Variables:
    free_from = max((appointment.ended_on or appointment.term_end) + timedelta(days=1), appointment.term_end)
    return {"vacant_from": free_from.isoformat(), "reason": reason, "unit_id": appointment.unit_id}
