import json
from datetime import date
from pathlib import Path

import pytest

from processes.rules.vector_inputs import VectorError
from processes.rules.vectors import ANSWERS, run_vectors
from processes.workcalendar import load_work_calendar

DOCUMENT = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
EDGES = json.loads(Path(__file__).with_name("edge_vectors.json").read_text(encoding="utf-8"))
"""Boundaries worked out from the text: year ends, leap days, holidays and days made up, ties, nothing at all."""


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: vector["id"])
def test_every_vector_gives_the_whole_answer_expected(vector):
    report = run_vectors({**DOCUMENT, "vectors": [vector]})
    assert report.failures == []
    assert report.passed == 1


@pytest.mark.parametrize("vector", EDGES["vectors"], ids=lambda vector: vector["id"])
def test_every_boundary_gives_the_answer_worked_out_by_hand(vector):
    assert run_vectors({"vectors": [vector]}).failures == []


def test_the_published_calendar_has_the_holidays_and_made_up_days_that_the_boundaries_name():
    published = load_work_calendar()
    for vector in EDGES["vectors"]:
        given = vector["input"]
        if vector["id"] == "edge-add_workdays-09":  # a day on both lists, which no calendar has
            continue
        assert [day for day in given.get("holidays", ()) if published.is_workday(date.fromisoformat(day))] == []
        assert [
            day for day in given.get("makeup_workdays", ()) if not published.is_workday(date.fromisoformat(day))
        ] == []


@pytest.mark.parametrize("document", [DOCUMENT, EDGES])
def test_the_vectors_hold_whichever_holidays_are_installed(document):
    assert run_vectors(document, load_work_calendar()).failures == []


def test_the_vectors_hold_without_the_defaults_written_in_the_document():
    assert run_vectors({"vectors": DOCUMENT["vectors"]}).failed == 0


def test_every_rule_is_asked_by_some_vector():
    assert {vector["rule"] for vector in DOCUMENT["vectors"]} == set(ANSWERS)


@pytest.mark.parametrize("rule", sorted(ANSWERS))
@pytest.mark.parametrize("given", [None, [], "text", 7, {"n": "many", "start": 5, "events": "none", "people": [3]}])
def test_a_vector_that_cannot_be_read_is_a_failure_and_no_crash(rule, given):
    vectors = [{"id": "bad", "rule": rule, "input": given, "expected": {"never": "this"}}]
    report = run_vectors({"vectors": vectors})
    assert (report.passed, report.failed) == (0, 1)
    assert report.failures[0]["id"] == "bad"


@pytest.mark.parametrize("vector", [None, 3, {}, {"id": "x", "rule": "no_such_rule", "input": {}, "expected": {}}])
def test_a_vector_of_no_known_rule_is_a_failure(vector):
    assert run_vectors({"vectors": [vector]}).failed == 1


def test_a_number_does_not_pass_for_true():
    vector = {
        "id": "v",
        "rule": "excellent_check",
        "input": {"graded": 10, "excellent": 3},
        "expected": {"ok": 1, "cap": 3, "over_by": 0},
    }
    assert run_vectors({"vectors": [vector]}).failures[0]["got"]["ok"] is True


@pytest.mark.parametrize("document", [{}, {"vectors": {}}, {"vectors": None}])
def test_a_document_without_vectors_is_refused(document):
    with pytest.raises(VectorError):
        run_vectors(document)


def test_the_report_is_the_object_the_command_prints():
    vector = {"id": "v", "rule": "excellent_cap", "input": {"n": 42}, "expected": {"cap": 13}}
    assert run_vectors({"vectors": [vector]}).as_json() == {
        "passed": 0,
        "failed": 1,
        "failures": [{"id": "v", "expected": {"cap": 13}, "got": {"cap": 12}}],
    }


def test_defaults_of_the_document_stand_where_a_vector_is_silent():
    vector = {"id": "v", "rule": "term", "input": {"start": "2026-01-01"}, "expected": None}
    got = run_vectors({"defaults": {"term.years": 1}, "vectors": [vector]}).failures[0]["got"]
    assert got["end"] == "2026-12-31"
