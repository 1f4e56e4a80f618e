"""Deploying with the check: a diagram that could not run as it is drawn does not become a definition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.documents.manifest import MANIFEST
from processes.engine import definitions
from processes.engine.check import Problem, Surroundings, check_diagram, is_deployable
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.packages import DIAGRAM, FORMS, JSON, Package, package
from processes.errors import Conflict, Invalid
from processes.forms.definition import FormDefinition
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person
from processes.identity.posts import POSTS
from processes.identity.routing import SINGLE_KINDS, usual_name
from processes.messages import message

MAY_DEPLOY = ("process_owner",)
MAY_LOOK = ("process_owner", "manager", "auditor")
"""Who may open the versions of a diagram as a whole, with forms, files and report."""
KEY = re.compile(r"[A-Za-z一-龥_][A-Za-z0-9一-龥_.-]{0,79}")
DOCUMENTS = "documents/"


class Rejected(Invalid):
    """The deploy check found errors."""

    code = "rejected"

    def __init__(self, problems: Sequence[Problem], completed_from: Definition | None = None) -> None:
        errors = sum(problem.severity == "error" for problem in problems)
        super().__init__(message("部署检查发现 %(count)s 个错误，流程未部署。", count=errors))
        self.problems = problems
        self.completed_from = completed_from


@dataclass(frozen=True)
class Checked:
    """A package that may be deployed, the key it would have, and what the check warns of."""

    key: str
    package: Package
    problems: Sequence[Problem]
    completed_from: Definition | None = None
    """The version that gave its forms and documents, where a diagram came alone."""


def checked(session: Session, house: House, files: Mapping[str, bytes], key: str = "") -> Checked:
    """Check a package against this installation; `Rejected` when it cannot be deployed.

    Without a key it goes under the id of its first process. A diagram alone for a key that exists is taken with the
    forms and documents of the active version.
    """
    whole, giver = _completed(session, files, key)
    problems = found_problems(session, house, whole)
    if not is_deployable(problems):
        raise Rejected(problems, giver)
    made = Package(whole)
    key = key or next(iter(made.processes))
    if not KEY.fullmatch(key):
        text = message("流程键应以字母或汉字开头，由字母、数字、汉字和 _ . - 组成，不超过 80 字。")
        raise Invalid(text, {"key": text})
    return Checked(key, made, problems, giver)


def _completed(session: Session, files: Mapping[str, bytes], key: str) -> tuple[Mapping[str, bytes], Definition | None]:
    """The files of a package, and the version from which a diagram alone got the others."""
    if set(files) != {DIAGRAM}:
        return files, None
    giver = definitions.active_version(session, key or _first_process(files[DIAGRAM]))
    beside = {} if giver is None else package(session, giver.id).files
    beside = {path: content for path, content in beside.items() if path != DIAGRAM}
    return ({**beside, **files}, giver) if beside else (files, None)


def _first_process(diagram: bytes) -> str:
    """The id of the first process, or nothing when the diagram is such that the check will tell why."""
    try:
        return next(iter(Package({DIAGRAM: diagram}).processes), "")
    except Invalid:
        return ""


def found_problems(session: Session, house: House, files: Mapping[str, bytes]) -> Sequence[Problem]:
    """What the deploy check says of a package in this installation; `Invalid` when a form of it cannot be read."""
    return check_diagram(files[DIAGRAM], surroundings(session, house, files))


def deploy(
    session: Session, house: House, actor: Actor, files: Mapping[str, bytes], key: str = "", *, activate: bool = True
) -> tuple[Definition, Checked]:
    """Deploy a package that the check lets through; unless told otherwise new cases start on it from now on."""
    actor.need(*MAY_DEPLOY, text=message("只有流程管理员可以部署流程。"))
    found = checked(session, house, files, key)
    return definitions.deploy(session, actor, found.key, found.package.files, activate=activate), found


def activate(session: Session, house: House, actor: Actor, definition_id: UUID, reason: str) -> Definition:
    """Let new cases start on a version that is there already, for a reason; it must still pass the check."""
    actor.need(*MAY_DEPLOY, text=message("只有流程管理员可以启用流程版本。"))
    wanted, reason = definitions.definition(session, definition_id), reason.strip()
    if not reason:
        text = message("请填写启用该版本的理由。")
        raise Invalid(text, {"reason": text})
    if wanted.active:
        raise Conflict(message("第 %(version)s 版已是启用的版本。", version=wanted.version))
    problems = found_problems(session, house, package(session, wanted.id).files)
    if not is_deployable(problems):
        raise Rejected(problems)
    definitions.make_active(session, wanted)
    about = f"definition:{wanted.id}"
    audit.record(session, actor, "definition.activate", about, key=wanted.key, version=wanted.version, reason=reason)
    return wanted


def surroundings(session: Session | None, house: House, files: Mapping[str, bytes]) -> Surroundings:
    """What the check may know: operations, posts, lists and, with a session, who is in this installation."""
    alone = set(files) == {DIAGRAM}
    return Surroundings(
        operations={name: _names(house, name, required=True) for name in house.operations},
        parameters={name: _names(house, name, required=False) for name in house.operations},
        roles=frozenset(POSTS),
        lane_names=_lane_names(session) if session is not None else None,
        forms=None if alone and session is None else _forms(files),
        documents=None if alone and session is None else _documents(files),
        functions=frozenset(house.functions(clock.today())),
    )


def _names(house: House, operation: str, *, required: bool) -> frozenset[str]:
    return frozenset(each.name for each in house.operations[operation].parameters if each.required or not required)


def _forms(files: Mapping[str, bytes]) -> frozenset[str]:
    found = {path[len(FORMS) : -len(JSON)]: raw for path, raw in files.items() if path.startswith(FORMS)}
    for key, raw in found.items():
        try:
            FormDefinition.parse(raw)
        except Invalid as cause:
            path = FORMS + key + JSON
            fields = {f"{path} {place}".strip(): text for place, text in cause.fields.items()}
            raise Invalid(message("表单文件 %(path)s 有误：%(text)s。", path=path, text=cause.text), fields) from cause
    return frozenset(found)


def _documents(files: Mapping[str, bytes]) -> frozenset[str]:
    raw = files.get(DOCUMENTS + MANIFEST)
    if raw is None:
        return frozenset()
    try:
        return frozenset(str(entry["key"]) for entry in json.loads(raw)["documents"])
    except (ValueError, KeyError, TypeError) as cause:
        raise Invalid(message("文书清单 %(name)s 无法读取。", name=MANIFEST)) from cause


def _lane_names(session: Session) -> frozenset[str]:
    """Names that `assign_by_name` understands."""
    single = [(role, post) for role, post in POSTS.items() if post.organization_kind in SINGLE_KINDS]
    names = {name for role, post in single for name in (role, post.zh, post.en)}
    for row in session.execute(select(Organization.id, Organization.name)):
        names |= {row.id, row.name, usual_name(row.name)}
    people = session.execute(select(Person.login, Person.name)).all()
    counted = [name for row in people for name in {row.login, row.name}]
    return frozenset(names | {name for name in counted if counted.count(name) == 1})
