"""遴选合议: the book, the meeting of both bureaus, and what is said to its list afterwards (第六条(三))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.answers import Row, answers, file_id, identified, identified_all, last_sent, rows, text, this_round
from handlers.appointment.deliberation_papers import issue_papers
from handlers.appointment.post_rows import post_rows, route_b_rows
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.registers import deliberations, experts
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application, application_of, selectable_applications
from processes.registers.deliberations import Deliberation
from processes.registers.history import change_status
from processes.registers.matching import book, conflicts
from processes.registers.nominations import (
    CURRENT,
    Nomination,
    NominationStatus,
    for_post,
    move_up,
    nominate,
    nomination_of,
    nominations_of,
    stand,
)
from processes.registers.planner_posts import (
    PlannerPost,
    PostStatus,
    count_with_status,
    declare_vacant,
    posts_of,
)
from processes.registers.rounds import Round, RoundStatus

Variables = dict[str, Any]
NAMED = frozenset({"建议人选", "统筹安排", "邻区兼任"})
"""Ways to deal with a post that name a person."""
CALL_AGAIN = "二次报名"
SECOND_CALL_DAYS = 10
"""Days for which a second call is open (D)."""
KEEP, RESERVE = "维持建议名单", "改用备选人选"


@operation("appointment.build_book", zh="形成合议材料", en="Build the deliberation book")
def build_book(call: Call) -> Variables:
    """Put candidates and posts side by side, conflicts marked."""
    met = this_round(call)
    change_status(call.session, call.actor, met, RoundStatus.DELIBERATION)
    candidates = selectable_applications(call.session, met.id)
    made = book(posts_of(call.session, met.id), candidates)
    return {
        "candidates_total": len(candidates),
        "conflicts_total": conflicts(made),
        "post_rows": post_rows(call.session, met),
        "route_b_rows": route_b_rows(candidates),
    }


@operation("appointment.record_deliberation", zh="登记合议结果", en="Record the deliberation")
def record_deliberation(call: Call) -> Variables:
    """Write down the meeting, the recognitions and the nominations; issues T03 and T15."""
    given = answers(call)
    met = this_round(call)
    reserved = [(text(row, "member"), text(row, "text")) for row in rows(given, "reserved")]
    meeting = deliberations.record_deliberation(call.session, call.actor, met, _meeting_facts(given), reserved)
    for row in rows(given, "route_b"):
        _recognise(call, row)
    posts = {post.label: post for post in posts_of(call.session, met.id)}
    named = rows(given, "per_post")
    for row in named:
        _put(call, meeting, posts[row["post"]], row)
    _leave_out_the_others(call, met)
    issue_papers(call, meeting)
    again = any(row.get("how") == CALL_AGAIN for row in named)
    until = clock.today() + timedelta(days=SECOND_CALL_DAYS) if again else None
    return {
        "second_call": again,
        "call_until": until.isoformat() if until else None,
        "nominees_total": len(nominations_of(call.session, met.id, *CURRENT)),
        "vacant_total": count_with_status(call.session, met.id, PostStatus.VACANT),
        "post_rows": post_rows(call.session, met),
    }


def _meeting_facts(given: Mapping[str, Any]) -> Variables:
    at = datetime.fromisoformat(given["meet_at"])
    moment = at if at.tzinfo else at.replace(tzinfo=clock.CITY)
    return {
        "met_at": moment,
        "met_on": clock.local(moment).date(),
        **{key: text(given, key) for key in ("place", "chair", "recorder", "observers")},
        "members": [dict(row) for row in rows(given, "members")],
        "minutes_file_id": file_id(given.get("minutes")),
    }


def _recognise(call: Call, row: Row) -> None:
    """The panel recognises practice, theory and influence in words and by vote (第四条(二)), or does not."""
    person = application_of(call.session, identified(row["applicant"]))
    person.recognised = row.get("recognised") == "认定"
    person.recognition_reasons, person.recognition_votes = text(row, "reasons"), text(row, "votes")
    if person.recognised:
        enter_library(call, person)
        return
    for nomination in _of(call, person):
        stand(call.session, call.actor, nomination, NominationStatus.DROPPED, person.recognition_reasons)
    change_status(call.session, call.actor, person, ApplicationStatus.INELIGIBLE, person.recognition_reasons)


def _of(call: Call, person: Application) -> list[Nomination]:
    mine = nominations_of(call.session, person.round_id, *CURRENT, NominationStatus.RESERVE)
    return [each for each in mine if each.application_id == person.id]


def enter_library(call: Call, person: Application) -> experts.Expert:
    """A person found fit becomes a candidate in the expert library (第十条)."""
    return experts.enter_library(
        call.session,
        call.actor,
        person.person,
        f"报名{person.number}",
        employer_id=person.employer_id,
        title_level=person.title_level,
        title_name=person.title_name,
        planner_cert=person.planner_cert,
        planner_cert_no=person.planner_cert_no,
        specialties=list(person.specialties),
        route=person.route,
    )


def _put(call: Call, meeting: Deliberation, post: PlannerPost, row: Row) -> None:
    """Bring the nominations of one post to what the panel has put down."""
    wanted = {}
    if row.get("how") in NAMED:
        wanted = {key: identified(row[key]) for key in ("nominee", "reserve1", "reserve2") if row.get(key)}
    keep = list(wanted.values())
    for old in for_post(call.session, post.id, *CURRENT, NominationStatus.RESERVE):
        if old.application_id not in keep:
            stand(call.session, call.actor, old, NominationStatus.DROPPED, "合议调整")
    for rank, key in enumerate(("nominee", "reserve1", "reserve2")):
        if key in wanted:
            _name(call, meeting, post, wanted[key], rank, row)
    _mark(call, post, row)


def _name(call: Call, meeting: Deliberation, post: PlannerPost, application_id: Any, rank: int, row: Row) -> None:
    """Name a person; one who stands for the post already is not asked about again."""
    standing = for_post(call.session, post.id, *CURRENT)
    if rank == 0 and any(each.application_id == application_id for each in standing):
        return
    for old in for_post(call.session, post.id, *CURRENT, NominationStatus.RESERVE):
        if old.application_id == application_id and (old.status in CURRENT) != (rank == 0):
            stand(call.session, call.actor, old, NominationStatus.DROPPED, "合议调整")
    facts = {"deliberation_id": meeting.id, "votes": text(row, "votes"), "reason": text(row, "reason")}
    nominate(call.session, call.actor, post, application_of(call.session, application_id), rank, **facts)


def _mark(call: Call, post: PlannerPost, row: Row) -> None:
    how = row.get("how")
    if how in NAMED:
        change_status(call.session, call.actor, post, PostStatus.PROPOSED)
    elif how == CALL_AGAIN:
        change_status(call.session, call.actor, post, PostStatus.OPEN, text(row, "reason"))
    else:
        declare_vacant(call.session, call.actor, post, text(row, "reason"))


def _leave_out_the_others(call: Call, met: Round) -> None:
    """Who was named for no post is told so at the end; a later meeting may still name such a person."""
    named = {each.application_id for each in nominations_of(call.session, met.id, *CURRENT, NominationStatus.RESERVE)}
    for person in selectable_applications(call.session, met.id):
        if person.id not in named:
            change_status(call.session, call.actor, person, ApplicationStatus.NOT_SELECTED)


@operation("appointment.apply_hr_objection", zh="按市人力社保局意见调整", en="Apply the HR bureau's objection")
def apply_hr_objection(call: Call) -> Variables:
    """Put the reserves in the place of those with whom the HR bureau disagrees; the panel meets again."""
    for nomination, reason in _objected(call):
        nomination.hr_reason = reason
        stand(call.session, call.actor, nomination, NominationStatus.HR_OBJECTED, reason)
        if (
            move_up(call.session, call.actor, nomination.post, f"市人力社保局不同意{nomination.application.name}")
            is None
        ):
            change_status(call.session, call.actor, nomination.post, PostStatus.OPEN, reason)
    rounds_so_far = int(call.data.get("hr_rounds") or 0)
    return {"hr_rounds": rounds_so_far + 1, "post_rows": post_rows(call.session, this_round(call))}


def _objected(call: Call) -> list[tuple[Nomination, str]]:
    """The people the HR bureau last disagreed with and who still stand, each with the reason."""
    submission = last_sent(call.session, call.case, "hr_opinion")
    given = submission.answers if submission else {}
    listed = rows(given, "objected")
    ids = identified_all(listed)
    found = [(nomination_of(call.session, each), text(row, "reason")) for each, row in zip(ids, listed, strict=True)]
    return [
        (nomination, reason or text(given, "reason")) for nomination, reason in found if nomination.status in CURRENT
    ]


@operation("appointment.record_leaders", zh="登记两局领导意见", en="Record both leaders' views")
def record_leaders(call: Call) -> Variables:
    """Both leaders' views are kept; where they agree the list follows, where they differ the panel meets again."""
    city, hr = text(call.data, "city_view"), text(call.data, "hr_view")
    result = {(KEEP, KEEP): "keep", (RESERVE, RESERVE): "reserve"}.get((city, hr), "apart")
    for nomination, reason in _objected(call):
        nomination.hr_reason = reason
        nomination.views = [*nomination.views, *_views(call)]
        if result == "reserve":
            stand(call.session, call.actor, nomination, NominationStatus.HR_OBJECTED, reason)
            if move_up(call.session, call.actor, nomination.post, "两局领导一致意见") is None:
                declare_vacant(call.session, call.actor, nomination.post, "人选未获两局一致同意，无备选人选")
    return {"leaders_result": result, "post_rows": post_rows(call.session, this_round(call))}


def _views(call: Call) -> list[Variables]:
    forms = (("市规划自然资源局", "city", "city_leader_view"), ("市人力社保局", "hr", "hr_leader_view"))
    found = []
    for body, key, form in forms:
        submission = last_sent(call.session, call.case, form)
        person = submission.person if submission else ""
        view, reason = text(call.data, f"{key}_view"), text(call.data, f"{key}_reason")
        found.append({"body": body, "person": person, "view": view, "reason": reason, "at": call.now.isoformat()})
    return found
