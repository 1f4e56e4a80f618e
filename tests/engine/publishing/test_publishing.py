"""From a draft to a version: every step of the gate holds, every act is kept, nothing is published half."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from processes import audit, clock
from processes.engine import cases, definitions, drafts, kinds_of_jobs, moving, publishing
from processes.engine.background import Background
from processes.engine.deployment import Rejected
from processes.engine.house import ScenarioVerdict
from processes.engine.models import Case, Definition
from processes.engine.moving.models import Replay
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import SYSTEM
from processes.jobs import Job, run_all
from processes.messages import message
from processes.notices import Notice
from tests.engine.spiff.drawn import chain, node
from tests.engine.test_work import MONDAY, diagram, lane, properties
from tests.factories import make_person


def drawing(due: str = "10wd") -> str:
    return diagram(
        '<startEvent id="s"/>' + node("userTask", "a", properties(due=due), name="拟办") + '<endEvent id="e"/>'
        + chain("s", "a", "e"),
        lane("one", "a", role="city_bureau.clerk"),
    )  # fmt: skip


@pytest.fixture
def now():
    found = clock.MovableClock(MONDAY)
    with clock.running_on(found):
        yield found


@pytest.fixture
def gate(database, house, people, now):
    return Gate(database, house, people)


class Gate:
    """The gate as the people of the test use it."""

    def __init__(self, database, house, people) -> None:
        self.database, self.house, self.people = database, house, people
        with database.transaction() as session:
            self.first = definitions.deploy(session, SYSTEM, "sample", {"process.bpmn": drawing().encode()}).id
            self.second = make_person(session, "second", ("manager", "city_bureau"), name="管理者乙")

    def draft(self, xml: str = "") -> object:
        with self.database.transaction() as session:
            made = drafts.create(session, self.people.owner, "sample", base_id=self.first, title="缩短时限")
            drafts.save_files(
                session, self.people.owner, made.id, {"process.bpmn": (xml or drawing("5wd")).encode()}, made.revision
            )
            return made.id

    def look(self, draft_id, actor) -> None:
        with self.database.transaction() as session:
            publishing.look_at_comparison(session, actor, draft_id)

    def submit(self, draft_id, *, looked: bool = True, reason: str = "办法修订", article: str = "第六条"):
        if looked:
            self.look(draft_id, self.people.owner)
        with self.database.transaction() as session:
            made = publishing.submit(session, self.house, self.people.owner, draft_id, reason, article).id
        run_all(self.database, kinds_of_jobs.handlers(self.house))
        return made

    def approve(self, draft_id, actor=None, note: str = "") -> None:
        self.look(draft_id, actor or self.people.manager)
        with self.database.transaction() as session:
            publishing.approve(session, actor or self.people.manager, draft_id, note)

    def publish(self, draft_id, on: date | None = None):
        with self.database.transaction() as session:
            made = publishing.publish(session, self.house, self.people.owner, draft_id, on)
            return made.id if made is not None else None

    def need_approval(self) -> None:
        with self.database.transaction() as session:
            publishing.set_approval_needed(session, self.people.manager, True, "两人复核")

    def active(self) -> int:
        with self.database.reading() as session:
            return definitions.active_definition(session, "sample").version

    def state(self, draft_id) -> str:
        with self.database.reading() as session:
            return drafts.draft(session, draft_id).state

    def steps(self, draft_id) -> dict[str, str]:
        with self.database.reading() as session:
            draft = drafts.draft(session, draft_id)
            return {each.key: each.state for each in publishing.steps(session, self.house, draft)}


def test_a_draft_becomes_a_version_after_check_comparison_replay_and_a_second_pair_of_eyes(gate):
    audit.keep_trail(gate.database, b"key")
    gate.need_approval()
    draft = gate.draft()
    assert gate.steps(draft) == {
        "check": "done", "scenarios": "done", "replay": "open", "comparison": "open", "approval": "open",
        "publishing": "open",
    }  # fmt: skip
    publication_id = gate.submit(draft)
    assert gate.state(draft) == "submitted"
    assert gate.steps(draft)["replay"] == "done"
    assert gate.steps(draft)["approval"] == "waiting"
    gate.approve(draft, note="同意")
    assert (gate.state(draft), gate.active()) == ("approved", 1)
    made = gate.publish(draft)
    assert (gate.state(draft), gate.active()) == ("published", 2)
    assert set(gate.steps(draft).values()) == {"done"}
    with gate.database.reading() as session:
        found = publishing.publication_of(session, [made])[made]
        assert (found.id, found.submitted_by, found.decided_by, found.article) == (
            publication_id, "owner", "manager", "第六条",
        )  # fmt: skip
        assert [moving.from_data(each).msgid for each in found.changes] == ["%(subject)s：%(sentence)s"]
        assert [(each.act, each.person) for each in publishing.acts(session, [found.id])] == [
            ("submitted", "owner"), ("approved", "manager"), ("published", "owner"),
        ]  # fmt: skip
        actions = session.scalars(
            select(audit.AuditEntry.action)
            .where(audit.AuditEntry.action.startswith("publication."))
            .order_by(audit.AuditEntry.seq)
        ).all()
        assert actions == [
            *("publication.rule", "publication.compare", "publication.submit", "publication.compare"),
            *("publication.approved", "publication.publish"),
        ]


def test_without_the_rule_a_submitted_draft_can_be_published_by_its_owner(gate):
    draft = gate.draft()
    gate.submit(draft)
    assert gate.state(draft) == "approved"
    gate.publish(draft)
    assert gate.active() == 2


def test_a_draft_that_fails_the_check_is_not_submitted(gate):
    draft = gate.draft(drawing().replace(chain("a", "e"), ""))
    gate.look(draft, gate.people.owner)
    assert gate.steps(draft)["check"] == "failed"
    with pytest.raises(Rejected):
        gate.submit(draft)
    assert gate.state(draft) == "open"


def test_nothing_is_submitted_unseen_or_without_a_reason_or_without_a_change(gate):
    draft = gate.draft()
    with pytest.raises(Invalid, match="对照"):
        gate.submit(draft, looked=False)
    with pytest.raises(Invalid, match="理由"):
        gate.submit(draft, reason=" ")
    same = gate.draft(drawing())
    with pytest.raises(Conflict, match="相同"):
        gate.submit(same)


def test_a_comparison_of_another_content_does_not_count(gate):
    draft = gate.draft()
    gate.look(draft, gate.people.owner)
    with gate.database.transaction() as session:
        files = {"process.bpmn": drawing("7wd").encode()}
        drafts.save_files(session, gate.people.owner, draft, files, drafts.draft(session, draft).revision)
    with pytest.raises(Invalid, match="对照"):
        gate.submit(draft, looked=False)


def test_scenarios_that_fail_or_were_not_run_stand_in_the_way(gate):
    draft = gate.draft()
    with gate.database.transaction() as session:
        revision = drafts.draft(session, draft).revision
        drafts.save_files(session, gate.people.owner, draft, {"scenarios/one.json": b"{}"}, revision)
    with pytest.raises(Invalid, match="场景"):
        gate.submit(draft)
    gate.house.scenarios = lambda session, draft_id, files: ScenarioVerdict(False, message("1 个场景未通过。"))
    assert gate.steps(draft)["scenarios"] == "failed"
    gate.house.scenarios = lambda session, draft_id, files: ScenarioVerdict(True, message("全部通过。"))
    gate.submit(draft)
    assert gate.state(draft) == "approved"


def test_who_submitted_or_changed_a_draft_does_not_approve_it(gate):
    gate.need_approval()
    with gate.database.transaction() as session:
        both = make_person(session, "both", ("manager", "city_bureau"), ("process_owner", "city_bureau"), name="兼任")
    draft = gate.draft()
    with gate.database.transaction() as session:
        files = {"process.bpmn": drawing("6wd").encode()}
        drafts.save_files(session, both, draft, files, drafts.draft(session, draft).revision)
    gate.submit(draft)
    with pytest.raises(NotAllowed, match="不能自己审核"):
        gate.approve(draft, both)
    with pytest.raises(NotAllowed):
        gate.approve(draft, gate.people.owner)
    gate.approve(draft)


def test_nothing_is_approved_unseen(gate):
    gate.need_approval()
    draft = gate.draft()
    gate.submit(draft)
    with gate.database.transaction() as session, pytest.raises(Invalid, match="对照"):
        publishing.approve(session, gate.people.manager, draft)


def test_a_submitted_draft_cannot_be_changed_and_one_that_is_changed_loses_its_approval(gate):
    gate.need_approval()
    draft = gate.draft()
    gate.submit(draft)
    gate.approve(draft)
    files = {"process.bpmn": drawing("6wd").encode()}
    with gate.database.transaction() as session:
        revision = drafts.draft(session, draft).revision
        with pytest.raises(Conflict):
            drafts.save_files(session, gate.people.owner, draft, files, revision)
    with gate.database.transaction() as session:
        publishing.withdraw(session, gate.people.owner, draft, "再改一处")
    assert gate.state(draft) == "open"
    with pytest.raises(Conflict):
        gate.publish(draft)
    gate.submit(draft)
    assert gate.state(draft) == "submitted"


def test_a_draft_that_is_sent_back_says_by_whom_and_why_and_can_be_submitted_again(gate):
    gate.need_approval()
    draft = gate.draft()
    gate.submit(draft)
    with gate.database.transaction() as session, pytest.raises(Invalid):
        publishing.send_back(session, gate.people.manager, draft, "")
    with gate.database.transaction() as session:
        publishing.send_back(session, gate.people.manager, draft, "时限过短")
    assert gate.steps(draft)["approval"] == "failed"
    with gate.database.reading() as session:
        texts = session.scalars(select(Notice.params).where(Notice.person_id == gate.people.owner.person_id)).all()
        assert texts[0]["reason"] == "时限过短"
    gate.submit(draft)
    gate.approve(draft)
    gate.publish(draft)
    assert gate.active() == 2


def test_a_version_is_published_on_its_day(gate, now):
    draft = gate.draft()
    gate.submit(draft)
    day = clock.today() + timedelta(days=10)
    assert gate.publish(draft, day) is None
    assert gate.steps(draft)["publishing"] == "waiting"
    background = Background(gate.database, gate.house)
    background.work_off()
    assert gate.active() == 1
    now.advance(days=10)
    background.work_off()
    assert (gate.active(), gate.state(draft)) == (2, "published")


def test_a_day_can_be_changed_and_taken_back_and_lies_ahead(gate, now):
    draft = gate.draft()
    gate.submit(draft)
    first = clock.today() + timedelta(days=2)
    gate.publish(draft, first)
    gate.publish(draft, first + timedelta(days=5))
    now.advance(days=3)
    Background(gate.database, gate.house).work_off()
    assert gate.active() == 1
    with gate.database.transaction() as session:
        publishing.unschedule(session, gate.people.owner, draft)
    now.advance(days=10)
    Background(gate.database, gate.house).work_off()
    assert (gate.active(), gate.state(draft)) == (1, "approved")
    with pytest.raises(Invalid, match="早于"):
        gate.publish(draft, first)


def test_what_cannot_be_published_on_its_day_stays_approved_and_is_told(gate, now):
    draft = gate.draft()
    gate.submit(draft)
    gate.publish(draft, clock.today() + timedelta(days=1))
    with gate.database.transaction() as session:  # as if somebody had changed it past the desk
        session.get_one(drafts.DraftFile, (draft, "process.bpmn")).content = b"<broken"
    now.advance(days=1)
    Background(gate.database, gate.house).work_off()
    assert (gate.active(), gate.state(draft)) == (1, "approved")
    assert gate.steps(draft)["publishing"] == "failed"
    with gate.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Definition)) == 1
        assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_draft_that_was_compared_with_another_version_is_not_published_over_it(gate):
    one, other = gate.draft(), gate.draft(drawing("7wd"))
    gate.submit(one)
    gate.submit(other)
    gate.publish(one)
    with pytest.raises(Conflict, match="第 2 版已经启用"):
        gate.publish(other)
    with gate.database.transaction() as session:
        publishing.withdraw(session, gate.people.owner, other, "重新对照")
    gate.submit(other)
    gate.publish(other)
    assert gate.active() == 3


class Stopped(Exception):
    """The program is stopped."""


def _publish_and_stop(gate, draft):
    with gate.database.transaction() as session:
        publishing.publish(session, gate.house, gate.people.owner, draft)
        session.flush()
        raise Stopped


def test_a_publishing_that_is_interrupted_leaves_nothing_half_published(gate, now):
    draft = gate.draft()
    gate.submit(draft)

    with pytest.raises(Stopped):
        _publish_and_stop(gate, draft)
    assert (gate.active(), gate.state(draft)) == (1, "approved")
    gate.publish(draft)
    assert (gate.active(), gate.state(draft)) == (2, "published")


def test_running_cases_are_replayed_and_the_result_is_kept_with_the_submission(gate):
    with gate.database.transaction() as session:
        for _ in range(3):
            cases.start(session, gate.house, gate.people.clerk, "sample", "p", {})
    renamed = drawing().replace('id="a"', 'id="b"').replace(">a<", ">b<").replace("s_a", "s_b").replace("a_e", "b_e")
    draft = gate.draft(renamed.replace('"a"', '"b"'))
    publication_id = gate.submit(draft)
    with gate.database.reading() as session:
        found = session.get_one(Replay, publishing.publication(session, publication_id).replay_id)
        assert (found.total, found.moves) == (3, 0)
        assert [(each["step"], each["cases"]) for each in found.reasons] == [("拟办", 3)]
    gate.publish(draft)
    with gate.database.reading() as session:
        assert {each.definition.version for each in session.scalars(select(Case))} == {1}


def test_an_earlier_version_comes_back_by_the_same_gate(gate):
    gate.need_approval()
    draft = gate.draft()
    gate.submit(draft)
    gate.approve(draft)
    gate.publish(draft)
    with gate.database.transaction() as session:
        back = publishing.roll_back(session, gate.people.owner, gate.first).id
    gate.submit(back, reason="时限过短，恢复")
    assert gate.active() == 2
    gate.approve(back, gate.second)
    assert gate.publish(back) == gate.first
    assert gate.active() == 1
    with gate.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Definition)) == 2
        assert publishing.publication_of(session, [gate.first])[gate.first].decided_by == "管理者乙"


def test_only_managers_set_the_rule_and_its_history_is_kept(gate):
    with gate.database.transaction() as session, pytest.raises(NotAllowed):
        publishing.set_approval_needed(session, gate.people.owner, True, "我要")
    gate.need_approval()
    with gate.database.transaction() as session, pytest.raises(Conflict):
        publishing.set_approval_needed(session, gate.people.manager, True, "再设一次")
    with gate.database.transaction() as session:
        publishing.set_approval_needed(session, gate.people.manager, False, "人手不足")
        assert not publishing.approval_needed(session)
        assert [(each.needed, each.reason) for each in publishing.rules(session)] == [
            (False, "人手不足"), (True, "两人复核"),
        ]  # fmt: skip


def test_a_program_deploys_at_once_and_submits_where_the_rule_asks_for_it(gate):
    files = {"process.bpmn": drawing("4wd").encode()}
    with gate.database.transaction() as session:
        found = publishing.deliver(session, gate.house, gate.people.owner, files, "sample")
        assert (found.definition.version, found.publication) == (2, None)
    gate.need_approval()
    with gate.database.transaction() as session:
        again = publishing.deliver(session, gate.house, gate.people.owner, files, "sample")
        assert again.definition.version == 2
        files = {"process.bpmn": drawing("3wd").encode()}
        waiting = publishing.deliver(session, gate.house, gate.people.owner, files, "sample")
        assert waiting.definition is None
        assert waiting.publication.state == "submitted"
        draft = waiting.publication.draft_id
    run_all(gate.database, kinds_of_jobs.handlers(gate.house))
    assert gate.active() == 2
    gate.approve(draft)
    gate.publish(draft)
    assert gate.active() == 3


@pytest.mark.parametrize("who", ["clerk", "leader", "manager"])
def test_only_owners_submit_and_publish(gate, who):
    draft = gate.draft()
    actor = getattr(gate.people, who)
    with gate.database.transaction() as session, pytest.raises(NotAllowed):
        publishing.submit(session, gate.house, actor, draft, "理由")
    gate.submit(draft)
    with gate.database.transaction() as session, pytest.raises(NotAllowed):
        publishing.publish(session, gate.house, actor, draft)
    with gate.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
