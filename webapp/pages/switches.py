"""口径与开关: how both bureaus read what the text leaves open, since when, by which interpretation (第十六条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.definitions import startable
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.reading import READS_ALL
from processes.registers.switch_words import GROUPS, accepted_in_words, group_of, in_words
from processes.registers.switches import SwitchSetting, readings_on, settings_of
from processes.rules.switch_kinds import Entries, OneOf, PerKey, Setting, Switch
from processes.rules.switches import SWITCHES
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.pages.effects import effect_url
from webapp.pages.lists import asked
from webapp.pages.tables import Links
from webapp.pages.wording import worded
from webapp.visitors import current_actor

blueprint = Blueprint("switches", __name__, url_prefix="/switches")
INTERPRETATION = ("hr_consultation", "interpretation")
"""The process by which a switch is changed."""
LATEST = 10
"""Changes that the first page tells."""


@dataclass(frozen=True)
class Offered:
    """A reading that a switch offers."""

    text: str
    present: bool


@dataclass(frozen=True)
class ShownSwitch:
    """A switch as the pages tell it."""

    code: str
    article: str
    question: str
    present: str
    accepted: str
    offered: Sequence[Offered]
    """The readings one of which is taken; empty where there is no such list."""
    original: str
    """What it stands at until it is set."""
    locked: bool
    since: SwitchSetting | None
    """The setting in force; None while it stands where it began."""
    coming: SwitchSetting | None
    """The next setting, of a later day."""


@dataclass(frozen=True)
class ShownSetting:
    """One change of a switch."""

    setting: SwitchSetting
    question: str
    value: str
    coming: bool


@blueprint.get("/")
@post_needed(*READS_ALL)
def index() -> ResponseReturnValue:
    """Every switch by the part of the text it belongs to, with the reading taken."""
    wanted = asked("q", "changed")
    actor = current_actor()
    with current_desk().db.reading() as session:
        settings = settings_of(session)
        every = _shown(session, settings)
        found = [each for each in every if _is_wanted(each, wanted.get("q"), bool(wanted.get("changed")))]
        return render_template(
            "switches/index.html",
            groups=_grouped(found),
            total=len(every),
            changed=sum(each.since is not None for each in every),
            latest=[_setting(each) for each in settings[:LATEST]],
            more=len(settings) > LATEST,
            asked=wanted,
            may_begin=_may_begin(session, actor),
        )


@blueprint.get("/changes")
@post_needed(*READS_ALL)
def changes() -> ResponseReturnValue:
    """Which switches were changed, by whom, on which interpretation, the newest first."""
    wanted = asked()
    with current_desk().db.reading() as session:
        settings = settings_of(session)
        rows = [_setting(each) for each in settings[wanted.offset : wanted.offset + wanted.size]]
        return render_template("switches/changes.html", rows=rows, page=wanted.page(len(settings)))


@blueprint.get("/<code>")
@post_needed(*READS_ALL)
def show(code: str) -> ResponseReturnValue:
    """One switch: its readings, the present one, and every change with what it was foreseen to change."""
    if code not in SWITCHES:
        raise NotFound(message("没有名为“%(code)s”的口径开关。", code=code))
    with current_desk().db.reading() as session:
        settings = settings_of(session, code)
        return render_template(
            "switches/show.html",
            switch=_shown_switch(SWITCHES[code], settings, readings_on(session).values[code]),
            history=[_setting(each) for each in settings],
            may_begin=_may_begin(session, current_actor()) and not SWITCHES[code].locked,
            effect_url=partial(effect_url, Links(current_actor())),
        )


def _shown(session: Session, settings: Sequence[SwitchSetting]) -> list[ShownSwitch]:
    values = readings_on(session).values
    of: dict[str, list[SwitchSetting]] = {}
    for each in settings:
        of.setdefault(each.code, []).append(each)
    return [_shown_switch(switch, of.get(code, []), values[code]) for code, switch in SWITCHES.items()]


def _shown_switch(switch: Switch, settings: Sequence[SwitchSetting], value: Setting) -> ShownSwitch:
    language, today = current_language(), clock.today()
    in_force = [each for each in settings if each.valid_from <= today]
    later = [each for each in settings if each.valid_from > today]
    return ShownSwitch(
        code=switch.code,
        article=switch.article,
        question=_question(switch),
        present=_in_words(switch, value),
        accepted=accepted_in_words(switch).text(language),
        offered=_offered(switch, value),
        original=_in_words(switch, switch.default),
        locked=switch.locked,
        since=max(in_force, key=_order, default=None),
        coming=min(later, key=_order, default=None),
    )


def _order(setting: SwitchSetting) -> tuple[date, int]:
    return setting.valid_from, setting.id


def _offered(switch: Switch, value: Setting) -> list[Offered]:
    kind = switch.options
    if isinstance(kind, OneOf):
        return [Offered(_said(each.zh, each.en), each.value == value) for each in kind.choices]
    if isinstance(kind, PerKey):
        return [Offered(_said(each.zh, each.en), False) for each in kind.each.choices]
    return []


def _setting(setting: SwitchSetting) -> ShownSetting:
    switch = SWITCHES.get(setting.code)
    value = setting.value["value"]
    return ShownSetting(
        setting,
        _question(switch) if switch else setting.code,
        _in_words(switch, value) if switch else str(value),
        setting.valid_from > clock.today(),
    )


def _in_words(switch: Switch, value: object) -> str:
    """A value in the reader's language; the entries of a list one by one."""
    said = in_words(switch, value).text(current_language())
    if isinstance(switch.options, Entries) and current_language() == "en":
        return ", ".join(str(worded(each)) for each in said.split(", "))
    return said


def _question(switch: Switch) -> str:
    return _said(switch.question_zh, switch.question_en)


def _said(chinese: str, english: str) -> str:
    return Wording(chinese, english).text(current_language())


def _is_wanted(switch: ShownSwitch, search: str, changed: bool) -> bool:
    if changed and switch.since is None and switch.coming is None:
        return False
    said = (switch.code, switch.article, switch.question, switch.present)
    return not search or any(search.lower() in each.lower() for each in said)


def _grouped(switches: Sequence[ShownSwitch]) -> list[tuple[str, list[ShownSwitch]]]:
    """The switches under the part of the text they belong to; parts without any are left out."""
    parts: list[list[ShownSwitch]] = [[] for _ in GROUPS]
    for each in switches:
        parts[group_of(each.code)].append(each)
    language = current_language()
    return [(title.text(language), part) for (title, _), part in zip(GROUPS, parts, strict=True) if part]


def _may_begin(session: Session, actor: Actor) -> bool:
    """Whether the visitor may begin an interpretation."""
    return any((of.key, process["id"]) == INTERPRETATION for of, process in startable(session, actor))
