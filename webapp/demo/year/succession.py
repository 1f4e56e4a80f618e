"""补选: the short round that finds a successor for a post that has become vacant (第六条、第十五条)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from processes import clock
from processes.engine.models import Case
from processes.registers.rounds import Round
from webapp.demo.people import candidate
from webapp.demo.rounds import PlayedRound
from webapp.demo.year.office import Office
from webapp.demo.year.story import Event, Service, YearStory

KEY = "appointment"
BEFORE = {"call": -24, "close": -17, "check": -15, "deliberate": -13, "hr": -12, "letter": -11, "reply": -7,
          "decide": -4, "publish": -2}  # fmt: skip
"""Working days before the successor's first day on which each step of the round is done."""


class Succession:
    """The rounds for single posts that the story tells."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story

    def prepare(self) -> None:
        """Each round step by step, so that the successor begins on the day of the story."""
        for event in self.story.of_kind("withdraw"):
            follower = self._follower(event)
            if follower is not None:
                _ShortRound(self.office, self.story, event, follower).prepare()

    def _follower(self, event: Event) -> Service | None:
        here = (each for each in self.story.services if each.unit == event.unit and each.start > event.on)
        return min(here, key=lambda each: each.start, default=None)


class _ShortRound:
    """The round of one vacant post, from its call to the day on which the follower takes it up."""

    def __init__(self, office: Office, story: YearStory, event: Event, follower: Service) -> None:
        self.office, self.story, self.event, self.follower = office, story, event, follower
        told = next(each for each in story.applicants if each.name == follower.name)
        self.candidate = candidate(story, told, follower.login)
        self.round = PlayedRound(office.player, "")

    def prepare(self) -> None:
        """Plan each step so many working days before the follower begins, but not before the post is vacant."""
        steps = {
            "call": self._call, "close": self._consent, "check": self._check, "deliberate": self._deliberate,
            "hr": self.round.hr_agrees, "letter": self._letter, "reply": self._reply, "decide": self._decide,
            "publish": self.round.publish,
        }  # fmt: skip
        for name, act in steps.items():
            self.office.plan(max(self.office.workday(self.follower.start, BEFORE[name]), self._earliest()), 9, act)
        self.office.plan(self.follower.start, 9, self._accept)

    def _earliest(self) -> date:
        return self.event.on + timedelta(days=1)

    def _call(self) -> None:
        """The post has become vacant and the desk has begun a round of its own for it."""
        with self.office.player.desk.db.reading() as session:
            found = select(Round).join(Case, Round.case_id == Case.id).where(Case.status == "running", Case.key == KEY)
            opened = session.scalars(found.order_by(Round.opened_at.desc()).limit(1)).one()
            assert opened.case_id is not None
            self.round.case_id, self.round.name = opened.case_id, opened.name
        self.round.publish_call(self.office.workday(self.follower.start, BEFORE["close"]))
        self.round.apply(self.candidate, [self.follower.unit])

    def _consent(self) -> None:
        self.round.employer(self.candidate)

    def _check(self) -> None:
        self.round.qualify(self.candidate)

    def _deliberate(self) -> None:
        label = f"{self.office.unit_names[self.follower.unit]}岗位{self.follower.post}"
        self.round.deliberate({label: (self.candidate.name,)}, {})

    def _letter(self) -> None:
        self.round.sign_letters(self.office.workday(clock.today(), 10))

    def _reply(self) -> None:
        for unit in self.round.waiting_units():
            self.round.reply(unit)

    def _decide(self) -> None:
        self.round.decide("市规划自然资源局专题会议", self.follower.start, self.story.term[1])

    def _accept(self) -> None:
        for item in self.round.waiting_receipts():
            self.round.accept(item)
