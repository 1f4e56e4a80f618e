"""What an answer is drawn from, and the parts that answers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import LazyString
from sqlalchemy.orm import Session

from processes.identity.actor import Actor
from processes.paging import Page
from processes.registers.switches import Readings
from processes.rules.workdays import WorkCalendar
from webapp.pages.lists import Asked
from webapp.pages.tables import Links, Table


@dataclass(frozen=True)
class View:
    """Who asks, on which day, and what the address narrows the answer to."""

    session: Session
    actor: Actor
    day: date
    readings: Readings
    calendar: WorkCalendar
    links: Links
    asked: Asked

    @property
    def part(self) -> Page:
        """The rows of a table that has more than one page."""
        return self.asked.part


@dataclass(frozen=True)
class Choice:
    """A field of the form above an answer: a list to choose from, or a number."""

    name: str
    title: str
    options: Sequence[tuple[str, str]] = ()
    value: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer: the sentence that says it, and the tables on which it rests."""

    sentence: str
    tables: Sequence[Table]
    choices: Sequence[Choice] = ()
    total: int | None = None
    """Rows of the table that is paged; None where nothing is."""


@dataclass(frozen=True)
class Answer:
    """A page that answers a question: its title, who may read it, and how it is made."""

    title: LazyString
    posts: tuple[str, ...]
    make: Callable[[View], Answered]
    narrowed_by: tuple[str, ...] = field(default=())
    """What its address may narrow it to."""
