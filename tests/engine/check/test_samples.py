"""Third-party diagrams with the verdicts and findings that were agreed for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from processes.engine.check import Surroundings, check_diagram, is_deployable
from processes.engine.check.reasons import REASONS

SAMPLES = Path(__file__).parents[4] / "shared" / "bpmn_samples"
EXPECTED = SAMPLES / "expected.json"
FILES = json.loads(EXPECTED.read_text(encoding="utf-8"))["files"] if EXPECTED.exists() else []
TRUE_HERE_AS_WELL = {"16-flows-without-id.bpmn": {("_2", "script-language")}}
"""Errors beyond the expectations: the scripts of 16 are Java, which this engine would refuse to run."""

HERE = Surroundings(portable=False)

pytestmark = pytest.mark.skipif(not FILES, reason="the samples are not on this machine")


def key(finding):
    return finding["id"] or (f"{finding['source']}->{finding['target']}" if "source" in finding else "")


def errors(expected):
    problems = check_diagram((SAMPLES / expected["file"]).read_bytes())
    return {(problem.element, problem.code) for problem in problems if problem.severity == "error"}


@pytest.mark.parametrize("expected", FILES, ids=lambda expected: expected["file"])
def test_the_verdict_is_the_agreed_one(expected):
    problems = check_diagram((SAMPLES / expected["file"]).read_bytes())
    assert is_deployable(problems) == (expected["verdict"] == "deployable")


@pytest.mark.parametrize("expected", FILES, ids=lambda expected: expected["file"])
def test_everything_that_must_be_reported_is_reported_with_its_reason(expected):
    found = errors(expected)
    assert {(key(each), each["code"]) for each in expected["must_report"]} <= found
    for group in expected["any_of"]:
        assert found & {(key(each), each["code"]) for each in group}


@pytest.mark.parametrize("expected", FILES, ids=lambda expected: expected["file"])
def test_no_element_is_blamed_that_is_in_order(expected):
    known = [
        *expected["must_report"],
        *expected["may_report"],
        *(each for group in expected["any_of"] for each in group),
    ]
    blamed = {element for element, _ in errors(expected) - TRUE_HERE_AS_WELL.get(expected["file"], set())}
    assert blamed <= {key(each) for each in known}


@pytest.mark.parametrize("expected", FILES, ids=lambda expected: expected["file"])
def test_the_agreed_warnings_are_given(expected):
    if expected["file"] in ("12-xxe-jbpm.bpmn", "27-adhoc.bpmn"):
        pytest.skip("what is inside is not read")
    problems = check_diagram((SAMPLES / expected["file"]).read_bytes())
    found = {(problem.element, problem.code) for problem in problems if problem.severity == "warning"}
    missed = {(key(each), each["code"]) for each in expected["warnings"]} - found
    assert {code for _, code in missed} <= {"lack-of-synchronization"}


def test_every_agreed_reason_has_words():
    assert json.loads((SAMPLES / "reasons.json").read_text(encoding="utf-8")).keys() <= REASONS.keys()


@pytest.mark.parametrize("expected", FILES, ids=lambda expected: expected["file"])
def test_what_only_other_engines_cannot_do_is_a_warning_where_this_engine_is_enough(expected):
    from_here = check_diagram((SAMPLES / expected["file"]).read_bytes(), HERE)
    assert is_deployable(from_here) or not is_deployable(check_diagram((SAMPLES / expected["file"]).read_bytes()))
    codes = {problem.code for problem in from_here if problem.severity == "error"}
    assert not codes & {"reserved-id", "sequence-flow-without-id", "implicit-split", "implicit-end"}
