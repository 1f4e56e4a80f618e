"""Figures over cases that ran: the letter to two districts, answered on different days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import case_lists, cases, definitions, waiting, work
from processes.engine.case_lists import CaseFilter
from processes.engine.models import Case, WorkItem
from processes.engine.statistics import standing
from processes.engine.statistics.cards import Cards
from processes.engine.statistics.event_log import LogSight, Pseudonyms, csv_lines, event_log, xes_lines
from processes.engine.statistics.forecast import forecasts
from processes.engine.statistics.measures import measure
from processes.engine.statistics.steps import Done, Durations, Sight, durations, whole_cases, with_open
from processes.engine.statistics.working_time import WorkingTime
from processes.engine.waiting import WaitFilter
from processes.errors import NotAllowed
from processes.paging import Page
from processes.workcalendar import load_work_calendar
from tests.effort import calls_of
from tests.engine.test_work import LETTER, REPLY

CALENDAR = load_work_calendar()
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
UNITS = {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}


@pytest.fixture
def memo(database, house, played, deploy):
    """A copy under another key, with one case that goes on: modelers call the process of every new file the same."""
    deploy(LETTER, "memo", reply=REPLY)
    with database.transaction() as session:
        return cases.start(session, house, played.clerk, "memo", "p", {"units": UNITS, "round": "首轮"})


@pytest.fixture
def played(database, house, people, deploy):
    """Three letters that were answered in two and four working days, and one that waits and is late."""
    deploy(LETTER, "letter", reply=REPLY)
    moved = clock.MovableClock(MONDAY)
    with clock.running_on(moved):
        for start in (2, 3, 4):
            moved.move_to(datetime(2026, 11, start, 1, tzinfo=UTC))
            _start(database, house, people)
        for day, who in ((4, people.wanzhou), (6, people.fuling)):
            moved.move_to(datetime(2026, 11, day, 1, tzinfo=UTC))
            _answer_all(database, house, who)
        moved.move_to(datetime(2026, 11, 9, 1, tzinfo=UTC))
        _answer_all(database, house, people.clerk)
        _start(database, house, people)
        moved.move_to(datetime(2026, 11, 27, 1, tzinfo=UTC))
        yield people


def _start(database, house, people):
    with database.transaction() as session:
        cases.start(session, house, people.clerk, "letter", "p", {"units": UNITS, "round": "首轮"})


def _answer_all(database, house, actor):
    with database.reading() as session:
        items = session.scalars(
            select(WorkItem).where(WorkItem.status == "open", WorkItem.organization_id.in_(
                [each.organization_id for each in actor.holdings]))
        ).all()  # fmt: skip
    for item in items:
        answers = {"opinion": "同意"} if item.form_key else {"comment": "已阅"}
        with database.transaction() as session:
            work.complete(session, house, actor, item.id, answers)


def test_open_work_is_counted_by_card_bureau_and_district(database, played):
    cards = Cards.at(CALENDAR)
    with database.reading() as session:
        total = standing.total(session, played.manager, cards)
        assert (total.open, total.late, total.red) == (2, 2, 2)
        [stage] = standing.by_stage(session, played.manager, cards)
        assert (stage.key, stage.process_id, stage.cases, stage.load.open) == ("letter", "p", 1, 2)
        assert [each.key for each in standing.by_unit(session, played.manager, cards)] == list(UNITS)
        listing = standing.by_organization(session, played.manager, cards, Page(limit=1))
        assert (len(listing.items), listing.total, listing.more) == (1, 2, True)
        waits = standing.who_waits(session, played.manager, cards, Page())
        assert {each.starter for each in waits.items} == {"经办甲"}
        assert standing.going_on(session, played.manager) == (1, 0, 0)


def test_the_figures_are_for_those_who_see_every_case(database, played):
    with database.reading() as session, pytest.raises(NotAllowed):
        standing.total(session, played.wanzhou, Cards.at(CALENDAR))


def test_steps_are_measured_in_working_days_by_step_bureau_and_month(database, played):
    with database.reading() as session:
        found = durations(session, played.manager, Sight("letter"), CALENDAR)
        steps = {each.step: each for each in with_open(session, Sight("letter"), found.by_step())}
        assert (steps["复函"].took.n, steps["复函"].took.median, steps["复函"].open, steps["复函"].late) == (
            6,
            2.0,
            2,
            2,
        )
        assert steps["汇总"].took.median == pytest.approx(1.0)
        assert {name: each.median for name, each in found.by_organization().items() if name.startswith("gov:")} == {
            "gov:CQ-500101": pytest.approx(1.0),
            "gov:CQ-500102": pytest.approx(3.0),
        }
        assert [month.isoformat() for month in found.by_month()] == ["2026-11-01"]
        assert whole_cases(session, played.manager, Sight("letter"), CALENDAR)["p"].n == 3
        narrowed = durations(session, played.manager, Sight("letter", unit_id="CQ-500101"), CALENDAR)
        assert set(narrowed.done.organization_id) == {"gov:CQ-500101"}


def test_the_figures_are_those_of_the_tasks_taken_one_by_one(database, played):
    with database.reading() as session:
        found = durations(session, played.manager, Sight("letter"), CALENDAR)
        items = session.scalars(select(WorkItem).where(WorkItem.status == "done", WorkItem.process_key == "letter"))
        tasks = [(each.element_id, each.organization_id, _month_of(each), each) for each in items]
    told = ({each.element_id: each.took for each in found.by_step()}, found.by_organization(), found.by_month())
    for place, figures in enumerate(told):
        assert figures == {
            key: _figures([each[-1] for each in tasks if each[place] == key]) for key in {each[place] for each in tasks}
        }


def _month_of(item):
    return clock.local(item.completed_at).date().replace(day=1)


def _figures(items):
    took = [WorkingTime.around(CALENDAR, each.created_at, each.completed_at) for each in items]
    dated = [each for each in items if each.due_at is not None]
    return measure(
        [time.between(each.created_at, each.completed_at) for time, each in zip(took, items, strict=True)],
        sum(each.completed_at > each.due_at for each in dated), len(dated),
    )  # fmt: skip


def test_a_task_is_reckoned_once_in_however_many_groups_it_is_counted():
    days = [MONDAY + timedelta(days=number) for number in range(200)]
    done = Done([f"step_{number}" for number in range(200)], ["汇总"] * 200, ["city_bureau"] * 200,
                [MONDAY] * 200, days, [None] * 200)  # fmt: skip
    found = Durations(done, CALENDAR, None)
    (steps, organizations, months), calls = calls_of(
        lambda: (found.by_step(), found.by_organization(), found.by_month())
    )
    assert (len(steps), len(organizations), len(months)) == (200, 1, 7)
    assert calls < 12_000, "two hundred tasks over two hundred days"


def test_where_nothing_is_done_yet_there_are_no_figures():
    nothing = Durations(Done._make([] for _name in Done._fields), load_work_calendar(), None)
    assert (nothing.by_step(), nothing.by_organization(), nothing.by_month()) == ([], {}, {})


def test_an_open_case_that_is_slower_than_all_before_is_told_so(database, played):
    with database.reading() as session:
        [case] = session.scalars(select(Case).where(Case.ended_at.is_(None)))
        forecast = forecasts(session, played.manager, [case], CALENDAR)[case.id]
        assert (forecast.step, forecast.all, forecast.n, forecast.is_slower) == ("复函", 3, 0, True)
    with clock.running_on(clock.MovableClock(datetime(2026, 11, 10, 1, tzinfo=UTC))), database.reading() as session:
        forecast = forecasts(session, played.manager, [case], CALENDAR)[case.id]
        assert forecast.n == 3
        assert forecast.early <= forecast.middle <= forecast.late
        assert forecast.middle.astimezone(clock.CITY).date().isoformat() == "2026-11-13"


def test_a_forecast_rests_on_the_cases_of_its_own_procedure_alone(database, played, memo):
    with database.reading() as session:
        going = session.scalars(select(Case).where(Case.ended_at.is_(None))).all()
        found = forecasts(session, played.manager, going, CALENDAR)
    assert {case.key: found[case.id].all for case in going} == {"letter": 3, memo.key: 0}


def test_two_procedures_whose_processes_have_the_same_id_are_counted_apart(database, played, memo):
    with database.reading() as session:
        stages = standing.by_stage(session, played.manager, Cards.at(CALENDAR))
        assert [(each.key, each.process_id, each.cases, each.load.late) for each in stages] == [
            ("letter", "p", 1, 2),
            ("memo", "p", 1, 0),
        ]
        numbers = case_lists.numbers_by_process(session, played.manager, [("letter", "p"), ("memo", "p")])
        assert numbers == {("letter", "p"): 4, ("memo", "p"): 1}
        own = case_lists.numbers_by_process(session, played.clerk, [("letter", "p"), ("memo", "p")])
        assert own == numbers
        for key, size in (("letter", 4), ("memo", 1)):
            path = definitions.process_path(key, "p")
            found = case_lists.cases(session, played.manager, CaseFilter(process=path))
            assert {row.case.key for row in found.items} == {key}
            assert found.total == size
            waits = waiting.waiting_work(session, played.manager, WaitFilter(process=path))
            assert {item.process_key for item in waits.items} == {key}
            assert definitions.process_named(session, played.clerk, path)[0].key == key
        assert case_lists.cases(session, played.manager, CaseFilter(process="p")).total == 5
        log = list(event_log(session, played.manager, LogSight(), Pseudonyms(b"secret")))
        assert {(each.procedure, each.process) for each in log} == {("letter", "p"), ("memo", "p")}


def test_the_event_log_tells_every_step_and_nobodys_name(database, played):
    secret = Pseudonyms(b"secret")
    with database.reading() as session:
        text = "".join(csv_lines(event_log(session, played.manager, LogSight("letter"), secret)))
        xes = "".join(xes_lines(event_log(session, played.manager, LogSight("letter"), secret)))
        named = "".join(csv_lines(event_log(session, played.manager, LogSight("letter", names=True), secret)))
    assert text.count(",complete,") >= 9
    assert "万州" not in text.replace("重庆市万州区", "")
    assert "经办甲" in named
    assert xes.count("<trace>") == 4
    assert xes.count('value="schedule"') == text.count(",schedule,")
