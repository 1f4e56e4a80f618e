"""How a task that is attached to another is named, since the engine knows only the other."""

from __future__ import annotations

from processes.engine.models import WorkItem

SEPARATOR = "/"
"""Between the engine's id of the held task and the number of what is attached to it."""


def engine_task(item: WorkItem) -> str:
    """The id under which the engine knows a task, or the task that waits for it."""
    return item.task_id.split(SEPARATOR)[0]
