"""A step that failed, told with the case it happened in, so that an incident can be recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from processes.engine.spiff import StepFailed
from processes.errors import DeskError


class CaseFailed(DeskError):
    """A step of a case failed; everything was rolled back, and the reason is kept as an incident."""

    status = 503
    code = "step-failed"

    def __init__(self, case_id: UUID, failure: StepFailed) -> None:
        super().__init__(failure.text)
        self.case_id = case_id
        self.element_id = failure.element_id
        self.cause = failure.cause


@contextmanager
def of_case(case_id: UUID) -> Iterator[None]:
    """Name the case in whatever step fails inside the block."""
    try:
        yield
    except StepFailed as failure:
        raise CaseFailed(case_id, failure) from failure
