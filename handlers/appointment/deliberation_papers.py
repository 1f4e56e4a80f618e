"""合议材料: the proposed list (T03) and the minutes (T15) of a deliberation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers.documents import issue
from processes.engine.house import Call
from processes.registers.applications import Application, applications_of
from processes.registers.deliberations import Deliberation
from processes.registers.nominations import CURRENT, Nomination, NominationStatus, nominations_of
from processes.registers.planner_posts import PlannerPost, PostStatus, posts_of

Values = dict[str, Any]
NONE = "无"
CITY, HR = "市规划自然资源局", "市人力社保局"


def issue_papers(call: Call, meeting: Deliberation) -> None:
    """Issue both papers of a meeting."""
    issue(call, "nomination_list", nomination_list(call, meeting))
    issue(call, "selection_minutes", minutes(call, meeting))


def nomination_list(call: Call, meeting: Deliberation) -> Values:
    """What T03 says."""
    posts = posts_of(call.session, meeting.round_id)
    named = _named(call, meeting)
    nominees = [each for each in named if each.status in CURRENT]
    return {
        "term": meeting.round.name,
        "meeting_date": meeting.met_on,
        "positions_count": len(posts),
        "nominees_count": len(nominees),
        "vacant_count": sum(post.status == PostStatus.VACANT for post in posts),
        "recognised_count": sum(each.application.by_practice for each in nominees),
        "list_date": meeting.met_on,
        "nominations": [_list_row(place, post, named) for place, post in enumerate(_in_order(posts), start=1)],
    }


def minutes(call: Call, meeting: Deliberation) -> Values:
    """What T15 says."""
    everybody = applications_of(call.session, meeting.round_id)
    to_recognise = [each for each in everybody if each.settled_as == "recognition"]
    named = _named(call, meeting)
    views = [f"{view.member}：{view.text}" for view in meeting.reserved_views]
    return {
        "meeting_number": f"第{meeting.number}期",
        "term": meeting.round.name,
        "meeting_date": meeting.met_on,
        "chair": meeting.chair,
        "place": meeting.place,
        "applicants_count": len(everybody),
        "standard_count": sum(each.settled_as == "eligible" for each in everybody),
        "recognition_count": len(to_recognise),
        "recusals": _recusals(call, meeting, everybody),
        "reservations": "；".join(views) or f"{NONE}。",
        "present_bureau": _present(meeting, CITY),
        "present_personnel": _present(meeting, HR),
        "experts": _present(meeting, "专家"),
        "observers": meeting.observers or NONE,
        "recorder": meeting.recorder,
        "recognitions": [_recognition(each) for each in to_recognise if each.recognised is not None],
        "proposals": [_proposal(post, named) for post in _in_order(posts_of(call.session, meeting.round_id))],
    }


def _named(call: Call, meeting: Deliberation) -> list[Nomination]:
    return list(nominations_of(call.session, meeting.round_id, *CURRENT, NominationStatus.RESERVE))


def _in_order(posts: Iterable[PlannerPost]) -> list[PlannerPost]:
    return sorted(posts, key=lambda post: (post.unit.place, post.number))


def _at(post: PlannerPost, named: list[Nomination]) -> tuple[Nomination | None, str]:
    """Who stands for a post, and the names of the reserves."""
    here = [each for each in named if each.post_id == post.id]
    standing = next((each for each in here if each.status in CURRENT), None)
    reserves = [each.application.name for each in here if each.status == NominationStatus.RESERVE]
    return standing, "、".join(reserves)


def _list_row(place: int, post: PlannerPost, named: list[Nomination]) -> Values:
    standing, reserves = _at(post, named)
    person = standing.application if standing else None
    return {
        "row_number": place,
        "district_name": post.unit.name,
        "direction": post.direction,
        "planner_name": person.name if person else "",
        "employer": person.employer_name if person else "",
        "professional_title": professional_title(person) if person else "",
        "qualification": person.qualification if person else "",
        "alternate": reserves,
        "note": standing.reason if standing else _without(post),
    }


def _without(post: PlannerPost) -> str:
    how = "空缺" if post.status == PostStatus.VACANT else "二次报名"
    return f"{how}：{post.vacancy_reason}" if post.vacancy_reason else how


def _proposal(post: PlannerPost, named: list[Nomination]) -> Values:
    standing, reserves = _at(post, named)
    return {
        "district_name": post.unit.name,
        "direction": post.direction,
        "planner_name": standing.application.name if standing else _without(post),
        "alternate": reserves,
        "vote": standing.votes if standing else "",
    }


def _recognition(person: Application) -> Values:
    decided = "认定" if person.recognised else "不予认定"
    return {
        "planner_name": person.name,
        "ground": f"{decided}。{person.recognition_reasons}",
        "vote": person.recognition_votes,
    }


def professional_title(person: Application) -> str:
    """The title as letters write it."""
    return person.title_name or ("" if person.title_level == NONE else person.title_level)


def _present(meeting: Deliberation, body: str) -> str:
    return "、".join(row["name"] for row in meeting.members if row.get("body") == body) or NONE


def _recusals(call: Call, meeting: Deliberation, everybody: Iterable[Application]) -> str:
    names = {str(each.id): each.name for each in everybody}
    lines = [
        f"{row['name']}同志回避了涉及{names.get(str(row.get('conflict_with')), '有关人选')}的讨论和表决"
        for row in meeting.members
        if row.get("conflict") == "有"
    ]
    return f"{'；'.join(lines)}。" if lines else f"{NONE}。"
