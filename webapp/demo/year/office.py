"""The offices of a year: a task is done so many working days after it came, unless the story says otherwise."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case, WorkItem
from processes.errors import DeskError
from processes.identity.models import Person, Unit
from processes.rules.workdays import WorkCalendar
from webapp.demo.player import Answers, Player

SWEEP_AT = time(10)
"""The hour at which people look at their tasks."""
LATEST = time(16, 30)
"""The second look of the day, for what came up in the first."""
_OFFICES = {
    "city_bureau.clerk": "city.clerk",
    "city_bureau.section": "city.section",
    "city_bureau.leader": "city.leader",
    "city_bureau.finance": "city.finance",
    "hr_bureau.clerk": "hr.clerk",
    "hr_bureau.leader": "hr.leader",
    "panel.member": "panel.1",
    "process_owner": "owner",
}
_PREFIXES = {"district_government": "gov", "district_bureau": "bureau", "employer": "employer"}


@dataclass(frozen=True)
class Task:
    """An open task as the one who holds it sees it."""

    id: UUID
    key: str
    step: str
    case_id: UUID
    title: str
    login: str
    unit: str
    created: date
    due: date | None


Left = Callable[[Task], date | None]
"""The day on which somebody does a task; None: not at all."""
Given = Answers | Callable[[Task], Answers]


@dataclass(frozen=True)
class Habit:
    """How a task is done: on which day, by whom where it is not the one it is addressed to, with which answers."""

    answers: Callable[[Task], Answers]
    on: Left
    login: Callable[[Task], str] | None = None


def after(calendar: WorkCalendar, days: int) -> Left:
    """So many working days after the task came."""

    def day(task: Task) -> date:
        return calendar.add_workdays(task.created, days) if days else task.created

    return day


def never(task: Task) -> None:
    """The task is left lying."""
    return None


class Office:
    """Everybody at work: habits for tasks, acts at their moments, one clock."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.calendar = player.desk.house.calendar
        self.habits: dict[tuple[str, str], Habit] = {}
        self._acts: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        with player.desk.db.reading() as session:
            units = session.scalars(select(Unit)).all()
            self.codes = {unit.id: unit.division_code or unit.id.rsplit("-", 1)[-1] for unit in units}
            self.unit_names = {unit.id: unit.name for unit in units}
            self.logins = {key: value for key, value in session.execute(select(Person.id, Person.login))}
            self.people = {login: person_id for person_id, login in self.logins.items()}

    # who and when

    def habit(
        self,
        key: str,
        step: str,
        answers: Mapping[str, Any] | Callable[[Task], Answers],
        on: Left | int = 1,
        login: Callable[[Task], str] | None = None,
    ) -> None:
        """How the tasks of a step are done from now on."""
        day = after(self.calendar, on) if isinstance(on, int) else on
        given = answers if callable(answers) else _always(answers)
        self.habits[key, step] = Habit(given, day, login)

    def plan(self, day: date, hour: int, act: Callable[[], None], minute: int = 0) -> None:
        """Something happens at a moment."""
        self._push(datetime.combine(day, time(hour, minute), clock.CITY), act)

    def bureau(self, unit: str) -> str:
        """The log-in of a district bureau."""
        return f"bureau.{self.codes[unit]}"

    def government(self, unit: str) -> str:
        """The log-in of a district government."""
        return f"gov.{self.codes[unit]}"

    def start(self, login: str, key: str, process_id: str = "", **variables: Any) -> UUID:
        """Somebody starts a case by hand."""
        return self.player.start(login, key, process_id, **variables)

    def workday(self, day: date, count: int) -> date:
        """The working day so many after, or before, a day."""
        return self.calendar.add_workdays(day, count)

    # living

    def live(self, first: date, last: date, end: datetime | None = None) -> None:
        """Day after day: acts at their moments, and twice a day everybody looks at the tasks; until a moment."""
        end = end or datetime.combine(last, time(18), clock.CITY)
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            for hour in (SWEEP_AT, LATEST):
                moment = datetime.combine(day, hour, clock.CITY)
                if clock.now() <= moment <= end:
                    self._until(moment)
                    self.sweep()
        self._until(end)

    def follow(self, moments: Iterator[datetime]) -> None:
        """Somebody who says when to act next, and acts when that has come."""

        def step() -> None:
            following = next(moments, None)
            if following is not None:
                self._push(following, step)

        step()

    def _push(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._acts, (moment, next(self._order), act))

    def _until(self, moment: datetime) -> None:
        while self._acts and self._acts[0][0] <= moment:
            planned, _, act = heapq.heappop(self._acts)
            self._move(max(planned, clock.now()))
            act()
        self._move(moment)

    def _move(self, moment: datetime) -> None:
        local = clock.local(moment)
        if moment > clock.now():
            self.player.at(local.date(), local.hour, local.minute)

    def sweep(self) -> None:
        """Everybody does what is to be done by today, and what follows from it the same day."""
        while todo := [task for task in self.tasks() if self._is_for_today(task)]:
            for task in todo:
                self.do(task)

    def _is_for_today(self, task: Task) -> bool:
        habit = self.habits.get((task.key, task.step))
        day = habit.on(task) if habit is not None else None
        return day is not None and day <= clock.today()

    def do(self, task: Task) -> None:
        """Somebody does a task; a refusal says which task it was."""
        habit = self.habits[task.key, task.step]
        login = habit.login(task) if habit.login else task.login
        try:
            self.player.do(login, task.step, habit.answers(task), item_id=task.id)
        except DeskError as refused:
            refused.add_note(f"{task.key}: {task.title}")
            raise

    def tasks(self) -> list[Task]:
        """All open tasks for which there is a habit, oldest first."""
        with self.player.desk.db.reading() as session:
            return list(self._tasks(session))

    def _tasks(self, session: Session) -> Any:
        rows = session.execute(
            select(
                WorkItem.id, Case.key, WorkItem.element_id, WorkItem.case_id, WorkItem.title, WorkItem.person_id,
                WorkItem.role, WorkItem.organization_id, WorkItem.unit_id, WorkItem.created_at, WorkItem.due_at,
            )
            .join(Case, WorkItem.case_id == Case.id)
            .where(WorkItem.status == "open", Case.status == "running")
            .order_by(WorkItem.created_at, WorkItem.id)
        )  # fmt: skip
        for item, key, step, case_id, title, person_id, role, organization, unit, created, due in rows:
            if (key, step) in self.habits:
                login = self.login_of(person_id, role, organization)
                until = clock.local(due).date() if due else None
                yield Task(item, key, step, case_id, title, login, unit or "", clock.local(created).date(), until)

    def login_of(self, person_id: UUID | None, role: str | None, organization: str | None) -> str:
        """Who does what a person or a post is asked for."""
        if person_id is not None:
            return self.logins[person_id]
        kind, _, rank = (role or "").partition(".")
        if role in _OFFICES:
            return _OFFICES[role]
        at = (organization or "").partition(":")[2]
        prefix = "finance" if rank == "finance" else _PREFIXES[kind]
        return f"{prefix}.{self.codes.get(at, at)}"


def _always(answers: Mapping[str, Any]) -> Callable[[Task], Answers]:
    def given(task: Task) -> Answers:
        return answers

    return given
