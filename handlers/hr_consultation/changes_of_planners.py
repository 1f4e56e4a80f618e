"""What another reading changes for planners in office: absences, visits, benefits (第八、十四、十五条)."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.hr_consultation.foreseen import Change, Comparison, who, yes_or_no
from processes.registers.appointments import Appointment
from processes.registers.ledger import absences_counted, appointments_in, visits_counted
from processes.registers.service_years import service_record
from processes.registers.switches import Readings
from processes.rules.absence import AbsenceCount, AbsenceLevel
from processes.rules.benefits import Benefits, Gap, Waiver, benefits

LEVELS = {
    AbsenceLevel.NONE: "无",
    AbsenceLevel.WATCH: "关注",
    AbsenceLevel.WARNING: "预警",
    AbsenceLevel.TRIGGER: "达到解聘情形，须由人核查",
}


def absences(found: Comparison) -> Iterator[Change]:
    """The planners whose count of absences, and with it the level, is another (R07)."""
    for each in appointments_in(found.session, found.day, found.day):
        counts = (absences_counted(found.session, each, one, found.day) for one in (found.before, found.after))
        before, after = map(_absence, counts)
        if before != after:
            yield Change("缺席计次", who(each), before, after)


def _absence(count: AbsenceCount) -> str:
    return f"{LEVELS[count.level]}：连续{count.current_run}次、一年内{count.current_total}次"


def visits(found: Comparison) -> Iterator[Change]:
    """The planners whose visits or target of this year are others (R06)."""
    for each in appointments_in(found.session, found.day, found.day):
        counts = [visits_counted(found.session, each, found.day.year, one) for one in (found.before, found.after)]
        before, after = (f"{one.count}次／应{one.target}次" for one in counts)
        if before != after:
            yield Change(f"{found.day.year}年实地指导", who(each), before, after)


def rights(found: Comparison) -> Iterator[Change]:
    """The planners who gain or lose a right of 第十四条 (R10)."""
    serving = {each.person_id: each for each in appointments_in(found.session, found.day, found.day)}
    for appointment in serving.values():
        before, after = (_rights(found, appointment, one) for one in (found.before, found.after))
        if before != after:
            yield Change("政策待遇", who(appointment), before, after)


def _rights(found: Comparison, appointment: Appointment, readings: Readings) -> str:
    record = service_record(found.session, appointment.person_id, found.day, readings)
    if record is None:
        return "无（服务年限不计）"
    waiver, gap = Waiver(readings.choice("ce_waiver.cumulative")), Gap(readings.choice("three_years.gap"))
    return _worded(benefits(record, waiver, gap))


def _worded(earned: Benefits) -> str:
    return (
        f"满{earned.full_years}年；继续教育减免{earned.ce_waiver_years}年；"
        f"优先推荐：{yes_or_no(earned.talent_recommend)}"
    )
