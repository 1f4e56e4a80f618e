"""The form in which a switch is given another reading: what it shows for each kind of switch, and what comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import rows, text
from handlers.registry import names, options
from processes.documents.dates import chinese_date
from processes.forms.wording import Option, Wording
from processes.registers.matters import Matter, MatterKind
from processes.registers.switch_words import accepted_in_words, group_of, in_words, named, normal
from processes.registers.switches import Interpretation, readings_on
from processes.rules.switch_kinds import Entries, OneOf, Parts, PerKey, Setting, Span, Switch
from processes.rules.switches import SWITCHES

Variables = dict[str, Any]
AGREED = ("同意", "同意并提出建议")
ONE_READING, NUMBER, PARTS, LIST, EACH = "单选", "数值", "分项数值", "清单", "逐项选择"
KINDS: Mapping[type, str] = {OneOf: ONE_READING, Span: NUMBER, Parts: PARTS, Entries: LIST, PerKey: EACH}


@options("switches")
def switches(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Every switch that may be changed, in the order of the text."""
    ordered = sorted(SWITCHES.values(), key=lambda each: group_of(each.code))
    return [
        Option(each.code, Wording(f"{each.article} {each.question_zh}", f"{each.article} {each.question_en}"))
        for each in ordered
        if not each.locked
    ]


@options("readings")
def readings(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The readings that the chosen switch offers."""
    switch = SWITCHES.get(str(variables.get("switch_code")))
    kind = switch.options if switch else None
    offered = kind if isinstance(kind, OneOf) else kind.each if isinstance(kind, PerKey) else None
    return [Option(each.value, Wording(each.zh, each.en)) for each in offered.choices] if offered else []


@names("readings")
def reading_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The readings that were chosen, where one word means the same at every switch."""
    found: dict[str, set[str]] = {}
    for switch in SWITCHES.values():
        kind = switch.options
        offered = kind if isinstance(kind, OneOf) else kind.each if isinstance(kind, PerKey) else None
        for each in offered.choices if offered else ():
            found.setdefault(each.value, set()).add(each.zh)
    return {value: words.pop() for value, words in found.items() if value in values and len(words) == 1}


@options("agreed_matters")
def agreed_matters(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The questions of interpretation on which both bureaus agree, the newest first (第十六条)."""
    known = {each.case_id: each.number for each in session.scalars(select(Interpretation))}
    return [Option(str(each.id), _called(each, known.get(each.case_id))) for each in agreed(session)]


def agreed(session: Session) -> Sequence[Matter]:
    """The questions of interpretation to which the HR bureau has said yes."""
    found = select(Matter).where(Matter.kind == MatterKind.INTERPRETATION, Matter.opinion.in_(AGREED))
    return session.scalars(found.order_by(Matter.answered_on.desc(), Matter.id)).all()


def _called(matter: Matter, number: str | None) -> str:
    day = chinese_date(matter.answered_on) if matter.answered_on else ""
    return f"{matter.subject}（{day}{matter.opinion}{f'，已登记{number}' if number else ''}）"


def asked_about(session: Session, switch: Switch) -> Variables:
    """What the form of the value shows about a switch."""
    present = readings_on(session).values[switch.code]
    return {
        "switch_kind": KINDS[type(switch.options)],
        "switch_question": f"{switch.article} {switch.question_zh}",
        "present": in_words(switch, present).zh,
        "accepted": accepted_in_words(switch).zh,
        **_filled(switch.options, present),
    }


def _filled(kind: OneOf | Span | Parts | Entries | PerKey, present: Setting) -> Variables:
    """The present value in the controls of the form; those of other kinds stay empty."""
    empty: Variables = {"reading": "", "number": None, "switch_parts": [], "switch_entries": [], "switch_keys": []}
    if isinstance(kind, OneOf):
        return {**empty, "reading": present}
    if isinstance(kind, Span):
        return {**empty, "number": present}
    if isinstance(kind, Entries):
        return {**empty, "switch_entries": [{"entry": each} for each in _listed(present)]}
    values = present if isinstance(present, Mapping) else {}
    if isinstance(kind, Parts):
        return {**empty, "switch_parts": [_row(key, "number", values[key]) for key in kind.names]}
    return {**empty, "switch_keys": [_row(key, "reading", values[key]) for key in kind.keys]}


def _row(key: str, column: str, value: object) -> Variables:
    return {"key": key, "name": named(key).zh, column: value}


def _listed(value: Setting) -> list[str]:
    return [str(each) for each in value] if isinstance(value, tuple | list) else []


def answered(switch: Switch, given: Mapping[str, Any]) -> Setting:
    """The value that was answered; whether the switch accepts it is asked afterwards."""
    kind = switch.options
    if isinstance(kind, OneOf):
        return text(given, "reading")
    if isinstance(kind, Span):
        number = given.get("number")
        return number if isinstance(number, int) else kind.low - 1
    if isinstance(kind, Entries):
        return tuple(text(row, "entry") for row in rows(given, "switch_entries"))
    if isinstance(kind, Parts):
        numbers = (row.get("number") for row in rows(given, "switch_parts"))
        return {key: each if isinstance(each, int) else -1 for key, each in zip(kind.names, numbers, strict=False)}
    chosen = (row.get("reading") for row in rows(given, "switch_keys"))
    return {key: str(each) for key, each in zip(kind.keys, chosen, strict=False)}


def field_of(switch: Switch) -> str:
    """The field in which the value of a switch is answered."""
    return {ONE_READING: "reading", NUMBER: "number", PARTS: "switch_parts", LIST: "switch_entries"}.get(
        KINDS[type(switch.options)], "switch_keys"
    )


def the_switch(variables: Mapping[str, Any]) -> Switch | None:
    """The switch that an interpretation changes, if it changes one."""
    return SWITCHES.get(str(variables.get("switch_code") or ""))


def kept(switch: Switch, value: Any) -> Setting:
    """A value that a variable of the case holds."""
    return normal(switch, value)
