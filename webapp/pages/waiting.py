"""Who is waited for, and for how many days: the open tasks of one case or of all, by organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import tracking, waiting
from processes.engine.models import WorkItem
from processes.engine.statistics.cards import Card, Cards
from processes.engine.tracking import ItemFacts
from processes.engine.waiting import WaitFilter
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, Unit
from processes.paging import MOST_ROWS, Page
from processes.rules.workdays import WorkCalendar
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.drawing import organization_name
from webapp.language import current_language
from webapp.pages.deadlines import Remaining, days_waiting, remaining
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked
from webapp.pages.parties import Party, parties
from webapp.pages.spreadsheets import XLSX, csv_file, xlsx_file
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("waiting", __name__)
MOST_EXPORTED = 5_000
NARROWED_BY = ("step", "overdue", "process", "stage", "organization", "unit", "person", "card", "starter", "unmanned")


@dataclass(frozen=True)
class WaitRow:
    """One open task: who is waited for, since how many working days, how many are left."""

    item: WorkItem | ItemFacts
    who: Party
    days: int
    remaining: Remaining


def wait_rows(
    session: Session, items: Sequence[WorkItem | ItemFacts], calendar: WorkCalendar, language: str
) -> list[WaitRow]:
    """Open tasks with who is waited for."""
    who = parties(session, items, language)
    now = clock.now()
    return [
        WaitRow(each, who[each.id], days_waiting(each.created_at, calendar, now), remaining(each.due_at, calendar, now))
        for each in items
    ]


@blueprint.get("/waiting")
@signed_in
def index() -> ResponseReturnValue:
    """Every open task that the visitor may see."""
    return _page(None)


@blueprint.get("/cases/<uuid:case_id>/waiting")
@signed_in
def of_case(case_id: UUID) -> ResponseReturnValue:
    """The open tasks of one case: which districts have not answered, and for how many days."""
    return _page(case_id)


def _page(case_id: UUID | None) -> ResponseReturnValue:
    desk, actor = current_desk(), current_actor()
    wanted = asked(*NARROWED_BY)
    narrowed = WaitFilter(
        wanted.get("step"),
        bool(wanted.get("overdue")),
        case_id,
        process=wanted.get("process"),
        stage=wanted.get("stage"),
        organization_id=wanted.get("organization"),
        unit_id=wanted.get("unit"),
        person_id=_uuid(wanted.get("person")),
        card=_card(desk, wanted.get("card")),
        started_by=wanted.get("starter"),
        unmanned=bool(wanted.get("unmanned")),
    )
    with desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id) if case_id else None
        if (kind := request.args.get("format")) in ("csv", "xlsx"):
            return _export(session, desk, actor, narrowed, str(kind))
        listing = waiting.waiting_work(session, actor, narrowed, wanted.part)
        steps = _steps(session, actor, case_id)
        organizations = waiting.awaited(session, actor, narrowed)
        step = next((each for each in steps if each["element_id"] == wanted.get("step")), None)
        return render_template(
            "cases/waiting.html",
            case=case,
            heading=_("%(step)s：未办单位", step=step["step"]) if step else _("各单位待办"),
            waiting=wait_rows(session, listing.items, desk.house.calendar, current_language()),
            show_case=case is None,
            page=wanted.page_of(listing),
            asked=wanted,
            steps=[(each["element_id"], each["step"]) for each in steps if each["open"] or each is step],
            done_total=step.get("done", 0) if step else 0,
            overdue_total=waiting.overdue_work(session, actor, narrowed),
            organizations=[(each.name or _("个人"), each.open, each.overdue) for each in organizations],
            most=max((each.open for each in organizations), default=1),
            cards=card_words(),
            told=_told(session, narrowed),
        )


def card_words() -> list[tuple[str, str]]:
    """The cards with their words."""
    return [(Card.SOON.value, _("临期")), (Card.YELLOW.value, _("黄牌")), (Card.RED.value, _("红牌"))]


def _card(desk: Desk, name: str) -> ColumnElement[bool] | None:
    return Cards.at(desk.house.calendar).condition(Card(name)) if name in set(Card) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _told(session: Session, narrowed: WaitFilter) -> list[str]:
    """What the list is narrowed to beyond the filters that are drawn, in words."""
    organization = session.get(Organization, narrowed.organization_id) if narrowed.organization_id else None
    unit = session.get(Unit, narrowed.unit_id) if narrowed.unit_id else None
    person = session.get(Person, narrowed.person_id) if narrowed.person_id else None
    found = [organization and organization_name(organization), unit and unit.name, person and person.name]
    return [each for each in (*found, narrowed.started_by and _("%(name)s发起", name=narrowed.started_by)) if each]


def _steps(session: Session, actor: Actor, case_id: UUID | None) -> Sequence[Mapping[str, Any]]:
    if case_id is not None:
        return [{**each, "step": named(each["step"])} for each in waiting.open_steps(session, actor, case_id)]
    steps = waiting.steps_that_wait(session, actor)
    return [{"element_id": key, "step": named(step), "open": 1} for key, step in steps]


def _export(session: Session, desk: Desk, actor: Actor, narrowed: WaitFilter, kind: str) -> Response:
    items: list[WorkItem] = []
    while len(items) < MOST_EXPORTED:
        found = waiting.waiting_work(session, actor, narrowed, Page("", len(items), MOST_ROWS)).items
        items += found
        if len(found) < MOST_ROWS:
            break
    rows = wait_rows(session, items, desk.house.calendar, current_language())
    head = [
        _("单位 / 人员"),
        _("案件编号"),
        _("案件"),
        _("环节"),
        _("收到时间"),
        _("已等待工作日"),
        _("截止日"),
        _("是否逾期"),
        _("签收人"),
    ]
    lines = [
        [
            row.who.name, item.case.number, item.case.title, named(item.step, item.process_key),
            item.created_at, row.days, row.remaining.day, row.remaining.urgency == "late", item.claimed_by,
        ]
        for item, row in zip(items, rows, strict=True)
    ]  # fmt: skip
    title = _("各单位待办")
    if kind == "xlsx":
        return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)
    return attachment(csv_file(head, lines), f"{title}.csv", "text/csv; charset=utf-8")
