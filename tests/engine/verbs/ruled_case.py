"""A case on which every verb may be used, and the rules that hold after each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.consistency.items import broken_rules
from processes.engine import cases, definitions, messaging, timers
from processes.engine.door import locked_with_item, opened, thawed
from processes.engine.failures import CaseFailed
from processes.engine.house import Operation
from processes.engine.models import Case, CaseEvent, FormDraft, Submission, Waiting, WorkItem
from processes.engine.packages import package
from processes.engine.spiff.attached import Boundary
from processes.engine.verbs import asking, joining, moving, recalling, sending_back
from processes.engine.verbs.aside import aside_done
from processes.engine.verbs.opinion_form import OPINION, opinion_form
from processes.engine.verbs.signers import rounds
from processes.errors import Conflict, Invalid, NotAllowed
from processes.forms.wording import Wording
from processes.identity.actor import SYSTEM, Actor
from tests.engine.random_runs.blocks import ANSWERED, Block, Part, Pen
from tests.engine.spiff.drawn import user
from tests.engine.test_work import properties
from tests.engine.verbs.conftest import Office

SIGNS = ({"sign": "all"}, {"sign": "any"}, {"sign": "all", "pass": "2/3"}, {"sign": "sequence", "pass": "60%"})
TOLD = {
    "send back": "returned", "mend": "returned", "delegate": "delegated", "before": "signers_before",
    "after": "signers_after", "with": "signers_with", "remove": "signer_removed", "recall": "recalled", "move": "moved",
}  # fmt: skip


def draw_signed(pen: Pen, block: Block) -> Part:
    """A task that three people sign."""
    name = pen.name("sign")
    own = ANSWERED.replace("</spiffworkflow:properties></extensionElements>", "")
    more = properties(signers="['leader', 'deputy', 'third']", **SIGNS[block.variant % 4])
    more = more.replace("<extensionElements><spiffworkflow:properties>", "")
    return user(name, own + more), name, name


AS_BEGUN = (WorkItem.created_at, WorkItem.element_id, WorkItem.instance_key, WorkItem.attached_as, WorkItem.task_id)
"""Tasks in an order that is the same when the same is done again: the ids of tasks are drawn anew each time."""


class Ended(Exception):
    """A step of the diagram has failed, and everything was rolled back."""


class RuledCase:
    """One case on a desk."""

    def __init__(self, office: Office, xml: str, given: dict[str, Any]) -> None:
        self.office, self.database, self.house = office, office.database, office.house
        self.house.operations = {**self.house.operations} | _counting()
        self.opinions = 0
        self.history = 0
        key = f"verbs-{crc32(xml.encode()):x}"
        with self.database.transaction() as session:
            definitions.deploy(session, SYSTEM, key, {"process.bpmn": xml.encode()})
        try:
            with self.database.transaction() as session:
                self.case_id = cases.start(session, self.house, office.people.clerk, key, "p", given).id
        except CaseFailed as failure:
            raise Ended from failure
        self.check()

    @property
    def runs(self) -> bool:
        with self.database.reading() as session:
            return session.get_one(Case, self.case_id).status == "running"

    def items(self) -> list[WorkItem]:
        with self.database.reading() as session:
            query = select(WorkItem).where(WorkItem.case_id == self.case_id, WorkItem.status == "open")
            return list(session.scalars(query.order_by(*AS_BEGUN)))

    def possible(self, items: list[WorkItem]) -> list[str]:
        found = ["time", "recall"]
        if items:
            found += (
                ["complete"] * 5 + ["send back"] * 3 + ["mend", "delegate", "before", "after", "with", "remove", "move"]
            )
        with self.database.reading() as session:
            kinds = session.scalars(select(Waiting.kind).where(Waiting.case_id == self.case_id).distinct())
            return found + sorted(kinds)

    def who(self, item: WorkItem) -> Actor:
        """Whose a task is."""
        wanted = item.claimed_by_id or item.person_id
        people = vars(self.office.people).values()
        return next(each for each in people if each.person_id == wanted)

    # acts

    def act(self, kind: str, do: Callable[[Session], Any]) -> bool:
        """One transaction; what is refused changes nothing."""
        with self.database.reading() as session:
            before = self._lines(session, TOLD[kind]) if kind in TOLD else 0
        try:
            with self.database.transaction() as session:
                do(session)
        except CaseFailed as failure:
            self.check()
            raise Ended from failure
        except (Conflict, Invalid, NotAllowed):
            self.check()
            return False
        self.check()
        if kind in TOLD:
            with self.database.reading() as session:
                assert self._lines(session, TOLD[kind]) == before + 1, f"{kind} is not in the history"
        return True

    def _lines(self, session: Session, kind: str) -> int:
        query = select(func.count()).where(CaseEvent.case_id == self.case_id, CaseEvent.kind == kind)
        return session.scalar(query) or 0

    def complete(self, item: WorkItem, answers: dict[str, Any]) -> None:
        """As a part of the desk without forms would, so that any variable may be set."""
        actor = self.who(item)

        def done(session: Session) -> None:
            case, row = locked_with_item(session, item.id)
            with opened(session, self.house, actor, case, row) as open_:
                answered = Submission(
                    case_id=case.id, work_item_id=row.id, form_key=row.form_key, form_version="",
                    form=None if row.form_key else opinion_form().as_data(), answers={"opinion": "同意"},
                    person_id=actor.person_id, person=actor.name, at=open_.now,
                )  # fmt: skip
                session.add(answered)
                row.status, row.completed_at = "done", open_.now
                row.completed_by_id, row.completed_by = actor.person_id, actor.name
                session.execute(delete(FormDraft).where(FormDraft.work_item_id == row.id))
                if row.attached_as or row.followed:
                    aside_done(open_, row, answered, {} if row.form_key == OPINION else answers)
                else:
                    open_.run.complete(row.task_id, answers)
                    open_.save(done=row)

        assert self.act("complete", done), "an open task could not be done"

    def use(self, kind: str, data: st.DataObject) -> None:
        """One of the verbs, on one of the tasks."""
        if kind == "recall":
            self._recall(data)
            return
        item = data.draw(st.sampled_from(self.items()))
        actor, office = self.who(item), self.office.people
        others = [each.login for each in (office.clerk, office.other, office.leader, office.deputy)]
        to = [each for each in others if each != actor.login]
        if kind in ("send back", "mend"):
            self._send_back(item, actor, kind, data)
        elif kind == "delegate":
            login = data.draw(st.sampled_from(to))
            self.act(kind, lambda s: asking.delegate(s, self.house, actor, item.id, login, "请代办"))
        elif kind in ("before", "after"):
            logins = to[: data.draw(st.integers(1, 2))]
            after = kind == "after"
            self.act(kind, lambda s: asking.add_signers(s, self.house, actor, item.id, logins, "请会签", after=after))
        elif kind == "with":
            logins, is_next = to[: data.draw(st.integers(1, 2))], data.draw(st.booleans())
            self.act(
                kind, lambda s: joining.sign_with(s, self.house, actor, item.id, logins, "请会签", is_next=is_next)
            )
        elif kind == "remove":
            self._remove(data)
        elif kind == "move":
            self._move(item, data)

    def _remove(self, data: st.DataObject) -> None:
        """One who signs now, or one whose turn has not come."""
        manager, asked = self.office.people.manager, data.draw(st.sampled_from(self._held_or_open()))
        with self.database.reading() as session:
            found = rounds(session, self.house, session.get_one(Case, self.case_id))
            ahead = next((each.ahead for each in found if asked in [one.item_id for one in each.signers]), ())
        if ahead and data.draw(st.booleans()):
            key = data.draw(st.sampled_from(ahead)).key
            self.act("remove", lambda s: joining.leave_out(s, self.house, manager, asked, key, "减签"))
        else:
            self.act("remove", lambda s: asking.remove_signer(s, self.house, manager, asked, "减签"))

    def _held_or_open(self) -> list[UUID]:
        with self.database.reading() as session:
            query = select(WorkItem.id).where(WorkItem.case_id == self.case_id, WorkItem.status.in_(("open", "held")))
            return list(session.scalars(query.order_by(*AS_BEGUN)))

    def _send_back(self, item: WorkItem, actor: Actor, kind: str, data: st.DataObject) -> None:
        with self.database.transaction() as session:
            found = sending_back.targets(session, self.house, actor, item.id)
        way = "again" if kind == "send back" else "straight"
        choices = [each for each in found if way in each.ways]
        if choices:
            to = data.draw(st.sampled_from(choices)).id
            done = self.act(kind, lambda s: sending_back.send_back(s, self.house, actor, item.id, to, way, "请补正"))
            assert done, "a target that was offered was refused"

    def _recall(self, data: st.DataObject) -> None:
        with self.database.reading() as session:
            query = select(WorkItem).where(WorkItem.case_id == self.case_id, WorkItem.completed_by_id.is_not(None))
            done = list(session.scalars(query.order_by(WorkItem.completed_at.desc(), *AS_BEGUN).limit(3)))
        if done:
            item = data.draw(st.sampled_from(done))
            actor = next(each for each in vars(self.office.people).values() if each.person_id == item.completed_by_id)
            self.act("recall", lambda s: recalling.recall(s, self.house, actor, item.id))

    def _move(self, item: WorkItem, data: st.DataObject) -> None:
        manager = self.office.people.manager
        with self.database.transaction() as session:
            places = moving.places(session, self.house, manager, item.id)
        if places:
            place = data.draw(st.sampled_from(places))
            to, alone = place.element_id, place.alone
            self.act("move", lambda s: moving.move(s, self.house, manager, item.id, to, "纠正", alone=alone))

    def tell(self, kind: str) -> bool:
        with self.database.reading() as session:
            query = select(Waiting.name).where(Waiting.case_id == self.case_id, Waiting.kind == kind)
            name = session.scalars(query.order_by(Waiting.name)).first()
        if name is None:
            return False
        self.act(kind, lambda s: messaging.give(s, self.house, SYSTEM, self.case_id, kind, name, {}, ""))
        return True

    def let_time_pass(self, now: clock.MovableClock, hours: int) -> None:
        now.move_to(now.now() + timedelta(hours=hours))
        with self.database.reading() as session:
            due = session.get_one(Case, self.case_id).next_due
        if due is not None and due <= now.now():
            self.act("time", lambda s: timers.fire(s, self.house, self.case_id))

    # rules

    def check(self) -> None:
        """What must hold whatever has been done."""
        with self.database.reading() as session:
            case = session.get_one(Case, self.case_id, options=[undefer(Case.skeleton)])
            items = list(session.scalars(select(WorkItem).where(WorkItem.case_id == self.case_id)))
            self._opinions_and_history_only_grow(session)
            self._waiting_tasks_are_somebodys(items)
            self._held_tasks_wait_for_something(items)
            self._engine_and_items_agree(session, case, items)
            problems = [each.code for each in broken_rules(session) if each.text.params["case"] == case.number]
            assert problems == [], problems

    def _opinions_and_history_only_grow(self, session: Session) -> None:
        opinions = session.scalar(select(func.count()).where(Submission.case_id == self.case_id)) or 0
        lines = session.scalar(select(func.count()).where(CaseEvent.case_id == self.case_id)) or 0
        assert opinions >= self.opinions, "an opinion is lost"
        assert lines >= self.history, "history is lost"
        self.opinions, self.history = opinions, lines

    def _waiting_tasks_are_somebodys(self, items: list[WorkItem]) -> None:
        for item in items:
            if item.status in ("open", "held"):
                assert item.person_id or item.organization_id or item.claimed_by_id, "an open task is nobody's"

    def _held_tasks_wait_for_something(self, items: list[WorkItem]) -> None:
        by_id = {item.id: item for item in items}
        for item in items:
            waiting = [each for each in items if each.attached_to_id == item.id and each.status in ("open", "held")]
            if item.status == "held" and not item.attached_as:
                assert any(each.status == "open" for each in waiting), "a held task waits for nobody"
            if item.attached_as and item.status == "open":
                assert by_id[item.attached_to_id].status == "held", "somebody is asked for a task that does not wait"
            if item.status in ("done", "cancelled"):
                assert not waiting, "somebody is still asked for a task that is over"

    def _engine_and_items_agree(self, session: Session, case: Case, items: list[WorkItem]) -> None:
        run = thawed(session, self.house, SYSTEM, case, package(session, case.definition_id))
        own = [each for each in items if not each.attached_as and each.status in ("open", "held")]
        tasks = {each.id: each.element_id for each in run.open_tasks()}
        assert sorted(each.task_id for each in own) == sorted(tasks), "tasks and inbox differ"
        assert len({each.task_id for each in own}) == len(own), "a task is there twice"
        assert not run.stuck, "a join waits for ever"
        due = [wait.due for wait in run.timers()]
        assert case.next_due == (due[0] if due and case.status == "running" else None), "timers are not armed"
        self._deadlines_are_watched(run)

    @staticmethod
    def _deadlines_are_watched(run: Any) -> None:
        """Every open activity with an interrupting boundary event is watched by it."""
        for scope in run.case.all_scopes():
            for task in scope.tokens.values():
                if task.is_instance or scope.completed:
                    continue
                for name in task.task_spec.boundaries:
                    spec = scope.spec.task_specs[name]
                    if isinstance(spec, Boundary) and spec.interrupts:
                        watchers = scope.watchers.get(task.id, {}).values()
                        assert any(each.task_spec is spec for each in watchers), "a deadline is not watched"


def _counting() -> dict[str, Any]:
    return {"count": Operation("count", Wording("count"), lambda call: {call.element.id: 1})}
