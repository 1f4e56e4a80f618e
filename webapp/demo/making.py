"""Makes the demonstration: an installation with invented people, and either rounds in progress or the whole story."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from processes import clock
from processes.engine.models import Case
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from webapp.commands.installing import install
from webapp.demo.people import data, settle
from webapp.demo.planners import enter_planners
from webapp.demo.player import Player
from webapp.demo.present import Present
from webapp.demo.story import Story
from webapp.desk import Desk
from webapp.settings import DEMONSTRATION_MARK

BEFORE = timedelta(days=100)
"""The rounds in progress begin within these days."""


def is_made(desk: Desk) -> bool:
    """Whether the installation is a demonstration that was made to its end."""
    return (desk.settings.home / DEMONSTRATION_MARK).exists()


def make_present(desk: Desk) -> int:
    """The rounds in progress, as the demonstration starts; how many tasks were done on the way."""
    now = clock.now()
    moving = clock.MovableClock(now - BEFORE)
    with clock.running_on(moving):
        _people(desk)
        with desk.db.transaction() as session:
            enter_planners(session, clock.local(now).date())
        player = Player(desk, moving)
        Present(player, clock.local(now).date()).play()
    _mark(desk)
    return player.completed


def make_story(desk: Desk) -> tuple[int, int, int]:
    """The whole round of 2025: tasks done, planners appointed, posts vacant."""
    begin = datetime.fromisoformat(data("story_2025.json")["survey_sent"]).replace(hour=8, tzinfo=clock.CITY)
    moving = clock.MovableClock(begin)
    with clock.running_on(moving):
        _people(desk)
        player = Player(desk, moving)
        Story(player).play()
    _mark(desk)
    with desk.db.reading() as session:
        appointed = select(func.count()).select_from(Appointment)
        vacant = select(func.count()).select_from(PlannerPost).where(PlannerPost.status == PostStatus.VACANT)
        in_office = session.scalar(appointed.where(Appointment.status == AppointmentStatus.IN_OFFICE)) or 0
        return player.completed, in_office, session.scalar(vacant) or 0


def _people(desk: Desk) -> None:
    install(desk)
    with desk.db.transaction() as session:
        settle(session)


def has_cases(desk: Desk) -> bool:
    """Whether there is work in the installation already, which a demonstration must not be mixed with."""
    with desk.db.reading() as session:
        return session.scalar(select(Case.id).limit(1)) is not None


def _mark(desk: Desk) -> None:
    (desk.settings.home / DEMONSTRATION_MARK).write_text("", encoding="ascii")
