"""资料、差旅费、建议、经费、待遇: what planners ask for and suggest, and what is answered (第八、九、十四条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from processes import clock
from processes.engine.task_forms import TaskForm
from webapp.demo.player import Answers
from webapp.demo.year import sayings
from webapp.demo.year.office import Office, Task
from webapp.demo.year.story import ATTENDED, ON_SITE, Consultation, YearStory

MATERIAL, EXPENSES, SUGGESTION, BENEFITS = "material_request", "expenses", "planner_suggestion", "benefits"
ASKED_EVERY, CLAIMED_EVERY, SUGGESTED_EVERY = 25, 10, 40
"""After one in so many consultations on site material is asked for, the trip claimed, a suggestion made."""
CLAIMED_WD = 12
"""Working days after the visit on which its trip is claimed: the district has confirmed it by then."""
FARE_FEN = 12_450
FUND_FEN = 200_000
"""What each planner gets of the year's work fund, in fen."""
APPLIES_EVERY = 4
"""One in so many of those who have earned a right applies for it at once."""


class Requests:
    """Everything that planners begin themselves, in the course of the year."""

    def __init__(self, office: Office, story: YearStory) -> None:
        self.office = office
        self.story = story
        self.visits = [
            row
            for row in story.consultations
            if row.outcome == ATTENDED and row.mode == ON_SITE and row.opinions == row.schemes
        ]
        """What was confirmed soon: a trip can be claimed from then on."""

    def prepare(self, since: date = date.min) -> None:
        """Who begins what when, from a day on; everybody's habits."""
        for number, row in enumerate(self.visits):
            if row.day < since:
                continue
            if number % ASKED_EVERY == 3:
                self._plan(row, self.office.workday(row.day, -3), self._asking(row))
            if number % CLAIMED_EVERY == 5:
                self._plan(row, self.office.workday(row.day, CLAIMED_WD), self._claiming(row, number))
            if number % SUGGESTED_EVERY == 7:
                self._plan(row, self.office.workday(row.day, 2), self._suggesting(row))
        self._of_materials()
        self._of_money()
        self._of_suggestions()
        self._of_benefits()

    def _plan(self, row: Consultation, day: date, act: Any) -> None:
        """Only while the planner serves."""
        service = self.story.service_of[row.planner]
        if service.start < day <= service.end:
            self.office.plan(day, 14, act)

    def _login(self, row: Consultation) -> str:
        return self.story.service_of[row.planner].login

    # material

    def _asking(self, row: Consultation) -> Any:
        def ask() -> None:
            login = self._login(row)
            case_id = self.office.start(login, MATERIAL)
            item = {"name": "分区规划文本和现状图", "purpose": "现场咨询准备", "period": "近三年", "format": "电子"}
            due = self.office.workday(clock.today(), 5)
            given = {"unit_id": row.unit, "items": [item], "classified": "否", "due": due.isoformat()}
            self.office.player.do(login, "ask_material", given, case_id=case_id)

        return ask

    def _of_materials(self) -> None:
        habit = self.office.habit
        habit(MATERIAL, "reply_open", {"secrecy": "不涉密", "answer": "提供", "files": ["file:分区规划文本"]}, 2)
        received = {"received": True, "secrecy_promise": True, "use_note": "用于现场咨询准备。"}
        habit(MATERIAL, "receive_material", received)

    # money

    def _claiming(self, row: Consultation, number: int) -> Any:
        def claim() -> None:
            login = self._login(row)
            case_id = self.office.start(login, EXPENSES, "travel_claim")
            self.office.player.do(login, "fill_claim", self._claim(row, number), case_id=case_id)

        return claim

    def _claim(self, row: Consultation, number: int) -> Answers:
        day = row.day.isoformat()

        def answer(form: TaskForm) -> dict[str, Any]:
            trips = form.context.options["claimable_trips"]
            mine = next(option for option in trips if day in option.text("zh"))
            fare = {"origin": "重庆", "goal": self.office.unit_names[row.unit], "day": day, "vehicle": "高铁",
                    "amount": FARE_FEN, "invoice": f"E{row.day:%Y%m%d}{number:04}"}  # fmt: skip
            return {"doing": "填报报销", "trip_key": mine.value, "first_day": day, "last_day": day,
                    "trip_rows": [fare], "invoices": ["file:发票"]}  # fmt: skip

        return answer

    def _of_money(self) -> None:
        habit = self.office.habit
        habit(EXPENSES, "check_claim", {"decision": "同意"}, 2)
        habit(EXPENSES, "check_claim_by_fund", {"decision": "同意"}, 2)
        habit(EXPENSES, "approve_claim", {"decision": "同意"}, 2)
        habit(EXPENSES, "approve_claim_by_fund", {"decision": "同意"}, 2)
        habit(EXPENSES, "pay_claim", self._paid, 4)
        habit(EXPENSES, "pay_claim_by_fund", self._paid, 4)
        habit(EXPENSES, "confirm_receipt", {"arrived": "已到账"}, 2)
        habit(EXPENSES, "confirm_receipt_by_fund", {"arrived": "已到账"}, 2)
        habit(EXPENSES, "propose_fund", self._fund, 6)
        habit(EXPENSES, "approve_fund", {"fund_decision": "同意"}, 3)
        habit(EXPENSES, "pay_fund", self._paid, 5)

    def _paid(self, task: Task) -> Answers:
        return {"paid_on": clock.today().isoformat(), "voucher": f"记-{task.created:%m%d}-{task.id.hex[:4]}"}

    def _fund(self, task: Task) -> Answers:
        def answer(form: TaskForm) -> dict[str, Any]:
            rows = form.values.get("fund_rows") or []
            worked = [row["consultations"] + row["visits"] + row["opinions"] > 0 for row in rows]
            worth = {"amount": FUND_FEN, "reason": "按已确认咨询核定"}
            shares = [worth if each else {"amount": 0, "reason": ""} for each in worked]
            return {"fund_year": form.values["fund_year"], "budget": FUND_FEN * len(rows), "fund_rows": shares}

        return answer

    # suggestions

    def _suggesting(self, row: Consultation) -> Any:
        def suggest() -> None:
            login = self._login(row)
            case_id = self.office.start(login, SUGGESTION)
            only = {"doing": "只提出建议", "unit_id": row.unit}
            self.office.player.do(login, "record_survey", only, case_id=case_id)
            given = {
                "subject": f"{sayings.topic_of(row.day.toordinal())}的公共空间连通",
                "unit_id": row.unit,
                "addressee": "区县规划自然资源局",
                "problem": sayings.PROBLEM_SEEN,
                "proposal": sayings.PROPOSAL,
                "urgency": "一般",
                "copy_to_city": True,
            }
            self.office.player.do(login, "write_suggestion", given, case_id=case_id)

        return suggest

    def _of_suggestions(self) -> None:
        habit = self.office.habit
        habit(SUGGESTION, "receive_suggestion", {"handler": "区县规划自然资源局"})
        habit(SUGGESTION, "reply_bureau", self._reply, 10)
        habit(SUGGESTION, "reply_city", self._reply, 10)
        habit(SUGGESTION, "rate_reply", {"rating": "4"}, 3)
        done = {"measure_state": "已落实", "note": "临时通道已开通，步道全线连通。"}
        habit(SUGGESTION, "report_measure", done, lambda task: self.office.workday(task.due or task.created, -2))

    def _reply(self, task: Task) -> Answers:
        due = clock.today() + timedelta(days=45)
        measure = {"measure": "制定连通计划并开通临时通道", "owner": "规划科", "due": due.isoformat()}
        return {
            "decision": "部分采纳",
            "reply": "经研究，公共空间连通纳入年度实施计划，由规划科牵头协调围挡退让和交付时间。",
            "replied_on": clock.today().isoformat(),
            "measures": [measure],
        }

    # benefits

    def _of_benefits(self) -> None:
        habit = self.office.habit
        habit(BENEFITS, "apply", self._application, self._applied_on)
        habit(BENEFITS, "find", {"decision": "认定", "finding": "经核对考核结果和服务记录，符合办法规定的条件。"}, 2)
        joint = {"joint": "联合推荐", "deeds": "全年完成技术咨询任务，意见多数被采纳，解决区县难题。"}
        habit(BENEFITS, "recommend", joint, 2)
        habit(BENEFITS, "sign", {"decision": "签发"}, 1)
        habit(BENEFITS, "note", {"noted": True}, 2)

    def _applied_on(self, task: Task) -> date | None:
        first = sum(map(ord, task.login)) % APPLIES_EVERY == 1
        return self.office.workday(task.created, 4) if first else None

    def _application(self, task: Task) -> Answers:
        return {
            "kind": "继续教育减免",
            "application_year": clock.today().year,
            "institution": "所在单位人事部门",
            "use": "年度继续教育学时认定",
        }
