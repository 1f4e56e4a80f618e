"""评定等次: one function for every way, one ceiling on the whole list (第十四条)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from processes.errors import Conflict, Invalid
from processes.identity.actor import SYSTEM
from processes.registers.appraisals import Appraisal, AppraisalEntry, GradeVersion, appraisal_on, entries_of
from processes.registers.grading import SOURCES, Given, cap_standing, cap_warning, give_grades, take_out
from processes.registers.switches import interpret, set_switch
from processes.rules.appraisal import Why
from tests.working_year.desk import FULING, WANZHOU, year_desk

LONG = (
    "全年受邀十二次，无正当理由缺席四次，未按要求提出书面意见，经两次提醒仍未改正，区县多次反映其不履行职责，经核查。"
)


@contextmanager
def listed(database, tmp_path, graded, extra=0):
    """A desk with an appraisal of so many graded planners, and some who are not."""
    with year_desk(database, tmp_path) as desk:
        appointments = [
            desk.planner(f"规划师{number:02d}", (WANZHOU, FULING)[number % 2]) for number in range(graded + extra)
        ]
        with desk.db.transaction() as session:
            appraisal = Appraisal(status="grading", year=2026, freeze_on=date(2026, 12, 31), readings_version=0)
            session.add(appraisal)
            session.flush()
            for number, appointment_id in enumerate(appointments):
                session.add(
                    AppraisalEntry(
                        appraisal_id=appraisal.id, person_id=desk.person_id(f"规划师{number:02d}"),
                        appointment_id=appointment_id, roll="GRADED" if number < graded else "NOT_GRADED",
                    )
                )  # fmt: skip
        yield desk


def give(desk, grades, source="panel", reason="", names=None):
    """The first planners get the grades that are given."""
    with desk.db.transaction() as session:
        appraisal = appraisal_on(session, 2026)
        entries = entries_of(session, appraisal.id)
        chosen = dict(zip(entries, grades, strict=False))
        return give_grades(
            session, SYSTEM, appraisal, {each.id: Given(grade, reason) for each, grade in chosen.items()}, source
        )


@pytest.fixture
def ten(sqlite_database, tmp_path):
    with listed(sqlite_database, tmp_path, 10, extra=1) as desk:
        yield desk


@pytest.mark.parametrize(("graded", "cap"), [(1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (10, 3)])
def test_the_ceiling_is_three_tenths_of_the_graded_and_a_fraction_is_dropped(sqlite_database, tmp_path, graded, cap):
    with listed(sqlite_database, tmp_path, graded, extra=1) as desk:
        found = give(desk, ["优秀"] * cap)
        assert (found.n, found.cap, found.used, found.left, found.over) == (graded, cap, cap, 0, 0)
        with pytest.raises(Invalid):
            give(desk, ["优秀"] * (cap + 1))
        assert ("名额为0" in found.sentence) is (cap == 0)


def test_a_list_above_the_ceiling_is_refused_with_its_numbers(database, tmp_path):
    with listed(database, tmp_path, 10) as desk:
        with pytest.raises(Invalid) as refused:
            give(desk, ["优秀"] * 4)
        told = str(refused.value.fields["grades"])
        assert all(part in told for part in ("考核人数10人", "上限3人", "拟评优秀4人", "超出1人"))
        assert desk.read(lambda session: session.scalars(select(GradeVersion)).all()) == []


@pytest.mark.parametrize("source", SOURCES)
def test_no_way_of_giving_a_grade_passes_the_ceiling(ten, source):
    give(ten, ["优秀"] * 3)
    with pytest.raises(Invalid):
        give(ten, ["优秀"] * 4, source)
    assert give(ten, ["称职", "优秀", "优秀", "优秀"], source).used == 3


def test_an_objection_cannot_take_a_place_that_is_not_free(ten):
    give(ten, ["优秀"] * 3 + ["称职"] * 7)
    with ten.db.transaction() as session:
        appraisal = appraisal_on(session, 2026)
        last = entries_of(session, appraisal.id)[9]
        with pytest.raises(Invalid):
            give_grades(session, SYSTEM, appraisal, {last.id: Given("优秀", "复核变更")}, "objection")


def test_incompetent_needs_a_reason_of_fifty_characters(ten):
    with pytest.raises(Invalid):
        give(ten, ["不称职"], reason="表现不好。" * 9)
    assert give(ten, ["不称职"], reason=LONG).n == 10


@pytest.mark.parametrize("grade", ["基本称职", "", "不确定等次"])
def test_there_is_no_fourth_grade(ten, grade):
    with pytest.raises(Invalid):
        give(ten, [grade])


def test_who_is_not_graded_gets_no_grade(ten):
    with pytest.raises(Invalid):
        give(ten, ["称职"] * 11)


def test_a_grade_in_force_changes_by_objection_or_correction_alone(ten):
    give(ten, ["称职"])
    with ten.db.transaction() as session:
        entries_of(session, appraisal_on(session, 2026).id)[0].final = True
    with pytest.raises(Conflict):
        give(ten, ["优秀"], "panel")
    assert give(ten, ["优秀"], "objection").used == 1


def test_versions_of_a_grade_only_grow(database, tmp_path):
    with listed(database, tmp_path, 4) as desk:
        give(desk, ["称职"])
        give(desk, ["优秀"], "decision", reason="市局审定")
        versions = desk.read(lambda session: session.scalars(select(GradeVersion).order_by(GradeVersion.id)).all())
        assert [(each.grade, each.source) for each in versions] == [("称职", "panel"), ("优秀", "decision")]
        with pytest.raises(DBAPIError), desk.db.transaction() as session:
            session.execute(text("UPDATE grade_version SET grade = '优秀'"))


def test_a_smaller_base_warns_the_leader_and_changes_nobody_silently(ten):
    give(ten, ["优秀"] * 3 + ["称职"] * 7)
    with ten.db.transaction() as session:
        appraisal = appraisal_on(session, 2026)
        last = entries_of(session, appraisal.id)[9]
        found = take_out(session, SYSTEM, last, Why.LONG_LEAVE, "复核查明全年休假逾半年")
        assert (found.n, found.cap, found.used, found.over) == (9, 2, 3, 1)
        warning = str(cap_warning(found))
        assert "超出1人" in warning
        assert [each.grade for each in entries_of(session, appraisal.id)].count("优秀") == 3
        assert (last.roll, last.grade) == ("NOT_GRADED", "")
    with pytest.raises(Invalid):
        give(ten, [], "correction")


def test_a_list_within_the_ceiling_gives_no_warning(ten):
    assert cap_warning(give(ten, ["优秀"] * 3)) is None


def set_reading(desk, code, value):
    with desk.db.transaction() as session:
        ground = interpret(
            session, SYSTEM, number="解释-1", article="第十四条", question="名额", answer="口径",
            agreed_on=date(2026, 3, 2), recorded_by="周流",
        )  # fmt: skip
        made = set_switch(session, SYSTEM, code, value, date(2026, 1, 1), ground, "两局一致意见，自本年起施行。")
        appraisal_on(session, 2026).readings_version = made.id


def test_the_base_may_be_all_on_the_roll_where_both_bureaus_read_it_so(ten):
    set_reading(ten, "excellent.base", "in_office")
    assert ten.read(lambda session: cap_standing(session, appraisal_on(session, 2026))).n == 11


def test_a_ceiling_for_each_group_is_kept_in_each_group(ten):
    set_reading(ten, "excellent.pool", "groups")
    found = ten.read(lambda session: cap_standing(session, appraisal_on(session, 2026)))
    assert (found.n, found.cap) == (10, 2)
    with pytest.raises(Invalid):
        give(ten, ["优秀", "称职", "优秀"])
    assert give(ten, ["优秀", "优秀"]).left == 0


def test_the_frozen_readings_stay_with_the_appraisal(ten):
    set_reading(ten, "excellent.base", "in_office")
    with ten.db.transaction() as session:
        appraisal_on(session, 2026).readings_version = 0
    assert ten.read(lambda session: cap_standing(session, appraisal_on(session, 2026))).n == 10
