"""总览: cases by procedure and stage, open work by district, bureau and person, who waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.definitions import active_definitions, process_path
from processes.engine.models import Definition
from processes.engine.statistics import standing
from processes.engine.statistics.cards import Cards
from processes.engine.statistics.standing import GroupRow
from processes.engine.unmanned import unmanned
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.paging import Listing, Page, Total
from processes.registers.appraisals import appraisal_on
from processes.registers.grading import cap_standing
from processes.registers.warnings.planners import serving, terms_ending
from processes.registers.warnings.scope import Scope
from processes.registers.warnings.units import count_vacancies
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.oversight import OVERSEERS
from webapp.oversight.tables import load_cells, load_head, table_file
from webapp.pages.inbox import process_names
from webapp.pages.lists import asked
from webapp.pages.tables import Cell, Table
from webapp.visitors import current_actor

blueprint = Blueprint("oversight", __name__, url_prefix="/oversight")
SHOWN = 10
"""Rows of each long table on the first page; the rest is on a page of its own."""
MOST_EXPORTED = 5_000


@dataclass(frozen=True)
class Group:
    """A way to group open work: its table, and whether it is long and has pages."""

    make: Callable[[Session, Actor, Cards, Page], tuple[Table, Listing[Any] | None]]
    sortable: bool = False


@dataclass(frozen=True)
class Tile:
    """One number of the first lines and where it leads."""

    title: str
    number: object
    url: str
    late: bool = False


@blueprint.get("/")
@post_needed(*OVERSEERS)
def index() -> ResponseReturnValue:
    """Where everything stands."""
    desk, actor = current_desk(), current_actor()
    cards = Cards.at(desk.house.calendar)
    with desk.db.reading() as session:
        tables = [each.make(session, actor, cards, Page(limit=SHOWN, counted=False)) for each in GROUPS.values()]
        appraisal = appraisal_on(session, clock.today().year)
        return render_template(
            "oversight/overview.html",
            tiles=_tiles(session, actor, cards),
            tables=[(table, listing is not None and listing.more) for table, listing in tables],
            cap=cap_standing(session, appraisal).sentence if appraisal else "",
            appraisal=appraisal,
        )


@blueprint.get("/by/<by>")
@post_needed(*OVERSEERS)
def group(by: str) -> ResponseReturnValue:
    """One table as a whole, a page at a time, or as a file."""
    desk, actor = current_desk(), current_actor()
    found = GROUPS.get(by)
    if found is None:
        raise NotFound(message("没有这张统计表。"))
    cards, wanted = Cards.at(desk.house.calendar), asked()
    kind = request.args.get("format", "")
    with desk.db.reading() as session:
        if kind in ("xlsx", "csv"):
            whole = Page(wanted.sort, 0, MOST_EXPORTED, most=MOST_EXPORTED)
            return table_file(found.make(session, actor, cards, whole)[0], kind)
        table, listing = found.make(session, actor, cards, wanted.part)
        page = wanted.page_of(listing) if listing is not None else None
        return render_template(
            "oversight/group.html", table=table, page=page, asked=wanted, by=by, sorts=SORTS if found.sortable else {}
        )


def _tiles(session: Session, actor: Actor, cards: Cards) -> list[Tile]:
    day = clock.today()
    load, nobodys = standing.total(session, actor, cards), unmanned(session, day).count
    running, suspended, stopped = standing.going_on(session, actor)
    vacant = count_vacancies(session, Scope())
    ending = len(terms_ending(list(serving(session, Scope(), day)), day))
    return [
        Tile(_("在办案件"), running, url_for("cases.index", status="running")),
        Tile(_("已挂起"), suspended, url_for("cases.index", status="suspended")),
        Tile(_("未办任务"), load.open, url_for("waiting.index")),
        Tile(_("临期"), load.soon, url_for("waiting.index", card="soon")),
        Tile(_("黄牌"), load.yellow, url_for("waiting.index", card="yellow"), load.yellow > 0),
        Tile(_("红牌"), load.red, url_for("waiting.index", card="red"), load.red > 0),
        Tile(_("无人可办"), nobodys, url_for("waiting.index", unmanned=1), nobodys > 0),
        Tile(_("故障案件"), stopped, url_for("cases.index", incident=1), stopped > 0),
        Tile(_("空缺岗位"), vacant, url_for("warnings.index", _anchor="vacancies"), vacant > 0),
        Tile(_("90 天内聘期届满"), ending, url_for("warnings.index", _anchor="terms")),
    ]


def _stages(session: Session, actor: Actor, cards: Cards, _page: Page) -> tuple[Table, None]:
    active = active_definitions(session)
    names, stages = process_names(active), _stage_names(active)
    rows = []
    for each in standing.by_stage(session, actor, cards):
        path = process_path(each.key, each.process_id)
        process = names.get((each.key, each.process_id), path)
        stage = stages.get((each.key, each.process_id, each.stage), each.stage)
        cases = url_for("cases.index", process=path, stage=each.stage or None, status="running")
        rows.append([
            Cell(process), Cell(stage if each.stage else "—"), Cell(each.cases, cases if each.cases else None),
            *load_cells(each.load, process=path, stage=each.stage or None),
        ])  # fmt: skip
    head = [_("流程"), _("阶段"), _("在办案件"), *load_head()]
    return Table("stages", _("按流程和阶段"), "", head, rows), None


def _stage_names(active: Sequence[Definition]) -> dict[tuple[str, str, str], str]:
    """What the stages are called, by key, process and stage."""
    language = "en" if current_language() == "en" else "zh"
    return {
        (definition.key, process["id"], each["key"]): each[language] or each["zh"]
        for definition in active
        for process in definition.processes
        for each in process["stages"]
    }


def _units(session: Session, actor: Actor, cards: Cards, page: Page) -> tuple[Table, Listing[GroupRow]]:
    """The worst first on the overview; there are some forty of them."""
    found = standing.by_unit(session, actor, cards)
    found.sort(key=lambda each: (-each.load.red, -each.load.yellow, -each.load.open))
    shown = found[page.offset : page.offset + page.rows]
    rows = [
        [Cell(_name(each), url_for("cards.unit", unit_id=each.key)), *load_cells(each.load, unit=each.key)]
        for each in shown
    ]
    listing = Listing(shown, Total(len(found)), page.offset + len(shown) < len(found))
    return Table("units", _("按区县"), "", [_("区县"), *load_head()], rows), listing


def _organizations(session: Session, actor: Actor, cards: Cards, page: Page) -> tuple[Table, Listing[GroupRow]]:
    found = standing.by_organization(session, actor, cards, page)
    rows = [[Cell(_name(each)), *load_cells(each.load, organization=each.key)] for each in found.items]
    return Table("organizations", _("按单位"), "", [_("单位"), *load_head()], rows), found


def _persons(session: Session, actor: Actor, cards: Cards, page: Page) -> tuple[Table, Listing[GroupRow]]:
    found = standing.by_person(session, actor, cards, page)
    rows = [[Cell(each.name), *load_cells(each.load, person=each.key)] for each in found.items]
    return Table("persons", _("按人员"), "", [_("人员"), *load_head()], rows), found


def _waits(session: Session, actor: Actor, cards: Cards, page: Page) -> tuple[Table, Listing[standing.WaitRow]]:
    found = standing.who_waits(session, actor, cards, page)
    calendar, today = current_desk().house.calendar, clock.today()
    rows = []
    for each in found.items:
        since = clock.local(each.load.oldest).date() if each.load.oldest else today
        rows.append([
            Cell(each.starter), Cell(each.organization), Cell(calendar.workdays_between(since, today)),
            *load_cells(each.load, starter=each.starter, organization=each.organization_id),
        ])  # fmt: skip
    head = [_("谁在等（发起人）"), _("等谁"), _("最长已等（工作日）"), *load_head()]
    return Table("waits", _("谁在等谁"), "", head, rows), found


def _name(row: GroupRow) -> str:
    return (current_language() == "en" and row.name_en) or row.name


GROUPS: dict[str, Group] = {
    "stages": Group(_stages),
    "units": Group(_units),
    "persons": Group(_persons, sortable=True),
    "organizations": Group(_organizations, sortable=True),
    "waits": Group(_waits),
}
"""The tables of the overview, in their order."""
SORTS = {1: "open", 2: "soon", 3: "yellow", 4: "red", 5: "oldest"}
"""Columns of a sortable table and the names by which they are sorted."""
