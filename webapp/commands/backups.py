"""Backing an installation up while it runs, and putting it back on an empty machine."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import make_url

from processes import audit, clock
from processes.db import Database
from processes.errors import Conflict, Invalid
from processes.messages import message
from processes.migrations.running import current, need_newest
from webapp.commands.opening import Found, opened_desk, tell
from webapp.desk import open_desk
from webapp.locks import desk_lock
from webapp.settings import Settings

MANIFEST = "manifest.json"
DATABASE = "desk.db"
DATA = "data"
NOT_COPIED = (".lock", ".db", ".db-wal", ".db-shm", ".db-journal")
USE_PG_DUMP = "数据库在 PostgreSQL 上，请另用 pg_dump -Fc 备份（先备份数据库，后运行本命令）；此处只备份文件。"
USE_PG_RESTORE = "数据库在 PostgreSQL 上，请另用 pg_restore 恢复；此处只恢复文件。"


@click.command(help="备份到一个新文件夹：数据库、附件、密钥；可在运行中进行。")
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """The database first, then the files: every file that a row names is there before the row is."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(message("“%(path)s”已存在，请指定一个新的文件夹。", path=str(target)))
    with opened_desk(any_schema=True) as desk:  # an upgrade begins with a backup of what is older than this program
        if current(desk.db) is None:
            need_newest(desk.db)
        home = desk.settings.home
        if target.resolve().is_relative_to(home):
            raise Invalid(message("备份不能放在数据目录里。"))
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if desk.db.dialect == "sqlite":
            _copy_database(desk.db, target / DATABASE)
        else:
            tell(USE_PG_DUMP)
        for path in _own_files(home):
            copy = target / DATA / path.relative_to(home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        _write_manifest(target, desk.db)
    tell(f"已备份到 {target}。其中有密钥和个人信息，请妥善保管。")


def _copy_database(database: Database, target: Path) -> None:
    """A consistent copy, made without stopping anybody."""
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()


def _own_files(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.name.endswith(NOT_COPIED):
            yield path


def _write_manifest(target: Path, database: Database) -> None:
    files = [each for each in sorted(target.rglob("*")) if each.is_file()]
    content = {
        "format": 1,
        "program": version("chief-planner"),
        "made_at": clock.now().isoformat(),
        "database": database.dialect,
        "revision": current(database),
        "files": {
            each.relative_to(target).as_posix(): {"size": each.stat().st_size, "sha256": _sha256(each)}
            for each in files
        },
    }
    (target / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@click.command(help="从备份恢复到空的数据目录（CHIEF_PLANNER_HOME）。")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """The backup is verified before anything is written, and the audit trail after."""
    manifest = _verified(source)
    settings = Settings.from_environment()
    place = _database_path(settings)
    if place is not None and place.exists():
        raise Conflict(message("“%(path)s”已存在，恢复不会覆盖它；请先移走或另设数据目录。", path=str(place)))
    if place is not None and manifest["database"] != "sqlite":
        raise Conflict(message("备份中没有 SQLite 数据库，请设置 DATABASE_URL 后恢复。"))
    lock = desk_lock(settings)
    try:
        _put_back(source, manifest, settings, place)
    finally:
        lock.leave()
    _check_restored()


def _database_path(settings: Settings) -> Path | None:
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _verified(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"].items()
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as cause:
        raise Invalid(message("“%(path)s”不是备份：没有可读的清单。", path=str(source))) from cause
    for name, facts in files:
        path = (source / name).resolve()
        if not path.is_relative_to(source.resolve()) or not path.is_file() or _sha256(path) != facts["sha256"]:
            raise Invalid(message("备份不完整或已被改动：%(name)s", name=name))
    return manifest


def _put_back(source: Path, manifest: dict[str, Any], settings: Settings, place: Path | None) -> None:
    for name in manifest["files"]:
        if name.startswith(f"{DATA}/"):
            target = settings.home / name.removeprefix(f"{DATA}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target)
    if place is None:
        tell(USE_PG_RESTORE)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / DATABASE, place)


def _check_restored() -> None:
    desk = open_desk(Settings.from_environment())  # with the secret that has come back
    try:
        if desk.db.dialect != "sqlite":
            return
        with desk.db.reading() as session:
            sound = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            intact = audit.verify(session, desk.settings.audit_key).intact
    finally:
        desk.db.close()
    if not sound or not intact:
        tell("已恢复，但数据库或审计日志与备份前不符，请勿使用。")
        raise Found
    tell("已恢复，数据库完整，审计日志相符。若备份来自旧版程序，请运行 chief-planner init 升级。")
