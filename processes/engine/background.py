"""What the desk does by itself: messages between cases, timers, reminders, escalations."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from processes import clock, jobs, notices
from processes.db import Database
from processes.engine import calendar_starts, incidents, messaging, timers
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, WorkItem
from processes.engine.recording import DELIVER, ESCALATE, REMIND
from processes.errors import Conflict, DeskError
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.identity.posts import POSTS
from processes.messages import Message, message

log = logging.getLogger(__name__)
GIVE = "message.give"


class Background:
    """Everything that runs without a person, on one database."""

    def __init__(self, database: Database, house: House, more: Mapping[str, jobs.Handler] | None = None) -> None:
        self.database = database
        self.house = house
        self._swept: date | None = None
        """The day for which the calendar has been looked at."""
        self.handlers: dict[str, jobs.Handler] = {
            DELIVER: self._deliver,
            GIVE: self._give,
            REMIND: self._remind,
            ESCALATE: self._escalate,
            **(more or {}),
        }

    def work_off(self, most: int = 10_000) -> int:
        """Do all that is due now, timers and jobs in turn, and what follows from it; how much that was."""
        done = 0
        while done < most:
            step = self.fire_timers() + jobs.run_all(self.database, self.handlers, self._failed, most)
            step += self.start_periods()  # last: what fails here keeps no timer and no message waiting
            if not step:
                break
            done += step
        return done

    def start_periods(self) -> int:
        """Begin the cases that the calendar asks for, once a day; how many there were."""
        today = clock.today()
        if self._swept == today or not self.house.calendars:
            return 0
        with self.database.reading() as session:
            due = calendar_starts.to_start(session, self.house, today)
        for each in due:
            try:
                with self.database.transaction() as session:
                    calendar_starts.begin(session, self.house, each)
            except IntegrityError:
                continue  # another worker was first
            except DeskError as failure:  # timers and messages of other cases do not wait for it; tried again tomorrow
                log.error("period %s not begun: %s", each.period, failure)
        self._swept = today
        return len(due)

    def next_due(self, session: Session) -> datetime | None:
        """When the next timer or job is due, if there is any."""
        timer = session.scalar(select(func.min(Case.next_due)).where(Case.status == "running"))
        job = session.scalar(select(func.min(jobs.Job.due_at)).where(jobs.Job.status == "waiting"))
        return min((moment for moment in (timer, job) if moment is not None), default=None)

    def fire_timers(self) -> int:
        """Fire the timers of every case that has one due; a failure in one case does not stop the others."""
        with self.database.reading() as session:
            due = timers.due_cases(session, clock.now())
        for case_id in due:
            try:
                with self.database.transaction() as session:
                    timers.fire(session, self.house, case_id)
            except CaseFailed as failure:
                with self.database.transaction() as session:
                    incidents.record(session, failure, {"kind": "timers"})
            except Conflict:
                continue  # ended or suspended since the look
        return len(due)

    def _deliver(self, session: Session, args: Mapping[str, Any]) -> None:
        found = messaging.waiting_cases(session, args["kind"], args["name"], args["correlation"])
        for case_id in found:
            jobs.enqueue_new(session, GIVE, {**args, "case": str(case_id)})
        if not found:
            messaging.begin(session, self.house, SYSTEM, args["kind"], args["name"], args["data"])

    def _give(self, session: Session, args: Mapping[str, Any]) -> None:
        try:
            messaging.give(
                session,
                self.house,
                SYSTEM,
                UUID(args["case"]),
                args["kind"],
                args["name"],
                args["data"],
                args["correlation"],
            )
        except Conflict:
            return  # the case has ended since

    def _failed(self, session: Session, kind: str, args: Mapping[str, Any], failure: Exception) -> bool:
        if not isinstance(failure, CaseFailed) or kind != GIVE:
            return False
        action = {
            "kind": "message",
            "message_kind": args["kind"],
            "name": args["name"],
            "correlation": args["correlation"],
            "data": args["data"],
        }
        incidents.record(session, failure, action)
        return True

    def _remind(self, session: Session, args: Mapping[str, Any]) -> None:
        item = session.get(WorkItem, UUID(args["item"]))
        if item is None or item.status != "open":
            return
        text = message("请办理：%(title)s（%(due)s前）", title=item.title, due=_day(item))
        if item.due_at is not None and item.due_at < clock.now():
            text = message("已逾期，请尽快办理：%(title)s（应于%(due)s前办结）", title=item.title, due=_day(item))
        self._tell(session, item, "reminder", text, item.role, item.organization_id)
        self._note(session, item, "reminded", _whom(session, item))

    def _escalate(self, session: Session, args: Mapping[str, Any]) -> None:
        item = session.get(WorkItem, UUID(args["item"]))
        if item is None or item.status != "open":
            return
        text = message(
            "逾期未办：%(title)s，办理单位 %(whom)s，应于%(due)s前办结。",
            title=item.title,
            whom=_whom(session, item),
            due=_day(item),
        )
        notices.notify(session, "escalation", text, role=args["role"], case_id=item.case_id, work_item_id=item.id)
        self._note(session, item, "escalated", POSTS[args["role"]].zh if args["role"] in POSTS else args["role"])

    def _tell(
        self, session: Session, item: WorkItem, kind: str, text: Message, role: str, organization_id: str | None
    ) -> None:
        person = item.person_id or item.claimed_by_id
        if person is not None:
            notices.notify(session, kind, text, person_id=person, case_id=item.case_id, work_item_id=item.id)
        else:
            notices.notify(
                session,
                kind,
                text,
                role=role,
                organization_id=organization_id,
                case_id=item.case_id,
                work_item_id=item.id,
            )

    def _note(self, session: Session, item: WorkItem, kind: str, text: str) -> None:
        case = session.get(Case, item.case_id)
        if case is not None:
            session.add(
                CaseEvent(
                    case_id=item.case_id, at=clock.now(), kind=kind, element_id=item.element_id,
                    step=item.step, task_id=item.task_id, text=text,
                )
            )  # fmt: skip


def _day(item: WorkItem) -> str:
    return clock.local(item.due_at).date().isoformat() if item.due_at else ""


def _whom(session: Session, item: WorkItem) -> str:
    if item.claimed_by:
        return item.claimed_by
    organization = session.get(Organization, item.organization_id) if item.organization_id else None
    return organization.name if organization else POSTS[item.role].zh if item.role in POSTS else ""
