"""Organizations, from the command line: their names, and the employers of applicants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from processes.identity import organizations as register
from processes.identity.models import Organization
from processes.identity.organizations import KINDS, Given, OrganizationFilter
from webapp.commands.opening import command_line, opened_desk, tell

DAY = click.DateTime(["%Y-%m-%d"])
AT_ONCE = 200


@click.group(help="机构：单位名称、报名人选的所在单位。")
def organizations() -> None:
    """Commands about organizations."""


@organizations.command("list", help="列出单位：编号、名称、英文名称；名称未核对的有标记。")
@click.argument("part", default="")
@click.option("--kind", type=click.Choice(sorted(KINDS)), default=None, metavar="KIND", help="只列一类，如 employer。")
@click.option("--unconfirmed", is_flag=True, help="只列名称待核对的。")
def list_(part: str, kind: str | None, unconfirmed: bool) -> None:
    """Every organization, or those whose name or id has the part in it."""
    narrowed = OrganizationFilter(part, kind or "", state="unconfirmed" if unconfirmed else "")
    with opened_desk() as desk, desk.db.reading() as session:
        offset, total = 0, 1
        while offset < total:
            rows, total = register.listing(session, command_line(), narrowed, offset=offset, limit=AT_ONCE)
            for each in rows:
                tell(_line(each.organization))
            offset += AT_ONCE


def _line(of: Organization) -> str:
    return f"{of.id}\t{of.name}\t{of.name_en or '-'}{'' if of.confirmed else '（名称待核对）'}"


@organizations.command(help="登记报名人选的所在单位，并显示其编号。")
@click.argument("name")
@click.option("--english", default="", metavar="NAME", help="英文名称。")
@click.option("--from", "first", type=DAY, help="起始日期。")
@click.option("--to", "last", type=DAY, help="终止日期（最后一日）。")
def add(name: str, english: str, first: datetime | None, last: datetime | None) -> None:
    """A further employer that applicants may choose."""
    given = Given(name, english, _day(first), _day(last))
    with opened_desk() as desk, desk.db.transaction() as session:
        made = register.add_employer(session, command_line(), given)
        told = f"已登记 {made.id}：{made.name}"
    tell(told)


@organizations.command(help="改正单位名称；改正后即视为已核对。")
@click.argument("organization")
@click.argument("name")
@click.option("--english", default=None, metavar="NAME", help="同时改正英文名称。")
def rename(organization: str, name: str, english: str | None) -> None:
    """Papers that were made already keep the earlier name."""
    with opened_desk() as desk, desk.db.transaction() as session:
        given = replace(_as_it_is(session, organization), name=name)
        given = given if english is None else replace(given, name_en=english)
        renamed = register.change(session, command_line(), organization, given)
        told = f"{renamed.id} 的名称：{renamed.name}"
    tell(told)


def _as_it_is(session: Session, organization_id: str) -> Given:
    found = register.organization(session, command_line(), organization_id)
    return Given(found.name, found.name_en, found.valid_from, found.valid_to)


@organizations.command(help="确认单位名称无误，可一次确认几个。")
@click.argument("names", nargs=-1, required=True, metavar="ORGANIZATION…")
def confirm(names: tuple[str, ...]) -> None:
    """All of them, or none when one is not found."""
    with opened_desk() as desk, desk.db.transaction() as session:
        for each in names:
            register.confirm(session, command_line(), each)
    tell(f"已核对 {len(names)} 个单位的名称。")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
