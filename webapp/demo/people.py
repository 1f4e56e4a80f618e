"""The people of the demonstration: one log-in for each post, all with the same password; every name is invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes import clock
from processes.identity import passwords
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, PostHolding, Unit
from processes.identity.people import actor_of
from webapp.demo.year.afterwards import services_after
from webapp.demo.year.reading import own_story
from webapp.demo.year.story import Applicant, Service, YearStory
from webapp.demonstration import DEMONSTRATION_PASSWORD

Posts = list[tuple[str, str | None, date | None, date | None]]
"""Role, organization, first and last day of each post that somebody holds."""
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
    ("panel.1", "向正平", "city_bureau", ("panel.member",)),
    ("panel.2", "秦海燕", "city_bureau", ("panel.member",)),
    ("panel.3", "代启航", "city_bureau", ("panel.member",)),
    ("panel.4", "冉静宜", "city_bureau", ("panel.member",)),
    ("hr.clerk", "刘晓岚", "hr_bureau", ("hr_bureau.clerk",)),
    ("hr.leader", "杨正平", "hr_bureau", ("hr_bureau.leader",)),
)
"""Log-in, name, organization and posts of those who work at the two city bureaus."""


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
        """Under which name the candidate logs in."""
        return self.account or f"applicant.{self.id}"

    @property
    def general(self) -> bool:
        """Whether title and qualification are both there (route A)."""
        return self.title_level in ("副高级", "正高级") and self.planner_cert != "无"


def candidates() -> list[Candidate]:
    """Everybody who applies in the desk's own story."""
    return [candidate(own_story(), each) for each in own_story().applicants]


def candidate(story: YearStory, told: Applicant, account: str = "") -> Candidate:
    """Somebody who applies, with the employer by number."""
    employer = story.employers.index(told.employer) + 1
    return Candidate(told.id, told.name, employer, told.title_level, told.planner_cert, told.outcome, account)


def sitting_planner() -> Candidate:
    """A planner in office who applies again."""
    first = own_story().services[0]
    return Candidate(first.planner, first.name, 1, "正高级", "注册城乡规划师", "route_A_ok", first.login)


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
    _settle(session, own_story().employers, (*_candidates(), *_planners()))


def settle_candidates(session: Session, employers: Sequence[str], people: Iterable[Candidate]) -> None:
    """Make the offices, the employers and those who will apply; nobody is a planner before he is appointed."""
    applicants: Posts = [("applicant", None, None, None)]
    _settle(session, employers, ((each.login, each.name, applicants) for each in people))


def _settle(session: Session, employers: Sequence[str], others: Iterable[tuple[str, str, Posts]]) -> None:
    hashed = passwords.hashed(DEMONSTRATION_PASSWORD)
    for number, name in enumerate(employers, 1):
        session.add(Organization(id=f"employer:{number}", kind="employer", name=name))
    session.flush()
    session.execute(update(Organization).values(confirmed=True))
    for login, name, posts in (*_offices(session), *_employers(len(employers)), *others):
        _enter(session, hashed, login, name, posts)
    session.flush()


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
        paying: Posts = [("district_bureau.finance", f"bureau:{unit.id}", None, None)]
        yield f"finance.{code}", name_of(300 + place), paying


def _employers(count: int) -> Iterator[tuple[str, str, Posts]]:
    for number in range(1, count + 1):
        yield f"employer.{number}", name_of(200 + number), [("employer.clerk", f"employer:{number}", None, None)]


def _candidates() -> Iterator[tuple[str, str, Posts]]:
    for each in candidates():
        yield each.login, each.name, [("applicant", None, None, None)]


def _planners() -> Iterator[tuple[str, str, Posts]]:
    """Each planner once, from the first day in office to the last."""
    served: dict[str, list[Service]] = {}
    for each in services_after(own_story()):
        served.setdefault(each.login, []).append(each)
    for login, spans in served.items():
        first, last = min(each.start for each in spans), max(each.end for each in spans)
        yield login, spans[0].name, [("planner", None, first, last), ("applicant", None, None, None)]


def name_of(number: int) -> str:
    """An invented name; equal numbers give equal names."""
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[(number * 3 + number // len(SURNAMES)) % len(GIVEN)]
