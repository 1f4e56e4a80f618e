"""The page of what is executed names every reason for which a construct is refused, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from processes.engine.check.reasons import FILE, HERE, REASONS
from processes.engine.check.reasons_of_flow import FLOW
from processes.engine.check.reasons_of_steps import STEPS

PAGE = (Path(__file__).parents[3] / "docs" / "bpmn-support.md").read_text(encoding="utf-8")
OF_THE_CHECK = {
    "internal",
    "engine-refuses",
    "not-covered",
    "foreign-notation",
    "vendor-worker",
    "never-come-by",
    "constant-condition",
    "condition-is-a-value",
    "more-alike",
    "text-too-long",
}
"""Reasons that are of no construct, and other words for one that is named."""
NAMED = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", PAGE))


def test_every_reason_of_a_construct_stands_on_the_page():
    assert (FILE | FLOW | STEPS).keys() - OF_THE_CHECK <= NAMED


def test_the_page_names_no_reason_that_does_not_exist():
    assert {each for each in NAMED if "-" in each} - {"chief-planner"} <= REASONS.keys()


def test_what_is_told_in_other_words_here_has_a_reason_of_its_own():
    assert HERE.keys() <= REASONS.keys()
