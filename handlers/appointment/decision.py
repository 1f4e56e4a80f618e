"""研究确定: the replies are summed up, the list is decided and published (第六条(五))."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers.answers import Row, answers, day, identified, needed_day, rows, text, this_round
from handlers.appointment.deliberation_papers import professional_title
from handlers.appointment.final_rows import final_rows, silent_rows, silent_units
from handlers.documents import issue
from handlers.parties import addressees, bureau_of, government_of, unit_of
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.engine.models import CaseDocument
from processes.identity.models import Organization
from processes.identity.units import units_on
from processes.messages import message
from processes.notices import notify
from processes.registers.applications import application_of
from processes.registers.history import change_status
from processes.registers.letters import LetterKind, send_letter, was_consulted
from processes.registers.nominations import (
    CURRENT,
    Nomination,
    NominationStatus,
    for_post,
    nominate,
    nominations_of,
    stand,
)
from processes.registers.planner_posts import PlannerPost, PostStatus, count_with_status, declare_vacant, posts_of
from processes.registers.rounds import Round, RoundStatus

Variables = dict[str, Any]
APPOINT = "聘任"


@operation("appointment.sum_replies", zh="汇总复函", en="Sum up the replies")
def sum_replies(call: Call) -> Variables:
    """How the districts have answered, and the list as it would be decided."""
    decided = this_round(call)
    agreed = nominations_of(call.session, decided.id, NominationStatus.AGREED, NominationStatus.CONFIRMED)
    silent = nominations_of(call.session, decided.id, NominationStatus.SILENT, NominationStatus.CONSULTING)
    return {
        "agreed_total": len(agreed),
        "vacant_total": count_with_status(call.session, decided.id, PostStatus.VACANT),
        "silent_total": len({each.post.unit_id for each in silent}),
        "final_rows": final_rows(call.session, decided),
        "silent_rows": silent_rows(call.session, decided),
    }


@operation("appointment.record_decision", zh="登记研究确定结果", en="Record the decision")
def record_decision(call: Call) -> Variables:
    """Write down the list; a person about whom a unit was not asked goes back to consultation (第六条(四))."""
    given = answers(call)
    decided = this_round(call)
    decided.decided_on = needed_day(given, "meeting_date")
    decided.decided_by = f"{text(given, 'meeting_name')}（{call.actor.name}）"
    posts = {post.label: post for post in posts_of(call.session, decided.id)}
    unconsulted: dict[str, str] = {}
    _note_silence(call, decided, rows(given, "silent_units"))
    for row in rows(given, "final"):
        post = posts[row["post"]]
        if row.get("settled") != APPOINT:
            _leave_vacant(call, post, row)
        elif not _settle(call, post, row):
            unconsulted[post.unit_id] = post.unit.name
    _keep_term(decided, rows(given, "final"))
    if not unconsulted:
        change_status(call.session, call.actor, decided, RoundStatus.APPOINTMENT)
    return {"unconsulted": unconsulted}


def _keep_term(decided: Round, table: Iterable[Row]) -> None:
    """The term as decided is the round's; whoever takes a post over later serves what is left of it."""
    terms = [(day(row.get("term_start")), day(row.get("term_end"))) for row in table if row.get("settled") == APPOINT]
    decided.term_start = min((start for start, _ in terms if start), default=decided.term_start)
    decided.term_end = max((end for _, end in terms if end), default=decided.term_end)


def _note_silence(call: Call, decided: Round, decisions: Iterable[Row]) -> None:
    """What is decided about a missing reply is kept with the letter."""
    silent = silent_units(call.session, decided)
    for row in decisions:
        letter = silent.get(row["unit"])
        if letter is not None:
            letter.list_decision = f"{text(row, 'decision')}：{text(row, 'reason')}（{decided.decided_by}）"


def _leave_vacant(call: Call, post: PlannerPost, row: Row) -> None:
    for nomination in for_post(call.session, post.id, *CURRENT):
        stand(call.session, call.actor, nomination, NominationStatus.DROPPED, text(row, "reason"))
    declare_vacant(call.session, call.actor, post, text(row, "reason"), text(row, "next_step"))


def _settle(call: Call, post: PlannerPost, row: Row) -> bool:
    """Confirm the person of a post; False if the unit has not been asked about that person yet."""
    person = application_of(call.session, identified(row["person"]))
    for other in for_post(call.session, post.id, *CURRENT):
        if other.application_id != person.id:
            stand(call.session, call.actor, other, NominationStatus.DROPPED, text(row, "reason"))
    standing = next(iter(for_post(call.session, post.id, *CURRENT)), None)
    nomination = standing or nominate(call.session, call.actor, post, person, 0, reason=text(row, "reason"))
    nomination.term_start, nomination.term_end = day(row.get("term_start")), day(row.get("term_end"))
    change_status(call.session, call.actor, post, PostStatus.PROPOSED)
    if not was_consulted(call.session, person.id, post.unit_id):
        return False
    if nomination.status == NominationStatus.CONSULTING:
        stand(call.session, call.actor, nomination, NominationStatus.SILENT, text(row, "reason"))
    stand(call.session, call.actor, nomination, NominationStatus.CONFIRMED, text(row, "reason"))
    change_status(call.session, call.actor, post, PostStatus.DECIDED)
    return True


@operation("appointment.send_list", zh="公布名单", en="Publish the list")
def send_list(call: Call) -> None:
    """Issue T07 and tell the districts, the HR bureau, the employers and those who were chosen."""
    published = this_round(call)
    chosen = nominations_of(call.session, published.id, NominationStatus.CONFIRMED)
    number = text(answers(call), "doc_no") or None
    notice = issue(call, "appointment_notice", _notice(call, published, chosen), number=number)
    for unit_id in dict.fromkeys(each.post.unit_id for each in chosen):
        _send(call, published, notice, government_of(call.session, unit_id))
        _send(call, published, notice, bureau_of(call.session, unit_id))
    for organization_id in dict.fromkeys(["hr_bureau", *(each.application.employer_id for each in chosen)]):
        organization = call.session.get(Organization, organization_id) if organization_id else None
        if organization is not None:
            _send(call, published, notice, organization)
    for nomination in chosen:
        told = message("您已被确定为%(unit)s首席规划师人选，请签收聘书。", unit=nomination.post.unit.name)
        notify(call.session, "result", told, person_id=nomination.application.person_id, case_id=call.case.id)


def _send(call: Call, published: Round, notice: CaseDocument, to: Organization) -> None:
    send_letter(
        call.session,
        call.actor,
        to,
        number=notice.number,
        kind=LetterKind.PUBLICATION,
        round_id=published.id,
        case_id=call.case.id,
        subject=f"关于公布{published.name}区县首席规划师名单的通知",
        sent_on=clock.today(),
        file_id=notice.file_id,
    )
    told = message("%(name)s区县首席规划师名单已公布（%(number)s）。", name=published.name, number=notice.number)
    notify(call.session, "result", told, organization_id=to.id, role=_ROLES.get(to.kind), case_id=call.case.id)


_ROLES = {
    "hr_bureau": "hr_bureau.clerk",
    "district_government": "district_government.clerk",
    "district_bureau": "district_bureau.clerk",
    "employer": "employer.clerk",
}


def _notice(call: Call, published: Round, chosen: Iterable[Nomination]) -> Variables:
    ordered = sorted(chosen, key=lambda each: (each.post.unit.place, each.post.number))
    units = [unit_of(call.session, unit_id) for unit_id in dict.fromkeys(each.post.unit_id for each in ordered)]
    to = units if published.short else units_on(call.session, clock.today())
    starts = [each.term_start for each in ordered if each.term_start]
    ends = [each.term_end for each in ordered if each.term_end]
    return {
        "term": published.name,
        "recipients": f"{addressees(call.session, to, clock.today())}，各有关单位",
        "appointed_count": len(ordered),
        "term_from": min(starts, default=published.term_start),
        "term_until": max(ends, default=published.term_end),
        "appointments": [_line(place, each) for place, each in enumerate(ordered, start=1)],
    }


def _line(place: int, nomination: Nomination) -> Variables:
    person = nomination.application
    return {
        "row_number": place,
        "district_name": nomination.post.unit.name,
        "planner_name": person.name,
        "employer": person.employer_name,
        "professional_title": professional_title(person),
        "direction": nomination.post.direction,
    }
