"""The drawing: what of a process cannot be seen in the browser."""

from __future__ import annotations

from processes.engine.check.outline import Outline, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import reference

DRAWN = "{http://www.omg.org/spec/BPMN/20100524/DI}"
MOST_SHOWN = 5


def check_picture(outline: Outline, report: Report) -> None:
    """Processes without a drawing, elements that are not drawn, and shapes of nothing."""
    drawn: set[str] = set()
    for element in outline.root.iter(f"{DRAWN}BPMNShape", f"{DRAWN}BPMNEdge"):
        drawn.add(reference(element.get("bpmnElement")) or "")
    for process, scopes in outline.inside.items():
        if not any(node.id in drawn for scope in scopes for node in scope.nodes):
            report.add("no-diagram", process)
        else:
            _check_missing(report, scopes, drawn)
    lost = sorted(drawn - outline.ids.keys() - {""})
    if lost:
        report.add("picture-dangling", None, ", ".join(lost[:MOST_SHOWN]))


def _check_missing(report: Report, scopes: list[Scope], drawn: set[str]) -> None:
    for scope in scopes:
        for piece in (*scope.nodes, *scope.flows):
            if piece.id and piece.id not in drawn:
                report.add("picture-missing", piece)
