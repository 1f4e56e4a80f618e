"""Every scenario runs on tiny sizes on both databases, and its figures fit together. Nothing here is timed."""

from __future__ import annotations

import pytest

from webapp.bench.scenarios import ONE_OFFICE, Plan, measured

TINY = Plan(runs=3, rounds=1, widest=4, sizes=(20, 40), finished=60, drawn=12)
WAYS = ("", "_page", "_token", "_basic")


@pytest.fixture(scope="module")
def found(scratch, tmp_path_factory):
    """What the scenarios of one desk find, by name."""
    folder = tmp_path_factory.mktemp("bench")
    figures = list(measured(folder, scratch, 1, TINY, tuple(ONE_OFFICE)))
    rows = {each.scenario: each.as_json() for each in figures}
    assert len(rows) == len(figures), "each scenario has a name of its own"
    return rows


def test_every_figure_has_its_keys_and_a_ratio_that_fits_its_times(found):
    for row in found.values():
        assert row["n"] >= 3
        assert 0 <= row["median_ms"] <= row["p95_ms"] <= row["max_ms"]
        assert row["floor_ms"] > 0
        assert row["ratio"] == pytest.approx(row["median_ms"] / row["floor_ms"], rel=0.05, abs=0.02)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scenario", ["small_case", "first_of_38", "last_of_38", "first_of_4", "last_of_4"])
def test_a_completion_is_one_commit_by_every_way(found, scenario, way):
    row = found[f"complete_{scenario}{way}"]
    assert row["commits"] == 1
    assert row["statements"] > 3
    assert row["written_bytes"] > 1000
    assert row["cpu_ms"] > 0
    assert ("request_ms" in row) == bool(way)


def test_a_completion_asks_the_database_as_often_in_a_wide_case_as_in_a_narrow_one(found):
    assert found["complete_first_of_38"]["statements"] == found["complete_first_of_4"]["statements"]
    assert found["complete_last_of_38"]["statements"] == found["complete_last_of_4"]["statements"]


@pytest.mark.parametrize(
    ("scenario", "refused"), [("race_8_clients_on_38", 0), ("race_38_at_once", 0), ("race_two_on_each_of_38", 38)]
)
def test_a_race_loses_and_doubles_nothing(found, scenario, refused):
    row = found[scenario]
    assert (row["accepted"], row["refused"], row["errors"]) == (38, refused, 0)
    assert (row["lost"], row["doubled"]) == (0, 0)
    assert row["n"] == 38 + refused


def test_every_timer_fires(found):
    assert found["timer_one_by_one"]["not_fired"] == found["timer_many_at_once"]["not_fired"] == 0
    assert found["timer_many_at_once"]["n"] == found["timer_many_at_once"]["timers"] == 30


def test_cases_without_timers_add_no_statement_to_the_look_for_due_ones(found):
    looks = [found[f"timer_look_{each}"] for each in ("none_due", "cases_without", "timers_ahead")]
    assert len({each["statements"] for each in looks}) == 1
    assert {each["commits"] for each in looks} == {0}


def test_lists_are_read_at_each_size_and_write_nothing(scratch, tmp_path):
    rows = [each.as_json() for each in measured(tmp_path, scratch, 1, TINY, ("lists",))]
    pages = [each for each in rows if each["scenario"].startswith(("page_", "list_", "token_"))]
    assert {each["open_items"] for each in rows} == {20, 40}
    assert {each["scenario"].rsplit("_", 1)[0] for each in pages} == {
        "list_inbox", "page_inbox", "page_cases", "page_register", "page_oversight", "page_steps", "page_forecast",
        "token_inbox",
    }  # fmt: skip
    assert {each["commits"] for each in pages} == {0}
    assert all(each["page_bytes"] > 1000 for each in pages if "page_bytes" in each)
    assert all(each["times_of_smallest"] == 1 for each in rows if each["open_items"] == 20)


def test_each_diagram_is_checked_and_its_floor_is_reading_it(found):
    rows = [row for name, row in found.items() if name.startswith("check_")]
    assert len(rows) == 4
    assert {row["floor"] for row in rows} == {"reading the file"}
    assert found["check_branches_not_joined"]["problems"] > found["check_branches_joined"]["problems"]
