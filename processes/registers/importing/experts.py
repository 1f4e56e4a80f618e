"""专家库: people put into the library from a list, by the conditions of the admission itself (第四条(二)、第十条)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Conflict, Invalid
from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import holdings_on
from processes.messages import Message, message
from processes.registers.appointments import dismissal_item
from processes.registers.experts import Expert, ExpertStatus, enter_library, expert_for, note
from processes.registers.importing.offers import organizations_of, person_named
from processes.registers.importing.sheets import Import, SheetColumn, Values
from processes.registers.switches import readings_on
from processes.rules.eligibility import SENIOR_TITLES

OWN_POSTS = ("applicant", "planner")
NO_CERTIFICATE = "无"
SHORTEST_REASON = 10
TITLES = tuple(Option(each, each) for each in ("正高级", "副高级", "中级", "初级", "无"))
SPECIALTIES = tuple(
    Option(zh, Wording(zh, en))
    for zh, en in (
        ("总体规划", "Master planning"),
        ("详细规划", "Detailed planning"),
        ("村庄规划", "Village planning"),
        ("城市设计", "Urban design"),
        ("建筑设计", "Architecture"),
        ("历史文化保护", "Heritage conservation"),
        ("交通市政", "Transport and utilities"),
        ("生态修复", "Ecological restoration"),
        ("其他", "Other"),
    )
)
_FACTS = ("employer_id", "title_level", "title_name", "planner_cert", "planner_cert_no", "specialties",
          "cert_valid_until")  # fmt: skip
_NEEDED = ("employer_id", "title_level", "planner_cert", "specialties")
"""What a new record cannot be without."""


def _certificates(session: Session, actor: Actor) -> Sequence[Option]:
    return [Option(each, each) for each in (*readings_on(session).items("eligibility.cert"), NO_CERTIFICATE)]


def _standing(session: Session, actor: Actor, values: Values) -> Values | None:
    person = person_named(session, values)
    expert = expert_for(session, person.id)
    if expert is None:
        return None
    facts = {key: getattr(expert, key) for key in _FACTS}
    facts["planner_cert"] = expert.planner_cert or NO_CERTIFICATE
    return {"login": values["login"], "name": expert.name, **facts, "reason": values.get("reason")}


def _carry_out(session: Session, actor: Actor, values: Values) -> Sequence[Message]:
    person = person_named(session, values)
    expert = expert_for(session, person.id)
    _refuse(session, person, expert)
    facts = {key: values[key] for key in _FACTS if key in values}
    reason = values.get("reason", "")
    if expert is None:
        _need(facts)
        general = _general(session, facts)
        if not general and len(reason) < SHORTEST_REASON:
            problem = message(
                "不具备第四条（二）一般条件的，请用至少 %(count)s 个字写明认定依据。", count=SHORTEST_REASON
            )
            raise Invalid(problem, {"reason": problem})
        facts["route"] = "A" if general else "B"
    entered = enter_library(session, actor, person, "批量导入", **facts)
    note(session, actor, entered, f"批量导入。{reason}".strip())
    return () if entered.route == "A" or expert is not None else (message("按实践经验途径入库。"),)


def _refuse(session: Session, person: Person, expert: Expert | None) -> None:
    """Who may not be put into the library by a list (第十五条(五))."""
    held = {each.role for each in holdings_on(session, person.id, clock.today())}
    if person.disabled or not held & set(OWN_POSTS):
        problem = message("该账号已停用，或者不是报名人选、首席规划师，不能入库。")
        raise Invalid(problem, {"login": problem})
    item = dismissal_item(session, person.id)
    if item is not None and readings_on(session).by_key("redismissed").get(str(item)) == "refuse":
        problem = message("该人选曾因第十五条(%(item)s)被解聘，按现行口径不予受理。", item="一二三四五"[item - 1])
        raise Invalid(problem, {"login": problem})
    if expert is not None and (expert.status == ExpertStatus.INACTIVE or expert.merged_into_id is not None):
        raise Conflict(message("该专家的记录已停用，请经专家入库程序重新入库。"))


def _need(facts: dict[str, Any]) -> None:
    missing = [key for key in _NEEDED if not facts.get(key)]
    if missing:
        problem = message("新入库的须填写。")
        raise Invalid(problem, {key: problem for key in missing})


def _general(session: Session, facts: dict[str, Any]) -> bool:
    """Whether title and qualification are those of 第四条(二)."""
    accepted = readings_on(session).items("eligibility.cert")
    return facts["title_level"] in SENIOR_TITLES and facts["planner_cert"] in accepted


def _present(session: Session, actor: Actor) -> Sequence[Values]:
    """Every record that a list may change."""
    known = select(Expert, Person.login).join(Expert.person).where(
        Expert.status != ExpertStatus.INACTIVE, Expert.merged_into_id.is_(None)
    )  # fmt: skip
    rows = session.execute(known.order_by(Expert.name, Expert.id))
    return [{"login": login, "name": each.name, **{key: getattr(each, key) for key in _FACTS}} for each, login in rows]


EXPERTS = Import(
    "experts",
    Wording("专家库", "Expert library"),
    Wording(
        "把已有账号的人选登记入库，或更新在库信息。在聘、届满等状态由各程序登记，不由导入更改。",
        "Puts people with an account into the library, or brings their records up to date; statuses are not changed.",
    ),
    ("city_bureau.clerk", "city_bureau.section"),
    (
        SheetColumn("login", Wording("登录名", "Log-in name"), required=True, longest=63,
                    hint=Wording("报名人选或首席规划师的登录名", "Of an applicant or a planner")),
        SheetColumn("name", Wording("姓名", "Name"), required=True, longest=60),
        SheetColumn("employer_id", Wording("所在单位", "Employer"), "choice", offered=organizations_of("employer")),
        SheetColumn("title_level", Wording("职称级别", "Title level"), "choice", options=TITLES),
        SheetColumn("title_name", Wording("职称", "Title"), longest=60),
        SheetColumn("planner_cert", Wording("注册规划师资格", "Planner's qualification"), "choice",
                    offered=_certificates),
        SheetColumn("planner_cert_no", Wording("资格证书编号", "Certificate no."), longest=60),
        SheetColumn("specialties", Wording("专业方向", "Specialties"), "choices", options=SPECIALTIES),
        SheetColumn("cert_valid_until", Wording("注册证书有效期至", "Registration valid until"), "day"),
        SheetColumn("reason", Wording("入库依据", "Ground"), longest=500,
                    hint=Wording("按实践经验途径入库的必填", "Needed on the practical route")),
    ),
    ("login",),
    _standing,
    _carry_out,
    present=_present,
    register="experts",
)  # fmt: skip
"""The expert library."""
