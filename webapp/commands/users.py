"""People, from the command line: for the first ones, and for when nobody can log in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Conflict, NotFound
from processes.identity import administration, organizations, people
from processes.identity.models import Organization, Person
from processes.identity.posts import POSTS
from processes.messages import message
from webapp.commands.opening import command_line, opened_desk, tell

DAY = click.DateTime(["%Y-%m-%d"])
AT = click.option("--at", metavar="ORGANIZATION", help="单位编号，如 city_bureau、gov:CQ-500101。")
ROLE = click.argument("role", type=click.Choice(sorted(POSTS)), metavar="POST")


@click.group(help="人员与岗位。")
def users() -> None:
    """Commands about people."""


def _change(login: str, act: Callable[[Session, Person], None]) -> None:
    with opened_desk() as desk, desk.db.transaction() as session:
        act(session, people.person_by_login(session, login))


@users.command("list", help="列出人员和所任岗位。")
@click.argument("part", default="")
def list_(part: str) -> None:
    """Everybody, or those whose log-in or name has the part in it."""
    with opened_desk() as desk, desk.db.reading() as session:
        for who in session.scalars(select(Person).order_by(Person.login)):
            if part in who.login or part in who.name:
                held = people.holdings_on(session, who.id, clock.today())
                posts = "、".join(f"{each.role}@{each.organization_id or '-'}" for each in held)
                tell(f"{who.login}\t{who.name}\t{posts or '-'}{'（已停用）' if who.disabled else ''}")


@users.command(help="新建人员，并显示初始密码（只显示一次）。")
@click.argument("login")
@click.argument("name")
@click.option("--post", type=click.Choice(sorted(POSTS)), metavar="POST", help="同时任一岗位。")
@AT
@click.option("--email", default="")
@click.option("--mobile", default="")
def add(login: str, name: str, post: str | None, at: str | None, email: str, mobile: str) -> None:
    """A person with a password that is told once."""
    with opened_desk() as desk, desk.db.transaction() as session:
        who, password = administration.add_person(session, command_line(), login, name, email=email, mobile=mobile)
        if post is not None:
            people.hold(session, command_line(), who, post, _organization(session, at))
    tell(f"{login} 的初始密码（只显示这一次，登录后须先修改）：{password}")


@users.command(help="任岗位。")
@click.argument("login")
@ROLE
@AT
@click.option("--from", "first", type=DAY, help="起始日期。")
@click.option("--to", "last", type=DAY, help="终止日期（当日仍在任）。")
def hold(login: str, role: str, at: str | None, first: datetime | None, last: datetime | None) -> None:
    """Give somebody a post at an organization for a time."""

    def act(session: Session, who: Person) -> None:
        people.hold(session, command_line(), who, role, _organization(session, at), _day(first), _day(last))

    _change(login, act)
    tell(f"{login} 已任 {role}。")


@users.command(help="结束岗位。")
@click.argument("login")
@ROLE
@AT
@click.option("--on", "last", type=DAY, help="最后在任日期，默认昨天。")
def end(login: str, role: str, at: str | None, last: datetime | None) -> None:
    """Let a post end; without a day it is over today."""
    last_day = _day(last) or date.fromordinal(clock.today().toordinal() - 1)

    def act(session: Session, who: Person) -> None:
        held = [each for each in who.holdings if each.role == role and (at is None or each.organization_id == at)]
        held = [each for each in held if each.valid_to is None or each.valid_to > last_day]
        if not held:
            raise NotFound(message("%(login)s没有在任的岗位“%(role)s”。", login=login, role=role))
        if len(held) > 1:
            raise Conflict(message("%(login)s在几个单位任此岗位，请用 --at 指明。", login=login))
        people.end_holding(session, command_line(), held[0], last_day)

    _change(login, act)
    tell(f"{login} 自 {last_day.isoformat()} 后不再任 {role}。")


@users.command(help="停用人员：不能再登录，已办事项保留。")
@click.argument("login")
def disable(login: str) -> None:
    """Sessions and tokens end at once."""
    _change(login, lambda session, who: people.disable(session, command_line(), who))
    tell(f"{login} 已停用。")


@users.command(help="恢复已停用的人员。")
@click.argument("login")
def enable(login: str) -> None:
    """Let somebody in again."""
    _change(login, lambda session, who: people.enable(session, command_line(), who))
    tell(f"{login} 已恢复。")


@users.command(help="重设密码，并显示新密码（只显示一次）。")
@click.argument("login")
def password(login: str) -> None:
    """All sessions of the person end."""
    with opened_desk() as desk, desk.db.transaction() as session:
        found = people.person_by_login(session, login)
        _who, made = administration.renew_password(session, command_line(), found.id)
    tell(f"{login} 的新密码（只显示这一次，登录后须先修改）：{made}")


def _organization(session: Session, organization_id: str | None) -> Organization | None:
    if organization_id is None:
        return None
    return organizations.organization(session, command_line(), organization_id)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
