"""What of a record may be corrected: how a field is shown, what a form may say about it, how the new value is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from handlers.answers import halves
from handlers.technical_consultation.words import MODE_OF, moment_of, spoken
from processes import clock
from processes.documents.dates import chinese_date
from processes.identity.actor import Actor
from processes.registers.activities import VISIT_MODES
from processes.registers.attendances import STANDINGS, Attendance, stand
from processes.registers.corrections import Correction

OUTCOME, MODE, DAY = "参加情况", "方式", "活动日期"
SOURCE = "记录更正"
"""The kind of reason with which a corrected outcome enters the log."""
STANDING_OF = {wording.zh: str(key) for key, wording in STANDINGS.items()}
Write = Callable[[Attendance, Any], None]


@dataclass(frozen=True)
class Correctable:
    """One field: the question of the form that gives its new value, and how it is read, spoken and written."""

    name: str
    answer: str
    read: Callable[[Attendance], Any]
    spoken: Callable[[Any], str]
    stored: Callable[[Any], Any]
    """The answer as the register's JSON keeps it."""
    write: Write
    typing: bool = False
    """Whether a slip of the pen in it may be corrected by the planner alone."""


def _moment(value: datetime | None) -> str:
    return spoken(value) if value else "—"


def _punctual(value: bool | None) -> str:
    return "—" if value is None else "按时" if value else "迟到"


def _moved(value: Any) -> datetime:
    return clock.local(moment_of(value))


def _move_day(attendance: Attendance, value: str) -> None:
    """The times that were recorded for the wrong day move with it, for everybody who came."""
    activity, day = attendance.activity, date.fromisoformat(value)
    shift = day - activity.starts_on
    for each in _invited(attendance):
        if each.actual_start and clock.local(each.actual_start).date() == activity.starts_on:
            each.actual_start = each.actual_start + shift
            each.actual_end = each.actual_end + shift if each.actual_end else None
    activity.starts_at, activity.starts_on = activity.starts_at + shift, day
    activity.ends_at = activity.ends_at + shift if activity.ends_at else None


def _invited(attendance: Attendance) -> Sequence[Attendance]:
    session = object_session(attendance)
    assert session is not None
    return session.scalars(select(Attendance).where(Attendance.activity_id == attendance.activity_id)).all()


def _attribute(name: str, of_activity: bool = False, taken: Callable[[Any], Any] = lambda value: value) -> Write:
    def write(attendance: Attendance, value: Any) -> None:
        setattr(attendance.activity if of_activity else attendance, name, taken(value))

    return write


def _same(value: Any) -> Any:
    return value


FIELDS: Mapping[str, Correctable] = {
    each.name: each
    for each in (
        Correctable(OUTCOME, "new_outcome", lambda a: a.standing, lambda v: STANDINGS[v].zh, STANDING_OF.__getitem__,
                    _attribute("standing")),
        Correctable(MODE, "new_mode", lambda a: a.activity.mode, lambda v: VISIT_MODES[v].zh, MODE_OF.__getitem__,
                    _attribute("mode", of_activity=True)),
        Correctable(DAY, "new_day", lambda a: a.activity.starts_on.isoformat(),
                    lambda v: chinese_date(date.fromisoformat(v)), lambda v: str(v)[:10], _move_day),
        Correctable("地点", "new_words", lambda a: a.activity.place, lambda v: v or "—", _same,
                    _attribute("place", of_activity=True)),
        Correctable("活动名称", "new_words", lambda a: a.activity.title, lambda v: v, _same,
                    _attribute("title", of_activity=True)),
        Correctable("实际开始", "new_moment", lambda a: a.actual_start.isoformat() if a.actual_start else "",
                    lambda v: _moment(moment_of(v)) if v else "—", lambda v: _moved(v).isoformat(),
                    _attribute("actual_start", taken=moment_of), typing=True),
        Correctable("实际结束", "new_moment", lambda a: a.actual_end.isoformat() if a.actual_end else "",
                    lambda v: _moment(moment_of(v)) if v else "—", lambda v: _moved(v).isoformat(),
                    _attribute("actual_end", taken=moment_of), typing=True),
        Correctable("是否按时", "new_punctual", lambda a: a.punctual, _punctual,
                    lambda v: v == "按时", _attribute("punctual"), typing=True),
        Correctable("咨询情况", "new_summary", lambda a: a.summary, lambda v: v or "—", _same,
                    _attribute("summary"), typing=True),
        Correctable("出差天数", "new_days", lambda a: a.travel_days, lambda v: f"{v / 2:g}天",
                    halves, _attribute("travel_days"), typing=True),
    )
}  # fmt: skip
"""Every field that may be corrected; opinions are signed and reserved views are nobody's to change (第九条(三))."""


def said(attendance: Attendance, name: str) -> str:
    """A field as it stands, as people read it."""
    field = FIELDS[name]
    return field.spoken(field.read(attendance))


def value_rows(attendance: Attendance) -> list[dict[str, str]]:
    """The whole record as it stands."""
    return [{"field": name, "value": said(attendance, name)[:200]} for name in FIELDS]


def write_corrected(session: Session, actor: Actor, correction: Correction) -> None:
    """The new value takes effect; an outcome is one more entry of the log, its older entries stay."""
    attendance, value = correction.attendance, correction.value["value"]
    if correction.field == OUTCOME:
        stand(
            session, actor, attendance, value, reason_kind=SOURCE, reason=f"{correction.number}：{correction.reason}",
            submission_id=correction.submission_id,
        )  # fmt: skip
    else:
        FIELDS[correction.field].write(attendance, value)
    session.flush()
