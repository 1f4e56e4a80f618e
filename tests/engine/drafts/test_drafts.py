from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processes import clock
from processes.engine import definitions, drafts
from processes.engine.packages import DIAGRAM, package
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import SYSTEM

BROKEN = "<这不是流程图".encode("gb18030")


def new(database, actor, **more):
    with database.transaction() as session:
        return drafts.create(session, actor, "letter", **more).id


def save(database, actor, draft_id, changes, revision):
    with database.transaction() as session:
        return drafts.save_files(session, actor, draft_id, changes, revision).revision


def read(database, draft_id):
    with database.reading() as session:
        return drafts.files(session, draft_id)


def test_a_draft_from_an_empty_sheet_can_be_read_as_a_diagram(database, people):
    draft_id = new(database, people.owner, title="函件 & <办理>")
    with database.reading() as session:
        assert drafts.package_of(session, draft_id).processes["letter"].name == "函件 & <办理>"


def test_a_draft_from_a_version_holds_its_files_byte_for_byte(database, people):
    given = {DIAGRAM: read(database, new(database, people.owner))[DIAGRAM], "tables/fees.dmn": b"\xff\x00"}
    with database.transaction() as session:
        base = definitions.deploy(session, SYSTEM, "letter", given).id
    draft_id = new(database, people.owner, base_id=base)
    assert read(database, draft_id) == given
    with database.transaction() as session:
        assert definitions.deploy(session, SYSTEM, "letter", drafts.files(session, draft_id)).id == base


def test_a_broken_file_is_kept_as_it_came(database, people):
    draft_id = new(database, people.owner, files={DIAGRAM: BROKEN})
    assert read(database, draft_id) == {DIAGRAM: BROKEN}
    with database.reading() as session, pytest.raises(Invalid):
        drafts.package_of(session, draft_id)


def test_two_owners_who_save_the_same_file_at_once_are_told_and_nothing_is_lost(database, people):
    draft_id = new(database, people.owner)
    assert save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1) == 2
    with database.transaction() as session, pytest.raises(drafts.SavedMeanwhile) as told:
        drafts.save_files(session, people.owner, draft_id, {"forms/a.json": b"2"}, 1)
    assert (told.value.who, told.value.path, told.value.revision) == ("owner", "forms/a.json", 2)
    assert read(database, draft_id)["forms/a.json"] == b"1"


def test_two_owners_at_different_files_do_not_stand_in_each_others_way(database, people):
    draft_id = new(database, people.owner)
    save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1)
    assert save(database, people.owner, draft_id, {"forms/b.json": b"2"}, 1) == 3


def test_a_save_that_is_sent_twice_is_one_save(database, people):
    draft_id = new(database, people.owner)
    assert save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1) == 2
    assert save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1) == 2


def test_a_file_taken_away_is_not_brought_back_by_somebody_who_has_not_seen_it(database, people):
    draft_id = new(database, people.owner)
    save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1)
    save(database, people.owner, draft_id, {"forms/a.json": None}, 2)
    assert "forms/a.json" not in read(database, draft_id)
    with database.transaction() as session, pytest.raises(drafts.SavedMeanwhile):
        drafts.save_files(session, people.owner, draft_id, {"forms/a.json": b"2"}, 2)


@pytest.mark.parametrize(
    "path",
    [
        *("../x.json", "/etc/passwd", "forms/../process.bpmn", "forms/a\0.json", "forms/a/b.json", "x.exe"),
        *("forms//a.json", "forms/" + "a" * 200 + ".json", "forms/.json", "."),
    ],
)
def test_a_path_that_no_package_holds_is_refused(database, people, path):
    draft_id = new(database, people.owner)
    with database.transaction() as session, pytest.raises(Invalid):
        drafts.save_files(session, people.owner, draft_id, {path: b"1"}, 1)
    assert set(read(database, draft_id)) == {DIAGRAM}


def test_a_draft_never_grows_beyond_what_a_package_may_be(database, people):
    draft_id = new(database, people.owner)
    seven = {f"documents/{n}.docx": bytes(7 * 1024 * 1024) for n in range(2)}
    save(database, people.owner, draft_id, seven, 1)
    with database.transaction() as session, pytest.raises(Invalid):
        drafts.save_files(session, people.owner, draft_id, {"documents/3.docx": bytes(7 * 1024 * 1024)}, 2)


def test_the_diagram_cannot_be_taken_away(database, people):
    draft_id = new(database, people.owner)
    with database.transaction() as session, pytest.raises(Invalid):
        drafts.save_files(session, people.owner, draft_id, {DIAGRAM: None}, 1)


@pytest.mark.parametrize("key", ["", "1a", "a b", "a/b", "<b>", "x" * 81])
def test_a_key_that_no_definition_may_have_is_refused(database, people, key):
    with database.transaction() as session, pytest.raises(Invalid):
        drafts.create(session, people.owner, key)


def test_only_a_process_owner_changes_drafts(database, people):
    draft_id = new(database, people.owner)
    for actor in (people.manager, people.leader):
        with database.transaction() as session:
            for act in (
                lambda session=session, actor=actor: drafts.create(session, actor, "x"),
                lambda session=session, actor=actor: drafts.save_files(session, actor, draft_id, {}, 1),
                lambda session=session, actor=actor: drafts.rename(session, actor, draft_id, "x"),
                lambda session=session, actor=actor: drafts.discard(session, actor, draft_id, "x"),
            ):
                with pytest.raises(NotAllowed):
                    act()


def test_a_discarded_draft_says_why_and_changes_no_more(database, people):
    draft_id = new(database, people.owner)
    with database.transaction() as session:
        with pytest.raises(Invalid):
            drafts.discard(session, people.owner, draft_id, "  ")
        assert drafts.discard(session, people.owner, draft_id, "另有安排").reason == "另有安排"
    with database.transaction() as session, pytest.raises(Conflict):
        drafts.save_files(session, people.owner, draft_id, {"forms/a.json": b"1"}, 1)
    with database.transaction() as session, pytest.raises(Conflict):
        drafts.discard(session, people.owner, draft_id, "再一次")


def test_a_draft_that_is_not_there_is_not_found(database, people):
    draft_id = new(database, people.owner)
    with database.reading() as session:
        with pytest.raises(NotFound):
            drafts.draft(session, people.owner.person_id)
        with pytest.raises(NotFound):
            drafts.file(session, draft_id, "forms/a.json")


def test_others_are_seen_at_a_draft_for_half_a_minute(database, people, house):
    draft_id = new(database, people.owner)
    with database.transaction() as session:
        second = people.owner.__class__(people.other.person_id, "乙", "other", people.owner.holdings)
    movable = clock.MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    with clock.running_on(movable):
        with database.transaction() as session:
            assert drafts.seen(session, people.owner, draft_id, DIAGRAM) == []
            assert drafts.seen(session, people.owner, draft_id, DIAGRAM) == []
        with database.transaction() as session:
            (other,) = drafts.seen(session, second, draft_id, "forms/a.json")
            assert (other.name, other.path) == ("owner", DIAGRAM)
            drafts.seen(session, people.manager, draft_id, DIAGRAM)
        movable.advance(seconds=29)
        with database.reading() as session:
            assert [each.name for each in drafts.present(session, [draft_id])[draft_id]] == ["owner", "经办乙"]
        movable.advance(seconds=2)
        with database.reading() as session:
            assert drafts.present(session, [draft_id])[draft_id] == []
    assert timedelta(seconds=30) == drafts.RECENT


def test_a_package_that_was_published_does_not_move_with_the_draft(database, people):
    draft_id = new(database, people.owner)
    with database.transaction() as session:
        version = definitions.deploy(session, SYSTEM, "letter", drafts.files(session, draft_id)).id
    save(database, people.owner, draft_id, {"forms/a.json": b"1"}, 1)
    with database.reading() as session:
        assert set(package(session, version).files) == {DIAGRAM}
