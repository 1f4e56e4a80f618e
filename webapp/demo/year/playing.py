"""Playing a year: the round before it, then every day of it, until the last result is filed."""

from __future__ import annotations

from datetime import date, datetime

from processes import clock
from webapp.demo.people import Candidate, candidate, settle_candidates
from webapp.demo.player import Player
from webapp.demo.story import Story
from webapp.demo.year import hearing
from webapp.demo.year.appraisal import YearlyAppraisal
from webapp.demo.year.boundary import Boundary
from webapp.demo.year.consultations import Consultations
from webapp.demo.year.departures import Departures
from webapp.demo.year.meetings import Meetings
from webapp.demo.year.office import Office
from webapp.demo.year.quarters import Quarters
from webapp.demo.year.requests import Requests
from webapp.demo.year.story import YearStory
from webapp.desk import Desk

LAST = (3, 31)
"""Month and day of the next year on which the last result of the year is filed."""


def candidates_of(story: YearStory) -> list[Candidate]:
    """Everybody who applies; who will serve has the planner's log-in."""
    logins = {each.name: each.login for each in story.services}
    return [candidate(story, each, logins.get(each.name, "")) for each in story.applicants]


def first_moment(story: YearStory) -> datetime:
    """When the story begins."""
    return datetime.combine(story.day("survey_sent"), datetime.min.time(), clock.CITY).replace(hour=8)


def play_round(desk: Desk, player: Player, story: YearStory) -> None:
    """The round before the year, on a desk that is installed and empty."""
    people = candidates_of(story)
    with desk.db.transaction() as session:
        settle_candidates(session, story.employers, people)
    Story(player, story, people).play()


def play_year(desk: Desk, player: Player, story: YearStory) -> None:
    """The round, then the whole year after it."""
    play_round(desk, player, story)
    office = Office(player)
    hearing.prepare(office)
    Quarters(office, story.reports).prepare()
    for part in (Consultations, YearlyAppraisal, Departures, Boundary, Meetings, Requests):
        part(office, story).prepare()
    office.live(story.term[0], date(story.year + 1, *LAST))
