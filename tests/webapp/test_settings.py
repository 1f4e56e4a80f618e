from __future__ import annotations

import stat

import pytest

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
