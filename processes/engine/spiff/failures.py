"""What can go wrong while a case runs, told with the element where it happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from processes.errors import DeskError
from processes.messages import message


class StepFailed(DeskError):
    """A step of a case could not be carried out; the run it happened in must be thrown away, never saved."""

    status = 500
    code = "step-failed"

    def __init__(self, element_id: str, cause: Exception, name: str = "") -> None:
        super().__init__(message("环节“%(name)s”未能执行：%(reason)s", name=name or element_id, reason=_told(cause)))
        self.element_id = element_id
        self.cause = cause


class Unsound(DeskError):
    """The diagram asks for something that cannot be done with the values this case holds."""

    status = 500
    code = "unsound"


class ErrorRaised(Exception):
    """Raised by an operation to throw a BPMN error, which an error boundary event of its scope may catch."""

    def __init__(self, error_code: str, text: str = "") -> None:
        super().__init__(text or error_code)
        self.error_code = error_code


def _told(cause: Exception) -> object:
    """The reason as people may read it; the text of any other error may hold what somebody typed."""
    if isinstance(cause, DeskError):
        return cause.text
    if isinstance(cause, ErrorRaised):
        return cause
    return message("程序内部故障（%(kind)s）", kind=type(cause).__name__)


@contextmanager
def blamed_on(element_id: str, name: str) -> Iterator[None]:
    """Tell any failure inside the block with the element it belongs to; an inner element keeps the blame."""
    try:
        yield
    except StepFailed:
        raise
    except Exception as cause:
        raise StepFailed(element_id, cause, name) from cause
