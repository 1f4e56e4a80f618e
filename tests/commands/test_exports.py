from __future__ import annotations

import json
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from processes.engine.models import Case
from tests.commands import installations


@pytest.fixture
def number(installed, home):
    with installations.desk_of(home, f"sqlite:///{home / 'desk.db'}") as desk:
        installations.begin(desk, 2)
        with desk.db.reading() as session:
            return session.scalars(select(Case.number)).one()


def test_a_case_is_exported_by_its_number(run, number, tmp_path):
    target = tmp_path / "case.zip"
    ended = run("export", number, target)
    assert (ended.status, "案件 1 件" in ended.out) == (0, True)
    assert target.stat().st_mode & 0o077 == 0, "for its owner alone"
    with ZipFile(target) as package:
        assert json.loads(package.read(f"{number}/case.json"))["case"]["number"] == number


def test_nothing_is_written_over_and_nothing_half_made_stays(run, number, tmp_path):
    target = tmp_path / "case.zip"
    assert run("export", "没有-2026-0001", target).status == 1
    assert not target.exists()
    target.write_text("mine", encoding="utf-8")
    assert run("export", number, target).status == 1
    assert target.read_text(encoding="utf-8") == "mine"
