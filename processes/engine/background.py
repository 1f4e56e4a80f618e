"""What the desk does by itself: timers, messages between cases, reminders, what begins by the calendar."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from processes import clock, jobs
from processes.db import Database
from processes.engine import calendar_starts, incidents, kinds_of_jobs, succession, timers
from processes.engine.calendar_starts import PeriodDue
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.messages_later import GIVE
from processes.engine.spiff import StepFailed
from processes.errors import Conflict, DeskError
from processes.jobs import Taken, UnknownKind
from processes.messages import Message, message

log = logging.getLogger(__name__)
TURN = 2.0
"""Seconds after which timers and jobs give way to each other."""


class Background:
    """Everything that runs without a person, on one database."""

    def __init__(
        self,
        database: Database,
        house: House,
        more: Mapping[str, jobs.Handler] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.database = database
        self.house = house
        self.stopped = stopped
        """Asked between two jobs: whether to leave the rest to others."""
        self.handlers: dict[str, jobs.Handler] = {**kinds_of_jobs.handlers(house), **(more or {})}
        self._looked: date | None = None
        """The day for which this worker has looked at the calendar."""
        self._followed: date | None = None
        """The day for which it has looked for abolished units."""

    def work_off(self, most: int = 10_000) -> int:
        """Do all that is due now, timers and jobs in turn, and what follows from it; how much that was."""
        done = 0
        while done < most and not self.stopped():
            step = self.fire_timers() + self.follow_units()
            step += jobs.do_some(self.database, self.handlers, self._failed, stopped=self.stopped)
            step += self.start_periods()  # last: what fails here keeps no timer and no message waiting
            if not step:
                break
            done += step
        return done

    def next_due(self, session: Session) -> datetime | None:
        """When the next timer or job is due, if there is any."""
        found = (timers.next_due(session), jobs.next_due(session))
        return min((moment for moment in found if moment is not None), default=None)

    # timers

    def fire_timers(self) -> int:
        """Fire the timers that are due, case by case; a failure in one case does not stop the others."""
        with self.database.reading() as session:
            due = timers.next_due(session)
        if due is None or due > clock.now():
            return 0
        fired, failed, began = 0, set[UUID](), time.monotonic()
        while time.monotonic() - began < TURN and not self.stopped():
            case_id = None
            try:
                with self.database.transaction() as session:
                    case_id = timers.claim(session, clock.now(), failed)
                    if case_id is None:
                        break
                    timers.fire(session, self.house, case_id)
            except SQLAlchemyError:
                raise
            except Exception as failure:
                if case_id is None:
                    raise
                failed.add(case_id)
                self._timer_failed(case_id, failure)
            fired += 1
        return fired

    def _timer_failed(self, case_id: UUID, failure: Exception) -> None:
        if not isinstance(failure, CaseFailed):
            log.error("timers of case %s not fired: %s", case_id, type(failure).__qualname__)
            failure = CaseFailed(case_id, StepFailed("", failure, "定时器"))
        with self.database.transaction() as session:
            incidents.record(session, failure, {"kind": "timers"})

    # abolished units

    def follow_units(self) -> int:
        """Hand on what is open at offices that are no more, once a day; how much that was."""
        today = clock.today()
        if self._followed == today:
            return 0
        with self.database.transaction() as session:
            found = succession.follow_units(session, today)
        self._followed = today
        return found

    # jobs

    def _failed(self, session: Session, job: Taken, failure: Exception, last: bool) -> bool:
        """What the desk itself refuses is not tried again: a person must change something first."""
        refused = isinstance(failure, DeskError) and not isinstance(failure, UnknownKind | Conflict)
        if not (last or refused) or isinstance(failure, SQLAlchemyError):
            return False
        if isinstance(failure, CaseFailed) and job.kind == GIVE:
            args = job.args
            action = {name: args[name] for name in ("name", "correlation", "data")}
            incidents.record(session, failure, {"kind": "message", "message_kind": args["kind"], **action})
            return True
        log.error("job %s given up: %s", job.kind, type(failure).__qualname__)
        kind = kinds_of_jobs.kinds(self.house).get(job.kind)
        action = {"kind": "job", "job": job.kind, "args": dict(job.args), "key": job.key}
        step = kind.title if kind is not None else message("后台工作 %(kind)s", kind=job.kind)
        incidents.record_work(session, failure, step, action, kinds_of_jobs.case_of(session, job.args))
        return True

    # the calendar

    def start_periods(self) -> int:
        """Begin the cases that the calendar asks for, once a day; how many periods were due."""
        today = clock.today()
        if self._looked == today or not self.house.calendars:
            return 0
        with self.database.transaction() as session:
            in_doubt = calendar_starts.looked_at(session, today)
            due = calendar_starts.to_start(session, self.house, today)
            if in_doubt:
                for each in due:
                    _hold(session, each)
            waiting = incidents.held_periods(session)
        for each in due:
            if each.period not in waiting:
                self._begin(each)
        self._looked = today
        return len(due)

    def _begin(self, due: PeriodDue) -> None:
        try:
            with self.database.transaction() as session:
                calendar_starts.begin(session, self.house, due)
                incidents.settle_period(session, due.period)
        except IntegrityError:
            return  # another worker was first
        except SQLAlchemyError:
            raise
        except Exception as failure:  # timers and messages of other cases do not wait for it; tried again tomorrow
            log.error("period %s not begun: %s", due.period, type(failure).__qualname__)
            with self.database.transaction() as session:
                action = calendar_starts.to_begin_again(due)
                incidents.record_work(session, failure, _step(due), action)


def _hold(session: Session, due: PeriodDue) -> None:
    """Ask a person whether a period is to begin."""
    days = calendar_starts.LONGEST_GAP.days
    text = message(
        "距上次核对日程已超过 %(days)s 天，系统时间可能有误；确认无误后请点“重试”启动，否则放弃。", days=days
    )
    action = calendar_starts.to_begin_again(due, held=True)
    incidents.record_work(session, Conflict(text), _step(due), action)


def _step(due: PeriodDue) -> Message:
    return message("到期启动 %(period)s", period=due.period)
