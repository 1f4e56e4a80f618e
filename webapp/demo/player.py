"""Plays people at the desk: completes their tasks through the real engine, on a clock that is moved from day to day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from fpdf import FPDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.documents import MAKE
from processes import clock, jobs
from processes.engine import cases, work
from processes.engine.background import Background
from processes.engine.kinds_of_jobs import handlers
from processes.engine.models import Case, WorkItem
from processes.engine.task_forms import TaskForm, form_for
from processes.errors import Conflict, DeskError, Invalid
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.jobs import Taken
from processes.messages import message
from webapp.demo.people import Town
from webapp.desk import Desk

Answers = Mapping[str, Any] | Callable[[TaskForm], Mapping[str, Any]]
FILE = "file:"
"""An answer that begins so stands for a small file of that name, made when the form is sent."""


class Player:
    """Everybody of the demonstration at once, on one clock."""

    def __init__(self, desk: Desk, moving: clock.MovableClock, *, papers_later: bool = False) -> None:
        self.desk = desk
        self.clock = moving
        self.background = Background(desk.db, desk.house, {MAKE: self._set_aside} if papers_later else None)
        self._papers: list[Taken] = []
        self.completed = 0

    def at(self, day: date, hour: int = 10, minute: int = 0) -> None:
        """Move to a moment, as the desk would have lived through it: what falls due on the way happens on the way."""
        goal = datetime.combine(day, time(hour, minute), clock.CITY)
        while (due := self._next_due()) is not None and due < goal:
            self.clock.move_to(max(due, self.clock.now()))
            if not self.background.work_off():
                break
        self.clock.move_to(goal)
        self.background.work_off()

    def _next_due(self) -> datetime | None:
        with self.desk.db.reading() as session:
            return self.background.next_due(session)

    def _set_aside(self, session: Session, paper: Taken) -> None:
        self._papers.append(paper)

    def hand_in_papers(self) -> int:
        """Put the documents that were left for later back on the list of work; how many there are."""
        with self.desk.db.transaction() as session:
            for paper in self._papers:
                jobs.enqueue_new(session, paper.kind, dict(paper.args), key=paper.key)
        count, self._papers = len(self._papers), []
        self.background.handlers |= handlers(self.desk.house)
        return count

    def now_and_then(self) -> None:
        """Let the desk do what has become due by the last act."""
        self.background.work_off()

    def act(self, login: str, do: Callable[[Session, Actor], Any]) -> Any:
        """One act of a person, in a transaction."""
        with self.desk.db.transaction() as session:
            return do(session, Town(session).actor(login))

    def start(self, login: str, key: str, process_id: str = "", **variables: Any) -> UUID:
        """Somebody starts a case; its id."""
        house = self.desk.house
        begun: Case = self.act(
            login, lambda session, actor: cases.start(session, house, actor, key, process_id or key, variables)
        )
        self.background.work_off()
        return begun.id

    def do(
        self, login: str, step: str, answers: Answers, *, case_id: UUID | None = None, item_id: UUID | None = None
    ) -> None:
        """Let somebody complete the oldest of his open tasks at a step."""

        def complete(session: Session, actor: Actor) -> None:
            item = self._item(session, actor, step, case_id, item_id)
            given = answers(form_for(session, self.desk.house, actor, item.id)) if callable(answers) else answers
            work.complete(session, self.desk.house, actor, item.id, self._with_files(session, actor, item, given))

        try:
            self.act(login, complete)
        except DeskError as refused:
            fields = f" {refused.fields}" if isinstance(refused, Invalid) else ""
            refused.add_note(f"{clock.today()} {login} {step}{fields}")
            raise
        self.completed += 1
        self.background.work_off()

    def _item(self, session: Session, actor: Actor, step: str, case_id: UUID | None, item_id: UUID | None) -> WorkItem:
        query = (
            select(WorkItem).where(WorkItem.element_id == step, WorkItem.status == "open").order_by(WorkItem.created_at)
        )
        if case_id is not None:
            query = query.where(WorkItem.case_id == case_id)
        if item_id is not None:
            query = query.where(WorkItem.id == item_id)
        for item in session.scalars(query):
            if item.person_id == actor.person_id or any(
                held.organization_id == item.organization_id and held.role == item.role for held in actor.holdings
            ):
                return item
        raise Conflict(message("“%(person)s”没有待办的“%(step)s”。", person=actor.login, step=step))

    def open_items(self, step: str, case_id: UUID | None = None) -> Iterator[WorkItem]:
        """The open tasks at a step, oldest first."""
        query = select(WorkItem).where(WorkItem.element_id == step, WorkItem.status == "open")
        if case_id is not None:
            query = query.where(WorkItem.case_id == case_id)
        with self.desk.db.reading() as session:
            yield from session.scalars(query.order_by(WorkItem.created_at, WorkItem.unit_id)).all()

    def case(self, case_id: UUID) -> Case:
        """A case as it stands."""
        with self.desk.db.reading() as session:
            found = session.get(Case, case_id)
            assert found is not None
            return found

    def login_of(self, person_id: UUID) -> str:
        """The log-in of a person."""
        with self.desk.db.reading() as session:
            found = session.get(Person, person_id)
            assert found is not None
            return found.login

    # files

    def _with_files(self, session: Session, actor: Actor, item: WorkItem, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._stored(session, actor, item, value) for key, value in answers.items()}

    def _stored(self, session: Session, actor: Actor, item: WorkItem, value: Any) -> Any:
        if isinstance(value, list):
            return [self._stored(session, actor, item, each) for each in value]
        if not (isinstance(value, str) and value.startswith(FILE)):
            return value
        name = f"{value.removeprefix(FILE)}.pdf"
        kept = self.desk.house.files.put(session, actor, name, self.scan, case_id=item.case_id, work_item_id=item.id)
        return str(kept.id)

    @cached_property
    def scan(self) -> bytes:
        """A page that says it is an example, as PDF."""
        page = FPDF(format="A4")
        page.add_page()
        page.add_font("song", fname=self.desk.house.fonts.face("song"))
        page.set_font("song", size=20)
        page.cell(text="演示用扫描件，内容从略")
        return bytes(page.output())
