"""预览与确认: a file is carried out on trial to see what it does, and then in earnest, wholly or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from processes import audit
from processes.errors import Conflict, DeskError, Invalid
from processes.forms.wording import Option
from processes.identity.actor import Actor
from processes.messages import Message, message
from processes.registers.importing.cells import value_of
from processes.registers.importing.report import Change, Outcome, Problem, Report, Row
from processes.registers.importing.sheets import Import, Values, shown
from processes.registers.importing.workbook import Line, Sheet, read_sheet

MOST_NOTED = 200
"""Rows of which the audit trail keeps what changed."""


@dataclass(frozen=True)
class Trial:
    """What a file is tried with: the sheet, what may be chosen, and where the columns stand."""

    session: Session
    actor: Actor
    wanted: Import
    sheet: Sheet
    options: Mapping[str, Sequence[Option]]

    def cell(self, line: Line, key: str) -> str:
        """Where a column of a row stands, whether it is filled or not."""
        return f"{self.sheet.letters.get(key, 'A')}{line.number}"


def examined(session: Session, actor: Actor, wanted: Import, content: bytes) -> Report:
    """What a file would do; whatever was done to find out is undone again."""
    actor.need(*wanted.posts)
    sheet = read_sheet(content, wanted)
    noted = len(session.info.get(audit.PENDING, ()))
    tried = session.begin_nested()
    try:
        return _carried_out(Trial(session, actor, wanted, sheet, wanted.options(session, actor)))
    finally:
        tried.rollback()
        del session.info.get(audit.PENDING, [])[noted:]


def import_all(session: Session, actor: Actor, wanted: Import, content: bytes, seen: str) -> Report:
    """Import every row of a file, or none: `Conflict` where a row is refused or the report is not the one seen."""
    actor.need(*wanted.posts)
    sheet = read_sheet(content, wanted)
    report = _carried_out(Trial(session, actor, wanted, sheet, wanted.options(session, actor)))
    if report.refused:
        raise Conflict(message("文件中有不予导入的行，未导入任何内容。请更正后重新上传。"))
    if report.digest != seen:
        raise Conflict(message("预览之后台账已有变动，未导入任何内容。请核对新的预览后再确认。"))
    if not report.changing:
        raise Conflict(message("文件与台账一致，没有需要导入的内容。"))
    audit.record(
        session, actor, "register.import", f"register:{wanted.name}", sha256=hashlib.sha256(content).hexdigest(),
        new=report.count(Outcome.NEW), changed=report.count(Outcome.CHANGED), rows=_noted(report),
    )  # fmt: skip
    return report


def _noted(report: Report) -> list[str]:
    """What changed, for the audit trail."""
    changing = [each for each in report.rows if each.outcome in (Outcome.NEW, Outcome.CHANGED)]
    return [
        f"{each.label}：{'；'.join(f'{one.column.zh} {one.before}→{one.after}' for one in each.changes)}"
        for each in changing[:MOST_NOTED]
    ]


def _carried_out(trial: Trial) -> Report:
    """Every row in turn, each refused one undone by itself; then what is about all of them."""
    first: dict[tuple[Any, ...], int] = {}
    rows, accepted = [], []
    for line in trial.sheet.lines:
        row, values = _row(trial, line, first)
        rows.append(row)
        if row.outcome in (Outcome.NEW, Outcome.CHANGED):
            accepted.append(values)
    return Report(rows, _together(trial, accepted))


def _together(trial: Trial, accepted: Sequence[Values]) -> list[Message]:
    if trial.wanted.at_last is None or not accepted:
        return []
    try:
        with trial.session.begin_nested():
            trial.wanted.at_last(trial.session, trial.actor, accepted)
    except DeskError as refused:
        return [refused.text]
    return []


def _row(trial: Trial, line: Line, first: dict[tuple[Any, ...], int]) -> tuple[Row, Values]:
    values, problems = _values(trial, line)
    label = _label(trial, line, values)
    key = tuple(str(values.get(each)) for each in trial.wanted.keys)
    if not problems and key in first:
        told = message("与第 %(row)s 行重复，请只保留一行。", row=first[key])
        problems = [Problem(trial.cell(line, trial.wanted.keys[0]), told)]
    first.setdefault(key, line.number)
    if problems:
        return Row(line.number, label, Outcome.REFUSED, problems=problems), values
    try:
        with trial.session.begin_nested():
            return _done(trial, line, values, label), values
    except DeskError as refused:
        return Row(line.number, label, Outcome.REFUSED, problems=_problems(trial, line, refused)), values


def _done(trial: Trial, line: Line, values: Values, label: str) -> Row:
    """A row that was carried out; one that says nothing new is left alone."""
    wanted = trial.wanted
    before = wanted.standing(trial.session, trial.actor, values)
    changes = [
        Change(wanted.column(key).title, _shown(trial, key, (before or {}).get(key)), _shown(trial, key, value))
        for key, value in values.items()
        if before is None or before.get(key) != value
    ]
    if before is not None and not changes:
        return Row(line.number, label, Outcome.SAME)
    notes = wanted.carry_out(trial.session, trial.actor, values) or ()
    return Row(line.number, label, Outcome.NEW if before is None else Outcome.CHANGED, changes, notes=notes)


def _values(trial: Trial, line: Line) -> tuple[dict[str, Any], list[Problem]]:
    """What the cells of a row say, and what is wrong with them."""
    values, problems = {}, []
    for column in trial.wanted.columns:
        cell = line.cells.get(column.key)
        if cell is None:
            if column.required:
                problems.append(Problem(trial.cell(line, column.key), message("请填写。")))
            continue
        try:
            values[column.key] = value_of(column, cell, trial.options.get(column.key, ()))
        except Invalid as refused:
            problems.append(Problem(cell.reference, refused.text))
    return values, problems


def _problems(trial: Trial, line: Line, refused: DeskError) -> list[Problem]:
    """What the procedures say against a row, each sentence beside the cell it is about."""
    fields = refused.fields if isinstance(refused, Invalid) else {}
    of = {name: each.key for each in trial.wanted.columns for name in (each.key, *each.fields)}
    found = [Problem(trial.cell(line, of[name]), text) for name, text in fields.items() if name in of]
    return found or [Problem(trial.cell(line, trial.wanted.keys[0]), refused.text)]


def _label(trial: Trial, line: Line, values: Values) -> str:
    """What people call the row: the words of the columns that name it."""
    said = [
        _shown(trial, key, values[key]) if key in values else str(line.cells[key].value)[:30]
        for key in trial.wanted.keys
        if key in line.cells
    ]
    return " · ".join(said) or "—"


def _shown(trial: Trial, key: str, value: Any) -> str:
    return shown(trial.wanted.column(key), value, trial.options.get(key, ()))
