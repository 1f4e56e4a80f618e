"""A desk on which the procedures of the year are played: real packages, real engine, a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.documents import JOB_KINDS
from handlers.operations import NAMES, OPERATIONS, OPTIONS, TALLIES, VALIDATORS
from processes import clock
from processes.db import Database
from processes.engine import cases, definitions, messaging, work
from processes.engine.background import Background
from processes.engine.bundles import bundle_at
from processes.engine.house import House, Tally
from processes.engine.models import Case, CaseDocument, WorkItem
from processes.engine.task_forms import TaskForm, form_for, tally_typed
from processes.errors import Invalid
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization, Person
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.experts import Expert, ExpertStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round, RoundStatus
from tests.factories import UNITS, make_house, make_organizations, make_person

BPMN = Path(__file__).parents[2] / "bpmn"
WANZHOU, FULING, YUZHONG = UNITS
BEGIN = date(2026, 3, 2)
"""A Monday."""
STAFF = {
    "clerk": ("city_bureau.clerk", "city_bureau", "张明"),
    "section": ("city_bureau.section", "city_bureau", "王喆"),
    "leader": ("city_bureau.leader", "city_bureau", "李建国"),
    "finance": ("city_bureau.finance", "city_bureau", "钱敏"),
    "hr.clerk": ("hr_bureau.clerk", "hr_bureau", "赵昇"),
    "hr.leader": ("hr_bureau.leader", "hr_bureau", "孙丽"),
    "owner": ("process_owner", "city_bureau", "周流"),
    "panel": ("panel.member", "city_bureau", "吴评"),
    "employer": ("employer.clerk", "employer:1", "郑人事"),
}
OF_A_DISTRICT = ("district_government.clerk", "district_government.leader", "district_bureau.clerk",
                 "district_bureau.leader", "district_bureau.finance")  # fmt: skip
PAPER = b"%PDF-1.4\n%%EOF\n"
SHORT = {"district_government": "gov", "district_bureau": "bureau"}
T = TypeVar("T")


class YearDesk:
    """The people of all parties, some procedures, and the day it is.

    Log-ins: those of `STAFF`; `gov.clerk.500101`, `bureau.leader.500102` … for the districts; a planner's is the name.
    """

    def __init__(self, database: Database, folder: Path, moving: clock.MovableClock, keys: tuple[str, ...]) -> None:
        self.db = database
        self.clock = moving
        base = make_house(folder)
        self.house = House(
            base.calendar,
            base.files,
            base.fonts,
            OPERATIONS,
            OPTIONS,
            VALIDATORS,
            TALLIES,
            names=NAMES,
            bpmn_folder=BPMN,
            job_kinds=JOB_KINDS,
        )
        self.background = Background(database, self.house)
        self.actors: dict[str, Actor] = {}
        with database.transaction() as session:
            self._furnish(session)
            for key in keys:
                definitions.deploy(session, SYSTEM, key, bundle_at(BPMN / key))

    def _furnish(self, session: Session) -> None:
        make_organizations(session)
        session.add(Organization(id="employer:1", kind="employer", name="渝江规划设计研究院（虚构）"))
        session.flush()
        for login, (role, organization, name) in STAFF.items():
            self.actors[login] = make_person(session, login, (role, organization), name=name)
        for unit_id, unit in UNITS.items():
            for role in OF_A_DISTRICT:
                kind, rank = role.split(".")
                login = f"{SHORT[kind]}.{rank}.{unit_id[3:]}"
                holds = (role, f"{SHORT[kind]}:{unit_id}")
                self.actors[login] = make_person(session, login, holds, name=f"{unit}{login.split('.')[1]}")
        self.round = Round(
            name="2025—2027聘期", status=RoundStatus.COMPLETED, opened_by="系统", opened_at=clock.now(),
            term_start=date(2025, 1, 20), term_end=date(2028, 1, 19),
        )  # fmt: skip
        session.add(self.round)
        session.flush()

    # people

    def planner(
        self,
        name: str,
        unit_id: str = WANZHOU,
        start: date = date(2025, 1, 20),
        end: date = date(2028, 1, 19),
        employer: str = "employer:1",
    ) -> UUID:
        """A planner in office; gives the id of the appointment."""
        with self.db.transaction() as session:
            self.actors[name] = make_person(session, name, ("planner", None), name=name)
            person = session.get_one(Person, self.actors[name].person_id)
            session.add(
                Expert(person_id=person.id, name=name, employer_id=employer, status=ExpertStatus.IN_OFFICE,
                       entered_at=clock.now(), changed_at=clock.now(), title_level="副高级")
            )  # fmt: skip
            taken = session.scalars(select(PlannerPost).where(PlannerPost.unit_id == unit_id)).all()
            post = PlannerPost(round_id=self.round.id, unit_id=unit_id, number=len(taken) + 1, status=PostStatus.FILLED)
            session.add(post)
            session.flush()
            made = Appointment(
                status=AppointmentStatus.IN_OFFICE, person_id=person.id, unit_id=unit_id, post_id=post.id,
                round_id=self.round.id, term_start=start, term_end=end, issued_on=start, received_on=start,
                certificate_number=f"渝规首聘〔{start.year}〕{name}号", created_at=clock.now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id

    def person_id(self, login: str) -> UUID:
        """The person behind a log-in."""
        found = self.actors[login].person_id
        assert found is not None
        return found

    # acts

    def start(self, login: str, key: str, process_id: str = "", **variables: Any) -> UUID:
        """Somebody starts a case; gives its id."""
        with self.db.transaction() as session:
            case = cases.start(session, self.house, self.actors[login], key, process_id or key, variables)
            found = case.id
        self.background.work_off()
        return found

    def do(self, login: str, step: str, case: UUID | None = None, about: str = "", **answers: Any) -> None:
        """Somebody completes the oldest of his open tasks at a step, or the one that names what it is about.

        Answers that begin with `file:` become files.
        """
        actor = self.actors[login]
        with self.db.transaction() as session:
            item = self._item(session, actor, step, case, about)
            given = {key: self._with_files(session, actor, item, value) for key, value in answers.items()}
            try:
                work.complete(session, self.house, actor, item.id, given)
            except Invalid as refused:
                refused.add_note(str(refused.fields))
                raise
        self.background.work_off()

    def _with_files(self, session: Session, actor: Actor, item: WorkItem, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("file:"):
            name = value.removeprefix("file:")
            stored = self.house.files.put(session, actor, name, PAPER, case_id=item.case_id)
            return str(stored.id)
        if isinstance(value, list) and any(isinstance(each, str) and each.startswith("file:") for each in value):
            return [self._with_files(session, actor, item, each) for each in value]
        return value

    def _item(self, session: Session, actor: Actor, step: str, case: UUID | None, about: str = "") -> WorkItem:
        query = select(WorkItem).where(WorkItem.element_id == step, WorkItem.status == "open")
        if case is not None:
            query = query.where(WorkItem.case_id == case)
        if about:
            query = query.where(WorkItem.title.contains(about))
        for item in session.scalars(query.order_by(WorkItem.created_at, WorkItem.id)):
            if item.person_id == actor.person_id or (
                item.person_id is None
                and any(
                    (held.role, held.organization_id) == (item.role, item.organization_id) for held in actor.holdings
                )
            ):
                return item
        raise AssertionError(f"{actor.login} has no task {step}; open: {self.open()}")

    def message(self, name: str, correlation: str = "", **data: Any) -> None:
        """A message from outside the procedures that are played."""
        with self.db.transaction() as session:
            messaging.deliver(session, self.house, name, correlation, data)
        self.background.work_off()

    def until(self, day: date, hour: int = 9) -> None:
        """Let time pass; what falls due on the way happens on the way."""
        goal = datetime.combine(day, time(hour), clock.CITY)
        while (due := self._next_due()) is not None and due < goal:
            self.clock.move_to(max(due, self.clock.now()))
            if not self.background.work_off():
                break
        self.clock.move_to(goal)
        self.background.work_off()

    def workdays(self, count: int) -> date:
        """The day so many working days from now."""
        return self.house.calendar.add_workdays(clock.today(), count)

    def _next_due(self) -> datetime | None:
        with self.db.reading() as session:
            return self.background.next_due(session)

    # what there is

    def open(self, case: UUID | None = None) -> list[str]:
        """The steps at which somebody has a task, sorted."""
        query = select(WorkItem.element_id).where(WorkItem.status == "open")
        if case is not None:
            query = query.where(WorkItem.case_id == case)
        with self.db.reading() as session:
            return sorted(session.scalars(query))

    def case(self, case: UUID) -> Case:
        """A case as it stands."""
        with self.db.reading() as session:
            return session.get_one(Case, case)

    def cases_of(self, key: str, process_id: str = "") -> list[Case]:
        """All cases of a procedure, oldest first."""
        query = select(Case).where(Case.key == key).order_by(Case.started_at, Case.number)
        if process_id:
            query = query.where(Case.process_id == process_id)
        with self.db.reading() as session:
            return list(session.scalars(query))

    def documents(self, key: str) -> list[CaseDocument]:
        """The documents of a kind, oldest first."""
        with self.db.reading() as session:
            query = select(CaseDocument).where(CaseDocument.key == key).order_by(CaseDocument.at, CaseDocument.number)
            return list(session.scalars(query))

    def form(self, login: str, step: str) -> TaskForm:
        """The form of the oldest of somebody's tasks at a step, as it is opened."""
        with self.db.reading() as session:
            item = self._item(session, self.actors[login], step, None)
            return form_for(session, self.house, self.actors[login], item.id)

    def counted(self, login: str, step: str, **raw: Any) -> Tally:
        """What somebody has typed so far comes to; nothing of it is kept."""
        with self.db.reading() as session:
            item = self._item(session, self.actors[login], step, None)
            return tally_typed(session, self.house, self.actors[login], item.id, raw)

    def read(self, question: Callable[[Session], T]) -> T:
        """An answer of the registers."""
        with self.db.reading() as session:
            return question(session)

    def also_serves(self, name: str, unit_id: str, start: date = date(2025, 1, 20)) -> UUID:
        """A planner in office serves a second unit; gives the id of that appointment."""
        with self.db.transaction() as session:
            post = PlannerPost(round_id=self.round.id, unit_id=unit_id, number=9, status=PostStatus.FILLED)
            session.add(post)
            session.flush()
            made = Appointment(
                status=AppointmentStatus.IN_OFFICE, person_id=self.person_id(name), unit_id=unit_id, post_id=post.id,
                round_id=self.round.id, term_start=start, term_end=date(2028, 1, 19), issued_on=start,
                received_on=start, certificate_number=f"渝规首聘〔{start.year}〕{name}{unit_id}号",
                created_at=clock.now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id


@contextmanager
def year_desk(database: Database, folder: Path, *keys: str, day: date = BEGIN) -> Iterator[YearDesk]:
    """A desk at nine o'clock of a day, with the procedures that are named."""
    moving = clock.MovableClock(datetime.combine(day, time(9), clock.CITY))
    with clock.running_on(moving):
        yield YearDesk(database, folder, moving, keys)


def only(rows: Mapping[Any, T] | list[T]) -> T:
    """The one thing there is."""
    listed = list(rows.values()) if isinstance(rows, Mapping) else list(rows)
    assert len(listed) == 1, listed
    return listed[0]
