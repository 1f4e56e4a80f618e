from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.engine import incidents
from processes.engine.models import Incident
from processes.messages import message
from tests.webapp.pages import letters


@pytest.fixture
def failed(desk):
    """Background work that failed for good: of no case, of a case, and work that a case needs."""
    case = letters.sent(desk)
    with desk.db.transaction() as session:
        for step, job, args, about in (
            ("试办", "of.yesterday", {}, None),
            ("提醒", "of.yesterday", {"case": str(case.id)}, case.id),
            ("生成文书", "document.make", {}, None),
        ):
            action = {"kind": "job", "job": job, "args": args, "key": None}
            incidents.record_work(session, RuntimeError("13800001234"), message(step), action, about)
    with desk.db.reading() as session:
        return {each.step: each for each in session.scalars(select(Incident))}


def test_background_work_that_failed_is_on_the_page_with_its_case_and_without_what_it_was_about(desk, visit, failed):
    page = visit("manager").get("/incidents/").text
    assert all(step in page for step in failed)
    assert f"/cases/{failed['提醒'].case_id}" in page
    assert "13800001234" not in page
    assert page.count("/discard") == 2, "a numbered document must be made"


def test_work_is_retried_and_a_second_failure_is_told_and_counted(desk, visit, failed):
    page = (
        visit("manager").send(f"/incidents/{failed['试办'].id}/retry", {"reason": "再试"}, follow_redirects=True).text
    )
    assert "重试仍未成功" in page
    assert "程序版本" in page
    with desk.db.reading() as session:
        assert session.get(Incident, failed["试办"].id).attempts == 2


def test_work_is_given_up_with_a_reason_by_those_who_may(desk, visit, failed):
    address = f"/incidents/{failed['试办'].id}/discard"
    assert visit("city.clerk").send(address, {"reason": "不再需要"}).status_code == 403
    manager = visit("manager")
    assert "请填写理由" in manager.send(address, {"reason": " "}, follow_redirects=True).text
    assert "已放弃" in manager.send(address, {"reason": "不再需要"}, follow_redirects=True).text
    page = manager.get("/incidents/?status=discarded").text
    assert "不再需要" in page
    assert "孙敏" in page
    needed = f"/incidents/{failed['生成文书'].id}/discard"
    assert manager.send(needed, {"reason": "不再需要"}).status_code == 409
