"""Where each article of the regulation is at work: procedures, registers, warnings and switches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from processes.engine.definitions import process_path
from processes.engine.models import Definition
from processes.identity.actor import Actor
from processes.registers.reading import readable_registers
from processes.registers.warnings.scope import READERS
from processes.rules.switches import SWITCHES
from webapp.access import access_of
from webapp.language import current_language
from webapp.pages.wording import named, number_of

ARTICLE = re.compile(r"第([一二三四五六七八九十]+)条")


@dataclass(frozen=True)
class AtWork:
    """The procedures (by key), registers and warnings in which an article is carried out."""

    procedures: Sequence[str] = ()
    registers: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """A name and where it leads; no address for whoever may not open it."""

    title: str
    url: str | None


WARNINGS: Mapping[str, LazyString] = {
    "visits": _l("实地指导进度落后"),
    "absences": _l("无正当理由缺席"),
    "opinions": _l("逾期未提书面意见"),
    "records": _l("未确认的服务记录"),
    "letters": _l("未复函件"),
    "vacancies": _l("空缺岗位"),
    "terms": _l("90 天内聘期届满"),
    "benefits": _l("可享受或将具备的待遇"),
}
"""The kinds of warnings by the name of their table."""
AT_WORK: Mapping[int, AtWork] = {
    1: AtWork(("annual_summary",), ("annual_summaries",)),
    2: AtWork(("appointment", "technical_consultation"), ("needs", "posts", "appointments"), ("vacancies",)),
    3: AtWork(("hr_consultation",), ("matters",)),
    4: AtWork(("appointment",), ("applications", "experts")),
    5: AtWork(("appointment", "term_renewal", "replacement"), ("needs", "posts", "renewals"), ("terms",)),
    6: AtWork(("appointment",), ("rounds", "needs", "applications", "deliberations", "nominations", "letters",
                                 "appointments"), ("letters", "vacancies")),
    7: AtWork(("technical_consultation", "planner_suggestion", "meetings_training", "annual_report", "planner_duties"),
              ("attendances", "opinions", "surveys", "trainings_given", "meeting_attendances", "annual_reports", "laws",
               "law_readings"), ("opinions",)),
    8: AtWork(("technical_consultation", "planner_suggestion", "meetings_training", "planner_duties",
               "quarterly_reporting"),
              ("activities", "opinions", "opinion_items", "suggestions", "measures", "planner_summaries", "assignments",
               "trainings_given"), ("visits", "opinions")),
    9: AtWork(("material_request", "meetings_training", "technical_consultation", "expenses"),
              ("material_requests", "deliveries", "meetings", "opinions", "travel_claims", "travel_standards",
               "work_funds")),
    10: AtWork(("expert_library", "annual_appraisal", "hr_consultation"), ("experts", "appraisals", "matters")),
    11: AtWork(("meetings_training",), ("meetings", "meeting_attendances")),
    12: AtWork(("technical_consultation", "quarterly_reporting", "material_request"),
               ("activities", "quarter_reports", "quarter_snapshots"), ("records",)),
    13: AtWork(("quarterly_reporting",), ("quarter_notifications",)),
    14: AtWork(("annual_appraisal", "objection", "benefits"),
               ("appraisals", "appraisal_entries", "grade_versions", "district_views", "objections", "benefits"),
               ("benefits",)),
    15: AtWork(("dismissal", "withdrawal", "technical_consultation", "correction"),
               ("dismissals", "withdrawals", "attendances"), ("absences",)),
    16: AtWork(("hr_consultation",), ("interpretations", "switch_settings")),
    17: AtWork(("planner_duties", "expert_library"), ("laws", "former_services")),
}  # fmt: skip
"""By the number of the article."""


def places(number: int, actor: Actor, procedures: Mapping[str, Definition]) -> Iterator[tuple[str, list[Place]]]:
    """Where an article is at work, under a heading each; only what the reader may see."""
    found = AT_WORK[number]
    known = [procedures[key] for key in found.procedures if key in procedures]
    yield _("流程"), [Place(named(each.title, each.key), _cases(each, actor)) for each in known]
    open_ones = {each.name: each for each in readable_registers(actor)}
    yield (
        _("台账"),
        [
            Place(open_ones[name].title.text(current_language()), url_for("registers.show", name=name))
            for name in found.registers
            if name in open_ones
        ],
    )
    if actor.has(*READERS):
        yield (
            _("预警"),
            [Place(str(WARNINGS[name]), url_for("warnings.index", _anchor=name)) for name in found.warnings],
        )
    if _may_open("switches.show", actor):
        yield _("口径开关"), [
            Place(each.question_en if current_language() == "en" else each.question_zh,
                  url_for("switches.show", code=code))
            for code, each in SWITCHES.items()
            if number in articles_of(each.article)
        ]  # fmt: skip


def articles_of(text: str) -> list[int]:
    """The articles that a ground names.

    >>> articles_of("第八条(六)、第十四条")
    [8, 14]
    """
    return [number_of(each) for each in ARTICLE.findall(text)]


def article_url(text: Any) -> str | None:
    """The way to the first article that a ground names; None where it names none."""
    named = articles_of(str(text))
    return url_for("laws.regulation", _anchor=f"article-{named[0]}") if named and named[0] in AT_WORK else None


def _cases(procedure: Definition, actor: Actor) -> str | None:
    return (
        url_for("cases.index", process=process_path(procedure.key, procedure.processes[0]["id"]))
        if _may_open("cases.index", actor)
        else None
    )


def _may_open(endpoint: str, actor: Actor) -> bool:
    access = access_of(current_app.view_functions.get(endpoint))
    return access is not None and (not access.posts or actor.has(*access.posts))
