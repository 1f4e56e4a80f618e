"""The places on the left of every page, from one table; a person sees those that the posts held open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import notices
from processes.engine import inbox
from processes.engine.definitions import startable
from processes.engine.verbs import circulating
from processes.engine.verbs.handing_over import MAY_HAND_OVER
from processes.identity.actor import Actor
from processes.paging import MOST_BESIDE, capped
from webapp.access import access_of
from webapp.desk import current_desk
from webapp.visitors import current_actor, visitor


@dataclass(frozen=True)
class Place:
    """A place one may go to: where, what it is called, and whose it is beyond what its view says."""

    title: LazyString
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    posts: frozenset[str] = frozenset()
    """Shown to the holders of these posts; empty: to whoever may open it."""
    empty_for: frozenset[str] = frozenset()
    """Not shown to those who hold these posts alone: they would find nothing there."""
    number: str = ""
    """Which number stands beside it."""
    late: str = ""
    """Which number says how many of them are late."""
    needs: str = ""
    """Shown only while this number is above zero."""
    views: frozenset[str] = frozenset()
    """Views of the endpoint that this place stands for; empty: the one in `values`."""
    is_button: bool = False


@dataclass(frozen=True)
class Section:
    """Places under one heading."""

    title: LazyString | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Shown:
    """A place as one person sees it on one page."""

    title: str
    url: str
    current: bool
    count: int
    late: int
    is_button: bool


@dataclass(frozen=True)
class ShownSection:
    """A heading with the places a person sees below it."""

    title: str
    places: list[Shown]


NO_CASES = frozenset({"administrator"})
"""Posts that have no part in any case."""
ALONE = frozenset({"applicant", "planner", "auditor"})
"""Posts of people for whom nobody stands in."""
NAVIGATION: tuple[Section, ...] = (
    Section(
        None,
        (
            Place(_l("发起事项"), "start.index", needs="startable", is_button=True),
            Place(
                _l("待办"),
                "inbox.index",
                views=frozenset({"", "todo", "mine", "group", "stand_in", "held"}),
                number="todo",
                late="overdue",
            ),
            Place(_l("已办"), "inbox.index", {"view": "done"}),
            Place(_l("我发起的"), "inbox.index", {"view": "started"}, number="started"),
            Place(_l("草稿"), "inbox.index", {"view": "drafts"}, number="drafts"),
            Place(_l("抄送与沟通"), "circulations.index", number="copies"),
            Place(_l("代理"), "stand_ins.index", empty_for=ALONE),
            Place(_l("常用意见"), "phrases.index", empty_for=ALONE),
            Place(_l("消息提醒"), "notices.index", number="unread"),
        ),
    ),
    Section(
        _l("查阅"),
        (
            Place(_l("案件"), "cases.index", empty_for=NO_CASES),
            Place(_l("各单位待办"), "waiting.index", empty_for=NO_CASES),
            Place(_l("监督总览"), "oversight.index"),
            Place(_l("预警"), "warnings.index"),
            Place(_l("全市概况"), "cards.overview"),
            Place(_l("履职卡"), "cards.own"),
            Place(_l("工作提问"), "questions.index"),
            Place(_l("台账"), "registers.index"),
            Place(_l("法规库"), "laws.index"),
            Place(_l("导入"), "imports.index"),
            Place(_l("口径与开关"), "switches.index"),
            Place(_l("我的视图"), "saved_views.index"),
            Place(_l("我的报名"), "applications.index"),
        ),
    ),
    Section(
        _l("管理"),
        (
            Place(_l("流程工作室"), "studio.index"),
            Place(_l("故障"), "incidents.index"),
            Place(_l("人员与岗位"), "people.index"),
            Place(_l("机构"), "organizations.index"),
            Place(_l("工作交接"), "hand_overs.index", posts=frozenset(MAY_HAND_OVER)),
            Place(_l("消息推送"), "hooks.index"),
            Place(_l("审计日志"), "audit.index"),
        ),
    ),
)
"""A place whose view is not installed is not shown."""


def navigation_places() -> list[ShownSection]:
    """The places the visitor may go to from the page that is drawn."""
    numbers = _numbers()
    sections = []
    for section in NAVIGATION:
        places = [_shown(each, numbers) for each in section.places if _is_open(each, numbers)]
        if places:
            sections.append(ShownSection(str(section.title) if section.title else "", places))
    return sections


def _is_open(place: Place, numbers: Mapping[str, int]) -> bool:
    view = current_app.view_functions.get(place.endpoint)
    actor = visitor()
    access = access_of(view)
    if view is None or actor is None or access is None:
        return False
    if place.posts and not actor.has(*place.posts):
        return False
    held = {each.role for each in actor.holdings}
    if held and held <= place.empty_for:
        return False
    if place.needs and not numbers[place.needs]:
        return False
    return not access.posts or actor.has(*access.posts)


def _shown(place: Place, numbers: Mapping[str, int]) -> Shown:
    views = place.views or {place.values.get("view", "")}
    is_here = request.endpoint == place.endpoint and request.args.get("view", "") in views
    return Shown(
        title=str(place.title),
        url=url_for(place.endpoint, **place.values),
        current=is_here,
        count=numbers[place.number] if place.number else 0,
        late=numbers[place.late] if place.late else 0,
        is_button=place.is_button,
    )


def _numbers() -> Mapping[str, int]:
    if "numbers" not in g:
        with current_desk().db.reading() as session:
            return numbers_beside(session, current_actor())
    found: Mapping[str, int] = g.numbers
    return found


def numbers_beside(session: Session, actor: Actor) -> Mapping[str, int]:
    """What stands beside the places, asked for once a request and in one statement."""
    if "numbers" not in g:
        asked = {**inbox.numbers(actor), "unread": notices.unread(actor), "copies": circulating.unread(actor)}
        row = session.execute(select(*(each.label(name) for name, each in asked.items()))).one()
        counts = {name: capped(getattr(row, name), MOST_BESIDE) for name in asked}
        g.numbers = {**counts, "startable": len(startable(session, actor))}
    found: Mapping[str, int] = g.numbers
    return found
