from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from processes import clock
from processes.engine.models import Case, CaseDocument, Incident, WorkItem
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.registers.planner_posts import PlannerPost
from processes.registers.rounds import Round
from tests.webapp.pages import letters
from tests.webapp.pages.called import called

MOST_QUERIES = 16
"""Six of them say who is asking and what stands on the left."""


def test_a_manager_sees_every_case_and_a_district_those_it_has_a_part_in(desk, visit):
    shared, other = letters.sent(desk), letters.begin(desk, "尚未发出")
    page = visit("manager").get("/cases/").text
    assert shared.number in page
    assert other.number in page
    page = visit("gov.500101").get("/cases/").text
    assert shared.number in page
    assert other.number not in page
    assert visit("gov.500101").get(f"/cases/{other.id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=running", 2), ("status=completed", 0), ("stage=reply", 1), ("process=letter", 2), ("overdue=1", 1),
        ("incident=1", 0), ("q=人选", 1), ("parent=not-an-id", 2), ("sort=-title", 2), ("page=99", 0),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(desk, visit, query, found):
    case = letters.sent(desk, "首席规划师人选")
    letters.begin(desk, "另一件事")
    with desk.db.transaction() as session:
        late = {"due_at": clock.now() - timedelta(days=3)}
        session.query(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status == "open").update(late)
    page = visit("manager").get(f"/cases/?{query}")
    assert page.status_code == 200
    assert page.text.count('class="cell-title"><a') == found


def test_which_districts_have_not_answered_is_one_click_away(desk, visit):
    case = letters.sent(desk)
    letters.complete(desk, "gov.500101", letters.item(desk, case, "reply", "CQ-500101"), opinion="同意")
    manager = visit("manager")
    link = f"/cases/{case.id}/waiting?step=reply"
    assert link in manager.get(f"/cases/{case.id}").text
    page = manager.get(link).text
    assert "涪陵区人民政府" in page
    assert "万州区人民政府" not in page
    assert "已办 1 件" in page
    assert "0 个工作日" in page


def test_the_waiting_list_is_a_file_too(desk, visit):
    case = letters.sent(desk)
    answered = visit("manager").get(f"/cases/{case.id}/waiting?step=reply&format=csv")
    assert answered.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(StringIO(answered.get_data().decode("utf-8-sig"))))
    assert len(rows) == 3
    assert rows[1][1] == case.number


def test_all_that_is_waited_for_is_gathered_by_organization(desk, visit):
    letters.sent(desk)
    letters.sent(desk, "又一件")
    page = visit("manager").get("/waiting").text
    assert page.count("涪陵区人民政府") >= 3
    assert "未办 4 件" in page
    assert "未办 2 件" in visit("gov.500101").get("/waiting").text


def test_the_case_page_says_where_it_stands_without_the_picture_too(desk, visit):
    case = letters.sent(desk)
    page = visit("manager").get(f"/cases/{case.id}").text
    assert "<svg" in page
    assert 'aria-current="step"' in page
    steps = page.split("流程步骤及状态", 1)[1].split("</table>", 1)[0]
    assert "起草函件" in steps
    assert "✓ 已完成" in " ".join(steps.split())
    assert "▶ 办理中" in " ".join(steps.split())


def test_who_sees_a_part_is_not_told_that_nothing_is_to_be_done(desk, visit):
    case = letters.sent(desk)
    letters.complete(desk, "gov.500101", letters.item(desk, case, "reply", "CQ-500101"), opinion="同意")
    page = visit("gov.500101").get(f"/cases/{case.id}").text
    assert "没有由您办理的任务；由其他岗位办理的任务不在此列出" in page
    assert "当前没有待办任务" not in page


@pytest.mark.parametrize(("act", "status"), [("suspend", "suspended"), ("cancel", "cancelled")])
def test_a_manager_stops_a_case_with_a_reason(desk, visit, act, status):
    case = letters.sent(desk)
    manager = visit("manager")
    refused = manager.send(f"/cases/{case.id}/{act}", {"reason": " "})
    assert refused.status_code == 422
    assert "请填写理由" in refused.text
    assert manager.send(f"/cases/{case.id}/{act}", {"reason": "市政府另有部署"}).status_code == 303
    with desk.db.reading() as session:
        assert session.get(Case, case.id).status == status
    assert "市政府另有部署" in manager.get(f"/cases/{case.id}").text


def test_a_cancelled_round_ends_in_the_registers_too(desk, visit):
    with called(desk) as going_on:
        sent = visit("manager").send(f"/cases/{going_on.played.case_id}/cancel", {"reason": "市政府另有部署"})
        assert sent.status_code == 303
        page = visit("manager").get(f"/cases/{going_on.played.case_id}").text
    assert "× 已结束" in page
    with desk.db.reading() as session:
        assert session.query(Round).one().status == "cancelled"
        assert {post.status for post in session.query(PlannerPost)} == {"closed"}


def test_each_letter_of_a_case_says_for_whom_it_is(desk, visit):
    case = letters.sent(desk)
    with desk.db.transaction() as session:
        stored = desk.house.files.put(session, SYSTEM, "聘书.pdf", letters.PDF, case_id=case.id)
        person = people.person_by_login(session, "gov.500102")
        common = {"case_id": case.id, "key": "k", "code": "T", "dated": clock.today(), "file_id": stored.id}
        for title, more in (("征求意见函", {"unit_id": "CQ-500101"}), ("聘书", {"subject_id": person.id})):
            session.add(CaseDocument(**common, title=title, at=clock.now(), **more))
    page = " ".join(visit("manager").get(f"/cases/{case.id}").text.split())
    assert '征求意见函 <span class="document-about">万州区 </span>' in page
    assert '聘书 <span class="document-about"> 冯涪</span>' in page


@pytest.mark.parametrize("act", ["suspend", "resume", "cancel", "message"])
def test_others_may_not_act_on_a_case(desk, visit, act):
    case = letters.sent(desk)
    assert visit("city.clerk").send(f"/cases/{case.id}/{act}", {"reason": "不想办了"}).status_code == 403
    assert visit("bureau.500101").send(f"/cases/{case.id}/{act}", {"reason": "不想办了"}).status_code == 404


def test_an_incident_is_shown_on_its_case_and_retried_from_there(desk, visit):
    case = letters.begin(desk, letters.BROKEN)
    task = letters.item(desk, case, "draft")
    visit("city.clerk").send(f"/tasks/{task.id}/complete", {"subject": letters.BROKEN, "copies": "1"})
    manager = visit("manager")
    assert "重试" in manager.get(f"/cases/{case.id}").text
    with desk.db.reading() as session:
        incident = session.query(Incident).one()
    silent = manager.send(f"/incidents/{incident.id}/retry", {"reason": " "}, follow_redirects=True)
    assert "请填写理由" in silent.text
    still = manager.send(f"/incidents/{incident.id}/retry", {"reason": "再试"}, follow_redirects=True)
    assert "重试仍未成功" in still.text
    desk.house.operations["letter.send"] = _mended(desk)
    assert manager.send(f"/incidents/{incident.id}/retry", {"reason": "已修复"}).status_code == 303
    with desk.db.reading() as session:
        found = session.get(Incident, incident.id)
        assert (found.status, found.attempts) == ("resolved", 2)
        assert session.get(WorkItem, task.id).completed_by == "王海燕"
    assert "没有故障" in manager.get("/incidents/").text


def _mended(desk):
    old = desk.house.operations["letter.send"]
    return type(old)(old.name, old.title, lambda call: None)


def test_incidents_are_for_those_who_may_retry(desk, visit):
    assert visit("admin").get("/incidents/").status_code == 200
    assert visit("city.clerk").get("/incidents/").status_code == 403


@pytest.mark.parametrize("kept", ["status=running", "stage=reply", "status=completed", "overdue=1", "q=第0件"])
def test_a_file_of_the_list_of_cases_has_just_its_rows(desk, visit, kept):
    for number in range(3):
        letters.sent(desk, f"第{number}件")
    manager = visit("manager")
    shown = int(re.search(r"共 (\d+) 件", manager.get(f"/cases/?{kept}").text)[1])
    told = manager.get(f"/cases/?{kept}&format=csv").data.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(told)))[1:]
    assert len(lines) == shown == {"status=completed": 0, "overdue=1": 0, "q=第0件": 1}.get(kept, 3)
    assert all(line[0] and line[1] and line[5] == "办理中" for line in lines)
    with ZipFile(BytesIO(manager.get(f"/cases/?{kept}&format=xlsx").data)) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<row>") == len(lines) + 1


def test_open_work_is_a_file_of_either_kind(desk, visit):
    letters.sent(desk, "第一件")
    manager = visit("manager")
    lines = list(csv.reader(StringIO(manager.get("/waiting?format=csv").data.decode("utf-8-sig"))))
    with ZipFile(BytesIO(manager.get("/waiting?format=xlsx").data)) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<row>") == len(lines) > 2


@pytest.mark.parametrize("path", ["/cases/", "/waiting", "/notices/", "/registers/"])
def test_a_list_asks_the_database_a_few_questions_however_long_it_is(desk, visit, queries, path):
    for number in range(8):
        letters.sent(desk, f"第{number:02d}件")
    manager = visit("manager")
    manager.get(path)
    with queries() as seen:
        assert manager.get(path).status_code == 200
    assert len(seen) <= MOST_QUERIES, seen
