"""The deploy check: a small diagram, and the largest ones that it takes, in the shapes that are hardest for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from processes.engine.check import Surroundings, check_diagram
from processes.engine.check.problems import Report
from processes.engine.check.source import opened
from webapp.bench.diagrams import DIAGRAMS, WIDE, row, split
from webapp.bench.figures import CHECKS, READ, Figure
from webapp.bench.measuring import milliseconds
from webapp.bench.office import Office


def checks(office: Office, runs: int, largest: int) -> Iterator[Figure]:
    """Each diagram as an upload's dry run checks it; the floor is reading its XML and counting what is in it."""
    shapes = {
        "check_small": DIAGRAMS[WIDE],
        "check_row": row(largest),
        "check_branches_joined": split(largest // 2, "parallelGateway"),
        "check_branches_not_joined": split(largest // 2, "exclusiveGateway"),
    }
    for scenario, xml in shapes.items():
        yield _check(office, scenario, xml, runs)


def _check(office: Office, scenario: str, xml: bytes, runs: int) -> Figure:
    taken, floors, used = [], [], 0.0
    for _ in range(runs):
        began = time.process_time()
        taken.append(milliseconds(lambda: check_diagram(xml)))
        used += time.process_time() - began
        floors.append(milliseconds(lambda: opened(xml, Report(Surroundings()))))
    more = {"kilobytes": round(len(xml) / 1024, 1), "problems": len(check_diagram(xml))}
    cpu_ms = used * 1000 / runs
    return Figure(scenario, office.database, taken, READ, floors, cpu_ms=cpu_ms, more=more, kind=CHECKS)
