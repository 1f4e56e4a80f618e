"""即时名额: what the ceiling leaves is told while grades are ticked; the check alone decides (第十四条)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.engine.models import FormDraft, WorkItem
from processes.engine.task_forms import tally_typed
from processes.errors import NotAllowed
from tests.working_year.appraised import DECEMBER, decide, furnish, grade, hr, to_the_panel
from tests.working_year.desk import year_desk


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as opened:
        yield opened


def typed(desk, login, step, **raw):
    """The count of what somebody has typed, as numbers by name, with the sentence."""

    def count(session):
        item = session.scalars(select(WorkItem).where(WorkItem.element_id == step, WorkItem.status == "open")).one()
        found = tally_typed(session, desk.house, desk.actors[login], item.id, raw)
        assert session.scalars(select(FormDraft)).all() == []
        return found

    return desk.read(count)


def listed(*grades):
    return [{"grade": each} for each in grades]


@pytest.mark.parametrize(
    ("grades", "used", "left", "wrong"),
    [
        (("称职", "称职", "称职", "称职"), 0, 1, False),
        (("优秀", "称职", "称职", "称职"), 1, 0, False),
        (("优秀", "优秀", "称职", "称职"), 2, 0, True),
        (("优秀", "", "", ""), 1, 0, False),
        ((), 0, 1, False),
    ],
)
def test_the_panel_reads_what_is_left_while_it_ticks(desk, grades, used, left, wrong):
    furnish(desk)
    to_the_panel(desk, 98, 90, 80, 70)
    found = typed(desk, "panel", "grade", grades=listed(*grades))
    assert [number for _, number in found.figures] == [4, 1, used, left]
    assert found.wrong is wrong
    assert ("超出1人" in str(found.sentence)) is wrong


def test_who_is_tied_at_the_line_and_who_has_no_grade_yet_is_named(desk):
    furnish(desk)
    to_the_panel(desk, 95, 95, 80, 70)
    said = " ".join(str(each) for each in typed(desk, "panel", "grade", grades=listed("称职", "称职", "", "")).remarks)
    assert "还有2人未评定等次" in said
    assert "并列2人：丁一、戊二" in said or "并列2人：戊二、丁一" in said


def test_votes_on_a_tie_are_counted_as_they_are_chosen(desk):
    furnish(desk)
    to_the_panel(desk, 95, 95, 80, 70)
    grade(desk, "称职", "称职", "称职", "称职")
    one = typed(desk, "panel", "settle_ties", ties=[{"chosen": "评为优秀"}, {"chosen": "不评优秀"}])
    two = typed(desk, "panel", "settle_ties", ties=[{"chosen": "评为优秀"}, {"chosen": "评为优秀"}])
    assert ([number for _, number in one.figures], one.wrong) == ([4, 1, 1, 0], False)
    assert ([number for _, number in two.figures], two.wrong) == ([4, 1, 2, 0], True)


def test_the_leader_counts_from_the_grades_of_the_panel(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case)
    begun = typed(desk, "leader", "decide", grades=listed("优秀", "优秀", "称职", "称职"))
    assert begun.wrong
    decide(desk, "优秀", "称职", "称职", "称职")


def test_who_cannot_do_a_task_cannot_count_in_it(desk):
    furnish(desk)
    to_the_panel(desk, 98, 90, 80, 70)
    with pytest.raises(NotAllowed):
        typed(desk, "section", "grade", grades=listed("优秀"))
