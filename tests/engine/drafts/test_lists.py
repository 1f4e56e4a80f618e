from __future__ import annotations

from processes.engine import definitions, drafts
from processes.engine.drafts.beginning import empty_diagram
from processes.engine.packages import DIAGRAM
from processes.identity.actor import SYSTEM


def fill(database, people):
    """Two procedures with a version, one of them with a draft, and a third that is a draft alone."""
    with database.transaction() as session:
        for key, title in (("a", "甲流程"), ("b", "乙流程")):
            definitions.deploy(session, SYSTEM, key, {DIAGRAM: empty_diagram(key, title)})
        base = definitions.active_definition(session, "b")
        drafts.create(session, people.owner, "b", base_id=base.id, title="改乙")
        given_up = drafts.create(session, people.owner, "b", title="不改了")
        drafts.discard(session, people.owner, given_up.id, "不需要")
        drafts.create(session, people.owner, "c_new", title="丙流程")


def test_procedures_are_listed_with_versions_drafts_and_the_last_change(database, people):
    fill(database, people)
    with database.reading() as session:
        found, total = drafts.procedures(session)
    assert total == 3
    assert [(each.key, each.title, len(each.versions), [draft.title for draft in each.drafts]) for each in found] == [
        ("a", "甲流程", 1, []),
        ("b", "乙流程", 1, ["改乙"]),
        ("c_new", "丙流程", 0, ["丙流程"]),
    ]
    assert found[1].last_change[1] == "owner"
    assert found[0].active.version == 1


def test_procedures_are_looked_for_sorted_and_paged_by_the_database(database, people):
    fill(database, people)
    with database.reading() as session:
        assert [each.key for each in drafts.procedures(session, "流程", "-key")[0]] == ["c_new", "b", "a"]
        assert [each.key for each in drafts.procedures(session, "改乙")[0]] == ["b"]
        assert [each.key for each in drafts.procedures(session, "_n")[0]] == ["c_new"]
        assert [each.key for each in drafts.procedures(session, "", "-changed")[0]] == ["c_new", "b", "a"]
        page, total = drafts.procedures(session, offset=1, limit=1)
        assert ([each.key for each in page], total) == (["b"], 3)


def test_drafts_are_narrowed_by_state_and_text(database, people):
    fill(database, people)
    with database.reading() as session:
        assert [each.title for each in drafts.listed(session)[0]] == ["丙流程", "改乙"]
        assert [each.title for each in drafts.listed(session, states=[drafts.DISCARDED])[0]] == ["不改了"]
        assert drafts.listed(session, "乙", order="title", limit=1)[1] == 1


def test_an_import_says_what_it_would_change_and_changes_that_alone():
    now, sent = {"a": b"1", "b": b"2", "c": b"3"}, {"a": b"1", "b": b"4", "d": b"5"}
    told = {each.path: each.kind for each in drafts.file_changes(now, sent)}
    assert told == {"b": "changed", "c": "missing", "d": "added"}
    assert drafts.changes_of(now, sent, keep=True) == {"b": b"4", "d": b"5"}
    assert drafts.changes_of(now, sent, keep=False) == {"b": b"4", "c": None, "d": b"5"}
