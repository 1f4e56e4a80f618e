"""Publishing: upload a diagram, see what the deploy check says and what would change, publish that very content."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, deployment
from processes.engine.bundles import bundle
from processes.engine.comparison import Change, compare
from processes.engine.deployment import MAY_DEPLOY, Checked, Rejected
from processes.engine.drawing import draw
from processes.engine.models import Definition
from processes.engine.packages import package
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.limits import MEGABYTE
from webapp.operation_key import once
from webapp.pages.versions import Report, change_words, problem_words
from webapp.visitors import current_actor

blueprint = Blueprint("publishing", __name__, url_prefix="/definitions")
LARGEST = 5
"""Megabytes of an upload on this page: between check and publishing it travels in the form."""


@dataclass(frozen=True)
class Upload:
    """What was sent: the bytes, the name of the file, and the key it is to go under."""

    content: bytes
    name: str
    key: str


@blueprint.get("/new")
@post_needed(*MAY_DEPLOY)
def new() -> ResponseReturnValue:
    """The form for a diagram or a package."""
    return _form(current_actor(), request.args.get("key", ""), "", {})


@blueprint.post("/check")
@post_needed(*MAY_DEPLOY)
def check() -> ResponseReturnValue:
    """What the check says of an upload; nothing is changed yet."""
    desk, actor = current_desk(), current_actor()
    key, new_key = request.form.get("key", "").strip(), request.form.get("new_key", "").strip()
    try:
        upload = _uploaded(key or new_key)
        with desk.db.reading() as session:
            return _checked_page(session, desk, actor, upload)
    except Invalid as refused:
        place = "new_key" if "key" in refused.fields else "file"
        details = {} if place == "new_key" or "file" in refused.fields else refused.fields
        return _form(actor, key, new_key, {place: refused.text}, details), refused.status


@blueprint.post("/publish")
@post_needed(*MAY_DEPLOY)
def publish() -> ResponseReturnValue:
    """Publish what was checked; new cases start on it from now on."""
    desk, actor = current_desk(), current_actor()
    upload = Upload(_carried(), request.form.get("name", "")[:200], request.form.get("key", ""))
    try:
        with once() as operation:
            session = operation.session
            known = {each.id for each in definitions.versions(session, upload.key)}
            found, _checked = deployment.deploy(session, desk.house, actor, bundle(upload.content), upload.key)
            if found.id in known:
                flash(_("内容与第 %(version)s 版相同，未另立新版；已启用第 %(version)s 版。", version=found.version))
            else:
                flash(_("已发布第 %(version)s 版：此后发起的案件按该版本办理。", version=found.version))
            return operation.done(url_for("definitions.show", definition_id=found.id))
    except Rejected as refused:  # the installation has changed since the check
        with desk.db.reading() as session:
            return _checked_page(session, desk, actor, upload), refused.status


def _uploaded(key: str) -> Upload:
    file = request.files.get("file")
    content = file.read() if file is not None else b""
    if file is None or not content.strip():
        raise _wrong(message("请选择流程图（.bpmn）或流程包（.zip）。"))
    if len(content) > LARGEST * MEGABYTE:
        raise _wrong(message("文件超过 %(size)s MB，请用程序接口发布，或减小包中的文书模板。", size=LARGEST))
    file.stream.seek(0)
    return Upload(content, (file.filename or "")[:200], key)


def _carried() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise Invalid(message("上传内容不完整，请重新上传。")) from cause


def _checked_page(session: Session, desk: Desk, actor: Actor, upload: Upload) -> str:
    actor.need(*MAY_DEPLOY, text=message("只有流程管理员可以部署流程。"))
    found: Checked | None = None
    try:
        found = deployment.checked(session, desk.house, bundle(upload.content), upload.key)
        said, giver = Report(found.problems), found.completed_from
    except Rejected as rejected:
        said, giver = Report(rejected.problems), rejected.completed_from
    versions: Sequence[Definition] = definitions.versions(session, found.key) if found else ()
    active = next((each for each in versions if each.active), None)
    return render_template(
        "definitions/check.html",
        upload=upload,
        content=base64.b64encode(upload.content).decode("ascii") if found else "",
        found=found,
        report=said,
        completed_from=giver,
        words=problem_words,
        version=max((each.version for each in versions), default=0) + 1,
        same=_same(versions, found),
        active=active,
        running=definitions.running_cases(session, [each.id for each in versions]),
        changes=_changes(session, active, found),
        change_words=change_words,
        elsewhere=_elsewhere(session, found),
        svg=draw(found.package.bpmn, title=upload.name) if found else "",
    )


def _same(versions: Sequence[Definition], found: Checked | None) -> Definition | None:
    """The version that has this content already."""
    if found is None:
        return None
    return next((each for each in versions if each.content_hash == found.package.content_hash), None)


def _changes(session: Session, active: Definition | None, found: Checked | None) -> list[Change] | None:
    """What the upload changes in the version that new cases start on."""
    return compare(package(session, active.id), found.package) if active and found else None


def _elsewhere(session: Session, found: Checked | None) -> list[Definition]:
    """Other packages that hold a process of the same id: the upload may be meant as their new version."""
    if found is None:
        return []
    ids = set(found.package.processes)
    return [
        each
        for each in definitions.active_definitions(session)
        if each.key != found.key and ids & {process["id"] for process in each.processes}
    ]


def _form(
    actor: Actor, key: str, new_key: str, errors: dict[str, Message], details: Mapping[str, Message] | None = None
) -> str:
    """The upload form; `details` are the places inside a file that cannot be read."""
    actor.need(*MAY_DEPLOY)
    with current_desk().db.reading() as session:
        known = [(each.key, f"{each.title}（{each.key}）") for each in definitions.active_definitions(session)]
    return render_template(
        "definitions/new.html",
        known=known,
        key=key,
        new_key=new_key,
        errors=errors,
        details=details or {},
        largest=LARGEST,
    )


def _wrong(text: Message) -> Invalid:
    return Invalid(text, {"file": text})
