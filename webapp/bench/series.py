"""Rows that the database makes by itself, out of nothing but their numbers: the same ones on each kind of database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, BigInteger, Connection, Text, Uuid, case, cast, func, insert, literal, select

from processes.db import Base

SPREAD = 2_654_435_761
"""Odd, so that multiplied by it, in 32 bits, each number becomes another one and neighbours part."""
WIDTH = 2**32


class Maker:
    """Writes rows of numbers into tables, in the words of one kind of database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.postgresql = connection.dialect.name == "postgresql"

    def numbers(self, first: int, last: int) -> CTE:
        """A table with one column `n`, from the first number to the last."""
        series = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
        return series.union_all(select(series.c.n + 1).where(series.c.n < last))

    def write(
        self, table: type[Base], first: int, last: int, columns: dict[str, Any], source: CTE | None = None
    ) -> None:
        """One row of a table for each number; columns that are left out get what the model says."""
        if last < first:
            return
        rows = self.numbers(first, last) if source is None else source
        chosen = select(*columns.values()).select_from(rows)
        self.connection.execute(insert(table).from_select(list(columns), chosen, include_defaults=True))

    def key(self, kind: int, number: Any) -> Any:
        """The id of the row of a kind with a number; neighbours are far apart, as ids by chance are."""
        spread = (number * SPREAD) % WIDTH
        if self.postgresql:
            high, low = func.lpad(func.to_hex(spread), 8, "0"), func.lpad(func.to_hex(number), 12, "0")
            return cast(high.concat(f"{kind:04x}40008000").concat(low), Uuid)
        return func.printf(f"%08x{kind:04x}40008000%012x", spread, number)

    def moment(self, seconds: Any) -> Any:
        """A moment, from the seconds since 1970."""
        if self.postgresql:
            return func.to_timestamp(seconds)
        return func.strftime("%Y-%m-%d %H:%M:%S", seconds, "unixepoch").concat(".000000")

    def day(self, seconds: Any) -> Any:
        """A day, from the seconds since 1970."""
        return func.date(func.to_timestamp(seconds)) if self.postgresql else func.date(seconds, "unixepoch")

    def text(self, number: Any, width: int) -> Any:
        """A number as a text with zeros before it."""
        if self.postgresql:
            return func.lpad(cast(number, Text), width, "0")
        return func.printf(f"%0{width}d", number)


def one_of(number: Any, words: Sequence[Any]) -> Any:
    """One of some words, in turn."""
    return case(dict(enumerate(words)), value=number % len(words))
