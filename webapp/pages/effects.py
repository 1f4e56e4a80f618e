"""What a change of a switch was foreseen to touch, each line with the way to its records (第十六条)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from processes.registers.appointments import CURRENT
from processes.registers.attendances import Standing
from webapp.pages.tables import Links

AHEAD = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED)
_BRACKETED = re.compile(r"(.+?)（(.+)）")
_YEAR = re.compile(r"(\d{4})年")
_QUARTER = re.compile(r"\d{4}Q[1-4]")
Way = Callable[[Links, str, str], str | None]


def effect_url(links: Links, effect: Mapping[str, Any]) -> str | None:
    """Where the records of one line are; None where the line is about no record that stands."""
    area, subject = str(effect.get("area", "")), str(effect.get("subject", ""))
    found = next((way for words, way in WAYS.items() if words in area), None)
    return found(links, area, subject) if found else None


def _before_bracket(subject: str) -> str:
    found = _BRACKETED.match(subject)
    return found[1] if found else subject


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def _application(links: Links, area: str, subject: str) -> str | None:
    found = _BRACKETED.match(subject)
    return links.register("applications", number=found[2]) if found else None


def _letter(links: Links, area: str, subject: str) -> str | None:
    return links.register("letters", number=_before_bracket(subject))


def _absences(links: Links, area: str, subject: str) -> str | None:
    return links.register("attendances", q=_before_bracket(subject), status="unexcused,excused")


def _visits(links: Links, area: str, subject: str) -> str | None:
    year = _year(area)
    days = {"first": f"{year}-01-01", "last": f"{year}-12-31"} if year else {}
    return links.register("attendances", q=_before_bracket(subject), record="confirmed", mode="on_site", **days)


def _roll(links: Links, area: str, subject: str) -> str | None:
    return links.register("appraisal_entries", q=_before_bracket(subject), year=_year(area))


def _places(links: Links, area: str, subject: str) -> str | None:
    return url_for("questions.answer", name="excellent", year=_year(area))


def _appraisal(links: Links, area: str, subject: str) -> str | None:
    return links.register("appraisals", year=_year(subject))


def _quarter(links: Links, area: str, subject: str) -> str | None:
    found = _QUARTER.search(subject)
    return links.register("quarter_reports", quarter=found[0] if found else None)


WAYS: Mapping[str, Way] = {
    "在办报名": _application,
    "在办复函": _letter,
    "待复函件": _letter,
    "缺席计次": _absences,
    "实地指导": _visits,
    "年度考核名册": _roll,
    "优秀建议": _roll,
    "优秀名额": _places,
    "在办考核": _appraisal,
    "在办季度报告": _quarter,
    "政策待遇": lambda links, area, subject: url_for("warnings.show", name="benefits"),
    "在办案件": lambda links, area, subject: url_for("cases.index"),
    "已发邀请": lambda links, area, subject: links.register("attendances", status=",".join(AHEAD)),
    "待认定缺席": lambda links, area, subject: links.register("attendances", status=str(Standing.PENDING)),
    "现有聘任": lambda links, area, subject: links.register("appointments", status=",".join(sorted(CURRENT))),
}
"""The way to the records of a line, by what its area is called."""
