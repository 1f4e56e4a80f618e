"""履职卡: the year of a planner, of a district, of the whole scheme, each number leading to its records."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.appointments import Appointment
from processes.registers.appraisals import appraisal_on
from processes.registers.grading import cap_standing
from processes.registers.planner_year import appointments_of_year, planner_year
from processes.registers.quarter_reports import reporting_units
from processes.registers.reading import READS_ALL, READS_OWN, READS_PERSONAL
from processes.registers.rights import rights_of
from processes.registers.service_volume import Volume, volumes
from processes.registers.switches import readings_on
from processes.registers.warnings.scope import READERS, Scope
from processes.rules.quarters import Quarter
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.pages.card_tables import planner_table, standing_tables, units_table, volume_table
from webapp.pages.tables import Links
from webapp.pages.wording import unit_name
from webapp.visitors import current_actor

blueprint = Blueprint("cards", __name__)
EARLIEST = 2025


@blueprint.get("/card")
@post_needed(*READS_PERSONAL, *READS_OWN)
def own() -> ResponseReturnValue:
    """The card of who asks: a planner's own, a district's of its unit."""
    actor = current_actor()
    if actor.has(*READS_PERSONAL) and actor.person_id is not None:
        return _planner_card(actor.person_id)
    return _unit_card(min(actor.units(*READS_OWN)))


@blueprint.get("/planners/<uuid:person_id>/card")
@post_needed(*READERS)
def planner(person_id: UUID) -> ResponseReturnValue:
    """A planner's year."""
    return _planner_card(person_id)


@blueprint.get("/units/<unit_id>/card")
@post_needed(*READS_ALL, *READS_OWN)
def unit(unit_id: str) -> ResponseReturnValue:
    """A district's year on one page."""
    return _unit_card(unit_id)


@blueprint.get("/year")
@post_needed(*READS_ALL)
def overview() -> ResponseReturnValue:
    """The leader's page: the whole scheme in a year."""
    year = _year()
    with current_desk().db.reading() as session:
        now, before = _compared(session, year)
        units = reporting_units(session, Quarter.of(min(clock.today(), date(year, 12, 31))))
        appraisal, links, days = appraisal_on(session, year), Links(current_actor()), _days(year)
        tables = [
            volume_table(sum(now.values(), Volume()), sum(before.values(), Volume()), links, days,
                         covered=(_covered(now), _covered(before))),
            *standing_tables(session, Scope(), links),
            units_table(units, now, before, links, days),
        ]  # fmt: skip
        never = [each for each in units if not now.get(each.id, Volume()).invited]
        cap = cap_standing(session, appraisal).told if appraisal else None
        return render_template("cards/overview.html", heading=_("全市概况"), unit=None, year=year, years=_years(),
                               tables=tables, cap=cap, never=never)  # fmt: skip


def _planner_card(person_id: UUID) -> str:
    year = _year()
    with current_desk().db.reading() as session:
        person = session.get(Person, person_id)
        served = appointments_of_year(session, person_id, year)
        _may_see(current_actor(), person_id, served)
        if person is None:
            raise NotFound(message("未找到该人员。"))
        readings = readings_on(session, min(clock.today(), date(year, 12, 31)))
        found = planner_year(session, person_id, year, readings)
        rights = rights_of(session, person_id, clock.today(), readings)
        return render_template(
            "cards/planner.html",
            person=person,
            year=year,
            years=_years(),
            served=served,
            table=planner_table(found, Links(current_actor()), person_id, year) if found else None,
            rights=rights,
        )


def _unit_card(unit_id: str) -> str:
    year, actor = _year(), current_actor()
    if not actor.has(*READS_ALL) and unit_id not in actor.units(*READS_OWN):
        raise NotAllowed(message("只能查阅本单位的情况。"))
    with current_desk().db.reading() as session:
        found = session.get(Unit, unit_id)
        if found is None:
            raise NotFound(message("未找到该区县。"))
        here = Scope(units=frozenset({unit_id}))
        now, before = _compared(session, year, unit_id)
        links = Links(actor)
        tables = [
            volume_table(now.get(unit_id, Volume()), before.get(unit_id, Volume()), links, _days(year), unit_id),
            *standing_tables(session, here, links),
        ]
        return render_template("cards/overview.html", heading=unit_name(found), unit=found, year=year, years=_years(),
                               tables=tables, cap=None, never=[])  # fmt: skip


def _year() -> int:
    asked = request.args.get("year", clock.today().year, type=int)
    return asked if EARLIEST <= asked <= clock.today().year else clock.today().year


def _years() -> list[int]:
    return list(range(clock.today().year, EARLIEST - 1, -1))


def _may_see(actor: Actor, person_id: UUID, served: list[Appointment]) -> None:
    if actor.has(*READS_ALL) or (actor.has("planner") and actor.person_id == person_id):
        return
    if not actor.units(*READS_OWN) & {each.unit_id for each in served}:
        raise NotAllowed(message("只能查阅本人或者本单位首席规划师的履职卡。"))


def _days(year: int) -> tuple[date, date]:
    """The days of a year that have come."""
    return date(year, 1, 1), min(clock.today(), date(year, 12, 31))


def _covered(by_unit: dict[str, Volume]) -> int:
    return sum(1 for each in by_unit.values() if each.attended)


def _compared(session: Session, year: int, unit_id: str | None = None) -> tuple[dict[str, Volume], dict[str, Volume]]:
    """A year and the same days of the year before."""
    today = clock.today()
    last = min(today, date(year, 12, 31))
    before = date(year - 1, last.month, min(last.day, 28) if last.month == 2 else last.day)
    return volumes(session, year, last, unit_id), volumes(session, year - 1, before, unit_id)
