"""退出: out of the selection or out of office, at one's own wish (第五条(二)、第十五条(一))."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from processes import clock
from processes.documents.preview import letter_preview
from processes.engine import cases
from processes.errors import Invalid, NotAllowed
from processes.identity.models import Person
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application
from processes.registers.appointments import Appointment
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.dismissals import Dismissal
from processes.registers.objections import Objection
from processes.registers.withdrawals import Withdrawal
from tests.factories import make_person
from tests.working_year.desk import only, year_desk

REASON = "因工作调动到外地，难以继续履行职责。"
TALK = {"talk": "已当面谈话，本人去意坚决。", "outcome": "坚持退出"}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "withdrawal", "dismissal") as opened:
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "withdrawal", "dismissal") as opened:
        yield opened


def asked(desk, name="丁一"):
    """A planner in office has asked to leave."""
    appointment_id = desk.planner(name)
    case = desk.start(name, "withdrawal")
    desk.do(name, "ask_to_leave_office", appointment_id=str(appointment_id), reason=REASON, wished="2026-05-01",
            handover="两项意见书月底前完成。")  # fmt: skip
    return appointment_id, case


def request_of(desk):
    return only(desk.read(lambda session: session.scalars(select(Withdrawal)).all()))


def file_of(desk):
    return only(desk.read(lambda session: session.scalars(select(Dismissal)).all()))


def status_of(desk, appointment_id):
    return desk.read(lambda session: session.get_one(Appointment, appointment_id).status)


def applied(desk, name="丁二"):
    """Somebody who has applied and is being checked."""
    with desk.db.transaction() as session:
        desk.actors[name] = make_person(session, name, ("applicant", None), name=name)
        person = session.get_one(Person, desk.actors[name].person_id)
        session.add(
            Application(number="BM2026-0001", round_id=desk.round.id, person_id=person.id, name=name,
                        status=ApplicationStatus.REVIEW, created_at=clock.now())
        )  # fmt: skip


def test_a_planner_leaves_office_at_own_wish(both_desk):
    desk = both_desk
    appointment_id, case = asked(desk)
    desk.do("clerk", "talk", **TALK)
    assert desk.open(case) == ["take_back"]
    assert file_of(desk).items == [1]
    desk.message("hr_opinion", f"{file_of(desk).number}-1", opinion="同意", hr_reason="", matter_id="", hr_silent=False)
    desk.do("leader", "decide", decision="解聘", decision_reason="尊重本人意愿，同意退出。", effective="2026-05-01")
    assert desk.case(case).outcome == "已退出聘任"
    assert request_of(desk).status == "withdrawn"
    desk.do("clerk", "serve", served_how="本人签收")
    desk.until(date(2026, 5, 2))
    assert status_of(desk, appointment_id) == "withdrawn"


def test_the_request_is_written_down_as_it_was_made(desk):
    asked(desk)
    letter = only(desk.documents("request"))
    text = desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))
    assert REASON in text
    assert "2026年5月1日" in text
    assert request_of(desk).wished_on == date(2026, 5, 1)


def test_a_request_is_neither_backdated_nor_without_reason(desk):
    appointment_id = str(desk.planner("丁一"))
    desk.start("丁一", "withdrawal")
    with pytest.raises(Invalid):
        desk.do("丁一", "ask_to_leave_office", appointment_id=appointment_id, reason=REASON, wished="2026-01-01",
                handover="两项意见书月底前完成。")  # fmt: skip
    with pytest.raises(Invalid):
        desk.do("丁一", "ask_to_leave_office", appointment_id=appointment_id, reason="不干了", wished="2026-05-01",
                handover="两项意见书月底前完成。")  # fmt: skip


def test_after_the_talk_the_planner_may_stay(desk):
    appointment_id, case = asked(desk)
    desk.do("clerk", "talk", talk="已当面谈话，本人愿意继续。", outcome="撤回申请")
    assert desk.case(case).outcome == "已撤回"
    assert desk.cases_of("dismissal") == []
    assert (request_of(desk).status, status_of(desk, appointment_id)) == ("taken_back", "in_office")


def test_a_request_is_taken_back_until_the_decision(desk):
    appointment_id, case = asked(desk)
    desk.do("clerk", "talk", **TALK)
    desk.do("丁一", "take_back", take_back=True)
    assert desk.case(case).outcome == "已撤回"
    assert file_of(desk).status == "taken_back"
    assert only(desk.cases_of("dismissal")).status == "completed"
    assert status_of(desk, appointment_id) == "in_office"


def test_a_request_nobody_talks_about_goes_on_by_itself(desk):
    _, case = asked(desk)
    desk.until(desk.workdays(10) + timedelta(days=1))
    assert desk.open(case) == ["take_back"]
    assert file_of(desk).items == [1]


def test_one_request_at_a_time(desk):
    appointment_id, _ = asked(desk)
    desk.start("丁一", "withdrawal")
    with pytest.raises(Invalid):
        desk.do("丁一", "ask_to_leave_office", appointment_id=str(appointment_id), reason=REASON, wished="2026-05-01",
                handover="两项意见书月底前完成。")  # fmt: skip


def test_an_employers_request_is_no_own_wish(desk):
    appointment_id = desk.planner("丁一")
    case = desk.start("employer", "withdrawal")
    desk.do("employer", "ask_for_employer", appointment_id=str(appointment_id), reason=REASON, wished="2026-05-01",
            handover="由单位安排交接。")  # fmt: skip
    desk.do("clerk", "talk", **TALK)
    assert (file_of(desk).items, request_of(desk).by_employer) == ([2], True)
    assert desk.open(case) == []
    assert "check_ground" in desk.open()


def objects(desk, appointment_id, status="reviewing"):
    """A grade of the planner to which he has objected."""
    with desk.db.transaction() as session:
        person_id = session.get_one(Appointment, appointment_id).person_id
        year = Appraisal(status="told", year=2025, freeze_on=date(2025, 12, 31), readings_version=0)
        session.add(year)
        session.flush()
        entry = AppraisalEntry(
            appraisal_id=year.id, person_id=person_id, appointment_id=appointment_id, roll="GRADED", grade="称职"
        )
        session.add(entry)
        session.flush()
        session.add(
            Objection(status=status, number="异议-2026-0001", case_id=uuid4(), entry_id=entry.id, person_id=person_id,
                      year=2025, old_grade="称职", statement="次数统计有误。", filed_on=clock.today(),
                      created_at=clock.now())
        )  # fmt: skip


@pytest.mark.parametrize(("status", "open_still"), [("reviewed", True), ("upheld", False)])
def test_during_an_objection_both_are_recorded_as_the_register_says(desk, status, open_still):
    appointment_id = desk.planner("丁一")
    objects(desk, appointment_id, status)
    desk.start("丁一", "withdrawal")
    desk.do("丁一", "ask_to_leave_office", appointment_id=str(appointment_id), reason=REASON, wished="2026-05-01",
            handover="两项意见书月底前完成。")  # fmt: skip
    said = desk.form("clerk", "talk").context.values["objection_says"]
    assert ("异议-2026-0001" in said) is open_still
    desk.do("clerk", "talk", **TALK)
    assert request_of(desk).objection_open is open_still


def test_an_applicant_leaves_the_selection_and_has_it_confirmed(both_desk):
    desk = both_desk
    applied(desk)
    case = desk.start("丁二", "withdrawal")
    desk.do("丁二", "ask_to_leave_selection", reason=REASON, wished=clock.today().isoformat())
    desk.do("clerk", "talk", **TALK)
    assert desk.case(case).outcome == "已退出选聘"
    assert request_of(desk).stage == "报名"
    assert only(desk.documents("confirmation")).number.startswith("渝规资函")
    assert desk.cases_of("dismissal") == []


def test_who_has_nothing_to_leave_is_told_so(desk):
    with desk.db.transaction() as session:
        desk.actors["丁三"] = make_person(session, "丁三", ("applicant", None), name="丁三")
    assert desk.case(desk.start("丁三", "withdrawal")).outcome == "没有可退出的报名或聘任"


def test_the_bureau_cannot_ask_for_somebody_else(desk):
    with pytest.raises(NotAllowed):
        desk.start("clerk", "withdrawal")


def test_an_application_that_runs_is_ended_by_the_request(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "withdrawal", "appointment") as desk:
        applied(desk)
        with desk.db.transaction() as session:
            application = session.scalars(select(Application)).one()
            application.status = ApplicationStatus.DRAFT
            variables = {
                "round_id": str(application.round_id), "round_name": "2025—2027聘期", "late": False, "late_reason": "",
                "application_id": str(application.id), "person_id": str(application.person_id),
                "applicant_name": "丁二", "employer_id": "employer:1", "apply_until": "2026-04-01",
            }  # fmt: skip
            case = cases.start(session, desk.house, desk.actors["丁二"], "appointment", "application", variables,
                               by_hand=False)  # fmt: skip
            application.case_id = case.id
            running = case.id
        desk.start("丁二", "withdrawal")
        desk.do("丁二", "ask_to_leave_selection", reason=REASON, wished=clock.today().isoformat())
        desk.do("clerk", "talk", **TALK)
        assert desk.case(running).status == "completed"
        assert desk.read(lambda session: session.scalars(select(Application)).one().status) == "withdrawn"
