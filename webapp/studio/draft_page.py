"""One draft as a whole: its files, what the check says of each, who is at it, and the steps to a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from processes.engine import definitions, drafts
from processes.engine.contents import FileProblem
from processes.engine.deployment import MAY_LOOK
from processes.engine.drafts.checking import Findings, findings
from processes.engine.packages import DIAGRAM, FORMS, JSON
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import Message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.operation_key import once
from webapp.studio.drafts import STATES, TONES
from webapp.studio.lines import Report, problem_words
from webapp.visitors import current_actor

blueprint = Blueprint("studio_draft", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")


@dataclass(frozen=True)
class Step:
    """A step on the way from a draft to a version, with the page where it is taken."""

    title: LazyString
    about: LazyString
    endpoint: str


STEPS = (
    Step(_l("修改"), _l("画流程图，改表单、决策表和文书"), "studio_modeler.show"),
    Step(_l("检查"), _l("本页列出全部问题，须无错误"), ""),
    Step(_l("彩排"), _l("用替身人员和可拨动的时钟走一遍，存为场景"), "studio_rehearsing.show"),
    Step(_l("比较"), _l("与启用的版本逐项比较，看在办案件能否迁移"), "studio_comparing.show"),
    Step(_l("审核与发布"), _l("提交审核，立即发布或定日发布"), "studio_publishing.show"),
)


@dataclass
class FileLine:
    """A file of the draft as the page lists it."""

    path: str
    size: int
    kind: str
    """`diagram`, `form`, `table`, `tests`, `document`, `scenario`, `original` or `other`."""
    title: str
    edit_url: str
    changed: str
    """Who saved it last."""
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many problems keep the draft from being published."""
        return sum(each.severity == "error" for each in self.problems)


@blueprint.get("")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID) -> ResponseReturnValue:
    """The draft as a whole."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        return draft_page(session, desk, actor, draft_id)


@blueprint.post("/title")
@post_needed(*drafts.MAY_EDIT)
def rename(draft_id: UUID) -> ResponseReturnValue:
    """Give the draft another name."""
    actor = current_actor()
    try:
        with once() as operation:
            drafts.rename(operation.session, actor, draft_id, request.form.get("title", ""))
            flash(_("已改名。"))
            return operation.done(url_for("studio_draft.show", draft_id=draft_id))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "title", refused)


@blueprint.post("/discard")
@post_needed(*drafts.MAY_EDIT)
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Give the draft up, for a reason."""
    actor = current_actor()
    try:
        with once() as operation:
            found = drafts.discard(operation.session, actor, draft_id, request.form.get("reason", ""))
            flash(_("已放弃草稿“%(title)s”，其内容仍可查看和导出。", title=found.title))
            return operation.done(url_for("studio.index"))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "reason", refused)


@blueprint.post("/remove")
@post_needed(*drafts.MAY_EDIT)
def remove(draft_id: UUID) -> ResponseReturnValue:
    """Take a file out of the draft."""
    actor = current_actor()
    path, revision = request.form.get("path", ""), request.form.get("revision", type=int) or 0
    try:
        with once() as operation:
            drafts.save_files(operation.session, actor, draft_id, {path: None}, revision)
            flash(_("已从草稿中删除 %(path)s。", path=path))
            return operation.done(url_for("studio_draft.show", draft_id=draft_id) + "#files")
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "remove", refused)


def draft_page(
    session: Session, desk: Desk, actor: Actor, draft_id: UUID, errors: Mapping[str, Message] | None = None
) -> str:
    """The page of a draft, with what was refused beside the form that was sent."""
    actor.need(*MAY_LOOK)
    found = drafts.draft(session, draft_id)
    seen = findings(session, desk.house, drafts.files(session, draft_id))
    versions = definitions.versions(session, found.key)
    return render_template(
        "studio/show.html",
        draft=found,
        base=next((each for each in versions if each.id == found.base_id), None),
        active=next((each for each in versions if each.active), None),
        lines=_lines(session, draft_id, seen),
        report=Report(seen.diagram, seen.unreadable),
        findings=seen,
        words=problem_words,
        steps=[(each, _step_url(each, draft_id)) for each in STEPS],
        others=[each for each in drafts.present(session, [draft_id])[draft_id] if each.person_id != actor.person_id],
        states=STATES,
        tones=TONES,
        may_edit=actor.has(*drafts.MAY_EDIT),
        is_open=found.state == drafts.OPEN,
        errors=errors or {},
        typed=request.form,
    )


def refused_page(draft_id: UUID, name: str, refused: Invalid | Conflict) -> tuple[str, int]:
    """The page of a draft once more, with what was refused beside the form of that name."""
    desk = current_desk()
    with desk.db.reading() as session:
        return draft_page(session, desk, current_actor(), draft_id, {name: refused.text}), refused.status


def _lines(session: Session, draft_id: UUID, seen: Findings) -> list[FileLine]:
    lines = []
    for each in drafts.kept_files(session, draft_id):
        kind = kind_of(each.path)
        lines.append(
            FileLine(
                path=each.path,
                size=each.size,
                kind=kind,
                title=seen.titles.get(each.path, ""),
                edit_url=_edit_url(kind, each.path, draft_id),
                changed=each.changed_by,
                problems=[problem for problem in seen.files if problem.path == each.path],
            )
        )
    order = ("diagram", "form", "table", "tests", "document", "scenario", "original", "other")
    return sorted(lines, key=lambda line: (order.index(line.kind), line.path))


def kind_of(path: str) -> str:
    """What a file of a package is, by its name."""
    if path == DIAGRAM:
        return "diagram"
    folder, _, name = path.rpartition("/")
    if folder == "tables":
        return "tests" if name.endswith(".tests.json") else "table"
    known = {"forms": "form", "documents": "document", "scenarios": "scenario", "original": "original"}
    return known.get(folder, "other")


EDITORS = {"diagram": "studio_modeler.show", "document": "studio_documents.index", "scenario": "studio_rehearsing.show"}


def _edit_url(kind: str, path: str, draft_id: UUID) -> str:
    """Where a file is edited; nothing where there is no page for it."""
    if kind == "form":
        return _url("studio_forms.show", draft_id=draft_id, key=path[len(FORMS) : -len(JSON)])
    if kind in ("table", "tests"):
        name = path.removeprefix("tables/").removesuffix(".tests.json").removesuffix(".dmn")
        return _url("studio_tables.show", draft_id=draft_id, key=name)
    return _url(EDITORS.get(kind, ""), draft_id=draft_id)


def _step_url(step: Step, draft_id: UUID) -> str:
    return _url(step.endpoint, draft_id=draft_id) if step.endpoint else "#check"


def _url(endpoint: str, **values: object) -> str:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]
