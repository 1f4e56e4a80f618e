"""The demonstration installation."""

from __future__ import annotations

import click

from processes.errors import Conflict
from processes.messages import message
from processes.migrations.running import migrate
from webapp.commands.opening import opened_desk, tell
from webapp.demo import making
from webapp.demonstration import DEMONSTRATION_LOG_INS, DEMONSTRATION_PASSWORD


@click.command(help="建立演示安装：虚构的人员，以及进行中的选聘轮次；所有密码均为 demo。")
@click.option("--if-missing", is_flag=True, help="已有演示安装时不再建立。")
@click.option(
    "--fast-forward",
    type=click.Choice(["appointment"]),
    help="改为逐项办理，走完 2025 年一轮选聘的全过程（45 人受聘，2 个岗位空缺）。",
)
def demo(if_missing: bool, fast_forward: str | None) -> None:
    """Make the demonstration in an empty data folder."""
    with opened_desk(any_schema=True) as desk:
        if making.is_made(desk):
            migrate(desk.db)
            if not if_missing:
                raise Conflict(
                    message("数据目录 %(home)s 中已有演示安装。如需重建，请换一个空目录。", home=desk.settings.home)
                )
        else:
            migrate(desk.db)
            if making.has_cases(desk):
                raise Conflict(message("数据目录 %(home)s 中已有业务数据，不能建立演示安装。", home=desk.settings.home))
            tell("正在建立演示安装（约半分钟）…")
            if fast_forward:
                tasks, appointed, vacant = making.make_story(desk)
                tell(f"已逐项办理 {tasks} 项任务：{appointed} 人受聘，{vacant} 个岗位空缺。")
            else:
                tell(f"已办理 {making.make_present(desk)} 项任务，各轮选聘进行中。")
    tell(f"登录名（密码均为 {DEMONSTRATION_PASSWORD}）：")
    for each in DEMONSTRATION_LOG_INS:
        tell(f"  {each.login:<18}{each.who}")
    tell("  另有 gov.<代码>、bureau.<代码>、planner.<CP001…>、applicant.<AP001…>、employer.<1…8>")
