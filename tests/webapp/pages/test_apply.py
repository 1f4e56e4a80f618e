from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from processes.engine.models import WorkItem
from processes.identity.models import Person
from processes.registers.applications import Application
from tests.webapp.pages.called import called
from webapp.demo import answers
from webapp.demo.people import candidates
from webapp.pages.registration import MOST_A_DAY

ACCOUNT = {
    "name": "田静宜",
    "mobile": "13900000001",
    "password": "Qingshan-2026",
    "repeated": "Qingshan-2026",
    "consents": "yes",
}


@pytest.fixture
def round_(desk):
    with called(desk) as found:
        yield found


@pytest.fixture
def applicant(round_, visit):
    """Somebody who has just opened an account."""
    visitor = visit()
    assert visitor.send("/apply/register", ACCOUNT, page="/apply/register").status_code == 303
    return visitor


def application(desk) -> Application:
    with desk.db.reading() as session:
        found = session.query(Application).one()
        assert found.round
        return found


def begin(visitor, round_, **more: str):
    return visitor.send(f"/apply/rounds/{round_.played.round_id}", {"employer_id": "employer:1", **more})


def test_a_stranger_sees_the_open_rounds_and_their_posts(round_, visit):
    stranger = visit()
    page = stranger.get("/apply/").text
    assert "2027—2029聘期" in page
    assert "2026-11-30" in page
    page = stranger.get(f"/apply/rounds/{round_.played.round_id}").text
    assert "万州区" in page
    assert "涪陵区" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"mobile": "12345"}, "mobile"),
        ({"login": "王 五"}, "login"),
        ({"login": "city.clerk"}, "login"),
        ({"password": "weak", "repeated": "weak"}, "password"),
        ({"repeated": "Other-2026"}, "repeated"),
        ({"consents": ""}, "consents"),
    ],
)
def test_an_account_with_a_wrong_field_is_refused_by_name(desk, visit, changed, field):
    answered = visit().send("/apply/register", {**ACCOUNT, **changed}, page="/apply/register")
    assert answered.status_code == 422
    assert f'href="#{field}"' in answered.text
    assert ACCOUNT["password"] not in answered.text
    with desk.db.reading() as session:
        assert session.query(Person).filter_by(mobile=ACCOUNT["mobile"]).count() == 0


def test_one_address_opens_a_limited_number_of_accounts_a_day(desk, visit):
    stranger = visit()
    for _attempt in range(MOST_A_DAY):
        assert stranger.send("/apply/register", {}, page="/apply/register").status_code == 422
    assert stranger.send("/apply/register", ACCOUNT, page="/apply/register").status_code == 429
    assert visit(address="10.0.0.9").send("/apply/register", ACCOUNT, page="/apply/register").status_code == 303


def test_an_application_leads_to_its_form_and_is_followed_from_there(desk, round_, applicant):
    answered = begin(applicant, round_)
    assert answered.location.startswith("/tasks/")
    assert "田静宜" in applicant.get(answered.location).text
    page = applicant.get("/my/applications/").text
    assert application(desk).number in page
    assert "去办理" in page
    assert "1 报名" in page


def test_the_employer_is_needed_and_a_second_application_is_not_taken(round_, applicant):
    refused = applicant.send(f"/apply/rounds/{round_.played.round_id}", {"employer_id": ""})
    assert refused.status_code == 422
    assert 'href="#employer_id"' in refused.text
    assert begin(applicant, round_).status_code == 303
    assert begin(applicant, round_).status_code == 409


@pytest.mark.parametrize(("login", "status"), [("city.clerk", 403), ("gov.500101", 403), (None, 303)])
def test_only_applicants_apply(round_, visit, login, status):
    assert begin(visit(login), round_).status_code == status


def test_withdrawing_asks_first_and_needs_a_reason(desk, round_, applicant):
    begin(applicant, round_)
    path = f"/my/applications/{application(desk).id}/withdraw"
    assert "不能撤销" in applicant.get(path).text
    assert applicant.send(path, {"reason": "不"}).status_code == 422
    assert application(desk).status == "draft"
    assert applicant.send(path, {"reason": "工作安排有变化"}).status_code == 303
    assert application(desk).status == "withdrawn"
    assert "已退出" in applicant.get("/my/applications/").text


def test_nobody_withdraws_for_somebody_else(desk, round_, applicant, visit):
    begin(applicant, round_)
    other = visit(address="10.0.0.9")
    other.send("/apply/register", {**ACCOUNT, "name": "黄晓岚", "mobile": "13900000002"}, page="/apply/register")
    path = f"/my/applications/{application(desk).id}/withdraw"
    assert other.get(path).status_code == 404
    assert other.send(path, {"reason": "替别人退出报名"}).status_code == 404
    assert application(desk).status == "draft"


def other_applies(round_, visit) -> None:
    """Somebody else's application is on its way, so that the round waits for it."""
    other = visit(address="10.0.0.9")
    account = {**ACCOUNT, "name": "黄晓岚", "mobile": "13900000002"}
    other.send("/apply/register", account, page="/apply/register")
    begin(other, round_)
    candidate = replace(candidates()[0], employer=1, name="黄晓岚")
    round_.player.do("13900000002", "apply", answers.application(candidate, ["CQ-500101"]))


def test_a_late_application_needs_a_reason_and_goes_to_the_process_owner(desk, round_, applicant, visit):
    other_applies(round_, visit)
    round_.player.at(date(2026, 12, 1), 10)
    applicant.log_in(ACCOUNT["mobile"], ACCOUNT["password"])
    assert "申请逾期报名" in applicant.get("/apply/").text
    assert begin(applicant, round_).status_code == 422
    assert begin(applicant, round_, late_reason="单位网络中断，昨日未能提交").status_code == 303
    with desk.db.reading() as session:
        item = session.query(WorkItem).filter_by(element_id="late_decision", status="open").one()
    assert "田静宜" in visit("owner").get(f"/tasks/{item.id}").text


def test_what_the_panel_proposes_is_not_told_before_the_list_is_decided(desk, round_, applicant):
    begin(applicant, round_)
    with desk.db.transaction() as session:
        session.query(Application).update({"status": "nominee"})
    page = applicant.get("/my/applications/").text
    assert "遴选和征求意见中" in page
    assert "建议人选" not in page


def test_an_applicant_sees_nothing_of_the_round_itself(desk, round_, applicant):
    begin(applicant, round_)
    assert applicant.get(f"/cases/{application(desk).case_id}").status_code == 200
    assert applicant.get(f"/cases/{round_.played.case_id}").status_code == 404
    assert applicant.get("/registers/").status_code == 403
