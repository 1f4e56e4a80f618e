"""Which days are worked: the published holidays of the maintained library, and what an office has entered itself.

The State Council publishes a year's holidays late in the year before, and the library follows some weeks later. Until
then an office may enter the notice in a file of its data folder; without either, a year has plain weekends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chinese_calendar import constants

from processes.errors import Invalid
from processes.messages import message
from processes.rules.workdays import WorkCalendar

OVERRIDE_FILE = "workcalendar.json"
"""Name of the office's own file: `{"days_off": ["2027-01-01", …], "workdays": ["2027-02-14", …]}`."""

NATIONAL_DAY = (10, 1)
"""Every notice of a whole year names it: a year whose 1 October is a day off has been published."""


@dataclass(frozen=True)
class Override:
    """What an office entered itself; for the days it names it wins over the library."""

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


def load_work_calendar(data_folder: Path | None = None) -> WorkCalendar:
    """The library's calendar with the office's own file, if the folder has one.

    Raises `Invalid`, with a sentence for the administrator, if the file cannot be read as a calendar.
    """
    path = data_folder / OVERRIDE_FILE if data_folder else None
    override = read_override(path) if path is not None and path.exists() else Override()
    days_off = (frozenset(constants.holidays) - override.workdays) | override.days_off
    make_up = (frozenset(constants.workdays) - override.days_off) | override.workdays
    return WorkCalendar(days_off, make_up, published_years(days_off))


def published_years(days_off: Iterable[date]) -> frozenset[int]:
    """The years for which the holidays of the whole year are known."""
    return frozenset(day.year for day in days_off if (day.month, day.day) == NATIONAL_DAY)


def read_override(path: Path) -> Override:
    """Read the office's own file; `Invalid` if it is no JSON, has unknown names, or puts one day on both lists."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(message("工作日历文件 %(file)s 无法读取，请检查其格式。", file=path.name)) from error
    if not isinstance(content, dict) or not set(content) <= {"days_off", "workdays"}:
        raise Invalid(message("工作日历文件 %(file)s 只能包含 days_off 和 workdays 两项。", file=path.name))
    override = Override(_days(content, "days_off", path), _days(content, "workdays", path))
    both = sorted(override.days_off & override.workdays)
    if both:
        problem = message(
            "工作日历文件 %(file)s 中 %(day)s 既是休息日又是上班日。", file=path.name, day=both[0].isoformat()
        )
        raise Invalid(problem)
    return override


def _days(content: dict[str, object], name: str, path: Path) -> frozenset[date]:
    values = content.get(name, [])
    if not isinstance(values, list):
        raise Invalid(message("工作日历文件 %(file)s 的 %(name)s 应为日期列表。", file=path.name, name=name))
    return frozenset(_day(value, path) for value in values)


def _day(value: object, path: Path) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    # The parser takes more spellings than a person would check, so only the plain one is accepted.
    if day is None or day.isoformat() != value:
        written = str(value)[:40]
        raise Invalid(
            message("工作日历文件 %(file)s 中的日期 %(day)s 无效，应如 2027-01-01。", file=path.name, day=written)
        )
    return day
