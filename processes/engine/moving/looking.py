"""What moving a case would mean, without doing it: whether it can, why not, and which tasks would change hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.engine.door import thawed
from processes.engine.failures import CaseFailed, of_case
from processes.engine.house import House
from processes.engine.language import evaluate
from processes.engine.models import Case
from processes.engine.moving.courses import courses_of
from processes.engine.moving.target import Target
from processes.engine.moving.tasks import Tasks, tasks_after
from processes.engine.packages import package
from processes.engine.recording import HUMAN
from processes.engine.spiff import Finding, Program, Run
from processes.engine.spiff import moving as engine
from processes.engine.spiff.positions import Position, positions
from processes.errors import DeskError, NotFound
from processes.identity.actor import SYSTEM
from processes.messages import message

TOLD_WHEN_PASSED = HUMAN | {"serviceTask", "scriptTask", "sendTask", "subProcess", "callActivity"}


@dataclass
class Outlook:
    """What moving one case would mean."""

    obstacles: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    tasks: Tasks = field(default_factory=Tasks)
    run: Run | None = None
    """The case as it would go on, where it may."""

    @property
    def moves(self) -> bool:
        """Whether the case can be moved."""
        return not self.obstacles


def look(session: Session, house: House, case_id: UUID, target: Target) -> Outlook:
    """Whether a case could be moved, looked at without a lock; nothing is changed."""
    case = session.get(Case, case_id, options=[undefer(Case.skeleton)], populate_existing=True)
    if case is None:
        raise NotFound(message("没有这个案件。"))
    return outlook(session, house, case, target)


def outlook(session: Session, house: House, case: Case, target: Target) -> Outlook:
    """Whether a case could be moved as it stands now; nothing is changed."""
    found = Outlook(_general(case, target))
    if found.obstacles:
        return found
    old = package(session, case.definition_id)
    skeleton = case.skeleton
    if engine.comes_from_an_old_release(skeleton, case.process_id):
        skeleton = thawed(session, house, SYSTEM, case, old).freeze().skeleton
    plan = engine.plan(skeleton, case.process_id, old.program, target.package.program)
    found.obstacles += plan.obstacles
    found.remarks += plan.remarks
    if found.obstacles:
        return found
    places = positions(plan.document, target.package.program)
    found.obstacles += target.courses.obstacles(case.process_id, places, courses_of(old.bpmn))
    found.remarks += _passed(target, case, places, old.program)
    if not found.obstacles:
        _try(session, house, case, target, plan.skeleton, found)
    return found


def _general(case: Case, target: Target) -> list[Finding]:
    texts = []
    if case.key != target.key:
        texts.append(message("案件属于另一个流程。"))
    if case.status == "suspended":
        texts.append(message("案件已挂起，须先恢复。"))
    elif case.status != "running":
        texts.append(message("案件已结束。"))
    if target.definition is not None and target.definition.id == case.definition_id:
        texts.append(message("案件已按这个版本办理。"))
    return [Finding("", "", text) for text in texts]


def _passed(target: Target, case: Case, places: tuple[Position, ...], old: Program) -> Iterator[Finding]:
    """New steps that lie behind the case: they are not made up for."""
    elements = target.package.program.elements
    new = [each for each in elements.values() if each.id not in old.elements and each.kind in TOLD_WHEN_PASSED]
    if not new:
        return
    ahead = target.courses.behind(case.process_id, places)
    passed = target.courses.before(case.process_id, places)
    for each in new:
        if each.id in passed and each.id not in ahead:
            text = message("新增的环节在本案已办过的路径上，本案不再补办。")
            yield Finding(each.id, each.name or each.id, text)


def _try(session: Session, house: House, case: Case, target: Target, skeleton: bytes, found: Outlook) -> None:
    """Load the case in the new version as far as nothing is carried out: what fails there would fail in earnest."""
    try:
        with of_case(case.id):
            run = thawed(session, house, SYSTEM, case, target.package, None, skeleton)
            found.remarks += engine.adopt(run)
            found.tasks = tasks_after(session, house, case, run, package(session, case.definition_id), target.package)
            _correlate(house, run, target)
    except CaseFailed as failed:
        found.obstacles.append(_failure(failed, target))
    except DeskError as failed:
        found.obstacles.append(Finding("", "", failed.text))
    else:
        found.remarks += found.tasks.remarks
        found.run = run


def _correlate(house: House, run: Run, target: Target) -> None:
    functions = house.functions(clock.today())
    for _, wait in run.waits():
        text = target.package.program.elements[wait.element_id].properties.get("correlation", "")
        if text:
            evaluate(text, wait.data, functions)


def _failure(failed: CaseFailed, target: Target) -> Finding:
    """What a step of the new version says when it is prepared with the variables that the case has."""
    element = target.package.program.elements.get(failed.element_id)
    text = failed.cause.text if isinstance(failed.cause, DeskError) else failed.text
    return Finding(failed.element_id, (element.name if element is not None else "") or failed.element_id, text)
