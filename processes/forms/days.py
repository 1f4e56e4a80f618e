"""Days and moments of answers, and the bounds a form sets to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from processes.clock import CITY
from processes.forms.conditions import Look
from processes.forms.context import FormContext
from processes.forms.refusal import Refused
from processes.forms.texts import half_width
from processes.messages import Message, message

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?", re.ASCII)
_MOMENT = re.compile(
    r"(.{8,11}?)(?:T|[ ]+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_BOUND = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(?:([+-])([0-9]{1,4})(wd|d))?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Bound:
    """A day counted from today, or from another field; `workdays` says what is counted."""

    base: str
    count: int = 0
    workdays: bool = False


def bound_of(text: str) -> Bound | None:
    """A bound such as `today+5wd`, `today-3d`, `sent_on`; None when it cannot be read."""
    found = _BOUND.fullmatch(text)
    if not found:
        return None
    base, sign, count, unit = found.groups()
    return Bound(base, int(f"{sign}{count}") if count else 0, unit == "wd")


def read_day(raw: object) -> date:
    """A day of the calendar; 2026-02-31 is refused."""
    found = _DAY.fullmatch(_text(raw))
    if not found:
        raise Refused(message("请填写日期，如 2026-03-09"))
    year, month, day = (int(each) for each in found.groups() if each is not None)
    try:
        return _in_range(date(year, month, day))
    except ValueError as error:
        raise Refused(message("没有这一天，请核对日期")) from error


def read_month(raw: object) -> str:
    """A month as `2026-03`."""
    found = _MONTH.fullmatch(_text(raw))
    if not found:
        raise Refused(message("请填写年月，如 2026-03"))
    year, month = (int(each) for each in found.groups())
    try:
        return _in_range(date(year, month, 1)).strftime("%Y-%m")
    except ValueError as error:
        raise Refused(message("没有这个月份，请核对")) from error


def read_moment(raw: object) -> datetime:
    """A moment of the city's clocks, or of the zone it names."""
    found = _MOMENT.fullmatch(_text(raw))
    if not found:
        raise Refused(message("请填写日期和时间，如 2026-03-09 14:30"))
    day = read_day(found[1])
    clock = f"{int(found[2]):02d}:{found[3]}:{found[4] or '00'}{found[5] or ''}"
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{clock}")
    except ValueError as error:
        raise Refused(message("没有这个时间，请核对")) from error
    return moment.astimezone(CITY) if moment.tzinfo else moment.replace(tzinfo=CITY)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 64:
        raise Refused(message("请填写日期，如 2026-03-09"))
    return half_width(raw)


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(message("年份应在 %(first)s 至 %(last)s 之间", first=FIRST_YEAR, last=LAST_YEAR))
    return day


def bound_day(text: str, look: Look, context: FormContext) -> date | datetime | None:
    """The day or moment a bound stands for; None when the field it counts from has no valid answer."""
    bound = bound_of(text)
    if bound is None:
        return None
    start = context.today if bound.base == "today" else _moment_of(look(bound.base))
    if start is None or not bound.count:
        return start
    if not bound.workdays:
        return start + timedelta(days=bound.count)
    return context.add_workdays(start.date() if isinstance(start, datetime) else start, bound.count)


def _moment_of(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if len(value) == 7:
            return read_day(f"{value}-01")
        return read_moment(value) if len(value) > 10 else read_day(value)
    except Refused:
        return None


def outside(
    value: str, not_before: str | None, not_after: str | None, look: Look, context: FormContext
) -> Message | None:
    """What is wrong with the place of a checked day, month or moment between its bounds."""
    for text, late in ((not_before, False), (not_after, True)):
        limit = bound_day(text, look, context) if text else None
        if limit is None:
            continue
        mine, border = _alike(value, limit)
        if late and mine > border:
            return message("不能晚于 %(day)s", day=border.replace("T", " ")[:16])
        if not late and mine < border:
            return message("不能早于 %(day)s", day=border.replace("T", " ")[:16])
    return None


def _alike(value: str, limit: date | datetime) -> tuple[str, str]:
    """Both as ISO texts of one length, in the city's time, so that they compare as texts."""
    border = limit.astimezone(CITY).isoformat() if isinstance(limit, datetime) else limit.isoformat()
    length = min(len(value), len(border), 19)
    return value[:length], border[:length]
