"""The form editor: a form of a draft is changed, checked and seen as people will see it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, drafts
from processes.engine.deployment import MAY_LOOK
from processes.engine.drafts.losses import losses
from processes.engine.packages import DIAGRAM, FORMS, JSON, package
from processes.engine.variables import naming
from processes.errors import Conflict, Invalid, NotFound
from processes.forms.beginning import initial_values
from processes.forms.checking import check_definition, loaded
from processes.forms.definition import FormDefinition
from processes.forms.problems import Problem
from processes.forms.sayings import form_key
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.language import LANGUAGES, say
from webapp.operation_key import once
from webapp.studio.answers import answered, told_to_script
from webapp.studio.draft_page import refused_page
from webapp.studio.form_words import kinds, limits, words
from webapp.studio.lines import preview_context
from webapp.visitors import current_actor

blueprint = Blueprint("studio_forms", __name__, url_prefix="/studio/drafts/<uuid:draft_id>/forms")
MOST_ROUNDS = 3
"""Times that fields are left out of a preview until the rest can be shown."""
_FIELD = re.compile(r"fields\[(\d+)\]")


@blueprint.get("/<key>")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID, key: str) -> ResponseReturnValue:
    """The editor of a form; whoever may not change it looks at it there."""
    desk, actor = current_desk(), current_actor()
    actor.need(*MAY_LOOK)
    with desk.db.reading() as session:
        found = drafts.draft(session, draft_id)
        files = drafts.files(session, draft_id)
        if path_of(key) not in files:
            raise NotFound(message("没有表单“%(key)s”。", key=key))
        return render_template(
            "studio/form.html",
            draft=found,
            key=key,
            path=path_of(key),
            steps=naming(files.get(DIAGRAM, b""), "form", key),
            editable=found.state == drafts.OPEN and actor.has(*drafts.MAY_EDIT),
            kinds=kinds(),
            limits=limits(),
            words=words(),
            lists=sorted(desk.house.options),
        )


@blueprint.post("/<key>/preview.json")
@post_needed(*MAY_LOOK)
@told_to_script
def preview(draft_id: UUID, key: str) -> Response:
    """Check a form as it is being written, and draw it in both languages as people will see it; nothing is saved."""
    desk = current_desk()
    current_actor().need(*MAY_LOOK)
    form = loaded(request.get_data())
    with desk.db.reading() as session:
        found = drafts.draft(session, draft_id)
        files = drafts.files(session, draft_id)
        problems = check_definition(form)
        missed = losses(files, key, _earlier(session, found, files, key), form)
        shown = _shown(form, problems)
        return answered(
            problems=[{"path": each.path, "text": say(each.message)} for each in problems],
            losses=[{"field": each.field, "text": say(each.text)} for each in missed],
            html={} if shown is None else _drawn(session, desk, shown),
            whole=not problems,
        )


@blueprint.post("")
@post_needed(*drafts.MAY_EDIT)
def add(draft_id: UUID) -> ResponseReturnValue:
    """A new form with one field, or a copy of another one."""
    actor = current_actor()
    key, revision = request.form.get("key", "").strip(), request.form.get("revision", type=int) or 0
    try:
        with once() as operation:
            files = drafts.files(operation.session, draft_id)
            if form_key(key) is not None:
                raise Invalid(form_key(key) or message("表单标识不正确。"))
            if path_of(key) in files:
                raise Invalid(message("草稿中已有表单“%(key)s”。", key=key))
            content = _begun(files, key, request.form.get("copied", ""), request.form.get("form_title", "").strip())
            drafts.save_files(operation.session, actor, draft_id, {path_of(key): content}, revision)
            flash(_("已添加表单“%(key)s”。在流程图的人工任务上选择它，办理时就会使用。", key=key))
            return operation.done(url_for("studio_forms.show", draft_id=draft_id, key=key))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "form_key", refused)


def path_of(key: str) -> str:
    """The file of a form."""
    return f"{FORMS}{key}{JSON}"


def _begun(files: Mapping[str, bytes], key: str, copied: str, title: str) -> bytes:
    if copied:
        if path_of(copied) not in files:
            raise Invalid(message("没有表单“%(key)s”。", key=copied))
        form = loaded(files[path_of(copied)])
        form["key"] = key
        form["title"] = {"zh": title} if title else form.get("title", key)
    else:
        field = {"key": "opinion", "type": "textarea", "label": {"zh": "意见", "en": "Opinion"}, "required": True}
        form = {"key": key, "title": {"zh": title or key}, "fields": [field]}
    return orjson.dumps(form, option=orjson.OPT_INDENT_2) + b"\n"


def _earlier(session: Session, found: drafts.Draft, files: Mapping[str, bytes], key: str) -> list[Mapping[str, Any]]:
    """The form as it was saved last, and as it is in the version from which the draft began."""
    contents = [files.get(path_of(key))]
    if found.base_id is not None:
        contents.append(package(session, definitions.definition(session, found.base_id).id).files.get(path_of(key)))
    earlier: list[Mapping[str, Any]] = []
    for content in contents:
        try:
            earlier += [loaded(content)] if content is not None else []
        except Invalid:
            continue
    return earlier


def _shown(form: Mapping[str, Any], problems: Sequence[Problem]) -> FormDefinition | None:
    """The form without the fields that are wrong; None when nothing of it can be shown yet."""
    part: dict[str, Any] = {name: form[name] for name in ("key", "title", "help", "fields") if name in form}
    for _round in range(MOST_ROUNDS):
        if not problems:
            return FormDefinition.parse(part)
        wrong = {int(found[1]) for each in problems if (found := _FIELD.match(each.path))}
        if any(each.path.startswith("key") for each in problems):
            part["key"] = "preview"
        if any(each.path.startswith("title") for each in problems):
            part["title"] = "—"
        if any(each.path.startswith("help") for each in problems):
            part.pop("help", None)
        fields = part.get("fields")
        if not isinstance(fields, list):
            return None
        part["fields"] = [field for place, field in enumerate(fields) if place not in wrong]
        problems = check_definition(part)
    return None if problems else FormDefinition.parse(part)


def _drawn(session: Session, desk: Desk, form: FormDefinition) -> dict[str, str]:
    """The form as the pages of tasks draw it, by language."""
    drawn = {}
    for language, locale in LANGUAGES.items():
        context = preview_context(session, desk.house, form, language)
        with force_locale(locale):
            drawn[language] = render_template(
                "studio/form_preview.html",
                form=form,
                context=context,
                values=initial_values(form, context),
                language=language,
            )
    return drawn
