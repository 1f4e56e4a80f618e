"""The deploy check as a whole: all rules in one pass over one file."""

from __future__ import annotations

from collections.abc import Callable

from processes.engine.check.activities import check_activities
from processes.engine.check.constructs import check_constructs
from processes.engine.check.coverage import check_coverage
from processes.engine.check.directions import check_directions
from processes.engine.check.events import check_events, check_links
from processes.engine.check.expressions import check_conditions, check_scripts
from processes.engine.check.identity import check_ids, check_missing_ids
from processes.engine.check.lanes import check_lanes
from processes.engine.check.loops import check_loops, check_self_starts
from processes.engine.check.outline import Outline, outline
from processes.engine.check.picture import check_picture
from processes.engine.check.problems import Problem, Report, Surroundings
from processes.engine.check.references import check_references
from processes.engine.check.repetition import check_repetition
from processes.engine.check.soundness import check_soundness
from processes.engine.check.source import opened
from processes.engine.check.structure import check_structure

RULES: tuple[Callable[[Outline, Report], None], ...] = (
    check_constructs,
    check_ids,
    check_missing_ids,
    check_references,
    check_structure,
    check_conditions,
    check_events,
    check_links,
    check_activities,
    check_scripts,
    check_repetition,
    check_loops,
    check_self_starts,
    check_lanes,
    check_directions,
    check_picture,
    check_soundness,
)
NOWHERE = Surroundings()
"""An installation of which nothing is known."""


def check_diagram(xml: bytes, surroundings: Surroundings = NOWHERE) -> list[Problem]:
    """All problems of a BPMN file, errors first, then in document order; a diagram without errors can be deployed."""
    report = Report(surroundings)
    try:
        _check(xml, report)
    except Exception as failure:
        report.add("internal", None, type(failure).__name__)
    return report.problems()


def _check(xml: bytes, report: Report) -> None:
    root = opened(xml, report)
    if root is None:
        return
    found = outline(root)
    for rule in RULES:
        rule(found, report)
    if not report.blocked:
        check_coverage(found, report, xml)
