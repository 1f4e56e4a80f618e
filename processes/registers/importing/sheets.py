"""What a register takes from a workbook: its columns, who may bring them, and what becomes of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.messages import Message
from processes.registers.money import in_yuan

Kind = Literal["text", "day", "number", "money", "choice", "choices"]
"""What a cell holds: `money` is written in yuan and kept in fen, `choices` are several words with 、 between them."""
Values = Mapping[str, Any]
"""The filled cells of a row, by column; an empty cell is not among them and leaves what stands as it is."""
Offered = Callable[[Session, Actor], Sequence[Option]]
MOST_ROWS = 500
"""Rows of one file: a preview carries out each of them while others wait to write."""
EMPTY = "—"
NO_HINT = Wording("")


@dataclass(frozen=True)
class SheetColumn:
    """A column of the workbook."""

    key: str
    title: Wording
    kind: Kind = "text"
    required: bool = False
    hint: Wording = NO_HINT
    """What to write, for the sheet of explanations."""
    options: Sequence[Option] = ()
    offered: Offered | None = None
    """Options that are read from the registers."""
    longest: int = 200
    fields: tuple[str, ...] = ()
    """Names under which the procedures speak of it where they refuse it."""


@dataclass(frozen=True)
class Import:
    """What may be imported into one register."""

    name: str
    title: Wording
    about: Wording
    """What an import does, and what it does not, in a sentence or two."""
    posts: tuple[str, ...]
    """Who may import."""
    columns: tuple[SheetColumn, ...]
    keys: tuple[str, ...]
    """The columns that name a record; two rows with the same ones are one too many."""
    standing: Callable[[Session, Actor, Values], Values | None]
    """What stands for a row now, by column; None where the row is a new record."""
    carry_out: Callable[[Session, Actor, Values], Sequence[Message] | None]
    """Put one row into the register, by the functions of the procedures; gives what the reader should know of it."""
    at_last: Callable[[Session, Actor, Sequence[Values]], None] | None = None
    """What is done with all rows together, where a rule is about the whole list."""
    present: Callable[[Session, Actor], Iterable[Values]] | None = None
    """The records that stand now, for a workbook in which they are changed."""
    register: str = ""
    """The register on whose page it is offered."""
    most_rows: int = MOST_ROWS
    also_read: tuple[str, ...] = field(default=())
    """Titles of columns that a file may have and that are not read."""

    def column(self, key: str) -> SheetColumn:
        """The column with a key."""
        return next(each for each in self.columns if each.key == key)

    def options(self, session: Session, actor: Actor) -> dict[str, Sequence[Option]]:
        """What may be chosen in each column in which one chooses."""
        return {
            each.key: each.offered(session, actor) if each.offered else each.options
            for each in self.columns
            if each.kind in ("choice", "choices")
        }


def in_words(value: Any, options: Sequence[Option] = ()) -> str:
    """A value as the report shows it."""
    if value is None or value in ("", [], ()):
        return EMPTY
    if isinstance(value, (list, tuple)):
        return "、".join(in_words(each, options) for each in value)
    if isinstance(value, date):
        return value.isoformat()
    named = next((each for each in options if each.value == value), None)
    return named.text("zh") if named else str(value)


def shown(column: SheetColumn, value: Any, options: Sequence[Option] = ()) -> str:
    """A value of a column as the report shows it."""
    return in_yuan(value) if column.kind == "money" and isinstance(value, int) else in_words(value, options)
