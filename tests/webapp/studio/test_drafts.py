from __future__ import annotations

import io
import re
import zipfile
from uuid import UUID

import pytest

from processes.engine import definitions, drafts
from tests.webapp.pages.letters import DIAGRAM, actor

BROKEN = "这不是流程图 <b>".encode("gb18030")


def packed(files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return written.getvalue()


def begin(visitor, content=None, name="p.bpmn", **fields):
    data = {**visitor.hidden("/studio/new"), **fields}
    if content is not None:
        data["file"] = (io.BytesIO(content), name)
    return visitor.send("/studio/new", data, page="/studio/new")


def made(desk, answered):
    assert answered.status_code == 303
    found = re.search(r"drafts/([0-9a-f-]{36})", answered.location)
    with desk.db.reading() as session:
        return drafts.files(session, UUID(found[1]))


@pytest.mark.parametrize(
    ("login", "status"), [("owner", 200), ("manager", 200), ("auditor", 200), ("admin", 403), ("city.clerk", 403)]
)
def test_the_studio_is_for_owners_and_those_who_look(visit, draft, login, status):
    visitor = visit(login)
    for path in ("/studio/", "/studio/drafts", f"/studio/drafts/{draft.id}", f"/studio/drafts/{draft.id}/package.zip"):
        assert visitor.get(path).status_code == status


def test_the_studio_lists_procedures_with_their_versions_and_drafts(visit, draft):
    page = visit("owner").get("/studio/").text
    assert "征求意见函" in page
    assert "第 1 版" in page
    assert "复函时限延长" in page
    assert "编辑中" in page
    assert "新建草稿" not in visit("manager").get("/studio/").text


def test_a_procedure_that_has_drafts_only_is_listed_too(visit, desk):
    with desk.db.transaction() as session:
        drafts.create(session, actor(desk, "owner"), "fresh", title="全新的流程")
    page = visit("manager").get("/studio/?q=fresh").text
    assert "全新的流程" in page
    assert "尚未发布" in page
    assert "征求意见函" not in page


def test_drafts_are_narrowed_by_their_state_and_sorted(visit, desk, draft):
    owner = visit("owner")
    owner.send(f"/studio/drafts/{draft.id}/discard", {"reason": "另有安排"})
    assert "共 0 份草稿" in owner.get("/studio/drafts").text
    assert "复函时限延长" in owner.get("/studio/drafts?state=discarded&sort=title").text
    assert "复函时限延长" in owner.get("/studio/drafts?state=all").text


def test_a_draft_begins_from_a_version_with_all_its_files(visit, desk):
    owner = visit("owner")
    with desk.db.reading() as session:
        base = definitions.active_definition(session, "letter")
        files = {each.path: each.content for each in base.files}
    assert made(desk, begin(owner, way="version", base=str(base.id), title="改时限")) == files


def test_a_broken_diagram_is_taken_in_as_it_is_and_told(visit, desk):
    owner = visit("owner")
    answered = begin(owner, BROKEN, way="file", key="fresh")
    assert made(desk, answered) == {"process.bpmn": BROKEN}
    page = owner.get(answered.location)
    assert page.status_code == 200
    assert "个错误" in page.text


@pytest.mark.parametrize(
    ("fields", "content", "said"),
    [
        ({"way": "file", "key": "x"}, b"", "请选择流程图"),
        ({"way": "file", "key": "x"}, packed({"../x.bpmn": b"<a/>"}), "不认识的文件"),
        ({"way": "file", "key": "x y"}, b"<a/>", "流程键应以"),
        ({"way": "sheet", "key": ""}, None, "流程键应以"),
        ({"way": "version", "base": "zzz"}, None, "请选择一个版本"),
        ({"way": ""}, None, "请选择新建草稿的方式"),
    ],
)
def test_what_cannot_become_a_draft_is_told_on_the_same_page(visit, desk, fields, content, said):
    answered = begin(visit("owner"), content, **fields)
    assert answered.status_code == 422
    assert said in answered.text


def test_a_package_goes_out_and_comes_in_again_byte_for_byte(visit, desk, draft, kept):
    owner = visit("owner")
    sent = owner.get(f"/studio/drafts/{draft.id}/package.zip").data
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == kept()
    assert sent == owner.get(f"/studio/drafts/{draft.id}/package.zip").data
    assert made(desk, begin(owner, sent, "p.zip", way="file", key="copy")) == kept()


def look(visitor, draft, content, name="p.zip"):
    page = f"/studio/drafts/{draft.id}"
    return visitor.send(f"{page}/import", {"file": (io.BytesIO(content), name)}, page=page)


def confirm(visitor, draft, shown, **more):
    form = shown.text.split(f'action="/studio/drafts/{draft.id}/import/done"', 1)[1]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return visitor.send(f"/studio/drafts/{draft.id}/import/done", {**hidden, **more}, page=f"/studio/drafts/{draft.id}")


def test_an_import_shows_what_would_change_before_it_does(visit, draft, kept):
    owner, before = visit("owner"), kept()
    after = {**before, "process.bpmn": DIAGRAM.replace("10wd", "20wd").encode(), "forms/new.json": b"{}"}
    after.pop("forms/reply.json")
    shown = look(owner, draft, packed(after))
    for words in ("forms/new.json", "新增", "process.bpmn", "修改", "forms/reply.json", "包中没有"):
        assert words in shown.text
    assert "forms/draft.json" not in shown.text
    assert kept() == before
    assert confirm(owner, draft, shown).status_code == 303
    assert kept() == {**after, "forms/reply.json": before["forms/reply.json"]}
    shown = look(owner, draft, packed(after))
    assert confirm(owner, draft, shown, missing="remove").status_code == 303
    assert kept() == after


def test_a_diagram_alone_replaces_the_diagram_and_nothing_else(visit, draft, kept):
    owner, before = visit("owner"), kept()
    shown = look(owner, draft, BROKEN, "a.bpmn")
    assert "包中没有" not in shown.text
    confirm(owner, draft, shown, missing="remove")
    assert kept() == {**before, "process.bpmn": BROKEN}


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", packed({"process.bpmn": b"<a/>", "x/../../y.bpmn": b"<b/>"}), packed({"a.exe": b""})],
)
def test_a_package_that_is_none_changes_nothing_and_is_told(visit, draft, kept, content):
    before = kept()
    answered = look(visit("owner"), draft, content)
    assert answered.status_code == 422
    assert "aria-invalid" in answered.text
    assert kept() == before


def test_a_zip_bomb_is_refused(visit, draft):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("process.bpmn", b"<a/>")
        archive.writestr("forms/a.json", b" " * (30 * 1024 * 1024))
    answered = look(visit("owner"), draft, written.getvalue())
    assert answered.status_code == 413
    assert "不得超过" in answered.text


def test_an_import_over_something_saved_meanwhile_is_refused(visit, desk, draft, kept):
    owner = visit("owner")
    shown = look(owner, draft, packed({**kept(), "forms/draft.json": b"{}"}))
    with desk.db.transaction() as session:
        drafts.save_files(session, actor(desk, "owner"), draft.id, {"forms/draft.json": b"1"}, 1)
    assert confirm(owner, draft, shown).status_code == 409
    assert kept("forms/draft.json") == b"1"


def test_a_draft_is_renamed_and_files_are_taken_out(visit, draft, kept):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}"
    assert owner.send(f"{page}/title", {"title": "新名称"}, page=page).status_code == 303
    assert "新名称" in owner.get(page).text
    assert owner.send(f"{page}/title", {"title": " "}, page=page).status_code == 422
    assert owner.send(f"{page}/remove", {"path": "forms/draft.json", "revision": 1}, page=page).status_code == 303
    assert kept("forms/draft.json") is None
    assert owner.send(f"{page}/remove", {"path": "process.bpmn", "revision": 2}, page=page).status_code == 422


def test_problems_are_told_by_file_and_a_broken_form_keeps_no_other_from_being_checked(visit, desk, draft):
    with desk.db.transaction() as session:
        changes = {
            "forms/draft.json": b'{"key": "draft"}',
            "forms/reply.json": b'{"key": "reply", "title": "x", "fields": [{"key": "a", "type": "text", "label": "x", '
            b'"pattern": "(a", "min_length": 9, "max_length": 1}]}',
            "process.bpmn": DIAGRAM.replace('value="city_bureau.clerk"/></spiff', 'value="nobody"/></spiff').encode(),
        }
        drafts.save_files(session, actor(desk, "owner"), draft.id, changes, 1)
    page = visit("owner").get(f"/studio/drafts/{draft.id}").text
    for words in ("forms/draft.json", "fields[0].pattern", "正则表达式无效", "nobody"):
        assert words in page


def test_a_draft_that_is_closed_offers_nothing_to_change(visit, draft):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}"
    assert owner.send(f"{page}/discard", {"reason": ""}, page=page).status_code == 422
    assert owner.send(f"{page}/discard", {"reason": "另有安排"}, page=page).status_code == 303
    shown = owner.get(page).text
    assert "草稿已放弃：另有安排" in shown
    assert "/discard" not in shown
    assert owner.send(f"{page}/discard", {"reason": "再"}, page="/keys").status_code == 409
