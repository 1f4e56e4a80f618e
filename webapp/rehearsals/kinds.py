"""The jobs of rehearsals: setting a scratch desk up, and playing the scenarios of a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from handlers import cancelling
from processes import clock
from processes.engine import drafts
from processes.engine.calendar_starts import Calendar, PeriodDue
from processes.engine.house import House, JobKind
from processes.engine.moving.stored import as_data
from processes.engine.rehearsing.keeping import PREPARE, RUN, keep_start
from processes.engine.rehearsing.models import DONE, FAILED, PREPARING, READY, Rehearsal, ScenarioRun
from processes.engine.rehearsing.playing import Outcome, play
from processes.engine.rehearsing.repeating import VERBS, with_reason
from processes.engine.rehearsing.scenario import FOLDER, read_scenario
from processes.errors import DeskError, Invalid
from processes.files import FileStore
from processes.jobs import Taken
from processes.messages import message
from webapp.rehearsals.scratch import build, folder_of, opened, scratch_settings, temporary
from webapp.settings import Settings

WITH_REGISTERS = {
    **VERBS,
    "work.reject": replace(VERBS["work.reject"], again=with_reason(cancelling.reject)),
    "case.ended": replace(VERBS["case.ended"], again=with_reason(cancelling.cancel)),
    "case.withdrawn": replace(VERBS["case.withdrawn"], again=with_reason(cancelling.withdraw)),
}
"""The verbs of a scenario as the pages do them: where a case ends, the registers say so."""


@dataclass(frozen=True)
class Played:
    """The result of one scenario."""

    path: str
    title: str
    outcome: Outcome

    def as_data(self) -> dict[str, Any]:
        """As it is kept, to be told in the reader's language."""
        problems = [as_data(each) for each in self.outcome.problems]
        return {"path": self.path, "title": self.title, "passed": self.outcome.passed, "problems": problems}


def job_kinds(settings: Settings) -> dict[str, JobKind]:
    """The jobs of this installation."""

    def prepared(session: Session, house: House, job: Taken) -> str:
        return _prepared(session, settings, UUID(job.args["rehearsal"]))

    def played(session: Session, house: House, job: Taken) -> list[Played]:
        return _played(session, settings, house, UUID(job.args["run"]))

    return {
        PREPARE: JobKind(message("准备彩排"), _keep_prepared, prepared),
        RUN: JobKind(message("运行场景"), _keep_played, played),
    }


def scratch_house(house: House, settings: Settings, key: str) -> House:
    """What the engine of a scratch desk borrows: what the real one does, with files apart; starts are kept.

    The calendar begins cases of the rehearsed procedure alone: the others would have years to catch up with.
    """
    calendars = [_only(key, each) for each in house.calendars]
    return replace(
        house, files=FileStore(settings.files_folder), calendars=calendars, witness=keep_start, scenarios=None
    )


def _only(key: str, calendar: Calendar) -> Calendar:
    def due(session: Session, today: date) -> list[PeriodDue]:
        return [each for each in calendar(session, today) if each.key == key]

    return due


def _prepared(session: Session, settings: Settings, rehearsal_id: UUID) -> str:
    """Set the desk of a rehearsal up; what kept it from that, if anything did."""
    found = session.get(Rehearsal, rehearsal_id)
    if found is None or found.state != PREPARING:
        return ""
    try:
        build(session, settings, folder_of(settings, rehearsal_id), found.key, drafts.files(session, found.draft_id))
    except DeskError as refused:
        return str(refused.text)
    return ""


def _keep_prepared(session: Session, house: House, job: Taken, problem: str) -> None:
    found = session.get(Rehearsal, UUID(job.args["rehearsal"]))
    if found is not None and found.state == PREPARING:
        found.state, found.problem = (FAILED, problem) if problem else (READY, "")


def _played(session: Session, settings: Settings, house: House, run_id: UUID) -> list[Played]:
    run = session.get(ScenarioRun, run_id)
    if run is None:
        return []
    key, files = drafts.draft(session, run.draft_id).key, drafts.files(session, run.draft_id)
    paths = sorted(path for path in files if path.startswith(FOLDER))
    return [_one(session, settings, house, key, files, path) for path in paths]


def _one(session: Session, settings: Settings, house: House, key: str, files: dict[str, bytes], path: str) -> Played:
    try:
        scenario = read_scenario(files[path])
    except Invalid as refused:
        return Played(path, path, Outcome([refused.text]))
    with temporary(settings) as folder:
        try:
            build(session, settings, folder, key, files)
            own = scratch_settings(settings, folder)
            with opened(own) as database:
                outcome = play(database, scratch_house(house, own, key), key, scenario, WITH_REGISTERS)
        except DeskError as refused:
            outcome = Outcome([refused.text])
    return Played(path, scenario.title, outcome)


def _keep_played(session: Session, house: House, job: Taken, played: list[Played]) -> None:
    run = session.get(ScenarioRun, UUID(job.args["run"]))
    if run is not None:
        run.state, run.results, run.done_at = DONE, [each.as_data() for each in played], clock.now()
