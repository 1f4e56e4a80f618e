from __future__ import annotations

import pytest

from processes.engine.models import Case
from webapp.operation_key import FIELD


def test_a_process_is_offered_to_the_posts_that_may_start_it(visit):
    assert "征求意见函" in visit("city.clerk").get("/start/").text
    page = visit("gov.500101").get("/start/").text
    assert "征求意见函" not in page
    assert "没有可以发起的事项" in page


def test_the_form_asks_for_what_the_title_is_made_of_in_the_words_of_the_first_form(visit):
    page = visit("city.clerk").get("/start/letter/letter").text
    assert 'name="subject"' in page
    assert "事由" in page


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
