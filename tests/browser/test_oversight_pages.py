from __future__ import annotations

import pytest

from processes.engine import drafts
from processes.engine.background import Background
from processes.engine.definitions import active_definition
from tests.browser.conftest import SIZES
from tests.webapp.pages import letters
from tests.webapp.pages.test_oversight import busy  # noqa: F401 - a fixture

PAGES = {
    "oversight": ("manager", "/oversight/"),
    "organizations": ("manager", "/oversight/by/organizations"),
    "steps": ("manager", "/oversight/steps/"),
    "forecast": ("manager", "/oversight/forecast/"),
    "map": ("manager", "/oversight/map/?measure=overdue"),
    "event-log": ("manager", "/oversight/event-log/"),
    "hooks": ("admin", "/hooks/"),
    "account": ("city.clerk", "/account/"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_oversight_are_usable_at_both_widths(busy, open_page, faults, name, size):  # noqa: F811
    login, path = PAGES[name]
    page = open_page(login, size)
    page.goto(path)
    assert faults(page, f"{name}-{size}") == []


def test_a_rehearsal_is_led_from_its_board_by_hand(busy, open_page, problems, faults):  # noqa: F811
    with busy.db.transaction() as session:
        base = active_definition(session, "letter")
        draft = drafts.create(session, letters.actor(busy, "owner"), "letter", base_id=base.id)
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/rehearsals")
    assert problems(page) == []
    page.get_by_role("button", name="新的彩排").click()
    Background(busy.db, busy.house).work_off()
    page.get_by_role("heading", name="彩排时间").wait_for()
    assert problems(page) == []
    board = page.url
    page.get_by_role("link", name="以陈思源身份").first.click()
    page.get_by_label("事由").fill("人选")
    page.get_by_role("button", name="发起", exact=True).click()
    page.get_by_role("link", name="返回彩排控制台").click()
    assert page.url == board
    page.get_by_role("button", name="5 个工作日后").click()
    page.get_by_role("status").get_by_text("时间已到").wait_for()
    assert faults(page, "rehearsal") == []
