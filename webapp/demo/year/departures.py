"""离任与代理: dismissal, withdrawal, the vacant post, its successor, and who acts while somebody is away
(第五条(二)、第六条、第十五条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from processes import clock
from processes.engine.task_forms import TaskForm
from processes.registers.appointments import CURRENT, Appointment
from processes.rules.years import DAY
from webapp.demo.player import Answers
from webapp.demo.year.office import Office, Task
from webapp.demo.year.story import Event, Service, YearStory
from webapp.demo.year.succession import Succession

DISMISSAL, WITHDRAWAL, REPLACEMENT = "dismissal", "withdrawal", "replacement"
ABSENT, UNFIT, OWN_WISH = (
    "（三）无正当理由多次不参加技术指导和咨询活动",
    "（四）考核不称职",
    "（一）本人主动要求退出",
)
ASKS_WD, LEAVE_WD = 16, 8
"""Working days before the last day on which somebody asks to leave, and before a leave on which it is registered."""
ACTING_MONTHS = 6


class Departures:
    """Who leaves, who is away, and who comes instead."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story
        self.leaves: list[Leave] = []

    def prepare(self) -> None:
        """What people begin by themselves, and everybody's habits."""
        for event in self.story.of_kind("withdraw"):
            self.office.plan(self.office.workday(event.on, -ASKS_WD), 9, self._withdrawing(event))
        for event in self.story.of_kind("leave"):
            self._plan_leave(event)
        self._of_dismissal()
        self._of_replacement()

    # leaving

    def _withdrawing(self, event: Event) -> Any:
        def ask() -> None:
            service = self.story.serving(event.unit, event.on)
            assert service is not None
            case_id = self.office.start(service.login, WITHDRAWAL)
            given = {
                "appointment_id": self._appointment(service.login),
                "reason": f"{event.text[:80]}，不能继续履行职责。",
                "wished": event.on.isoformat(),
                "handover": "未结意见书离任前完成。",
            }
            self.office.player.do(service.login, "ask_to_leave_office", given, case_id=case_id)

        return ask

    def _appointment(self, login: str) -> str:
        with self.office.player.desk.db.reading() as session:
            mine = select(Appointment.id).where(
                Appointment.person_id == self.office.people[login], Appointment.status.in_(CURRENT)
            )
            return str(session.scalars(mine).one())

    def _of_dismissal(self) -> None:
        habit = self.office.habit
        habit(WITHDRAWAL, "talk", {"talk": "已当面谈话，本人去意坚决。", "outcome": "坚持退出"}, 2)
        habit(DISMISSAL, "check_ground", {"opening": "立案"})
        habit(DISMISSAL, "verify_facts", self._facts, 3)
        habit(DISMISSAL, "state", {"statement": "本人工作繁忙，未能按要求参加，未及时说明，表示歉意。"}, 3)
        habit(DISMISSAL, "remark", {"remarks": "对在编项目影响较小，请按程序办理。"}, 3)
        habit(DISMISSAL, "decide", self._decision, self._decided_on)
        habit(DISMISSAL, "serve", {"served_how": "本人签收", "receipt": ["file:送达回执"]}, 0)
        habit(DISMISSAL, "hand_over", self._handover, 1)
        habit(DISMISSAL, "confirm_handover", {"handover_ok": "已交接"}, 2)

    def _leaving(self, task: Task) -> Service:
        """The service that a dismissal case may end, by the planner whose name its title says."""
        return next(each for each in self.story.services if each.name in task.title)

    def _last_day(self, task: Task) -> date | None:
        """The last day that the story gives the planner of a case."""
        service = self._leaving(task)
        if service.end_reason:
            return service.end
        return next((event.until for event in self.story.of_kind("objection") if event.unit == service.unit), None)

    def _decided_on(self, task: Task) -> date:
        last = self._last_day(task)
        withdrawn = self._leaving(task).end_reason == "withdrawn"
        return task.created if last is None or withdrawn else max(task.created, last)

    def _facts(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            absent = self._leaving(task).absence_level == "trigger"
            fact = (
                "一年内多次无正当理由未参加技术咨询活动，区县已逐次认定。" if absent else "年度考核等次不称职，已生效。"
            )
            ground, doc = (ABSENT, "缺席认定记录") if absent else (UNFIT, "年度考核结果通知")
            return {
                "evidence": [{"ground": ground, "fact": fact, "doc": doc}],
                "proven": "属实",
                "proven_reason": "经核对记录，事实清楚。",
            }

        return answer

    def _decision(self, task: Task) -> Answers:
        last = self._last_day(task) or clock.today()
        effective = max(last + DAY, clock.today())
        return {
            "decision": "解聘",
            "decision_reason": "事实清楚、程序完备，市人力社保局同意。",
            "effective": effective.isoformat(),
        }

    def _handover(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("handover") or form.values.get("handover_rows") or [{"item": "无未结事项"}]
            return {"handover": [{"item": row["item"], "to": "区县规划自然资源局"} for row in rows]}

        return answer

    # the vacant post, and leave

    def _plan_leave(self, event: Event) -> None:
        assert event.until is not None
        acting_ends = min(event.until, _months_later(event.on, ACTING_MONTHS))
        self.leaves.append(Leave(event, event.on, acting_ends, event.by))
        self.office.plan(self.office.workday(event.on, -LEAVE_WD), 9, self._registering(self.leaves[-1]))
        if acting_ends < event.until:
            self.leaves.append(Leave(event, acting_ends + DAY, event.until, ""))
            self.office.plan(acting_ends + DAY, 9, self._registering(self.leaves[-1]))

    def _registering(self, leave: Leave) -> Any:
        def register() -> None:
            service = self.story.serving(leave.event.unit, leave.event.on)
            assert service is not None
            case_id = self.office.start("city.clerk", REPLACEMENT)
            given = {
                "appointment_id": self._appointment(service.login),
                "occasion": "休假",
                "first_day": leave.first.isoformat(),
                "last_day": leave.last.isoformat(),
                "occasion_reason": leave.event.text[:200] or "因病休养，已提交医院证明。",
            }
            self.office.player.do("city.clerk", "state_occasion", given, case_id=case_id)

        return register

    def _leave_of(self, task: Task) -> Leave | None:
        """The leave that a replacement is about, if it is about one."""
        here = [each for each in self.leaves if self.office.unit_names[each.event.unit] in task.title]
        return max((each for each in here if each.first <= clock.today() + timedelta(days=30)), default=None,
                   key=lambda each: each.first)  # fmt: skip

    def _of_replacement(self) -> None:
        habit = self.office.habit
        habit(REPLACEMENT, "state_need", {"need": "继续需要", "wishes": "希望熟悉本区县情况。"}, 2)
        habit(REPLACEMENT, "confirm_need", self._way, 1)
        habit(REPLACEMENT, "hand_over", self._passed_on, 1)
        habit(REPLACEMENT, "name_acting", self._acting, 0)
        habit(REPLACEMENT, "planner_agrees", {"planner_consent": "同意"}, 1)
        habit(REPLACEMENT, "own_agrees", {"own_consent": "同意"}, 1)
        habit(REPLACEMENT, "neighbour_agrees", {"neighbour_consent": "同意"}, 1)
        habit(REPLACEMENT, "approve_acting", {"approval": "批准"}, 0)
        Succession(self.office, self.story).prepare()

    def _way(self, task: Task) -> Answers:
        leave = self._leave_of(task)
        if leave is not None:
            way = "邻区代理" if leave.by else "仅登记休假"
            return {"way": way, "way_reason": "休假期间由邻区首席规划师代理，各方同意。"}
        filled = any(
            self.office.unit_names[event.unit] in task.title and event.until for event in self.story.of_kind("withdraw")
        )
        if filled:
            return {"way": "补选（简易程序）", "way_reason": "区县继续需要，本岗位有备选人选。"}
        return {"way": "保持空缺", "way_reason": "暂无合适人选，待下一年度统一补选。"}

    def _acting(self, task: Task) -> Answers:
        leave = self._leave_of(task)
        assert leave is not None
        neighbour = self.story.serving(leave.by, leave.first)
        assert neighbour is not None
        return {
            "acting": str(self.office.people[neighbour.login]),
            "acting_from": leave.first.isoformat(),
            "acting_until": leave.last.isoformat(),
        }

    def _passed_on(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("handover") or form.values.get("open_rows") or [{"item": "无未结事项"}]
            return {"handover": [{"item": row["item"], "how": "移交继任者"} for row in rows]}

        return answer


class Leave:
    """A span of leave that is registered at once, and who acts in it."""

    def __init__(self, event: Event, first: date, last: date, by: str) -> None:
        self.event, self.first, self.last, self.by = event, first, last, by


def _months_later(day: date, months: int) -> date:
    month = day.month + months
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - DAY).day
    return date(year, month, min(day.day, last))
