"""A version told on one page that is printed: picture, steps with posts, forms, deadlines and articles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.documents.manifest import DocumentKind
from processes.engine import contents, deadlines, definitions, tables
from processes.engine.deadlines import Offset
from processes.engine.deployment import MAY_LOOK
from processes.engine.drafts.documents import lines as document_lines
from processes.engine.drawing import draw
from processes.engine.models import Definition
from processes.engine.packages import Package
from processes.engine.packages import package as package_of
from processes.engine.spiff import Element
from processes.engine.tables import Table
from processes.errors import Invalid
from processes.forms.conditions import Condition
from processes.forms.definition import Field, FormDefinition
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.drawing import post_name
from webapp.language import current_language
from webapp.studio.form_words import kind_names
from webapp.studio.lines import StepLine, form_lines, process_lines, step_lines
from webapp.studio.table_words import policies
from webapp.visitors import current_actor

blueprint = Blueprint("studio_documentation", __name__, url_prefix="/studio/versions/<uuid:definition_id>")
ARTICLES = re.compile(r"第[一二三四五六七八九十百零]+条(?:[（(][一二三四五六七八九十]+[）)])?")
"""Articles of the regulation as they are cited in the notes of a diagram."""


@dataclass(frozen=True)
class StepTold:
    """A step with everything that the diagram says of it."""

    line: StepLine
    reminders: list[str]
    escalations: list[str]
    documents: list[str]
    table: str
    operation: str
    """What a service task does, in words."""
    articles: list[str]
    note: str


@dataclass(frozen=True)
class FieldTold:
    """A field of a form in words."""

    label: str
    key: str
    kind: str
    needed: str
    when: str
    limits: list[str]
    depth: int = 0


@dataclass(frozen=True)
class FormTold:
    """A form with the steps that use it."""

    key: str
    title: str
    steps: list[str]
    fields: list[FieldTold]


@blueprint.get("/documentation")
@post_needed(*MAY_LOOK)
def show(definition_id: UUID) -> ResponseReturnValue:
    """The whole of a version on one page, for the desk and for paper."""
    desk, actor = current_desk(), current_actor()
    actor.need(*MAY_LOOK)
    with desk.db.reading() as session:
        return _page(session, desk, definitions.definition(session, definition_id))


def _page(session: Session, desk: Desk, definition: Definition) -> str:
    of = package_of(session, definition.id)
    kinds, decisions = contents.document_kinds_of(of.files), _tables(of.files)
    steps = (_step(desk, of, line, kinds, decisions) for line in step_lines(definition, of))
    told = [each for each in steps if _is_told(of, each)]
    notes = [(each.name, each.documentation) for each in _processes(of) if each.documentation]
    cited = {article for each in told for article in each.articles}
    return render_template(
        "studio/documentation.html",
        definition=definition,
        svg=draw(of.bpmn, title=definition.title),
        processes=process_lines(of),
        notes=notes,
        steps=told,
        forms=[_form(each.key, each.form, each.steps) for each in form_lines(of)],
        documents=document_lines(of.files, of.bpmn),
        tables=list(decisions.values()),
        policies=policies(),
        articles=sorted(cited.union(*(ARTICLES.findall(text) for _name, text in notes)), key=_order),
    )


def _is_told(of: Package, step: StepTold) -> bool:
    """Whether a step says something that the picture does not: work, waiting, a note; a bare fork or end does not."""
    element = of.program.elements.get(step.line.id)
    kind = element.kind if element is not None else ""
    return bool(step.note or step.articles) or not kind.endswith(("Gateway", "startEvent", "endEvent"))


def _processes(of: Package) -> list[Element]:
    return [of.program.elements[each] for each in of.program.processes]


def _step(
    desk: Desk, of: Package, line: StepLine, kinds: Mapping[str, DocumentKind], decisions: Mapping[str, Table]
) -> StepTold:
    element = of.program.elements.get(line.id)
    given: Mapping[str, str] = element.properties if element is not None else {}
    note = element.documentation.strip() if element is not None else ""
    operation = desk.house.operations.get(given.get("operation", ""))
    named = kinds.get(given.get("document", ""))
    key = given.get("table") or (element.table if element is not None else "")
    return StepTold(
        line=line,
        reminders=_reminders(given.get("remind", "")),
        escalations=_escalations(given.get("escalate", "")),
        documents=[] if named is None else [_titled(named.title_zh, named.title_en)],
        table=decisions[key].name if key in decisions else "",
        operation=operation.title.text(current_language()) if operation is not None else "",
        articles=list(dict.fromkeys(ARTICLES.findall(f"{line.name} {note}"))),
        note=note,
    )


def _titled(zh: str, en: str) -> str:
    return en if current_language() == "en" and en else zh


def _reminders(text: str) -> list[str]:
    try:
        return [_offset_words(each) for each in deadlines.reminders(text)]
    except Invalid:
        return [text]


def _escalations(text: str) -> list[str]:
    try:
        found = deadlines.escalations(text)
    except Invalid:
        return [text]
    return [_("%(when)s告知%(post)s", when=_offset_words(by), post=post_name(role)) for role, by in found]


def _offset_words(by: Offset) -> str:
    """Days before or after the due day, in words."""
    if by.count == 0:
        return _("到期当日")
    if by.workdays:
        if by.count < 0:
            return _("到期前 %(count)s 个工作日", count=-by.count)
        return _("逾期 %(count)s 个工作日", count=by.count)
    return _("到期前 %(count)s 天", count=-by.count) if by.count < 0 else _("逾期 %(count)s 天", count=by.count)


def _tables(files: Mapping[str, bytes]) -> dict[str, Table]:
    found = {}
    for key, path in contents.table_files(files).items():
        try:
            found[key] = tables.read_table(files[path])
        except Invalid:
            continue
    return found


def _form(key: str, form: FormDefinition, used: list[str]) -> FormTold:
    language = current_language()
    fields: list[FieldTold] = []
    for field in form.fields:
        fields.append(_field(form, field, language, 0))
        fields += [_field(form, column, language, 1) for column in field.columns]
    return FormTold(key, form.title.text(language), used, fields)


def _field(form: FormDefinition, field: Field, language: str, depth: int) -> FieldTold:
    needed = _("必填") if field.required else ""
    if field.readonly:
        needed = _("只供查看")
    elif field.required_if is not None:
        needed = _("必填：%(condition)s", condition=_condition(form, field.required_if, language))
    return FieldTold(
        label=field.label.text(language),
        key=field.key,
        kind=kind_names().get(field.type, field.type),
        needed=needed,
        when=_condition(form, field.show_if, language) if field.show_if is not None else "",
        limits=_limits(field, language),
        depth=depth,
    )


def _limits(field: Field, language: str) -> list[str]:
    yuan = field.type == "money"
    found = []
    for text, value in (
        (_("不小于 %(limit)s"), field.minimum),
        (_("不大于 %(limit)s"), field.maximum),
    ):
        if value is not None:
            found.append(text % {"limit": f"{value / 100:g}" if yuan else f"{value:g}"})
    if field.min_length:
        found.append(_("至少 %(count)s 个字", count=field.min_length))
    if field.max_length:
        found.append(_("至多 %(count)s 个字", count=field.max_length))
    if field.pattern:
        found.append(_("格式 %(pattern)s", pattern=field.pattern))
    if field.not_before:
        found.append(_("不早于 %(day)s", day=field.not_before))
    if field.not_after:
        found.append(_("不晚于 %(day)s", day=field.not_after))
    if field.options:
        found.append(_("、").join(each.text(language) for each in field.options[:12]))
    return found


def _condition(form: FormDefinition, condition: Condition, language: str) -> str:
    """A condition in words, with the labels of the fields it looks at."""
    found = []
    for each in condition.comparisons():
        owner = form.field(each.key)
        names: dict[str | bool, str] = {True: _("是"), False: _("否")}
        names.update((option.value, option.text(language)) for option in (owner.options if owner is not None else ()))
        values = _("或").join(str(names.get(value, value)) for value in each.values)
        label = owner.label.text(language) if owner is not None else each.key
        text = _("“%(question)s”不是%(answer)s") if each.negated else _("“%(question)s”为%(answer)s")
        found.append(text % {"question": label, "answer": values})
    return (_("，或") if condition.kind == "any" else _("，且")).join(found)


_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")}


def _order(article: str) -> tuple[int, str]:
    """Articles in the order of the regulation."""
    number = 0
    for digit in article[1 : article.index("条")]:
        value = _DIGITS.get(digit, 0)
        number = (number or 1) * 10 if value == 10 else number + value
    return number, article
