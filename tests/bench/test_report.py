"""The report fits in a terminal, and replaces in a page of the documentation only what it has written."""

from __future__ import annotations

import pytest

from processes.errors import Invalid
from webapp.bench import report
from webapp.bench.figures import COMMIT, LISTS, RACES, REQUEST, TIMERS, Counts, Figure, p95

FIGURES = (
    Figure(
        "complete_last_of_400_basic", "sqlite", [1234.5, 2.0, 3.0], COMMIT, [0.5], [1.5], Counts(15, 1, 99_999), 9.9
    ),
    Figure(
        "complete_small_case_among_100000",
        "sqlite",
        [5.0],
        REQUEST,
        [2.0],
        [2.0],
        Counts(9, 0, 0),
        1.0,
        {"page_bytes": 2048},
        LISTS,
    ),
    Figure("race_38_at_once", "postgresql", [5.0], COMMIT, [1.0], more={"accepted": 38, "lost": 0}, kind=RACES),
    Figure("timer_many_at_once", "postgresql", [5.0], COMMIT, [1.0], more={"not_fired": 0}, kind=TIMERS),
)


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([7], 7), (range(1, 21), 19), (range(1, 101), 95), ([3, 1, 2], 3)]
)
def test_95_of_100_values_do_not_exceed_the_p95(values, expected):
    assert p95(list(values)) == expected


def test_a_figure_without_the_floor_of_its_kind_has_a_ratio_all_the_same():
    row = FIGURES[0].as_json()
    assert (row["median_ms"], row["floor_ms"], row["ratio"], row["request_ratio"]) == (3.0, 0.5, 6.0, 2.0)
    assert (row["statements"], row["commits"], row["written_bytes"]) == (15, 1, 99_999)


def test_no_line_is_wider_than_a_hundred_places():
    lines: list[str] = []
    told = report.Told(lines.append)
    for each in FIGURES:
        told.figure(each)
    assert len([line for line in lines if line.startswith("sqlite · ")]) == 2
    assert max(report.width(line) for line in lines) <= 100


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{report.BEGIN}\nold figures\n{report.END}\nafter\n", "utf-8")
    report.write(page, FIGURES)
    report.write(page, FIGURES)
    text = page.read_text("utf-8")
    assert text.startswith(f"before\n{report.BEGIN}\n")
    assert text.endswith(f"{report.END}\nafter\n")
    assert "old figures" not in text
    assert text.count("| race_38_at_once |") == 1
    assert "### Lists: sqlite" in text


def test_a_page_without_marks_is_left_as_it_is(tmp_path):
    page = tmp_path / "other.md"
    page.write_text("nothing of ours", "utf-8")
    with pytest.raises(Invalid):
        report.write(page, FIGURES)
    assert page.read_text("utf-8") == "nothing of ours"
