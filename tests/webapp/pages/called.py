"""A real round of the appointment procedure that takes applications for the posts of two districts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from processes import clock
from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Unit
from webapp.demo.player import Player
from webapp.demo.rounds import PlayedRound
from webapp.desk import Desk

FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "appointment"
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
LAST_DAY = date(2026, 11, 30)


@dataclass
class Called:
    """The round, its clock, and who plays it."""

    played: PlayedRound
    clock: clock.MovableClock
    player: Player


@contextmanager
def called(desk: Desk) -> Iterator[Called]:
    """Publish the procedure and play a round up to its call; the clock stands still at the call's first day."""
    moving = clock.MovableClock(MONDAY)
    with clock.running_on(moving):
        with desk.db.transaction() as session:
            files = bundle_at(FOLDER)
            definitions.deploy(session, SYSTEM, "appointment", files)
            session.add(Organization(id="employer:1", kind="employer", name="渝江规划设计研究院"))
            session.flush()
            who = people.create_person(session, SYSTEM, "employer.1", "沈人事", "demo", demonstration=True)
            people.hold(session, SYSTEM, who, "employer.clerk", session.get_one(Organization, "employer:1"))
            wanted = select(Unit).where(Unit.division_code.in_(["500101", "500102"])).order_by(Unit.place)
            units = [unit.id for unit in session.scalars(wanted)]
        player = Player(desk, moving)
        played = PlayedRound(player, "2027—2029聘期", units)
        played.open(date(2026, 11, 16))
        for unit in units:
            played.answer_need(unit, 1)
        played.fix_posts()
        played.publish_call(LAST_DAY)
        yield Called(played, moving, player)
