"""A package that was sent for a draft: what it would add, change and take away, shown before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FileChange:
    """One file that is not the same in the package as in the draft."""

    path: str
    kind: str
    """`added`, `changed` or `missing`: in the draft and not in the package."""
    size_before: int
    size_after: int


def file_changes(now: Mapping[str, bytes], sent: Mapping[str, bytes]) -> list[FileChange]:
    """How a package differs from the files of a draft, file by file."""
    found = []
    for path in sorted({*now, *sent}):
        if path not in now:
            found.append(FileChange(path, "added", 0, len(sent[path])))
        elif path not in sent:
            found.append(FileChange(path, "missing", len(now[path]), 0))
        elif now[path] != sent[path]:
            found.append(FileChange(path, "changed", len(now[path]), len(sent[path])))
    return found


def changes_of(now: Mapping[str, bytes], sent: Mapping[str, bytes], *, keep: bool) -> dict[str, bytes | None]:
    """What must be saved so that the draft holds the package; with `keep` nothing is taken away."""
    changes: dict[str, bytes | None] = {path: sent[path] for path in sent if now.get(path) != sent[path]}
    return changes if keep else changes | {path: None for path in now if path not in sent}
