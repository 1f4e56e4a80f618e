"""Who applies and who serves: names, outcomes and posts as the parameters count them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from webapp.demo.year.catalogue import units_served_throughout
from webapp.demo.year.story import Applicant, Event, Service

OUTCOMES = ("route_A_ok", "route_B_recognised", "route_B_hr_disagreed", "route_B_not_recognised", "not_eligible",
            "incomplete_lapsed", "withdrew_before_review", "employer_refused")  # fmt: skip
ENDS = {"withdraw": "withdrawn", "dismiss": "dismissed"}
TITLES = ("副高级", "正高级")


class DrawnPeople:
    """Posts, applicants and appointments."""

    def __init__(self, chance: random.Random, told: Mapping[str, Any], events: Sequence[Event]) -> None:
        self.chance = chance
        self.told = told
        self.events = events
        asked = told["units"]
        self.units: tuple[str, ...] = tuple(asked.get("list") or units_served_throughout(int(told["case_year"])))
        self.vacant = [(unit, int(number)) for unit, number in told.get("vacant_posts", ())]
        self.posts = tuple(self._posts(asked))
        self.applicants = tuple(self._applicants(told["applicants"]))
        self.services = tuple(self._services())

    def _posts(self, asked: Mapping[str, Any]) -> Iterator[tuple[str, int, bool]]:
        for unit in self.units:
            if unit not in asked.get("no_need", ()):
                for number in range(1, 3 if unit in asked.get("two_posts", ()) else 2):
                    yield unit, number, (unit, number) not in self.vacant

    def _applicants(self, counted: Mapping[str, Any]) -> Iterator[Applicant]:
        names = [a + b for a, b in itertools.product(self.told["surnames"], self.told["given"])]
        self.chance.shuffle(names)
        outcomes = [outcome for outcome in OUTCOMES for _ in range(int(counted.get(outcome, 0)))]
        for number, (name, outcome) in enumerate(zip(names, outcomes, strict=False), 1):
            title, certificate = self._papers(outcome)
            employer = self.chance.choice(list(self.told["employers"]))
            yield Applicant(f"AP{number:03}", name, employer, title, certificate, outcome)

    def _papers(self, outcome: str) -> tuple[str, str]:
        if outcome == "not_eligible":
            return "中级", "无"
        if outcome.startswith("route_B") or outcome == "incomplete_lapsed":
            return self.chance.choice(TITLES), "无"
        return self.chance.choice(TITLES), "注册城乡规划师"

    def _services(self) -> Iterator[Service]:
        first, last = (date.fromisoformat(str(day)) for day in self.told["timeline"]["term"])
        spare = len(self._spare())
        eligible = [each for each in self.applicants if each.outcome in OUTCOMES[:2]]
        serving = iter(eligible[: len(eligible) - spare])
        filled = [(unit, number) for unit, number, taken in self.posts if taken]
        number = itertools.count(1)
        for unit, post in filled:
            ends = next(
                (event for event in self.events if event.kind in ENDS and event.unit == unit and post == 1), None
            )
            end, reason = (ends.on, ENDS[ends.kind]) if ends is not None else (last, "")
            yield self._service(next(number), next(serving).name, unit, post, first, end, reason)
        for event in self.events:
            if event.kind == "withdraw" and event.until is not None:
                yield self._service(next(number), next(serving).name, event.unit, 1, event.until, last, "")

    def _spare(self) -> list[int]:
        """Those who are eligible and serve nowhere: named first where one objects or declines, and reserves."""
        eligible = sum(each.outcome in OUTCOMES[:2] for each in self.applicants)
        needed = sum(taken for _, _, taken in self.posts) + sum(each.kind == "withdraw" for each in self.events)
        if eligible < needed:
            raise ValueError(f"{eligible} eligible for {needed} appointments")
        return list(range(eligible - needed))

    def _service(self, number: int, name: str, unit: str, post: int, start: date, end: date, reason: str) -> Service:
        return Service(f"CP{number:03}", name, unit, post, start, end, reason, 0, 0, 0, 0, "", "", "")
