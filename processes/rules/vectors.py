"""Rule vectors: examples as data, each naming a rule, its input and the whole answer expected; this runs them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.rules import vector_days, vector_people
from processes.rules.vector_days import Answer, Rule
from processes.rules.vector_inputs import VectorError, VectorInput
from processes.rules.workdays import PLAIN_WEEKENDS, WorkCalendar

ANSWERS: Mapping[str, Rule] = {**vector_people.ANSWERS, **vector_days.ANSWERS}
"""Every rule by the name the vectors use."""


@dataclass(frozen=True)
class Report:
    """How many vectors passed and failed, and each failure with its id, the answer expected and the answer got."""

    passed: int = 0
    failed: int = 0
    failures: list[Answer] = field(default_factory=list)

    def as_json(self) -> Answer:
        return {"passed": self.passed, "failed": self.failed, "failures": self.failures}


def run_vectors(document: Mapping[str, Any], calendar: WorkCalendar = PLAIN_WEEKENDS) -> Report:
    """Run every vector of a document; a vector that cannot be read is a failure like any other.

    A vector lists the days off that matter to it, so `calendar` stands in only where it lists none: plain weekends,
    because an example must give the same answer whichever year's holidays are installed. `VectorError` if the
    document has no list of vectors.
    """
    vectors = document.get("vectors") if isinstance(document, Mapping) else None
    if not isinstance(vectors, list):
        raise VectorError("the document has no list «vectors»")
    defaults = document.get("defaults") or {}
    failures = []
    for number, vector in enumerate(vectors, start=1):
        entry = vector if isinstance(vector, Mapping) else {}
        got = answer(entry, defaults, calendar)
        if _canonical(got) != _canonical(entry.get("expected")):
            failures.append({"id": entry.get("id", f"#{number}"), "expected": entry.get("expected"), "got": got})
    return Report(len(vectors) - len(failures), len(failures), failures)


def answer(vector: Mapping[str, Any], defaults: object, calendar: WorkCalendar = PLAIN_WEEKENDS) -> Answer:
    """What the desk's rule answers to a vector; `{"error": …}` if the vector cannot be read or the rule refuses it."""
    rule = ANSWERS.get(str(vector.get("rule")))
    if rule is None:
        return {"error": f"unknown rule {vector.get('rule')!r}"}
    try:
        return rule(VectorInput(vector.get("input")), VectorInput(defaults), calendar)
    except Exception as error:  # a vector is foreign data: whatever it provokes is its own failure, not the run's
        return {"error": f"{type(error).__name__}: {error}"}


def _canonical(answer: object) -> str:
    """Text of an answer in which `true` and 1 differ, as they do in JSON."""
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, default=str)
