"""Diagrams between a file and the modeler in a browser: compared fact by fact, nothing lost on the way back."""

from processes.engine.modeling.facts import facts, lost_facts
from processes.engine.modeling.losses import Loss, losses, restore
from processes.engine.modeling.portable import Portable, Renamed, portable
from processes.engine.modeling.saving import Opened, VanishedElements, is_own, merged, opened

__all__ = [
    "Loss",
    "Opened",
    "Portable",
    "Renamed",
    "VanishedElements",
    "facts",
    "is_own",
    "losses",
    "lost_facts",
    "merged",
    "opened",
    "portable",
    "restore",
]
