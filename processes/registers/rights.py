"""待遇条件: how far a planner is from each benefit of good service, and what is missing (第十四条(一)(二)(三))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from processes.registers.service_years import service_record
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade
from processes.rules.benefits import (
    EXCELLENT_IN_A_ROW,
    PRIORITY_AFTER,
    WAIVER_AFTER,
    Gap,
    ServiceRecord,
    Waiver,
    benefits,
)


@dataclass(frozen=True)
class Right:
    """One benefit: whether its conditions are met, and in words what is there and what is missing."""

    name: str
    ground: str
    met: bool
    found: str
    missing: str


def rights_of(session: Session, person_id: UUID, day: date, readings: Readings) -> list[Right]:
    """The benefits of a planner as the records stand on a day; none for one who never served."""
    record = service_record(session, person_id, day, readings, outstanding=True)
    if record is None:
        return []
    earned = benefits(record, Waiver(readings.choice("ce_waiver.cumulative")), Gap(readings.choice("three_years.gap")))
    years, excellent = earned.full_years, sum(each is Grade.EXCELLENT for each in record.graded.values())
    served = f"满{years}年，考核{len(record.graded)}次，优秀{excellent}次"
    one, three, row = WAIVER_AFTER.on(day), PRIORITY_AFTER.on(day), EXCELLENT_IN_A_ROW.on(day)
    waiver = _missing(_years(years, one), _grades(record))
    priority = _missing(_years(years, three), "" if excellent else "尚无优秀等次")
    return [
        Right("继续教育减免", str(WAIVER_AFTER.ground), earned.ce_waiver_years > 0, served, waiver),
        Right("优先评聘证明", str(PRIORITY_AFTER.ground), False, served,
              priority or "其余条件已具备，业绩突出由两局认定"),
        Right("优先推荐", str(EXCELLENT_IN_A_ROW.ground), earned.talent_recommend, served,
              "" if earned.talent_recommend else f"需连续{row}年优秀"),
    ]  # fmt: skip


def _years(served: int, wanted: int) -> str:
    return "" if served >= wanted else f"服务差{wanted - served}年"


def _grades(record: ServiceRecord) -> str:
    """What the grades say against the waiver."""
    graded = list(record.graded.values())
    if not graded:
        return "尚无考核等次"
    return "最近一次考核不称职" if graded[-1] is Grade.INCOMPETENT else ""


def _missing(*found: str) -> str:
    return "，".join(each for each in found if each)
