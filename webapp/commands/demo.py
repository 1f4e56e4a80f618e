"""The demonstration installation."""

from __future__ import annotations

from pathlib import Path

import click

from processes.errors import Conflict, Invalid
from processes.messages import message
from processes.migrations.running import migrate
from webapp.commands.opening import Found, opened_desk, tell
from webapp.demo import making
from webapp.demo.year.reading import own_story, own_story_of, story_in
from webapp.demo.year.story import YearStory
from webapp.demonstration import DEMONSTRATION_LOG_INS, DEMONSTRATION_PASSWORD
from webapp.desk import Desk


@click.command(help="建立演示安装：虚构的人员，以及正在办理的各项工作；所有密码均为 demo。")
@click.option("--if-missing", is_flag=True, help="已有演示安装时不再建立。")
@click.option("--year", type=int, help="改为逐项办理，走完故事的一整年：选聘、咨询、季报、考核、解聘、待遇。")
@click.option(
    "--story",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="故事目录：参数文件 story.json 和各表格；只有参数时按参数生成表格。默认用自带的 2025 年。",
)
@click.option(
    "--fast-forward",
    type=click.Choice(["appointment"]),
    help="只走完故事中一轮选聘的全过程。",
)
def demo(if_missing: bool, year: int | None, story: Path | None, fast_forward: str | None) -> None:
    """Make the demonstration in an empty data folder."""
    told = _story(year, story) if year or story or fast_forward else None
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
            if told is None:
                tell("正在建立演示安装（约半分钟）…")
                tell(f"已办理 {making.make_present(desk)} 项任务，各项工作进行中。")
            else:
                _play(desk, told, only_round=bool(fast_forward) and year is None)
    tell(f"登录名（密码均为 {DEMONSTRATION_PASSWORD}）：")
    for each in DEMONSTRATION_LOG_INS:
        tell(f"  {each.login:<18}{each.who}")
    tell("  另有 gov.<代码>、bureau.<代码>、finance.<代码>、planner.<CP001…>、")
    tell("  applicant.<AP001…>、employer.<1…8>、panel.<1…4>")


def _story(year: int | None, folder: Path | None) -> YearStory:
    """The story that is wanted: that of a folder, or the desk's own."""
    told = own_story() if folder is None else story_in(folder)
    if year is not None and told.year != year:
        if folder is not None:
            raise Invalid(message("故事讲的是 %(told)s 年，不是 %(year)s 年。", told=told.year, year=year))
        told = own_story_of(year)
    return told


def _play(desk: Desk, told: YearStory, *, only_round: bool) -> None:
    """Play a story and say what came of it; a figure that is not as told is a failure."""
    if only_round:
        tell(f"正在逐项办理 {told.round_name}的选聘…")
        made = making.make_round(desk, told)
    else:
        tell(f"正在逐项办理 {told.year} 年（数分钟）…")
        made = making.make_year(desk, told)
    tell(f"已逐项办理 {made.tasks} 项任务：{made.in_office} 人在聘，{made.vacant} 个岗位空缺。")
    for each in made.differences:
        tell(f"  与故事不符：{each.what}：应为 {each.told}，实为 {each.found}")
    if made.differences:
        raise Found
