"""技术咨询: each invitation of the story from the letter to the adoption of the last point (第七、八、十二条)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from processes.engine.task_forms import TaskForm
from processes.errors import Invalid
from webapp.demo.player import Answers
from webapp.demo.year import sayings
from webapp.demo.year.office import Office, Task
from webapp.demo.year.story import (
    ATTENDED,
    CANCELLED,
    EXCUSED,
    ONLINE,
    UNEXCUSED,
    WRITTEN,
    Consultation,
    Event,
    YearStory,
)

KEY = "technical_consultation"
NOTICE_WD = 7
"""Working days before the activity on which the letter goes out."""
RATED = ("concrete", "founded", "useful", "timely")


class Consultations:
    """All consultations of the year."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story
        self.rows: dict[UUID, Consultation] = {}
        """The row of the story behind each case."""
        self.numbers = {row.id: number for number, row in enumerate(story.consultations)}
        self.reserved = self._told("reserved_opinion")
        self.conflicts = self._told("conflict")

    def _told(self, kind: str) -> dict[str, Event]:
        """For each event of a kind the consultation it is about: that of its planner next to its day."""
        found: dict[str, Event] = {}
        for event in self.story.of_kind(kind):
            unit = event.by or event.unit
            near = [
                row for row in self.story.consultations if row.unit == unit and row.outcome == ATTENDED and row.opinions
            ]
            if near:
                found[min(near, key=lambda row: abs(row.day - event.on)).id] = event
        return found

    def prepare(self) -> None:
        """Invitations at their days; everybody's habits."""
        for row in self.story.consultations:
            start = self.story.service_of[row.planner].start
            sent = self.office.workday(row.day, -NOTICE_WD)
            first = sent <= start
            self.office.plan(max(sent, start), 14 if first else 11, self._inviting(row), self.numbers[row.id] % 60)
        habit = self.office.habit
        habit(KEY, "answer_invitation", self._answer, self._answered_on)
        habit(KEY, "handle_leave", {"leave_decision": "同意"}, self._answered_on)
        habit(KEY, "record_service", self._record)
        habit(KEY, "write_opinion", self._opinion, self._written_on)
        habit(KEY, "confirm_record", self._confirm, 2)
        habit(KEY, "give_adoption", self._adoption, 8)
        habit(
            KEY,
            "explain_absence",
            {"reason_kind": "其他", "reason": "当日另有安排，未能及时说明。"},
            self._explained_on,
        )
        habit(KEY, "find_absence", FOUND, 2)

    def row(self, task: Task) -> Consultation:
        """What the story says of the consultation that a task is about."""
        return self.rows[task.case_id]

    # invitation

    def _inviting(self, row: Consultation) -> Any:
        def invite() -> None:
            number, event = self.numbers[row.id], self.conflicts.get(row.id)
            host = self._host(row, number) if event is None else self.office.bureau(event.unit)
            case_id = self.office.start(host, KEY)
            self.rows[case_id] = row
            given = self._letter(row, number, event)
            if event is not None:
                self._refused(host, case_id, given, event)
            self.office.player.do(host, "invite", given, case_id=case_id)

        return invite

    def _host(self, row: Consultation, number: int) -> str:
        if number % 10 == 9:
            return "city.clerk"
        return self.office.government(row.unit) if number % 10 in (3, 7) else self.office.bureau(row.unit)

    def _letter(self, row: Consultation, number: int, event: Event | None) -> dict[str, Any]:
        title = self._title(row, number, event)
        mode = {ONLINE: "线上", WRITTEN: "书面"}.get(row.mode, "实地")
        if self._asks_to_write(row):
            mode = "实地"
        where = {"place": f"{self.office.unit_names[row.unit]}规划展览馆"} if mode == "实地" else {}
        return where | {
            "unit_id": row.unit,
            "kind": row.kind,
            "title": title,
            "planners": [str(self.office.people[self.story.service_of[row.planner].login])],
            "mode": mode,
            "start_at": f"{row.day.isoformat()}T{_begins(number)}",
            "classified": False,
            "schemes": self._schemes(row, number, title, event),
            "contact": "规划科",
            "phone": sayings.PHONE,
            "warnings_known": True,
            "warning_note": "已与首席规划师沟通。",
        }

    def _schemes(self, row: Consultation, number: int, title: str, event: Event | None) -> list[dict[str, str]]:
        compiler = self._employer(event) if event else sayings.COMPILERS[number % len(sayings.COMPILERS)]
        kinds = sayings.KINDS_OF_SCHEME
        return [
            {"name": f"{title}方案{place}", "type": kinds[(number + place) % len(kinds)], "compiler": compiler}
            for place in range(1, max(row.schemes, 1) + 1)
        ]

    def _title(self, row: Consultation, number: int, event: Event | None) -> str:
        if event is not None:
            return f"{self.office.unit_names[event.unit]}毗邻片区协同规划"
        if row.id in self.reserved:
            return f"{self.office.unit_names[row.unit]}滨江高层方案"
        return f"{self.office.unit_names[row.unit]}{sayings.topic_of(number)}"

    def _employer(self, event: Event) -> str:
        """Who drew the scheme up: the body in which the host's own planner works."""
        own = self.story.planner_of(event.unit)
        person = next(each for each in self.story.applicants if own is not None and each.name == own.name)
        return person.employer

    def _refused(self, host: str, case_id: UUID, given: dict[str, Any], event: Event) -> None:
        """The host first thinks of its own planner, and the desk says why it should ask somebody else (第九条)."""
        own = self.story.planner_of(event.unit)
        assert own is not None
        wrong = given | {"planners": [str(self.office.people[own.login])], "warnings_known": False}
        try:
            self.office.player.do(host, "invite", wrong, case_id=case_id)
        except Invalid:
            return
        raise AssertionError(f"the desk did not warn of the conflict in {event.unit}")

    def _asks_to_write(self, row: Consultation) -> bool:
        """Every second of those who wrote had been invited to the place."""
        return row.mode == WRITTEN and self.numbers[row.id] % 2 == 0

    # the planner

    def _answered_on(self, task: Task) -> date:
        day = self.row(task).day
        return max(task.created, min(self.office.workday(task.created, 1), day - timedelta(days=1)))

    def _answer(self, task: Task) -> Answers:
        row = self.row(task)
        if row.outcome == EXCUSED:
            return {"answer": "请假", "reason_kind": "单位紧急任务", "reason": "所在单位紧急任务，附单位出具的证明。"}
        if self._asks_to_write(row):
            return {"answer": "改为书面意见", "reason_kind": "单位紧急任务", "reason": "不能到场，愿按时提出书面意见。"}
        return {"answer": "参加"}

    def _record(self, task: Task) -> Answers:
        row, number = self.row(task), self.numbers[self.row(task).id]
        if row.outcome == CANCELLED:
            return {"attended": "活动取消", "record_note": "编制单位未能按时完成成果，邀请单位通知取消。"}
        if row.outcome == UNEXCUSED:
            return {"attended": "未参加", "record_note": "当日未能到场。"}
        day, begins = row.day.isoformat(), _begins(number)
        topic = sayings.topic_of(number)
        return {
            "attended": "按时参加" if number % 23 else "迟到",
            "actual_start": f"{day}T{begins}",
            "actual_end": f"{day}T{'12:00' if begins < '12' else '17:00'}",
            "attendees": [{"name": "规划科负责人", "body": f"{self.office.unit_names[row.unit]}规划和自然资源局"}],
            "summary": sayings.SUMMARY.format(topic=topic),
            "sign_in": ["file:签到表"],
            "travel_days": 1,
            "support_note": "资料提供及时。" if number % 5 == 0 else "",
        }

    def _written_on(self, task: Task) -> date | None:
        return task.created if _place(task.title) <= self.row(task).opinions else None

    def _opinion(self, task: Task) -> Answers:
        row, place = self.row(task), _place(task.title)
        number = self.numbers[row.id]
        share = row.items // row.opinions + (place <= row.items % row.opinions)
        reserved = self.reserved.get(row.id)
        given: dict[str, Any] = {
            "overall": ("修改后可行", "可行", "需重大调整")[number % 3],
            "items": sayings.issues_of(number + place, share),
            "signed": True,
        }
        if row.id in self.conflicts:
            given["conflict_note"] = "本单位未参与本方案编制；如有关联，已在评审中说明。"
        if reserved is not None and place == 1:
            given |= {"overall": "不建议", "reserved": reserved.text}
        return given

    def _explained_on(self, task: Task) -> date | None:
        """Every second one explains; who does not is asked no longer after six working days."""
        return self.office.workday(task.created, 3) if self.numbers[self.row(task).id] % 2 else None

    # the district

    def _confirm(self, task: Task) -> Answers:
        grading = self.story.grading_of.get(self.row(task).planner)
        rated = grading.quality if grading else 85
        return {"confirm": "确认"} | dict.fromkeys(RATED, rated)

    def _adoption(self, task: Task) -> Answers:
        adopted = self.row(task).adopted

        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("adoption_rows") or []
            return {
                "adoption_rows": [
                    {"adopted": "部分采纳" if place % 7 == 6 else "采纳"}
                    if place < adopted
                    else {"adopted": "未采纳", "adoption_reason": "受现状条件和投资限制，本阶段暂不采纳。"}
                    for place in range(len(rows))
                ]
            }

        return answer


FOUND = {"outcome": "无正当理由", "basis": "经核实无证明材料，不属于正当理由。", "decided_by": "区县规划自然资源局"}


def _begins(number: int) -> str:
    return "09:30" if number % 3 else "14:30"


def _place(title: str) -> int:
    """Which scheme of a consultation a title names: the number at its end."""
    found = re.search(r"(\d+)$", title)
    return int(found[1]) if found else 1
