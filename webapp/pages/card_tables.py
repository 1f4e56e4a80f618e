"""The tables of the cards: a planner's year, a district's or the city's volume, who serves, which posts are vacant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.models import Unit
from processes.registers.attendances import STANDINGS, Standing
from processes.registers.planner_year import PlannerYear
from processes.registers.scheme_year import rate
from processes.registers.service_volume import Volume
from processes.registers.warnings.planners import TERM_GROUND, serving, terms_ending
from processes.registers.warnings.scope import Scope
from processes.registers.warnings.units import VACANCY_GROUND, vacancies
from webapp.pages.tables import Cell, Links, Table
from webapp.pages.wording import post_label, unit_name

INVITED = ",".join(each for each in STANDINGS if each not in (Standing.CANCELLED, Standing.POSTPONED))
HOSTS = "district_government,district_bureau,city_bureau"
THERE = "attended,written_accepted"
UNCONFIRMED = "none,draft,submitted,rejected"
TAKEN_UP = "adopted,partly"


def planner_table(found: PlannerYear, links: Links, person_id: UUID, year: int) -> Table:
    """The numbers of a planner's year, each with the register it is counted from."""
    of_year: dict[str, Any] = {"person_id": person_id, "first": date(year, 1, 1), "last": date(year, 12, 31)}
    by_host = {**of_year, "host_kind": HOSTS}
    sources = {
        "months": links.register("appointments", person_id=person_id),
        "invited": links.register("attendances", status=INVITED, **by_host),
        "attended": links.register("attendances", record="confirmed", status=THERE, **of_year),
        "absent": links.register("attendances", status="excused,unexcused", **by_host),
        "unconfirmed": links.register("attendances", status=THERE, record=UNCONFIRMED, **of_year),
        "visits": links.register("attendances", record="confirmed", status="attended", mode="on_site", **of_year),
        "opinions": links.register("opinions", record="confirmed", **of_year),
        "items": links.register("opinion_items", record="confirmed", **of_year),
        "suggestions": links.register("suggestions", **of_year),
        "meetings": links.register("meeting_attendances", **of_year),
        "trainings": links.register("trainings_given", **of_year),
        "laws": links.register("law_readings", person_id=person_id),
        "assignments": links.register("assignments", person_id=person_id),
    }
    rows = [[Cell(each.item), Cell(each.number, sources.get(each.key)), Cell(each.ground)] for each in found.figures()]
    return Table("year", _("年度履职情况"), "", [_("事项"), _("数量"), _("依据")], rows)


def volume_table(
    now: Volume, before: Volume, links: Links, days: tuple[date, date], unit_id: str | None = None,
    covered: tuple[int, int] | None = None,
) -> Table:  # fmt: skip
    """What was asked for and done in the days of a year, beside the same days of the year before."""
    year, earlier = days[0].year, _year_before(days)
    rows = [
        [Cell(title), Cell(now_number, _source(links, key, days, unit_id)),
         Cell(before_number, _source(links, key, earlier, unit_id)), Cell(ground)]
        for key, title, now_number, before_number, ground in _measures(now, before)
    ]  # fmt: skip
    if covered is not None:
        rows.append([Cell(_("覆盖区县")), Cell(covered[0], "#units"), Cell(covered[1], "#units"), Cell("第十三条")])
    head = [_("指标"), _("%(year)s 年", year=year), _("上年同期"), _("依据")]
    return Table("volume", _("咨询量与采纳"), "第十二条、第十三条", head, rows)


def _year_before(days: tuple[date, date]) -> tuple[date, date]:
    """The same days of the year before."""
    year, last = days[0].year - 1, days[1]
    return date(year, 1, 1), date(year, last.month, min(last.day, 28) if last.month == 2 else last.day)


def _measures(now: Volume, before: Volume) -> Sequence[tuple[str, str, Any, Any, str]]:
    return (
        ("invited", _("邀请（人次）"), now.invited, before.invited, "第七条（三）"),
        ("attended", _("参加技术咨询（人次，已确认）"), now.attended, before.attended, "第十二条"),
        ("on_site", _("其中实地（人次）"), now.on_site, before.on_site, "第八条（六）"),
        ("items", _("意见条目"), now.items, before.items, "第八条（六）"),
        ("adopted", _("其中采纳、部分采纳"), now.adopted, before.adopted, "第八条（六）"),
        ("adopted", _("采纳率"), rate(now.adopted, now.items), rate(before.adopted, before.items), "第八条（六）"),
    )


def _source(links: Links, key: str, days: tuple[date, date], unit_id: str | None) -> str | None:
    """The rows of a register that a measure counts."""
    span: dict[str, Any] = {"unit_id": unit_id, "first": days[0], "last": days[1]}
    if key == "invited":
        return links.register("attendances", status=INVITED, host_kind=HOSTS, **span)
    if key == "on_site":
        return links.register("attendances", record="confirmed", status="attended", mode="on_site", **span)
    if key == "items":
        return links.register("opinion_items", record="confirmed", **span)
    if key == "adopted":
        return links.register("opinion_items", record="confirmed", adoption=TAKEN_UP, **span)
    return links.register("attendances", record="confirmed", status=THERE, **span)


def standing_tables(session: Session, scope: Scope, links: Links) -> list[Table]:
    """Who serves now, whose term ends, which posts are vacant."""
    day = clock.today()
    running = serving(session, scope, day)
    people = [
        [Cell(each.person.name, url_for("cards.planner", person_id=each.person_id)),
         Cell(unit_name(each.unit), url_for("cards.unit", unit_id=each.unit_id)), Cell(each.term_start),
         Cell(each.term_end, links.register("appointments", id=each.id))]
        for each in running
    ]  # fmt: skip
    ending = [row for row, each in zip(people, running, strict=True) if each in terms_ending(running, day)]
    vacant = [
        [Cell(post_label(each.post), links.register("posts", id=each.post.id)), Cell(each.since), Cell(each.days),
         Cell(each.post.vacancy_reason), Cell(each.post.next_step)]
        for each in vacancies(session, scope, day)
    ]  # fmt: skip
    head = [_("首席规划师"), _("区县"), _("聘期起"), _("聘期止")]
    vacant_head = [_("岗位"), _("空缺自"), _("空缺天数"), _("原因"), _("后续安排")]
    return [
        Table("vacancies", _("空缺岗位"), VACANCY_GROUND, vacant_head, vacant),
        Table("terms", _("90 天内聘期届满"), TERM_GROUND, head, ending),
        *([Table("planners", _("在聘首席规划师"), "第五条", head, people)] if scope.units else []),
    ]


def units_table(
    units: Sequence[Unit], now: Mapping[str, Volume], before: Mapping[str, Volume], links: Links,
    days: tuple[date, date],
) -> Table:  # fmt: skip
    """Each district's volume, every number with its records."""
    rows = []
    for each in units:
        done, past = now.get(each.id, Volume()), before.get(each.id, Volume())
        rows.append([
            Cell(unit_name(each), url_for("cards.unit", unit_id=each.id)),
            Cell(done.invited, _source(links, "invited", days, each.id), late=not done.invited),
            Cell(done.attended, _source(links, "attended", days, each.id)),
            Cell(past.attended, _source(links, "attended", _year_before(days), each.id)),
            Cell(done.on_site, _source(links, "on_site", days, each.id)),
            Cell(rate(done.adopted, done.items), _source(links, "items", days, each.id)),
        ])  # fmt: skip
    head = [_("区县"), _("邀请（人次）"), _("咨询（人次）"), _("上年同期"), _("其中实地"), _("采纳率")]
    return Table("units", _("各区县"), "第十三条", head, rows)
