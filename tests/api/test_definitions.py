from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from processes.engine.packages import DIAGRAM, Package
from tests.api.test_tasks_and_cases import PLAIN
from tests.engine.test_work import LETTER, REPLY

BROKEN = PLAIN.replace('targetRef="e"', 'targetRef="nowhere"')


def send(program, content, query="", media_type="application/xml"):
    body = content.encode() if isinstance(content, str) else content
    return program.ask("POST", f"/definitions{query}", data=body, content_type=media_type)


def packed(files):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_a_package_is_deployed_and_fetched_back_byte_for_byte(programs):
    files = {"letters/process.bpmn": LETTER, "letters/forms/reply.json": REPLY, "letters/.DS_Store": b"x"}
    made = send(programs.owner, packed(files), "?key=letters", "application/zip")
    assert (made.status_code, made.json["key"], made.json["version"]) == (201, "letters", 1)
    shown = programs.clerk.get(f"/definitions/{made.json['id']}").json
    assert [each["path"] for each in shown["files"]] == ["forms/reply.json", "process.bpmn"]
    assert shown["definition"]["processes"][0]["startable"]
    diagram = programs.clerk.get(f"/definitions/{made.json['id']}/diagram")
    assert (diagram.data, diagram.mimetype) == (LETTER.encode(), "application/xml")
    same = send(programs.owner, packed(files), "?key=letters", "application/zip")
    assert (same.json["id"], same.json["version"]) == (made.json["id"], 1)
    other = send(
        programs.owner, packed(files | {"letters/process.bpmn": LETTER.replace("汇总", "汇集")}), "?key=letters"
    )
    assert other.json["version"] == 2
    assert [each["version"] for each in programs.clerk.items("/definitions?key=letters")] == [2, 1]
    assert [each["version"] for each in programs.clerk.items("/definitions?key=letters&active=1")] == [2]


@pytest.mark.parametrize("query", ["", "?key=letters"])
def test_a_diagram_alone_for_a_known_key_keeps_the_forms_of_the_active_version(programs, query):
    key = query.removeprefix("?key=") or Package({DIAGRAM: LETTER.encode()}).program.processes[0]
    files = {"process.bpmn": LETTER, "forms/reply.json": REPLY}
    send(programs.owner, packed(files), f"?key={key}", "application/zip")
    changed = LETTER.replace("汇总", "汇集")
    made = send(programs.owner, changed, query)
    assert (made.status_code, made.json["key"], made.json["version"]) == (201, key, 2)
    shown = programs.clerk.get(f"/definitions/{made.json['id']}").json
    assert [each["path"] for each in shown["files"]] == ["forms/reply.json", "process.bpmn"]
    assert programs.clerk.get(f"/definitions/{made.json['id']}/diagram").data == changed.encode()


def test_a_dry_run_checks_and_keeps_nothing(programs):
    checked = send(programs.owner, PLAIN, "?dry_run=1")
    assert (checked.status_code, checked.json["verdict"], checked.json["id"]) == (200, "deployable", None)
    assert programs.owner.items("/definitions?key=plain") == []


@pytest.mark.parametrize("query", ["", "?dry_run=1"])
def test_a_diagram_with_an_error_is_refused_with_the_element(programs, query):
    refused = send(programs.owner, BROKEN, query)
    assert refused.status_code == 422
    found = {each["code"]: each["element"] for each in refused.json["problems"]}
    assert found["dangling-reference"] == "b"
    assert programs.owner.items("/definitions?key=plain") == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("", 400),
        ("no xml", 422),
        ("<html/>", 422),
        (b"\xff\xfe\x00", 422),
        (b"PK\x03\x04 broken", 422),
        (packed({"readme.txt": "x"}), 422),
        (packed({"../process.bpmn": PLAIN}), 422),
        (packed({"process.bpmn": PLAIN, "../../form.json": "{}"}), 422),
        (packed({"process.bpmn": PLAIN, "forms/a.json": "{"}), 422),
        (packed({"process.bpmn": PLAIN, "documents/documents.json": "[]"}), 422),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + PLAIN, 422),
    ],
)
def test_what_is_no_package_is_refused(programs, content, status):
    assert send(programs.owner, content).status_code == status


@pytest.mark.parametrize("key", ["a b", "/etc", "<x>", "x" * 81])
def test_a_key_is_a_plain_name(programs, key):
    assert send(programs.owner, PLAIN, f"?key={key}").status_code == 422


@pytest.mark.parametrize("login", ["manager", "admin", "auditor", "clerk", "wanzhou", "planner"])
@pytest.mark.parametrize("query", ["", "?dry_run=1"])
def test_only_the_process_owner_deploys(programs, login, query):
    assert send(getattr(programs, login), PLAIN, query).status_code == 403


def test_a_zip_that_unpacks_to_too_much_is_refused(programs):
    bomb = packed({"process.bpmn": PLAIN, "documents/a.pdf": b"0" * (21 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert send(programs.owner, bomb).status_code == 413
