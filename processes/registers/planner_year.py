"""年度统计: a planner's year in numbers, read from the records; what the report prints and the appraisal freezes
(第七条、第八条、第十四条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from processes.messages import Message, message
from processes.registers.appointments import Appointment
from processes.registers.assignments import assigned_in
from processes.registers.laws import read_in
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
    laws_listed: int = 0
    laws_read: int = 0
    assignments: int = 0
    assignments_done: int = 0

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def rows(self) -> list[dict[str, Any]]:
        """As forms and documents show it, each number with the article it rests on."""
        return [{"item": str(each.item), "number": str(each.number), "ground": each.ground} for each in self.figures()]

    def figures(self) -> list[YearFigure]:
        """The numbers of the year, each under a key by which a screen leads to its records."""
        half_hours = f"{self.half_hours_given / 2:g}"
        return [
            YearFigure("months", message("在岗月数"), message("%(count)s个月", count=self.months), "第十四条"),
            YearFigure("invited", message("受邀参加技术咨询"), _times(self.invited), "第七条（三）"),
            YearFigure("attended", message("实际参加（已确认）"), _times(self.attended), "第七条（三）"),
            YearFigure("absent", message("缺席：有正当理由／无正当理由"), _times(self.excused, self.unexcused),
                    "第十五条（三）"),
            YearFigure("unconfirmed", message("未确认记录"), message("%(count)s条", count=self.unconfirmed),
                    "第十二条"),
            YearFigure("visits", message("实地指导／要求"), _times(self.visits, self.visit_target), self.visits_ground),
            YearFigure("opinions", message("书面意见／应提"),
                    message("%(part)s／%(whole)s份", part=self.opinions, whole=self.schemes), "第八条（六）"),
            YearFigure("items", message("意见采纳／提出"),
                    message("%(part)s／%(whole)s条", part=self.adopted, whole=self.items), "第八条（六）"),
            YearFigure("suggestions", message("工作建议采纳／提出"),
                    _pieces(self.suggestions_adopted, self.suggestions), "第八条（一）"),
            YearFigure("meetings", message("会议培训参加／通知"), _times(self.meetings_attended, self.meetings),
                    "第七条（五）"),
            YearFigure("trainings", message("培训区县人员"),
                    message("%(people)s人次／%(hours)s学时", people=self.people_trained, hours=half_hours),
                    "第八条（五）"),
            YearFigure("laws", message("法规学习已学／应学"), _pieces(self.laws_read, self.laws_listed),
                    "第七条（一）"),
            YearFigure("assignments", message("市局交办事项完成／交办"),
                    _pieces(self.assignments_done, self.assignments), "第八条（四）"),
        ]  # fmt: skip


class YearFigure(NamedTuple):
    """One number of a year: what it counts, how it is said, and the article it rests on."""

    key: str
    item: Message
    number: Message
    ground: str


def _times(part: int, whole: int | None = None) -> Message:
    if whole is None:
        return message("%(count)s次", count=part)
    return message("%(part)s／%(whole)s次", part=part, whole=whole)


def _pieces(part: int, whole: int) -> Message:
    return message("%(part)s／%(whole)s件", part=part, whole=whole)


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
    visits, target, ground = visits_owed(session, served, year, readings)
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
        **_duties(session, person_id, first, last),
    )


def _duties(session: Session, person_id: UUID, first: date, last: date) -> dict[str, int]:
    """Laws on the reading list, and tasks set by the city bureau."""
    laws, (given, done) = read_in(session, person_id, first, last), assigned_in(session, person_id, first, last)
    return {"laws_listed": laws.listed, "laws_read": laws.read, "assignments": given, "assignments_done": done}


def visits_owed(session: Session, served: list[Appointment], year: int, readings: Readings) -> tuple[int, int, str]:
    """Visits made and owed, and the ground: by the person, or by district where the switch says so (`visits.scope`)."""
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


def year_rows(frozen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The numbers of a year as they were frozen with an appraisal; none where they are not complete."""
    known = {each.name: frozen[each.name] for each in fields(PlannerYear) if each.name in frozen}
    needed = {each.name for each in fields(PlannerYear) if each.default is MISSING}
    return PlannerYear(**known).rows() if needed <= known.keys() else []
