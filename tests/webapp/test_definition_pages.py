from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import event, select

from processes.audit import AuditEntry
from processes.engine import cases, definitions
from processes.engine.comparison import compare
from processes.engine.packages import DIAGRAM, Package, package
from processes.identity import people
from processes.identity.actor import SYSTEM
from tests.webapp.pages import letters
from webapp.pages import publishing

FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "appointment"
PLAIN = letters.DIAGRAM.encode()
ALONE = (
    PLAIN.replace(b'name="form" value="draft"', b'name="due" value="5wd"')
    .replace(b'name="form" value="reply"', b'name="remind" value="-1wd"')
    .replace(b'<serviceTask id="send"', b'<manualTask id="send"')
    .replace(b"</serviceTask>", b"</manualTask>")
)
"""The letter as a diagram that needs no form and no operation."""
FORM = b'{"key": "draft", "title": {"zh": "x"}, "fields": [{"key": "a", "type": "text", "label": {"zh": "x"}}]}'
BROKEN = ALONE.replace(b'value="city_bureau.leader"', b'value="city_bureau.nobody"')


@pytest.fixture
def owner(visit):
    return visit("owner")


@pytest.fixture
def letter(desk):
    """Two versions of a package, and a case that began on the first."""
    letters.deploy(desk)
    with desk.db.transaction() as session:
        first = definitions.active_definition(session, "letter")
        who = people.actor_of(session, people.person_by_login(session, "city.clerk"), first.deployed_at.date())
        cases.start(session, desk.house, who, "letter", "letter", {"subject": "绿心保护", "units": {}})
        files = {**package(session, first.id).files, DIAGRAM: PLAIN.replace("起草函件".encode(), "起草公函".encode())}
        second = definitions.deploy(session, SYSTEM, "letter", files)
    return first, second


def deploy_appointment(desk):
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    with desk.db.transaction() as session:
        return definitions.deploy(session, SYSTEM, "appointment", files), files


def upload(visitor, content, name="letter.bpmn", **fields):
    data = {**visitor.hidden("/definitions/new", "/definitions/check"), **fields}
    return visitor.send("/definitions/check", {**data, "file": (io.BytesIO(content), name)}, page="/definitions/new")


def publish(visitor, checked):
    form = checked.text.split('action="/definitions/publish"', 1)[1].split("</form>", 1)[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return visitor.send("/definitions/publish", hidden, page="/definitions/new")


def packed(files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package_:
        for path, content in files.items():
            package_.writestr(path, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("login", "status"), [("owner", 200), ("manager", 200), ("auditor", 200), ("admin", 403), ("city.leader", 403)]
)
def test_definitions_are_for_their_owner_and_those_who_look(visit, letter, login, status):
    first, _second = letter
    visitor = visit(login)
    for path in (
        "",
        f"{first.id}",
        f"{first.id}/forms/draft",
        f"{first.id}/files/{DIAGRAM}",
        f"{first.id}/package.zip",
    ):
        assert visitor.get(f"/definitions/{path}").status_code == status, path
    assert ("/definitions/" in visitor.get("/keys").text) == (status == 200)


@pytest.mark.parametrize("login", ["manager", "auditor", "admin", "city.clerk"])
def test_only_the_process_owner_publishes(visit, letter, login):
    first, _second = letter
    visitor = visit(login)
    assert visitor.get("/definitions/new").status_code == 403
    for path in ("check", "publish", f"{first.id}/activate"):
        assert visitor.send(f"/definitions/{path}", {"reason": "试"}).status_code == 403
    if login == "manager":
        assert "启用第 1 版" not in visitor.get(f"/definitions/{first.id}").text


def test_the_list_says_which_version_is_active_and_where_cases_run(owner, letter):
    page = owner.get("/definitions/").text
    rows = re.findall(
        r"第 (\d) 版</a>.*?<span class=\"badge[^>]*>([^<]+)</span>.*?data-label=\"在办案件\">(\d)<", page, re.S
    )
    assert rows == [("2", "启用", "0"), ("1", "未启用", "1")]
    assert "在办案件按其发起时的版本办完" in page


def test_of_many_versions_the_newest_are_listed_and_the_active_one(owner, desk, letter):
    first, _second = letter
    with desk.db.transaction() as session:
        files = package(session, first.id).files
        for number in range(8):
            more = {**files, DIAGRAM: PLAIN.replace("起草函件".encode(), f"起草{number}".encode())}
            definitions.deploy(session, SYSTEM, "letter", more, activate=False)
    page = owner.get("/definitions/").text
    assert re.findall(r">第 (\d+) 版</a>", page) == ["10", "9", "8", "7", "6", "2"]
    assert len(re.findall(r">第 (\d+) 版</a>", owner.get("/definitions/?key=letter").text)) == 10


@pytest.mark.parametrize(("query", "found"), [("q=letter", 1), ("q=征求", 1), ("q=%25", 0), ("key=none", 0)])
def test_packages_are_searched(owner, letter, query, found):
    assert owner.get(f"/definitions/?{query}").text.count('<section class="panel"') == found


def test_the_list_asks_the_database_a_fixed_number_of_times(owner, desk, letter):
    deploy_appointment(desk)
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    owner.get("/definitions/")
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 15, asked


def test_a_version_is_shown_as_a_whole(owner, letter):
    first, second = letter
    page = owner.get(f"/definitions/{second.id}").text
    for each in (
        "<svg",
        "起草公函",
        "市规划自然资源局经办",
        "关于{subject}的函",
        "10 个工作日",
        "letter.send",
        "起草 <",
    ):
        assert each in page, each
    assert "第 2 版办理，本版不再用于发起" in owner.get(f"/definitions/{first.id}").text
    assert "按本版发起的 1 件在办案件" in owner.get(f"/definitions/{first.id}").text
    assert f'href="/definitions/{second.id}/tasks/sum_up/form"' in page
    assert "办理意见" in owner.get(f"/definitions/{second.id}/tasks/sum_up/form").text


@pytest.mark.parametrize("path", ["forms/nothing", "files/forms/nothing.json", "tasks/send/form", "tasks/x/form"])
def test_what_a_version_does_not_have_is_not_found(owner, letter, path):
    assert owner.get(f"/definitions/{letter[0].id}/{path}").status_code == 404


def test_every_form_and_file_of_the_appointment_procedure_can_be_looked_at(owner, desk):
    definition, files = deploy_appointment(desk)
    place = f"/definitions/{definition.id}"
    page = owner.get(place).text
    assert "0 个错误" in page
    previews = set(re.findall(rf'href="({place}/(?:forms|tasks)/[^"]+)"', page))
    assert len(previews) >= 28
    for each in previews:
        answered = owner.get(each)
        assert answered.status_code == 200, each
        assert '<fieldset class="preview" disabled>' in answered.text
    for path, content in files.items():
        assert owner.get(f"{place}/files/{path}").data == content, path
    with zipfile.ZipFile(io.BytesIO(owner.get(f"{place}/package.zip").data)) as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == files


def test_a_check_changes_nothing_and_tells_every_problem(owner, desk):
    answered = upload(owner, BROKEN)
    assert answered.status_code == 200
    assert "不能发布：1 个错误" in answered.text
    assert "city_bureau.nobody" in answered.text
    assert "role-unknown" in answered.text
    assert "/definitions/publish" not in answered.text
    english = owner.send(
        "/definitions/check?lang=en",
        {**owner.hidden("/definitions/new", "/definitions/check"), "file": (io.BytesIO(BROKEN), "x.bpmn")},
    )
    assert "does not exist here" in english.text
    with desk.db.reading() as session:
        assert definitions.versions(session) == []


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (b"", "empty.bpmn", "请选择流程图"),
        (b"PK\x03\x04broken", "broken.zip", "压缩包已损坏"),
        (packed({"readme.txt": b"x", "process.bpmn": ALONE}), "more.zip", "不认识的文件"),
        (packed({"process.bpmn": ALONE, "forms/a.json": b"{"}), "form.zip", "不是有效的 JSON"),
    ],
)
def test_what_is_no_package_is_refused_at_the_field(owner, content, name, text):
    answered = upload(owner, content, name)
    assert answered.status_code == 422
    assert text in answered.text


def test_a_file_that_does_not_fit_into_a_form_is_refused(owner, monkeypatch):
    monkeypatch.setattr(publishing, "LARGEST", 0)
    answered = upload(owner, ALONE)
    assert answered.status_code == 422
    assert "文件超过 0 MB" in answered.text


def test_a_file_that_is_no_diagram_is_reported(owner):
    assert "不是有效的 XML" in upload(owner, b"hello").text


def test_a_key_that_cannot_be_one_is_refused_at_the_field(owner):
    answered = upload(owner, ALONE, new_key="a b")
    assert answered.status_code == 422
    assert 'id="new_key-error"' in answered.text


def test_what_was_checked_is_published_and_new_cases_start_on_it(owner, desk):
    checked = upload(owner, ALONE, key="memo")
    assert "发布为第 1 版" in checked.text
    answered = publish(owner, checked)
    assert answered.status_code == 303
    with desk.db.reading() as session:
        found = definitions.active_definition(session, "memo")
        assert package(session, found.id).bpmn == ALONE
        assert (found.version, found.deployed_by) == (1, "李程")
    assert answered.location == f"/definitions/{found.id}"
    assert "已发布第 1 版" in owner.get(answered.location).text


def test_a_diagram_alone_for_a_known_key_goes_with_the_forms_of_the_active_version(owner, desk):
    before, files = deploy_appointment(desk)
    diagram = files[DIAGRAM].replace("制定需求调查通知".encode(), "制定调查通知".encode())
    assert diagram != files[DIAGRAM]
    checked = upload(owner, diagram, "process.bpmn", key="appointment")
    assert "检查通过" in checked.text
    assert "表单和文书沿用现启用的第 1 版" in checked.text
    assert publish(owner, checked).status_code == 303
    with desk.db.reading() as session:
        found = definitions.active_definition(session, "appointment")
        assert (found.version, found.deployed_by) == (before.version + 1, "李程")
        assert package(session, found.id).files == {**files, DIAGRAM: diagram}


def test_a_diagram_alone_is_told_what_its_version_s_forms_lack(owner, desk):
    _before, files = deploy_appointment(desk)
    diagram = files[DIAGRAM].replace(b'name="form" value="survey_notice"', b'name="form" value="no_such_form"')
    answered = upload(owner, diagram, "process.bpmn", key="appointment")
    assert "不能发布：1 个错误" in answered.text
    assert "表单和文书沿用现启用的第 1 版" in answered.text


def test_a_diagram_alone_under_a_new_key_has_no_forms_but_its_own(owner, letter):
    assert "沿用" not in upload(owner, ALONE, new_key="other").text.split("<main", 1)[1]
    assert "不能发布" in upload(owner, PLAIN, new_key="other").text


def test_a_repeated_click_publishes_once(owner, desk):
    checked = upload(owner, ALONE)
    assert publish(owner, checked).location == publish(owner, checked).location
    with desk.db.reading() as session:
        assert len(definitions.versions(session)) == 1


def test_a_content_that_is_known_makes_no_new_version(owner, letter, desk):
    first, second = letter
    with desk.db.reading() as session:
        files = {each.id: package(session, each.id).files for each in (first, second)}
    assert "与启用的版本相同，无需发布" in upload(owner, packed(files[second.id]), "l.zip", key="letter").text
    checked = upload(owner, packed(files[first.id]), "l.zip", key="letter")
    assert "启用第 1 版" in checked.text
    assert "起草函件" in checked.text.split("与启用的第 2 版相比", 1)[1]
    assert publish(owner, checked).status_code == 303
    with desk.db.reading() as session:
        assert definitions.active_definition(session, "letter").version == 1


def test_an_upload_under_another_key_is_asked_about(owner, letter):
    assert "若本次是它的新版本" in upload(owner, ALONE, new_key="other").text


def test_a_broken_upload_is_refused_when_it_is_published_past_the_check(owner, desk):
    checked = upload(owner, ALONE)
    hidden = dict(re.findall(r'<input type="hidden" name="(key|name)" value="([^"]*)"', checked.text))
    for content in (base64.b64encode(BROKEN).decode(), "%%%"):
        data = {**owner.hidden("/definitions/new"), **hidden, "content": content}
        assert owner.send("/definitions/publish", data).status_code == 422
    with desk.db.reading() as session:
        assert definitions.versions(session) == []


def activate(visitor, definition, reason):
    path = f"/definitions/{definition.id}/activate"
    return visitor.send(path, {**visitor.hidden(f"/definitions/{definition.id}"), "reason": reason})


def test_an_older_version_is_made_active_for_a_reason(owner, desk, letter):
    first, second = letter
    refused = activate(owner, first, " ")
    assert refused.status_code == 422
    assert "请填写启用该版本的理由" in refused.text
    assert activate(owner, first, "新版起草环节有误").status_code == 303
    with desk.db.reading() as session:
        assert definitions.active_definition(session, "letter").id == first.id
        assert len(definitions.active_definitions(session)) == 1
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "definition.activate")).one()
        assert entry.detail["reason"] == "新版起草环节有误"
    page = owner.get(f"/definitions/{second.id}").text
    assert "启用第 2 版" in page
    assert activate(owner, first, "再来").status_code == 409


def test_a_version_that_would_no_longer_run_is_not_made_active(owner, desk, letter):
    with desk.db.transaction() as session:
        files = {**package(session, letter[0].id).files, DIAGRAM: PLAIN.replace(b"city_bureau.leader", b"gone.leader")}
        third = definitions.deploy(session, SYSTEM, "letter", files, activate=False)
    assert "启用会被拒绝" in owner.get(f"/definitions/{third.id}").text
    assert activate(owner, third, "试用").status_code == 422
    with desk.db.reading() as session:
        assert definitions.active_definition(session, "letter").id == letter[1].id


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("起草函件", "起草公函", ("changed", "userTask", "draft")),
        ('name="due" value="5wd"', 'name="due" value="6wd"', ("changed", "userTask", "draft")),
        ('id="sum_up"', 'id="sum_up" isForCompensation="false"', ("changed", "userTask", "sum_up")),
        ("city_bureau.leader", "city_bureau.section", ("changed", "lane", "lead")),
        ("\n", "  \n", None),
    ],
)
def test_a_comparison_names_the_step_that_differs(old, new, change):
    before = Package({DIAGRAM: ALONE})
    after = Package({DIAGRAM: ALONE.replace(old.encode(), new.encode())})
    assert [(each.kind, each.tag, each.id) for each in compare(before, after)] == ([change] if change else [])


def test_a_comparison_names_steps_and_files_that_came_and_went():
    before = Package({DIAGRAM: PLAIN, "forms/draft.json": FORM})
    after = Package({DIAGRAM: ALONE})
    found = {(each.kind, each.id) for each in compare(before, after)}
    assert {("removed", "forms/draft.json"), ("changed", "send")} <= found
    assert {(kind, id_) for kind, id_ in found if kind == "added"} == set()
