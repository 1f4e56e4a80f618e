"""Collects what is wrong with a submission, field by field."""

from __future__ import annotations

from processes.errors import Invalid
from processes.messages import Message, message


class Problems:
    """What a check has found; the first problem of a field is the one that is told."""

    def __init__(self) -> None:
        self.fields: dict[str, Message] = {}

    def add(self, field: str, text: Message) -> None:
        """Note a problem of a field, or of a cell as `table.row.column`."""
        self.fields.setdefault(field, text)

    def refuse(self) -> None:
        """Raise `Invalid` if there is any problem."""
        if self.fields:
            raise Invalid(message("有 %(count)s 处需要更正", count=len(self.fields)), self.fields)
