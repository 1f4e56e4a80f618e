"""第九条(五): allowances and lodging by the standards of each day, in whole fen."""

from __future__ import annotations

from datetime import date

import pytest

from processes.rules.allowances import USUAL, Night, Standard, allowance, days_between, lodging_limit, over_limit

TENTH = date(2026, 3, 10)
RAISED = USUAL[Standard.MEAL].amended(TENTH, 120_00)
NIGHTLY = USUAL[Standard.LODGING].amended(TENTH, 400_00)


@pytest.mark.parametrize(
    ("first", "last", "by_host", "fen"),
    [
        (date(2026, 3, 9), date(2026, 3, 9), False, 100_00),
        (TENTH, TENTH, False, 120_00),
        (date(2026, 3, 8), date(2026, 3, 11), False, 440_00),
        (date(2026, 3, 8), date(2026, 3, 11), True, 0),
    ],
)
def test_each_day_has_the_standard_of_its_day_and_nothing_where_the_host_provided_it(first, last, by_host, fen):
    assert allowance(days_between(first, last), RAISED, by_host) == fen


def test_nights_over_a_change_of_the_standard_are_limited_night_by_night():
    assert lodging_limit(Night(date(2026, 3, 9), 2, 0), NIGHTLY) == 770_00


@pytest.mark.parametrize(("fen", "places"), [(770_00, []), (770_01, [0])])
def test_a_stay_that_costs_one_fen_more_is_over_the_limit(fen, places):
    assert over_limit([Night(date(2026, 3, 9), 2, fen)], NIGHTLY) == places
