"""The inbox: what a person has to do, has done, has started, has put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import case_lists, held, inbox
from processes.engine.case_lists import CaseFilter, CaseRow
from processes.engine.definitions import active_definitions, process_path
from processes.engine.held import Wait
from processes.engine.inbox import Filter, View
from processes.engine.models import Case, Definition, WorkItem
from processes.engine.permissions import stood_in_for
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.paging import Listing
from processes.rules.workdays import WorkCalendar
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.navigation import numbers_beside
from webapp.pages.deadlines import Remaining, remaining
from webapp.pages.lists import Asked, asked
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("inbox", __name__)
VIEWS: tuple[View, ...] = get_args(View)
TO_DO = ("todo", "mine", "group", "stand_in")
DUE_TODAY = "today"
"""What is due today, in the field that otherwise asks for what is overdue."""


@dataclass(frozen=True)
class WorkRow:
    """A line of a list of tasks."""

    item: WorkItem
    process: str
    remaining: Remaining
    claimable: bool
    releasable: bool
    stands_in_for: str = ""
    """Whose work it is that the visitor would do."""
    wait: Wait | None = None
    """What it waits for, in the list of those that wait."""


@blueprint.get("/inbox")
@signed_in
def index() -> ResponseReturnValue:
    """One of the lists; which one, and what it is narrowed to, stands in the address."""
    desk, actor = current_desk(), current_actor()
    view: View = next((each for each in VIEWS if each == request.args.get("view")), "todo")
    wanted = asked("q", "process", "step", "unit", "overdue")
    with desk.db.reading() as session:
        definitions = active_definitions(session)
        names = process_names(definitions)
        rows: Sequence[Any]
        listing: Listing[Any]
        if view == "started":
            listing = case_lists.started_cases(session, actor, _case_filter(wanted), wanted.part)
            rows = [_started_row(each, names) for each in listing.items]
        else:
            listing = inbox.work(session, actor, view, _filter(wanted), wanted.part)
            waits = held.waits(session, listing.items) if view == "held" else {}
            rows = [
                replace(work_row(actor, each, names, desk.house.calendar), wait=waits.get(each.id))
                for each in listing.items
            ]
        return render_template(
            "inbox/index.html",
            view=view,
            titles=_titles(),
            nothing=_nothing(),
            counts=numbers_beside(session, actor),
            rows=rows,
            page=wanted.page_of(listing),
            asked=wanted,
            choices=_choices(session, actor, view, definitions),
        )


def work_row(actor: Actor, item: WorkItem, names: dict[tuple[str, str], str], calendar: WorkCalendar) -> WorkRow:
    """A task as a line of a list."""
    open_ = item.status == "open"
    whose = stood_in_for(actor, item) if open_ else None
    return WorkRow(
        item,
        names.get((item.case.key, item.case.process_id), item.process_key),
        remaining(item.due_at, calendar),
        claimable=open_ and item.person_id is None and item.claimed_by_id is None,
        releasable=open_ and item.claimed_by_id is not None and item.claimed_by_id == actor.person_id,
        stands_in_for=whose.name if whose is not None else "",
    )


def process_names(definitions: Sequence[Definition]) -> dict[tuple[str, str], str]:
    """What people call a process, by key of its definition and id in the diagram.

    Where two procedures call theirs the same, as a copy does, the key stands beside the name.
    """
    called = {
        (each.key, process["id"]): named(process["name"], each.key)
        for each in definitions
        for process in each.processes
    }
    told = _told_apart((key, name) for (key, _id), name in called.items())
    return {(key, id_): told[key, name] for (key, id_), name in called.items()}


def _told_apart(called: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names with their keys, where several keys have the same."""
    pairs = set(called)
    keys = Counter(name for _key, name in pairs)
    return {
        (key, name): _("%(name)s（%(key)s）", name=name, key=key) if keys[name] > 1 else name for key, name in pairs
    }


def process_choices(definitions: Sequence[Definition]) -> list[tuple[str, str]]:
    """Processes to narrow a list of cases to."""
    return [(process_path(*place), name) for place, name in process_names(definitions).items()]


def procedure_choices(definitions: Sequence[Definition]) -> list[tuple[str, str]]:
    """Procedures to narrow a list of tasks to, by their keys."""
    called = [(each.key, named(each.title, each.key)) for each in definitions]
    told = _told_apart(called)
    return [(key, told[key, name]) for key, name in called]


def _started_row(row: CaseRow, names: dict[tuple[str, str], str]) -> tuple[Case, str, str]:
    case = row.case
    stage = row.stage.title.text(current_language()) if row.stage else ""
    return case, names.get((case.key, case.process_id), case.key), stage


def unit_choices(session: Session) -> list[tuple[str, str]]:
    """Service units to narrow a list to."""
    known = session.execute(select(Unit.id, Unit.short_name, Unit.name_en).order_by(Unit.place))
    english = current_language() == "en"
    return [(row.id, (english and row.name_en) or row.short_name) for row in known]


def _filter(wanted: Asked) -> Filter:
    within = wanted.get("overdue")
    return Filter(
        wanted.get("q"), wanted.get("process"), wanted.get("step"), wanted.get("unit"),
        overdue=bool(within) and within != DUE_TODAY, due_today=within == DUE_TODAY,
    )  # fmt: skip


def _case_filter(wanted: Asked) -> CaseFilter:
    return CaseFilter(
        search=wanted.get("q"),
        process=wanted.get("process"),
        step=wanted.get("step"),
        unit_id=wanted.get("unit"),
        overdue=bool(wanted.get("overdue")),
    )


def _choices(
    session: Session, actor: Actor, view: View, definitions: Sequence[Definition]
) -> dict[str, list[tuple[str, str]]]:
    steps = inbox.steps_of_work(session, actor) if view in TO_DO else []
    several = not actor.units() and actor.has(
        "city_bureau.clerk", "city_bureau.section", "city_bureau.leader", "process_owner"
    )
    return {
        "processes": procedure_choices(definitions),
        "steps": [(key, named(step)) for key, step in steps],
        "units": unit_choices(session) if several and view != "started" else [],
    }


def _titles() -> dict[str, str]:
    return {
        "todo": _("待办"),
        "mine": _("我签收的"),
        "group": _("待签收"),
        "stand_in": _("代理的"),
        "held": _("等待中"),
        "done": _("已办"),
        "started": _("我发起的"),
        "drafts": _("草稿"),
    }


def _nothing() -> dict[str, tuple[str, str]]:
    return {
        "todo": (_("没有待办任务"), _("有新任务时会出现在这里。")),
        "mine": (_("没有由您签收的任务"), _("在“待签收”中签收后，任务会出现在这里。")),
        "group": (_("没有待签收的任务"), _("您所在岗位的任务都已有人办理。")),
        "stand_in": (_("没有由您代理的待办"), _("同事设置由您代理后，其待办会列在这里。")),
        "held": (
            _("没有等待中的任务"),
            _("委派、前加签、退回直送后等待他人的任务，以及案件已挂起的任务，会列在这里。"),
        ),
        "done": (_("还没有办结的任务"), _("您办结的任务会列在这里。")),
        "started": (_("您还没有发起过事项"), ""),
        "drafts": (_("没有草稿"), _("办理任务时“暂存草稿”的内容会列在这里。")),
    }
