from __future__ import annotations

import json
import sqlite3
from io import BytesIO

import pytest

from processes.files import FileStore
from processes.identity.actor import SYSTEM
from tests.api.test_tasks_and_cases import PLAIN
from tests.engine.spiff.drawn import chain, document, node, user
from webapp.commands import installing
from webapp.desk import open_desk
from webapp.settings import Settings


@pytest.fixture
def diagram(tmp_path):
    path = tmp_path / "plain.bpmn"
    path.write_text(PLAIN, encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.bpmn"
    path.write_text(PLAIN.replace('targetRef="e"', 'targetRef="nowhere"'), encoding="utf-8")
    return path


def test_init_makes_an_installation_and_tells_one_password_once(run, installed, home):
    assert "appointment" in installed.out
    password = installed.out.rsplit("：", 1)[1].strip()
    assert len(password) >= 12
    assert (home / "desk.db").exists()
    again = run("init", "--admin", "root1")
    assert (again.status, password in again.out, "密码" in again.out) == (0, False, False)
    assert "root1\t系统管理员\tadministrator@city_bureau" in run("users", "list").out


def test_nothing_runs_on_a_database_that_was_not_made(run, home):
    for command in (("serve",), ("worker",), ("users", "list"), ("audit", "verify"), ("backup", home / "x")):
        ended = run(*command)
        assert (ended.status, "chief-planner init" in ended.err) == (1, True), command


def test_nothing_runs_on_a_schema_of_a_newer_program(run, installed, home):
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    ended = run("serve")
    assert (ended.status, "升级程序" in ended.err) == (1, True)


def test_sqlite_is_served_by_one_process(run, installed):
    ended = run("serve", "--workers", "2")
    assert (ended.status, "PostgreSQL" in ended.err) == (1, True)


def test_check_reports_every_file_in_the_agreed_form(run, diagram, broken):
    good = run("check", diagram, "--json")
    assert (good.status, json.loads(good.out)["files"][0]["verdict"]) == (0, "deployable")
    both = run("check", diagram, broken, "--json")
    report = json.loads(both.out)
    assert both.status == 1
    assert [(each["file"], each["verdict"]) for each in report["files"]] == [
        (str(diagram), "deployable"),
        (str(broken), "rejected"),
    ]
    for problem in report["files"][1]["problems"]:
        assert list(problem) == ["severity", "element", "name", "code", "message_zh", "message_en"]
    assert "不能部署" in run("check", broken).out


def test_check_takes_whole_folders_and_says_what_is_wrong_with_a_form(run, tmp_path):
    folder = tmp_path / "package"
    (folder / "forms").mkdir(parents=True)
    (folder / "process.bpmn").write_text(PLAIN, encoding="utf-8")
    (folder / "forms" / "a.json").write_text("{", encoding="utf-8")
    for path in (folder, folder / "process.bpmn"):
        ended = run("check", path, "--json")
        problems = json.loads(ended.out)["files"][0]["problems"]
        assert (ended.status, problems[0]["code"], problems[0]["element"]) == (1, "form-invalid", "forms/a.json")


def test_check_says_what_other_engines_would_not_execute_and_refuses_it_when_asked_to(run, tmp_path):
    body = node("startEvent", "s") + user("a") + user("b") + user("c") + chain("s", "a", "b") + chain("a", "c")
    path = tmp_path / "split.bpmn"
    path.write_bytes(document(body))
    for options, status, severity in (((), 0, "warning"), (("--portable",), 1, "error")):
        ended = run("check", path, "--json", *options)
        told = {each["code"]: each["severity"] for each in json.loads(ended.out)["files"][0]["problems"]}
        assert (ended.status, told["implicit-split"], told["implicit-end"]) == (status, severity, severity)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "/no/such/file"),
        ("nothing",),
        ("vectors",),
        ("users", "hold", "a", "no_such_post"),
        ("-x",),
    ],
)
def test_wrong_usage_ends_with_2(run, arguments):
    assert run(*arguments).status == 2


def test_deploy_checks_first(run, installed, diagram, broken):
    assert run("deploy", broken).status == 1
    made = json.loads(run("deploy", diagram, "--json").out)
    assert (made["key"], made["version"], made["verdict"]) == ("plain", 1, "deployable")
    assert json.loads(run("deploy", diagram, "--key", "other", "--json").out)["key"] == "other"


def test_vectors_are_run_and_counted(run, tmp_path):
    file = tmp_path / "vectors.json"
    vector = {"id": "v", "rule": "excellent_cap", "input": {"n": 42}, "expected": {"cap": 13}}
    file.write_text(json.dumps({"vectors": [vector, {**vector, "expected": {"cap": 12}}]}), encoding="utf-8")
    ended = run("vectors", file, "--json")
    assert ended.status == 1
    failure = {"id": "v", "expected": {"cap": 13}, "got": {"cap": 12}}
    assert json.loads(ended.out) == {"passed": 1, "failed": 1, "failures": [failure]}
    file.write_text("[", encoding="utf-8")
    assert run("vectors", file).status == 2


def test_bench_measures_each_scenario_against_a_floor(run, home):
    ended = run("bench", "--json", "--quick", "-n", "3", "--only", "sqlite", "--scenario", "two_task")
    found = json.loads(ended.out)
    ways = ("", "_page", "_token", "_basic")
    assert [each["scenario"] for each in found] == [f"complete_small_case{way}" for way in ways]
    assert all(each["ratio"] > 0 and each["median_ms"] > 0 and each["n"] == 3 for each in found)
    assert not list(home.glob("bench-*")), "nothing is left behind"


def test_bench_takes_no_other_database_than_a_postgresql_server(run):
    assert run("bench", "--database", "mysql://example").status == 2


def test_people_are_added_given_posts_and_taken_out(run, installed):
    added = run("users", "add", "li.wei", "李伟", "--post", "city_bureau.clerk", "--at", "city_bureau")
    assert added.status == 0
    assert run("users", "add", "li.wei", "李伟").status == 1
    assert run("users", "hold", "li.wei", "administrator", "--at", "city_bureau").status == 1
    assert run("users", "hold", "li.wei", "city_bureau.section", "--at", "nowhere").status == 1
    assert run("users", "hold", "li.wei", "city_bureau.section", "--at", "city_bureau").status == 0
    assert run("users", "end", "li.wei", "city_bureau.section").status == 0
    assert run("users", "end", "li.wei", "city_bureau.section").status == 1
    assert "city_bureau.section" not in run("users", "list", "li.wei").out
    assert run("users", "disable", "li.wei").status == 0
    assert "已停用" in run("users", "list").out
    assert run("users", "enable", "li.wei").status == 0
    assert run("users", "password", "li.wei").out.rsplit("：", 1)[1].strip() != added.out.rsplit("：", 1)[1].strip()


def test_organizations_are_listed_added_renamed_and_confirmed(run, installed):
    assert "bureau:CQ-500101\t重庆市万州区规划和自然资源局" in run("organizations", "list", "万州").out
    waiting = len(run("organizations", "list", "--unconfirmed").out.splitlines())
    assert "city_bureau" not in run("organizations", "list", "--unconfirmed").out
    added = run("organizations", "add", "渝江规划设计研究院", "--english", "Yujiang Institute", "--from", "2026-01-01")
    assert added.out.strip() == "已登记 employer:1：渝江规划设计研究院"
    assert run("organizations", "add", "渝江规划设计研究院").status == 1
    assert run("organizations", "rename", "employer:1", "渝江院").status == 0
    assert run("organizations", "list", "--kind", "employer").out == "employer:1\t渝江院\tYujiang Institute\n"
    assert run("organizations", "rename", "gov:CQ-500101", "万州区人民政府", "--english", "Wanzhou").status == 0
    assert run("organizations", "confirm", "bureau:CQ-500101", "nowhere").status == 1
    assert len(run("organizations", "list", "--unconfirmed").out.splitlines()) == waiting - 1
    assert run("organizations", "confirm", "bureau:CQ-500101", "bureau:CQ-500102").status == 0
    assert len(run("organizations", "list", "--unconfirmed").out.splitlines()) == waiting - 3
    assert run("users", "add", "hr", "人事", "--post", "employer.clerk", "--at", "employer:1").status == 0


def test_an_update_leaves_a_version_of_the_owner_s_own_active(run, installed, home, monkeypatch, tmp_path):
    release = tmp_path / "bpmn" / "plain"
    release.mkdir(parents=True)
    monkeypatch.setattr(installing, "BPMN_FOLDER", release.parent)

    def update(text):
        (release / "process.bpmn").write_text(text, encoding="utf-8")
        return run("init").out

    assert "已部署流程 plain 第 1 版" in update(PLAIN)
    assert "仍予启用" not in update(PLAIN.replace("办理", "经办"))
    assert active(home) == 2
    own = tmp_path / "own.bpmn"
    own.write_text(PLAIN.replace("办理", "承办"), encoding="utf-8")
    assert run("deploy", own, "--key", "plain").status == 0
    told = update(PLAIN.replace("办理", "主办"))
    assert "已部署流程 plain 第 4 版" in told
    assert "现启用的第 3 版" in told
    assert active(home) == 3
    assert "plain" not in update(PLAIN.replace("办理", "主办"))


def active(home):
    connection = sqlite3.connect(home / "desk.db")
    found = connection.execute("SELECT version FROM definition WHERE key = 'plain' AND active").fetchall()
    connection.close()
    assert len(found) == 1
    return found[0][0]


def test_a_diagram_alone_is_deployed_with_the_forms_of_the_active_version(run, installed, tmp_path):
    diagram = tmp_path / "changed.bpmn"
    shipped = (installing.BPMN_FOLDER / "appointment" / "process.bpmn").read_text(encoding="utf-8")
    diagram.write_text(shipped.replace("制定需求调查通知", "制定调查通知"), encoding="utf-8")
    ended = run("deploy", diagram, "--key", "appointment")
    assert (ended.status, "已部署 appointment 第 2 版。表单和文书沿用第 1 版。" in ended.out) == (0, True)


def test_the_audit_trail_is_verified(run, installed, home):
    assert run("audit", "verify").status == 0
    connection = sqlite3.connect(home / "desk.db")
    connection.execute("DROP TRIGGER audit_entry_no_update")
    connection.execute("UPDATE audit_entry SET actor = '张三' WHERE seq = 2")
    connection.commit()
    connection.close()
    ended = run("audit", "verify", "--json")
    assert (ended.status, json.loads(ended.out)["first_bad"]) == (1, 2)


def test_a_backup_is_put_back_whole(run, installed, home, tmp_path, monkeypatch):
    settings = Settings.from_environment()
    desk = open_desk(settings)
    with desk.db.transaction() as session:
        file_id = desk.house.files.put(session, SYSTEM, "附件.pdf", BytesIO(b"%PDF-1.7 sample")).id
    desk.db.close()
    target = tmp_path / "backup"
    assert run("backup", target).status == 0
    assert run("backup", target).status == 1, "a backup is never written over another"
    assert run("backup", home / "inside").status == 1
    assert run("restore", target).status == 1, "an installation is never written over"
    assert run("restore", tmp_path).status == 1, "no backup"
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(fresh))
    restored = run("restore", target)
    assert (restored.status, "审计日志相符" in restored.out) == (0, True)
    assert "root1" in run("users", "list").out
    assert FileStore(fresh / "files").read(file_id) == b"%PDF-1.7 sample"


def test_a_backup_that_was_changed_is_not_put_back(run, installed, tmp_path, monkeypatch):
    target = tmp_path / "backup"
    run("backup", target)
    with (target / "desk.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(fresh))
    ended = run("restore", target)
    assert (ended.status, "desk.db" in ended.err) == (1, True)
    assert not (fresh / "desk.db").exists()


def test_the_description_of_the_api_is_printed(run):
    assert json.loads(run("openapi").out)["openapi"] == "3.1.0"


def test_a_database_that_cannot_be_reached_is_a_sentence(run, home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ended = run("users", "list")
    assert (ended.status, "无法连接" in ended.err) == (1, True)


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_an_installation_of_another_version_is_backed_up_as_it_is(run, installed, home, tmp_path, revision):
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    target = tmp_path / "backup"
    assert run("backup", target).status == 0
    assert json.loads((target / "manifest.json").read_text(encoding="utf-8"))["revision"] == revision


def test_init_does_not_touch_the_database_of_a_newer_program(run, installed, home):
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    ended = run("init")
    assert (ended.status, "更新版本的程序" in ended.err) == (1, True)


def test_an_address_of_a_database_that_cannot_be_read_is_told_as_such(run, home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    ended = run("users", "list")
    assert (ended.status, "DATABASE_URL" in ended.err) == (1, True)
