"""监督: where every case stands, what takes long, what will end when; for those who may see all cases."""

from __future__ import annotations

from processes.identity.posts import SEES_ALL_CASES

OVERSEERS = tuple(sorted(SEES_ALL_CASES))
"""Posts that see the figures over all cases."""
