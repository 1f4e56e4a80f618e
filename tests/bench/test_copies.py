"""Copies of a case stand where the case stands, and go on by themselves."""

from __future__ import annotations

from sqlalchemy import select

from processes.engine.models import Case
from webapp.bench.completions import case_template, complete, new_case, open_items
from webapp.bench.diagrams import SMALL, WIDE


def test_a_copy_goes_on_and_the_case_it_was_made_from_stays(office):
    template = case_template(office, WIDE, 5, 2)
    first, second = new_case(office, template), new_case(office, template)
    assert len(open_items(office, template.case_id)) == len(open_items(office, first)) == 3
    for item in open_items(office, first):
        complete(office, item)
    assert len(open_items(office, first)) == 1, "the task after the wide one"
    assert len(open_items(office, second)) == len(open_items(office, template.case_id)) == 3


def test_a_copy_comes_to_its_end(office):
    copied = new_case(office, case_template(office, SMALL, 1, 0))
    while items := open_items(office, copied):
        complete(office, items[0])
    with office.desk.db.reading() as session:
        assert session.scalar(select(Case.status).where(Case.id == copied)) == "completed"
