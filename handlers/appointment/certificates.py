"""聘任颁证: certificates, acceptance, registers, replacement of those who decline, the end (第六条(五))."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from handlers.answers import answers, day, identified, last_sent, text, this_round
from handlers.appointment.application import STILL_IN
from handlers.appointment.deliberation import enter_library
from handlers.appointment.letters import moved_up
from handlers.documents import issue
from handlers.leaving import end_where_unit_was_followed
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.errors import Conflict
from processes.identity import people
from processes.identity.models import Person, PostHolding
from processes.messages import message
from processes.registers import appointments, experts
from processes.registers.application_statuses import SELECTABLE, ApplicationStatus
from processes.registers.applications import applications_of
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.history import change_status
from processes.registers.nominations import (
    CURRENT,
    Nomination,
    NominationStatus,
    for_post,
    move_up,
    nomination_of,
    nominations_of,
    stand,
)
from processes.registers.planner_posts import PostStatus, count_with_status, declare_vacant, posts_of
from processes.registers.rounds import RoundStatus, round_of

Variables = dict[str, Any]
ACCEPTS, PLANNER = "接受", "planner"


@operation("appointment.make_certificates", zh="生成聘书", en="Make the certificates")
def make_certificates(call: Call) -> Variables:
    """One numbered certificate (T06) for each person of the list, with an appointment that waits to be accepted."""
    decided = this_round(call)
    confirmed = nominations_of(call.session, decided.id, NominationStatus.CONFIRMED)
    for post in posts_of(call.session, decided.id):
        if post.status == PostStatus.DECIDED and not for_post(call.session, post.id, *CURRENT):
            declare_vacant(call.session, call.actor, post, "人选在颁证前退出")
    ordered = sorted(confirmed, key=lambda each: (each.post.unit.place, each.post.number))
    made = [_certify(call, nomination) for nomination in ordered]
    return {"appointees": {each["nomination_id"]: each for each in made}}


@operation("appointment.make_certificate", zh="生成递补人选聘书", en="Make the reserve's certificate")
def make_certificate(call: Call) -> Variables:
    """The certificate of a reserve whom the leader has decided to appoint; the term of the round goes on."""
    standing = moved_up(call)
    if len(standing) != 1:
        raise Conflict(message("备选人选已不可用，请重新选择处理方式。"))
    nomination = standing[0]
    stand(call.session, call.actor, nomination, NominationStatus.CONFIRMED, "递补")
    change_status(call.session, call.actor, nomination.post, PostStatus.DECIDED)
    return {"appointee": _certify(call, nomination)}


def _certify(call: Call, nomination: Nomination) -> Variables:
    start, end = _term(call, nomination)
    person, unit = nomination.application.person, nomination.post.unit
    values = {"name": nomination.application.name, "district": unit.name, "term_from": start, "term_until": end}
    document = issue(call, "certificate", values, unit_id=unit.id, subject_id=person.id)
    before = appointments.predecessor_of(call.session, nomination.post_id)
    made = appointments.appoint(
        call.session,
        call.actor,
        nomination.post,
        person,
        nomination_id=nomination.id,
        round_id=nomination.round_id,
        term_start=start,
        term_end=end,
        certificate_number=document.number,
        certificate_file_id=document.file_id,
        issued_on=document.dated,
        predecessor_id=before.id if before else None,
    )
    return _appointee(nomination, made)


def _term(call: Call, nomination: Nomination) -> tuple[date, date]:
    """The term as decided, else the round's; a reserve begins today where the term has begun."""
    meant = round_of(call.session, nomination.round_id)
    start, end = nomination.term_start or meant.term_start, nomination.term_end or meant.term_end
    if start is None or end is None:
        raise Conflict(message("聘期尚未确定，不能生成聘书。"))
    return (start if nomination.term_start else max(start, clock.today())), end


def _appointee(nomination: Nomination, made: Appointment) -> Variables:
    return {
        "nomination_id": str(nomination.id),
        "person_id": str(made.person_id),
        "name": nomination.application.name,
        "unit_id": made.unit_id,
        "unit_name": nomination.post.unit.name,
        "certificate_number": made.certificate_number,
        "term_start": made.term_start.isoformat(),
        "term_end": made.term_end.isoformat(),
        "term_text": f"{chinese_date(made.term_start)}至{chinese_date(made.term_end)}",
    }


def _this_nomination(call: Call) -> Nomination:
    return nomination_of(call.session, identified(call.data["appointee"]["nomination_id"]))


def _receipt(call: Call, result: str) -> Variables:
    return {"receipt": {"nomination_id": call.data["appointee"]["nomination_id"], "result": result}}


@operation("appointment.enter_registers", zh="入库并建立服务关系", en="Enter the registers")
def enter_registers(call: Call) -> Variables:
    """The planner has accepted: appointment, post, application and expert library say so."""
    nomination = _this_nomination(call)
    received = day(answers(call).get("received_on")) or clock.today()
    made = _appointment(call, nomination)
    appointments.take_up(call.session, call.actor, made, received)
    stand(call.session, call.actor, nomination, NominationStatus.APPOINTED, made.certificate_number)
    change_status(call.session, call.actor, nomination.post, PostStatus.FILLED, made.certificate_number)
    expert = enter_library(call, nomination.application)
    experts.take_office(call.session, call.actor, expert, f"聘书{made.certificate_number}")
    end_where_unit_was_followed(call.session, call.actor, made)
    _give_access(call, made)
    return _receipt(call, "appointed")


def _give_access(call: Call, made: Appointment) -> None:
    """The planner's post goes with the certificate; it ends with the appointment (第五条(三))."""
    person = call.session.get_one(Person, made.person_id)
    held = (PostHolding.person_id == person.id, PostHolding.role == PLANNER)
    last = func.coalesce(PostHolding.valid_to, made.term_end)
    if call.session.scalar(select(PostHolding.id).where(*held, last >= made.term_start).limit(1)) is None:
        people.hold(call.session, call.actor, person, PLANNER, valid_from=made.term_start)


def _appointment(call: Call, nomination: Nomination) -> Appointment:
    made = appointments.appointment_for(call.session, nomination.id)
    if made is None:
        raise Conflict(message("该人选没有聘书。"))
    return made


@operation("appointment.record_decline", zh="登记人选不到岗", en="Record that the person declines")
def record_decline(call: Call) -> Variables:
    """The certificate is taken back; the next reserve is named, if there is one."""
    nomination = _this_nomination(call)
    withdrawn = nomination.application.status == ApplicationStatus.WITHDRAWN
    reason = "本人退出" if withdrawn else _why(call)
    made = appointments.appointment_for(call.session, nomination.id)
    if made is not None and made.status == AppointmentStatus.TO_SIGN:
        status = AppointmentStatus.WITHDRAWN if withdrawn else AppointmentStatus.REVOKED
        appointments.end(call.session, call.actor, made, status, clock.today(), reason)
    if nomination.status in CURRENT:
        status_now = NominationStatus.WITHDRAWN if withdrawn else NominationStatus.DECLINED
        stand(call.session, call.actor, nomination, status_now, reason)
    change_status(call.session, call.actor, nomination.post, PostStatus.PROPOSED, reason)
    reserve = move_up(call.session, call.actor, nomination.post, reason)
    return {"has_reserve": reserve is not None, "moved_up": [str(reserve.id)] if reserve else []}


def _why(call: Call) -> str:
    receipt = last_sent(call.session, call.case, "receipt")
    mine = receipt is not None and str(receipt.id) == str(call.data.get("submission_id"))
    return (text(receipt.answers, "decline_reason") if receipt and mine else "") or "本人不接受"


@operation("appointment.leave_vacant", zh="登记岗位空缺（颁证阶段）", en="Leave the post vacant")
def leave_vacant(call: Call) -> Variables:
    """Nobody takes the post up: it stays vacant, with the reason and what is to be done."""
    post = _this_nomination(call).post
    reason = text(call.data, "reason") or "人选不到岗"
    for nomination in for_post(call.session, post.id, *CURRENT):
        stand(call.session, call.actor, nomination, NominationStatus.DROPPED, reason)
    declare_vacant(call.session, call.actor, post, reason, text(call.data, "next_step"))
    return _receipt(call, "vacant")


@operation("appointment.close_round", zh="结束选聘轮次", en="Close the round")
def close_round(call: Call) -> Variables:
    """The round is over; everybody who still waits for the result is told, and so is a vacancy that it was to fill."""
    ended = this_round(call)
    everybody = applications_of(call.session, ended.id)
    for person in everybody:
        if person.status in SELECTABLE:
            change_status(call.session, call.actor, person, ApplicationStatus.NOT_SELECTED, "本轮选聘结束")
    ended.ended_at = clock.now()
    change_status(call.session, call.actor, ended, RoundStatus.COMPLETED)
    waiting = [str(each.id) for each in everybody if each.settled_as in STILL_IN]
    return {
        "appointed_total": count_with_status(call.session, ended.id, PostStatus.FILLED),
        "vacant_total": count_with_status(call.session, ended.id, PostStatus.VACANT),
        "open_applications": waiting,
        "ended_for": str(call.data.get("post_id") or ended.id),
    }
