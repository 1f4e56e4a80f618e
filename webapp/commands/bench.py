"""The bench: how fast the desk is on this machine, as times and as ratios to a floor of the same run."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from webapp.bench import report
from webapp.bench.databases import POSTGRESQL, SQLITE, has_own_server
from webapp.bench.scenarios import FULL, NAMES, QUICK, Where
from webapp.commands.opening import print_json, tell
from webapp.settings import Settings


@click.command(help="测量本机上的办理速度（在临时数据库上进行，不影响现有数据）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--database", "url", metavar="URL", help="在此 PostgreSQL 服务器上新建临时数据库测量，用毕删除。")
@click.option("--only", type=click.Choice([SQLITE, POSTGRESQL]), help="只测一种数据库。")
@click.option("--scenario", "wanted", multiple=True, type=click.Choice(NAMES), help="只测所选场景，可重复。")
@click.option("-n", "runs", type=click.IntRange(3, 1000), help="每项测量次数（默认 30，--quick 为 5）。")
@click.option("--finished", type=click.IntRange(0, 5_000_000), help="列表场景中已办结任务的数量。")
@click.option("--quick", is_flag=True, help="少量数据，快速了解大概。")
@click.option("--write", "page", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="将结果写入文档。")
def bench(
    as_json: bool,
    url: str | None,
    only: str | None,
    wanted: tuple[str, ...],
    runs: int | None,
    finished: int | None,
    quick: bool,
    page: Path | None,
) -> None:
    """Every scenario on scratch databases: a file on the disk of the data folder, and PostgreSQL where there is one."""
    plan = QUICK if quick else FULL
    plan = replace(plan, runs=runs or plan.runs, finished=plan.finished if finished is None else finished)
    told = report.Told(tell)
    found = []
    home = Settings.from_environment().home
    with tempfile.TemporaryDirectory(dir=home, prefix="bench-") as folder:
        for figure in _where(url, only).run(Path(folder), plan, wanted or NAMES):
            found.append(figure)
            if not as_json:
                told.figure(figure)
    if page is not None:
        report.write(page, found)
    if as_json:
        print_json([each.as_json() for each in found])


def _where(url: str | None, only: str | None) -> Where:
    """SQLite always; PostgreSQL on the server that is named, else on one of our own where it is installed."""
    given = url or os.environ.get("DATABASE_URL") or ""
    server = given if given.startswith(("postgres://", "postgresql")) else None
    if url and server is None:
        raise click.BadParameter("应为 postgresql://…", param_hint="--database")
    if only == SQLITE:
        return Where(sqlite=True, server=None, own_server=False)
    if only == POSTGRESQL and server is None and not has_own_server():
        raise click.UsageError(
            "没有 PostgreSQL：请用 --database 指定服务器，或安装测试所需的软件包（make setup-test）。"
        )
    return Where(sqlite=only is None, server=server, own_server=has_own_server())
