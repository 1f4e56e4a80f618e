"""Where a case, or many cases, stand on a diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "current", "late", "cancelled", "coming"]


@dataclass(frozen=True)
class Mark:
    """The state of one element; `count` is shown as a badge, `note` is read with the element's name."""

    state: State
    count: int | None = None
    note: str = ""
