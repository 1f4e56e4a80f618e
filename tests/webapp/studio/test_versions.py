"""Versions in the browser: history, one version as a whole, two side by side, and the addresses of before."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import event

from processes.engine import cases, definitions
from processes.engine.packages import DIAGRAM, package
from processes.identity import people
from processes.identity.actor import SYSTEM
from tests.webapp.pages import letters

FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "appointment"
PLAIN = letters.DIAGRAM.encode()


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


@pytest.mark.parametrize(
    ("login", "status"), [("owner", 200), ("manager", 200), ("auditor", 200), ("admin", 403), ("city.leader", 403)]
)
def test_versions_are_for_their_owner_and_those_who_look(visit, letter, login, status):
    first, second = letter
    visitor = visit(login)
    for path in (
        "procedures/letter",
        f"versions/{first.id}",
        f"versions/{first.id}/forms/draft",
        f"versions/{first.id}/files/{DIAGRAM}",
        f"versions/{first.id}/package.zip",
        f"versions/{first.id}/cases",
        f"compare/{first.id}/{second.id}",
        "approvals",
    ):
        assert visitor.get(f"/studio/{path}").status_code == status, path


def test_the_history_says_which_version_is_active_and_where_cases_run(owner, letter):
    page = owner.get("/studio/procedures/letter").text
    rows = re.findall(
        r"第 (\d) 版</a></td>.*?<span class=\"badge[^>]*>([^<]+)</span>.*?data-label=\"在办案件\">(?:<a[^>]*>)?(\d)",
        page,
        re.DOTALL,
    )
    assert rows == [("2", "启用", "0"), ("1", "未启用", "1")]


def test_the_history_asks_the_database_a_fixed_number_of_times(owner, desk, letter):
    with desk.db.transaction() as session:
        files = package(session, letter[0].id).files
        for number in range(12):
            more = {**files, DIAGRAM: PLAIN.replace("起草函件".encode(), f"起草{number}".encode())}
            definitions.deploy(session, SYSTEM, "letter", more, activate=False)
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert owner.get("/studio/procedures/letter").status_code == 200
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 20, asked


def test_a_version_is_shown_as_a_whole(owner, letter):
    first, second = letter
    page = owner.get(f"/studio/versions/{second.id}").text
    for each in (
        *("<svg", "起草公函", "市规划自然资源局经办", "关于{subject}的函", "10 个工作日", "letter.send", "起草 <"),
        f'href="/studio/versions/{second.id}/tasks/sum_up/form"',
    ):
        assert each in page, each
    earlier = owner.get(f"/studio/versions/{first.id}").text
    assert "第 2 版办理，本版不再用于发起" in earlier
    assert "1 件在办案件按本版办理" in earlier
    assert "恢复第 1 版" in earlier
    assert "办理意见" in owner.get(f"/studio/versions/{second.id}/tasks/sum_up/form").text


@pytest.mark.parametrize("path", ["forms/nothing", "files/forms/nothing.json", "tasks/send/form", "tasks/x/form"])
def test_what_a_version_does_not_have_is_not_found(owner, letter, path):
    assert owner.get(f"/studio/versions/{letter[0].id}/{path}").status_code == 404


def test_every_form_and_file_of_the_appointment_procedure_can_be_looked_at(owner, desk):
    definition, files = deploy_appointment(desk)
    place = f"/studio/versions/{definition.id}"
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


def test_two_versions_stand_side_by_side_with_what_differs_in_words(owner, letter):
    first, second = letter
    page = owner.get(f"/studio/compare/{first.id}/{second.id}").text
    assert page.count("<svg") >= 2
    assert re.search(r"<del>起草函件</del>.*?<ins>起草公函</ins>", page, re.DOTALL)
    assert 'id="before-draft"' in page
    assert 'id="after-draft"' in page
    assert re.search(r'class="bpmn-shape bpmn-userTask is-changed[^"]*" id="after-draft"', page)
    english = owner.get(f"/studio/compare/{first.id}/{second.id}?lang=en").text
    assert "<ins>起草公函</ins>" in english
    asked = owner.get(f"/studio/compare?left={second.id}&right={first.id}")
    assert asked.location == f"/studio/compare/{second.id}/{first.id}"
    assert owner.get("/studio/compare?left=x").status_code == 422


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("", "/studio/"),
        ("?key=letter", "/studio/procedures/letter"),
        ("new", "/studio/new"),
        ("{id}", "/studio/versions/{id}"),
        ("{id}/forms/draft", "/studio/versions/{id}/forms/draft"),
        ("{id}/tasks/sum_up/form", "/studio/versions/{id}/tasks/sum_up/form"),
        ("{id}/files/process.bpmn", "/studio/versions/{id}/files/process.bpmn"),
        ("{id}/package.zip", "/studio/versions/{id}/package.zip"),
    ],
)
def test_addresses_of_before_lead_to_where_things_are_now(owner, letter, old, now):
    ident = letter[0].id
    answered = owner.get("/definitions/" + old.format(id=ident))
    assert (answered.status_code, answered.location) == (308, now.format(id=ident))
