"""办结预测: when each open case will end, as past cases of its process did, with the range."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.engine import case_lists, definitions
from processes.engine.case_lists import CaseFilter
from processes.engine.statistics.forecast import Forecast, forecasts
from processes.paging import Page
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.oversight import OVERSEERS
from webapp.oversight.tables import table_file
from webapp.pages.inbox import process_choices, process_names
from webapp.pages.lists import asked
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("forecasts", __name__, url_prefix="/oversight/forecast")
MOST_EXPORTED = 500


@blueprint.get("/")
@post_needed(*OVERSEERS)
def index() -> ResponseReturnValue:
    """The open cases with their forecasts."""
    desk, actor = current_desk(), current_actor()
    wanted = asked("process", "unit")
    narrowed = CaseFilter(process=wanted.get("process"), unit_id=wanted.get("unit"), status="running")
    kind = request.args.get("format", "")
    part = Page(wanted.sort, 0, MOST_EXPORTED, most=MOST_EXPORTED) if kind in ("xlsx", "csv") else wanted.part
    with desk.db.reading() as session:
        active = definitions.active_definitions(session)
        listing = case_lists.cases(session, actor, narrowed, part)
        told = forecasts(session, actor, [row.case for row in listing.items], desk.house.calendar)
        names = process_names(active)
        rows = [(row.case, names.get((row.case.key, row.case.process_id), row.case.key), told.get(row.case.id))
                for row in listing.items]  # fmt: skip
        if kind in ("xlsx", "csv"):
            head = [
                _("案件编号"), _("案件"), _("流程"), _("当前环节"), _("到达时间"), _("预计办结"), _("最早"), _("最晚"),
                _("依据（往案数）"),
            ]  # fmt: skip
            lines = [
                [Cell(case.number), Cell(case.title), Cell(name), *_told(each, case.key)] for case, name, each in rows
            ]
            return table_file(Table("forecast", _("办结预测"), "", head, lines), kind)
        return render_template(
            "oversight/forecast.html",
            rows=rows,
            page=wanted.page_of(listing),
            asked=wanted,
            processes=process_choices(active),
        )


def _told(found: Forecast | None, key: str) -> list[Cell]:
    if found is None:
        return [Cell("")] * 6
    values = (named(found.step, key), found.since, found.middle, found.early, found.late, found.n)
    return [Cell(each) for each in values]
