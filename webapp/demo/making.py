"""Makes the demonstration: an installation with invented people, and either rounds in progress or the whole story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from processes import clock
from processes.engine.models import Case
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from webapp.commands.installing import install
from webapp.commands.opening import tell
from webapp.demo.living import Living
from webapp.demo.people import settle
from webapp.demo.planners import enter_planners
from webapp.demo.player import Player
from webapp.demo.present import Present
from webapp.demo.year.office import Office
from webapp.demo.year.outcome import Figure, Outcome
from webapp.demo.year.playing import first_moment, play_round, play_year
from webapp.demo.year.reading import own_story
from webapp.demo.year.speed import unhurried
from webapp.demo.year.story import YearStory
from webapp.desk import Desk
from webapp.settings import DEMONSTRATION_MARK


@dataclass(frozen=True)
class Played:
    """What playing a story came to."""

    tasks: int
    in_office: int
    vacant: int
    differences: list[Figure]
    """Figures of the story that the registers do not show."""


EVERYTHING = 1_000_000
BEFORE = timedelta(days=100)
"""The rounds in progress begin within these days."""


def is_made(desk: Desk) -> bool:
    """Whether the installation is a demonstration that was made to its end."""
    return (desk.settings.home / DEMONSTRATION_MARK).exists()


def make_present(desk: Desk) -> int:
    """The living year as it stands today: how many tasks were done on the way. Documents are left to the worker."""
    now, told = clock.now(), own_story()
    today = clock.local(now).date()
    moving = clock.MovableClock(now - BEFORE)
    with clock.running_on(moving), unhurried(desk.db):
        _people(desk)
        with desk.db.transaction() as session:
            living = Living(told, enter_planners(session), today)
            living.enter(session, desk.house.calendar)
        player = Player(desk, moving, papers_later=True)
        office = Office(player)
        living.prepare(office)
        for each in Present(player, today).rounds():
            office.follow(each)
        office.live(clock.today(), today, now)
        player.hand_in_papers()
    _mark(desk)
    return player.completed


def make_round(desk: Desk, story: YearStory) -> Played:
    """The round of a story from the survey to the certificates."""
    return _played(desk, story, play_round)


def make_year(desk: Desk, story: YearStory) -> Played:
    """The round of a story and the whole year after it."""
    return _played(desk, story, play_year)


def _played(desk: Desk, story: YearStory, play: Callable[[Desk, Player, YearStory], None]) -> Played:
    """Documents are made at the end, and what is written reaches the disk at the end: nobody works at it meanwhile."""
    moving = clock.MovableClock(first_moment(story))
    with clock.running_on(moving), unhurried(desk.db):
        install(desk)
        player = Player(desk, moving, papers_later=True)
        play(desk, player, story)
        with desk.db.reading() as session:
            differences = Outcome(session, story).differences() if play is play_year else []
            appointed = select(func.count()).select_from(Appointment)
            vacant = select(func.count()).select_from(PlannerPost).where(PlannerPost.status == PostStatus.VACANT)
            in_office = session.scalar(appointed.where(Appointment.status == AppointmentStatus.IN_OFFICE)) or 0
            made = Played(player.completed, in_office, session.scalar(vacant) or 0, differences)
        tell(f"已逐项办理 {player.completed} 项任务，正在制作 {player.hand_in_papers()} 份公文…")
        player.background.work_off(EVERYTHING)
    _mark(desk)
    return made


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
