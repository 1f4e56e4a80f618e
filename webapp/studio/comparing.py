"""Two versions side by side: both diagrams with what is different in them, and every change of substance in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, drafts, publishing
from processes.engine.comparing import Comparison, compare
from processes.engine.deployment import MAY_LOOK
from processes.engine.drawing import Mark, draw
from processes.engine.models import Definition
from processes.engine.packages import DIAGRAM, content_hash, package
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.studio.telling import told
from webapp.visitors import current_actor

blueprint = Blueprint("studio_comparing", __name__, url_prefix="/studio")


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    title: str
    url: str
    svg: str


@blueprint.get("/drafts/<uuid:draft_id>/comparison")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID) -> ResponseReturnValue:
    """What a draft changes in the version in force."""
    actor = current_actor()
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        draft = drafts.draft(session, draft_id)
        files = drafts.files(session, draft_id)
        active = _compared_with(session, draft)
        before = package(session, active.id).files if active else {}
        found = compare(before, files) if active else Comparison(())
        left = _side_of_version(active, before, found, "before") if active else None
        right = Side(
            draft.title,
            url_for("studio_draft.show", draft_id=draft.id),
            _drawn(files, found, "after", draft.title),
        )
        return render_template(
            "studio/comparison.html",
            title=_("版本对照"),
            crumb=(draft.title, url_for("studio_draft.show", draft_id=draft.id)),
            left=left,
            right=right,
            found=found,
            told=told,
            draft=draft,
            seen=publishing.is_seen(session, draft.id, content_hash(files), actor.person_id),
            may_confirm=actor.has("process_owner", "manager") and draft.state in (drafts.OPEN, drafts.SUBMITTED),
            choices=definitions.versions(session, draft.key),
            chosen=(active.id if active else None, None),
        )


def _compared_with(session: Session, draft: drafts.Draft) -> Definition | None:
    """The version in force; of a draft that was submitted the one with which it was compared then."""
    found = next(iter(publishing.publications(session, draft_id=draft.id)), None)
    if found is None or draft.state == drafts.OPEN:
        return definitions.active_version(session, draft.key)
    return definitions.definition(session, found.against_id) if found.against_id is not None else None


@blueprint.post("/drafts/<uuid:draft_id>/comparison")
@post_needed("process_owner", "manager")
def confirm(draft_id: UUID) -> ResponseReturnValue:
    """Note that the reader has looked at the comparison."""
    with once() as operation:
        publishing.look_at_comparison(operation.session, current_actor(), draft_id)
        flash(_("已记录：您查看了现在的内容与启用版本的差异。"))
        return operation.done(url_for("studio_publishing.show", draft_id=draft_id))


@blueprint.get("/compare")
@post_needed(*MAY_LOOK)
def choose() -> ResponseReturnValue:
    """Lead to the comparison of the two versions that were chosen."""
    current_actor().need(*MAY_LOOK)
    left, right = request.args.get("left", type=UUID), request.args.get("right", type=UUID)
    if left is None or right is None:
        raise Invalid(message("请选择要对照的两个版本。"))
    return redirect(url_for("studio_comparing.versions", left_id=left, right_id=right), 303)


@blueprint.get("/compare/<uuid:left_id>/<uuid:right_id>")
@post_needed(*MAY_LOOK)
def versions(left_id: UUID, right_id: UUID) -> ResponseReturnValue:
    """What one version has otherwise than another."""
    current_actor().need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        one, other = definitions.definition(session, left_id), definitions.definition(session, right_id)
        before, after = package(session, one.id).files, package(session, other.id).files
        found = compare(before, after)
        return render_template(
            "studio/comparison.html",
            title=_("版本对照"),
            crumb=(other.title, url_for("studio_versions.procedure", key=other.key)),
            left=_side_of_version(one, before, found, "before"),
            right=_side_of_version(other, after, found, "after"),
            found=found,
            told=told,
            draft=None,
            seen=False,
            may_confirm=False,
            choices=_choices(session, current_actor(), one, other),
            chosen=(one.id, other.id),
        )


def _choices(session: Session, actor: Actor, one: Definition, other: Definition) -> list[Definition]:
    actor.need(*MAY_LOOK)
    keys = dict.fromkeys((one.key, other.key))
    return [each for key in keys for each in definitions.versions(session, key)]


def _side_of_version(definition: Definition, files: Mapping[str, bytes], found: Comparison, place: str) -> Side:
    name = _("%(title)s第 %(version)s 版", title=definition.title, version=definition.version)
    url = url_for("studio_versions.show", definition_id=definition.id)
    return Side(name, url, _drawn(files, found, place, name))


def _drawn(files: Mapping[str, bytes], found: Comparison, place: str, title: str) -> str:
    """The diagram with its marks: what is new only in the later one, what is gone only in the earlier."""
    marks = {each: Mark("changed") for each in found.ids("changed")}
    marks.update({each: Mark("moved") for each in found.moved})
    if place == "before":
        marks.update({each: Mark("removed") for each in found.ids("removed")})
    else:
        marks.update({each: Mark("added") for each in found.ids("added")})
    return draw(files[DIAGRAM], marks, title=title, anchor=f"{place}-")
