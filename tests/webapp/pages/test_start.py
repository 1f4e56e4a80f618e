from __future__ import annotations

from pathlib import Path

import pytest

from processes.engine.bundles import bundle_at
from processes.engine.models import Case
from processes.engine.packages import Package
from webapp.operation_key import FIELD
from webapp.pages.start import start_form

BPMN = Path(__file__).parents[3] / "bpmn"


def test_a_process_is_offered_to_the_posts_that_may_start_it(visit):
    assert "征求意见函" in visit("city.clerk").get("/start/").text
    page = visit("gov.500101").get("/start/").text
    assert "征求意见函" not in page
    assert "没有可以发起的事项" in page


def test_the_form_asks_for_what_the_title_is_made_of_in_the_words_of_the_first_form(visit):
    page = visit("city.clerk").get("/start/letter/letter").text
    assert 'name="subject"' in page
    assert "事由" in page


def asked(key, process_id):
    files = bundle_at(BPMN / key)
    return [field.key for field in start_form(Package(dict(files)), process_id).fields]


@pytest.mark.parametrize(
    ("key", "process_id"),
    [
        ("expenses", "travel_claim"),
        ("annual_report", "annual_report"),
        ("benefits", "benefits"),
        ("withdrawal", "withdrawal"),
        ("technical_consultation", "technical_consultation"),
    ],
)
def test_nobody_is_asked_for_what_the_procedure_finds_or_its_first_form_asks(key, process_id):
    assert asked(key, process_id) == ["nothing_to_fill_in"]


def test_the_year_of_a_plan_is_asked_for_because_nothing_else_tells_it():
    assert asked("meetings_training", "yearly_plan") == ["plan_year"]


def test_an_empty_form_is_refused_and_starts_nothing(desk, visit):
    answered = visit("city.clerk").send("/start/letter/letter", {"subject": ""})
    assert answered.status_code == 422
    assert 'href="#f-subject"' in answered.text
    with desk.db.reading() as session:
        assert session.query(Case).count() == 0


def test_starting_leads_to_the_first_task_that_is_the_starters_own(desk, visit):
    clerk = visit("city.clerk")
    answered = clerk.send("/start/letter/letter", {"subject": "新一轮人选", FIELD: "one-key"})
    assert answered.status_code == 303
    assert answered.location.startswith("/tasks/")
    assert "新一轮人选" in clerk.get(answered.location).text
    again = clerk.send("/start/letter/letter", {"subject": "新一轮人选", FIELD: "one-key"})
    assert again.location == answered.location
    with desk.db.reading() as session:
        assert session.query(Case).one().title == "关于新一轮人选的函"


@pytest.mark.parametrize("path", ["/start/letter/letter", "/start/letter/none", "/start/none/none"])
def test_what_one_may_not_start_is_not_found(visit, path):
    assert visit("gov.500101").get(path).status_code == 404
    assert visit("gov.500101").send(path, {"subject": "新一轮"}).status_code == 404
