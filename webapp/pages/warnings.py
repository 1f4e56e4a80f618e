"""预警: what is about to be missed, each line with its ground and the way to its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.reminding import last_reminded
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.paging import MOST_ROWS, Page
from processes.registers.appointments import Appointment
from processes.registers.attendances import RECORD_STATES, STANDINGS, Attendance, Standing
from processes.registers.letters import LETTER_KINDS
from processes.registers.reach import REACH_GROUND, within_reach
from processes.registers.switches import Readings, readings_on
from processes.registers.warnings.planners import TERM_GROUND, absences, paces, serving, terms_ending
from processes.registers.warnings.records import OPINION_GROUND, RECORD_GROUND, unconfirmed, unwritten
from processes.registers.warnings.scope import READERS, Scope, scope_of
from processes.registers.warnings.units import VACANCY_GROUND, unanswered, vacancies
from processes.rules.absence import IN_A_ROW, AbsenceLevel
from processes.rules.visits import VISITS_A_YEAR
from processes.rules.workdays import WorkCalendar
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language, say
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked as asked_of_address
from webapp.pages.spreadsheets import XLSX, xlsx_file
from webapp.pages.tables import Cell, Links, Table, part_of
from webapp.pages.wording import post_label, unit_name
from webapp.regulation.places import WARNINGS
from webapp.visitors import current_actor

blueprint = Blueprint("warnings", __name__, url_prefix="/warnings")
AT_FIRST = 10
"""Rows of each kind on the page of all of them."""


@dataclass(frozen=True)
class Asked:
    """What all tables are drawn from."""

    session: Session
    actor: Actor
    scope: Scope
    day: date
    readings: Readings
    calendar: WorkCalendar
    running: list[Appointment]
    links: Links


Maker = Callable[[Asked, Page], Table]
"""A page of one kind of warnings."""


@blueprint.get("/")
@post_needed(*READERS)
def index() -> ResponseReturnValue:
    """All warnings that the visitor has to see, the first rows of each."""
    with current_desk().db.reading() as session:
        wanted = _asked(session)
        first = Page(limit=AT_FIRST)
        tables = [
            replace(make(wanted, first), all_url=url_for("warnings.show", name=name))
            for name, make in _makers(wanted.scope).items()
        ]
        return render_template("warnings/index.html", tables=tables, scope=wanted.scope, day=wanted.day)


@blueprint.get("/<name>")
@post_needed(*READERS)
def show(name: str) -> ResponseReturnValue:
    """One kind of warnings, page by page."""
    listed = asked_of_address()
    with current_desk().db.reading() as session:
        wanted = _asked(session)
        table = _maker(wanted.scope, name)(wanted, listed.part)
        page = listed.page(table.count)
        return render_template("warnings/show.html", table=table, scope=wanted.scope, day=wanted.day, page=page)


@blueprint.get("/<name>.xlsx")
@post_needed(*READERS)
def export(name: str) -> Response:
    """One kind of warnings as a file, every row of it."""
    lines: list[list[Any]] = []
    with current_desk().db.reading() as session:
        wanted = _asked(session)
        make = _maker(wanted.scope, name)
        table = make(wanted, Page(limit=MOST_ROWS))
        while table.rows:
            lines += table.lines()
            table = make(wanted, Page(offset=len(lines), limit=MOST_ROWS))
    head = [*table.head, _("依据")]
    return attachment(xlsx_file(table.title, head, lines), f"{table.title}.xlsx", XLSX)


def _asked(session: Session) -> Asked:
    actor, day = current_actor(), clock.today()
    scope = scope_of(actor)
    running = list(serving(session, scope, day))
    calendar = current_desk().house.calendar
    return Asked(session, actor, scope, day, readings_on(session, day), calendar, running, Links(actor))


def _maker(scope: Scope, name: str) -> Maker:
    make = _makers(scope).get(name)
    if make is None:
        raise NotFound(message("没有这类预警。"))
    return make


def _makers(scope: Scope) -> dict[str, Maker]:
    """The tables in their order; letters and vacancies are no planner's business."""
    own: dict[str, Maker] = {
        "visits": _visits, "absences": _absences, "opinions": _opinions, "records": _records, "terms": _terms,
        "benefits": _benefits,
    }  # fmt: skip
    return own if scope.personal else {**own, "letters": _letters, "vacancies": _vacancies}


def _planner(appointment: Appointment) -> list[Cell]:
    card = url_for("cards.planner", person_id=appointment.person_id)
    return [Cell(appointment.person.name, card), Cell(unit_name(appointment.unit))]


def _visits(asked: Asked, page: Page) -> Table:
    year = asked.day.year
    rows, found = [], paces(asked.session, asked.running, asked.readings, asked.day)
    for each in part_of(found, page):
        counted = asked.links.register(
            "attendances", person_id=each.appointment.person_id, record="confirmed", status="attended",
            mode="on_site", first=date(year, 1, 1), last=date(year, 12, 31),
        )  # fmt: skip
        rows.append([
            *_planner(each.appointment), Cell(each.made, counted), Cell(each.target), Cell(each.expected),
            Cell(each.shortfall, late=True), Cell(f"{each.needed_x10 // 10}.{each.needed_x10 % 10}"),
        ])  # fmt: skip
    head = [
        _("首席规划师"), _("区县"), _("实地指导（次）"), _("全年要求（次）"), _("按进度应达（次）"), _("差（次）"),
        _("余下每月需（次）"),
    ]  # fmt: skip
    return Table("visits", str(WARNINGS["visits"]), str(VISITS_A_YEAR.ground), head, rows, total=len(found))


def _absences(asked: Asked, page: Page) -> Table:
    rows, found = [], absences(asked.session, asked.running, asked.readings, asked.day)
    for each in part_of(found, page):
        link = asked.links.register("attendances", person_id=each.appointment.person_id, status=Standing.UNEXCUSED)
        reached = each.count.level is AbsenceLevel.TRIGGER
        level = _("已达解聘情形") if reached else _("再缺一次即达解聘情形")
        following = f"{each.next_on.isoformat()} {each.next_activity}" if each.next_on else _("暂无邀请")
        rows.append([
            *_planner(each.appointment), Cell(each.count.current_run, link), Cell(each.count.current_total, link),
            Cell(level, late=reached), Cell(following),
        ])  # fmt: skip
    head = [
        _("首席规划师"), _("区县"), _("连续缺席（次）"), _("一年内缺席（次）"), _("程度"), _("下一次邀请"),
    ]  # fmt: skip
    return Table("absences", str(WARNINGS["absences"]), str(IN_A_ROW.ground), head, rows, total=len(found))


def _record(asked: Asked, attendance: Attendance) -> list[Cell]:
    day = attendance.activity.starts_on
    link = asked.links.register("attendances", id=attendance.id)
    card = url_for("cards.planner", person_id=attendance.person_id)
    return [
        Cell(attendance.activity.number, link), Cell(attendance.activity.title), Cell(attendance.person.name, card),
        Cell(unit_name(attendance.activity.unit)), Cell(day),
    ]  # fmt: skip


def _opinions(asked: Asked, page: Page) -> Table:
    found = unwritten(asked.session, asked.scope, asked.day, asked.calendar, page)
    rows = [
        [*_record(asked, each.attendance), Cell(f"{each.written}/{each.owed}"), Cell(each.workdays_late, late=True)]
        for each in found.items
    ]
    head = [*_record_head(), _("意见书（已提/应提）"), _("逾期工作日")]
    return Table("opinions", str(WARNINGS["opinions"]), OPINION_GROUND, head, rows, total=found.total)


def _records(asked: Asked, page: Page) -> Table:
    rows = []
    found = unconfirmed(asked.session, asked.scope, asked.day, asked.readings, asked.calendar, page)
    for each in found.items:
        there = each.attendance.standing in (Standing.ATTENDED, Standing.WRITTEN_ACCEPTED)
        words = RECORD_STATES[each.attendance.record] if there else STANDINGS[each.attendance.standing]
        rows.append([
            *_record(asked, each.attendance), Cell(words.text(current_language())), Cell(each.quarter),
            Cell(each.report_due, late=each.report_due < asked.day),
        ])  # fmt: skip
    return Table("records", str(WARNINGS["records"]), RECORD_GROUND,
                 [*_record_head(), _("状态"), _("季度"), _("季报截止")], rows, total=found.total)  # fmt: skip


def _record_head() -> list[str]:
    return [_("活动编号"), _("活动"), _("首席规划师"), _("区县"), _("日期")]


def _terms(asked: Asked, page: Page) -> Table:
    found = terms_ending(asked.running, asked.day)
    rows = [
        [
            *_planner(each),
            Cell(each.term_end, asked.links.register("appointments", id=each.id)),
            Cell((each.term_end - asked.day).days),
        ]
        for each in part_of(found, page)
    ]
    head = [_("首席规划师"), _("区县"), _("聘期届满"), _("剩余天数")]
    return Table("terms", str(WARNINGS["terms"]), TERM_GROUND, head, rows, total=len(found))


def _benefits(asked: Asked, page: Page) -> Table:
    """Who has earned a benefit, or lacks a year or the finding of people alone (第十四条(一)(二)(三))."""
    found = within_reach(asked.session, asked.running, asked.day, asked.readings)
    rows = []
    for each in part_of(found, page):
        asked_for = asked.links.register("benefits", person_id=each.appointment.person_id)
        missing = _("；").join(say(one) for one in each.right.missing)
        rows.append([
            *_planner(each.appointment), Cell(each.right.name), Cell(_("已具备") if each.right.met else _("将具备")),
            Cell(each.right.found), Cell(missing), Cell(each.right.ground), Cell(each.standing_words, asked_for),
        ])  # fmt: skip
    head = [
        _("首席规划师"), _("区县"), _("待遇"), _("条件"), _("现有"), _("还差"), _("依据"), _("办理情况"),
    ]  # fmt: skip
    return Table("benefits", str(WARNINGS["benefits"]), REACH_GROUND, head, rows, total=len(found))


def _letters(asked: Asked, page: Page) -> Table:
    rows, found = [], unanswered(asked.session, asked.scope, asked.day, asked.readings, asked.calendar)
    part = part_of(found, page)
    reminded = last_reminded(asked.session, {each.letter.case_id for each in part if each.letter.case_id})
    for each in part:
        letter, late = each.letter, each.state.workdays_overdue
        at = reminded.get((letter.case_id, letter.unit_id)) if letter.case_id else None
        link = asked.links.register("letters", id=letter.id)
        kind = LETTER_KINDS[letter.kind].text(current_language())
        rows.append([
            Cell(letter.number, link), Cell(kind), Cell(letter.addressee), Cell(letter.sent_on), Cell(each.state.due),
            Cell(each.state.days_waiting), Cell(late, late=late > 0), Cell(clock.local(at).date() if at else None),
            Cell(each.nominees), Cell(each.contact),
        ])  # fmt: skip
    head = [
        _("文号"), _("函件"), _("主送"), _("发出"), _("复函截止"), _("已等待天数"), _("逾期工作日"),
        _("最近提醒"), _("人选"), _("联系人"),
    ]  # fmt: skip
    return Table("letters", str(WARNINGS["letters"]), "第六条（四）", head, rows, total=len(found))


def _vacancies(asked: Asked, page: Page) -> Table:
    found = vacancies(asked.session, asked.scope, asked.day)
    rows = [
        [
            Cell(post_label(each.post), asked.links.register("posts", id=each.post.id)),
            Cell(each.since), Cell(each.days), Cell(each.post.vacancy_reason), Cell(each.post.next_step),
        ]
        for each in part_of(found, page)
    ]  # fmt: skip
    head = [_("岗位"), _("空缺自"), _("空缺天数"), _("原因"), _("后续安排")]
    return Table("vacancies", str(WARNINGS["vacancies"]), VACANCY_GROUND, head, rows, total=len(found))
