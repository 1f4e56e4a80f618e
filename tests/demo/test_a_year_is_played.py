"""A whole year played through the real procedures with other parameters: other seed, year, counts, ceiling, absences.

`make year` plays the desk's own year 2025 in full and compares it the same way.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from processes import clock
from processes.engine.incidents import Incident
from processes.engine.models import Case, CaseDocument
from processes.identity.models import Person
from processes.migrations.running import migrate
from processes.registers.appointments import Appointment
from processes.registers.benefits import Benefit
from processes.registers.claims import TravelClaim
from processes.registers.dismissals import Dismissal
from processes.registers.leaves import Leave
from processes.registers.meetings import Meeting
from processes.registers.objections import Objection
from processes.registers.opinions import ReservedOpinion
from processes.registers.quarter_reports import QuarterNotification, QuarterReport
from processes.registers.summaries import AnnualSummary
from processes.registers.withdrawals import Withdrawal
from processes.workcalendar import load_work_calendar
from webapp.commands.installing import install
from webapp.demo.player import Player
from webapp.demo.year.happenings import moved
from webapp.demo.year.outcome import Outcome
from webapp.demo.year.playing import first_moment, play_round, play_year
from webapp.demo.year.reading import story_in
from webapp.demo.year.requests import FARE_FEN
from webapp.demo.year.sample import drawn
from webapp.demo.year.speed import unhurried
from webapp.demo.year.story import ATTENDED
from webapp.desk import open_desk
from webapp.settings import Settings

pytestmark = pytest.mark.timeout(1800)
"""A year takes half a minute, and much longer on a machine that has other things to do."""
SMALL = Path(__file__).with_name("small_year")


def silent_at_the_end(story):
    """The same story; of its last visit the opinions are never written, which keeps the record open long."""
    last = max((row for row in story.consultations if row.outcome == ATTENDED), key=lambda row: row.day)
    late = replace(last, day=date(story.year, 12, 28), opinions=0, items=0, adopted=0)
    return replace(story, consultations=tuple(late if row is last else row for row in story.consultations))


STORY = silent_at_the_end(story_in(SMALL))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after the year; the documents' files are not made."""
    opened = open_desk(Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path_factory.mktemp("year"))}))
    migrate(opened.db)
    moving = clock.MovableClock(first_moment(STORY))
    with clock.running_on(moving), unhurried(opened.db):
        install(opened)
        play_year(opened, Player(opened, moving, papers_later=True), STORY)
        yield opened
    opened.db.close()


@pytest.fixture
def session(desk):
    with desk.db.reading() as reading:
        yield reading


def person_at(session, unit):
    """Who serves a unit at the beginning of the term, by the story."""
    login = STORY.planner_of(unit).login
    return session.scalars(select(Person).where(Person.login == login)).one()


def test_every_figure_of_the_story_results_from_the_procedures(session):
    outcome = Outcome(session, STORY)
    assert len(list(outcome.figures())) > 200
    assert outcome.differences() == []


def test_nothing_failed_on_the_way(session):
    assert session.scalars(select(Incident)).all() == []


def test_three_absences_in_a_row_end_an_appointment_after_a_hearing(session):
    planner = person_at(session, "CQ-500152")
    case = session.scalars(select(Dismissal).where(Dismissal.person_id == planner.id)).one()
    assert (case.items, case.decided_on, case.status) == ([3], date(2026, 10, 20), "closed")
    assert case.statement
    assert case.opinion == "同意"


def test_who_is_found_unfit_objects_in_vain_and_is_dismissed(session):
    planner = person_at(session, "CQ-500153")
    case = session.scalars(select(Dismissal).where(Dismissal.person_id == planner.id)).one()
    assert (case.items, case.decided_on) == ([4], date(2027, 3, 19))
    upheld = session.scalars(select(Objection)).all()
    assert len(upheld) == 2
    assert all(each.decided_on and each.document_number and each.entry.grade == each.old_grade for each in upheld)


def test_who_withdraws_is_followed_by_somebody_who_was_selected_anew(session):
    assert session.scalars(select(Withdrawal)).one().status == "withdrawn"
    follower = next(each for each in STORY.services if each.start > STORY.term[0])
    person = session.scalars(select(Person).where(Person.login == follower.login)).one()
    served = session.scalars(select(Appointment).where(Appointment.person_id == person.id)).one()
    assert (served.term_start, served.term_end) == (date(2026, 9, 10), STORY.term[1])
    assert served.predecessor_id is not None


def test_somebody_acts_while_a_planner_is_ill(session):
    leaves = session.scalars(select(Leave).order_by(Leave.first_day)).all()
    assert [(each.first_day, each.last_day) for each in leaves] == [
        (date(2026, 4, 1), date(2026, 10, 1)),
        (date(2026, 10, 2), date(2026, 10, 15)),
    ]
    assert leaves[0].acting_id == person_at(session, "CQ-500116").id


def test_late_reports_are_urged_and_every_quarter_is_notified(session):
    five_days = {row: load_work_calendar().add_workdays(row.due, 5) for row in STORY.reports}
    late = [row for row in STORY.reports if row.submitted is None or row.submitted >= five_days[row]]
    assert len(late) > 1
    urged = select(func.count()).select_from(QuarterReport).where(QuarterReport.urged_on.is_not(None))
    assert session.scalar(urged) == len(late)
    told = session.scalars(select(QuarterNotification).order_by(QuarterNotification.quarter)).all()
    assert [each.quarter for each in told] == [f"2026Q{number}" for number in (1, 2, 3, 4)]
    assert all(each.sent_on and each.received_on for each in told)


def test_every_trip_that_was_claimed_is_paid_to_the_fen(session):
    claims = session.scalars(select(TravelClaim)).all()
    assert claims
    assert {each.status for each in claims} == {"received"}
    assert sum(each.trip_fen for each in claims) == FARE_FEN * len(claims)


def test_a_reserved_opinion_stands_in_full(session):
    assert [each.text for each in session.scalars(select(ReservedOpinion))] == ["保留意见，反对突破滨江天际线控制"]


def test_meetings_summary_and_benefits_belong_to_the_year(session):
    assert Counter(each.status for each in session.scalars(select(Meeting)))["held"] == 3
    assert session.scalars(select(AnnualSummary)).one().year == 2026
    assert session.scalar(select(func.count()).select_from(Benefit)) > 0


def test_what_was_begun_is_finished_and_what_was_said_is_on_paper(session):
    running = Counter(session.scalars(select(Case.key).where(Case.status == "running")))
    assert set(running) <= {"benefits", "meetings_training", "quarterly_reporting", "replacement", "expert_library"}
    papers = Counter(session.scalars(select(CaseDocument.key)))
    held = [row for row in STORY.consultations if row.opinions]
    assert papers["invitation"] == len(STORY.consultations)
    assert papers["opinion"] == sum(row.opinions for row in held)


def test_a_round_whose_answers_are_due_before_a_weekend_is_played(tmp_path):
    parameters = json.loads((SMALL / "story.json").read_text(encoding="utf-8"))
    story = drawn(moved(parameters, 1))
    assert story.day("survey_due").isoweekday() == 4
    opened = open_desk(Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path)}))
    migrate(opened.db)
    moving = clock.MovableClock(first_moment(story))
    with clock.running_on(moving), unhurried(opened.db):
        install(opened)
        play_round(opened, Player(opened, moving, papers_later=True), story)
        with opened.db.reading() as session:
            assert session.scalar(select(func.count()).select_from(Appointment)) == len(story.first_services())
    opened.db.close()
