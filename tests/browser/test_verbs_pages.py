"""The pages of the verbs in a browser: by keyboard and on a telephone, without complaints of axe."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import cases, definitions, work
from processes.engine.models import WorkItem
from processes.engine.verbs import asking, circulating, phrases
from processes.engine.verbs.models import Circulation
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from processes.identity.people import actor_of
from tests.api.test_verbs import ROW
from tests.browser.conftest import SIZES


def actor(session, login):
    return actor_of(session, session.scalars(select(Person).where(Person.login == login)).one(), clock.today())


@pytest.fixture
def addresses(desk):
    """A case at its second step, with a signer asked, a copy sent and phrases kept."""
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "row", {"process.bpmn": ROW.encode()})
    with desk.db.transaction() as session:
        clerk = actor(session, "city.clerk")
        case_id = cases.start(session, desk.house, clerk, "row", "p", {}).id
        item = session.scalars(select(WorkItem)).one()
        work.complete(session, desk.house, clerk, item.id, {"comment": "拟同意，请审核。"})
    with desk.db.transaction() as session:
        clerk = actor(session, "city.clerk")
        item = session.scalars(select(WorkItem).where(WorkItem.step == "审核")).one()
        circulating.copy_to(session, clerk, item.id, ["hr.clerk"], "请阅知。")
        phrases.add(session, clerk, "同意，请局领导审定。")
        asking.add_signers(session, desk.house, clerk, item.id, ["hr.clerk"], "请会签", after=True)
        copy = session.scalars(select(Circulation)).one()
        task = f"/tasks/{item.id}"
        return {
            "task": task, "return": f"{task}/verbs/return", "sign-before": f"{task}/verbs/sign-before",
            "attach": f"{task}/verbs/attach", "case": f"/cases/{case_id}", "sheet": f"/cases/{case_id}/sheet",
            "stand-ins": "/stand-ins/", "phrases": "/phrases/", "circulations": "/circulations/?box=sent",
            "copy": f"/circulations/{copy.id}", "inbox": "/inbox", "batch": f"/tasks/batch/?task={item.id}",
        }  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_the_verbs_are_sound(open_page, addresses, faults, size):
    page = open_page("city.clerk", size)
    for name, address in addresses.items():
        page.goto(address)
        assert (name, faults(page, f"{name}-{size}")) == (name, [])


def test_a_phrase_is_put_into_the_opinion_and_a_verb_used_by_keyboard(open_page, addresses):
    page = open_page("city.clerk")
    page.goto(addresses["task"])
    page.locator("[data-phrase]").first.click()
    assert "请局领导审定" in page.locator("textarea").first.input_value()
    page.goto(addresses["return"])
    page.locator("#reason").focus()
    page.keyboard.type("补充材料")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")
    assert "已退回" in page.content()
