"""空缺与需求: a post without its planner, what the district needs, who could serve (第二条、第六条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.answers import answers, day, identified, text
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.appointments import Appointment, AppointmentStatus, appointment_of
from processes.registers.experts import Expert, ExpertStatus
from processes.registers.history import change_status
from processes.registers.nominations import NominationStatus, for_post
from processes.registers.planner_posts import PlannerPost, PostStatus, post_of

Variables = dict[str, Any]
FILL_WD = 30
"""Working days in which a vacant post should be filled (D)."""
MOST_SUGGESTED = 20
MOST_MONTHS = 6
"""Months somebody may act (D)."""
VACANT, LEAVE, CHANGE = "岗位出缺", "休假", "区县要求更换"


def latest_acting_day(first: date) -> date:
    """The last day on which somebody who begins to act on a day may still act.

    >>> latest_acting_day(date(2026, 8, 31))
    datetime.date(2027, 2, 28)
    """
    month = first.month + MOST_MONTHS
    year, month = first.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date.resolution).day
    return date(year, month, min(first.day, last))


@operation("replacement.open", zh="识别岗位", en="Find the post")
def open_vacancy(call: Call) -> Variables:
    """The post, its district, and whoever served there last."""
    appointment = appointment_of(call.session, identified(call.data.get("appointment_id")))
    post = post_of(call.session, identified(call.data.get("post_id") or appointment.post_id))
    by_hand = bool(call.data.get("by_hand"))
    given = answers(call) if by_hand else {}
    occasion = text(given, "occasion") or VACANT
    due = call.house.calendar.add_workdays(clock.today(), FILL_WD)
    first = _first_day(call, given)
    latest = latest_acting_day(first)
    call.case.unit_id = post.unit_id
    return {
        "appointment_id": str(appointment.id),
        "person_id": str(appointment.person_id),
        "planner_name": appointment.person.name,
        "post_id": str(post.id),
        "post_label": post.label,
        "unit_id": post.unit_id,
        "unit_name": post.unit.name,
        "occasion": occasion,
        "reason": text(given, "occasion_reason") or text(call.data, "reason") or occasion,
        "vacant_from": first.isoformat(),
        "leave_until": given.get("last_day"),
        "acting_last": min(day(given.get("last_day")) or latest, latest).isoformat(),
        "fill_due": due.isoformat(),
        "late_told": False,
        "need": "",
        "wishes": "",
    }


def _first_day(call: Call, given: Any) -> date:
    return day(given.get("first_day")) or day(call.data.get("vacant_from")) or clock.today()


@operation("replacement.suggest", zh="从专家库推荐", en="Suggest from the library")
def suggest(call: Call) -> Variables:
    """Reserves of the post first, then people of the library by the specialties asked for; people choose."""
    post = post_of(call.session, identified(call.data["post_id"]))
    reserves = for_post(call.session, post.id, NominationStatus.RESERVE)
    rows = [{"name": each.application.name, "why": "本岗位备选", "matches": 0} for each in reserves]
    known = {each.application.person_id for each in reserves}
    free = select(Expert).where(Expert.status.in_((ExpertStatus.CANDIDATE, ExpertStatus.EXPIRED)))
    others = [each for each in call.session.scalars(free) if each.person_id not in known]
    ordered = sorted(others, key=lambda each: (-_matches(post, each), each.name, str(each.id)))
    rows += [{"name": each.name, "why": "专家库", "matches": _matches(post, each)} for each in ordered]
    return {
        "suggestions": rows[:MOST_SUGGESTED],
        "need_says": call.data.get("need") or "区县逾期未答复",
        "acting_says": _acting_says(call),
    }


def _acting_says(call: Call) -> str:
    """What everybody said of the last acting that was proposed; silence is no consent."""
    name = text(call.data, "acting_name")
    if not name:
        return "尚未提出代理人"
    parties = (("planner_consent", "本人"), ("own_consent", "本区县"), ("neighbour_consent", "邻区"))
    said = "，".join(f"{who}{text(call.data, key) or '逾期未答复'}" for key, who in parties)
    refused = "；市局领导不批准" if text(call.data, "approval") == "不批准" else ""
    return f"拟由{name}代理：{said}{refused}"


def _matches(post: PlannerPost, expert: Expert) -> int:
    return len(set(post.specialties) & set(expert.specialties))


@operation("replacement.close_post", zh="撤销岗位", en="Close the post")
def close_post(call: Call) -> Variables:
    """The district no longer needs the post."""
    post = post_of(call.session, identified(call.data["post_id"]))
    change_status(call.session, call.actor, post, PostStatus.CLOSED, text(call.data, "way_reason"))
    return {}


@operation("replacement.leave_vacant", zh="登记保持空缺", en="Leave the post vacant")
def leave_vacant(call: Call) -> Variables:
    """Why nobody serves, and what is to be done, stays with the post."""
    post = post_of(call.session, identified(call.data["post_id"]))
    post.next_step = text(call.data, "way_reason")
    return {}


@operation("replacement.tell_late", zh="提请督办", en="Tell that the post is still vacant")
def tell_late(call: Call) -> Variables:
    """After thirty working days section and leader are told, once; the round goes on."""
    post = post_of(call.session, identified(call.data["post_id"]))
    if not call.data.get("late_told"):
        told = message("%(post)s空缺已超过三十个工作日，请督办。", post=post.label)
        for role in ("city_bureau.section", "city_bureau.leader"):
            notify(call.session, "escalation", told, role=role, organization_id="city_bureau", case_id=call.case.id)
    return {"late_told": True}


@operation("replacement.look", zh="核对补选结果", en="See what the short round came to")
def look(call: Call) -> Variables:
    """The round has ended, or was given up: somebody serves at the post, or nobody was found."""
    post = post_of(call.session, identified(call.data["post_id"]))
    return {"fill_state": "已到岗" if successor(call, post) is not None else "补选未果"}


def successor(call: Call, post: PlannerPost) -> Appointment | None:
    """Whoever serves at the post now, after the one who left."""
    here = select(Appointment).where(
        Appointment.post_id == post.id,
        Appointment.status == AppointmentStatus.IN_OFFICE,
        Appointment.id != identified(call.data["appointment_id"]),
    )
    return call.session.scalars(here.order_by(Appointment.term_start.desc()).limit(1)).first()
