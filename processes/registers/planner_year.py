"""年度统计: a planner's year in numbers, read from the records; what the report prints and the appraisal freezes
(第七条、第八条、第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from processes.registers.appointments import Appointment
from processes.registers.ledger import appointments_in, totals, visits_counted, visits_of
from processes.registers.meetings import hours_of
from processes.registers.suggestions import adoption
from processes.registers.switches import Readings
from processes.rules.visits import Dedupe, Prorate, Service, VisitYear, count_visits
from processes.rules.years import months_in_service

_COUNTED = ("invited", "attended", "excused", "unexcused", "unconfirmed", "opinions", "schemes", "items", "adopted")


@dataclass(frozen=True)
class PlannerYear:
    """What was asked of a planner in a year and what was done."""

    months: int
    invited: int
    attended: int
    excused: int
    unexcused: int
    unconfirmed: int
    visits: int
    visit_target: int
    opinions: int
    schemes: int
    """Schemes on which an opinion was owed."""
    items: int
    adopted: int
    suggestions: int
    suggestions_adopted: int
    meetings: int
    meetings_attended: int
    people_trained: int
    half_hours_given: int
    visits_ground: str
    readings_version: int

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def rows(self) -> list[dict[str, Any]]:
        """As forms and documents show it, each number with the article it rests on."""
        shown = (
            ("在岗月数", f"{self.months}个月", "第十四条"),
            ("受邀参加技术咨询", f"{self.invited}次", "第七条（三）"),
            ("实际参加（已确认）", f"{self.attended}次", "第七条（三）"),
            ("缺席：有正当理由／无正当理由", f"{self.excused}／{self.unexcused}次", "第十五条（三）"),
            ("未确认记录", f"{self.unconfirmed}条", "第十二条"),
            ("实地指导／要求", f"{self.visits}／{self.visit_target}次", self.visits_ground),
            ("书面意见／应提", f"{self.opinions}／{self.schemes}份", "第八条（六）"),
            ("意见采纳／提出", f"{self.adopted}／{self.items}条", "第八条（六）"),
            ("工作建议采纳／提出", f"{self.suggestions_adopted}／{self.suggestions}件", "第八条（一）"),
            ("会议培训参加／通知", f"{self.meetings_attended}／{self.meetings}次", "第七条（五）"),
            ("培训区县人员", f"{self.people_trained}人次／{self.half_hours_given / 2:g}学时", "第八条（五）"),
        )
        return [{"item": item, "number": number, "ground": ground} for item, number, ground in shown]


def appointments_of_year(session: Session, person_id: UUID, year: int) -> list[Appointment]:
    """The appointments under which a person served in a year, oldest first."""
    served = appointments_in(session, date(year, 1, 1), date(year, 12, 31))
    return sorted((each for each in served if each.person_id == person_id), key=lambda each: each.term_start)


def service_of_year(appointments: Sequence[Appointment]) -> Service:
    """The service of a year as one span: a renewal or a second district does not part it."""
    ends = [each.ended_on or each.term_end for each in appointments]
    return Service(min(each.term_start for each in appointments), max(ends))


def planner_year(session: Session, person_id: UUID, year: int, readings: Readings) -> PlannerYear | None:
    """The numbers of a planner's year as the records stand now; None for one who did not serve."""
    served = appointments_of_year(session, person_id, year)
    if not served:
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    span = service_of_year(served)
    done = next(iter(totals(session, first, last, person_ids=[person_id])), None)
    sent, _, adopted = adoption(session, person_id, first, last)
    hours = hours_of(session, person_id, first, last)
    visits, target, ground = _visits(session, served, year, readings)
    return PlannerYear(
        months=months_in_service(span.start, span.end, year),
        **{key: getattr(done, key, 0) for key in _COUNTED},
        visits=visits,
        visit_target=target,
        suggestions=sent,
        suggestions_adopted=adopted,
        meetings=hours.meetings_invited,
        meetings_attended=hours.meetings_attended,
        people_trained=hours.people_trained,
        half_hours_given=hours.half_hours_given,
        visits_ground=ground,
        readings_version=readings.version,
    )


def _visits(session: Session, served: list[Appointment], year: int, readings: Readings) -> tuple[int, int, str]:
    """Visits made and owed: by the person, or in each district where the switch says so (`visits.scope`)."""
    if readings.choice("visits.scope") == "person":
        count = count_visits(
            visits_of(session, served[-1].person_id, year, year + 1), service_of_year(served), year,
            prorate=Prorate(readings.choice("visits.prorate")), dedupe=Dedupe(readings.choice("visits.dedupe")),
            year_mode=VisitYear(readings.choice("visits.year")),
        )  # fmt: skip
        return count.count, count.target, str(count.ground)
    by_unit = {each.unit_id: each for each in served}
    counts = [visits_counted(session, each, year, readings) for each in by_unit.values()]
    done = sum(min(each.count, each.target) if len(counts) > 1 else each.count for each in counts)
    return done, sum(each.target for each in counts), str(counts[0].ground)
