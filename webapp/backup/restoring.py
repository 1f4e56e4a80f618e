"""Putting a backup back: into an empty place only, after its list was checked and before anybody works with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from processes.errors import Conflict
from processes.messages import message
from processes.migrations.running import FOLDER, OldSchema
from webapp.backup import postgresql
from webapp.backup.manifest import DATA, DATABASES, Manifest, copied, need_whole, read_manifest, settle
from webapp.locks import desk_lock
from webapp.settings import Settings

HARMLESS = ("secret", "desk.lock", "worker.lock")
"""What a data folder holds as soon as any command has looked at it; it has sealed nothing yet."""


@dataclass(frozen=True)
class Place:
    """Where an installation is to stand."""

    home: Path
    database_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Place:
        """The place that the settings name; nothing is made yet."""
        given = os.environ if environment is None else environment
        home = Path(given.get("CHIEF_PLANNER_HOME") or "var").resolve()
        return cls(home, given.get("DATABASE_URL") or f"sqlite:///{home / 'desk.db'}")

    @property
    def file(self) -> Path | None:
        """The database file, None on PostgreSQL."""
        url = make_url(self.database_url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.file is not None else "postgresql"

    def settings(self) -> Settings:
        """The settings of the installation, with the secret that has come back."""
        given = {**os.environ, "CHIEF_PLANNER_HOME": str(self.home), "DATABASE_URL": self.database_url}
        return Settings.from_environment(given)


def put_back(source: Path, place: Place) -> Manifest:
    """Check a backup and write it to an empty place, the database last."""
    manifest = read_manifest(source)
    _need_known(manifest)
    _need_empty(place, manifest)
    need_whole(source, manifest)
    place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place.home / "secret").unlink(missing_ok=True)
    for name in manifest.files:
        if name.startswith(f"{DATA}/"):
            copied(source / name, place.home / name.removeprefix(f"{DATA}/"))
    lock = desk_lock(place.settings())
    try:
        _load_database(source / DATABASES[manifest.database], place)
    finally:
        lock.leave()
    return manifest


def _load_database(source: Path, place: Place) -> None:
    if place.file is None:
        postgresql.load(place.database_url, source)
        return
    place.file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.file.with_name(place.file.name + ".restoring")
    unfinished.unlink(missing_ok=True)
    copied(source, unfinished)
    unfinished.rename(place.file)
    settle(place.file.parent)


def _need_known(manifest: Manifest) -> None:
    """Raise unless this program knows the schema of a backup."""
    script = ScriptDirectory(str(FOLDER))
    if manifest.revision not in {each.revision for each in script.walk_revisions()}:
        raise OldSchema(message("备份由更新版本的程序建立，请升级程序后再使用。"))


def _need_empty(place: Place, manifest: Manifest) -> None:
    """Raise `Conflict` when anything would be written over, or when the kinds of database differ."""
    taken = [each for each in _entries(place.home) if each.name not in HARMLESS]
    if place.file is not None and place.file.exists():
        taken.insert(0, place.file)
    if taken:
        text = message("“%(path)s”已存在，恢复不会覆盖它；请先移走或另设数据目录。", path=str(taken[0]))
        raise Conflict(text)
    if place.database != manifest.database:
        known = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Conflict(
            message("备份来自 %(kind)s，请把 DATABASE_URL 设为同类数据库后恢复。", kind=known[manifest.database])
        )
    if place.file is None and not postgresql.is_empty(place.database_url):
        raise Conflict(message("数据库不是空的，恢复不会覆盖它；请在 DATABASE_URL 中指定一个空数据库。"))


def _entries(home: Path) -> list[Path]:
    return sorted(home.iterdir()) if home.is_dir() else []
