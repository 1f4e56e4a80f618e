"""The command `chief-planner`."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

import click
from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, OperationalError

from processes.errors import DeskError
from webapp.commands import (
    audits,
    backups,
    bench,
    checking,
    consistency,
    demo,
    exports,
    installing,
    organizations,
    running,
    users,
)
from webapp.commands.opening import Found, sentence

OK, PROBLEMS, USAGE = 0, 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, help="首席规划师工作台：运行、检查与维护。")
@click.version_option(package_name="chief-planner", prog_name="chief-planner")
@click.option("--debug", is_flag=True, help="出错时显示程序内部的调用过程。")
def program(debug: bool) -> None:
    """All commands."""


for _command in (
    *(running.serve, running.worker, installing.init, demo.demo),
    *(checking.check, checking.deploy, checking.vectors, checking.openapi, consistency.consistency),
    *(bench.bench, backups.backup, backups.restore, backups.drill, exports.export, audits.audit),
    *(users.users, organizations.organizations),
):
    program.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; ends with 0, 1 (problems found) or 2 (usage). What goes wrong is told in a sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_status(given))


def _status(given: list[str]) -> int:
    debug = "--debug" in given[:1]
    try:
        program.main(given, prog_name="chief-planner", standalone_mode=False)
    except Found:
        return PROBLEMS
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        click.echo("已中止。", err=True)
        return PROBLEMS
    except click.UsageError as wrong:
        wrong.show()
        return USAGE
    except click.ClickException as wrong:
        wrong.show()
        return PROBLEMS
    except Exception as failure:  # a command never ends in a traceback unless it is asked to
        if debug:
            traceback.print_exc()
        click.echo(_told(failure), err=True)
        return PROBLEMS
    return OK


def _told(failure: Exception) -> str:
    if isinstance(failure, DeskError):
        return sentence(failure)
    if isinstance(failure, OperationalError):
        return f"无法连接或读写数据库：{failure.orig}"
    if isinstance(failure, ArgumentError):
        return "无法识别数据库地址（DATABASE_URL），应为 sqlite:///… 或 postgresql://…"
    if isinstance(failure, CommandError):
        return f"无法升级数据库结构，数据库可能由更新版本的程序建立：{failure}"
    if isinstance(failure, OSError):
        return f"无法读写文件：{failure.filename or ''} {failure.strerror or failure}"
    return f"程序出错（{type(failure).__name__}）。加 --debug 可查看调用过程：chief-planner --debug …"
