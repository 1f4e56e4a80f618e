"""区县分布图: the city's districts coloured by one number each, with the same numbers in a table beside it.

The outlines come with the product (`data/districts.json`, a sketch). A district is found by its division code as it
stands on the day; one that was merged is drawn as a part of its successor, development zones as discs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.statistics import standing
from processes.engine.statistics.cards import Cards
from processes.identity.models import Unit
from processes.registers.quarter_reports import reporting_units
from processes.registers.service_volume import Volume, volumes
from processes.registers.switches import readings_on
from processes.registers.warnings.scope import Scope
from processes.registers.warnings.units import unanswered
from processes.rules.quarters import Quarter
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.oversight import OVERSEERS
from webapp.oversight.tables import table_file
from webapp.pages.lists import asked
from webapp.pages.tables import Cell, Links, Table
from webapp.visitors import current_actor

blueprint = Blueprint("city_map", __name__, url_prefix="/oversight/map")
CLASSES = 5
EARLIEST = 2025
SMALL = 3_000
"""A district of a smaller area, in square pixels, is named in the enlarged part alone."""
Values = Mapping[str, int]
"""A number for each unit that has one."""


@dataclass(frozen=True)
class Measured:
    """A number of each district: what it is called, how it is found, where it leads."""

    title: LazyString
    find: Callable[[Session, int], Values]
    link: Callable[[str, int], str | None]
    is_bad: bool = False
    """Whether much of it is a bad sign."""


@dataclass(frozen=True)
class Area:
    """A district on the map, or a zone without an outline of its own."""

    unit: Unit
    path: str
    x: int
    y: int
    value: int
    heat: int
    is_small: bool


@blueprint.get("/")
@post_needed(*OVERSEERS)
def index() -> ResponseReturnValue:
    """The map and its table."""
    wanted = asked("measure", "year")
    measured = MEASURES.get(wanted.get("measure"), MEASURES["coverage"])
    today = clock.today()
    year = request.args.get("year", today.year, type=int)
    year = year if EARLIEST <= year <= today.year else today.year
    day = min(today, date(year, 12, 31))
    with current_desk().db.reading() as session:
        values = measured.find(session, year)
        units = reporting_units(session, Quarter.of(day))
        table = _table(measured, units, values, year)
        kind = request.args.get("format", "")
        if kind in ("xlsx", "csv"):
            return table_file(table, kind)
        return render_template(
            "oversight/map.html",
            areas=_areas(session, units, values),
            frame=_outlines(),
            table=table,
            limits=_limits(values),
            measures=[(key, str(each.title)) for key, each in MEASURES.items()],
            measure=wanted.get("measure") if wanted.get("measure") in MEASURES else "coverage",
            year=year,
            years=range(today.year, EARLIEST - 1, -1),
        )


def _table(measured: Measured, units: Sequence[Unit], values: Values, year: int) -> Table:
    ranked = sorted(units, key=lambda each: (-values.get(each.id, 0), each.place))
    rows = [
        [Cell(_name(each), url_for("cards.unit", unit_id=each.id)),
         Cell(values.get(each.id, 0), measured.link(each.id, year) if values.get(each.id) else None,
              measured.is_bad and values.get(each.id, 0) > 0)]
        for each in ranked
    ]  # fmt: skip
    return Table("map", str(measured.title), "", [_("区县"), str(measured.title)], rows)


def _name(unit: Unit) -> str:
    return unit.name_en if current_language() == "en" else unit.name


def _areas(session: Session, units: Sequence[Unit], values: Values) -> list[Area]:
    """Each outline with the unit that serves it; outlines of merged districts carry their successor's number."""
    serving = {each.id for each in units}
    known = {each.id: each for each in session.scalars(select(Unit))}
    by_code = {each.division_code: each for each in known.values() if each.division_code}
    most = max(values.values(), default=0)
    found = []
    for code, shape in _outlines()["districts"].items():
        unit: Unit | None = by_code.get(code)
        while unit is not None and unit.id not in serving and unit.successor_id:
            unit = known.get(unit.successor_id)
        if unit is not None:
            value, small = values.get(unit.id, 0), shape["area"] < SMALL
            found.append(Area(unit, shape["path"], shape["x"], shape["y"], value, _heat(value, most), small))
    for key, (x, y) in _outlines()["zones"].items():
        if key in serving:
            value = values.get(key, 0)
            found.append(Area(known[key], "", x, y, value, _heat(value, most), True))
    return found


def _heat(value: int, most: int) -> int:
    """The class of a number: 0 for none, else 1 to `CLASSES` in equal steps."""
    return -(-CLASSES * value // most) if value > 0 and most else 0


def _limits(values: Values) -> list[tuple[int, int]]:
    """The numbers of each class, from the lowest; classes that no number can have are left out."""
    most = max(values.values(), default=0)
    found = []
    for step in range(1, CLASSES + 1):
        first, last = (step - 1) * most // CLASSES + 1, step * most // CLASSES
        found.append((first, last))
    return [each for each in found if each[0] <= each[1]]


@cache
def _outlines() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "districts.json").read_text("utf-8"))
    return found


def _volume(pick: Callable[[Volume], int]) -> Callable[[Session, int], Values]:
    def find(session: Session, year: int) -> Values:
        last = min(clock.today(), date(year, 12, 31))
        return {unit: pick(each) for unit, each in volumes(session, year, last).items()}

    return find


def _overdue(session: Session, _year: int) -> Values:
    cards = Cards.at(current_desk().house.calendar)
    return {each.key: each.load.late for each in standing.by_unit(session, current_actor(), cards)}


def _unanswered(session: Session, _year: int) -> Values:
    day = clock.today()
    waiting = unanswered(session, Scope(), day, readings_on(session, day), current_desk().house.calendar)
    return Counter(each.letter.unit_id for each in waiting if each.letter.unit_id)


def _attendances(**narrowed: Any) -> Callable[[str, int], str | None]:
    def link(unit_id: str, year: int) -> str | None:
        span = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
        return Links(current_actor()).register("attendances", unit_id=unit_id, record="confirmed", **span, **narrowed)

    return link


MEASURES: dict[str, Measured] = {
    "coverage": Measured(
        _l("技术咨询（人次，已确认）"),
        _volume(lambda each: each.attended),
        _attendances(status="attended,written_accepted"),
    ),
    "visits": Measured(
        _l("实地指导（人次）"), _volume(lambda each: each.on_site), _attendances(status="attended", mode="on_site")
    ),
    "replies": Measured(
        _l("未复函件"),
        _unanswered,
        lambda unit_id, _year: Links(current_actor()).register("letters", unit_id=unit_id, status="waiting"),
        is_bad=True,
    ),
    "overdue": Measured(
        _l("逾期未办任务"),
        _overdue,
        lambda unit_id, _year: url_for("waiting.index", unit=unit_id, overdue=1),
        is_bad=True,
    ),
}
"""What the map can show."""
