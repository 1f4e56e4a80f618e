"""退回: back to an earlier step, then through all steps again (重走) or straight back to whoever returned it (直送);
驳回: the case is refused and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from processes import audit, clock
from processes.engine import cases
from processes.engine.door import OpenCase, opened, thawed
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, FormDraft, Submission, WorkItem
from processes.engine.packages import package
from processes.engine.permissions import may_do, need_part, need_to_do
from processes.engine.reasons import need_reason
from processes.engine.spiff import Element, trail
from processes.engine.spiff.signing import signing
from processes.engine.spiff.trail import Visit
from processes.engine.task_forms import item_of
from processes.engine.verbs.allowed import may_reject
from processes.engine.verbs.aside import MEND, attach, hold, with_attached
from processes.engine.verbs.asking import own_task
from processes.engine.verbs.opinion_form import OPINION, REFUSED, RETURNED, verdict_form
from processes.engine.verbs.telling import note, tell, tell_all
from processes.engine.work import need_open
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.identity.log_in import WITH_POSTS
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.messages import message

Way = Literal["again", "straight"]
"""`again`: through all steps once more; `straight`: mended, it comes directly back to whoever returned it."""
PREVIOUS, STARTER = "previous", "starter"
"""Names of two targets, for whoever does not want to look up the others."""


@dataclass(frozen=True)
class Target:
    """A step to which a task may be sent back."""

    visit: Visit
    step: str
    people: tuple[str, ...]
    """Who did it."""
    ways: tuple[Way, ...]
    by_starter: bool
    repeated: tuple[str, ...]
    """Names of what would act by itself once more, if it goes through all steps again."""

    @property
    def id(self) -> str:
        """How it is named when it is chosen."""
        return self.visit.task_id

    @property
    def withdrawn(self) -> int:
        """How many tasks of others would be withdrawn, if it goes through all steps again."""
        return len(self.visit.withdrawn)


def targets(session: Session, house: House, actor: Actor, item_id: UUID) -> list[Target]:
    """Where one's own task may be sent back to, the step before it first."""
    item = item_of(session, item_id)
    need_part(session, actor, item)
    need_to_do(actor, item)
    need_open(item)
    case = session.get_one(Case, item.case_id, options=[undefer(Case.skeleton)])
    if item.attached_as or case.status != "running":
        return []
    of = package(session, case.definition_id)
    return targets_of(OpenCase(session, house, actor, case, thawed(session, house, actor, case, of, item), of), item)


def targets_of(opened: OpenCase, item: WorkItem) -> list[Target]:
    """The same for a case that is open."""
    elements = opened.package.program.elements
    rule = _rule(elements[item.element_id])
    if rule == "no":
        return []
    visits = trail.earlier_visits(opened.run, item.task_id)
    done = _done_by(opened, [each.element_id for each in visits])
    several = elements[item.element_id].multi_instance and signing(elements[item.element_id].properties) is None
    found = []
    for visit in visits:
        ways: list[Way] = []
        if rule == "any" or (rule == "" and not visit.repeated and not several):
            ways.append("again")
        rows = [each for each in done if each.task_id == visit.task_id] if visit.single else []
        rows = rows or [each for each in done if each.element_id == visit.element_id]
        if visit.single and any(each.task_id == visit.task_id for each in rows):
            ways.append("straight")
        people = tuple(dict.fromkeys(each.completed_by for each in rows if each.completed_by))
        starter = opened.case.started_by_id
        by_starter = starter is not None and any(each.completed_by_id == starter for each in rows)
        names = tuple(elements[each].name or each for each in visit.repeated)
        step = elements[visit.element_id].name or visit.element_id
        found.append(Target(visit, step, people, tuple(ways), by_starter, names))
    return [each for each in found if each.ways]


def _rule(element: Element) -> str:
    """What the diagram says of sending back from a task: `any`, `straight`, `no`, or nothing."""
    return element.properties.get("return", "").strip()


def _done_by(opened: OpenCase, element_ids: Sequence[str]) -> Sequence[WorkItem]:
    query = select(WorkItem).where(
        WorkItem.case_id == opened.case.id, WorkItem.status == "done", WorkItem.element_id.in_(element_ids),
        WorkItem.attached_as == "",
    )  # fmt: skip
    return opened.session.scalars(query.order_by(WorkItem.completed_at.desc())).all()


def send_back(
    session: Session, house: House, actor: Actor, item_id: UUID, to: str, way: Way, reason: str,
    *, revision: int | None = None,
) -> WorkItem:  # fmt: skip
    """Send one's own task back; `to` is the id of a target, `previous` or `starter`."""
    case, item, actor = own_task(session, actor, item_id)
    text = need_reason(reason)
    if item.attached_as:
        raise Conflict(message("别人请您办理的事项不能退回，请写明意见后提交。"))
    with opened(session, house, actor, case, item, revision=revision) as open_:
        target = _chosen(targets_of(open_, item), to, way)
        if way == "straight":
            _mend(open_, item, target, text)
        else:
            _go_through_again(open_, item, target, text)
    audit.record(
        session, actor, "work.return", f"work_item:{item.id}", to=target.visit.element_id, way=way, reason=text
    )
    return item


def _chosen(found: Sequence[Target], to: str, way: Way) -> Target:
    if not found:
        raise Conflict(message("这项任务之前没有可以退回的环节。"))
    if to == PREVIOUS:
        target: Target | None = found[0]
    elif to == STARTER:
        target = next((each for each in reversed(found) if each.by_starter), None)
    else:
        target = next((each for each in found if each.id == to), None)
    if target is None:
        problem = message("请选择退回到哪个环节。")
        raise Invalid(problem, {"to": problem})
    if way not in target.ways:
        problem = message("退回到“%(step)s”不能采用这种方式。", step=target.step)
        raise Invalid(problem, {"way": problem})
    return target


def _mend(open_: OpenCase, item: WorkItem, target: Target, reason: str) -> None:
    """The earlier step is done once more beside the case, which waits for it at this task."""
    session = open_.session
    before = _last(open_, target.visit.task_id)
    made = attach(session, item, MEND, None, form_key=before.form_key, like=before, visit_id=target.visit.task_id)
    hold(open_.actor, item)
    note(session, open_.actor, item, "returned", f"→ {target.step}（直送）：{reason}", {"way": "straight"})
    _give_back(session, made, before)
    text = message("%(from)s退回，请补正后直接送回：%(title)s", **{"from": open_.actor.name, "title": made.title})
    tell(session, made, "returned", text)
    open_.save()


def _go_through_again(open_: OpenCase, item: WorkItem, target: Target, reason: str) -> None:
    session, actor = open_.session, open_.actor
    withdrawn = with_attached(session, _items(open_, target.visit.withdrawn))
    keep_verdict(open_, item, RETURNED, reason)
    note(session, actor, item, "returned", f"→ {target.step}：{reason}")
    before = _last(open_, target.visit.task_id) if target.visit.single else None
    trail.send_back(open_.run, target.visit.task_id, "returned")
    open_.save()
    text = message("%(from)s已将案件退回，无需您再办理：%(title)s", **{"from": actor.name, "title": item.title})
    tell_all(session, withdrawn, actor, "withdrawn", text)
    for each in new_items(open_, target.visit.element_id):
        if before is not None:
            _give_back(session, each, before)
        told = message("%(from)s退回，请重新办理：%(title)s", **{"from": actor.name, "title": each.title})
        tell(session, each, "returned", told)


def new_items(open_: OpenCase, element_id: str) -> Sequence[WorkItem]:
    """The tasks of a step that have just come up."""
    query = select(WorkItem).where(
        WorkItem.case_id == open_.case.id, WorkItem.element_id == element_id, WorkItem.status == "open",
        WorkItem.created_at == open_.now, WorkItem.attached_as == "",
    )  # fmt: skip
    return open_.session.scalars(query).all()


def _last(open_: OpenCase, task_id: str) -> WorkItem:
    query = select(WorkItem).where(WorkItem.case_id == open_.case.id, WorkItem.task_id == task_id)
    return open_.session.scalars(query).one()


def _items(open_: OpenCase, task_ids: Sequence[str]) -> Sequence[WorkItem]:
    query = select(WorkItem).where(WorkItem.case_id == open_.case.id, WorkItem.task_id.in_(task_ids))
    return open_.session.scalars(query).all()


def keep_verdict(open_: OpenCase, item: WorkItem, verdict: str, reason: str) -> Submission:
    """The reason is an opinion like any other: it is kept as one, and the task is done by it."""
    actor, answers = open_.actor, {"opinion": verdict, "comment": reason}
    submission = Submission(
        id=uuid4(), case_id=item.case_id, work_item_id=item.id, form_key=OPINION, form_version=verdict_form().version,
        form=verdict_form().as_data(), answers=answers, person_id=actor.person_id, person=actor.name, at=open_.now,
    )  # fmt: skip
    open_.session.add(submission)
    item.status, item.result = "done", verdict
    item.completed_at, item.completed_by_id, item.completed_by = open_.now, actor.person_id, actor.name
    draft = open_.session.get(FormDraft, item.id)
    if draft is not None:
        open_.session.delete(draft)
    open_.session.flush()
    return submission


def _give_back(session: Session, made: WorkItem, before: WorkItem) -> None:
    """Whoever did the step before gets it again, with what was filled in as a draft."""
    person_id = before.on_behalf_id or before.completed_by_id
    person = session.scalars(select(Person).where(Person.id == person_id).options(*WITH_POSTS)).unique().first()
    if person is None or person.disabled:
        return
    if not may_do(actor_of(session, person, clock.today()), made):
        return
    if made.person_id is None:
        made.claimed_by_id, made.claimed_by, made.claimed_at = person.id, person.name, clock.now()
    given_again(session, made, before, person.id)


def given_again(session: Session, made: WorkItem, before: WorkItem, person_id: UUID) -> None:
    """What was sent the first time, as a draft of the second."""
    query = select(Submission.answers).where(Submission.work_item_id == before.id, Submission.form_key == made.form_key)
    answers: Mapping[str, object] | None = session.scalars(query.order_by(Submission.at.desc())).first()
    if answers:
        session.add(FormDraft(work_item_id=made.id, person_id=person_id, answers=dict(answers), saved_at=clock.now()))


# 驳回


def reject(session: Session, house: House, actor: Actor, item_id: UUID, reason: str) -> Case:
    """Refuse what the case is about: it ends with this opinion, and everything open is withdrawn."""
    case, item, actor = own_task(session, actor, item_id)
    text = need_reason(reason)
    if actor.has("applicant", "planner") and not item.role:
        raise NotAllowed(message("这项任务不能驳回。"))
    with opened(session, house, actor, case, item) as open_:
        if not may_reject(open_.package, item):
            raise NotAllowed(message("这项任务不能驳回。"))
        query = select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE), WorkItem.id != item.id)
        others = session.scalars(query).all()
        keep_verdict(open_, item, REFUSED, text)
        note(session, actor, item, "rejected", text)
        open_.run.cancel()
        cases.end_from_outside(session, actor, case, open_.run, "terminated", f"{REFUSED}：{text}")
    told = message("案件已被驳回，无需您再办理：%(title)s", title=case.title)
    tell_all(session, others, actor, "withdrawn", told)
    if case.started_by_id is not None and case.started_by_id != actor.person_id:
        values = {"from": actor.name, "title": case.title, "reason": text}
        cases.tell_starter(session, case, message("%(from)s驳回了“%(title)s”：%(reason)s", **values))
    audit.record(session, actor, "work.reject", f"work_item:{item.id}", case=case.number, reason=text)
    return case
