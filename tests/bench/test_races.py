"""What a race is judged by: the answers of the desk held against its database."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from processes.engine.models import Submission
from webapp.bench.completions import case_template, complete, new_case, open_items
from webapp.bench.diagrams import WIDE
from webapp.bench.race import ACCEPTED, TOO_LATE, judged


@pytest.fixture
def done(office):
    """A case of three places that have all answered: its id and its tasks."""
    case_id = new_case(office, case_template(office, WIDE, 3, 0))
    items = open_items(office, case_id)
    for item in items:
        complete(office, item)
    return case_id, items


def test_a_race_in_which_everything_is_there_once_is_clean(office, done):
    case_id, items = done
    found = judged(office, case_id, items, [*((each, ACCEPTED, 1.0) for each in items), (items[0], TOO_LATE, 1.0)])
    assert found == {"accepted": 3, "refused": 1, "errors": 0, "lost": 0, "doubled": 0}


def test_an_accepted_answer_that_is_not_there_is_lost(office, done):
    case_id, items = done
    with office.desk.db.transaction() as session:
        session.execute(delete(Submission).where(Submission.work_item_id == items[1]))
    assert judged(office, case_id, items, [(each, ACCEPTED, 1.0) for each in items])["lost"] == 1


def test_a_case_that_did_not_go_on_has_lost_something(office):
    case_id = new_case(office, case_template(office, WIDE, 3, 0))
    items = open_items(office, case_id)
    for item in items[:2]:
        complete(office, item)
    assert judged(office, case_id, items, [(each, ACCEPTED, 1.0) for each in items])["lost"] == 2


def test_a_task_that_was_accepted_twice_is_doubled(office, done):
    case_id, items = done
    presses = [*((each, ACCEPTED, 1.0) for each in items), (items[2], ACCEPTED, 1.0)]
    assert judged(office, case_id, items, presses)["doubled"] == 1


def test_no_answer_and_any_other_status_are_errors(office, done):
    case_id, items = done
    presses = [(items[0], 0, 0.0), (items[1], 500, 1.0), (items[2], ACCEPTED, 1.0)]
    assert judged(office, case_id, items, presses)["errors"] == 2
