"""The report: the figures as tables in a terminal and in a page of the documentation."""

from __future__ import annotations

import os
import platform
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from processes import clock
from processes.db import sqlite_driver
from processes.errors import Invalid
from processes.messages import message
from webapp.bench.figures import CHECKS, LISTS, RACES, READ, TIMERS, WORK, Figure

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
"""What `--write` replaces stands between these lines."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its head in a terminal and in the documentation, and what stands in it."""

    zh: str
    en: str
    shown: Callable[[Row], str]
    width: int = 7


def _number(key: str, digits: int = 0, unit: float = 1.0) -> Callable[[Row], str]:
    return lambda row: "" if row.get(key) is None else f"{row[key] / unit:,.{digits}f}"


SCENARIO = Column("场景", "scenario", lambda row: str(row["scenario"]), 28)
RUNS = Column("次数", "runs", _number("n"), 5)
TIMES = (
    Column("中位ms", "median ms", _number("median_ms", 1), 8),
    Column("p95", "p95 ms", _number("p95_ms", 1), 8),
)
COMMITS = Column("÷提交", "÷ commit", lambda row: _worth(row, "floor_ms") if "request" not in row["floor"] else "", 7)
REQUESTS = Column("÷请求", "÷ request", _number("request_ratio", 1), 7)
SQL = Column("SQL", "SQL", _number("statements"), 5)
CPU = Column("CPU ms", "CPU ms", _number("cpu_ms", 1), 7)
TABLES: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    WORK: (
        "发起与办理",
        "Starting and completing",
        (
            *(SCENARIO, RUNS, *TIMES, COMMITS, REQUESTS, SQL),
            Column("提交", "commits", _number("commits"), 5),
            Column("写入KB", "KB written", _number("written_bytes", 0, 1024), 7),
            CPU,
        ),
    ),
    LISTS: (
        "列表",
        "Lists",
        (
            *(replace(SCENARIO, width=33), RUNS, *TIMES),
            Column("×最小", "× smallest", _number("times_of_smallest", 2), 7),
            *(REQUESTS, SQL),
            Column("页KB", "page KB", _number("page_bytes", 0, 1024), 6),
            CPU,
        ),
    ),
    RACES: (
        "同时办理",
        "Races",
        (
            *(SCENARIO, RUNS, *TIMES),
            Column("最长", "max ms", _number("max_ms"), 6),
            Column("每秒", "per second", _number("per_second"), 6),
            Column("受理", "accepted", _number("accepted"), 6),
            Column("拒绝", "refused", _number("refused"), 6),
            Column("出错", "errors", _number("errors"), 5),
            Column("丢失", "lost", _number("lost"), 5),
            Column("重复", "doubled", _number("doubled"), 5),
        ),
    ),
    TIMERS: (
        "定时器",
        "Timers",
        (
            *(SCENARIO, RUNS, *TIMES),
            Column("最长", "max ms", _number("max_ms"), 6),
            Column("每秒", "per second", _number("per_second"), 6),
            *(SQL, CPU),
            Column("未触发", "not fired", _number("not_fired"), 7),
        ),
    ),
    CHECKS: (
        "部署检查",
        "Checking diagrams",
        (
            *(SCENARIO, RUNS, *TIMES),
            Column("÷读取", "÷ reading", lambda row: _worth(row, "floor_ms") if row["floor"] == READ else "", 7),
            CPU,
            Column("KB", "KB", _number("kilobytes"), 6),
            Column("问题", "problems", _number("problems"), 6),
        ),
    ),
}


def _worth(row: Row, floor: str) -> str:
    return f"{row['median_ms'] / row[floor]:,.1f}" if row.get(floor) else ""


class Told:
    """Tells each figure as it is found, under the head of its table."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._under: tuple[str, str] | None = None

    def figure(self, found: Figure) -> None:
        """One line, after a head where the table or the database is another one."""
        title, _, columns = TABLES[found.kind]
        if self._under != (found.database, found.kind):
            self._under = (found.database, found.kind)
            self._tell("")
            self._tell(f"{found.database} · {title}")
            self._tell(_line([each.zh for each in columns], columns))
        row = found.as_json()
        self._tell(_line([each.shown(row) for each in columns], columns))


def _line(cells: Sequence[str], columns: Sequence[Column]) -> str:
    """The first cell to the left, the numbers to the right."""
    padded = [" " * (column.width - width(cell)) + cell for cell, column in zip(cells, columns, strict=True)]
    first = cells[0] + " " * (columns[0].width - width(cells[0]))
    return " ".join([first, *padded[1:]]).rstrip()


def width(text: str) -> int:
    """Places that a text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def as_markdown(found: Sequence[Figure]) -> str:
    """The machine and all tables, for the documentation."""
    lines = [f"Measured on {clock.today().isoformat()}: {machine()}.", ""]
    for database in dict.fromkeys(each.database for each in found):
        for kind, (_, title, columns) in TABLES.items():
            rows = [each.as_json() for each in found if (each.database, each.kind) == (database, kind)]
            if rows:
                lines += [f"### {title}: {database}", "", *_table(rows, columns), ""]
    return "\n".join(lines)


def _table(rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    head = "| " + " | ".join(each.en for each in columns) + " |"
    rule = "|---|" + "---:|" * (len(columns) - 1)
    return [head, rule, *("| " + " | ".join(each.shown(row) for each in columns) + " |" for row in rows)]


def machine() -> str:
    """On what it was measured, and how busy it was."""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite_driver.sqlite_version}, load average {load} at the end"
    )


def write(path: Path, found: Sequence[Figure]) -> None:
    """Put the tables between the two marks of a page; what stands around them stays."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Invalid(message("%(path)s 中没有 %(begin)s 与 %(end)s。", path=str(path), begin=BEGIN, end=END))
    path.write_text(f"{before}{begin}\n\n{as_markdown(found)}\n{end}{after}", encoding="utf-8")
