"""The editor of decision tables: cells checked as they are typed, gaps and overlaps told, rows tried."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes import clock
from processes.engine import drafts, tables
from processes.engine.deployment import MAY_LOOK
from processes.engine.tables import DMN, TABLES, TESTS, Input, Output, Rule, Table
from processes.errors import Conflict, Invalid, NotFound
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import say
from webapp.operation_key import once
from webapp.studio.answers import answered, revision_seen, told_to_script
from webapp.studio.draft_page import refused_page
from webapp.studio.table_data import as_data, coverage_data, table_of, trial_data, trials_of, verdict_data
from webapp.studio.table_words import aggregations, policies, types, words
from webapp.visitors import current_actor

blueprint = Blueprint("studio_tables", __name__, url_prefix="/studio/drafts/<uuid:draft_id>/tables")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)


@blueprint.get("/<key>")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID, key: str) -> ResponseReturnValue:
    """The editor of a table; whoever may not change it looks at it there."""
    actor = current_actor()
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        content = drafts.file(session, draft_id, path_of(key))
        return render_template(
            "studio/table.html",
            draft=found,
            key=key,
            path=path_of(key),
            foreign=_is_foreign(content),
            editable=found.state == drafts.OPEN and actor.has(*drafts.MAY_EDIT),
            words=words(),
            policies=policies(),
            aggregations=aggregations(),
            types=types(),
        )


@blueprint.get("/<key>/table.json")
@post_needed(*MAY_LOOK)
@told_to_script
def read(draft_id: UUID, key: str) -> Response:
    """The table and its tests."""
    current_actor().need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        files = drafts.files(session, draft_id)
        if path_of(key) not in files:
            raise NotFound(message("没有决策表“%(key)s”。", key=key))
        table = tables.read_table(files[path_of(key)])
        kept = files.get(tests_of(key))
        trials = tables.read_trials(kept) if kept is not None else []
        return answered(table=as_data(table), tests=[trial_data(each) for each in trials], revision=found.revision)


@blueprint.post("/<key>/check.json")
@post_needed(*MAY_LOOK)
@told_to_script
def check(draft_id: UUID, key: str) -> Response:
    """Check a table as it is being written, and try its tests; nothing is saved."""
    desk = current_desk()
    current_actor().need(*MAY_LOOK)
    with desk.db.reading() as session:
        drafts.draft(session, draft_id)
    data = _sent()
    functions = desk.house.functions(clock.today())
    table = table_of(data.get("table"))
    problems = tables.table_problems(table, functions)
    told: dict[str, Any] = {"problems": [{"place": each.place, "text": say(each.text)} for each in problems]}
    if not problems:
        verdicts = tables.run_trials(table, trials_of(data.get("tests", []), table), functions)
        told["coverage"] = coverage_data(tables.coverage(table))
        told["verdicts"] = [verdict_data(each) for each in verdicts]
    return answered(**told)


@blueprint.put("/<key>/table.json")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def save(draft_id: UUID, key: str) -> Response:
    """Save the table and its tests together; a table that has not changed keeps its bytes."""
    seen, data = revision_seen(), _sent()
    table = table_of(data.get("table"))
    trials = trials_of(data.get("tests", []), table)
    with current_desk().db.transaction() as session:
        before = drafts.files(session, draft_id)
        changes: dict[str, bytes | None] = {tests_of(key): tables.write_trials(trials) if trials else None}
        if not _holds(before.get(path_of(key)), table):
            changes[path_of(key)] = tables.write_table(table)
        found = drafts.save_files(session, current_actor(), draft_id, changes, seen)
        return answered(revision=found.revision, changed_at=found.changed_at.isoformat())


@blueprint.post("")
@post_needed(*drafts.MAY_EDIT)
def add(draft_id: UUID) -> ResponseReturnValue:
    """A new table with one input, one output and one rule."""
    actor = current_actor()
    key, revision = request.form.get("key", "").strip(), request.form.get("revision", type=int) or 0
    try:
        with once() as operation:
            if not KEY.fullmatch(key):
                raise Invalid(message("决策表标识应以英文字母开头，只含字母、数字、下划线和连字符。"))
            if path_of(key) in drafts.files(operation.session, draft_id):
                raise Invalid(message("草稿中已有决策表“%(key)s”。", key=key))
            name = request.form.get("table_title", "").strip()[:100] or key
            content = tables.write_table(_begun(key, name))
            drafts.save_files(operation.session, actor, draft_id, {path_of(key): content}, revision)
            flash(_("已添加决策表“%(key)s”。在流程图的规则任务上选择它，办理时就会使用。", key=key))
            return operation.done(url_for("studio_tables.show", draft_id=draft_id, key=key))
    except (Invalid, Conflict) as refused:
        return refused_page(draft_id, "table_key", refused)


def path_of(key: str) -> str:
    """The file of a table."""
    return f"{TABLES}{key}{DMN}"


def tests_of(key: str) -> str:
    """The file of a table's tests."""
    return f"{TABLES}{key}{TESTS}"


def _begun(key: str, name: str) -> Table:
    plain = key.replace("-", "_")
    return Table(
        id=plain,
        name=name,
        inputs=(Input("input_1", _("金额"), "amount", "number"),),
        outputs=(Output("output_1", "result", _("结果"), "string"),),
        rules=(Rule("rule_1", ("-",), ('"同意"',)),),
    )


def _sent() -> dict[str, Any]:
    try:
        data = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as cause:
        raise Invalid(message("提交的内容不是一张决策表。")) from cause
    if not isinstance(data, dict):
        raise Invalid(message("提交的内容不是一张决策表。"))
    return data


def _holds(content: bytes | None, table: Table) -> bool:
    """Whether a file says the same already."""
    try:
        return content is not None and tables.read_table(content) == table
    except Invalid:
        return False


def _is_foreign(content: bytes) -> bool:
    """Whether a file would look different after it was saved here."""
    try:
        return tables.write_table(tables.read_table(content)) != content
    except Invalid:
        return False
