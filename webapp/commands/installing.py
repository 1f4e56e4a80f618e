"""Setting an installation up, and bringing it to the version of the program."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import deployment
from processes.engine.bundles import bundle_at
from processes.engine.models import Definition
from processes.engine.packages import DIAGRAM, content_hash
from processes.identity import people, units
from processes.identity.actor import SYSTEM
from processes.identity.administration import add_person
from processes.identity.models import Organization, PostHolding
from processes.migrations.running import alone, migrate
from webapp.commands.opening import opened_desk, tell
from webapp.desk import BPMN_FOLDER, Desk


@click.command(help="建立空的安装，或把已有的安装升级到本版程序；可以重复运行。")
@click.option("--admin", metavar="LOGIN", help="首个系统管理员的登录名。")
@click.option("--name", default="系统管理员", show_default=True, help="首个系统管理员的姓名。")
def init(admin: str | None, name: str) -> None:
    """Tables, units and bureaus, the procedures of this release, and the first administrator."""
    with opened_desk(any_schema=True) as desk:
        install(desk)
        tell(f"数据目录：{desk.settings.home}")
        with desk.db.reading() as session:
            has_administrator = _has_administrator(session)
        if has_administrator:
            return
        if admin is None and not sys.stdin.isatty():
            tell("还没有系统管理员，请运行：chief-planner init --admin 登录名")
            return
        login = admin or click.prompt("首个系统管理员的登录名")
        with desk.db.transaction() as session:
            who, password = add_person(session, SYSTEM, login, name)
            people.hold(session, SYSTEM, who, "administrator", session.get_one(Organization, "city_bureau"))
        tell(f"系统管理员 {login} 的初始密码（只显示这一次，登录后须先修改）：{password}")


def install(desk: Desk) -> None:
    """Everything an empty installation has; what is there already stays as it is. Two at once wait for each other."""
    with alone(desk.db):
        _install(desk)


def _install(desk: Desk) -> None:
    migrate(desk.db)
    with desk.db.transaction() as session:
        made = units.load_units(session)
    if made:
        tell(f"已登记服务单元 {made} 个。")
    for folder in sorted(each.parent for each in BPMN_FOLDER.glob(f"*/{DIAGRAM}")):
        files = bundle_at(folder)
        with desk.db.transaction() as session:
            if not _is_known(session, folder.name, files):
                own = _own_version(session, folder.name)
                told = _bring(session, desk, folder.name, files, own)
                tell(told)


def _bring(session: Session, desk: Desk, key: str, files: dict[str, bytes], own: Definition | None) -> str:
    """Deploy a procedure of this release; where the owner runs a version of his own, it waits to be chosen."""
    definition, _found = deployment.deploy(session, desk.house, SYSTEM, files, key, activate=own is None)
    told = f"已部署流程 {key} 第 {definition.version} 版：{definition.title}"
    if own is None:
        return told
    kept = f"现启用的第 {own.version} 版由{own.deployed_by}发布，仍予启用"
    return f"{told}。{kept}；请流程管理员在“流程”中比较后决定是否启用新版。"


def _own_version(session: Session, key: str) -> Definition | None:
    """The active version of a key where somebody of this installation has published it."""
    active = select(Definition).where(Definition.key == key, Definition.active, Definition.deployed_by != SYSTEM.name)
    return session.scalars(active).first()


def _is_known(session: Session, key: str, files: dict[str, bytes]) -> bool:
    """Whether this content is a version already; an owner may have gone on to a newer one since."""
    same = select(Definition.id).where(Definition.key == key, Definition.content_hash == content_hash(files))
    return session.scalar(same) is not None


def _has_administrator(session: Session) -> bool:
    return session.scalar(select(PostHolding.id).where(PostHolding.role == "administrator").limit(1)) is not None
