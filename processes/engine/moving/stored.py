"""Sentences and findings as JSON, so that they can be told later in the reader's language."""

from __future__ import annotations

from typing import Any

from processes.engine.comparing import Words
from processes.engine.spiff import Finding
from processes.forms.wording import Wording
from processes.messages import Message


def as_data(words: Words) -> Any:
    """Words as plain JSON."""
    if isinstance(words, Wording):
        return {"zh": words.zh, "en": words.en}
    if isinstance(words, Message):
        return {"msgid": words.msgid, "params": {name: as_data(value) for name, value in words.params.items()}}
    return words


def from_data(data: Any) -> Words:
    """The words that were stored."""
    if isinstance(data, dict) and "msgid" in data:
        return Message(data["msgid"], {name: from_data(value) for name, value in data.get("params", {}).items()})
    if isinstance(data, dict) and "zh" in data:
        return Wording(data["zh"], data.get("en", ""))
    return data if isinstance(data, str) else str(data)


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain JSON."""
    return {"element": finding.element_id, "step": finding.step, "text": as_data(finding.text)}
