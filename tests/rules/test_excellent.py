from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.rules.excellent import (
    EXCELLENT_SHARE,
    Candidate,
    ExcellentBase,
    RollStatus,
    check_excellent,
    excellent_base,
    excellent_cap,
    select_excellent,
)

YEAR_END = date(2026, 12, 31)
POINTS = st.integers(0, 3)
CANDIDATES = st.lists(
    st.builds(Candidate, id=st.uuids().map(str), score=POINTS, quality=POINTS, visits=POINTS, consults=POINTS),
    max_size=30,
)


@pytest.mark.parametrize(
    ("graded", "cap"),
    [(0, 0), (1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (9, 2), (10, 3), (13, 3), (14, 4), (20, 6), (42, 12), (60, 18)],
)
def test_a_fraction_of_a_planner_is_not_graded_excellent(graded, cap):
    assert excellent_cap(graded, on=YEAR_END) == cap


@given(st.integers(0, 10_000))
def test_the_cap_is_the_largest_number_that_is_not_more_than_thirty_percent(graded):
    cap = excellent_cap(graded)
    assert 10 * cap <= 3 * graded < 10 * (cap + 1)


@pytest.mark.parametrize(
    ("graded", "excellent", "ok", "over_by"),
    [(42, 12, True, 0), (42, 13, False, 1), (10, 3, True, 0), (3, 1, False, 1), (0, 0, True, 0), (45, 2, True, 0)],
)
def test_a_list_is_checked_against_the_cap(graded, excellent, ok, over_by):
    check = check_excellent(graded, excellent)
    assert (check.ok, check.over_by, check.ground.article) == (ok, over_by, "第十四条")


def test_a_person_who_drops_out_of_the_base_lowers_the_cap():
    assert (check_excellent(42, 12).ok, check_excellent(41, 12).cap, check_excellent(39, 12).over_by) == (True, 12, 1)


@pytest.mark.parametrize("call", [lambda: excellent_cap(-1), lambda: check_excellent(5, -1)])
def test_negative_numbers_are_refused(call):
    with pytest.raises(ValueError, match="negative"):
        call()


def test_those_not_graded_are_not_in_the_base_unless_the_bureaus_say_so():
    roll = [RollStatus.GRADED, RollStatus.NOT_GRADED, RollStatus.NOT_INCLUDED, RollStatus.GRADED]
    assert excellent_base(roll) == 2
    assert excellent_base(roll, ExcellentBase.IN_OFFICE) == 3


def test_a_change_of_the_text_holds_from_its_day_only():
    amended = EXCELLENT_SHARE.amended(date(2030, 1, 1), Fraction(20, 100))
    assert amended.on(date(2029, 12, 31)) == Fraction(3, 10)
    assert amended.on(date(2030, 1, 1)) == Fraction(1, 5)
    assert EXCELLENT_SHARE.on() == Fraction(3, 10)


def test_equals_at_the_line_are_left_to_people():
    people = [Candidate("C", 90, 80, 10, 12), Candidate("A", 99, 80, 10, 12), Candidate("B", 90, 80, 10, 12)]
    found = select_excellent(7, people)
    assert (found.selected, found.tied, found.slots_for_tied) == (("A",), ("B", "C"), 1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Candidate("Z", 91, 0, 0, 0), Candidate("A", 90, 99, 99, 99)),
        (Candidate("Z", 90, 81, 0, 0), Candidate("A", 90, 80, 99, 99)),
        (Candidate("Z", 90, 80, 11, 0), Candidate("A", 90, 80, 10, 99)),
        (Candidate("Z", 90, 80, 10, 13), Candidate("A", 90, 80, 10, 12)),
    ],
)
def test_score_goes_before_quality_before_visits_before_consultations(better, worse):
    assert select_excellent(4, [worse, better]).selected == ("Z",)


@given(st.integers(0, 40), CANDIDATES)
def test_the_software_never_fills_more_places_than_there_are_and_never_parts_equals(graded, people):
    found = select_excellent(graded, people)
    assert len(found.selected) + found.slots_for_tied <= found.cap
    rank = {one.id: one.rank for one in people}
    assert not {rank[one] for one in found.selected} & {rank[one.id] for one in people if one.id not in found.selected}
    assert not found.tied or 0 < len(found.tied) > found.slots_for_tied > 0


@given(CANDIDATES, st.randoms())
def test_the_order_of_the_list_does_not_matter(people, random):
    shuffled = random.sample(people, len(people))
    assert select_excellent(20, people) == select_excellent(20, shuffled)
