"""Deploying with the check: a diagram that could not run as it is drawn does not become a definition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.documents.manifest import MANIFEST
from processes.engine import contents, definitions
from processes.engine.check import Problem, Surroundings, check_diagram, first_process, is_deployable
from processes.engine.check.problems import Report
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.packages import DIAGRAM, FORMS, JSON, Package, package
from processes.engine.tables import DMN, TABLES
from processes.errors import Invalid
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
FILE_CODES = {"forms": "form-invalid", "documents": "document-invalid", "tables": "table-invalid"}
"""Codes of what is wrong with a file, by its folder."""


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
    giver = definitions.active_version(session, key or first_process(files[DIAGRAM]))
    beside = {} if giver is None else package(session, giver.id).files
    beside = {path: content for path, content in beside.items() if path != DIAGRAM}
    return ({**beside, **files}, giver) if beside else (files, None)


def found_problems(
    session: Session | None, house: House, files: Mapping[str, bytes], *, portable: bool = False
) -> Sequence[Problem]:
    """Everything that is wrong with a package: with its diagram, its forms, documents and tables; errors first."""
    around = surroundings(session, house, contents.readable(files), portable=portable)
    found = [*check_diagram(files[DIAGRAM], around), *_beside(house, files)]
    return sorted(found, key=lambda each: each.severity == "warning")


def diagram_problems(session: Session, house: House, files: Mapping[str, bytes]) -> Sequence[Problem]:
    """What is wrong with the diagram of a package, however broken its other files are."""
    return check_diagram(files[DIAGRAM], surroundings(session, house, contents.readable(files)))


def _beside(house: House, files: Mapping[str, bytes]) -> list[Problem]:
    """What is wrong with the files beside the diagram; the path of the file stands for the element."""
    report = Report(Surroundings())
    told = contents.file_problems(files, house.options, house.functions(clock.today()))
    for order, each in enumerate(told):
        code = FILE_CODES.get(each.path.split("/")[0], "file-invalid")
        code = "file-doubtful" if each.severity == "warning" else code
        place = f"{each.place} " if each.place else ""
        zh, en = str(each.text).rstrip("。"), house.english(each.text)
        report.add(code, FileOfPackage(each.path, order), f"{place}{zh}", f"{place}{en}")
    return report.problems()


@dataclass
class FileOfPackage:
    """A file as something a problem can be about."""

    key: str
    order: int
    name: str = ""


def deploy(
    session: Session, house: House, actor: Actor, files: Mapping[str, bytes], key: str = "", *, activate: bool = True
) -> tuple[Definition, Checked]:
    """Deploy a package that the check lets through; unless told otherwise new cases start on it from now on."""
    actor.need(*MAY_DEPLOY, text=message("只有流程管理员可以部署流程。"))
    found = checked(session, house, files, key)
    return definitions.deploy(session, actor, found.key, found.package.files, activate=activate), found


def surroundings(
    session: Session | None, house: House, files: Mapping[str, bytes], *, portable: bool = False
) -> Surroundings:
    """What the check may know: operations, posts, lists and, with a session, who is in this installation.

    With `portable`, what this engine executes and others ignore is an error as well.
    """
    alone = set(files) == {DIAGRAM}
    return Surroundings(
        operations={name: _names(house, name, required=True) for name in house.operations},
        parameters={name: _names(house, name, required=False) for name in house.operations},
        roles=frozenset(POSTS),
        lane_names=_lane_names(session) if session is not None else None,
        forms=None if alone and session is None else _forms(files),
        documents=None if alone and session is None else _documents(files),
        tables=None if alone and session is None else _tables(files),
        checks=frozenset({*house.validators, *house.tallies}),
        english=house.english,
        functions=frozenset(house.functions(clock.today())),
        portable=portable,
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


def _tables(files: Mapping[str, bytes]) -> frozenset[str]:
    return frozenset(path.removeprefix(TABLES).removesuffix(DMN) for path in files if path.endswith(DMN))


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
