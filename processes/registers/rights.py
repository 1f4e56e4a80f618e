"""待遇条件: how far a planner is from each benefit of good service, and what is missing (第十四条(一)(二)(三))."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from processes.forms.wording import Wording
from processes.messages import Message, message
from processes.registers.benefits import BENEFIT_KINDS, BenefitKind
from processes.registers.service_years import service_records
from processes.registers.switches import Readings
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


@dataclass(frozen=True)
class Right:
    """One benefit: whether its conditions are met, what is there and what is missing."""

    key: BenefitKind
    ground: str
    met: bool
    found: Message
    missing: Sequence[Message]
    years_missing: int = 0
    """Good years that are missing: of service, or with the grade that is asked for."""
    by_people: bool = False
    """What is left is found by people, whatever the records say."""

    @property
    def name(self) -> Wording:
        """What people call it."""
        return BENEFIT_KINDS[self.key]

    @property
    def within_reach(self) -> bool:
        """Whether it has been earned, or nothing but a year or what people find is missing."""
        return self.met or self.by_people or self.years_missing == 1


def rights_of(session: Session, person_id: UUID, day: date, readings: Readings) -> list[Right]:
    """The benefits of a planner as the records stand on a day; none for one who never served."""
    return rights_of_all(session, [person_id], day, readings).get(person_id, [])


def rights_of_all(
    session: Session, person_ids: Collection[UUID], day: date, readings: Readings
) -> dict[UUID, list[Right]]:  # fmt: skip
    """The benefits of many planners, by person."""
    records = service_records(session, person_ids, day, readings, outstanding=True)
    return {person_id: _rights(record, day, readings) for person_id, record in records.items()}


def _rights(record: ServiceRecord, day: date, readings: Readings) -> list[Right]:
    gap = Gap(readings.choice("three_years.gap"))
    earned = benefits(record, Waiver(readings.choice("ce_waiver.cumulative")), gap)
    return [_waiver(record, earned, day), _priority(record, earned, day), _recommendation(record, earned, day, gap)]


def _waiver(record: ServiceRecord, earned: Benefits, day: date) -> Right:
    years, grades = max(0, WAIVER_AFTER.on(day) - earned.full_years), _grades(record)
    met = earned.ce_waiver_years > 0
    return Right(BenefitKind.WAIVER, str(WAIVER_AFTER.ground), met, _served(record, earned),
                 (*_years(years), *grades), max(years, 1 if grades else 0))  # fmt: skip


def _priority(record: ServiceRecord, earned: Benefits, day: date) -> Right:
    years = max(0, PRIORITY_AFTER.on(day) - earned.full_years)
    grades = () if Grade.EXCELLENT in record.graded.values() else (message("尚无优秀等次"),)
    missing = (*_years(years), *grades)
    left = missing or (message("其余条件已具备，业绩突出由两局认定"),)
    return Right(BenefitKind.PRIORITY, str(PRIORITY_AFTER.ground), False, _served(record, earned), left,
                 max(years, 1 if grades else 0), by_people=not missing)  # fmt: skip


def _recommendation(record: ServiceRecord, earned: Benefits, day: date, gap: Gap) -> Right:
    wanted = EXCELLENT_IN_A_ROW.on(day)
    years = 0 if earned.talent_recommend else max(1, wanted - _latest_row(record, gap))
    told = message("需连续%(row)s年优秀，还差%(count)s年", row=wanted, count=years)
    return Right(BenefitKind.RECOMMENDATION, str(EXCELLENT_IN_A_ROW.ground), earned.talent_recommend,
                 _served(record, earned), (told,) if years else (), years)  # fmt: skip


def _latest_row(record: ServiceRecord, gap: Gap) -> int:
    """Years graded 优秀 in a row up to the latest grade: those that a further one is added to."""
    row, after = 0, 0
    for year in sorted(record.graded, reverse=True):
        follows = not after or gap is Gap.SKIPPED or year == after - 1
        if record.graded[year] is not Grade.EXCELLENT or not follows:
            break
        row, after = row + 1, year
    return row


def _served(record: ServiceRecord, earned: Benefits) -> Message:
    excellent = sum(each is Grade.EXCELLENT for each in record.graded.values())
    return message("满%(years)s年，考核%(graded)s次，优秀%(excellent)s次",
                   years=earned.full_years, graded=len(record.graded), excellent=excellent)  # fmt: skip


def _years(missing: int) -> tuple[Message, ...]:
    return (message("服务差%(count)s年", count=missing),) if missing else ()


def _grades(record: ServiceRecord) -> tuple[Message, ...]:
    """What the grades say against the waiver."""
    graded = list(record.graded.values())
    if not graded:
        return (message("尚无考核等次"),)
    return (message("最近一次考核不称职"),) if graded[-1] is Grade.INCOMPETENT else ()
