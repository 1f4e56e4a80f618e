"""法规库: the library as its readers see it (第七条(一))."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.registers.laws import Law, LawReading


@pytest.fixture
def library(desk):
    """Two texts; a planner has one of them still to read."""
    with desk.db.transaction() as session:
        planner = people.create_person(session, SYSTEM, "planner", "丁一", "demo", demonstration=True)
        people.hold(session, SYSTEM, planner, "planner")
        made = [
            Law(status="in_force", title=title, number=number, kind=kind, issuer="自然资源部",
                in_force_on=date(2026, 5, 1), summary="明确了监测评估的指标和频次。", source="自然资源部网站",
                required=required, read_by=date(2026, 6, 1) if required else None, case_id=uuid4(),
                entered_on=date(2026, 4, 1), entered_by="王海燕")
            for title, number, kind, required in (
                ("监测评估规程", "TD/T 1090—2026", "standard", True), ("城乡规划条例", "", "local", False),
            )
        ]  # fmt: skip
        session.add_all(made)
        session.flush()
        session.add(LawReading(law_id=made[0].id, person_id=planner.id, due_on=date(2026, 6, 1)))
        return made[0].id


def test_the_library_is_searched_and_filtered(library, visit):
    page = visit("city.clerk")
    assert page.get("/laws/").text.count('class="cell-title"') == 2
    assert "监测评估规程" in page.get("/laws/?q=1090").text
    assert "城乡规划条例" not in page.get("/laws/?q=1090").text
    assert "监测评估规程" not in page.get("/laws/?kind=local").text
    assert "没有符合条件的文件" in page.get("/laws/?status=repealed").text


def test_a_planner_sees_what_is_still_to_be_read_and_nobody_elses_reading(library, visit):
    planner = visit("planner")
    assert "2026-06-01 前学习" in planner.get("/laws/").text
    shown = planner.get(f"/laws/{library}").text
    assert "请在 2026-06-01 前学习" in shown
    assert "学习情况" not in shown
    assert "应学习 1 人，已学习 0 人" in visit("city.clerk").get(f"/laws/{library}").text
    assert "学习情况" not in visit("bureau.500101").get(f"/laws/{library}").text


def test_the_library_is_not_for_those_who_only_keep_accounts(library, visit):
    assert visit("admin").get("/laws/").status_code == 403
    assert visit("city.clerk").get(f"/laws/{uuid4()}").status_code == 404
