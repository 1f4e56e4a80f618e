"""季度报告与通报: each district reports on the day the story says, late, or not at all (第十二、十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from processes import clock
from processes.registers.quarter_reports import QuarterReport
from webapp.demo.player import Answers
from webapp.demo.year import sayings
from webapp.demo.year.office import Left, Office, Task, after
from webapp.demo.year.story import Report

KEY = "quarterly_reporting"
ANNEX = {"handling": "列入未确认附件", "open_note": "活动临近季末，记录正在办理，列入附件。"}


class Quarters:
    """Reports of districts on the days that are told."""

    def __init__(self, office: Office, reports: Sequence[Report]) -> None:
        self.office = office
        self.rows = {(each.unit, each.quarter): each for each in reports}
        self._of_case: dict[UUID, tuple[str, str]] = {}

    def prepare(self) -> None:
        """Everybody's habits."""
        habit = self.office.habit
        habit(KEY, "write_summary", {"summary": SUMMARY}, self._summed_on)
        habit(KEY, "settle_records", ANNEX, self._sent_on)
        habit(KEY, "write_report", self._report, self._sent_on)
        habit(KEY, "sign_report", self._signed, self._sent_on)
        habit(KEY, "check_report", {"decision": "接收"})
        habit(KEY, "urge_government", self._urging, self._told(0))
        habit(KEY, "close_missing", {"missing_reason": "经催报仍未报送，本季度按未报送登记。"}, self._told(1))
        habit(KEY, "write_notification", {"highlights": sayings.HIGHLIGHTS, "next_steps": sayings.NEXT_STEPS}, 0)
        habit(KEY, "sign_notification", {"decision": "签发"}, 0)
        habit(KEY, "receive_notification", {"receipt": "签收"})

    def row(self, task: Task) -> Report | None:
        """What the story says of the report that a task is about; other quarters are not told."""
        if task.case_id not in self._of_case:
            with self.office.player.desk.db.reading() as session:
                found = session.execute(select(QuarterReport.case_id, QuarterReport.unit_id, QuarterReport.quarter))
                self._of_case = {case: (unit, quarter) for case, unit, quarter in found if case is not None}
        place = self._of_case.get(task.case_id)
        return self.rows.get(place) if place is not None else None

    def _told(self, days: int) -> Left:
        """So many working days later, in the units of the story alone."""
        later = after(self.office.calendar, days)
        return lambda task: later(task) if self.row(task) is not None else None

    def _sent_on(self, task: Task) -> date | None:
        row = self.row(task)
        return row.submitted if row is not None else None

    def _summed_on(self, task: Task) -> date | None:
        """Every third planner writes down what the quarter brought."""
        return self.office.workday(task.created, 2) if sum(map(ord, task.title)) % 3 == 0 else None

    def _report(self, task: Task) -> Answers:
        row = self.row(task)
        if row is None or not row.zero:
            return {"situation": sayings.SITUATION, "problems": sayings.PROBLEMS}
        return {"situation": sayings.QUIET, "problems": "无", "zero_note": sayings.ZERO}

    def _signed(self, task: Task) -> Answers:
        return {"decision": "签发报送", "signer": "区县局分管负责人", "scan": "file:季度报告（盖章）"}

    def _urging(self, task: Task) -> Answers:
        return {"new_due": self.office.workday(clock.today(), 5).isoformat()}


SUMMARY = "本季度按邀请到现场参加咨询，书面意见均已提交；建议区县提前提供图纸和上位规划资料，便于会前研究。"
