"""Tables drawn from the parameters of a story: equal parameters give equal tables, other ones another year."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from processes.errors import Invalid
from processes.messages import message
from processes.rules.excellent import excellent_cap
from webapp.demo.year.happenings import events_of, letters_of
from webapp.demo.year.sample.people import DrawnPeople
from webapp.demo.year.sample.results import gradings_of, with_results
from webapp.demo.year.sample.work import DrawnWork, reports_of
from webapp.demo.year.story import YearStory

NEEDED = ("case_year", "units", "timeline", "applicants", "consultation_letters", "activities", "quarter_reports",
          "appraisal", "surnames", "given", "employers")  # fmt: skip


def drawn(told: Mapping[str, Any]) -> YearStory:
    """A story whose tables are drawn from its parameters."""
    missing = [name for name in NEEDED if name not in told]
    if missing:
        raise Invalid(message("没有表格时，参数文件须有：%(names)s。", names="、".join(missing)))
    try:
        return _drawn(told)
    except (KeyError, ValueError, TypeError, IndexError) as failure:
        why = f"{type(failure).__name__} {failure}"
        raise Invalid(message("参数之间不一致，不能生成故事：%(why)s。", why=why)) from failure


def _drawn(told: Mapping[str, Any]) -> YearStory:
    chance = random.Random(int(told.get("seed", 1)))  # noqa: S311 # draws a demonstration, keeps no secret
    year, events = int(told["case_year"]), tuple(events_of(told))
    people = DrawnPeople(chance, told, events)
    work = DrawnWork(chance, told, events, people.services)
    services = with_results(people.services, work.consultations, events, year)
    gradings = gradings_of(chance, services, work.consultations, events)
    return YearStory(
        year=year,
        timeline=told["timeline"],
        posts=people.posts,
        applicants=people.applicants,
        services=services,
        consultations=work.consultations,
        reports=reports_of(chance, told, people.units, work.consultations, year),
        gradings=gradings,
        events=events,
        letters=letters_of(told["consultation_letters"]),
        units=people.units,
        employers=tuple(told["employers"]),
        limits={
            "graded": len(gradings),
            "cap": excellent_cap(len(gradings)),
            "in_service_31dec": sum(each.end.year > year for each in services),
        },
    )
