"""A folder of backups, one a night: the newest are kept, unchanged files are shared between them."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC
from pathlib import Path

from processes import clock
from processes.errors import Invalid
from webapp.backup.making import UNFINISHED, make_backup
from webapp.backup.manifest import Manifest, read_manifest
from webapp.desk import Desk

LATEST = "latest"
NAMED = re.compile(r"\d{8}T\d{6}Z")
ABANDONED = 24 * 3600
"""Seconds after which an unfinished backup is one that was cut short."""


def keep_backup(desk: Desk, folder: Path, keep: int) -> tuple[Path, Manifest, list[Path]]:
    """One more backup in a folder; the oldest beyond `keep` are removed, unless this one has found damage."""
    earlier = whole_backups(folder)
    target = folder / clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    manifest = make_backup(desk, target, before=earlier[-1] if earlier else None)
    _point(folder / LATEST, target.name)
    removed = [] if manifest.damaged else _prune(folder, keep)
    return target, manifest, removed


def whole_backups(folder: Path) -> list[Path]:
    """The whole backups of a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if NAMED.fullmatch(each.name) and _is_whole(each))


def _is_whole(folder: Path) -> bool:
    try:
        read_manifest(folder)
    except Invalid:
        return False
    return True


def _point(link: Path, name: str) -> None:
    """Let `latest` mean the newest backup, in one step."""
    fresh = link.with_name(f".{link.name}.{name}")
    fresh.symlink_to(name)
    fresh.replace(link)


def _prune(folder: Path, keep: int) -> list[Path]:
    removed = whole_backups(folder)[:-keep]
    for each in removed:
        shutil.rmtree(each)
    for each in folder.glob(f"{UNFINISHED}*"):
        if time.time() - each.stat().st_mtime > ABANDONED:  # the file system's own clock
            shutil.rmtree(each)
    return removed
