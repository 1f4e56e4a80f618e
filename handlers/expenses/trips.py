"""What a planner may claim for: confirmed records, settled surveys, meetings attended (第九条(五)(六))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified
from handlers.registry import names, options
from processes import clock
from processes.errors import NotFound
from processes.forms.wording import Option
from processes.messages import message
from processes.registers.activities import OWN_SURVEY, Activity
from processes.registers.attendances import Attendance, RecordState, Standing
from processes.registers.claims import claimed_trips
from processes.registers.meetings import Meeting, MeetingAttendance, MeetingKind, MeetingStatus, Presence
from processes.registers.suggestions import Survey, SurveyStatus
from processes.registers.switches import readings_on
from processes.rules.travel import OwnSurvey, TravelPayer, Trip, travel_payer

SHOWN = timedelta(days=400)
"""Trips that are older are not offered."""
_UNCONFIRMED = (SurveyStatus.RECORDED, SurveyStatus.NO_GUIDANCE)


@dataclass(frozen=True)
class TripFacts:
    """One trip of a planner, as the rule on payers sees it."""

    key: str
    trip: Trip
    unit_id: str | None
    confirmed: bool
    first: date
    last: date
    title: str


def trips_of(session: Session, person_id: UUID) -> list[TripFacts]:
    """Every trip that a planner may claim for, the newest first."""
    since = clock.today() - SHOWN
    found = [
        *_services(session, person_id, since),
        *_surveys(session, person_id, since),
        *_meetings(session, person_id, since),
    ]
    return sorted(found, key=lambda each: (each.first, each.key), reverse=True)


def trip_of(session: Session, person_id: UUID, key: str) -> TripFacts:
    """The trip, or `NotFound`."""
    for each in trips_of(session, person_id):
        if each.key == key:
            return each
    raise NotFound(message("未找到可报销的行程。"))


def payer_of(session: Session, trip: TripFacts) -> TravelPayer:
    """Who pays, with the readings of the day of the trip (R18)."""
    reading = OwnSurvey(readings_on(session, trip.first).choice("travel.own_survey"))
    return travel_payer(trip.trip, trip.unit_id, trip.confirmed, reading)


def _services(session: Session, person_id: UUID, since: date) -> list[TripFacts]:
    served = (
        Attendance.person_id == person_id,
        Attendance.standing == Standing.ATTENDED,
        Attendance.record == RecordState.CONFIRMED,
        Activity.mode == "on_site",
        Activity.starts_on >= since,
    )
    return [_service(each) for each in session.scalars(select(Attendance).join(Attendance.activity).where(*served))]


def _service(attendance: Attendance) -> TripFacts:
    activity = attendance.activity
    own = activity.host_kind == OWN_SURVEY
    first, last = _days(attendance.actual_start or activity.starts_at, attendance.actual_end)
    return TripFacts(
        key=f"attendance:{attendance.id}",
        trip=Trip.OWN_SURVEY if own else Trip.CONSULTATION,
        unit_id=activity.unit_id,
        confirmed=True,
        first=first,
        last=last,
        title=f"{activity.unit.name}：{activity.title}",
    )


def _surveys(session: Session, person_id: UUID, since: date) -> list[TripFacts]:
    mine = (Survey.person_id == person_id, Survey.status.in_(_UNCONFIRMED), Survey.day >= since)
    found = []
    for each in session.scalars(select(Survey).where(*mine)):
        first, last = _days(each.started_at, each.ended_at)
        title = f"{each.unit.name}：{each.subject}"
        found.append(TripFacts(f"survey:{each.id}", Trip.OWN_SURVEY, each.unit_id, False, first, last, title))
    return found


def _meetings(session: Session, person_id: UUID, since: date) -> list[TripFacts]:
    there = (
        MeetingAttendance.person_id == person_id,
        MeetingAttendance.presence == Presence.THERE,
        Meeting.status == MeetingStatus.HELD,
        Meeting.starts_on >= since,
    )
    found = []
    for each in session.scalars(select(Meeting).join(Meeting.attendances).where(*there)):
        trip = Trip.CITY_TRAINING if each.kind == MeetingKind.TRAINING else Trip.CITY_MEETING
        if each.starts_at is not None:
            first, last = _days(each.starts_at, each.ends_at)
            found.append(TripFacts(f"meeting:{each.id}", trip, None, False, first, last, each.title))
    return found


def _days(start: datetime, end: datetime | None) -> tuple[date, date]:
    first = clock.local(start).date()
    return first, max(first, clock.local(end).date()) if end else first


@options("claimable_trips")
def claimable_trips(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The planner's trips for which no other claim stands."""
    started_by = variables.get("started_by")
    if not started_by:
        return []
    person_id = identified(started_by)
    taken = claimed_trips(session, person_id) - {variables.get("trip_key")}
    return [_option(each) for each in trips_of(session, person_id) if each.key not in taken]


def _option(trip: TripFacts) -> Option:
    return Option(trip.key, f"{trip.first.isoformat()} {trip.title}")


@names("claimable_trips")
def trip_names(session: Session, values: Any) -> Mapping[str, str]:
    """The trips chosen, whatever has become of them since."""
    found = {}
    for value in values:
        kind, _, key = str(value).partition(":")
        model: Any = {"attendance": Attendance, "survey": Survey, "meeting": Meeting}.get(kind)
        record = session.get(model, identified(key)) if model else None
        if isinstance(record, Attendance):
            found[str(value)] = _option(_service(record)).text("zh")
        elif record is not None:
            found[str(value)] = record.subject if isinstance(record, Survey) else record.title
    return found
