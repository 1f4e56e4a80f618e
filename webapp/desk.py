"""The desk: everything one running installation is made of, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from handlers.calendar import CALENDARS
from handlers.documents import JOB_KINDS
from handlers.operations import NAMES, OPERATIONS, OPTIONS, TALLIES, TITLES, VALIDATORS
from processes import audit
from processes.db import Database
from processes.documents.fonts import FontFolder
from processes.engine.house import House
from processes.engine.rehearsing.keeping import judge
from processes.files import FileStore
from processes.workcalendar import load_work_calendar
from webapp.deliveries import kinds as deliveries
from webapp.language import in_english
from webapp.rehearsals import kinds as rehearsals
from webapp.settings import Settings

BPMN_FOLDER = Path(__file__).resolve().parent.parent / "bpmn"


@dataclass
class Desk:
    """One installation: its settings, its database, and what the engine borrows."""

    settings: Settings
    db: Database
    house: House


def make_house(settings: Settings) -> House:
    """What the engine borrows from this installation."""
    return House(
        calendar=load_work_calendar(settings.home),
        files=FileStore(settings.files_folder),
        fonts=FontFolder(settings.fonts_folder),
        operations=OPERATIONS,
        options=OPTIONS,
        names=NAMES,
        validators=VALIDATORS,
        tallies=TALLIES,
        titles=TITLES,
        calendars=CALENDARS,
        english=in_english,
        bpmn_folder=BPMN_FOLDER,
        job_kinds={
            **JOB_KINDS,
            **deliveries.job_kinds(settings),
            **rehearsals.job_kinds(settings),
        },
        scenarios=judge,
    )


def open_desk(settings: Settings) -> Desk:
    """Put an installation together; its tables must exist before anybody works at it."""
    db = Database(settings.database_url, settings.pool)
    audit.keep_trail(db, settings.audit_key)
    return Desk(settings=settings, db=db, house=make_house(settings))


def current_desk() -> Desk:
    """The desk that serves the current request."""
    desk: Desk = current_app.extensions["desk"]
    return desk
