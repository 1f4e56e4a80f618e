"""Why one value cannot be accepted, on its way to the answer of the whole form."""

from __future__ import annotations

from processes.messages import Message


class Refused(Exception):
    """A value that cannot be accepted; `text` says why."""

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.text = text
