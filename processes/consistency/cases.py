"""Every case's engine state against the tables that lists read: tasks, waits, timers, status, values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from processes.consistency.items import OPEN
from processes.consistency.problems import Problem
from processes.engine.door import thawed
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, CaseValue, Incident, Waiting, WorkItem
from processes.engine.packages import package
from processes.engine.recording import HUMAN
from processes.engine.spiff import Run
from processes.engine.spiff.values import content_key
from processes.errors import DeskError
from processes.identity.actor import SYSTEM
from processes.messages import message

PAGE = 100
ENGINE_STATUS = {
    "running": "running",
    "suspended": "running",
    "completed": "completed",
    "terminated": "terminated",
    "cancelled": "terminated",
}


@dataclass(frozen=True)
class Rows:
    """What the tables say about the cases of one page."""

    open_items: dict[UUID, dict[str, WorkItem]]
    done_elements: dict[UUID, set[str]]
    waits: dict[UUID, set[tuple[str, str, str]]]
    stopped_timers: set[UUID]
    """Cases whose timers an open incident holds back."""


def engine_states(session: Session, house: House, *, ended: bool, count: Callable[[int], None]) -> Iterator[Problem]:
    """Thaw every open case, with `ended` the ended ones too, a page at a time, and compare."""
    last: UUID | None = None
    while page := _page(session, last, ended):
        last = page[-1].id
        count(len(page))
        rows = _rows(session, [case.id for case in page])
        for case in page:
            yield from _case(session, house, case, rows)
        session.expunge_all()


def _page(session: Session, last: UUID | None, ended: bool) -> Sequence[Case]:
    query = select(Case).options(undefer(Case.skeleton)).order_by(Case.id).limit(PAGE)
    if last is not None:
        query = query.where(Case.id > last)
    return session.scalars(query if ended else query.where(Case.status.in_(OPEN))).all()


def _rows(session: Session, cases: list[UUID]) -> Rows:
    open_items: dict[UUID, dict[str, WorkItem]] = defaultdict(dict)
    waiting = WorkItem.status.in_(UNDONE)  # of what is attached to a task the engine knows nothing
    for item in session.scalars(
        select(WorkItem).where(WorkItem.case_id.in_(cases), waiting, WorkItem.attached_as == "")
    ):
        open_items[item.case_id][item.task_id] = item
    done: dict[UUID, set[str]] = defaultdict(set)
    of_done = select(WorkItem.case_id, WorkItem.element_id).where(WorkItem.case_id.in_(cases))
    for case_id, element in session.execute(of_done.where(WorkItem.status == "done").distinct()):
        done[case_id].add(element)
    waits: dict[UUID, set[tuple[str, str, str]]] = defaultdict(set)
    for wait in session.scalars(select(Waiting).where(Waiting.case_id.in_(cases))):
        waits[wait.case_id].add((wait.kind, wait.name, wait.task_id))
    failed = select(Incident.case_id, Incident.action).where(Incident.case_id.in_(cases), Incident.status == "open")
    stopped = {case_id for case_id, action in session.execute(failed) if action.get("kind") == "timers"}
    return Rows(open_items, done, waits, stopped)


def _case(session: Session, house: House, case: Case, rows: Rows) -> Iterator[Problem]:
    problem = _values(session, case)
    if problem is not None:
        yield problem
        return
    try:
        of = package(session, case.definition_id)
        run = thawed(session, house, SYSTEM, case, of)
        elements = of.program.elements.values()
        human = {each.id for each in elements if each.kind in HUMAN and not each.multi_instance}  # these may be of none
        used = run.freeze().used
    except (DeskError, LookupError, ValueError, TypeError) as failure:
        why = str(failure.text) if isinstance(failure, DeskError) else type(failure).__name__
        yield Problem("state-unreadable", message("案件 %(case)s 的状态无法读取：%(why)s", case=case.number, why=why))
        return
    yield from _missing_values(session, case, used)
    yield from _status(case, run)
    yield from _tasks(case, run, rows.open_items[case.id])
    yield from _done_elements(case, run, rows.done_elements[case.id], human)
    yield from _waits(case, run, rows.waits[case.id])
    yield from _timers(case, run, case.id in rows.stopped_timers)


def _values(session: Session, case: Case) -> Problem | None:
    """Values whose content is not what their key says."""
    kept = select(CaseValue.key, CaseValue.content).where(CaseValue.case_id == case.id)
    bad = [key for key, content in session.execute(kept) if content_key(bytes(content)) != key]
    if not bad:
        return None
    text = message("案件 %(case)s 有 %(count)s 个变量的内容与校验值不符。", case=case.number, count=len(bad))
    return Problem("value-changed", text)


def _missing_values(session: Session, case: Case, used: frozenset[str]) -> Iterator[Problem]:
    missing = len(used - set(session.scalars(select(CaseValue.key).where(CaseValue.case_id == case.id))))
    if missing:
        text = message("案件 %(case)s 缺少 %(count)s 个变量的内容。", case=case.number, count=missing)
        yield Problem("value-missing", text)


def _status(case: Case, run: Run) -> Iterator[Problem]:
    if ENGINE_STATUS.get(case.status) != run.status:
        text = message(
            "案件 %(case)s 的状态为 %(status)s，流程引擎中为 %(engine)s。",
            case=case.number,
            status=case.status,
            engine=run.status,
        )
        yield Problem("status-differs", text)
    if case.status == "running" and run.stuck and not case.open_incidents:
        text = message("案件 %(case)s 无法继续：没有待办、定时器或消息可以推动它。", case=case.number)
        yield Problem("stuck", text, "warning")


def _tasks(case: Case, run: Run, items: dict[str, WorkItem]) -> Iterator[Problem]:
    waiting = {task.id: task.element_id for task in run.open_tasks()} if case.status in OPEN else {}
    for task_id in sorted(waiting.keys() - items.keys()):
        text = message("案件 %(case)s：“%(step)s”等待办理，但收件箱中没有。", case=case.number, step=waiting[task_id])
        yield Problem("task-without-item", text)
    for task_id in sorted(items.keys() - waiting.keys()):
        text = message(
            "案件 %(case)s：任务“%(what)s”在收件箱中，但流程不再等待它。", case=case.number, what=items[task_id].title
        )
        yield Problem("item-without-task", text)
    for task_id in sorted(items.keys() & waiting.keys()):
        if items[task_id].element_id != waiting[task_id]:
            text = message("案件 %(case)s：任务“%(what)s”属于另一个环节。", case=case.number, what=items[task_id].title)
            yield Problem("item-of-another-step", text)


def _done_elements(case: Case, run: Run, done: set[str], human: set[str]) -> Iterator[Problem]:
    """Steps that the engine has left behind against steps of which a work item is done."""
    progress = run.progress()
    for element in sorted(done - progress.keys()):
        text = message("案件 %(case)s：“%(step)s”有办结的任务，流程却没有到过。", case=case.number, step=element)
        yield Problem("done-but-not-reached", text)
    for element in sorted(each for each in human - done if progress.get(each) == "done"):
        text = message("案件 %(case)s：流程已办完“%(step)s”，却没有办结的任务。", case=case.number, step=element)
        yield Problem("passed-without-completion", text)


def _waits(case: Case, run: Run, told: set[tuple[str, str, str]]) -> Iterator[Problem]:
    waiting: set[tuple[str, str, str]] = set()
    if case.status in OPEN:
        waiting |= {("message", each.name, each.task_id) for each in run.messages()}
        waiting |= {("signal", each.name, each.task_id) for each in run.signals()}
    for _kind, name, _task in sorted(waiting - told):
        text = message("案件 %(case)s 等待消息“%(name)s”，等待表中没有。", case=case.number, name=name)
        yield Problem("wait-not-kept", text)
    for _kind, name, _task in sorted(told - waiting):
        text = message("案件 %(case)s：等待表中的消息“%(name)s”，流程已不再等待。", case=case.number, name=name)
        yield Problem("wait-left-over", text)


def _timers(case: Case, run: Run, stopped: bool) -> Iterator[Problem]:
    timers = run.timers() if case.status == "running" and not stopped else []
    soonest = timers[0].due if timers else None
    if case.status == "running" and case.next_due != soonest and not (stopped and case.next_due is None):
        text = message(
            "案件 %(case)s 的下一个到期时间为 %(told)s，流程引擎中为 %(engine)s。",
            case=case.number,
            told=case.next_due or "—",
            engine=soonest or "—",
        )
        yield Problem("due-differs", text)
