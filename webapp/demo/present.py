"""The rounds in progress that the demonstration starts with, told backwards from today so that their deadlines are near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from processes import clock
from processes.identity import units
from processes.identity.models import Unit
from webapp.demo.people import Candidate, candidates, planner_candidate
from webapp.demo.player import Player
from webapp.demo.rounds import PlayedRound
from webapp.demo.story import workdays

EASTERN = frozenset({"渝东北三峡库区城镇群", "渝东南武陵山区城镇群"})
NEW_CITY = frozenset({"主城新区"})
CENTRE = frozenset({"中心城区"})
HERITAGE = 4
"""Units of the smallest round."""


class Present:
    """Five rounds, each at another phase, so that every post has something to do."""

    def __init__(self, player: Player, today: date) -> None:
        self.player = player
        self.today = today
        self.calendar = player.desk.house.calendar
        with player.desk.db.reading() as session:
            self.units: list[Unit] = list(units.units_on(session, today))
            self.names = {unit.id: unit.name for unit in session.scalars(select(Unit))}
        able = [each for each in candidates() if each.outcome.startswith("route_A")]
        self.able = iter(able)
        self.practical = iter([each for each in candidates() if each.outcome == "route_B_recognised"])
        self.others = iter([each for each in candidates() if not each.outcome.startswith("route_")])

    def play(self) -> None:
        """All rounds, the oldest first."""
        plays = [self.consultation(), self.unanswered(), self.deliberation(), self.call(), self.survey()]
        for _ in plays:
            pass

    def _zone(self, zones: frozenset[str]) -> list[str]:
        return [unit.id for unit in self.units if unit.zone in zones]

    def _ago(self, days: int) -> date:
        """The working day on or before so many days ago."""
        day = self.today - timedelta(days=days)
        return self.calendar.add_workdays(day + timedelta(days=1), -1)

    def _through_call(
        self, name: str, unit_ids: Sequence[str], days: Sequence[int]
    ) -> tuple[PlayedRound, dict[str, Candidate]]:
        """Survey and call of a round in which one person applies for each unit; days ago of its steps."""
        survey, answered, opened, closed = days
        played = PlayedRound(self.player, name, unit_ids)
        self.player.at(self._ago(survey), 9)
        due = self.calendar.add_workdays(clock.today(), 10)
        played.open(due)
        for place, unit in enumerate(unit_ids):
            self.player.at(self._ago(survey - 1 - place * (survey - answered - 2) // len(unit_ids)), 10, place)
            played.answer_need(unit, 1)
        self.player.at(self._ago(opened), 9)
        played.fix_posts()
        played.publish_call(self._ago(closed))
        applied: dict[str, Candidate] = {}
        for place, unit in enumerate(unit_ids):
            person = next(self.practical if place % 8 == 5 else self.able)
            self.player.at(self._ago(opened - 1), 10, place)
            played.apply(person, [unit])
            applied[unit] = person
        return played, applied
