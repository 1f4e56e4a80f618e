"""Lists stay flat: a page asks few questions, each is answered by an index, and it is a small page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, or_, select

from processes.engine import case_lists, inbox
from processes.engine.case_lists import CaseFilter
from processes.engine.inbox import Filter
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import is_for, visible_cases
from processes.paging import Page, Total
from tests.lists.conftest import listening
from webapp.api.answering import CURSOR
from webapp.api.routes import CALLS
from webapp.bench.crowd import CITY_CLERK, DISTRICT_CLERK

MOST_QUESTIONS = 16
MOST_BYTES = 60_000
LARGE = ("work_item", "process_case", "case_event", "audit_entry", "notice", "submission", "application", "letter")
CLERKS = (CITY_CLERK, DISTRICT_CLERK)
PAGES = [
    *((who, f"/inbox?view={view}") for who in CLERKS for view in inbox.View.__args__),
    *((who, f"/inbox?view={view}&q=名单") for who in CLERKS for view in ("todo", "done")),
    *((who, f"/inbox?{query}") for who in CLERKS for query in ("sort=title", "overdue=1", "step=step_2", "page=3")),
    *((who, f"/cases/{query}") for who in CLERKS for query in ("", "?q=名单", "?q=选聘-众-00001", "?overdue=1")),
    *((who, f"/cases/?{query}") for who in CLERKS for query in ("status=completed", "process=crowd_1", "stage=reply")),
    *((who, f"/{place}") for who in CLERKS for place in ("waiting", "waiting?overdue=1", "notices/")),
    ("manager", "/cases/?incident=1"),
    ("manager", "/cases/?sort=title"),
    ("owner", "/incidents/"),
    *(("manager", f"/registers/{name}") for name in ("applications", "letters", "needs", "posts", "experts", "rounds")),
    *(("manager", f"/registers/applications?{query}") for query in ("q=赵1", "sort=name", "page=5", "status=review")),
    (DISTRICT_CLERK, "/registers/letters"),
    *(("auditor", f"/audit/?{query}") for query in ("", "who=赵", "action=work.claimed", "subject=x", "failures=1")),
    *(("manager", f"/oversight/{place}") for place in ("", "by/organizations", "by/persons", "by/waits", "forecast/")),
    *(("manager", f"/oversight/steps/?process=crowd_1{query}") for query in ("", "&by=late", "&unit=CQ-500101")),
    ("manager", "/waiting?card=red&process=crowd_1"),
    ("manager", "/waiting?unit=CQ-500101"),
    ("admin", "/hooks/deliveries"),
    ("admin", "/people/"),
    ("admin", "/organizations/"),
    *((CITY_CLERK, f"/api/v1/tasks?view={view}") for view in ("todo", "done", "started")),
    *((who, "/api/v1/cases") for who in CLERKS),
    (CITY_CLERK, "/api/v1/circulations"),
    (CITY_CLERK, "/api/v1/cases/{case}/history"),
    (CITY_CLERK, "/api/v1/registers/applications"),
    ("owner", "/api/v1/incidents"),
    ("owner", "/api/v1/definitions"),
    (CITY_CLERK, "/api/v1/me"),
    (CITY_CLERK, "/cases/{case}"),
    (CITY_CLERK, "/cases/{case}/history"),
    (CITY_CLERK, "/cases/{case}/submissions"),
]


@pytest.fixture(scope="module")
def place(desk):
    """The address of a page, with the case that has the longest history in it."""
    with desk.db.reading() as session:
        number = session.scalar(select(Case.id).where(Case.number == "征询-众-0000001"))
    return lambda path: path.replace("{case}", str(number))


@pytest.mark.parametrize(("login", "path"), PAGES)
def test_a_page_is_small_and_asks_few_questions_however_many_rows_it_shows(desk, ask, place, login, path):
    path, more = place(path), "&" if "?" in path else "?"
    size = "limit=20" if path.startswith("/api/") else "size=20"
    ask(login, path)
    with listening(desk.db) as few:
        shown = ask(login, path + ("" if "/me" in path or "/history" in path else f"{more}{size}"))
    with listening(desk.db) as many:
        ask(login, path + ("" if "/me" in path or "/history" in path else f"{more}{size.replace('20', '100')}"))
    assert shown.status_code == 200
    assert len(shown.data) < MOST_BYTES
    assert len(few) <= MOST_QUESTIONS, [each for each, _values in few]
    assert len(many) <= len(few) + 1, "the number of questions grows with the rows"


@pytest.mark.parametrize(("login", "path"), PAGES)
def test_no_page_reads_a_large_table_from_end_to_end(desk, ask, place, login, path):
    with listening(desk.db) as seen:
        ask(login, place(path))
    asked = [each for each in seen if each[0].lstrip().startswith(("SELECT", "WITH"))]
    assert asked
    with desk.db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        if desk.db.dialect == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a scan is left only where there is no other way
        for statement, values in asked:
            cursor.execute(("EXPLAIN QUERY PLAN " if desk.db.dialect == "sqlite" else "EXPLAIN ") + statement, values)
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            assert not _scanned(statement, plan), f"{_scanned(statement, plan)}\n{statement}\n{plan}"


def _scanned(statement: str, plan: str) -> list[str]:
    """Large tables that a plan reads as a whole; the audit trail lies in its own order and is read from its end."""
    own_order = "ORDER BY audit_entry.seq DESC" in statement and "LIMIT" in statement and "LIKE" not in statement
    tables = "|".join(each for each in LARGE if each != "audit_entry" or not own_order)
    return re.findall(rf"^SCAN (?:{tables})(?! USING)\b.*$|Seq Scan on (?:{tables})\b", plan, re.MULTILINE)


def test_every_list_of_the_api_is_among_the_pages():
    listed = {call.path.split("/<")[0] for call in CALLS if CURSOR in call.query}
    covered = {path.partition("?")[0].removeprefix("/api/v1") for _who, path in PAGES if path.startswith("/api/")}
    assert all(any(each.startswith(path) for each in covered) for path in listed)


@pytest.mark.parametrize("login", CLERKS)
@pytest.mark.parametrize("overdue", [False, True])
def test_the_number_of_tasks_is_that_of_the_database(desk, actor, login, overdue):
    who = actor(login)
    with desk.db.reading() as session:
        plain = (
            select(func.count())
            .select_from(WorkItem)
            .join(Case)
            .where(WorkItem.status == "open", Case.status == "running")
            .where(or_(WorkItem.claimed_by_id == who.person_id, is_for(who) & WorkItem.claimed_by_id.is_(None),
                       WorkItem.person_id == who.person_id))
        )  # fmt: skip
        if overdue:
            plain = plain.where(WorkItem.due_at < func.now())
        found = inbox.work(session, who, "todo", Filter(overdue=overdue), Page(limit=5))
        assert found.total == session.scalar(plain)
        assert not found.total.more


@pytest.mark.parametrize("login", CLERKS)
@pytest.mark.parametrize("narrowed", [CaseFilter(), CaseFilter(status="running"), CaseFilter(process="crowd_1")])
def test_the_number_of_cases_is_that_of_the_database(desk, actor, login, narrowed):
    who = actor(login)
    with desk.db.reading() as session:
        plain = select(func.count()).select_from(Case).where(visible_cases(who))
        if narrowed.status:
            plain = plain.where(Case.status == narrowed.status)
        if narrowed.process:
            plain = plain.where(Case.process_id == narrowed.process)
        assert case_lists.cases(session, who, narrowed, Page(limit=5)).total == session.scalar(plain)


@pytest.mark.parametrize("view", ["todo", "done"])
def test_going_from_page_to_page_shows_each_task_once_and_in_order(desk, actor, view):
    who, seen, after = actor(CITY_CLERK), [], None
    with desk.db.reading() as session:
        while True:
            page = inbox.work(session, who, view, page=Page(limit=150, after=after))
            seen += page.items
            after = page.after
            if not page.more:
                break
        whole = inbox.work(session, who, view, page=Page(limit=1)).total
    assert len({each.id for each in seen}) == len(seen) == whole
    if view == "todo":
        keys = [(each.due_at is None, each.due_at, each.created_at, each.id) for each in seen]
        assert keys == sorted(keys, key=lambda key: (key[0], key[1] or key[2], key[2], str(key[3])))
    else:
        assert [each.completed_at for each in seen] == sorted((each.completed_at for each in seen), reverse=True)


def test_a_task_that_comes_in_moves_nothing_to_another_page(desk, actor):
    who = actor(CITY_CLERK)
    with desk.db.reading() as session:
        first = inbox.work(session, who, "group", page=Page(limit=10))
        second = inbox.work(session, who, "group", page=Page(limit=10, after=first.after))
    with desk.db.transaction() as session:
        soonest = session.get(WorkItem, first.items[0].id)
        soonest.claimed_by_id = who.person_id
    try:
        with desk.db.reading() as session:
            again = inbox.work(session, who, "group", page=Page(limit=10, after=first.after))
            by_number = inbox.work(session, who, "group", page=Page(limit=10, offset=10))
    finally:
        with desk.db.transaction() as session:
            session.get(WorkItem, first.items[0].id).claimed_by_id = None
    assert [each.id for each in again.items] == [each.id for each in second.items]
    assert [each.id for each in by_number.items] != [each.id for each in second.items]


def test_a_case_is_found_by_number_by_people_and_by_its_title(desk, actor):
    who = actor(CITY_CLERK)
    with desk.db.reading() as session:
        some = session.scalars(select(Case).where(Case.number == "征询-众-0000001")).one()
        for text in (some.number, some.started_by, some.title[2:6]):
            found = case_lists.cases(session, who, CaseFilter(search=text), Page(limit=200))
            assert found.total
            assert all(text in f"{row.case.number} {row.case.started_by} {row.case.title}" for row in found.items)
        assert case_lists.cases(session, who, CaseFilter(search="绝无此事")).total == 0


def test_what_is_not_counted_to_the_end_says_so():
    assert str(Total(10_000, more=True)) == "10000+"
    assert f"{Total(3)}" == "3"
    assert Total(10_000, more=True) == 10_000


def test_started_cases_are_narrowed_and_sorted_as_they_are_asked_for(desk, ask):
    everything = ask(CITY_CLERK, "/api/v1/tasks?view=started&limit=200").json
    late = ask(CITY_CLERK, "/api/v1/tasks?view=started&overdue=true&limit=200").json
    assert 0 < late["total"] < everything["total"]
    assert all(each["overdue_tasks"] for each in late["items"])
    sizes = [ask(CITY_CLERK, f"/api/v1/tasks?view=started&step=step_{n}").json["total"] for n in range(6)]
    assert 0 < max(sizes) < everything["total"]
    titles = [each["case"]["title"] for each in ask(CITY_CLERK, "/api/v1/tasks?view=started&sort=title").json["items"]]
    assert titles == sorted(titles)
