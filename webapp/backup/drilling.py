"""The drill: a backup is put back in a temporary place, checked as a whole, and taken away again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from processes.consistency.problems import Report
from webapp.backup import postgresql
from webapp.backup.making import make_backup
from webapp.backup.manifest import Manifest
from webapp.backup.restoring import Place, put_back
from webapp.backup.soundness import check_restored
from webapp.desk import Desk, open_desk
from webapp.settings import Settings


@dataclass(frozen=True)
class Drilled:
    """What a drill has found."""

    manifest: Manifest
    report: Report

    @property
    def sound(self) -> bool:
        """Whether the installation could be used if this were no drill."""
        return self.report.sound and not self.manifest.damaged


def drill(desk: Desk, backup: Path | None, database_url: str | None, place: Path | None) -> Drilled:
    """Restore a backup, or one made now, beside the running desk; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="chief-planner-drill-", dir=place) as folder:
        source = backup
        if source is None:
            source = Path(folder, "backup")
            make_backup(desk, source)
        with _database(desk, Path(folder, "home"), database_url) as target:
            manifest = put_back(source, target)
            return Drilled(manifest, _checked(target, desk.settings, manifest))


@contextmanager
def _database(desk: Desk, home: Path, database_url: str | None) -> Iterator[Place]:
    if desk.db.dialect == "sqlite":
        yield Place(home, f"sqlite:///{home / 'desk.db'}")
        return
    given = nullcontext(database_url) if database_url else postgresql.temporary_database(desk.db.url)
    with given as url:
        yield Place(home, url)


def _checked(place: Place, running: Settings, manifest: Manifest) -> Report:
    """With the secret of the backup, or where it is kept elsewhere, that of the running desk."""
    own = (place.home / "secret").is_file()
    secret = (place.home / "secret").read_text("ascii").strip() if own else running.secret
    restored = open_desk(Settings(home=place.home, database_url=place.database_url, secret=secret))
    try:
        return check_restored(restored, manifest)
    finally:
        restored.db.close()
