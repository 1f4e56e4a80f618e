"""Definitions: check and deploy a diagram, list the versions, fetch a diagram as it was uploaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from processes.engine import definitions, deployment, publishing
from processes.engine.bundles import TooLarge, bundle
from processes.engine.check import Problem, as_report
from processes.engine.packages import DIAGRAM, package
from processes.messages import message
from webapp.api import drawing
from webapp.api.answering import PAGING, changing, listed, page_of, shown
from webapp.api.calls import JSON, Asked, Calls, Content, Parameter
from webapp.api.reading import NotReadable, WrongType
from webapp.errors import answer
from webapp.language import say
from webapp.pages.downloads import attachment

calls = Calls("definitions")
XML = "application/xml"
UPLOAD = Content(
    (XML, "application/zip"),
    "A BPMN diagram, or a zip with `process.bpmn` and, beside it, `forms/`, `documents/` and `*.dmn`.",
)
VERSIONS = (
    Parameter("key", "Only the versions of this key."),
    Parameter("active", "Only those on which new cases start.", "boolean"),
    *PAGING,
)


@calls.post(
    "/definitions",
    "Check a diagram or package and deploy it; new cases start on it. For the process owner.",
    answer="Deployment",
    status=201,
    also=(202,),
    query=(
        Parameter("dry_run", "Only check: 200 and the warnings, or 422.", "boolean"),
        Parameter("key", "Name of the definition; the id of the first process where it is not given."),
    ),
    body=UPLOAD,
    refusals=(403,),
)
def deploy_definition(asked: Asked) -> Response:
    """422 with `problems` when the check finds errors; equal content stays the version it is.

    Where a second pair of eyes is needed nothing is deployed: it is submitted as a draft, and answered with 202.
    """
    content, dry_run = _uploaded(), bool(asked.query.get("dry_run"))

    def act(session: Session) -> dict[str, Any]:
        return _delivered(
            publishing.deliver(session, asked.desk.house, asked.actor, bundle(content), asked.text("key"))
        )

    try:
        if not dry_run:
            with asked.desk.db.reading() as session:
                needed = publishing.approval_needed(session)
            return changing(asked, act, status=202 if needed else 201, sent=content)
        asked.actor.need(*deployment.MAY_DEPLOY, text=message("只有流程管理员可以部署流程。"))
        with asked.desk.db.reading() as session:
            found = deployment.checked(session, asked.desk.house, bundle(content), asked.text("key"))
        return shown(_deployed(found))
    except deployment.Rejected as rejected:
        too_large = any(each.code == "file-too-large" for each in rejected.problems)
        status = TooLarge.status if too_large else rejected.status
        return answer(status, say(rejected.text), rejected.code, problems=_findings(rejected.problems))


def _uploaded() -> bytes:
    """The body, whatever type it says it is; JSON is a mistake, and a form holds it as its first file."""
    if request.mimetype == JSON:
        raise WrongType(message("请求正文应为 BPMN XML 或 zip 流程包。"))
    if request.mimetype == "multipart/form-data":
        file = next(iter(request.files.values()), None)
        content = file.read() if file is not None else b""
    else:
        content = request.get_data()
    if not content.strip():
        raise NotReadable(message("请求没有正文：应为 BPMN XML 或 zip 流程包。"))
    return content


def _delivered(found: publishing.Delivered) -> dict[str, Any]:
    waiting, definition = found.publication, found.definition
    return {
        **_deployed(found.checked),
        "id": definition.id if definition else None,
        "version": definition.version if definition else None,
        "state": "published" if waiting is None else "submitted",
        "draft": waiting.draft_id if waiting else None,
    }


def _deployed(found: deployment.Checked) -> dict[str, Any]:
    return {
        "id": None,
        "key": found.key,
        "version": None,
        "verdict": "deployable",
        "state": None,
        "draft": None,
        "problems": _findings(found.problems),
    }


def _findings(problems: Any) -> list[dict[str, Any]]:
    found: list[Problem] = list(problems)
    findings: list[dict[str, Any]] = as_report("", found)["problems"]
    return findings


@calls.get("/definitions", "The versions of all diagrams, newest first.", answer="Definitions", query=VERSIONS)
def list_definitions(asked: Asked) -> Response:
    """Which may be started by me stands with each process."""
    page = page_of(asked)
    with asked.desk.db.reading() as session:
        found = definitions.versions(session, asked.text("key"), only_active=bool(asked.query.get("active")))
        rows = found[page.offset : page.offset + page.limit]
        return listed(asked, [drawing.definition(each, asked.actor) for each in rows], len(found))


@calls.get("/definitions/<uuid:definition_id>", "A version of a diagram and its files.", answer="DefinitionDetail")
def show_definition(asked: Asked, definition_id: UUID) -> Response:
    """The files by path and size."""
    with asked.desk.db.reading() as session:
        found = definitions.definition(session, definition_id)
        files = package(session, found.id).files
        return shown(
            {
                "definition": drawing.definition(found, asked.actor),
                "files": [{"path": path, "size": len(content)} for path, content in sorted(files.items())],
            }
        )


@calls.get(
    "/definitions/<uuid:definition_id>/diagram",
    "The diagram, byte for byte as it was uploaded.",
    answer=Content((XML,), "BPMN 2.0 XML."),
)
def show_diagram(asked: Asked, definition_id: UUID) -> Response:
    """As an attachment, so that no browser runs it."""
    with asked.desk.db.reading() as session:
        found = definitions.definition(session, definition_id)
        content = package(session, found.id).bpmn
    name = f"{found.key}-{found.version}-{DIAGRAM}"
    return attachment(content, name, XML)
