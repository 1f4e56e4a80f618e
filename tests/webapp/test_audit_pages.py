from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event, update

from processes import audit, audit_lists, clock
from processes.audit import AuditEntry
from processes.engine import cases
from processes.errors import NotAllowed
from processes.identity import people
from processes.identity.actor import Actor
from tests.webapp.pages import letters
from webapp.pages.audit_words import ACTIONS, BROKEN

SOURCE = Path(__file__).resolve().parents[2]
SPOKEN = {"work.": ("claimed", "released", "comment"), "case.": ("suspended", "resumed", "ended")}


@pytest.fixture
def auditor(visit):
    return visit("auditor")


def acts(page):
    return re.findall(r'<td class="cell-title nowrap"><a href="/audit/\d+">([^<]+)</a>', page)


def verify(visitor):
    return visitor.send("/audit/verify", visitor.hidden("/audit/", "/audit/verify"), page="/audit/")


@pytest.fixture
def letter(desk):
    """A case that somebody has started, with its task."""
    letters.deploy(desk)
    with desk.db.transaction() as session:
        who = people.person_by_login(session, "city.clerk")
        actor = people.actor_of(session, who, clock.today(), "10.1.2.3")
        return cases.start(session, desk.house, actor, "letter", "letter", {"subject": "绿心保护", "units": {}})


@pytest.mark.parametrize("path", ["/audit/", "/audit/1", "/audit/export.csv"])
@pytest.mark.parametrize("login", ["admin", "owner", "manager", "city.leader"])
def test_the_trail_is_for_the_auditor_alone(visit, path, login):
    assert visit(login).get(path).status_code == 403


def test_nobody_else_checks_the_trail(visit):
    assert visit("admin").send("/audit/verify").status_code == 403


@pytest.mark.parametrize("read", [audit_lists.entries, audit.check])
def test_the_permission_is_checked_where_the_trail_is_read(desk, read):
    with desk.db.reading() as session, pytest.raises(NotAllowed):
        read(session, Actor(uuid4(), "某人"), b"")


def test_the_newest_entry_comes_first(auditor, visit):
    visit("city.clerk")
    assert acts(auditor.get("/audit/").text)[0] == "登录"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=case.start", {"发起案件"}),
        ("who=王海燕&action=person.log_in", set()),
        ("who=王海", {"发起案件"}),
        ("subject=person:owner", {"新增人员", "登记任职"}),
        ("failures=1", {"登录被拒"}),
        ("from=2001-01-01&to=2001-12-31", set()),
        ("who=%25", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(auditor, visit, letter, query, found):
    visit().log_in("city.clerk", "wrong")
    assert set(acts(auditor.get(f"/audit/?size=100&{query}").text)) == found


def test_both_days_of_a_span_are_included(auditor):
    today = clock.today()
    page = auditor.get(f"/audit/?from={today}&to={today}").text
    assert "登录" in acts(page)
    before = today - timedelta(days=1)
    assert acts(auditor.get(f"/audit/?from={before}&to={before}").text) == []


def test_a_day_that_cannot_be_read_is_told(auditor):
    assert "未按该日期筛选" in auditor.get("/audit/?from=yesterday").text


def test_what_was_done_to_a_case_is_found_under_its_number(auditor, visit, letter):
    clerk = visit("city.clerk")
    task = re.search(r'href="(/tasks/[0-9a-f-]+)"', clerk.get("/inbox").text)[1]
    clerk.send(f"{task}/claim", clerk.hidden(task, f"{task}/claim"), page=task)
    page = auditor.get(f"/audit/?subject={letter.number}").text
    assert acts(page) == ["签收任务", "发起案件"]
    assert letter.number in page
    assert f'href="/cases/{letter.id}"' in page


def test_an_entry_is_shown_with_all_that_is_kept_of_it(auditor, desk, letter):
    path = re.search(r'href="(/audit/\d+)"', auditor.get("/audit/?action=case.start").text)[1]
    page = auditor.get(path).text
    for each in ("发起案件", "case.start", "王海燕", "10.1.2.3", letter.number, f"case:{letter.id}"):
        assert each in page
    assert auditor.get("/audit/999999").status_code == 404


def test_the_list_asks_the_database_a_fixed_number_of_times(auditor, desk, letter):
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    auditor.get("/audit/?size=100")
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 15, asked


def test_a_check_of_an_intact_trail_is_told_and_recorded(auditor):
    assert "尚未校验" in auditor.get("/audit/").text
    assert verify(auditor).status_code == 303
    page = auditor.get("/audit/").text
    assert "校验通过" in page
    assert "校验通过" in auditor.get("/audit/?page=2").text
    assert acts(page)[0] == "校验审计日志"


@pytest.mark.parametrize("what", ["changed", "removed", "cut"])
def test_a_check_tells_of_what_was_tampered_with(auditor, desk, what):
    with desk.db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
        last = connection.exec_driver_sql("SELECT max(seq) FROM audit_entry").scalar()
        if what == "changed":
            connection.execute(update(AuditEntry).where(AuditEntry.seq == 3).values(actor="另一人"))
        else:
            connection.exec_driver_sql(f"DELETE FROM audit_entry WHERE seq = {3 if what == 'removed' else last}")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
    with desk.db.reading() as session:
        verdict = audit.verify(session, desk.settings.audit_key)
    assert verdict.first_bad == {"changed": 3, "removed": 3, "cut": last}[what]
    assert verdict.reason in BROKEN
    if what != "cut":
        verify(auditor)
        page = auditor.get("/audit/").text
        assert "自第 3 条起异常" in page
        assert "保全数据库与备份" in page


def test_the_file_holds_what_the_list_shows_and_no_formulas(auditor, visit):
    visit().log_in("=1+1", "wrong")
    answered = auditor.get("/audit/export.csv?failures=1")
    assert answered.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(StringIO(answered.get_data().decode("utf-8-sig")))
    assert head[:5] == ["序号", "时间", "人员", "地址", "操作"]
    assert row[4:7] == ["登录被拒", "人员 =1+1", "失败"]
    assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_every_act_that_is_recorded_anywhere_has_words():
    recorded = set()
    for folder in ("processes", "handlers", "webapp"):
        for path in (SOURCE / folder).rglob("*.py"):
            for call in re.findall(r"\baudit\.record\((.*?)\)\n", path.read_text(encoding="utf-8"), re.S):
                recorded |= set(re.findall(r'[^f]"((?:case|work|message|definition|person|post|token)\.\w+)"', call))
                for start in re.findall(r'f"(\w+\.)\{kind\}"', call):
                    recorded |= {start + kind for kind in SPOKEN[start]}
    assert len(recorded) > 20
    assert recorded <= set(ACTIONS)
