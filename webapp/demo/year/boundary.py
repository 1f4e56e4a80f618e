"""区划调整: units are abolished, another follows; their planners are consulted about and certified anew (第六条)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from processes import clock
from webapp.demo.people import Candidate, candidate
from webapp.demo.rounds import PlayedRound
from webapp.demo.year.office import Office
from webapp.demo.year.story import Event, Service, YearStory

STEPS = {"answer": 3, "call": 4, "apply": 5, "close": 12, "check": 15, "deliberate": 17, "hr": 18, "letter": 19,
         "reply": 22, "decide": 25, "publish": 26, "accept": 28}  # fmt: skip
"""Working days after the new unit has begun on which each step of its round is done."""
MOST_IN_A_ROUND = 2
"""Planners that a district asks for in one round without a special reason; the others have the next round."""
ROUND_DAYS = 10
"""Working days after which the next round of the unit begins, beside the one that runs: all end within the story."""


class Boundary:
    """The round of a unit that follows others, for the planners who served those."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story

    def prepare(self) -> None:
        """A round for each unit that begins."""
        for event in self.story.of_kind("boundary"):
            if event.until is not None and event.by:
                staying = self._staying(event, event.until)
                for turn, place in enumerate(range(0, len(staying), MOST_IN_A_ROUND)):
                    first = self.office.workday(event.until, turn * ROUND_DAYS) if turn else event.until
                    part = staying[place : place + MOST_IN_A_ROUND]
                    self.office.plan(self.office.workday(first, 1), 9, self._beginning(event, first, part, turn))

    def _beginning(self, event: Event, first: date, staying: list[Service], turn: int) -> Callable[[], None]:
        def begin() -> None:
            self.office.follow(self._round(event, first, staying, turn))

        return begin

    def _staying(self, event: Event, first: date) -> list[Service]:
        return [each for each in self.story.services if each.unit in event.units and each.start <= first <= each.end]

    def _candidates(self, staying: list[Service]) -> list[Candidate]:
        told = {each.name: each for each in self.story.applicants}
        return [candidate(self.story, told[each.name], each.login) for each in staying]

    def _round(self, event: Event, first: date, staying: list[Service], turn: int) -> Iterator[datetime]:
        """The whole round, so many working days after the unit has begun."""
        people, unit = self._candidates(staying), event.by
        title = f"{first.year}年{self.office.unit_names[unit]}换发聘书" + (f"（第{turn + 1}批）" if turn else "")
        played = PlayedRound(self.office.player, title, [unit])
        played.open(self.office.workday(clock.today(), 10))
        yield self._on(first, "answer")
        played.answer_need(unit, len(staying))
        yield from self._selected(played, people, unit, first)
        yield from self._certified(played, unit, first)

    def _selected(self, played: PlayedRound, people: list[Candidate], unit: str, first: date) -> Iterator[datetime]:
        yield self._on(first, "call")
        played.fix_posts()
        played.publish_call(self._on(first, "close").date())
        yield self._on(first, "apply")
        for person in people:
            played.apply(person, [unit])
            played.employer(person)
        yield self._on(first, "check")
        for person in people:
            played.qualify(person)
        yield self._on(first, "deliberate")
        name = self.office.unit_names[unit]
        played.deliberate({f"{name}岗位{place}": (person.name,) for place, person in enumerate(people, 1)}, {})
        yield self._on(first, "hr")
        played.hr_agrees()

    def _certified(self, played: PlayedRound, unit: str, first: date) -> Iterator[datetime]:
        yield self._on(first, "letter")
        played.sign_letters(self.office.workday(clock.today(), 10))
        yield self._on(first, "reply")
        played.reply(unit)
        yield self._on(first, "decide")
        played.decide("市规划自然资源局局务会议", self._on(first, "accept").date(), self.story.term[1])
        yield self._on(first, "publish")
        played.publish()
        yield self._on(first, "accept")
        for item in played.waiting_receipts():
            played.accept(item)

    def _on(self, first: date, step: str) -> datetime:
        day = self.office.workday(first, STEPS[step])
        return datetime.combine(day, time(9), clock.CITY) + timedelta(minutes=len(step))
