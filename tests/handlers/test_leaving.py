"""Who leaves an office, or goes on in the unit that follows an abolished one (第六条)."""

from __future__ import annotations

from datetime import date

from handlers.leaving import end_where_unit_was_followed
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.appointments import Appointment
from processes.registers.planner_posts import PlannerPost
from tests.working_year.desk import FULING, WANZHOU, year_desk


def test_a_certificate_of_the_unit_that_follows_takes_the_place_of_the_old_one(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path) as desk:
        old, elsewhere = desk.planner("丁一", WANZHOU), desk.also_serves("丁一", "CQ-500103")
        new = desk.also_serves("丁一", FULING, start=date(2026, 3, 2))
        with desk.db.transaction() as session:
            session.get_one(Unit, WANZHOU).successor_id = FULING
            session.flush()
            end_where_unit_was_followed(session, SYSTEM, session.get_one(Appointment, new))
        with desk.db.reading() as session:
            before, after = session.get_one(Appointment, old), session.get_one(Appointment, new)
            assert (before.status, before.ended_on, before.end_ground) == (
                "expired", date(2026, 3, 1), "服务单元撤并，换发聘书",
            )  # fmt: skip
            assert session.get_one(PlannerPost, before.post_id).status == "closed"
            assert after.predecessor_id == old
            assert session.get_one(Appointment, elsewhere).status == "in_office"
