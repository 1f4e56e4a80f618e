from __future__ import annotations

import pytest

from processes.engine import drafts
from tests.webapp.pages.letters import actor

CONTENT = '{"key": "a", "title": "名称"}'.encode()


@pytest.fixture
def draft(desk):
    with desk.db.transaction() as session:
        return drafts.create(session, actor(desk, "owner"), "letter")


def put(visitor, draft, path, content, revision, method="put"):
    headers = {"If-Match": f'"{revision}"', "X-CSRFToken": visitor.token("/keys")}
    address = f"/studio/drafts/{draft.id}/files/{path}"
    return getattr(visitor.client, method)(address, data=content, headers=headers)


def test_a_file_comes_back_byte_for_byte_with_the_revision_of_the_draft(visit, draft):
    owner = visit("owner")
    assert put(owner, draft, "forms/a.json", CONTENT, 1).json["revision"] == 2
    answered = owner.get(f"/studio/drafts/{draft.id}/files/forms/a.json")
    assert (answered.data, answered.headers["ETag"]) == (CONTENT, '"2"')
    assert "attachment" in answered.headers["Content-Disposition"]


def test_the_second_to_save_hears_who_saved_and_when(visit, draft):
    owner = visit("owner")
    put(owner, draft, "forms/a.json", CONTENT, 1)
    answered = put(owner, draft, "forms/a.json", b"{}", 1)
    assert answered.status_code == 409
    assert answered.content_type == "application/problem+json"
    told = answered.json
    assert (told["who"], told["revision"], told["path"]) == ("李程", 2, "forms/a.json")
    assert "李程" in told["detail"]
    assert told["when"].endswith("+00:00")


def test_a_file_is_taken_out(visit, draft):
    owner = visit("owner")
    put(owner, draft, "forms/a.json", CONTENT, 1)
    assert put(owner, draft, "forms/a.json", None, 2, "delete").json["revision"] == 3
    assert owner.get(f"/studio/drafts/{draft.id}/files/forms/a.json").status_code == 404


@pytest.mark.parametrize(("login", "status"), [("manager", 403), ("auditor", 403), ("city.clerk", 403), ("admin", 403)])
def test_nobody_else_saves(visit, draft, login, status):
    assert put(visit(login), draft, "forms/a.json", CONTENT, 1).status_code == status


@pytest.mark.parametrize(("login", "status"), [("manager", 200), ("auditor", 200), ("city.clerk", 403)])
def test_who_may_look_at_versions_may_look_at_drafts(visit, draft, login, status):
    assert visit(login).get(f"/studio/drafts/{draft.id}/files/process.bpmn").status_code == status


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 20])
def test_a_save_without_a_revision_is_refused(visit, draft, revision):
    answered = put(visit("owner"), draft, "forms/a.json", CONTENT, revision)
    assert (answered.status_code, answered.content_type) == (422, "application/problem+json")


def test_a_save_without_the_token_is_refused(visit, draft):
    owner = visit("owner")
    path = f"/studio/drafts/{draft.id}/files/forms/a.json"
    assert owner.client.put(path, data=CONTENT, headers={"If-Match": '"1"'}).status_code == 400


@pytest.mark.parametrize("path", ["forms/..%2f..%2fx.json", "x.exe", "forms/a%00.json", "forms/%3Cb%3E/x.json"])
def test_a_path_that_no_package_holds_is_refused_with_a_sentence(visit, draft, path):
    answered = put(visit("owner"), draft, path, CONTENT, 1)
    assert answered.status_code in (404, 422)
    assert answered.content_type.startswith(("application/problem+json", "text/html"))


def test_an_open_page_says_who_has_what_open(visit, draft, desk):
    owner = visit("owner")
    with desk.db.transaction() as session:
        other = actor(desk, "manager")
        session.add(drafts.DraftPresence(
            draft_id=draft.id, person_id=other.person_id, path="process.bpmn", seen_at=draft.changed_at
        ))  # fmt: skip
    answered = owner.send(f"/studio/drafts/{draft.id}/presence", {"path": "forms/a.json"})
    assert answered.json["others"] == [{"name": "孙敏", "path": "process.bpmn"}]
    assert answered.json["revision"] == 1
