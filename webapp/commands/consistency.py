"""Checking a whole database: that nothing is half done, lost, doubled or changed."""

from __future__ import annotations

import click

from processes.consistency.problems import Report
from processes.consistency.snapshot import snapshot
from processes.consistency.whole import check_whole
from webapp.commands.opening import Found, opened_desk, print_json, tell

SEVERITIES = {"error": "错误", "warning": "提示"}
COUNTED = {
    "cases": "案件",
    "work_items": "任务",
    "submissions": "提交记录",
    "files": "文件",
    "audit_entries": "审计记录",
}


@click.command(help="核对整个数据库：案件、任务、提交、历史、文件、审计是否一致；只读，可在运行中进行。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--ended", is_flag=True, help="已结束的案件也逐件读取流程状态（较慢）。")
def consistency(as_json: bool, ended: bool) -> None:
    """A sentence for each problem; ends with 1 when something is wrong, warnings aside."""
    with opened_desk() as desk, snapshot(desk.db) as session:
        report = check_whole(session, desk.house, desk.settings.audit_key, ended=ended)
    if as_json:
        print_json(report.as_json())
    else:
        _tell(report)
    if not report.sound:
        raise Found


def _tell(report: Report) -> None:
    for each in report.problems:
        tell(f"[{SEVERITIES[each.severity]}] {each.text}")
    looked_at = "，".join(f"{COUNTED[what]} {count}" for what, count in report.counted.items())
    tell(f"{'数据一致' if report.sound else '数据不一致，应立即查明原因'}。已核对：{looked_at}。")
