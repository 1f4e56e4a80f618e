"""The check of a deliberation: quorum, conflicts, recognitions, one person one post, every post (第六条(三))."""

from __future__ import annotations

import re
from collections import Counter
from uuid import UUID

from handlers.answers import Row, identified, rows, text, this_round
from handlers.appointment.deliberation import CALL_AGAIN, NAMED
from handlers.appointment.people_checks import Choice, unfit
from handlers.checking import Problems
from handlers.registry import validator
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.applications import application_of
from processes.registers.planner_posts import posts_of
from processes.registers.switches import readings_on

LEAST_MEMBERS = 5
"""Members of a deliberation (D)."""
BUREAUS = ("市规划自然资源局", "市人力社保局")
NEIGHBOUR = "邻区兼任"
MOST_POSTS_OF_ONE = 2
"""Units one planner may serve with the consent of all, unless the switch `person.max_units` allows more (D)."""
MOST_CALLS = 2
SEATS = ("nominee", "reserve1", "reserve2")
_VOTES = re.compile(r"([0-9]+)\s*票")


@validator("appointment.deliberation", zh="遴选合议：人数、回避与表决", en="Deliberation: members, conflicts and votes")
def deliberation(check: FormCheck) -> None:
    """A deliberation can be recorded."""
    problems = Problems()
    members = rows(check.answers, "members")
    _check_members(members, problems)
    _check_reserved(check, members, problems)
    recognised = _check_recognitions(check, members, problems)
    choices = _choices(check, problems)
    for choice in choices:
        problem = unfit(check.session, choice, recognised)
        if problem is not None:
            problems.add(choice.field, problem)
    _check_one_post(check, choices, problems)
    _check_votes(check, members, choices, problems)
    problems.refuse()


def _check_members(members: list[Row], problems: Problems) -> None:
    names = [text(row, "name") for row in members]
    if len(set(names)) < LEAST_MEMBERS:
        problems.add("members", message("参会人员不少于%(count)s人。", count=LEAST_MEMBERS))
    for bureau in BUREAUS:
        if not any(row.get("body") == bureau for row in members):
            problems.add("members", message("参会人员应包括%(bureau)s的人员（第六条(三)）。", bureau=bureau))
    for place, name in enumerate(names):
        if name in names[:place]:
            problems.add(f"members.{place}.name", message("与前面的参会人员重复。"))


def _check_reserved(check: FormCheck, members: list[Row], problems: Problems) -> None:
    names = {text(row, "name") for row in members}
    for place, row in enumerate(rows(check.answers, "reserved")):
        if text(row, "member") not in names:
            problems.add(f"reserved.{place}.member", message("保留意见应由参会人员提出。"))


def _check_recognitions(check: FormCheck, members: list[Row], problems: Problems) -> set[UUID]:
    """Recognition is people's, in words and by vote (第四条(二)); gives the people recognised."""
    recognised = set()
    for place, row in enumerate(rows(check.answers, "route_b")):
        if not text(row, "reasons"):
            problems.add(f"route_b.{place}.reasons", message("请写明认定或不予认定的理由（第四条(二)）。"))
        if row.get("recognised") != "认定":
            continue
        if not text(row, "votes"):
            problems.add(f"route_b.{place}.votes", message("请填写表决情况（第四条(二)）。"))
        person = identified(row.get("applicant"))
        recognised.add(person)
        if _cast(text(row, "votes")) > _voters(members, person):
            problems.add(f"route_b.{place}.votes", message("票数超过可表决人数：有利害关系的人员不得表决。"))
    return recognised


def _choices(check: FormCheck, problems: Problems) -> list[Choice]:
    """Everybody who is named in any seat."""
    met = this_round(check)
    posts = {post.label: post for post in posts_of(check.session, met.id)}
    found: list[Choice] = []
    for place, row in enumerate(rows(check.answers, "per_post")):
        where, how = f"per_post.{place}", row.get("how")
        seats = {seat: row[seat] for seat in SEATS if row.get(seat)}
        if how not in NAMED:
            for seat in seats:
                problems.add(f"{where}.{seat}", message("未提出人选的岗位不能填写人选。"))
            if not text(row, "reason"):
                problems.add(f"{where}.reason", message("没有人选的岗位，请说明理由和处理方式。"))
            if how == CALL_AGAIN and met.calls >= MOST_CALLS:
                problems.add(f"{where}.how", message("已组织过二次报名，请统筹安排或登记空缺。"))
            continue
        if "nominee" not in seats:
            problems.add(f"{where}.nominee", message("请选择建议人选。"))
        post = posts.get(str(row.get("post")))
        if post is None:
            problems.add(f"{where}.post", message("数据已变化，请刷新页面后重新填写"))
            continue
        for seat, value in seats.items():
            found.append(Choice(f"{where}.{seat}", post, application_of(check.session, identified(value))))
    return found


def _check_one_post(check: FormCheck, choices: list[Choice], problems: Problems) -> None:
    """One person one post, but for a neighbour's planner who serves a second unit; no one twice at a post."""
    most = max(MOST_POSTS_OF_ONE, readings_on(check.session).number("person.max_units"))
    shared = {
        f"per_post.{place}" for place, row in enumerate(rows(check.answers, "per_post")) if row.get("how") == NEIGHBOUR
    }
    nominees = Counter(choice.person.id for choice in choices if _seat(choice) == "nominee")
    seen: set[UUID] = set()
    at_post: set[tuple[UUID, UUID]] = set()
    for choice in choices:
        person = choice.person.id
        if (person, choice.post.id) in at_post:
            problems.add(choice.field, message("同一岗位不能重复填写%(name)s。", name=choice.person.name))
        elif _seat(choice) == "nominee":
            alone = choice.field.rsplit(".", 1)[0] not in shared
            if (person in seen and alone) or nominees[person] > most:
                problems.add(
                    choice.field, message("%(name)s已是其他岗位的建议人选，一人一岗。", name=choice.person.name)
                )
            seen.add(person)
        elif nominees[person]:
            problems.add(choice.field, message("%(name)s已是建议人选，不能同时列为备选。", name=choice.person.name))
        at_post.add((person, choice.post.id))


def _check_votes(check: FormCheck, members: list[Row], choices: list[Choice], problems: Problems) -> None:
    """A member with a conflict does not vote on that person."""
    table = rows(check.answers, "per_post")
    for choice in choices:
        place = int(choice.field.split(".")[1])
        if _seat(choice) == "nominee" and _cast(text(table[place], "votes")) > _voters(members, choice.person.id):
            problems.add(f"per_post.{place}.votes", message("票数超过可表决人数：有利害关系的人员不得表决。"))


def _seat(choice: Choice) -> str:
    return choice.field.rsplit(".", 1)[1]


def _voters(members: list[Row], person: UUID) -> int:
    barred = [row for row in members if row.get("conflict") == "有" and str(row.get("conflict_with")) == str(person)]
    return len(members) - len(barred)


def _cast(votes: str) -> int:
    """How many votes a text such as «同意7票，反对1票» tells of; 0 if it tells of none."""
    return sum(int(number) for number in _VOTES.findall(votes))
