"""年度考核: reports, views, assessment, grades under the ceiling, the tie, objections, filing (第十、十四条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from processes import clock
from processes.engine.task_forms import TaskForm
from webapp.demo.player import Answers
from webapp.demo.year import sayings
from webapp.demo.year.office import Office, Task
from webapp.demo.year.story import Event, Grading, YearStory

KEY, REPORT, OBJECTION = "annual_appraisal", "annual_report", "objection"
EXCELLENT, COMPETENT, INCOMPETENT = "优秀", "称职", "不称职"
VIEWS, ASSESSED, GRADED, DECIDED = (1, 9), (1, 19), (1, 22), (1, 29)
"""Month and day of the next year on which views are given, quality is assessed, the panel and the leader decide."""
SILENT_WD = 18
"""Working days to a confirmed record where an opinion is never written: 5 to write it, 10 beyond, 3 to confirm."""


class YearlyAppraisal:
    """The appraisal of the year from 1 December to the last receipt."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story
        self.by_name = {self.story.service_of[each.planner].name: each for each in story.gradings}
        self.logins = {each.login: each.planner for each in story.services}
        self.objecting = self._objections()

    def _objections(self) -> dict[str, Event]:
        """By planner, who objects."""
        found = {}
        for event in self.story.of_kind("objection"):
            last = self.story.serving(event.unit, date(self.story.year, 12, 31))
            if last is not None:
                found[last.planner] = event
        return found

    def _next(self, month_and_day: tuple[int, int]) -> date:
        return date(self.story.year + 1, *month_and_day)

    def _not_before(self, day: tuple[int, int], wait: int = 0) -> Any:
        def on(task: Task) -> date:
            return max(self.office.workday(task.created, wait) if wait else task.created, self._next(day))

        return on

    def prepare(self) -> None:
        """Everybody's habits."""
        habit = self.office.habit
        habit(KEY, "sign_notice", {"decision": "签发"})
        habit(REPORT, "write_report", self._report, self._reported_on)
        habit(REPORT, "check_figures", {"numbers": "数据一致"})
        habit(REPORT, "accept_report", {"decision": "接收"})
        habit(KEY, "view_of_government", self._view, self._not_before(VIEWS))
        habit(KEY, "view_of_bureau", self._view, self._not_before(VIEWS))
        habit(KEY, "assess", self._assessed, self._assessed_on)
        habit(KEY, "grade", self._grades, self._not_before(GRADED))
        habit(KEY, "settle_ties", self._ties, self._not_before(GRADED))
        habit(KEY, "decide", self._decision, self._not_before(DECIDED))
        habit(KEY, "confirm_result", self._answer, self._answered_on)
        habit(KEY, "file_result", self._filed, 5)
        habit(KEY, "file_by_city", self._filed, 5)
        habit(OBJECTION, "accept", {"decision": "受理", "acceptance_reason": "在期限内提出，予以受理。"})
        habit(OBJECTION, "review", self._review, 2, login=_second_reviewer)
        habit(OBJECTION, "decide", self._upheld)

    def grading(self, task: Task) -> Grading:
        """The figures of the planner whose name a task says."""
        return next(each for name, each in self.by_name.items() if name in task.title)

    # reports and views

    def _reported_on(self, task: Task) -> date:
        spread = sum(map(ord, task.title)) % 12
        return min(self.office.workday(task.created, 3 + spread), date(self.story.year, 12, 30))

    def _report(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            return {
                "duties": [{"text": sayings.DUTY} for _ in form.values.get("duty_rows") or form.values["duties"]],
                "tasks": [{"text": sayings.TASK} for _ in form.values.get("task_rows") or form.values["tasks"]],
                "cases": [{"title": "重点片区咨询", "text": "优化了天际线和视线通廊。"}],
                "plan": sayings.PLAN,
                "signed": True,
            }

        return answer

    def _view(self, task: Task) -> Answers:
        grading = self.grading(task)
        return {"score": grading.quality, "suggest": grading.grade, "comment": sayings.COMMENT}

    def _assessed_on(self, task: Task) -> date:
        """When the records of the year are confirmed: what is confirmed after the scores are counted is not in them."""
        silent = [row.day for row in self.story.consultations if row.opinions < row.schemes]
        settled = [self.office.workday(max(silent), SILENT_WD)] if silent else []
        return max(task.created, self._next(ASSESSED), *settled)

    def _assessed(self, task: Task) -> Answers:
        grading = self.grading(task)

        def answer(form: TaskForm) -> dict[str, Any]:
            rated = dict.fromkeys(("concrete", "founded", "useful", "timely"), grading.quality)
            rows = form.values.get("sample") or []
            given: dict[str, Any] = {"duties": grading.duties}
            if rows:
                return given | {"sample": [rated for _ in rows]}
            return given | {"quality_given": grading.quality, "quality_note": "全年没有书面意见，按区县评价确定。"}

        return answer

    # grades

    def _grades(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("grades") or form.values["grade_rows"]
            listed = [self._graded(row, "并列" in str(row.get("mark"))) for row in rows]
            return {"grades": listed, "panel_opinion": sayings.PANEL, "votes": "5票同意"}

        return answer

    def _graded(self, row: Mapping[str, Any], tied: bool) -> dict[str, str]:
        grade = self.by_name[row["person"]].grade
        if grade == INCOMPETENT:
            return {"grade": grade, "reason": sayings.UNFIT}
        return {"grade": COMPETENT if tied else grade, "reason": sayings.GRADE}

    def _ties(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("ties") or form.values["tie_rows"]
            chosen = [self.by_name[row["person"]].grade == EXCELLENT for row in rows]
            return {
                "ties": [
                    {
                        "chosen": "评为优秀" if excellent else "不评优秀",
                        "tie_votes": "4票同意，1票弃权" if excellent else "1票同意",
                        "tie_reason": sayings.TIE,
                    }
                    for excellent in chosen
                ]
            }

        return answer

    def _decision(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("grades") or form.values["grade_rows"]
            listed = [{"grade": row["grade"], "reason": row.get("reason") or sayings.GRADE} for row in rows]
            return {"decision": "审定", "grades": listed}

        return answer

    # results

    def _answered_on(self, task: Task) -> date:
        event = self.objecting.get(self.logins.get(task.login, ""))
        return event.on if event is not None else self.office.workday(task.created, 3)

    def _answer(self, task: Task) -> Answers:
        if self.logins.get(task.login, "") in self.objecting:
            return {"answer": "有异议", "statement": sayings.STATEMENT}
        return {"answer": "无异议"}

    def _filed(self, task: Task) -> Answers:
        return {"filed_day": clock.today().isoformat(), "receipt": ["file:存档回执"]}

    # objections

    def _review(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            free = [option.value for option in form.context.options["objection_reviewers"]]
            reviewers = [{"reviewer": each, "view": "数据无误，同意维持"} for each in free[:3]]
            return {"records": "无误", "facts": sayings.FACTS, "reviewers": reviewers, "decision": "维持"}

        return answer

    def _upheld(self, task: Task) -> Answers:
        full = any(event.asks == EXCELLENT and name in task.title for name, event in self._names_objecting())
        return {"decision": "维持", "reason": sayings.FULL if full else sayings.UPHELD}

    def _names_objecting(self) -> list[tuple[str, Event]]:
        return [(self.story.service_of[planner].name, event) for planner, event in self.objecting.items()]


def _second_reviewer(task: Task) -> str:
    """Somebody who took no part in the first assessment."""
    return "panel.2"
