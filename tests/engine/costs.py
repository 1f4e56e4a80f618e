"""What an act costs the database: its statements and commits, and the bytes that it writes."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import event

from processes.db import Database
from tests.engine.spiff.drawn import chain, multi, node
from tests.engine.test_work import diagram, lane, properties

MOST_STATEMENTS = 15
LETTER = diagram(
    '<startEvent id="s"/>'
    + node(
        "userTask", "reply", properties(form="reply", due="10wd") + multi("units", "unit", "replies", "opinion"),
        name="复函",
    )
    + node("userTask", "sum_up", properties(form="reply", due="10wd", remind="-3wd,0wd"), name="汇总")
    + '<endEvent id="e" name="办结"/>'
    + chain("s", "reply", "sum_up", "e"),
    lane("city", "reply", "sum_up", role="city_bureau.clerk"),
    title="征求意见",
)  # fmt: skip
"""As many tasks at once as there are units, and one more behind them."""
TWO_TASKS = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "one", properties(form="reply"), name="一")
    + node("userTask", "two", properties(form="reply", due="10wd", remind="-3wd,0wd"), name="二")
    + '<endEvent id="e"/>'
    + chain("s", "one", "two", "e"),
    lane("city", "one", "two", role="city_bureau.clerk"),
)
REPLY = json.dumps(
    {
        "key": "reply",
        "title": {"zh": "复函", "en": "Reply"},
        "fields": [
            {"key": "opinion", "type": "choice", "label": {"zh": "意见", "en": "Opinion"}, "required": True,
             "options": ["同意", "不同意"]},
            {"key": "advice", "type": "textarea", "label": {"zh": "理由", "en": "Reasons"}},
        ],
    }
).encode()  # fmt: skip


def units(count: int) -> dict[str, str]:
    return {f"unit-{place:03}": f"unit-{place:03}" for place in range(count)}


class Cost:
    """Counts what is sent to a database while the block runs."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._heard = (("before_cursor_execute", self._sent), ("commit", self._committed))
        self.statements: list[str] = []
        self.commits = 0
        self.bytes = 0

    def __enter__(self) -> Cost:
        for name, hear in self._heard:
            event.listen(self._engine, name, hear)
        return self

    def __exit__(self, *failure: object) -> None:
        for name, hear in self._heard:
            event.remove(self._engine, name, hear)

    def _sent(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        self.statements.append(re.sub(r"\s+", " ", statement))
        if not statement.lstrip().startswith("SELECT"):
            self.bytes += _size(parameters)

    def _committed(self, connection: Any) -> None:
        self.commits += 1


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return _size(list(value.values()))
    if isinstance(value, (list, tuple)):
        return sum(_size(each) for each in value)
    return len(value) if isinstance(value, (bytes, str)) else 8
