"""征求市人力社保局意见: asked in every important matter, answered in time (第十条)."""

from __future__ import annotations

from typing import Any

from processes.engine.task_forms import TaskForm
from webapp.demo.player import Answers
from webapp.demo.year.office import Office, Task

KEY = "hr_consultation"
DRAFTED = ("matter", "reply_wd", "subject", "matter_text")


def prepare(office: Office) -> None:
    """The HR bureau studies what it is asked and agrees; its leader signs."""
    office.habit(KEY, "draft_matter", _as_put)
    office.habit(KEY, "sign_request", {"decision": "签发"})
    office.habit(KEY, "study", {"opinion": "同意"}, 2)
    office.habit(KEY, "sign_reply", {"decision": "签发"})
    office.habit(KEY, "follow_up", {"handling": "采纳", "follow_up": "已按市人力社保局意见办理。"})


def _as_put(task: Task) -> Answers:
    """The clerk takes over what the other procedure has put down."""

    def answer(form: TaskForm) -> dict[str, Any]:
        return {key: form.values[key] for key in DRAFTED if form.values.get(key)}

    return answer
