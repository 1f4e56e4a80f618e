"""The rows in which forms show posts and people of a round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from processes.registers.applications import Application, selectable_applications
from processes.registers.matching import Match, book
from processes.registers.nominations import CURRENT, Nomination, NominationStatus, for_post
from processes.registers.planner_posts import PlannerPost, PostStatus, posts_of
from processes.registers.rounds import Round

Row = dict[str, Any]
MOST_LISTED = 8
"""People shown for one post in the book; more are counted."""


def post_rows(session: Session, met: Round) -> list[Row]:
    """One row a post: who could serve there, and how the panel last put it."""
    posts = [post for post in posts_of(session, met.id) if post.status != PostStatus.CLOSED]
    made = book(posts, selectable_applications(session, met.id))
    return [_post_row(session, post, made[post.id]) for post in posts]


def _post_row(session: Session, post: PlannerPost, listed: list[Match]) -> Row:
    named = for_post(session, post.id, *CURRENT)
    reserves = [str(each.application_id) for each in for_post(session, post.id, NominationStatus.RESERVE)]
    current = named[0] if named else None
    return {
        "post": post.label,
        "unit": post.unit_id,
        "specialties": post.direction,
        "applicants": _listed(listed),
        "how": "建议人选" if current else "空缺" if post.status == PostStatus.VACANT else None,
        "nominee": str(current.application_id) if current else None,
        "reserve1": reserves[0] if reserves else None,
        "reserve2": reserves[1] if len(reserves) > 1 else None,
        "votes": current.votes if current else "",
        "reason": current.reason if current else post.vacancy_reason,
    }


def _listed(listed: list[Match]) -> str:
    lines = [f"{place}．{each.line}" for place, each in enumerate(listed[:MOST_LISTED], start=1)]
    more = [f"另有{len(listed) - MOST_LISTED}人"] if len(listed) > MOST_LISTED else []
    return "\n".join([*lines, *more]) or "无人报名"


def route_b_rows(applications: Iterable[Application]) -> list[Row]:
    """One row for each person whom the panel must recognise, or not."""
    return [
        {
            "applicant": str(each.id),
            "grounds": f"{each.practical_reasons or each.finding_reasons}\n"
            f"佐证：业绩{each.experience_evidence}件，影响力{each.influence_evidence}件"
            + ("；曾被解聘，须征求市人力社保局意见" if "PRIOR_DISMISSAL" in each.flags else ""),
            "recognised": {True: "认定", False: "不予认定", None: None}[each.recognised],
            "reasons": each.recognition_reasons,
            "votes": each.recognition_votes,
        }
        for each in applications
        if each.by_practice
    ]


def nominee_rows(nominations: Iterable[Nomination]) -> list[Row]:
    """The people a letter asks about; no identity number, no telephone."""
    return [nominee_row(each) for each in nominations]


def nominee_row(nomination: Nomination) -> Row:
    """One person as a district sees him or her."""
    person = nomination.application
    return {
        "post": nomination.post.label,
        "name": person.name,
        "organization": person.employer_name,
        "title_level": person.title_level,
        "specialties": person.direction,
    }
