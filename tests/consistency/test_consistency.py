"""A sound database passes; each kind of damage is named, with the case it is in."""

from __future__ import annotations

import os
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from processes import clock, files, notices
from processes.audit import keep_trail, record
from processes.consistency.contents import SETTLED
from processes.consistency.problems import MOST_OF_A_KIND
from processes.consistency.snapshot import snapshot
from processes.consistency.whole import check_whole
from processes.engine import cases, definitions, work
from processes.engine.models import CaseEvent, CaseValue, FormDraft, Incident, Submission, WorkItem
from processes.identity.actor import SYSTEM
from processes.jobs import enqueue
from processes.messages import message
from tests.engine.spiff.drawn import boundary, chain, flow, multi, node, timer
from tests.engine.test_work import diagram, lane, properties
from tests.factories import make_house, make_organizations, make_person

KEY = b"key of the tests"
DIAGRAM = diagram(
    '<startEvent id="s"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="e"/><endEvent id="f"/>'
    + node("userTask", "reply", properties(due="10wd", remind="-3wd") + multi("units", "unit"), name="复函")
    + node("userTask", "note", name="登记")
    + boundary("late", "note", timer("timeDuration", "P20D"), interrupts=False)
    + '<intermediateCatchEvent id="news"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    + chain("s", "fork", "reply", "join", "e")
    + chain("fork", "note", "join")
    + chain("fork", "news", "join")
    + flow("late", "f"),
    lane("city", "reply", "note", role="city_bureau.clerk"),
    before='<message id="m" name="news"/>',
)
SMALL = diagram('<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>' + chain("s", "t", "e"), code="小")


@pytest.fixture
def desk(database, tmp_path):
    """A case of three tasks, one of them done, and one that has ended; a file, a notice, a job."""
    keep_trail(database, KEY)
    house = make_house(tmp_path)
    with database.transaction() as session:
        make_organizations(session)
        clerk = make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"))
        definitions.deploy(session, SYSTEM, "sample", {"process.bpmn": DIAGRAM.encode()})
        definitions.deploy(session, SYSTEM, "small", {"process.bpmn": SMALL.encode()})
        open_case = cases.start(session, house, clerk, "sample", "p", {"units": ["a", "b"], "long": "值" * 500})
        ended = cases.start(session, house, clerk, "small", "p", {})
    with database.transaction() as session:
        first = session.scalars(select(WorkItem).where(WorkItem.element_id == "reply").limit(1)).one()
        work.complete(session, house, clerk, first.id, {"comment": "同意"})
        last = session.scalars(select(WorkItem).where(WorkItem.case_id == ended.id)).one()
        work.complete(session, house, clerk, last.id, {"comment": "同意"})
        stored = house.files.put(session, clerk, "a.pdf", b"%PDF-1.7 x", case_id=open_case.id, work_item_id=first.id)
        notices.notify(session, "result", message("已办结"), person_id=clerk.person_id, case_id=open_case.id)
        enqueue(session, "message.give", {"case": str(open_case.id)}, due=clock.now() + timedelta(days=1))
    return SimpleNamespace(db=database, house=house, case=open_case, ended=ended, item=first, file=stored)


def checked(desk, **options):
    with snapshot(desk.db) as session:
        return check_whole(session, desk.house, KEY, **options)


def hurt(database, *statements):
    """Change the tables behind the back of everything that guards them."""
    sqlite = database.dialect == "sqlite"
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT" if sqlite else "SET session_replication_role = replica")
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize("ended", [False, True])
def test_a_sound_database_gives_no_problem(desk, ended):
    report = checked(desk, ended=ended)
    assert report.problems == []
    assert report.counted == {
        "work_items": 4, "submissions": 2, "cases": 2 if ended else 1, "files": 1, "audit_entries": 6,
    }  # fmt: skip


REPLY = "element_id = 'reply' AND status = 'done'"
OF_OPEN = "(SELECT id FROM process_case WHERE status = 'running')"
OF_ENDED = "(SELECT id FROM process_case WHERE status = 'completed')"
NOBODY = "'00000000000000000000000000000000'"
DAMAGES = [
    ("done-without-submission", f"DELETE FROM submission WHERE case_id = {OF_OPEN}"),
    ("submission-without-completion", f"UPDATE work_item SET status = 'cancelled' WHERE {REPLY}"),
    ("submission-of-another", f"UPDATE submission SET case_id = {OF_ENDED} WHERE case_id = {OF_OPEN}"),
    ("submission-of-another", f"UPDATE submission SET person_id = NULL WHERE case_id = {OF_OPEN}"),
    ("done-by-nobody", f"UPDATE work_item SET completed_at = NULL WHERE {REPLY}"),
    ("open-but-done", "UPDATE work_item SET completed_at = created_at WHERE element_id = 'note'"),
    ("done-without-history", f"DELETE FROM case_event WHERE kind = 'completed' AND case_id = {OF_OPEN}"),
    ("history-without-completion", f"UPDATE work_item SET status = 'open' WHERE {REPLY}"),
    ("item-without-task", f"UPDATE work_item SET status = 'open' WHERE {REPLY}"),
    ("open-item-of-ended", f"UPDATE work_item SET status = 'open' WHERE case_id = {OF_ENDED}"),
    ("task-without-item", "DELETE FROM work_item WHERE element_id = 'note'"),
    ("item-of-another-step", "UPDATE work_item SET element_id = 'reply' WHERE element_id = 'note'"),
    ("wait-not-kept", "DELETE FROM waiting"),
    ("wait-left-over", "UPDATE waiting SET name = 'other'"),
    ("wait-of-ended", f"UPDATE waiting SET case_id = {OF_ENDED}"),
    ("due-differs", "UPDATE process_case SET next_due = NULL"),
    ("timer-of-stopped", "UPDATE process_case SET next_due = started_at WHERE status = 'completed'"),
    ("timer-of-stopped", "UPDATE process_case SET status = 'suspended' WHERE status = 'running'"),
    ("end-without-moment", "UPDATE process_case SET ended_at = NULL"),
    ("unknown-status", "UPDATE process_case SET status = 'lost' WHERE status = 'completed'"),
    ("status-differs", "UPDATE process_case SET status = 'running', ended_at = NULL WHERE status = 'completed'"),
    ("incidents-miscounted", "UPDATE process_case SET open_incidents = 1 WHERE status = 'running'"),
    ("not-begun-once", f"DELETE FROM case_event WHERE kind = 'started' AND case_id = {OF_OPEN}"),
    ("value-missing", "DELETE FROM case_value"),
    ("passed-without-completion", "UPDATE work_item SET status = 'cancelled' WHERE element_id = 't'"),
    ("done-but-not-reached", f"UPDATE work_item SET element_id = 'elsewhere' WHERE {REPLY}"),
    ("reference-missing", f"UPDATE notice SET case_id = {NOBODY}"),
    ("reference-missing", f"UPDATE stored_file SET work_item_id = {NOBODY}"),
    ("reference-missing", f"UPDATE work_item SET completed_by_id = {NOBODY} WHERE {REPLY}"),
    ("number-gap", "UPDATE running_number SET last = last + 1 WHERE name LIKE 'case:函:%'"),
    ("job-of-nothing", 'UPDATE job SET args = \'{"item": "00000000-0000-0000-0000-000000000000"}\''),
    ("audit-broken", "UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 2"),
    ("audit-broken", "DELETE FROM audit_entry WHERE seq = 2"),
    ("completion-without-audit", "DELETE FROM audit_entry WHERE action = 'work.complete'"),
    ("start-without-audit", "DELETE FROM audit_entry WHERE action = 'case.start'"),
    ("audit-without-completion", f"UPDATE work_item SET status = 'cancelled' WHERE {REPLY}"),
    ("audit-without-start", "UPDATE audit_entry SET subject = 'case:none' WHERE action = 'case.start'"),
]

WITHOUT_CASE = frozenset(
    {
        *("reference-missing", "job-of-nothing", "audit-broken", "number-gap"),
        *("audit-without-completion", "audit-without-start"),
    }
)


@pytest.mark.parametrize(("code", "damage"), DAMAGES)
def test_each_kind_of_damage_is_named(desk, code, damage):
    hurt(desk.db, damage)
    report = checked(desk, ended=True)
    assert code in {each.code for each in report.problems}, report.as_json()
    assert not report.sound
    if code not in WITHOUT_CASE:
        told = " ".join(str(each.text) for each in report.problems if each.code == code)
        assert desk.case.number in told or desk.ended.number in told


def same_again(found, *leave_out, **other):
    """A second row like one that is there."""
    kept = {each.name: getattr(found, each.name) for each in found.__table__.columns if each.name not in leave_out}
    return type(found)(**{**kept, **other})


def doubled_history(session, desk):
    told = CaseEvent.task_id == desk.item.task_id, CaseEvent.kind == "completed"
    return same_again(session.scalars(select(CaseEvent).where(*told)).one(), "id")


def doubled_submission(session, desk):
    return same_again(session.scalars(select(Submission).where(Submission.work_item_id == desk.item.id)).one(), "id")


def draft_of_done(session, desk):
    return FormDraft(work_item_id=desk.item.id, person_id=desk.item.completed_by_id, answers={}, saved_at=clock.now())


def incident_not_counted(session, desk):
    return Incident(
        case_id=desk.case.id, at=clock.now(), status="open", element_id="reply", text="…", action={"kind": "none"}
    )


def audited_twice(session, desk):
    record(session, SYSTEM, "work.complete", f"work_item:{desk.item.id}")


def audited_without_cause(session, desk):
    record(session, SYSTEM, "work.complete", f"work_item:{desk.case.id}")


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("completed-twice", doubled_history),
        ("submitted-twice", doubled_submission),
        ("draft-of-done", draft_of_done),
        ("incidents-miscounted", incident_not_counted),
        ("completion-audited-twice", audited_twice),
        ("audit-without-completion", audited_without_cause),
    ],
)
def test_one_too_many_is_named(desk, code, more):
    with desk.db.transaction() as session:
        made = more(session, desk)
        if made is not None:
            session.add(made)
    assert [each.code for each in checked(desk).problems] == [code]


def test_a_value_that_was_changed_is_named(desk):
    with desk.db.transaction() as session:
        value = session.scalars(select(CaseValue).where(CaseValue.case_id == desk.case.id)).first()
        value.content = bytes(value.content) + b" "
    (problem,) = checked(desk).problems
    assert (problem.code, problem.text.params["case"]) == ("value-changed", desk.case.number)


def test_a_state_that_cannot_be_read_is_named_and_the_others_are_still_looked_at(desk):
    hurt(
        desk.db,
        "UPDATE process_case SET process_id = 'other' WHERE status = 'running'",
        f"UPDATE work_item SET status = 'open' WHERE case_id = {OF_ENDED}",
    )
    found = {each.code for each in checked(desk, ended=True).problems}
    assert {"state-unreadable", "open-item-of-ended", "item-without-task"} <= found


def test_a_certificate_number_that_was_given_twice_is_named(desk):
    """The database refuses it; whoever takes its guard away is found out."""
    hurt(
        desk.db,
        "CREATE TABLE copied AS SELECT * FROM process_case",
        "ALTER TABLE process_case RENAME TO process_case_before",
        "ALTER TABLE copied RENAME TO process_case",
        "UPDATE process_case SET number = '小-2026-0001'",
    )
    assert "number-doubled" in {each.code for each in checked(desk).problems}


def test_a_file_that_is_gone_or_changed_is_named(desk):
    path = desk.house.files.path(desk.file.id)
    path.write_bytes(b"something else")
    assert [each.code for each in checked(desk).problems] == ["file-changed"]
    path.unlink()
    (problem,) = checked(desk).problems
    assert (problem.code, problem.text.params["case"]) == ("file-missing", desk.case.number)


def test_a_promised_file_that_no_job_will_make_is_named(desk):
    with desk.db.transaction() as session:
        session.get_one(files.StoredFile, desk.file.id).sha256 = ""
        enqueue(session, "document.make", {"file": str(desk.file.id)}, due=clock.now() + timedelta(days=1), key="make")
    assert checked(desk).problems == []
    with desk.db.transaction() as session:
        session.execute(text("DELETE FROM job WHERE kind = 'document.make'"))
    (problem,) = checked(desk).problems
    assert (problem.code, problem.text.params["case"]) == ("file-never-made", desk.case.number)


def test_a_content_without_a_row_is_a_warning_once_it_is_no_upload_under_way(desk):
    path = desk.house.files.path(desk.case.id)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF-1.7")
    assert checked(desk).problems == []
    settled = path.stat().st_mtime - SETTLED - 10
    os.utime(path, (settled, settled))
    report = checked(desk)
    assert [(each.code, each.severity) for each in report.problems] == [("file-without-row", "warning")]
    assert report.sound


def test_many_of_a_kind_are_counted_and_a_few_are_told(desk):
    with desk.db.transaction() as session:
        for _ in range(MOST_OF_A_KIND + 4):
            record(session, SYSTEM, "work.complete", f"work_item:{uuid4()}")
    told = [str(each.text) for each in checked(desk).problems if each.code == "audit-without-completion"]
    assert len(told) == MOST_OF_A_KIND + 1
    assert "4" in told[-1]


def test_the_snapshot_sees_one_moment_and_cannot_write(desk):
    with snapshot(desk.db) as session:
        before = session.scalar(select(func.count()).select_from(CaseEvent))
        with desk.db.transaction() as other:
            other.add(doubled_history(other, desk))
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == before
        with pytest.raises(DBAPIError):
            session.execute(text("DELETE FROM notice"))
    with desk.db.transaction() as other:
        other.execute(text("DELETE FROM notice"))
