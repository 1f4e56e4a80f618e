"""口径与开关: what the switches stand at, who changed them, on which interpretation (第十六条, question 22)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from processes import clock
from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from processes.registers.switches import interpret, set_switch
from processes.rules.switches import SWITCHES

BPMN = Path(__file__).parents[3] / "bpmn"
EFFECT = {"area": "缺席计次", "subject": "丁一（万州区）", "before": "预警", "after": "关注"}


@pytest.fixture
def changed(desk):
    """Two readings set, one of them of a later day."""
    with desk.db.transaction() as session:
        for number, (code, value, days) in enumerate(
            (("absence.year_mode", "calendar", 0), ("reply.limit_wd", 15, 7)), start=1
        ):
            ground = interpret(
                session, SYSTEM, number=f"解释-2026-00{number}", article=SWITCHES[code].article,
                question=SWITCHES[code].question_zh, answer="按两局一致意见执行。", agreed_on=clock.today(),
                recorded_by="李程", confirmed_by="周建国", effects=[EFFECT],
            )  # fmt: skip
            day = clock.today() + timedelta(days=days)
            set_switch(session, SYSTEM, code, value, day, ground, "两局一致，便于与年度考核衔接")
    return desk


def test_all_37_switches_are_there_with_question_article_and_reading(visit):
    page = visit("owner").get("/switches/").text
    assert len(SWITCHES) == 37
    for switch in SWITCHES.values():
        assert f"/switches/{switch.code}" in page
        assert switch.question_zh in page
        assert switch.article in page


def test_english_readers_read_english_questions(visit):
    visitor = visit("hr.clerk")
    visitor.send("/language", {"language": "en"})
    page = visitor.get("/switches/").text
    assert SWITCHES["excellent.pool"].question_en in page


def test_which_switches_were_changed_by_whom_and_on_what_interpretation(changed, visit):
    page = visit("auditor").get("/switches/changes").text
    for told in ("自然年", "15个工作日", "解释-2026-001", "解释-2026-002", "李程", "尚未生效"):
        assert told in page
    assert "便于与年度考核衔接" in page


def test_a_reading_of_a_later_day_is_announced_and_not_yet_the_present_one(changed, visit):
    page = visit("city.leader").get("/switches/reply.limit_wd").text
    assert "<strong>10个工作日</strong>" in page
    assert "依据解释-2026-002" in page


def test_a_switch_shows_what_its_change_was_foreseen_to_change(changed, visit):
    page = visit("manager").get("/switches/absence.year_mode").text
    assert EFFECT["subject"] in page
    assert "解释-2026-001" in page


def test_the_list_is_narrowed_by_search_and_to_what_was_changed(changed, visit):
    visitor = visit("owner")
    only_changed = visitor.get("/switches/?changed=1").text
    assert "/switches/absence.year_mode" in only_changed
    assert "/switches/visits.scope" not in only_changed
    found = visitor.get("/switches/?q=第八条").text
    assert "/switches/visits.scope" in found
    assert "/switches/term.years" not in found
    assert "没有符合条件的开关" in visitor.get("/switches/?q=没有这样的口径").text


@pytest.mark.parametrize("login", ["admin", "gov.500101", "bureau.500101"])
def test_others_are_not_shown_the_switches(visit, login):
    visitor = visit(login)
    assert visitor.get("/switches/").status_code == 403
    assert "/switches/" not in visitor.get("/", follow_redirects=True).text


def test_the_process_owner_alone_is_led_to_a_new_interpretation(desk, visit):
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "hr_consultation", bundle_at(BPMN / "hr_consultation"))
    assert "/start/hr_consultation/interpretation" in visit("owner").get("/switches/").text
    assert "/start/hr_consultation/interpretation" in visit("owner").get("/switches/term.years").text
    assert "/start/hr_consultation/interpretation" not in visit("owner").get("/switches/excellent.rounding").text
    assert "/start/hr_consultation/interpretation" not in visit("manager").get("/switches/").text


def test_an_unknown_switch_is_not_found(visit):
    assert visit("owner").get("/switches/no.such").status_code == 404


def test_a_locked_reading_says_that_the_text_settles_it(visit):
    assert "条文已定" in visit("owner").get("/switches/excellent.rounding").text
