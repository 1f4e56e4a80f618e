"""The rounds in progress that the demonstration starts with, told backwards from today, so that deadlines are near."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from processes import clock
from processes.identity import units
from processes.identity.models import Unit
from webapp.demo.people import Candidate, candidates, sitting_planner
from webapp.demo.player import Player
from webapp.demo.rounds import PlayedRound
from webapp.demo.story import mediated

EASTERN = frozenset({"渝东北三峡库区城镇群", "渝东南武陵山区城镇群"})
NEW_CITY = frozenset({"主城新区"})
CENTRE = frozenset({"中心城区"})
MOST_LATE_UNITS = 4
"""Units of the round whose survey is not answered by all."""
LATE, ASKED_ANEW = "CQ-500157", "CQ-500109"
"""The units that owe a reply: one to the first letter, one that objected to a second, about the reserve."""
HR_REASON = "该同志实践经验认定的依据尚不充分，建议另行研究。"

Chosen = dict[str, list[Candidate]]
"""For each unit the person named, and the reserve."""
Moments = Iterator[datetime]
"""A round as it is played: it names the moment of its next acts, and acts when that has come."""


class Present:
    """Six rounds, each at another phase, so that every post has something to do."""

    def __init__(self, player: Player, today: date) -> None:
        self.player = player
        self.today = today
        self.calendar = player.desk.house.calendar
        with player.desk.db.reading() as session:
            self.units: list[Unit] = list(units.units_on(session, today))
        people = candidates()
        self.able = iter([each for each in people if each.outcome == "route_A_ok"])
        self.practical = iter([each for each in people if each.outcome.startswith("route_B")])
        self.others = iter([each for each in people if not each.outcome.startswith("route_")])

    def rounds(self) -> tuple[Moments, ...]:
        """The rounds, each of which says when it acts next."""
        return (
            self.consultation(),
            self.unanswered(),
            self.confirmation(),
            self.leaders(),
            self.call(),
            self.survey(),
        )

    # time and people

    def _on(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """Office hours of the last working day that is at least so many days ago."""
        day = self.today - timedelta(days=days_ago)
        while not self.calendar.is_workday(day):
            day -= timedelta(days=1)
        return datetime.combine(day, time(hour, minute % 60), clock.CITY)

    def _zone(self, zones: frozenset[str]) -> list[str]:
        return [unit.id for unit in self.units if unit.zone in zones]

    def _name(self, unit_id: str) -> str:
        return next(unit.name for unit in self.units if unit.id == unit_id)

    # phases that several rounds go through

    def _surveyed(self, played: PlayedRound, begun: int, answered: int) -> Moments:
        """The survey is sent and every unit asks for one planner."""
        yield self._on(begun)
        played.open(self.calendar.add_workdays(clock.today(), 10))
        for place, unit in enumerate(played.units):
            yield self._on(begun - 1 - place * (begun - answered - 1) // len(played.units), 10, place)
            played.answer_need(unit, 1)

    def _selected(
        self, played: PlayedRound, days: tuple[int, int, int], chosen: Chosen, reserves_for: Sequence[str] = ()
    ) -> Moments:
        """People apply for each unit, two where a reserve is wanted, and are found fit; days ago of the steps."""
        opened, closed, checked = days
        yield self._on(opened)
        played.fix_posts()
        played.publish_call(self._on(closed).date())
        wishes = [*played.units, *reserves_for]
        for place, unit in enumerate(wishes):
            person = next(self.practical if place % 7 == 5 else self.able)
            yield self._on(opened - 1, 10, place)
            played.apply(person, [unit])
            chosen.setdefault(unit, []).append(person)
        everybody = [person for people in chosen.values() for person in people]
        for place, person in enumerate(everybody):
            yield self._on(closed, 14, place)
            played.employer(person)
        for place, person in enumerate(everybody):
            yield self._on(checked, 9, place)
            played.qualify(person)

    def _nominees(self, chosen: Chosen) -> dict[str, list[str]]:
        return {f"{self._name(unit)}岗位1": [person.name for person in people] for unit, people in chosen.items()}

    def _disputed(self, played: PlayedRound, chosen: Chosen, unit: str, days: tuple[int, int, int]) -> Moments:
        """The HR bureau objects to the person named for a unit, and the panel names the reserve."""
        first, objected, again = days
        yield self._on(first)
        played.deliberate(self._nominees(chosen), {})
        yield self._on(objected)
        played.hr_objects(chosen[unit][0].name, HR_REASON)
        yield self._on(again)
        chosen[unit] = chosen[unit][1:]
        played.deliberate(self._nominees(chosen), {})

    # the rounds

    def consultation(self) -> Moments:
        """East of the city and two more: most have replied, one is late, one was asked anew, one objects."""
        units_asked = [*self._zone(EASTERN), LATE, ASKED_ANEW]
        played = PlayedRound(self.player, "2026年渝东及部分区县增补", units_asked)
        chosen: Chosen = {}
        objecting = units_asked[13]
        yield from self._surveyed(played, 70, 56)
        yield from self._selected(played, (55, 42, 36), chosen, [objecting, ASKED_ANEW])
        yield self._on(32)
        played.deliberate(self._nominees(chosen), {})
        yield self._on(29)
        played.hr_agrees()
        yield self._on(20)
        played.sign_letters(self.calendar.add_workdays(clock.today(), 10))
        yield self._on(16)
        wish = "希望选派熟悉滨江地区城市设计的专家。"
        played.reply(ASKED_ANEW, "不同意", "我区重点项目集中在滨江地区，现有人选专业方向与需求不完全相符。", wish)
        yield self._on(14, 14)
        played.clerk("mediate", mediated("滨江地区城市设计方向"))
        yield self._on(13)
        played.leader("sign_new_letter", {"decision": "签发"})
        for place, unit in enumerate(each for each in units_asked if each not in (LATE, ASKED_ANEW, objecting)):
            yield self._on(12 - place * 7 // len(units_asked), 10, place)
            advice = "建议加强对库区生态保护和县城更新的技术指导。" if place % 6 == 4 else ""
            played.reply(unit, "同意并提出建议" if advice else "同意", advice)
        yield self._on(5, 15)
        played.reply(objecting, "不同意", "我县地质灾害易发，现有人选专业方向与需求不完全相符。", "山地灾害防治方向")

    def unanswered(self) -> Moments:
        """A small round: two districts have not answered; one is to be called, one was put before the process owner."""
        asked = self._zone(CENTRE)[:MOST_LATE_UNITS]
        played = PlayedRound(self.player, "2026年历史文化保护专项增补", asked)
        yield self._on(24)
        played.open(self.calendar.add_workdays(clock.today(), 10))
        for place, unit in enumerate(asked[:-2]):
            yield self._on(20 - 2 * place, 10, place)
            played.answer_need(unit, 1)
        yield self._on(1, 10)
        played.call_unit("多次联系未果，对方表示暂不能确定需求。", "提请关闭")

    def confirmation(self) -> Moments:
        """The rest of the centre: the list waits for the HR bureau, which has objected to one person before."""
        asked = [unit for unit in self._zone(CENTRE)[MOST_LATE_UNITS:] if unit not in (LATE, ASKED_ANEW)]
        played = PlayedRound(self.player, "2026年中心城区增补", asked)
        chosen: Chosen = {}
        yield from self._surveyed(played, 60, 47)
        yield from self._selected(played, (45, 32, 25), chosen, asked[:1])
        yield from self._disputed(played, chosen, asked[0], (9, 6, 2))

    def leaders(self) -> Moments:
        """One development zone: the HR bureau has objected twice, both leaders decide."""
        asked = [unit.id for unit in self.units if unit.kind == "开发区"][-1:]
        played = PlayedRound(self.player, "2026年开发区补选", asked)
        chosen: Chosen = {}
        yield from self._surveyed(played, 58, 46)
        yield from self._selected(played, (44, 31, 24), chosen, asked)
        yield from self._disputed(played, chosen, asked[0], (12, 8, 4))
        yield self._on(1)
        played.hr_objects(chosen[asked[0]][0].name, HR_REASON)

    def call(self) -> Moments:
        """The new city: the call is open, applications are at every step."""
        asked = [unit.id for unit in self.units if unit.zone in NEW_CITY and unit.kind != "开发区"]
        played = PlayedRound(self.player, "2026年主城新区增补", asked)
        yield from self._surveyed(played, 40, 27)
        yield self._on(12)
        played.fix_posts()
        played.publish_call(self.today + timedelta(days=8))
        people = [
            *itertools.islice(self.able, 9),
            *itertools.islice(self.practical, 2),
            *itertools.islice(self.others, 3),
        ]
        for place, person in enumerate(people):
            yield self._on(10, 9 + place % 8, place)
            if place == 0:
                played.register(person)
            else:
                played.apply(person, [asked[place % len(asked)]])
        yield self._on(9, 11)
        played.register(sitting_planner())
        for place, person in enumerate(people[4:]):
            yield self._on(6, 10, place)
            played.employer(person, place != 8)
        yield self._on(4, 10)
        played.qualify(people[6])
        played.qualify(people[7], "需补正", ["补充职称证书原件扫描件"])
        yield self._on(3, 10)
        played.qualify(people[10], "不符合")
        yield self._on(2, 10)
        played.withdraw(people[5], "因工作安排变化，退出本轮报名。")

    def survey(self) -> Moments:
        """The next term: all units have been asked a week ago, half have answered."""
        played = PlayedRound(self.player, "2028—2030聘期")
        yield self._on(7)
        played.open(self.calendar.add_workdays(clock.today(), 10))
        asked = played.unanswered()
        for place, unit in enumerate(asked[::2]):
            yield self._on(5 - place // 6, 10, place)
            played.answer_need(unit, 0 if place == 7 else 1 + place % 2)
        yield self._on(2, 15)
        for unit in asked[1:8:2]:
            played.hand_to_bureau(unit)
