"""解聘决定复查: a dismissal found wrong is revoked; the leader may appoint again; the record stays (第十五条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.answers import identified, text
from handlers.asking_hr import put_to_hr
from handlers.checking import Problems
from handlers.dismissal.telling import tell_parties
from handlers.dismissal.words import spoken_items
from handlers.documents import issue
from handlers.registry import names, operation, options, validator
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.forms.wording import Option
from processes.identity import people
from processes.identity.models import Person, PostHolding
from processes.messages import message
from processes.notices import notify
from processes.registers import appointments, experts
from processes.registers.appointments import Appointment, AppointmentStatus, appointment_of
from processes.registers.dismissals import Dismissal, DismissalStatus, dismissal_of, revoke
from processes.registers.experts import expert_for
from processes.registers.history import change_status
from processes.registers.matters import MatterKind
from processes.registers.planner_posts import PlannerPost, PostStatus, post_of

Variables = dict[str, Any]
REVOKE, OWN_POST, OTHER_POST, NO_POST = "撤销原决定", "恢复原岗位", "聘任到其他空缺岗位", "不重新聘任"


@options("closed_dismissals")
def closed_dismissals(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The dismissals that were carried out, the newest first; who asked to leave was not dismissed."""
    found = select(Dismissal).where(Dismissal.status == DismissalStatus.CLOSED, Dismissal.executed_item != 1)
    listed = session.scalars(found.order_by(Dismissal.created_at.desc()))
    return [Option(str(each.id), f"{each.number} {each.person.name}（{each.unit.name}）") for each in listed]


@names("closed_dismissals")
def dismissal_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The dismissals chosen, revoked or not."""
    found = session.scalars(select(Dismissal).where(Dismissal.id.in_([identified(each) for each in values])))
    return {str(each.id): f"{each.number} {each.person.name}（{each.unit.name}）" for each in found}


@validator("dismissal.review_proposal", zh="申请复查：一次一件，未被撤销", en="One review at a time")
def review_proposal(check: FormCheck) -> None:
    """One review of a decision at a time, and none of one that was revoked already."""
    problems = Problems()
    if dismissal_of(check.session, identified(check.answers["dismissal_id"])).status != DismissalStatus.CLOSED:
        problems.add("dismissal_id", message("该解聘案未结案或已撤销，不能复查。"))
    problems.refuse()


@validator(
    "dismissal.review_decision",
    zh="复查决定：双方意见在案，岗位未被占用",
    en="Review: both views, post not taken",
)
def review_decision(check: FormCheck) -> None:
    """Where both bureaus differ both views are written down; nobody is appointed to a post that is taken."""
    problems, given = Problems(), check.answers
    if check.data.get("opinion") == "不同意" and text(given, "decision") == REVOKE and not text(given, "both_views"):
        problems.add("both_views", message("市人力社保局不同意的，请写明会商情况和双方意见（第十条）。"))
    how = text(given, "back_how")
    if text(given, "decision") == REVOKE and how != NO_POST:
        before = this_review(check).appointment
        if before.term_end <= clock.today():
            problems.add("back_how", message("原聘期已届满，不能恢复聘任；可按选聘程序另行选聘。"))
        post = _post(check, how, given)
        if post is None or post.status != PostStatus.VACANT:
            field = "new_post" if how == OTHER_POST else "back_how"
            problems.add(field, message("该岗位已有人选或正在补选，请选择其他空缺岗位。"))
    problems.refuse()


def _post(step: Call | FormCheck, how: str, given: Mapping[str, Any]) -> PlannerPost | None:
    if how == OWN_POST:
        return post_of(step.session, this_review(step).appointment.post_id)
    chosen = given.get("new_post")
    return post_of(step.session, identified(chosen)) if chosen else None


def this_review(step: Call | FormCheck) -> Dismissal:
    """The dismissal that is looked at again."""
    return dismissal_of(step.session, identified(step.data["dismissal_id"]))


@operation("dismissal.show_review", zh="核对案卷和岗位", en="Show the file and the post")
def show_review(call: Call) -> Variables:
    """The decision as it was, how the post stands, and the question to the HR bureau (第十条)."""
    made = this_review(call)
    post = post_of(call.session, made.appointment.post_id)
    call.case.unit_id, call.case.subject_id = made.unit_id, made.person_id
    decided = chinese_date(made.decided_on) if made.decided_on else "—"
    says = f"{decided}决定解聘（第十五条{spoken_items(made.items)}），理由：{made.decision_reason}"
    open_now = "空缺，可以恢复" if post.status == PostStatus.VACANT else "已有人选或正在补选"
    return {
        "planner_name": made.person.name,
        "person_id": str(made.person_id),
        "dismissal_number": made.number,
        "dismissal_says": says,
        "post_says": f"{post.label}：{open_now}；原聘期至{chinese_date(made.appointment.term_end)}",
        **put_to_hr(
            MatterKind.DISMISSAL,
            f"撤销{made.person.name}同志解聘决定",
            f"{says}。复查理由：{text(call.data, 'reason')}。拟撤销该决定，依据第十条征求意见，请予研究。",
            reference=f"{call.case.number}-1",
        ),
        "opinion": "",
        "hr_reason": "",
        "back_how": NO_POST,
        "both_views": "",
    }


@operation("dismissal.take_hr_review", zh="登记市人力社保局意见", en="Take the HR bureau's view")
def take_hr_review(call: Call) -> Variables:
    """The view, or that there was none."""
    return {"opinion": text(call.data, "opinion") or "未复"}


@operation("dismissal.keep_dismissal", zh="登记维持原决定", en="Keep the dismissal")
def keep_dismissal(call: Call) -> Variables:
    """Who asked for the review reads why nothing changes."""
    made, reason = this_review(call), text(call.data, "decision_reason")
    told = message("解聘案%(number)s经复查，维持原决定：%(reason)s", number=made.number, reason=reason)
    notify(call.session, "result", told, person_id=identified(call.data["started_by"]), case_id=call.case.id)
    return {}


@operation("dismissal.revoke_dismissal", zh="撤销解聘决定并通知", en="Revoke the dismissal and tell")
def revoke_dismissal(call: Call) -> Variables:
    """The record stays with 撤销; planner, district, HR bureau and employer read it (T12b)."""
    made, reason = this_review(call), text(call.data, "decision_reason")
    revoke(call.session, call.actor, made, reason)
    how = text(call.data, "back_how")
    post = _post(call, how, call.data) if how != NO_POST else None
    back = "本次不重新聘任"
    if post is not None:
        back = f"自签收聘书之日起聘任为{post.unit.name}首席规划师，聘期至{chinese_date(made.appointment.term_end)}"
    values = {
        "planner": made.person.name, "unit": made.unit.name, "number": made.notice_number,
        "reason": reason.rstrip("。"), "back": back,
    }  # fmt: skip
    letter = issue(call, "revocation_notice", values, unit_id=made.unit_id, subject_id=made.person_id)
    told = message("%(name)s的解聘决定已撤销（%(number)s）。", name=made.person.name, number=letter.number)
    tell_parties(call, made, told)
    return {"revocation_number": letter.number, "new_post": str(post.id) if post else ""}


@operation("dismissal.certify_again", zh="制发聘书", en="Make the certificate")
def certify_again(call: Call) -> Variables:
    """For the rest of the term, never backdated; the appointment follows the one that had ended (T06)."""
    before, post = this_review(call).appointment, post_of(call.session, identified(call.data["new_post"]))
    start, end = clock.today(), before.term_end
    values = {"name": before.person.name, "district": post.unit.name, "term_from": start, "term_until": end}
    paper = issue(call, "certificate", values, unit_id=post.unit_id, subject_id=before.person_id)
    made = appointments.appoint(
        call.session, call.actor, post, before.person, round_id=before.round_id, term_start=start, term_end=end,
        certificate_number=paper.number, certificate_file_id=paper.file_id, issued_on=paper.dated,
        predecessor_id=before.id,
    )  # fmt: skip
    change_status(call.session, call.actor, post, PostStatus.PROPOSED, "撤销解聘决定后重新聘任")
    change_status(call.session, call.actor, post, PostStatus.DECIDED, "撤销解聘决定后重新聘任")
    return {
        "appointment_id": str(made.id),
        "certificate_number": paper.number,
        "unit_name": post.unit.name,
        "new_term": f"{chinese_date(start)}至{chinese_date(end)}",
        "accept": "",
    }


def _again(call: Call) -> Appointment:
    return appointment_of(call.session, identified(call.data["appointment_id"]))


@operation("dismissal.appoint_again", zh="恢复聘任、专家库和权限", en="Restore appointment, library and access")
def appoint_again(call: Call) -> Variables:
    """In office again, with the planner's access; the district is told."""
    made = _again(call)
    appointments.take_up(call.session, call.actor, made, clock.today())
    post = post_of(call.session, made.post_id)
    change_status(call.session, call.actor, post, PostStatus.FILLED, made.certificate_number)
    expert = expert_for(call.session, made.person_id)
    if expert is not None:
        experts.take_office(call.session, call.actor, expert, f"聘书{made.certificate_number}")
    _give_access(call, made)
    told = message("%(name)s已重新受聘为%(unit)s首席规划师。", name=made.person.name, unit=made.unit.name)
    here = f"bureau:{made.unit_id}"
    notify(call.session, "result", told, role="district_bureau.clerk", organization_id=here, case_id=call.case.id)
    return {}


def _give_access(call: Call, made: Appointment) -> None:
    person = call.session.get_one(Person, made.person_id)
    held = (PostHolding.person_id == person.id, PostHolding.role == "planner")
    last = func.coalesce(PostHolding.valid_to, made.term_end)
    if call.session.scalar(select(PostHolding.id).where(*held, last >= clock.today()).limit(1)) is None:
        people.hold(call.session, call.actor, person, "planner", valid_from=clock.today())


@operation("dismissal.decline_again", zh="登记未接受", en="Record that it was not accepted")
def decline_again(call: Call) -> Variables:
    """The certificate is void; the post is vacant as before, the revocation stands."""
    made, reason = _again(call), text(call.data, "decline_reason") or "逾期未签收聘书"
    appointments.end(call.session, call.actor, made, AppointmentStatus.REVOKED, clock.today(), reason)
    change_status(call.session, call.actor, post_of(call.session, made.post_id), PostStatus.VACANT, reason)
    return {}
