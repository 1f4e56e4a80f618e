"""会议、培训、年度总结: the year's plan, its meetings with everybody in office, and the summary (第一、七、十一条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from processes import clock
from processes.engine.task_forms import TaskForm
from webapp.demo.player import Answers
from webapp.demo.year import sayings
from webapp.demo.year.office import Office, Task
from webapp.demo.year.story import YearStory

KEY, SUMMARY = "meetings_training", "annual_summary"
CALLED_WD = 9
"""Working days before a meeting on which it is called."""
PLACE = "市规划展览馆"
AWAY_EVERY = 15
"""One in so many asks for leave."""


class Meetings:
    """The meetings that the timeline names, and what is written about the whole year."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story
        year = story.year
        self.held = [
            ("kickoff_meeting", "工作部署", f"{year}年首席规划师工作部署会", 1),
            ("midyear_training", "培训", f"{year}年首席规划师年中培训", 2),
            ("summary_meeting", "工作总结", f"{year}年度首席规划师工作总结会", 1),
        ]

    def prepare(self) -> None:
        """Each meeting called in time; everybody's habits."""
        for name, kind, title, days in self.held:
            if name in self.story.timeline:
                first, last = self._days(name)
                called = max(self.office.workday(first, -CALLED_WD), self.story.term[0])
                self.office.plan(called, 15, self._calling(kind, title, first, last, days))
        habit = self.office.habit
        habit(KEY, "write_plan", self._plan, 3)
        habit(KEY, "answer_notice", self._answer)
        habit(KEY, "sign_in", self._minutes, self._after_the_meeting)
        habit(SUMMARY, "write_summary", OVERVIEW, self._before_the_meeting(4))
        habit(SUMMARY, "approve_summary", {"decision": "审定"}, self._before_the_meeting(2))
        habit(SUMMARY, "hand_out", self._handed_out, self._before_the_meeting(0))
        habit(SUMMARY, "receive_summary", {"received": True})

    def _days(self, name: str) -> tuple[date, date]:
        told = self.story.timeline[name]
        first, last = told if isinstance(told, list) else (told, told)
        return date.fromisoformat(first), date.fromisoformat(last)

    def _calling(self, kind: str, title: str, first: date, last: date, days: int) -> Any:
        def call() -> None:
            present = [each for each in self.story.services if each.start <= first <= each.end]
            case_id = self.office.start("city.clerk", KEY, "meeting")
            given = {
                "kind": kind,
                "title": title,
                "start_at": f"{first.isoformat()}T09:30",
                "end_at": f"{last.isoformat()}T{'12:00' if days == 1 else '17:00'}",
                "place": PLACE,
                "agenda": "部署和交流首席规划师工作。" if kind != "培训" else "政策解读、案例交流、现场教学。",
                "invitees": [str(self.office.people[each.login]) for each in present],
                "hours": 2.5 if days == 1 else 12,
                "reply_by": self.office.workday(first, -2).isoformat(),
                "contact": "陈思源",
                "phone": sayings.PHONE,
                "warnings_known": True,
                "warning_note": "已协调有关区县调整时间。",
            }
            self.office.player.do("city.clerk", "call_meeting", given, case_id=case_id)

        return call

    def _plan(self, task: Task) -> Answers:
        """The meetings of the timeline that fall into the year, one of each kind that a plan must have (第十一条)."""
        year = clock.today().year
        told = {kind: self._days(name)[0] for name, kind, _, _ in self.held if name in self.story.timeline}
        spare = {"工作部署": date(year, 2, 27), "培训": date(year, 6, 11), "工作总结": date(year, 12, 30)}
        days = {kind: told[kind] if kind in told and told[kind].year == year else day for kind, day in spare.items()}
        rows = [
            {
                "kind": kind,
                "title": f"{year}年首席规划师{kind}会议",
                "planned_on": day.isoformat(),
                "place": PLACE,
            }
            for kind, day in days.items()
        ]
        return {"plan_rows": rows}

    def _answer(self, task: Task) -> Answers:
        if sum(map(ord, task.login)) % AWAY_EVERY == 0:
            return {"answer": "请假", "reason_kind": "单位紧急任务", "reason": "所在单位当日有紧急任务，无法到会。"}
        return {"answer": "报名"}

    def _after_the_meeting(self, task: Task) -> date | None:
        """The working day after the meeting that a task is about."""
        last = next((self._days(name)[1] for name, _, title, _ in self.held if title in task.title), None)
        return self.office.workday(last, 1) if last is not None else None

    def _minutes(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("attendance_rows") or []
            away = [str(row.get("presence") or row.get("answer") or "") == "请假" for row in rows]
            return {
                "held": "举行",
                "attendance_rows": [{"presence": "请假" if gone else "到会"} for gone in away],
                "minutes": "会议按议程举行，听取了各区县和首席规划师的意见建议，明确了下一步工作要求和时间安排。",
                "minutes_files": ["file:会议纪要"],
            }

        return answer

    def _before_the_meeting(self, days: int) -> Any:
        def on(task: Task) -> date:
            meeting = self._days("summary_meeting")[0]
            return max(task.created, self.office.workday(meeting, -days) if days else meeting)

        return on

    def _handed_out(self, task: Task) -> Answers:
        return {"meeting_on": self._days("summary_meeting")[0].isoformat()}


OVERVIEW = {
    "overview": (
        "全年围绕重点片区、重要公共建筑和乡村规划开展技术咨询，首席规划师到现场踏勘并逐项提出书面意见，意见采纳率保持较高水平，"
        "区县规划编制和建筑方案质量得到提升；季度报告、通报和年度考核按期完成，制度运行平稳，服务单元覆盖面逐步扩大。"
    ),
    "support": "各区县按要求提供资料、支付差旅费，联系人基本固定。",
    "problems": "个别区县季度报告逾期或未报送，个别首席规划师多次缺席。",
    "plan": "完善意见采纳跟踪，开展联合咨询，补选空缺岗位。",
}
