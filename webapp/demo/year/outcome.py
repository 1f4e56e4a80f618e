"""What came of a year, beside what the story says: figure by figure, read from the registers (§7 of the story)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes.identity.models import Person
from processes.registers.activities import SERVICE_KINDS, Activity, ActivityStatus, ServiceKind
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.appraisals import AppraisalEntry, appraisal_on, entries_of
from processes.registers.grading import cap_standing
from processes.registers.ledger import absences_counted, totals, visits_counted
from processes.registers.planner_year import planner_year
from processes.registers.quarter_records import added, unit_totals
from processes.registers.quarter_reports import QuarterReport, ReportStatus, quarter_named
from processes.registers.switches import Readings, readings_on
from webapp.demo.year.story import ATTENDED, CANCELLED, MISSING, Service, YearStory

ENDS = {"dismissed": AppointmentStatus.DISMISSED, "withdrawn": AppointmentStatus.WITHDRAWN}
COUNTED = ("invited", "attended", "on_site", "online", "written", "schemes", "opinions", "items", "adopted",
           "excused", "unexcused")  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, what the story says, what the registers say."""

    what: str
    told: Any
    found: Any

    @property
    def agrees(self) -> bool:
        """Whether the registers say what the story says."""
        return bool(self.told == self.found)


class Outcome:
    """The registers after a year, looked at with the story in hand."""

    def __init__(self, session: Session, story: YearStory) -> None:
        self.session = session
        self.story = story
        self.first, self.last = date(story.year, 1, 1), date(story.year, 12, 31)
        self.readings: Readings = readings_on(session)
        self.people = {key: value for key, value in session.execute(select(Person.login, Person.id))}

    def figures(self) -> Iterator[Figure]:
        """Every figure that the story states."""
        yield from self.of_consultations()
        yield from self.of_planners()
        yield from self.of_quarters()
        yield from self.of_the_appraisal()
        yield from self.of_appointments()

    def differences(self) -> list[Figure]:
        """The figures that do not agree."""
        return [each for each in self.figures() if not each.agrees]

    # consultations

    def of_consultations(self) -> Iterator[Figure]:
        """Invitations, how they were held, and what they brought, over the city."""
        told = self.story.consultations
        activities = self.session.scalars(
            select(Activity).where(Activity.starts_on.between(self.first, self.last))
        ).all()
        yield Figure("咨询活动", len(told), len(activities))
        cancelled = sum(1 for each in activities if each.status == ActivityStatus.CANCELLED)
        yield Figure("取消", sum(row.outcome == CANCELLED for row in told), cancelled)
        sums = added([vars(each) for each in totals(self.session, self.first, self.last)])
        for key, number in self._told_sums().items():
            yield Figure(f"全市{key}", number, sums[key])
        by_kind = Counter(row.kind for row in told)
        yield Figure("咨询类别", by_kind, Counter(_kind(each) for each in activities))

    def _told_sums(self) -> dict[str, int]:
        held = [row for row in self.story.consultations if row.outcome == ATTENDED]
        outcomes = Counter(row.outcome for row in self.story.consultations)
        modes = Counter(row.mode for row in held)
        return {
            "invited": len(self.story.consultations) - outcomes[CANCELLED],
            "attended": len(held),
            **{key: modes[key] for key in ("on_site", "online", "written")},
            **{key: sum(getattr(row, key) for row in held) for key in ("schemes", "opinions", "items", "adopted")},
            **{key: outcomes[key] for key in ("excused", "unexcused")},
        }

    # planners

    def of_planners(self) -> Iterator[Figure]:
        """Each planner's year: visits and the number owed, absences, opinions, adoption."""
        for service in self.story.services:
            appointment = self._appointment(service)
            who = f"{service.planner}{service.name}"
            if appointment is None:
                yield Figure(f"{who}聘任", service.planner, None)
                continue
            visits = visits_counted(self.session, appointment, self.story.year, self.readings)
            yield Figure(f"{who}实地", (service.visits, service.target), (visits.count, visits.target))
            absent = absences_counted(self.session, appointment, self.readings, self.last)
            told = (service.absent_total, service.absent_run, service.absence_level)
            yield Figure(f"{who}缺席", told, (absent.current_total, absent.consecutive_max, str(absent.level)))
            yield from self._served(service, who)

    def _served(self, service: Service, who: str) -> Iterator[Figure]:
        held = [row for row in self.story.consultations if row.planner == service.planner and row.outcome == ATTENDED]
        found = planner_year(self.session, self.people[service.login], self.story.year, self.readings)
        for key in ("schemes", "opinions", "items", "adopted"):
            told = sum(getattr(row, key) for row in held)
            yield Figure(f"{who}{key}", told, getattr(found, key, None))

    def _appointment(self, service: Service) -> Appointment | None:
        mine = select(Appointment).where(
            Appointment.person_id == self.people.get(service.login, UUID(int=0)),
            Appointment.term_start == service.start,
        )
        return self.session.scalars(mine.options(selectinload(Appointment.post))).first()

    # quarters

    def of_quarters(self) -> Iterator[Figure]:
        """Each unit's report: due, sent, late by how many days, consultations, nothing to report."""
        reports = {(each.unit_id, each.quarter): each for each in self.session.scalars(select(QuarterReport))}
        units = {row.unit for row in self.story.reports}
        owed = [each for each in reports.values() if self._of_year(each) and each.unit_id in units]
        yield Figure("应报季度报告", len(self.story.reports), len(owed))
        as_of = date(self.story.year + 1, 2, 1)
        for row in self.story.reports:
            what = f"{row.unit}{row.quarter}"
            found = reports.get((row.unit, row.quarter))
            if found is None:
                yield Figure(what, row.status, None)
                continue
            yield Figure(f"{what}报送", (row.due, row.submitted), (found.due_on, found.sent_on))
            late = found.late(as_of).days_late
            yield Figure(f"{what}情况", (row.status, row.days_late), (_status(found), late))
            quarter = quarter_named(row.quarter)
            counted = added(unit_totals(self.session, row.unit, quarter))
            yield Figure(f"{what}咨询", row.activities, counted["invited"])
            if row.submitted is not None:
                yield Figure(f"{what}零报告", row.zero, found.zero)
        yield Figure("按时、迟报、未报", Counter(row.status for row in self.story.reports), Counter(map(_status, owed)))

    def _of_year(self, report: QuarterReport) -> bool:
        return report.quarter.startswith(str(self.story.year))

    # appraisal

    def of_the_appraisal(self) -> Iterator[Figure]:
        """Roll, ceiling, scores, grades and the order by score."""
        appraisal = appraisal_on(self.session, self.story.year)
        if appraisal is None:
            yield Figure("年度考核", self.story.year, None)
            return
        entries = {each.person_id: each for each in entries_of(self.session, appraisal.id)}
        standing = cap_standing(self.session, appraisal)
        limits = self.story.limits
        yield Figure("考核人数与优秀名额", (limits["graded"], limits["cap"]), (standing.n, standing.cap))
        found = Counter(each.grade for each in entries.values() if each.grade)
        yield Figure("各等次人数", self.story.grades(), found)
        for service in self.story.services:
            yield from self._entry(service, entries.get(self.people[service.login]))
        yield self._order(list(entries.values()))

    def _entry(self, service: Service, entry: AppraisalEntry | None) -> Iterator[Figure]:
        who = f"{service.planner}{service.name}"
        if entry is None:
            yield Figure(f"{who}考核名册", service.status, None)
            return
        yield Figure(f"{who}考核名册", (service.status, service.why), (entry.roll, entry.why))
        told = self.story.grading_of.get(service.planner)
        if told is None:
            return
        inputs = entry.inputs
        keys = ("attended", "invited", "visits", "quality", "duties")
        yield Figure(f"{who}考核数据", [getattr(told, key) for key in keys], [inputs.get(key) for key in keys])
        yield Figure(f"{who}总分", told.score_x100, entry.score_x100)
        yield Figure(f"{who}建议", told.suggest[:2], entry.suggestion[:2])
        yield Figure(f"{who}等次", told.grade, entry.grade)

    def _order(self, entries: list[AppraisalEntry]) -> Figure:
        graded = sorted((each.score_x100 for each in entries if each.grade and each.score_x100), reverse=True)
        told = sorted((each.score_x100 for each in self.story.gradings), reverse=True)
        return Figure("总分排序", told, graded)

    # appointments

    def of_appointments(self) -> Iterator[Figure]:
        """Who served from when to when, and who left on what ground."""
        ends = self._ends_afterwards()
        for service in self.story.services:
            found = self._appointment(service)
            end = (found.ended_on or found.term_end) if found is not None else None
            told_end = service.end if service.end_reason else ends.get(service.unit, service.end)
            told = (service.unit, service.post, service.start, told_end or end)
            here = (found.unit_id, found.post.number, found.term_start, end) if found is not None else None
            yield Figure(f"{service.planner}{service.name}聘期", told, here)
            if found is not None and service.end_reason:
                yield Figure(f"{service.planner}{service.name}离任", ENDS[service.end_reason], found.status)
        yield Figure("年末在聘", self.story.limits["in_service_31dec"], self._in_office(self.last))
        for event in self.story.of_kind("boundary"):
            if event.by:
                moved = [each for each in self.story.services if each.unit in event.units and not each.end_reason]
                yield Figure(f"{event.by}换发聘书", len(moved), self._certified(event.by))

    def _ends_afterwards(self) -> dict[str, date | None]:
        """By unit the last day of who left after the year; None where the unit was abolished and a round says when."""
        unfit = {event.unit: event.until for event in self.story.of_kind("objection") if event.until}
        gone = {unit: None for event in self.story.of_kind("boundary") if event.by for unit in event.units}
        return {**unfit, **gone}

    def _certified(self, unit: str) -> int:
        here = (Appointment.unit_id == unit, Appointment.status == AppointmentStatus.IN_OFFICE)
        return len(self.session.scalars(select(Appointment).where(*here)).all())

    def _in_office(self, day: date) -> int:
        found = self.session.scalars(select(Appointment).where(Appointment.status != AppointmentStatus.REVOKED))
        return sum(each.term_start <= day <= (each.ended_on or each.term_end) for each in found)


def _kind(activity: Activity) -> str:
    return SERVICE_KINDS[ServiceKind(activity.kind)].zh


def _status(report: QuarterReport) -> str:
    if report.sent_on is None or report.status == ReportStatus.MISSING:
        return MISSING
    return "LATE" if report.days_late else "ON_TIME"
