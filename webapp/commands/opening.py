"""What commands have in common: the installation they work on, and how they tell what went wrong."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson

from processes.errors import DeskError, Invalid
from processes.identity.actor import Actor
from processes.migrations.running import need_newest
from webapp.desk import Desk, open_desk
from webapp.settings import Settings


class Found(Exception):
    """Problems were found and have been told; the command ends with 1."""


def command_line() -> Actor:
    """The desk itself, told apart in the audit trail by who is logged in to the machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Actor(None, f"命令行（{user}）")


@contextmanager
def opened_desk(*, any_schema: bool = False) -> Iterator[Desk]:
    """The installation of the environment, whose tables must be those of this program."""
    desk = open_desk(Settings.from_environment())
    try:
        if not any_schema:
            need_newest(desk.db)
        yield desk
    finally:
        desk.db.close()


def sentence(error: DeskError) -> str:
    """What went wrong, with each field on a line of its own."""
    fields = error.fields if isinstance(error, Invalid) else {}
    lines = [f"  {name}：{text}" for name, text in fields.items() if str(text) != str(error.text)]
    return "\n".join([str(error.text), *lines])


def print_json(content: Any) -> None:
    """One JSON document on standard output."""
    click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def tell(text: str) -> None:
    """A line on standard output."""
    click.echo(text)
