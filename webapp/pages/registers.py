"""The registers as lists and as files for an office; districts see the rows of their own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.paging import Page, capped
from processes.registers.importing.all_imports import of_register
from processes.registers.listing import Column, Register, Span
from processes.registers.money import in_yuan, yuan_of
from processes.registers.reading import (
    READS_ALL,
    READS_SOME,
    filter_value,
    is_narrow,
    is_personal,
    own_rows,
    readable_register,
    readable_registers,
)
from processes.registers.rounds import Round
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.drawing import moment
from webapp.language import current_language
from webapp.pages.downloads import attachment
from webapp.pages.drilling import cell_url
from webapp.pages.inbox import unit_choices
from webapp.pages.lists import Asked, asked
from webapp.pages.narrowing import Narrowed, narrowed_by
from webapp.pages.spreadsheets import XLSX, csv_file, xlsx_file
from webapp.pages.tables import Links
from webapp.pages.wording import unit_words, worded
from webapp.visitors import current_actor

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
UNSORTED = ("list", "long")
UNFILTERED = ("list", "long", "moment", "boolean")
"""Kinds of columns by whose value the address does not narrow."""
DAYS = ("from", "to")
UNKNOWN = {"round_id": message("未找到该选聘轮次。"), "person_id": message("未找到该人员。")}
"""What is said where an id in the address is none."""


@dataclass(frozen=True)
class Shown:
    """A column as the list draws it."""

    key: str
    title: str
    sortable: bool
    number: bool


@blueprint.get("/")
@post_needed(*READS_SOME)
def index() -> ResponseReturnValue:
    """The registers that the visitor may read, with the number of their rows."""
    actor = current_actor()
    readable = readable_registers(actor)
    with current_desk().db.reading() as session:
        numbers = session.execute(select(*(each.counted(own_rows(actor, each)) for each in readable))).one()
        found = [(each, capped(number)) for each, number in zip(readable, numbers, strict=True)]
        return render_template(
            "registers/index.html", registers=found, narrow=any(is_narrow(actor, each) for each in readable)
        )


@blueprint.get("/<name>")
@post_needed(*READS_SOME)
def show(name: str) -> ResponseReturnValue:
    """One register: searched, filtered, sorted and paged by the address."""
    actor = current_actor()
    found = readable_register(actor, name)
    wanted = _asked(found)
    columns = [each for each in found.columns if each.kind != "id"]
    with current_desk().db.reading() as session:
        listing = found.page(session, _sorted(found, wanted), **_narrowing(actor, found, wanted))
        filters, units, links = _filters(session, actor, found), unit_words(session), Links(actor)
        return render_template(
            "registers/show.html",
            register=found,
            columns=[_shown(each) for each in columns],
            rows=[
                (_link(row), [(_cell(each, row, units), cell_url(links, name, each.key, row)) for each in columns])
                for row in listing.items
            ],
            filters=filters,
            narrowed=_narrowed_beside(session, actor, found, wanted, {key for key, _title, _choices in filters}),
            page=wanted.page_of(listing),
            asked=wanted,
            narrow=is_narrow(actor, found),
            personal=is_personal(actor, found),
            can_search=any(each.search for each in columns),
            taken=of_register(actor, found.name),
        )


@blueprint.get("/<name>.<any(csv, xlsx):kind>")
@post_needed(*READS_SOME)
def export(name: str, kind: str) -> Response:
    """The register as a file, narrowed and sorted as the list is."""
    actor = current_actor()
    found = readable_register(actor, name)
    wanted = _asked(found)
    columns = [each for each in found.columns if each.kind != "id"]
    head = [each.title.text(current_language()) for each in columns]
    with current_desk().db.reading() as session:
        units = unit_words(session)
        rows = found.rows(session, sort=_sorted(found, wanted).sort, **_narrowing(actor, found, wanted))
        lines = [[_exported(each, row, units) for each in columns] for row in rows]
    title = found.title.text(current_language())
    if kind == "csv":
        return attachment(csv_file(head, lines), f"{title}.csv", "text/csv; charset=utf-8")
    return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)


def _asked(found: Register) -> Asked:
    """What the address asks for: a search, days, and the value of any column by which one can narrow."""
    return asked("q", *(each.key for each in found.columns if each.kind not in UNFILTERED and not each.masked), *DAYS)


def _narrowing(actor: Actor, found: Register, wanted: Asked) -> dict[str, Any]:
    """What the address narrows a register to, and what the reader's posts do."""
    filters = {key: _value(found, key, text) for key, text in wanted.filters.items() if key not in ("q", *DAYS)}
    for key, own in own_rows(actor, found).items():
        mine = filters.get(key, own)
        asked_for = mine if isinstance(mine, list) else [mine]
        filters[key] = [each for each in own if each in asked_for]
    return {"search": wanted.get("q"), "filters": filters, "span": _span(wanted)}


def _value(found: Register, key: str, text: str) -> Any:
    """A filter as the column holds it; several values stand with commas between them."""
    column = found.column(key)
    try:
        if "," in text:
            return [filter_value(column, each) for each in text.split(",")]
        return filter_value(column, text)
    except Invalid as cause:
        if column.kind != "id":
            raise
        raise NotFound(UNKNOWN.get(key, message("未找到所指的记录。"))) from cause


def _narrowed_beside(
    session: Session, actor: Actor, found: Register, wanted: Asked, choices: set[str]
) -> list[Narrowed]:
    """What narrows the list beside the choices of its filters, each with the way to take it away."""
    columns = {each.key: each for each in found.columns}
    beside = {
        key: text
        for key, text in wanted.filters.items()
        if key not in ("q", *DAYS) and (key not in choices or "," in text)
    }
    return narrowed_by(session, actor, [(columns[key], text) for key, text in beside.items()])


def _span(wanted: Asked) -> Span | None:
    """The days that the rows are to lie in, where any are asked for."""
    first, last = wanted.get("from"), wanted.get("to")
    if not first and not last:
        return None
    try:
        return date.fromisoformat(first or "0001-01-01"), date.fromisoformat(last or "9999-12-31")
    except ValueError as cause:
        raise Invalid(message("日期应写作 2026-01-31 的形式。")) from cause


def _sorted(found: Register, wanted: Asked) -> Page:
    known = wanted.sort.lstrip("-") in {each.key for each in found.columns if _sortable(each)}
    return Page(wanted.sort if known else "", wanted.offset, wanted.size)


def _filters(session: Session, actor: Actor, found: Register) -> list[tuple[str, str, list[tuple[str, str]]]]:
    language = current_language()
    keys = {each.key for each in found.columns}
    chosen = [
        (each.key, each.title.text(language), [(value, words.text(language)) for value, words in each.words.items()])
        for each in found.columns
        if each.kind == "status" and each.words
    ]
    if "round_id" in keys:
        rounds = session.execute(select(Round.id, Round.name).order_by(Round.opened_at.desc()))
        chosen.append(("round_id", _("轮次"), [(str(row.id), row.name) for row in rounds]))
    if "unit_id" in keys and actor.has(*READS_ALL):
        chosen.append(("unit_id", _("区县"), unit_choices(session)))
    return chosen


def _shown(column: Column) -> Shown:
    number = column.kind in ("number", "money")
    return Shown(column.key, column.title.text(current_language()), _sortable(column), number)


def _sortable(column: Column) -> bool:
    return column.kind not in (*UNSORTED, "id")


def _link(row: Mapping[str, Any]) -> str | None:
    return url_for("cases.show", case_id=row["case_id"]) if row.get("case_id") else None


def _cell(column: Column, row: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """A value as it is read in the list."""
    value = row[column.key]
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, datetime):
        return moment(value)
    if column.kind == "money":
        return in_yuan(value)
    return str(_exported(column, row, units))


def _exported(column: Column, row: Mapping[str, Any], units: Mapping[str, str]) -> Any:
    """A value as it stands in a file: dates, moments, amounts and numbers stay what they are."""
    language, value = current_language(), row[column.key]
    if value is None:
        return ""
    if column.kind == "boolean":
        return _("是") if value else _("否")
    if column.kind == "status" and str(value) in column.words:
        return column.words[str(value)].text(language)
    if column.key == "unit" and row.get("unit_id") in units:
        return units[row["unit_id"]]
    if isinstance(value, (list, tuple)):
        between = _("；") if any(isinstance(each, Mapping) for each in value) else _("、")
        return between.join(_said(each) for each in value)
    if column.kind == "money":
        return yuan_of(value)
    if column.per > 1:
        return _in_parts(value, column.per)
    return value if isinstance(value, (date, int, float, Decimal)) else str(worded(str(value)))


def _said(each: Any) -> str:
    """One of several values of a column; of a row of facts what people read, without the keys of records."""
    if not isinstance(each, Mapping):
        return str(worded(each))
    told = (value for key, value in each.items() if key != "id" and not key.endswith("_id") and value)
    return _("：").join(str(worded(value)) for value in told)


def _in_parts(value: int, per: int) -> int | float:
    """A number that is kept in parts of one."""
    return value // per if value % per == 0 else value / per
