"""What the year of the story left in the registers: quarter reports as they were sent, grades as they were given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.models import Person
from processes.registers.appraisals import Appraisal, AppraisalEntry, AppraisalStatus, GradeVersion
from processes.registers.history import enter
from processes.registers.planner_year import appointments_of_year, planner_year
from processes.registers.quarter_records import content_of
from processes.registers.quarter_reports import QuarterReport, QuarterSnapshot, ReportStatus, quarter_named
from processes.registers.switches import readings_on
from processes.rules.appraisal import Performance, score
from processes.rules.quarters import Quarter, quarter_days
from processes.rules.workdays import WorkCalendar
from webapp.demo.planners import IMPORTER
from webapp.demo.year import sayings
from webapp.demo.year.story import MISSING, Grading, Report, Service, YearStory

LATE_EVERY, LATE_DAYS = 19, 3
"""One in so many of this year's reports was late, by so many days."""


def reports_until(told: YearStory, calendar: WorkCalendar, units: list[str], before: Quarter) -> Iterator[Report]:
    """The reports of the story's year, and those of the quarters from then to one that is not over."""
    yield from told.reports
    quarter = Quarter(told.year + 1, 1)
    while quarter < before:
        due = quarter_days(quarter.start, calendar=calendar).district_due
        for place, unit in enumerate(units):
            late = LATE_DAYS if place % LATE_EVERY == quarter.number else 0
            sent = due + timedelta(days=late) if late else due - timedelta(days=1 + place % 5)
            yield Report(unit, str(quarter), due, sent, "LATE" if late else "ON_TIME", late, 0, False)
        quarter = quarter.next()


def enter_report(session: Session, row: Report) -> None:
    """A report as it was sent and accepted, or that none came."""
    missing = row.status == MISSING
    report = QuarterReport(
        status=ReportStatus.MISSING if missing else ReportStatus.ACCEPTED, unit_id=row.unit, quarter=row.quarter,
        due_on=row.due, sent_on=row.submitted, days_late=row.days_late, zero=row.zero,
        accepted_on=row.submitted + timedelta(days=1) if row.submitted else None,
        missing_reason="经催报仍未报送" if missing else "",
    )  # fmt: skip
    enter(session, IMPORTER, report, "历史数据")
    if row.submitted is None:
        return
    found = content_of(session, row.unit, quarter_named(row.quarter), readings_on(session))
    report.zero = found.nothing
    session.add(
        QuarterSnapshot(
            report_id=report.id, version=1, at=datetime.combine(row.submitted, time(16), clock.CITY),
            sent_by=IMPORTER.name, totals=found.totals, records=found.records, unconfirmed=[], supplements=[],
            corrections=[], readings=found.readings, texts={"situation": sayings.SITUATION, "problems": "无"},
        )
    )  # fmt: skip


def enter_appraisal(session: Session, told: YearStory) -> None:
    """The appraisal of the story's year: everybody's place on the roll, points, grade, filed."""
    made = Appraisal(
        status=AppraisalStatus.FILED, year=told.year, freeze_on=date(told.year, 12, 31), readings_version=0,
        decided_on=date(told.year + 1, 1, 29),
    )  # fmt: skip
    enter(session, IMPORTER, made, "历史数据")
    people = {key: value for key, value in session.execute(select(Person.login, Person.id))}
    for service in told.services:
        session.add(_entry(session, made, service, people[service.login], told.grading_of.get(service.planner)))
    session.flush()


def _entry(
    session: Session, made: Appraisal, service: Service, person_id: UUID, grading: Grading | None
) -> AppraisalEntry:
    filed = date(made.year + 1, 3, 12)
    entry = AppraisalEntry(
        appraisal_id=made.id, person_id=person_id, roll=service.status, why=service.why, inputs={}, final=True,
        appointment_id=appointments_of_year(session, person_id, made.year)[-1].id, told_on=made.decided_on,
        answer="无异议", answered_on=made.decided_on,
    )  # fmt: skip
    if grading is None:
        return entry
    entry.inputs, entry.score_x100 = _inputs(session, person_id, made.year, grading), grading.score_x100
    entry.suggestion, entry.grade = grading.suggest, grading.grade
    entry.filed_on, entry.filed_by = filed, IMPORTER.name
    reason = sayings.UNFIT if grading.grade == "不称职" else sayings.GRADE
    entry.versions = [
        GradeVersion(at=clock.now(), grade=grading.grade, source="import", reason=reason, by=IMPORTER.name)
    ]
    return entry


def _inputs(session: Session, person_id: UUID, year: int, grading: Grading) -> dict[str, Any]:
    found = planner_year(session, person_id, year, readings_on(session))
    assert found is not None
    owed = found.visit_target
    scored = score(
        Performance(grading.attended, grading.invited, grading.quality, grading.visits, owed, grading.duties)
    )
    return {
        **found.as_data(),
        "quality": grading.quality,
        "quality_by": IMPORTER.name,
        "quality_note": "",
        "duties": grading.duties,
        "duties_note": "",
        "counts_pct": scored.counts_pct,
        "visits_pct": scored.visits_pct,
        "ground": str(scored.ground),
        "view_mean": grading.quality,
        "views": [],
        "records": [],
        "sample": [],
    }
