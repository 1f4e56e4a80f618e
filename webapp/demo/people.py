"""The people of the demonstration: one log-in for each post, all with the same password; every name is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes import clock
from processes.identity import passwords
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, PostHolding, Unit
from processes.identity.people import actor_of
from webapp.demonstration import DEMONSTRATION_PASSWORD

DATA = Path(__file__).with_name("data")
SURNAMES = "陈李张王刘杨周吴罗黄何曾唐谭邓冉向田秦代"
GIVEN = [
    "明远",
    "思源",
    "立群",
    "雨桐",
    "志恒",
    "文倩",
    "建业",
    "晓岚",
    "少川",
    "一帆",
    "若溪",
    "正平",
    "海燕",
    "启航",
    "家骏",
    "静宜",
    "云帆",
    "书琴",
    "国栋",
    "心怡",
]

OFFICES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("owner", "唐明远", "city_bureau", ("process_owner",)),
    ("manager", "周国栋", "city_bureau", ("manager",)),
    ("admin", "秦少川", "city_bureau", ("administrator",)),
    ("auditor", "谭静宜", "city_bureau", ("auditor",)),
    ("city.clerk", "陈思源", "city_bureau", ("city_bureau.clerk",)),
    ("city.section", "李文倩", "city_bureau", ("city_bureau.section",)),
    ("city.leader", "王建业", "city_bureau", ("city_bureau.leader",)),
    ("city.finance", "何书琴", "city_bureau", ("city_bureau.finance",)),
    ("hr.clerk", "刘晓岚", "hr_bureau", ("hr_bureau.clerk",)),
    ("hr.leader", "杨正平", "hr_bureau", ("hr_bureau.leader",)),
)
"""Log-in, name, organization and posts of those who work at the two city bureaus."""


def data(name: str) -> Any:
    """One of the demonstration's data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Candidate:
    """Somebody who applies, as the story tells it."""

    id: str
    name: str
    employer: int
    title_level: str
    planner_cert: str
    outcome: str
    account: str = ""
    """The log-in, where it is not that of an applicant."""

    @property
    def login(self) -> str:
        return self.account or f"applicant.{self.id}"

    @property
    def general(self) -> bool:
        """Whether title and qualification are both there (route A)."""
        return self.title_level in ("副高级", "正高级") and self.planner_cert != "无"


def candidates() -> list[Candidate]:
    """The sixty people who apply."""
    return [Candidate(**row) for row in data("applicants.json")["applicants"]]


def sitting_planner() -> Candidate:
    """A planner in office who applies again."""
    row = data("planners.json")[0]
    return Candidate(row["id"], row["name"], 1, "正高级", "注册城乡规划师", "route_A_ok", f"planner.{row['id']}")


class Town:
    """The people of the demonstration, found by their log-in."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def actor(self, login: str) -> Actor:
        """Somebody as the desk sees him today."""
        person = self.session.scalars(select(Person).where(Person.login == login)).one()
        return actor_of(self.session, person, clock.today())


def settle(session: Session) -> None:
    """Make all people and employers of the demonstration."""
    hashed = passwords.hashed(DEMONSTRATION_PASSWORD)
    for number, name in enumerate(data("applicants.json")["employers"], 1):
        session.add(Organization(id=f"employer:{number}", kind="employer", name=name))
    session.flush()
    session.execute(update(Organization).values(confirmed=True))
    for login, name, posts in (*_offices(session), *_employers(), *_candidates(), *_planners()):
        _enter(session, hashed, login, name, posts)
    session.flush()


Posts = list[tuple[str, str | None, date | None, date | None]]


def _enter(session: Session, hashed: str, login: str, name: str, posts: Posts) -> None:
    now = clock.now()
    person = Person(login=login, name=name, password_hash=hashed, created_at=now, password_set_at=now)
    session.add(person)
    session.flush()
    session.add_all(
        PostHolding(person_id=person.id, role=role, organization_id=organization, valid_from=since, valid_to=until)
        for role, organization, since, until in posts
    )


def _offices(session: Session) -> Iterator[tuple[str, str, Posts]]:
    for login, name, organization, roles in OFFICES:
        yield login, name, [(role, organization, None, None) for role in roles]
    for place, unit in enumerate(session.scalars(select(Unit).order_by(Unit.place)).all()):
        code = unit.division_code or unit.id.rsplit("-", 1)[-1]
        for step, (prefix, kind) in enumerate((("gov", "district_government"), ("bureau", "district_bureau"))):
            posts: Posts = [(f"{kind}.{rank}", f"{prefix}:{unit.id}", None, None) for rank in ("clerk", "leader")]
            yield f"{prefix}.{code}", name_of(2 * place + step), posts


def _employers() -> Iterator[tuple[str, str, Posts]]:
    for number, _ in enumerate(data("applicants.json")["employers"], 1):
        yield f"employer.{number}", name_of(200 + number), [("employer.clerk", f"employer:{number}", None, None)]


def _candidates() -> Iterator[tuple[str, str, Posts]]:
    for each in candidates():
        yield each.login, each.name, [("applicant", None, None, None)]


def _planners() -> Iterator[tuple[str, str, Posts]]:
    for row in data("planners.json"):
        since, until = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
        yield f"planner.{row['id']}", row["name"], [("planner", None, since, until), ("applicant", None, None, None)]


def name_of(number: int) -> str:
    """An invented name; equal numbers give equal names."""
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[(number * 3 + number // len(SURNAMES)) % len(GIVEN)]
