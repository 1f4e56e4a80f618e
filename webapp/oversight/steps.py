"""环节用时: how long each step takes, by bureau and month, on the diagram, and one version against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import definitions
from processes.engine.drawing import draw
from processes.engine.drawing.marks import HEATS, Mark
from processes.engine.models import Definition
from processes.engine.packages import package
from processes.engine.statistics.measures import Measure
from processes.engine.statistics.steps import (
    Durations,
    Sight,
    StepFigures,
    durations,
    organization_names,
    whole_cases,
    with_open,
)
from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.rules.workdays import WorkCalendar
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.oversight import OVERSEERS
from webapp.oversight.tables import days, measure_cells, measure_head, share, table_file
from webapp.pages.inbox import procedure_choices, unit_choices
from webapp.pages.lists import Asked, asked
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("step_figures", __name__, url_prefix="/oversight/steps")
YEAR = timedelta(days=365)
MOST_SHOWN = 15
"""Rows of a table beside that of the steps."""
MEASURES = ("median", "n", "open", "late")
"""What the diagram can be filled by."""


@dataclass(frozen=True)
class Read:
    """What one page tells of: the sight, and the version against which it is compared."""

    key: str
    sight: Sight
    version: Definition | None
    against: Definition | None


@blueprint.get("/")
@post_needed(*OVERSEERS)
def index() -> ResponseReturnValue:
    """The steps of one procedure."""
    desk, actor = current_desk(), current_actor()
    wanted = asked("process", "from", "to", "version", "against", "unit", "organization", "by")
    with desk.db.reading() as session:
        active = definitions.active_definitions(session)
        read = _read(session, wanted, active)
        if read is None:
            return render_template("oversight/steps.html", tables=[], choices={}, asked=wanted, svg="", bound=None)
        found = durations(session, actor, read.sight, desk.house.calendar)
        steps = with_open(session, read.sight, found.by_step())
        whole = whole_cases(session, actor, read.sight, desk.house.calendar)
        tables = _tables(session, actor, read, found, (steps, whole), desk.house.calendar)
        kind = request.args.get("format", "")
        if kind in ("xlsx", "csv"):
            chosen = next((each for each in tables if each.key == request.args.get("table")), tables[0])
            return table_file(chosen, kind)
        measure = wanted.get("by") if wanted.get("by") in MEASURES else "median"
        return render_template(
            "oversight/steps.html",
            tables=[_shortened(each) for each in tables],
            read=read,
            asked=wanted,
            choices=_choices(session, active, read),
            svg=_picture(session, read, steps, measure, active),
            measure=measure,
            bound=found.bound,
            answer=_answer(session, read, steps, whole),
        )


def _answer(session: Session, read: Read, steps: Sequence[StepFigures], whole: Mapping[str, Measure]) -> str:
    """How long the procedure takes, and at which steps it waits, in a sentence."""
    first = _processes(session, read)[0]
    took = whole.get(first["id"], Measure(0, None, None))
    said = [_("%(process)s：本期办结 %(n)s 件", process=named(first["name"], read.key), n=took.n)]
    if took.n:
        said.append(_("中位用时 %(days)s 个工作日", days=days(took.median)))
    slowest = max(steps, key=lambda each: each.took.median or 0, default=None)
    if slowest is not None and slowest.took.median:
        said.append(_("用时最长的环节是“%(step)s”（中位 %(days)s 个工作日）", step=named(slowest.step, read.key),
                      days=days(slowest.took.median)))  # fmt: skip
    fullest = max(steps, key=lambda each: (each.late, each.open), default=None)
    if fullest is not None and fullest.open:
        said.append(_("现在卡得最多的环节是“%(step)s”（待办 %(open)s 件，逾期 %(late)s 件）",
                      step=named(fullest.step, read.key), open=fullest.open, late=fullest.late))  # fmt: skip
    return _("；").join(said) + _("。")


def _read(session: Session, wanted: Asked, active: Sequence[Definition]) -> Read | None:
    keys = [each.key for each in active]
    key = wanted.get("process") or (keys[0] if keys else "")
    if not key:
        return None
    if key not in keys and not definitions.versions(session, key):
        raise NotFound(message("没有名为“%(key)s”的流程。", key=key))
    today = clock.today()
    first, last = _day(wanted, "from") or today - YEAR, _day(wanted, "to") or today
    if first > last:
        raise Invalid(message("起始日期不能晚于截止日期。"))
    version, against = (_version(session, key, wanted.get(name)) for name in ("version", "against"))
    sight = Sight(key, first, last, version.id if version else None, wanted.get("unit"), wanted.get("organization"))
    return Read(key, sight, version, against)


def _day(wanted: Asked, name: str) -> date | None:
    try:
        return date.fromisoformat(wanted.get(name)) if wanted.get(name) else None
    except ValueError as cause:
        raise Invalid(message("日期应写作 2026-01-31 的形式。")) from cause


def _version(session: Session, key: str, text: str) -> Definition | None:
    try:
        found = session.get(Definition, UUID(text)) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.key != key):
        raise NotFound(message("没有这个流程定义。"))
    return found


def _tables(
    session: Session, actor: Actor, read: Read, found: Durations,
    figures: tuple[Sequence[StepFigures], Mapping[str, Measure]], calendar: WorkCalendar,
) -> list[Table]:  # fmt: skip
    steps, cases = figures
    tables = [_step_table(session, actor, read, steps, calendar)]
    titles = {each["id"]: named(each["name"], read.key) for each in _processes(session, read)}
    rows = [[Cell(titles.get(key, key)), *measure_cells(each)] for key, each in cases.items()]
    tables.append(Table("cases", _("整案用时"), "", [_("流程"), *measure_head()[:3]], [row[:4] for row in rows]))
    by_organization = found.by_organization()
    names = organization_names(session, by_organization)
    ranked = sorted(by_organization.items(), key=lambda each: (-(each[1].late_share or 0), -(each[1].median or 0)))
    rows = [
        [Cell(names.get(key) or _("个人"), _narrowed(key) if key else None), *measure_cells(each)]
        for key, each in ranked
    ]
    tables.append(Table("organizations", _("按单位"), "", [_("单位"), *measure_head()], rows))
    rows = [[Cell(month.strftime("%Y-%m")), *measure_cells(each)] for month, each in found.by_month().items()]
    tables.append(Table("months", _("逐月趋势"), "", [_("月份"), *measure_head()], rows))
    return tables


def _step_table(
    session: Session, actor: Actor, read: Read, steps: Sequence[StepFigures], calendar: WorkCalendar
) -> Table:
    other = _other(session, actor, read, calendar)
    head = [_("环节"), *measure_head(), _("现有待办"), _("其中逾期")]
    if read.against:
        number = read.against.version
        head += [
            _("第 %(version)s 版中位用时", version=number),
            _("第 %(version)s 版逾期率", version=number),
            _("中位用时变化"),
        ]
    rows = []
    for each in steps:
        tasks = url_for("waiting.index", process=read.key, step=each.element_id)
        late = url_for("waiting.index", process=read.key, step=each.element_id, overdue=1)
        row = [
            Cell(named(each.step, read.key)), *measure_cells(each.took), Cell(each.open, tasks if each.open else None),
            Cell(each.late, late if each.late else None, late=each.late > 0),
        ]  # fmt: skip
        if read.against:
            then = other.get(each.element_id, Measure(0, None, None))
            row += [Cell(days(then.median)), Cell(share(then.late_share)), Cell(_change(then.median, each.took.median))]
        rows.append(row)
    return Table("steps", _("各环节用时"), "", head, rows)


def _other(session: Session, actor: Actor, read: Read, calendar: WorkCalendar) -> Mapping[str, Measure]:
    """The steps of the version compared with, over its whole time: it may have run before the period began."""
    if read.against is None:
        return {}
    sight = Sight(read.key, None, None, read.against.id, read.sight.unit_id, read.sight.organization_id)
    return {each.element_id: each.took for each in durations(session, actor, sight, calendar).by_step()}


def _change(then: float | None, now: float | None) -> str:
    if then is None or now is None:
        return "—"
    return f"{now - then:+.1f}"


def _shortened(table: Table) -> Table:
    """The first rows of a long table; the file has all."""
    if len(table.rows) <= MOST_SHOWN or table.key == "steps":
        return table
    note = _("列出前 %(count)s 行，全部 %(all)s 行见导出文件。", count=MOST_SHOWN, all=len(table.rows))
    return replace(table, rows=table.rows[:MOST_SHOWN], note=note)


def _narrowed(organization: str) -> str:
    """The same page of one bureau alone."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name not in ("format", "table")}
    return url_for("step_figures.index", **{**kept, "organization": organization})


def _processes(session: Session, read: Read) -> Sequence[Mapping[str, str]]:
    newest = read.version or definitions.active_version(session, read.key) or definitions.versions(session, read.key)[0]
    return newest.processes


def _picture(
    session: Session, read: Read, steps: Sequence[StepFigures], measure: str, active: Sequence[Definition]
) -> str:
    """The diagram filled by the measure; every number is told in words too."""
    shown = read.version or next((each for each in active if each.key == read.key), None)
    if shown is None:
        return ""
    values = {each.element_id: _value(each, measure) for each in steps}
    most = max((value for value in values.values() if value), default=0)
    marks = {}
    for each in steps:
        value = values[each.element_id]
        if value is None and not each.open:
            continue
        heat = max(1, round(HEATS * value / most)) if value and most else 0
        note = _("办结 %(n)s 件，中位 %(days)s 个工作日", n=each.took.n, days=days(each.took.median))
        label = _("%(days)s 天", days=days(each.took.median)) if each.took.n else ""
        marks[each.element_id] = Mark("measured", each.open or None, note, label, heat)
    return draw(package(session, shown.id).bpmn, marks, title=named(shown.title, shown.key))


def _value(each: StepFigures, measure: str) -> float | None:
    if measure == "open":
        return float(each.open)
    if measure == "n":
        return float(each.took.n)
    return each.took.late_share if measure == "late" else each.took.median


def _choices(session: Session, active: Sequence[Definition], read: Read) -> dict[str, list[tuple[str, str]]]:
    versions = definitions.versions(session, read.key)
    return {
        "processes": procedure_choices(active),
        "versions": [(str(each.id), _("第 %(version)s 版", version=each.version)) for each in versions],
        "units": unit_choices(session),
        "measures": [("median", _("中位用时")), ("n", _("办结数")), ("open", _("现有待办")), ("late", _("逾期率"))],
    }
