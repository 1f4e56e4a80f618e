"""What one package changes in another: every change of substance in words, and what is only drawn elsewhere."""

from processes.engine.comparing.model import Change, Comparison, Fact, Kind, Words, in_language
from processes.engine.comparing.packages import compare

__all__ = ["Change", "Comparison", "Fact", "Kind", "Words", "compare", "in_language"]
