from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from processes import clock
from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from processes.registers.matters import Matter
from tests.browser.conftest import SIZES, picture
from tests.webapp.pages.test_switches import changed  # noqa: F401 - a fixture

BPMN = Path(__file__).parents[2] / "bpmn"
PAGES = {
    "index": "/switches/",
    "changes": "/switches/changes",
    "one": "/switches/absence.year_mode",
    "none": "/switches/?q=%E6%97%A0%E6%AD%A4%E5%8F%A3%E5%BE%84",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_switches_are_usable_at_both_widths(changed, open_page, faults, name, size):  # noqa: F811
    page = open_page("owner", size)
    page.goto(PAGES[name])
    assert faults(page, f"switches-{name}-{size}") == []


@pytest.fixture
def agreed_desk(desk):
    """Both bureaus agree on a question; the process owner may enter it."""
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "hr_consultation", bundle_at(BPMN / "hr_consultation"))
        session.add(
            Matter(status="closed", case_id=uuid4(), reference="征询-1", round=1, kind="条文解释", subject="评分权重",
                   text="评分权重的口径" * 10, opinion="同意", answered_on=clock.today(), created_at=clock.now())
        )  # fmt: skip
    return desk


def enter(page, switch):
    """The form of the interpretation is filled in."""
    page.goto("/start/hr_consultation/interpretation")
    page.get_by_role("button", name="发起").click()
    page.locator("input[name=matter_id]").first.check()
    page.locator("[name=article]").fill("第十四条")
    page.locator("[name=question]").fill("次数、质量、实地、其他职责各占多少？")
    page.locator("[name=answer]").fill("次数25、质量45、实地15、其他职责15。")
    choose(page, "changes", "调整口径开关")
    choose(page, "switch_code", switch)
    page.locator("[name=switch_reason]").fill("两局一致，突出意见质量")


def choose(page, field, value):
    """An option is chosen, whether it is drawn as a list or as buttons."""
    listed = page.locator(f"select[name={field}]")
    if listed.count():
        listed.select_option(value)
    else:
        page.locator(f"input[name={field}][value='{value}']").check()


@pytest.mark.parametrize("size", SIZES)
def test_the_weights_are_set_by_their_parts_and_seen_before_they_hold(agreed_desk, open_page, problems, size):
    page = open_page("owner", size)
    enter(page, "appraisal.weights")
    picture(page, f"entered-{size}")
    assert problems(page) == []
    page.get_by_role("button", name="提交").first.click()
    page.wait_for_url("/inbox**")
    page.get_by_role("link", name="开关取值").first.click()
    for row, number in enumerate((25, 45, 15, 15)):
        page.locator(f"[name='switch_parts-{row}-number']").fill(str(number))
    picture(page, f"reading-{size}")
    assert problems(page) == []
    page.get_by_role("button", name="提交").first.click()
    page.wait_for_url("/inbox**")
    page.get_by_role("link", name="影响预览").first.click()
    assert page.get_by_text("咨询次数：25%；意见质量：45%").count()
    picture(page, f"preview-{size}")
    assert problems(page) == []
