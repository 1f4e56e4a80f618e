from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from webapp.commands import main


@dataclass
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("CHIEF_PLANNER_SECRET", raising=False)
    return folder


@pytest.fixture
def run(home: Path, capfd: pytest.CaptureFixture[str]):
    """Run `chief-planner` as a shell would."""

    def do(*arguments: str | Path) -> Ended:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return do


@pytest.fixture
def installed(run):
    """An installation with an administrator."""
    ended = run("init", "--admin", "root1")
    assert ended.status == 0, ended.err
    return ended
