"""Variables at rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.spiff.values import ValueStore, content_key, decode, encode
from processes.errors import Invalid


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, 1, 1.0, -0.0, 2**80, "", "区县", [], {}, [1, [2, {"a": None}]],
        date(2026, 1, 31), datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 1, 31, 9), time(9, 30),
        timedelta(days=1, microseconds=7), Decimal("1.10"), (1, (2,)), {1: "a", None: 2, "x": 3}, {(1, 2): 3},
        {"typename": "x"}, {"$date": "x"}, {"$": 1, "$map": [[1, 2]]}, {"a": {"$int": 5}}, {"z": 1, "a": 2},
    ],
)  # fmt: skip
def test_a_value_comes_back_exactly_as_it_was(value):
    back = decode(encode(value))
    assert back == value
    assert repr(back) == repr(value)


def test_true_and_one_and_one_point_zero_are_three_values():
    assert len({content_key(encode(value)) for value in (True, 1, 1.0, "1", Decimal(1))}) == 5


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1, 2}, object(), "\ud800", Decimal("nan")])
def test_what_could_not_come_back_is_refused(value):
    with pytest.raises(Invalid):
        encode({"a": value})


def test_a_value_that_contains_itself_or_is_far_too_big_is_refused():
    knot: list = []
    knot.append(knot)
    for value in (knot, "x" * 5_000_000):
        with pytest.raises(Invalid):
            encode(value)


def test_bytes_that_do_not_match_their_key_are_refused():
    key = content_key(encode("yes"))
    store = ValueStore(lambda keys: {key: encode("no")}, [key])
    with pytest.raises(Invalid):
        store.read(key)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXT | st.dates() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("$adeimnt", max_size=5) | st.integers(), inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_value_comes_back(value):
    assert repr(decode(encode(value))) == repr(value)
