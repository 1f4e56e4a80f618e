"""条件核验: what 第十四条 asks for each benefit, what was found, and what is missing (R09, R10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from processes.registers.benefits import BENEFIT_KINDS, BenefitKind
from processes.registers.service_years import service_record
from processes.registers.switches import readings_on
from processes.rules.appraisal import Grade
from processes.rules.benefits import (
    EXCELLENT_IN_A_ROW,
    PRIORITY_AFTER,
    WAIVER_AFTER,
    Benefits,
    Gap,
    ServiceRecord,
    Waiver,
    benefits,
)

KIND_OF = {wording.zh: key for key, wording in BENEFIT_KINDS.items()}


@dataclass
class Check:
    """The conditions of one benefit on one day."""

    met: bool = False
    rows: list[dict[str, str]] = field(default_factory=list)
    full_years: int = 0
    waived_years: int = 0
    grades: dict[str, str] = field(default_factory=dict)
    """The grades on which the benefit rests."""
    readings_version: int = 0

    @property
    def missing(self) -> str:
        """What is missing, as the refusal lists it."""
        return "；".join(f"{row['condition']}（{row['found']}）" for row in self.rows if row["met"] == "不具备")

    def line(self, condition: str, found: str, met: bool, ground: object) -> None:
        """One more condition."""
        row = {"condition": condition, "found": found, "met": "具备" if met else "不具备", "ground": str(ground)}
        self.rows.append(row)


def check_conditions(session: Session, person_id: UUID, kind: str, day: date) -> Check:
    """What the registers say on a day, with the readings of that day; findings of people come afterwards."""
    readings = readings_on(session, day)
    record = service_record(session, person_id, day, readings, outstanding=True)
    made = Check(readings_version=readings.version)
    if record is None:
        made.line("任首席规划师", "没有服务记录", False, WAIVER_AFTER.ground)
        return made
    waiver, gap = Waiver(readings.choice("ce_waiver.cumulative")), Gap(readings.choice("three_years.gap"))
    earned = benefits(record, waiver, gap)
    made.full_years, made.waived_years = earned.full_years, earned.ce_waiver_years
    _CONDITIONS[BenefitKind(kind)](made, record, earned)
    return made


def _waiver(made: Check, record: ServiceRecord, earned: Benefits) -> None:
    least, latest = WAIVER_AFTER.on(record.through), max(record.graded, default=None)
    _years(made, least, earned, WAIVER_AFTER.ground)
    good = latest is not None and record.graded[latest] is not Grade.INCOMPETENT
    found = f"{latest}年度：{record.graded[latest]}" if latest is not None else "没有生效的考核等次"
    made.line("考核称职以上", found, good, WAIVER_AFTER.ground)
    made.grades = {str(latest): str(record.graded[latest])} if latest is not None else {}
    made.met = earned.ce_waiver_years > 0


def _report(made: Check, record: ServiceRecord, earned: Benefits) -> None:
    """A report needs acceptance and a finding; no length of service (第十四条(一), D)."""
    made.line("已验收（采纳）的技术报告", "由本人提交，待认定", True, WAIVER_AFTER.ground)
    made.met = True


def _priority(made: Check, record: ServiceRecord, earned: Benefits) -> None:
    excellent = [year for year, grade in record.graded.items() if grade is Grade.EXCELLENT]
    _years(made, PRIORITY_AFTER.on(record.through), earned, PRIORITY_AFTER.ground)
    found = "、".join(f"{year}年度" for year in excellent) or "没有优秀等次"
    made.line("有1次考核为优秀", found, bool(excellent), PRIORITY_AFTER.ground)
    made.line("业绩突出", "待人工认定", True, PRIORITY_AFTER.ground)
    made.grades = {str(year): Grade.EXCELLENT.value for year in excellent[-1:]}
    made.met = earned.title_priority


def _recommendation(made: Check, record: ServiceRecord, earned: Benefits) -> None:
    need = EXCELLENT_IN_A_ROW.on(record.through)
    excellent = [year for year, grade in record.graded.items() if grade is Grade.EXCELLENT]
    found = "、".join(f"{year}年度" for year in excellent) or "没有优秀等次"
    made.line(f"连续{need}年考核为优秀", found, earned.talent_recommend, EXCELLENT_IN_A_ROW.ground)
    made.grades = {str(year): Grade.EXCELLENT.value for year in _run(record, excellent, need)}
    made.met = earned.talent_recommend


def _run(record: ServiceRecord, excellent: list[int], need: int) -> list[int]:
    """The latest years in a row; ungraded years between them do not matter where the reading passes over them."""
    graded = list(record.graded)
    for end in range(len(graded), need - 1, -1):
        years = graded[end - need : end]
        if all(year in excellent for year in years):
            return years
    return []


def _years(made: Check, least: int, earned: Benefits, ground: object) -> None:
    made.line(f"服务期满{least}年", f"满{earned.full_years}年", earned.full_years >= least, ground)


_CONDITIONS: dict[BenefitKind, Any] = {
    BenefitKind.WAIVER: _waiver,
    BenefitKind.REPORT: _report,
    BenefitKind.PRIORITY: _priority,
    BenefitKind.RECOMMENDATION: _recommendation,
}
