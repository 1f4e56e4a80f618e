"""履职卡: the year of a planner, of a district, of the whole scheme, each number leading to its records."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
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
from processes.registers.attendances import STANDINGS, Standing
from processes.registers.grading import cap_standing
from processes.registers.planner_year import PlannerYear, appointments_of_year, planner_year
from processes.registers.quarter_reports import reporting_units
from processes.registers.reading import READS_ALL, READS_OWN, READS_PERSONAL
from processes.registers.rights import rights_of
from processes.registers.scheme_year import rate
from processes.registers.service_volume import Volume, volumes
from processes.registers.switches import readings_on
from processes.registers.warnings.planners import TERM_GROUND, serving, terms_ending
from processes.registers.warnings.scope import READERS, Scope
from processes.registers.warnings.units import VACANCY_GROUND, vacancies
from processes.rules.quarters import Quarter
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.pages.tables import Cell, Links, Table
from webapp.visitors import current_actor

blueprint = Blueprint("cards", __name__)
EARLIEST = 2025
_INVITED = ",".join(each for each in STANDINGS if each not in (Standing.CANCELLED, Standing.POSTPONED))
_HOSTS = "district_government,district_bureau,city_bureau"


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
        appraisal = appraisal_on(session, year)
        tables = [
            _volume_table(sum(now.values(), Volume()), sum(before.values(), Volume()), year, None,
                          sum(1 for each in now.values() if each.attended),
                          sum(1 for each in before.values() if each.attended)),
            *_standing_tables(session, Scope()),
            _units_table(units, now, before),
        ]  # fmt: skip
        never = [each for each in units if not now.get(each.id, Volume()).invited]
        cap = cap_standing(session, appraisal).sentence if appraisal else ""
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
            table=_planner_table(found, person_id, year) if found else None,
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
        tables = [
            _volume_table(now.get(unit_id, Volume()), before.get(unit_id, Volume()), year, unit_id),
            *_standing_tables(session, here),
        ]
        return render_template("cards/overview.html", heading=found.name, unit=found, year=year, years=_years(),
                               tables=tables, cap="", never=[])  # fmt: skip


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


def _planner_table(found: PlannerYear, person_id: UUID, year: int) -> Table:
    """The numbers of the year as `PlannerYear` words them, each with the register it is counted from."""
    links = Links(current_actor())
    of_year: dict[str, Any] = {"person_id": person_id, "first": date(year, 1, 1), "last": date(year, 12, 31)}
    by_host = {**of_year, "host_kind": _HOSTS}
    confirmed = links.register("attendances", record="confirmed", status="attended,written_accepted", **of_year)
    sources = (
        None,
        links.register("attendances", status=_INVITED, **by_host),
        confirmed,
        links.register("attendances", status="excused,unexcused", **by_host),
        links.register("attendances", status="attended,written_accepted", record="none,draft,submitted,rejected",
                       **of_year),
        links.register("attendances", record="confirmed", status="attended", mode="on_site", **of_year),
        links.register("opinions", record="confirmed", **of_year),
        links.register("opinion_items", record="confirmed", **of_year),
        links.register("suggestions", **of_year),
        links.register("meeting_attendances", **of_year),
        links.register("trainings_given", **of_year),
    )  # fmt: skip
    rows = [
        [Cell(row["item"]), Cell(row["number"], link), Cell(row["ground"])]
        for row, link in zip(found.rows(), sources, strict=True)
    ]
    return Table("year", _("年度履职情况"), "", [_("事项"), _("数量"), _("依据")], rows)


def _compared(session: Session, year: int, unit_id: str | None = None) -> tuple[dict[str, Volume], dict[str, Volume]]:
    """A year and the same days of the year before."""
    today = clock.today()
    last = min(today, date(year, 12, 31))
    before = date(year - 1, last.month, min(last.day, 28) if last.month == 2 else last.day)
    return volumes(session, year, last, unit_id), volumes(session, year - 1, before, unit_id)


def _volume_table(
    now: Volume, before: Volume, year: int, unit_id: str | None, covered: int | None = None, covered_before: int = 0
) -> Table:
    links = Links(current_actor())
    span: dict[str, Any] = {"unit_id": unit_id, "first": date(year, 1, 1), "last": date(year, 12, 31)}
    confirmed = links.register("attendances", record="confirmed", status="attended,written_accepted", **span)
    items = links.register("opinion_items", record="confirmed", **span)
    on_site = links.register("attendances", record="confirmed", status="attended", mode="on_site", **span)
    rows = [
        [Cell(_("邀请（人次）")), Cell(now.invited, links.register(
            "attendances", status=_INVITED, host_kind=_HOSTS, **span)), Cell(before.invited), Cell("第七条（三）")],
        [Cell(_("参加技术咨询（人次，已确认）")), Cell(now.attended, confirmed), Cell(before.attended),
         Cell("第十二条")],
        [Cell(_("其中实地（人次）")), Cell(now.on_site, on_site), Cell(before.on_site), Cell("第八条（六）")],
        [Cell(_("意见条目")), Cell(now.items, items), Cell(before.items), Cell("第八条（六）")],
        [Cell(_("采纳率")), Cell(rate(now.adopted, now.items)), Cell(rate(before.adopted, before.items)),
         Cell("第八条（六）")],
    ]  # fmt: skip
    if covered is not None:
        rows.append([Cell(_("覆盖区县")), Cell(covered), Cell(covered_before), Cell("第十三条")])
    head = [_("指标"), _("%(year)s 年", year=year), _("上年同期"), _("依据")]
    return Table("volume", _("咨询量与采纳"), "第十二条、第十三条", head, rows)


def _standing_tables(session: Session, scope: Scope) -> list[Table]:
    """Who serves now, whose term ends, which posts are vacant."""
    day = clock.today()
    running = serving(session, scope, day)
    people = [
        [Cell(each.person.name, url_for("cards.planner", person_id=each.person_id)), Cell(each.unit.name),
         Cell(each.term_start), Cell(each.term_end)]
        for each in running
    ]  # fmt: skip
    ending = [row for row, each in zip(people, running, strict=True) if each in terms_ending(running, day)]
    vacant = [
        [Cell(each.post.label), Cell(each.since), Cell(each.days), Cell(each.post.vacancy_reason)]
        for each in vacancies(session, scope, day)
    ]
    head = [_("首席规划师"), _("区县"), _("聘期起"), _("聘期止")]
    return [
        Table("vacancies", _("空缺岗位"), VACANCY_GROUND, [_("岗位"), _("空缺自"), _("空缺天数"), _("原因")], vacant),
        Table("terms", _("90 天内聘期届满"), TERM_GROUND, head, ending),
        *([Table("planners", _("在聘首席规划师"), "第五条", head, people)] if scope.units else []),
    ]


def _units_table(units: list[Unit], now: dict[str, Volume], before: dict[str, Volume]) -> Table:
    rows = []
    for each in units:
        done, past = now.get(each.id, Volume()), before.get(each.id, Volume())
        rows.append([
            Cell(each.name, url_for("cards.unit", unit_id=each.id)), Cell(done.attended, late=not done.invited),
            Cell(past.attended), Cell(done.on_site), Cell(rate(done.adopted, done.items)),
        ])  # fmt: skip
    head = [_("区县"), _("咨询（人次）"), _("上年同期"), _("其中实地"), _("采纳率")]
    return Table("units", _("各区县"), "第十三条", head, rows)
