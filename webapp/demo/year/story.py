"""The story of a year: its days, people and figures, read from a folder and checked before anything is played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

CANCELLED, EXCUSED, UNEXCUSED, ATTENDED = "cancelled", "excused", "unexcused", "attended"
ON_SITE, ONLINE, WRITTEN = "on_site", "online", "written"
MISSING = "MISSING"


@dataclass(frozen=True)
class Applicant:
    """Somebody who applies in the round before the year."""

    id: str
    name: str
    employer: str
    title_level: str
    planner_cert: str
    outcome: str


@dataclass(frozen=True)
class Service:
    """A planner's appointment as the year is to leave it."""

    planner: str
    name: str
    unit: str
    post: int
    start: date
    end: date
    end_reason: str
    visits: int
    target: int
    absent_total: int
    absent_run: int
    """The longest run of absences."""
    absence_level: str
    status: str
    why: str

    @property
    def login(self) -> str:
        """Under which name the planner logs in."""
        return f"planner.{self.planner}"


@dataclass(frozen=True)
class Consultation:
    """One invitation of one planner, and what came of it."""

    id: str
    planner: str
    unit: str
    day: date
    kind: str
    mode: str
    outcome: str
    schemes: int
    opinions: int
    items: int
    adopted: int


@dataclass(frozen=True)
class Report:
    """A district's report on a quarter: when it came, if it did."""

    unit: str
    quarter: str
    due: date
    submitted: date | None
    status: str
    days_late: int
    activities: int
    zero: bool


@dataclass(frozen=True)
class Grading:
    """A planner's place in the appraisal: what people assess, and what must come of it."""

    planner: str
    attended: int
    invited: int
    visits: int
    quality: int
    duties: int
    score_x100: int
    suggest: str
    grade: str


@dataclass(frozen=True)
class Event:
    """Something that happens to a unit and its planner on a day."""

    on: date
    kind: str
    units: tuple[str, ...]
    text: str
    until: date | None = None
    by: str = ""
    """The unit whose planner acts or comes instead."""
    asks: str = ""
    """The grade that an objection asks for."""

    @property
    def unit(self) -> str:
        """The unit that it is about, or the first of several."""
        return self.units[0]


@dataclass(frozen=True)
class YearStory:
    """All that the files of a story say."""

    year: int
    timeline: Mapping[str, Any]
    posts: tuple[tuple[str, int, bool], ...]
    """Unit, number of the post, whether somebody serves."""
    applicants: tuple[Applicant, ...]
    services: tuple[Service, ...]
    consultations: tuple[Consultation, ...]
    reports: tuple[Report, ...]
    gradings: tuple[Grading, ...]
    events: tuple[Event, ...]
    letters: Mapping[str, Any]
    units: tuple[str, ...]
    """The units of the round; those without a post asked for nobody."""
    employers: tuple[str, ...]
    limits: Mapping[str, int]
    """Figures that the story states beside its tables: cap, in office, graded."""

    def day(self, name: str) -> date:
        """A day of the timeline."""
        return date.fromisoformat(str(self.timeline[name]))

    @cached_property
    def term(self) -> tuple[date, date]:
        """First and last day of the term."""
        first, last = self.timeline["term"]
        return date.fromisoformat(str(first)), date.fromisoformat(str(last))

    @cached_property
    def round_name(self) -> str:
        """The name of the round: the years of its term."""
        first, last = self.term
        return f"{first.year}—{last.year - 1}聘期"

    @cached_property
    def service_of(self) -> dict[str, Service]:
        """Each planner's appointment."""
        return {each.planner: each for each in self.services}

    @cached_property
    def grading_of(self) -> dict[str, Grading]:
        """Each graded planner's figures."""
        return {each.planner: each for each in self.gradings}

    def of_kind(self, kind: str) -> Iterator[Event]:
        """The events of a kind, in their order."""
        return (each for each in self.events if each.kind == kind)

    def serving(self, unit: str, day: date) -> Service | None:
        """Who serves a unit on a day; the first post where there are two."""
        here = [each for each in self.services if each.unit == unit and each.start <= day <= each.end]
        return min(here, key=lambda each: each.post, default=None)

    def planner_of(self, unit: str) -> Service | None:
        """Who serves a unit from the first day of the term on."""
        return self.serving(unit, self.term[0])

    def first_services(self) -> list[Service]:
        """The appointments that begin with the term."""
        return [each for each in self.services if each.start == self.term[0]]

    def grades(self) -> Counter[str]:
        """How many have each grade."""
        return Counter(each.grade for each in self.gradings)
