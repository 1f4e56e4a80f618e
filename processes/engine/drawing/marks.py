"""Where a case, or many cases, stand on a diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "current", "late", "cancelled", "coming", "measured", "added", "removed", "changed", "moved"]
"""`measured`: many cases at once, told by `heat` and `label`; the last four: one version beside another."""
HEATS = 5


@dataclass(frozen=True)
class Mark:
    """The state of one element; `count` is shown as a badge, `note` is read with the element's name."""

    state: State
    count: int | None = None
    note: str = ""
    label: str = ""
    """Drawn at the lower edge of the element, e.g. «3.5 天»."""
    heat: int = 0
    """How deep the element is filled, 1 to `HEATS`; 0: not at all."""
