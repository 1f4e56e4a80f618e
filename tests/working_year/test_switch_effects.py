"""口径开关: what each reading of the text changes, as a table (第十六条; the switches of §1.2 that touch the year)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from handlers.hr_consultation.changes_of_planners import absences
from handlers.hr_consultation.foreseen import Comparison
from processes import clock
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance
from processes.registers.benefits import BenefitKind
from processes.registers.former_services import FormerService
from processes.registers.ledger import absences_counted
from processes.registers.meetings import Meeting, MeetingAttendance
from processes.registers.renewals import terms_served
from processes.registers.rights import rights_of
from processes.registers.service_years import service_record
from processes.registers.switches import interpret, readings_on, set_switch
from processes.rules.appraisal import Grade
from tests.working_year.desk import WANZHOU, only, year_desk
from tests.working_year.test_meetings_training import called


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "meetings_training", "dismissal", "expert_library") as opened:
        opened.appointment_id = opened.planner("丁一")
        opened.planner("戊二")
        yield opened


def read_so(desk, code, value):
    """Both bureaus settle a reading from today on."""
    with desk.db.transaction() as session:
        ground = interpret(
            session, SYSTEM, number=f"解释-2026-{uuid4().hex[:6]}", article="第十六条", question="如何理解？",
            answer="按下列口径理解。", agreed_on=clock.today(), recorded_by="周流",
        )  # fmt: skip
        set_switch(session, SYSTEM, code, value, clock.today(), ground, "两局一致，自即日起按此执行")


def missed_consultations(desk, count):
    """Unexcused absences from consultations, one a week."""
    with desk.db.transaction() as session:
        appointment = session.get_one(Appointment, desk.appointment_id)
        host = session.scalars(select(Organization).where(Organization.unit_id == appointment.unit_id)).first()
        for number in range(count):
            day = date(2026, 1, 5) + timedelta(days=7 * number)
            moment = datetime.combine(day, time(9), clock.CITY)
            activity = Activity(
                number=f"咨询-{number}", host_kind="district_bureau", host_id=host.id, unit_id=appointment.unit_id,
                kind="planning", mode="on_site", title=f"咨询{number}", starts_at=moment, starts_on=day, sent_on=day,
                status="closed", created_at=moment,
            )  # fmt: skip
            session.add(activity)
            session.flush()
            session.add(
                Attendance(activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id,
                           standing="unexcused")
            )  # fmt: skip


def meetings(desk, *presences, kind="deployment", countable=True):
    """Meetings that were held after the consultations, one a week."""
    with desk.db.transaction() as session:
        for number, presence in enumerate(presences):
            moment = datetime.combine(date(2026, 2, 2) + timedelta(days=7 * number), time(9), clock.CITY)
            held = Meeting(status="held", kind=kind, title=f"会议{number}", starts_at=moment, starts_on=moment.date())
            session.add(held)
            session.flush()
            person_id = session.get_one(Appointment, desk.appointment_id).person_id
            session.add(
                MeetingAttendance(meeting_id=held.id, person_id=person_id, presence=presence, countable=countable)
            )


def count(desk):
    def counted(session):
        appointment = session.get_one(Appointment, desk.appointment_id)
        return absences_counted(session, appointment, readings_on(session), date(2026, 3, 2))

    return desk.read(counted)


@pytest.mark.parametrize(
    ("reading", "presences", "more", "expected"),
    [
        ("consultation", ("away",), {}, (2, 2, "warning")),
        ("with_meetings", ("away",), {}, (3, 3, "trigger")),
        ("with_meetings", ("there",), {}, (0, 2, "watch")),
        ("with_meetings", ("online",), {}, (0, 2, "watch")),
        ("with_meetings", ("leave",), {}, (0, 2, "watch")),
        ("with_meetings", ("away",), {"countable": False}, (2, 2, "warning")),
        ("with_meetings", ("open",), {}, (2, 2, "warning")),
        ("with_meetings", ("away",), {"kind": "topic"}, (2, 2, "warning")),
    ],
)
def test_absence_activity_scope_says_whether_a_missed_meeting_is_an_absence(desk, reading, presences, more, expected):
    missed_consultations(desk, 2)
    meetings(desk, *presences, **more)
    read_so(desk, "absence.activity_scope", reading)
    found = count(desk)
    assert (found.current_run, found.current_total, found.level) == expected


@pytest.mark.parametrize(("reading", "opened"), [("consultation", 0), ("with_meetings", 1)])
def test_the_third_absence_at_a_meeting_opens_a_case_where_meetings_count(desk, reading, opened):
    missed_consultations(desk, 2)
    read_so(desk, "absence.activity_scope", reading)
    called(desk)
    desk.until(date(2026, 3, 12), 14)
    rows = desk.form("clerk", "sign_in").context.values["attendance_rows"]
    told = [{"presence": "未到" if row["name"] == "丁一" else "到会"} for row in rows]
    minutes = "会议部署了本年度首席规划师工作，明确季度报告和实地指导要求，听取了各区县意见建议。"
    desk.do(
        "clerk",
        "sign_in",
        held="举行",
        attendance_rows=told,
        hours=2.5,
        minutes=minutes,
        minutes_files=["file:纪要.pdf"],
    )
    assert len(desk.cases_of("dismissal", "dismissal")) == opened
    assert ("check_ground" in desk.open()) is bool(opened)


def former(desk, first=date(2021, 1, 1), last=date(2024, 12, 31), grades=None):
    with desk.db.transaction() as session:
        session.add(
            FormerService(
                person_id=session.get_one(Appointment, desk.appointment_id).person_id, unit_id=WANZHOU,
                unit_name="万州区", first_day=first, last_day=last, certificate="渝规首聘〔2021〕1号",
                grades=grades or {"2023": "优秀", "2024": "优秀"}, case_id=uuid4(), entered_by="张明",
                entered_at=clock.now(),
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "years", "graded", "terms", "priority"),
    [
        ("not", 1, [], 1, False),
        ("count", 5, [2023, 2024], 2, True),
    ],
)
def test_old_regime_says_whether_service_under_the_text_of_2014_counts(desk, reading, years, graded, terms, priority):
    former(desk)
    read_so(desk, "old_regime", reading)

    def told(session):
        appointment, readings = session.get_one(Appointment, desk.appointment_id), readings_on(session)
        record = service_record(session, appointment.person_id, date(2026, 3, 2), readings)
        rights = {each.key: each for each in rights_of(session, appointment.person_id, record.through, readings)}
        full = (record.through - record.start).days // 365
        return (
            full,
            sorted(record.graded),
            terms_served(session, appointment, readings),
            rights[BenefitKind.PRIORITY].by_people,
        )

    assert desk.read(told) == (years, graded, terms, priority)


def test_years_between_the_two_regimes_do_not_count(desk):
    former(desk, last=date(2022, 12, 31), grades={"2022": "优秀"})
    read_so(desk, "old_regime", "count")

    def told(session):
        person_id = session.get_one(Appointment, desk.appointment_id).person_id
        return service_record(session, person_id, date(2026, 3, 2), readings_on(session))

    record = desk.read(told)
    assert (record.start, record.suspended_days) == (date(2021, 1, 1), 750)
    assert record.graded == {2022: Grade.EXCELLENT}


def entered(desk, **more):
    case = desk.start("clerk", "expert_library", "former_service")
    given = {
        "person": str(desk.person_id("丁一")), "unit_name": "万州区", "unit_id": WANZHOU, "first_day": "2021-01-01",
        "last_day": "2024-12-31", "certificate": "渝规首聘〔2021〕1号", "grades": [{"year": 2023, "grade": "优秀"}],
        "evidence": ["file:聘书.pdf"],
    }  # fmt: skip
    desk.do("clerk", "record_former", case, **{**given, **more})
    return case


def test_service_of_that_time_is_entered_checked_and_replaced_never_changed(desk):
    case = entered(desk)
    assert "只作历史" in desk.form("section", "confirm_former").context.values["former_reading"]
    desk.do("section", "confirm_former", case, former_decision="属实")
    assert desk.case(case).outcome == "已登记"
    first = desk.read(lambda s: only(list(s.scalars(select(FormerService)))))
    with pytest.raises(Invalid) as refused:
        entered(desk)
    assert "重叠" in str(refused.value.fields["first_day"])
    with pytest.raises(Invalid) as refused:
        entered(desk, replaces=str(first.id), grades=[{"year": 2019, "grade": "优秀"}])
    assert set(refused.value.fields) == {"grades.0.year"}
    again = entered(desk, replaces=str(first.id), grades=[{"year": 2024, "grade": "优秀"}])
    desk.do("section", "confirm_former", again, former_decision="属实")
    read_so(desk, "old_regime", "count")

    def graded(session):
        person_id = session.get_one(Appointment, desk.appointment_id).person_id
        return service_record(session, person_id, date(2026, 3, 2), readings_on(session)).graded

    assert desk.read(graded) == {2024: Grade.EXCELLENT}


def test_a_planner_whose_count_stays_as_it_is_does_not_stand_in_the_preview(desk):
    """Two absences in two years with a visit between: another year counts the same today."""
    with desk.db.transaction() as session:
        appointment = session.get_one(Appointment, desk.appointment_id)
        host = session.scalars(select(Organization).where(Organization.unit_id == appointment.unit_id)).first()
        log = ((date(2025, 2, 10), "unexcused"), (date(2025, 6, 10), "attended"), (date(2026, 1, 12), "unexcused"))
        for day, standing in log:
            moment = datetime.combine(day, time(9), clock.CITY)
            activity = Activity(
                number=f"咨询-{day}", host_kind="district_bureau", host_id=host.id, unit_id=appointment.unit_id,
                kind="planning", mode="on_site", title="咨询", starts_at=moment, starts_on=day, sent_on=day,
                status="closed", created_at=moment,
            )  # fmt: skip
            session.add(activity)
            session.flush()
            session.add(
                Attendance(activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id,
                           standing=standing, record="confirmed", countable=True)
            )  # fmt: skip
    with desk.db.reading() as session:
        before = readings_on(session)
        after = replace(before, values={**before.values, "absence.year_mode": "calendar"})
        appointment = session.get_one(Appointment, desk.appointment_id)
        told = [absences_counted(session, appointment, one, clock.today()) for one in (before, after)]
        assert told[0] != told[1]
        today, calendar = clock.today(), desk.house.calendar
        compared = Comparison(session, calendar, "absence.year_mode", today, today, before, after)
        assert list(absences(compared)) == []
