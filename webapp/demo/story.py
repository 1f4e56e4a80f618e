"""The round of the story before its year: surveyed, called, qualified, deliberated, consulted, appointed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from processes.identity import units
from processes.identity.models import Unit
from processes.rules.workdays import WorkCalendar
from webapp.demo.people import Candidate
from webapp.demo.player import Player
from webapp.demo.rounds import PlayedRound
from webapp.demo.year.story import YearStory

ELIGIBLE = ("route_A_ok", "route_B_recognised")


@dataclass(frozen=True)
class Post:
    """A planner post of the story and who is named for it."""

    unit: str
    label: str
    named: tuple[str, ...]


class Story:
    """Plays the round; every act goes through the desk as a person's would."""

    def __init__(self, player: Player, told: YearStory, people: Sequence[Candidate]) -> None:
        self.player = player
        self.told = told
        self.people = list(people)
        with player.desk.db.reading() as session:
            self.names = {unit.id: unit.name for unit in session.scalars(select(Unit))}
            served = {unit.id for unit in units.units_on(session, told.day("survey_sent"))}
        surveyed = [] if served == set(told.units) else list(told.units)
        self.round = PlayedRound(player, told.round_name, surveyed)
        self.wanted: dict[str, int] = defaultdict(int)
        for unit, _, _ in told.posts:
            self.wanted[unit] += 1
        self.called = [told.letters["silent"]] if told.timeline.get("survey_after_call") else []
        self.declining = next((each.unit for each in told.of_kind("decline")), "")
        self.posts = self._posts()

    def play(self) -> PlayedRound:
        """The whole round, phase by phase."""
        self.survey()
        self.call()
        self.qualify()
        self.deliberate()
        self.consult()
        self.appoint()
        return self.round

    def _workday(self, first: date, count: int) -> date:
        """So many working days later: what the procedure begins by working days is not there before, in any year."""
        return self.player.desk.house.calendar.add_workdays(first, count)

    def _posts(self) -> list[Post]:
        """The posts with who is named for each: where one objects or declines, somebody else was named first."""
        serving = {(each.unit, each.post): each.name for each in self.told.first_services()}
        later = {(each.unit, each.post): each.name for each in self.told.services if each.start > self.told.term[0]}
        known = {each.name for each in self.told.services}
        spare = iter([each.name for each in self.people if each.outcome in ELIGIBLE and each.name not in known])
        named = {place: [name] for place, name in serving.items()}
        for unit in (self.told.letters["objects"], self.declining):
            if (unit, 1) in named and (first := next(spare, None)):
                named[unit, 1].insert(0, first)
        for place, name in later.items():
            named.setdefault(place, []).append(name)
        filled = [place for place in named if len(named[place]) == 1]
        for place, name in zip(filled, spare, strict=False):
            named[place].append(name)
        return [
            Post(unit, f"{self.names[unit]}岗位{number}", tuple(named.get((unit, number), ())))
            for unit, number, _ in self.told.posts
        ]

    # phases

    def survey(self) -> None:
        """Most units answer in time, some late, one after a call."""
        sent, due = self.told.day("survey_sent"), self.told.day("survey_due")
        self.player.at(sent, 9)
        self.round.open(due)
        called = self.called
        units = [unit for unit in self.round.unanswered() if unit not in called]
        late = units[len(units) - int(self.told.timeline["survey_late"]) :]
        days = workdays(self.player.desk.house.calendar, sent, due)
        in_time = units[: len(units) - len(late)]
        for place, unit in enumerate(in_time):
            self.player.at(days[place * len(days) // len(units)], 10, place)
            self.round.answer_need(unit, self.wanted.get(unit, 0))
        for place, unit in enumerate(late):
            self.player.at(self._workday(due, 1), 10, place)
            self.round.answer_need(unit, self.wanted.get(unit, 0))
        self.player.at(self._workday(due, 3), 9)
        for unit in called:
            self.round.call_unit("已与政府办公室联系，今日内补报。")
            self.player.at(self._workday(due, 3), 15)
            self.round.answer_need(unit, self.wanted.get(unit, 0))

    def call(self) -> None:
        """People apply; some withdraw before the review, an employer refuses."""
        first, last = self.told.day("call_open"), self.told.day("call_close")
        self.player.at(first, 9)
        self.round.fix_posts()
        self.round.publish_call(last)
        wishes = {name: post.unit for post in self.posts for name in post.named}
        for place, each in enumerate(self.people):
            self.player.at(first + timedelta(days=1 + place * 18 // len(self.people)), 9 + place % 8, place % 60)
            wish = wishes.get(each.name, self.posts[place % len(self.posts)].unit)
            self.round.apply(each, [wish], complete=each.outcome != "incomplete_lapsed")
        self.player.at(last - timedelta(days=1), 14)
        for each in self.people:
            if each.outcome == "withdrew_before_review":
                self.round.withdraw(each, "因工作安排变化，退出本轮报名。")
            else:
                self.round.employer(each, each.outcome != "employer_refused")

    def qualify(self) -> None:
        """The conditions of 第四条 are checked; some do not supplement in time, some are not eligible."""
        self.player.at(self._workday(self.told.day("call_close"), 2), 9)
        lapsing = [each for each in self.people if each.outcome == "incomplete_lapsed"]
        for each in lapsing:
            self.round.qualify(each, "需补正", ["补充行业影响力佐证材料"])
        self.player.at(self.told.day("qualification_done"), 9)
        for each in self.people:
            if each.outcome == "not_eligible":
                self.round.qualify(each, "不符合")
                self.round.accepts_refusal(each)
            elif each.outcome.startswith("route_"):
                self.round.qualify(each)

    def deliberate(self) -> None:
        """The panel names people and reserves; the HR bureau disagrees with one."""
        self.player.at(self.told.day("deliberation"), 9)
        not_recognised = [each.name for each in self.people if each.outcome == "route_B_not_recognised"]
        nominees = {post.label: post.named for post in self.posts if post.named}
        disputed = next((each.name for each in self.people if each.outcome == "route_B_hr_disagreed"), None)
        vacant = [post.label for post in self.posts if not post.named]
        if disputed and vacant:
            self.round.deliberate(nominees | {vacant[-1]: (disputed,)}, {}, not_recognised)
            self.player.at(self._workday(self.told.day("deliberation"), 1), 10)
            self.round.hr_objects(disputed, "该同志实践经验认定的依据尚不充分，建议本轮不列入。")
        self.round.deliberate(nominees, {}, not_recognised)
        self.player.at(self.told.day("letters_sent"), 9)
        self.round.hr_agrees()

    def consult(self) -> None:
        """Most agree, some advise, one objects and accepts the reserve, one is silent."""
        sent, due = self.told.day("letters_sent"), self.told.day("letters_due")
        self.player.at(sent, 10)
        self.round.sign_letters(due)
        told = self.told.letters
        ordinary = [unit for unit in self.round.waiting_units() if unit not in (told["objects"], told["silent"])]
        in_time = workdays(self.player.desk.house.calendar, sent, due)[1:]
        told_in_time = int(told["on_time"]) - (told["objects"] in self.round.waiting_units())
        on_time, late = ordinary[:told_in_time], ordinary[told_in_time:]
        self.advising = self._advising(ordinary)
        self._reply_in_turn(on_time, in_time)
        self.player.at(due, 9)
        self._objection(told["objects"])
        self._reply_in_turn(late, [self._workday(due, late_by) for late_by in range(1, 5)])
        self.player.at(self._workday(due, 6), 9)
        if not self.round.waiting_units():
            return
        reason = "经多次催办未复函，已电话沟通无异议，经研究先行推进，不视为同意。"
        self.round.leader("silent_decision", {"decision": "视情推进", "reason": reason})

    def _advising(self, ordinary: Sequence[str]) -> set[str]:
        """The districts that agree and advise, spread over all."""
        count = int(self.told.letters["agree_with_advice"])
        return {ordinary[place * len(ordinary) // count] for place in range(count)} if ordinary else set()

    def _reply_in_turn(self, units: Sequence[str], days: Sequence[date]) -> None:
        for place, unit in enumerate(units):
            self.player.at(days[place * len(days) // len(units)], 10, place % 60)
            if unit in self.advising:
                self.round.reply(unit, "同意并提出建议", "建议加强对乡村振兴和城市更新项目的技术指导。")
            else:
                self.round.reply(unit)

    def _objection(self, unit: str) -> None:
        """巫溪县 asks for somebody who knows mountain hazards; the reserve is named in a new letter to it alone."""
        if unit not in self.round.waiting_units():
            return
        wish = str(self.told.letters.get("wish") or "山地灾害防治方向")
        self.round.reply(unit, "不同意", "我县地质灾害易发，现有人选专业方向与需求不完全相符。", wish)
        self.round.clerk("mediate", mediated("山地灾害防治方向"))
        self.round.leader("sign_new_letter", {"decision": "签发"})
        self.player.at(self.player.clock.now().date() + timedelta(days=1), 10)
        self.round.reply(unit)

    def appoint(self) -> None:
        """The list is decided and published; one nominee declines and the reserve serves."""
        decided = self.told.day("decision")
        self.player.at(decided, 9)
        self.round.decide("市规划自然资源局局务会议", self.told.day("certificates"))
        self.player.at(decided + timedelta(days=1), 9)
        self.round.publish()
        self.player.at(decided + timedelta(days=2), 9)
        if self.declining:
            self._decline(self.declining)
        self.player.at(self.told.day("certificates"), 9)
        for item in self.round.waiting_receipts():
            self.round.accept(item)
        self.player.now_and_then()

    def _decline(self, unit: str) -> None:
        for item in self.round.waiting_receipts():
            if item.title.endswith(self.names[unit]):
                self.round.decline(item, "因个人原因不能到岗。")
        self.round.clerk("replace", {"choice": "备选递补", "reason": "建议人选不接受，由备选人选递补。"})
        self.round.leader("sign_reserve", {"decision": "签发"})
        self.player.at(self.told.day("certificates") - timedelta(days=3), 10)
        self.round.reply(unit)
        decision = {"decision": "聘任", "meeting_name": "市规划自然资源局专题会议"}
        self.round.leader("decide_reserve", decision)


def mediated(direction: str) -> Any:
    """What the clerk writes down after talking to a district that wants another field: the reserve is to be named."""

    def answer(form: Any) -> dict[str, Any]:
        held = form.context.today.isoformat()
        contact = {"held_on": held, "person": "政府办公室", "substance": "沟通人选专业方向，对方同意改派备选人选"}
        return {
            "contacts": [contact],
            "agreement": "改派备选",
            "reason": f"对方希望{direction}，备选人选更为合适。",
        }

    return answer


def workdays(calendar: WorkCalendar, first: date, last: date) -> list[date]:
    """The working days from a day to a day."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [day for day in days if calendar.is_workday(day)]
