"""Who is waited for, and for how many days: the open tasks of one case or of all, by organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import tracking
from processes.engine.inbox import Page
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import visible_cases, visible_items
from processes.identity.actor import Actor
from processes.identity.models import Organization
from processes.rules.workdays import WorkCalendar
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.pages.deadlines import Remaining, days_waiting, remaining
from webapp.pages.downloads import attachment
from webapp.pages.lists import Asked, asked
from webapp.pages.parties import Party, parties
from webapp.pages.spreadsheets import csv_file
from webapp.visitors import current_actor

blueprint = Blueprint("waiting", __name__)
MOST_ORGANIZATIONS = 60
MOST_EXPORTED = 5_000


@dataclass(frozen=True)
class WaitRow:
    """One open task: who is waited for, since how many working days, how many are left."""

    item: WorkItem
    who: Party
    days: int
    remaining: Remaining


def wait_rows(session: Session, items: Sequence[WorkItem], calendar: WorkCalendar, language: str) -> list[WaitRow]:
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
    wanted = asked("step", "overdue")
    with desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id) if case_id else None
        if request.args.get("format") == "csv":
            return _export(session, desk, actor, case_id, wanted)
        rows, total = _rows(session, desk, actor, case_id, wanted, Page("", wanted.offset, wanted.size))
        steps = tracking.open_steps(session, actor, case_id) if case_id else _steps(session, actor)
        organizations = _organizations(session, actor, case_id, wanted)
        step = next((each for each in steps if each["element_id"] == wanted.get("step")), None)
        return render_template(
            "cases/waiting.html",
            case=case,
            heading=_("%(step)s：未办单位", step=step["step"]) if step else _("各单位待办"),
            waiting=rows,
            show_case=case is None,
            page=wanted.page(total),
            asked=wanted,
            steps=[(each["element_id"], each["step"]) for each in steps if each["open"] or each is step],
            done_total=step.get("done", 0) if step else 0,
            overdue_total=sum(each[2] for each in organizations),
            organizations=organizations,
            most=max((each[1] for each in organizations), default=1),
        )


def _rows(
    session: Session, desk: Desk, actor: Actor, case_id: UUID | None, wanted: Asked, page: Page
) -> tuple[list[WaitRow], int]:
    found, total = tracking.waiting_work(
        session, actor, step=wanted.get("step"), overdue=bool(wanted.get("overdue")), case_id=case_id, page=page
    )
    return wait_rows(session, [item for item, _place in found], desk.house.calendar, current_language()), total


def _conditions(actor: Actor, case_id: UUID | None, wanted: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [WorkItem.status == "open", visible_cases(actor), visible_items(actor)]
    if case_id:
        found.append(WorkItem.case_id == case_id)
    if wanted.get("step"):
        found.append(WorkItem.element_id == wanted.get("step"))
    if wanted.get("overdue"):
        found.append(WorkItem.due_at < clock.now())
    return found


def _organizations(session: Session, actor: Actor, case_id: UUID | None, wanted: Asked) -> list[tuple[str, int, int]]:
    """Name, open and overdue of each organization that is waited for, most first."""
    opened, late = func.count(), func.count().filter(WorkItem.due_at < clock.now())
    name = func.coalesce(Organization.name, "")
    query = (
        select(name, opened, late)
        .select_from(WorkItem)
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(Organization, Organization.id == WorkItem.organization_id)
        .where(*_conditions(actor, case_id, wanted))
        .group_by(name)
        .order_by(late.desc(), opened.desc(), name)
        .limit(MOST_ORGANIZATIONS)
    )
    return [(row[0] or _("个人"), row[1], row[2]) for row in session.execute(query)]


def _steps(session: Session, actor: Actor) -> list[dict[str, str | int]]:
    query = (
        select(WorkItem.element_id, func.min(WorkItem.step), func.count())
        .join(Case, Case.id == WorkItem.case_id)
        .where(WorkItem.status == "open", visible_cases(actor), visible_items(actor))
        .group_by(WorkItem.element_id)
        .order_by(func.min(WorkItem.step))
    )
    return [{"element_id": row[0], "step": row[1], "open": row[2]} for row in session.execute(query)]


def _export(session: Session, desk: Desk, actor: Actor, case_id: UUID | None, wanted: Asked) -> Response:
    rows: list[WaitRow] = []
    while len(rows) < MOST_EXPORTED:
        more, _total = _rows(session, desk, actor, case_id, wanted, Page("", len(rows), 200))
        rows += more
        if not more:
            break
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
            row.who.name, row.item.case.number, row.item.case.title, row.item.step, row.item.created_at, row.days,
            row.remaining.day, row.remaining.urgency == "late", row.item.claimed_by,
        ]
        for row in rows
    ]  # fmt: skip
    return attachment(csv_file(head, lines), _("各单位待办") + ".csv", "text/csv; charset=utf-8")
