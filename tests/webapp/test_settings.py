from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from processes.db import Pool
from processes.errors import Invalid
from webapp.desk import open_desk
from webapp.settings import Settings


def test_an_installation_needs_no_settings_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert settings.home == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/desk.db"
    assert not settings.https
    assert not settings.demonstration


def test_the_secret_is_made_once_and_is_the_owner_s_alone(tmp_path):
    given = {"CHIEF_PLANNER_HOME": str(tmp_path / "new" / "home")}
    first, second = Settings.from_environment(given), Settings.from_environment(given)
    assert len(first.secret) >= 64
    assert first.secret == second.secret
    assert stat.S_IMODE((first.home / "secret").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path):
    homes = [Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path / name)}) for name in "ab"]
    assert len({each.secret for each in homes}) == len({each.audit_key for each in homes}) == 2


def test_a_given_secret_is_not_written_down(tmp_path):
    settings = Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path), "CHIEF_PLANNER_SECRET": "given"})
    assert settings.secret == "given"
    assert not (tmp_path / "secret").exists()


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_the_demonstration_is_switched_on_by_a_word(tmp_path, value, expected):
    given = {"CHIEF_PLANNER_HOME": str(tmp_path), "CHIEF_PLANNER_DEMONSTRATION": value}
    assert Settings.from_environment(given).demonstration is expected


def test_a_mark_in_the_data_folder_makes_it_a_demonstration(tmp_path):
    (tmp_path / "demonstration").touch()
    assert Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path)}).demonstration


def test_settings_do_not_show_their_secrets(tmp_path):
    settings = Settings(home=tmp_path, database_url="postgresql://u:hidden@db/x", secret="hidden")
    assert "hidden" not in repr(settings)


def read(tmp_path, **given):
    return Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path), **given})


def test_nobody_is_believed_about_addresses_unless_there_is_a_proxy(tmp_path):
    assert read(tmp_path).proxies == ()
    assert [str(each) for each in read(tmp_path, CHIEF_PLANNER_HTTPS="1").proxies] == ["127.0.0.1/32", "::1/128"]
    named = read(tmp_path, CHIEF_PLANNER_PROXIES="10.1.2.3, fd00::/8").proxies
    assert [str(each) for each in named] == ["10.1.2.3/32", "fd00::/8"]


def test_the_size_of_the_pool_is_a_setting(tmp_path):
    given = {"CHIEF_PLANNER_POOL": "3", "CHIEF_PLANNER_POOL_EXTRA": "0", "CHIEF_PLANNER_POOL_WAIT": "2"}
    settings = read(tmp_path, DATABASE_URL="postgresql://nobody@nowhere/none", **given)
    assert settings.pool == Pool(kept=3, extra=0, wait=2)
    desk = open_desk(settings)
    assert (desk.db.engine.pool.size(), desk.db.engine.pool._max_overflow, desk.db.engine.pool._timeout) == (3, 0, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHIEF_PLANNER_POOL", "0"),
        ("CHIEF_PLANNER_POOL", "ten"),
        ("CHIEF_PLANNER_POOL_EXTRA", "-1"),
        ("CHIEF_PLANNER_POOL_WAIT", "61"),
        ("CHIEF_PLANNER_THREADS", "１"),
        ("CHIEF_PLANNER_LOG", "xml"),
        ("CHIEF_PLANNER_PROXIES", "proxy.example"),
        ("CHIEF_PLANNER_PROXIES", "10.0.0.1/8"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, name, value):
    with pytest.raises(Invalid, match=name):
        read(tmp_path, **{name: value})


ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = re.compile(r'"((?:CHIEF_PLANNER|DATABASE|PROMETHEUS)_[A-Z_]+)"')


def test_every_setting_is_in_the_operator_s_table():
    read_by = {name for path in (ROOT / "webapp").rglob("*.py") for name in NAMES.findall(path.read_text("utf-8"))}
    assert {"CHIEF_PLANNER_HOME", "DATABASE_URL", "CHIEF_PLANNER_LOG"} <= read_by
    table = (ROOT / "docs" / "operating" / "README.md").read_text("utf-8")
    assert [name for name in sorted(read_by) if f"| `{name}` |" not in table] == []


def test_the_example_of_a_settings_file_is_one(tmp_path):
    example = (ROOT / "deploy" / "chief-planner.env.example").read_text("utf-8")
    lines = [line.removeprefix("#") for line in example.splitlines() if re.match(r"#?[A-Z_]+=", line)]
    given = {**dict(line.split("=", 1) for line in lines), "CHIEF_PLANNER_HOME": str(tmp_path)}
    settings = Settings.from_environment(given)
    assert (settings.log, settings.https, settings.background) == ("json", True, False)
    assert settings.database_url.startswith("postgresql://")
