"""Benefits within reach: earned, or one good year away, or left to people (第十四条(一)(二)(三))."""

from __future__ import annotations

from datetime import date

import pytest

from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.benefits import BenefitKind
from processes.registers.reach import within_reach
from processes.registers.rights import rights_of
from processes.registers.switches import readings_on
from processes.registers.warnings.planners import serving
from processes.registers.warnings.scope import Scope
from tests.working_year.desk import year_desk

WAIVER, PRIORITY, RECOMMENDATION = BenefitKind.WAIVER, BenefitKind.PRIORITY, BenefitKind.RECOMMENDATION


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, day=date(2027, 2, 1)) as desk:
        yield desk


def grade(desk, name, appointment_id, grades):
    with desk.db.transaction() as session:
        for year, given in grades.items():
            appraisal = Appraisal(year=year, status="told", freeze_on=date(year, 12, 31), readings_version=0)
            session.add(appraisal)
            session.flush()
            session.add(AppraisalEntry(appraisal_id=appraisal.id, person_id=desk.person_id(name), final=True,
                                       appointment_id=appointment_id, roll="GRADED", grade=given))  # fmt: skip


@pytest.mark.parametrize(
    ("start", "grades", "missing"),
    [
        (date(2025, 1, 20), {}, {WAIVER: 1, PRIORITY: 1, RECOMMENDATION: 3}),
        (date(2025, 1, 20), {2025: "称职", 2026: "称职"}, {WAIVER: 0, PRIORITY: 1, RECOMMENDATION: 3}),
        (date(2025, 1, 20), {2025: "优秀", 2026: "优秀"}, {WAIVER: 0, PRIORITY: 1, RECOMMENDATION: 1}),
        (date(2025, 1, 20), {2025: "优秀", 2026: "不称职"}, {WAIVER: 1, PRIORITY: 1, RECOMMENDATION: 3}),
        (date(2024, 1, 20), {2025: "优秀"}, {WAIVER: 0, PRIORITY: 0, RECOMMENDATION: 2}),
        (date(2026, 12, 1), {}, {WAIVER: 1, PRIORITY: 3, RECOMMENDATION: 3}),
    ],
)
def test_the_good_years_that_are_missing_are_counted(desk, start, grades, missing):
    appointment_id = desk.planner("丁一", start=start)
    grade(desk, "丁一", appointment_id, grades)
    day = date(2027, 2, 1)
    found = desk.read(lambda session: rights_of(session, desk.person_id("丁一"), day, readings_on(session, day)))
    assert {each.key: each.years_missing for each in found} == missing
    listed = desk.read(
        lambda session: within_reach(session, serving(session, Scope(), day), day, readings_on(session, day))
    )
    near = {key for key, years in missing.items() if years <= 1}
    assert {each.right.key for each in listed} == near
    assert [each.right.met for each in listed] == sorted((each.right.met for each in listed), reverse=True)


def test_outstanding_work_is_left_to_people(desk):
    appointment_id = desk.planner("丁一", start=date(2024, 1, 20))
    grade(desk, "丁一", appointment_id, {2025: "优秀"})
    day = date(2027, 2, 1)
    rights = desk.read(lambda session: rights_of(session, desk.person_id("丁一"), day, readings_on(session, day)))
    priority = next(each for each in rights if each.key is PRIORITY)
    assert (priority.met, priority.by_people, priority.within_reach) == (False, True, True)
    assert "两局认定" in str(priority.missing[0])
