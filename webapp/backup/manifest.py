"""The list of a backup: every file with its SHA-256, the moment it shows, and the anchor of the audit trail."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from processes.errors import Invalid
from processes.messages import Message, message

FORMAT = 2
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "desk.db", "postgresql": "desk.dump"}
"""The file that holds the database, by the kind of database."""
DATA = "data"
"""The folder in a backup that holds the data folder of the installation."""
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Anchor:
    """The newest entry of the audit trail at a moment: whoever keeps it sees later that the end was cut off."""

    seq: int
    mac: str


@dataclass
class Manifest:
    """What a backup holds."""

    program: str
    made_at: str
    database: str
    """`sqlite` or `postgresql`."""
    revision: str | None
    """The schema of the database."""
    audit: Anchor | None = None
    key: str = ""
    """A mark of the key that seals the audit trail, which tells a wrong secret from a changed trail."""
    stored_files: int = 0
    damaged: list[str] = field(default_factory=list)
    """Stored files that were missing or changed when the backup was made."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Size and SHA-256 by path."""
    format: int = FORMAT

    def add(self, path: str, size: int, sha256: str) -> None:
        """One more file."""
        self.files[path] = {"size": size, "sha256": sha256}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the list into a backup whose files are on the disk; with it the backup is whole."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    with (folder / MANIFEST).open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """The list of a backup, `Invalid` where there is none that this program understands."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = {name: content[name] for name in Manifest.__dataclass_fields__ if name in content}
        anchor = known.pop("audit", None)
        manifest = Manifest(**known, audit=Anchor(**anchor) if anchor else None)
        for path, facts in manifest.files.items():
            if not _is_inside(folder, path) or {*facts} != {"size", "sha256"}:
                raise ValueError(path)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as cause:
        raise Invalid(message("“%(path)s”不是备份：没有可读的清单。", path=str(folder))) from cause
    if manifest.format > FORMAT:
        raise Invalid(message("备份由更新版本的程序建立，请升级程序后再使用。"))
    return manifest


def differences(folder: Path, manifest: Manifest) -> Iterator[Message]:
    """Read a backup from end to end; what is missing or not what the list says."""
    for name, facts in manifest.files.items():
        path = folder / name
        if not path.is_file() or file_hash(path) != (facts["size"], facts["sha256"]):
            yield message("备份不完整或已被改动：%(name)s", name=name)
    if DATABASES.get(manifest.database) not in manifest.files:
        yield message("备份中没有数据库。")


def need_whole(folder: Path, manifest: Manifest) -> None:
    """Raise `Invalid` at the first difference."""
    for text in differences(folder, manifest):
        raise Invalid(text)


def file_hash(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def copied(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file to the disk; size and SHA-256 of what was copied."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with source.open("rb") as file, target.open("xb") as copy:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    target.chmod(source.stat().st_mode & 0o700)
    return size, digest.hexdigest()


def settle(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_inside(folder: Path, path: str) -> bool:
    return bool(path) and (folder / path).resolve().is_relative_to(folder.resolve())
