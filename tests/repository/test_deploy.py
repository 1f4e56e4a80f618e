"""The files for operators say what the program does; they are not run here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from processes.files import LARGEST_FILE
from webapp.commands.program import program
from webapp.limits import LARGEST_REQUEST, MEGABYTE

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
COMMAND = re.compile(r"chief-planner[\"']?,? +[\"']?([a-z]+)")
METRIC = re.compile(r"\b(chief_planner_[a-z_]+?)(?:_bucket|_total)?\b(?=[{\[)\s])")
MADE = re.compile(r'"(chief_planner_[a-z_]+)"')
PREFIXED = re.compile(r'_(?:single|labelled)\(\s*"([a-z_]+)"')


def commands(path: Path) -> set[str]:
    """The commands of `chief-planner` that the lines of a file run."""
    lines = path.read_text("utf-8").splitlines()
    run = [line for line in lines if line.startswith("ExecStart") or re.match(r"\s*(CMD|command:)", line)]
    return {found for line in run for found in COMMAND.findall(line)}


@pytest.mark.parametrize("path", [*UNITS, *sorted(DEPLOY.glob("container/*"))], ids=lambda path: path.name)
def test_what_is_run_is_a_command(path):
    found = commands(path)
    assert found
    assert found <= set(program.commands)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_may_write_into_its_data_alone_and_never_more_than_a_user(unit):
    lines = unit.read_text("utf-8").splitlines()
    for needed in ("User=chief-planner", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="):
        assert needed in lines
    assert {line for line in lines if line.startswith("ReadWritePaths")} <= {
        "ReadWritePaths=/var/backups/chief-planner"
    }


def test_nginx_lets_pass_what_the_desk_itself_takes_or_refuses():
    site = (DEPLOY / "nginx" / "chief-planner.conf").read_text("utf-8")
    limit = int(re.search(r"client_max_body_size (\d+)m;", site)[1]) * MEGABYTE
    assert LARGEST_FILE < LARGEST_REQUEST < limit <= LARGEST_REQUEST + 8 * MEGABYTE
    for header in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", 'X-Forwarded-Host ""', "Host $host"):
        assert f"proxy_set_header {header};" in site


def test_every_alarm_and_every_line_of_the_table_is_about_a_metric_that_there_is():
    made = set(MADE.findall((ROOT / "webapp" / "metrics.py").read_text("utf-8")))
    made |= {f"chief_planner_{name}" for name in PREFIXED.findall((ROOT / "webapp" / "figures.py").read_text("utf-8"))}
    assert len(made) > 12
    asked = set(METRIC.findall((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8")))
    assert len(asked) > 8
    assert asked <= made
    table = (ROOT / "docs" / "operating" / "README.md").read_text("utf-8")
    assert [name for name in sorted(made) if name.removeprefix("chief_planner") not in table] == []
