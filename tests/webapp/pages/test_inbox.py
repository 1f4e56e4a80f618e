from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from processes import clock
from processes.engine.models import WorkItem
from tests.webapp.pages import letters

MOST_QUERIES = 15


def titles(page: str) -> list[str]:
    return [part.split(">", 1)[1].split("<", 1)[0] for part in page.split('class="cell-title"><a ')[1:]]


def test_a_task_of_a_post_is_in_the_inbox_of_its_holders_and_of_nobody_else(desk, visit):
    letters.begin(desk)
    assert titles(visit("city.clerk").get("/inbox").text) == ["起草：首席规划师人选"]
    assert titles(visit("city.leader").get("/inbox").text) == []
    assert titles(visit("gov.500101").get("/inbox").text) == []


def test_each_district_sees_its_own_letter_alone(desk, visit):
    letters.sent(desk)
    for login in ("gov.500101", "gov.500102"):
        assert len(titles(visit(login).get("/inbox").text)) == 1


def test_what_is_claimed_moves_from_the_pool_to_my_own_list_and_back(desk, visit):
    task = letters.item(desk, letters.begin(desk), "draft")
    clerk = visit("city.clerk")
    assert titles(clerk.get("/inbox?view=group").text) == ["起草：首席规划师人选"]
    answered = clerk.send(f"/tasks/{task.id}/claim", {"next": "/inbox?view=mine"})
    assert (answered.status_code, answered.location) == (303, "/inbox?view=mine")
    assert titles(clerk.get("/inbox?view=mine").text) == ["起草：首席规划师人选"]
    assert titles(clerk.get("/inbox?view=group").text) == []
    clerk.send(f"/tasks/{task.id}/release")
    assert titles(clerk.get("/inbox?view=group").text) == ["起草：首席规划师人选"]


def test_done_and_started_work_have_lists_of_their_own(desk, visit):
    case = letters.sent(desk)
    clerk = visit("city.clerk")
    assert titles(clerk.get("/inbox?view=done").text) == ["起草：首席规划师人选"]
    started = clerk.get("/inbox?view=started").text
    assert case.number in started
    assert "复函" in started


def test_a_draft_is_in_the_list_of_drafts(desk, visit):
    task = letters.item(desk, letters.begin(desk), "draft")
    clerk = visit("city.clerk")
    clerk.send(f"/tasks/{task.id}/draft", {"subject": "半句"})
    assert titles(clerk.get("/inbox?view=drafts").text) == ["起草：首席规划师人选"]
    assert 'value="半句"' in clerk.get(f"/tasks/{task.id}").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=人选", 2),
        ("q=没有这样的", 0),
        ("process=letter", 2),
        ("process=other", 0),
        ("step=draft", 2),
        ("step=reply", 0),
    ],
)
def test_the_list_is_narrowed_by_its_address(desk, visit, query, found):
    letters.begin(desk, "首席规划师人选")
    letters.begin(desk, "另一人选")
    assert len(titles(visit("city.clerk").get(f"/inbox?{query}").text)) == found


def test_the_order_stands_in_the_address_and_in_the_head_of_the_column(desk, visit):
    for subject in ("乙人选", "甲人选"):
        letters.begin(desk, subject)
    clerk = visit("city.clerk")
    rising, falling = clerk.get("/inbox?sort=title").text, clerk.get("/inbox?sort=-title").text
    assert titles(rising) == list(reversed(titles(falling)))
    assert 'aria-sort="ascending"' in rising
    assert 'aria-sort="descending"' in falling


def test_a_long_list_is_paged(desk, visit):
    for number in range(21):
        letters.begin(desk, f"第{number:02d}件")
    clerk = visit("city.clerk")
    assert len(titles(clerk.get("/inbox").text)) == 20
    assert len(titles(clerk.get("/inbox?page=2").text)) == 1


@pytest.mark.parametrize(
    "query", ["page=-1", "page=zzz", "size=1000000", "sort=drop%20table", "view=everything", "q=%25_%5C"]
)
def test_a_forged_address_is_an_ordinary_list(desk, visit, query):
    letters.begin(desk)
    assert visit("city.clerk").get(f"/inbox?{query}").status_code == 200


def test_what_is_late_says_so_in_words_and_counts_working_days(desk, visit):
    case = letters.sent(desk)
    late = clock.now() - timedelta(days=14)
    with desk.db.transaction() as session:
        session.query(WorkItem).where(WorkItem.case_id == case.id, WorkItem.element_id == "reply").update(
            {"due_at": late}
        )
    page = visit("gov.500101").get("/inbox").text
    assert "逾期 10 个工作日" in page
    assert len(titles(visit("gov.500101").get("/inbox?overdue=1").text)) == 1


def test_what_is_due_today_can_be_asked_for(desk, visit):
    case = letters.sent(desk)
    government = visit("gov.500101")
    assert titles(government.get("/inbox?overdue=today").text) == []
    with desk.db.transaction() as session:
        session.query(WorkItem).where(WorkItem.case_id == case.id, WorkItem.element_id == "reply").update(
            {"due_at": datetime.combine(clock.today(), time(23, 59, 59), clock.CITY)}
        )
    page = government.get("/inbox?overdue=today").text
    assert len(titles(page)) == 1
    assert 'value="today" selected' in page
    assert titles(government.get("/inbox?overdue=1").text) == []


@pytest.mark.parametrize("view", ["todo", "group", "done", "started", "drafts"])
def test_a_list_asks_the_database_a_few_questions_however_long_it_is(desk, visit, queries, view):
    for number in range(12):
        letters.begin(desk, f"第{number:02d}件")
    clerk = visit("city.clerk")
    clerk.get(f"/inbox?view={view}")
    with queries() as seen:
        assert clerk.get(f"/inbox?view={view}").status_code == 200
    assert len(seen) <= MOST_QUERIES + 6, seen  # six of them say who is asking and what stands on the left
