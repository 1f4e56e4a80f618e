"""The words of the audit trail: acts, what they were done to, and details, as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry
from processes.engine.models import Case, Definition, WorkItem
from processes.identity.models import Organization, Person
from processes.identity.posts import POSTS
from webapp.drawing import organization_name, post_name
from webapp.pages.audit_actions import ACTIONS

"""Every act that is recorded anywhere in the desk; a test reads the source for them."""
DETAILS = {
    "number": _l("编号"),
    "process": _l("流程"),
    "case": _l("案件"),
    "step": _l("环节"),
    "element": _l("图元"),
    "reason": _l("理由"),
    "to": _l("转给"),
    "role": _l("岗位"),
    "organization": _l("单位"),
    "last_day": _l("最后任职日"),
    "way": _l("方式"),
    "alone": _l("仅此分支"),
    "count": _l("数量"),
    "title": _l("标题"),
    "processes": _l("适用流程"),
    "person": _l("人员"),
    "first": _l("开始日期"),
    "last": _l("截止日期"),
    "text": _l("内容"),
    "key": _l("流程键"),
    "version": _l("版本"),
    "name": _l("名称"),
    "name_before": _l("原名称"),
    "name_en": _l("英文名称"),
    "name_en_before": _l("原英文名称"),
    "valid_from": _l("起始日期"),
    "valid_from_before": _l("原起始日期"),
    "valid_to": _l("终止日期"),
    "valid_to_before": _l("原终止日期"),
    "correlation": _l("关联值"),
    "taken": _l("收到的案件数"),
    "notice": _l("告知书"),
    "entries": _l("日志条数"),
    "intact": _l("完整"),
    "first_bad": _l("首条异常"),
    "new": _l("新增"),
    "changed": _l("更改"),
    "rows": _l("变动"),
    "sha256": _l("文件校验值"),
    "files": _l("文件数"),
    "paths": _l("文件"),
    "revision": _l("修订号"),
    "damaged": _l("损坏的文件"),
}
REFUSALS = {"wrong": _l("登录名或密码不正确"), "locked": _l("暂停登录期间再次尝试")}
BROKEN = {
    "an entry is missing or was moved": _l("有日志缺失或被移动"),
    "an entry does not match its seal": _l("日志内容与其校验值不符"),
    "the end of the chain does not match its head": _l("日志末尾与登记的链尾不符"),
}
"""Why the chain is not intact, by what `audit.verify` says."""


@dataclass(frozen=True)
class Subject:
    """What something was done to: kind, name, and the page about it where the reader may open it."""

    kind: str
    name: str
    url: str = ""


def action_words(action: str) -> str:
    """An act in words; one from a release that called it otherwise stays as it was recorded."""
    return str(ACTIONS.get(action, action))


def detail_words(entry: AuditEntry, places: Mapping[str, str]) -> list[tuple[str, str]]:
    """The details of an entry as names and values; `places` are the names of organizations."""
    return [
        (str(DETAILS.get(key, key)), _value(entry.action, key, value, places)) for key, value in entry.detail.items()
    ]


def places(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """The names of the organizations that the details of some entries speak of."""
    ids = {entry.detail["organization"] for entry in entries if entry.detail.get("organization")}
    if not ids:
        return {}
    found = session.scalars(select(Organization).where(Organization.id.in_(ids)))
    return {each.id: organization_name(each) for each in found}


def _value(action: str, key: str, value: Any, places: Mapping[str, str]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("；").join(str(each) for each in value) or "—"
    if key == "role" and value in POSTS:
        return post_name(value)
    if key == "organization":
        return places.get(value, value)
    if key == "reason":
        return str({"person.log_in_refused": REFUSALS, "audit.verify": BROKEN}.get(action, {}).get(value, value))
    return str(value)


def subjects(session: Session, entries: Iterable[AuditEntry]) -> dict[str, Subject]:
    """What each subject of some entries is called, in one query for each kind."""
    ids: dict[str, set[str]] = {}
    for entry in entries:
        kind, _colon, rest = entry.subject.partition(":")
        ids.setdefault(kind, set()).add(rest)
    found: dict[str, Subject] = {}
    for kind, read in READERS.items():
        if ids.get(kind):
            found.update({f"{kind}:{each}": subject for each, subject in read(session, ids[kind]).items()})
    for kind, named in ids.items():
        for each in named:
            subject = f"{kind}:{each}" if each else kind
            named_kind = _kinds().get(kind, kind)
            found.setdefault(subject, Subject(named_kind, each) if each else Subject("", named_kind))
    return found


def case_subjects(session: Session, number: str) -> list[str]:
    """What is recorded of a case under its number: the case itself and all its tasks."""
    case_id = session.scalar(select(Case.id).where(Case.number == number))
    if case_id is None:
        return []
    items = session.scalars(select(WorkItem.id).where(WorkItem.case_id == case_id))
    return [f"case:{case_id}", *(f"work_item:{each}" for each in items)]


def _kinds() -> Mapping[str, str]:
    return {
        "case": _("案件"),
        "work_item": _("任务"),
        "definition": _("流程"),
        "draft": _("流程草稿"),
        "person": _("人员"),
        "organization": _("单位"),
        "message": _("消息"),
        "signal": _("信号"),
        "audit": _("审计日志"),
        "register": _("台账"),
        "backup": _("备份"),
    }


def _cases(session: Session, ids: set[str]) -> dict[str, Subject]:
    query = select(Case.id, Case.number).where(Case.id.in_(_uuids(ids)))
    return {
        str(row.id): Subject(_("案件"), row.number, url_for("cases.show", case_id=row.id))
        for row in session.execute(query)
    }


def _items(session: Session, ids: set[str]) -> dict[str, Subject]:
    query = select(WorkItem.id, WorkItem.title, Case.number).join(Case).where(WorkItem.id.in_(_uuids(ids)))
    return {
        str(row.id): Subject(_("任务"), f"{row.title}（{row.number}）", url_for("tasks.show", item_id=row.id))
        for row in session.execute(query)
    }


def _definitions(session: Session, ids: set[str]) -> dict[str, Subject]:
    query = select(Definition.id, Definition.title, Definition.version).where(Definition.id.in_(_uuids(ids)))
    return {
        str(row.id): Subject(
            _("流程"),
            _("%(title)s第 %(version)s 版", title=row.title, version=row.version),
            url_for("studio_versions.show", definition_id=row.id),
        )
        for row in session.execute(query)
    }


def _people(session: Session, logins: set[str]) -> dict[str, Subject]:
    query = select(Person.login, Person.name).where(Person.login.in_(logins))
    return {row.login: Subject(_("人员"), f"{row.name}（{row.login}）") for row in session.execute(query)}


def _organizations(session: Session, ids: set[str]) -> dict[str, Subject]:
    found = session.scalars(select(Organization).where(Organization.id.in_(ids)))
    return {each.id: Subject(_("单位"), f"{organization_name(each)}（{each.id}）") for each in found}


READERS: Mapping[str, Callable[[Session, set[str]], dict[str, Subject]]] = {
    "case": _cases,
    "work_item": _items,
    "definition": _definitions,
    "person": _people,
    "organization": _organizations,
}
"""How subjects of a kind get their names."""


def _uuids(texts: set[str]) -> list[UUID]:
    found = []
    for each in texts:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found
