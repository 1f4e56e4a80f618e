"""人员与岗位: accounts and posts of many people at once; each row is a person with one post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.errors import Invalid
from processes.forms.wording import Option, Wording
from processes.identity import log_in, people
from processes.identity.actor import Actor
from processes.identity.administration import MAY_ADMINISTER
from processes.identity.models import Organization, Person, PostHolding
from processes.identity.posts import POSTS
from processes.messages import Message, message
from processes.registers.importing.offers import organizations_of
from processes.registers.importing.sheets import Import, SheetColumn, Values

POST_OPTIONS = tuple(Option(role, Wording(post.zh, post.en)) for role, post in POSTS.items())
MOST_PEOPLE = 200
"""Rows of one file: each new account is given a password of its own."""


def _standing(session: Session, actor: Actor, values: Values) -> Values | None:
    who = _known(session, values["login"])
    if who is None:
        return None
    found = {"login": who.login, "name": who.name, "email": who.email, "mobile": who.mobile}
    holding = _holding(session, who, values)
    if holding is None:
        return found
    return {**found, "role": holding.role, "organization": holding.organization_id,
            "valid_from": holding.valid_from, "valid_to": holding.valid_to}  # fmt: skip


def _known(session: Session, login: str) -> Person | None:
    return session.scalar(select(Person).where(log_in.with_login(login)))


def _holding(session: Session, who: Person, values: Values) -> PostHolding | None:
    """The post that a row names, where the person holds it on the same days already."""
    if "role" not in values:
        return None
    mine = select(PostHolding).where(
        PostHolding.person_id == who.id,
        PostHolding.role == values["role"],
        PostHolding.organization_id == values.get("organization"),
    )
    days: tuple[date | None, date | None] = values.get("valid_from"), values.get("valid_to")
    return next((each for each in session.scalars(mine) if (each.valid_from, each.valid_to) == days), None)


def _carry_out(session: Session, actor: Actor, values: Values) -> Sequence[Message]:
    who, notes = _known(session, values["login"]), []
    if who is None:
        who = people.open_account(
            session, actor, values["login"], values["name"], email=values.get("email", ""),
            mobile=values.get("mobile", ""),
        )  # fmt: skip
        notes.append(message("新账号：确认导入后生成一次性密码。"))
    else:
        _refuse_other_facts(who, values)
    if "role" in values:
        organization = session.get(Organization, values["organization"]) if "organization" in values else None
        people.hold(session, actor, who, values["role"], organization, values.get("valid_from"), values.get("valid_to"))
    elif "organization" in values:
        problem = message("填写了单位，请同时填写岗位。")
        raise Invalid(problem, {"role": problem})
    return notes


def _refuse_other_facts(who: Person, values: Values) -> None:
    """What is known of an account is not changed by a list of posts."""
    for key, title in (("name", "姓名"), ("email", "邮箱"), ("mobile", "手机")):
        if key in values and values[key] != getattr(who, key):
            problem = message("该登录名已有账号（%(name)s），其%(title)s与表中不符；已有账号的信息不由导入修改。",
                              name=who.name, title=title)  # fmt: skip
            raise Invalid(problem, {key: problem})


PEOPLE = Import(
    "people",
    Wording("人员与岗位", "People and posts"),
    Wording(
        "新建账号并登记任职；一行是一个人的一个岗位，同一人有几个岗位的填几行。已有账号只增加任职，不改其他信息。",
        "Makes accounts and enters posts; a row is one post of one person. Accounts that exist get the post alone.",
    ),
    MAY_ADMINISTER,
    (
        SheetColumn("login", Wording("登录名", "Log-in name"), required=True, longest=63,
                    hint=Wording("2 至 63 个英文字母、数字或 . _ -", "2 to 63 letters, digits or . _ -")),
        SheetColumn("name", Wording("姓名", "Name"), required=True, longest=60),
        SheetColumn("email", Wording("邮箱", "E-mail")),
        SheetColumn("mobile", Wording("手机", "Mobile"), longest=20),
        SheetColumn("role", Wording("岗位", "Post"), "choice", options=POST_OPTIONS,
                    hint=Wording("系统管理员、监督不得兼任其他岗位", "Administrator and auditor hold no other post")),
        SheetColumn("organization", Wording("单位", "Organization"), "choice", offered=organizations_of(),
                    hint=Wording("首席规划师、报名人选不填", "Empty for planners and applicants")),
        SheetColumn("valid_from", Wording("任职起", "From"), "day"),
        SheetColumn("valid_to", Wording("任职止", "Until"), "day"),
    ),
    ("login", "role", "organization"),
    _standing,
    _carry_out,
    most_rows=MOST_PEOPLE,
)  # fmt: skip
"""Accounts and posts."""
