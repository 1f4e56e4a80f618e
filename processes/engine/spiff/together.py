"""Those who do one task together, while it is open: who they are, more of them, and fewer (并加签、减签)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from processes.engine.spiff.instances import MultiInstance
from processes.engine.spiff.repeated import Key
from processes.engine.spiff.run import Run
from processes.engine.spiff.tasks import CaseTask
from processes.errors import Conflict
from processes.messages import message


@dataclass(frozen=True)
class Together:
    """The instances of one open activity."""

    in_turn: bool
    keyed: bool
    """Whether each has a key of its own, not only a place in a list."""
    here: Mapping[str, Key]
    """Keys of those that have begun, by task id; without those that were taken back."""
    ahead: Mapping[Key, Any]
    """Those whose turn has not come, in order, each with whom or what it is for."""

    def keys_for(self, values: Iterable[str]) -> dict[Key, Any]:
        """The keys under which more of them are kept."""
        if self.keyed:
            return {value: value for value in values}
        taken = [int(key) for key in (*self.here.values(), *self.ahead)]
        return dict(enumerate(values, max(taken, default=-1) + 1))


def together(run: Run, task_id: str) -> Together | None:
    """With whom an open task is done; None where one person does it alone."""
    child = _one_of_several(run, task_id)
    if child is None:
        return None
    whole, spec = child.parent, child.parent.task_spec
    here = {each.id: each.internal_data["key"] for each in spec.instances(whole) if not each.is_undone}
    return Together(spec.sequential, bool(whole.internal_data["keyed"]), here, spec.ahead(whole))


def take_in(run: Run, task_id: str, items: Mapping[Key, Any], *, is_next: bool) -> None:
    """Let others do an open task together with those who do it already; does not advance."""
    whole = _needed(run, task_id).parent
    whole.task_spec.take_in(whole, items, is_next=is_next)


def leave_out(run: Run, task_id: str, key: Key) -> None:
    """Take out one whose turn has not come; the rule is judged again, does not advance."""
    whole = _needed(run, task_id).parent
    if key not in whole.internal_data.get("ahead", ()):
        raise Conflict(message("此人已轮到签署，或已不在依次签之列。"))
    whole.task_spec.leave_out(whole, key)


def _one_of_several(run: Run, task_id: str) -> CaseTask | None:
    task = run.case.sleepers.find(task_id)
    if task is None or not task.is_instance or not isinstance(task.parent.task_spec, MultiInstance):
        return None
    return task


def _needed(run: Run, task_id: str) -> CaseTask:
    child = _one_of_several(run, task_id)
    if child is None or child.finished or child.parent.finished:
        raise Conflict(message("该任务不是多人办理的任务，或已办结。"))
    return child
