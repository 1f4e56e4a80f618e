"""Every row that names another: what it names exists, also where the database does not check it by itself."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from processes.consistency.problems import Problem
from processes.db import Base
from processes.engine.models import Case, CaseDocument, WorkItem
from processes.jobs import Job
from processes.messages import message
from processes.schema import load_models

UNCHECKED = {"case_id": "process_case", "work_item_id": "work_item"}
"""Columns that name a row of another table without a foreign key, wherever they stand."""
UNIQUE = (("process_case", "number"), ("appointment", "certificate_number"), ("application", "number"))
NAMED_BY_JOBS = {"item": WorkItem, "case": Case, "from": Case, "document": CaseDocument}


def broken_references(session: Session) -> Iterator[Problem]:
    """Rows that name something that is not there."""
    load_models()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            yield from _dangling(session, table, key.parent, key.column)
        for name, other in UNCHECKED.items():
            column = table.columns.get(name)
            if column is not None and not column.foreign_keys:
                yield from _dangling(session, table, column, Base.metadata.tables[other].c.id)
    yield from _status_changes(session)


def _dangling(session: Session, table: Table, column: Column[object], named: Column[object]) -> Iterator[Problem]:
    other = named.table.alias()
    missing = (
        select(*table.primary_key.columns, column.label("named_row"))
        .outerjoin_from(table, other, other.c[named.name] == column)
        .where(column.is_not(None), other.c[named.name].is_(None))
    )
    for row in session.execute(missing):
        yield _missing(table.name, "/".join(str(part) for part in row[:-1]), column.name, row[-1])


def _missing(table: str, row: str, column: str, named: object) -> Problem:
    text = message(
        "%(table)s 的记录 %(row)s 在 %(column)s 中引用的 %(named)s 不存在。",
        table=table,
        row=row,
        column=column,
        named=named,
    )
    return Problem("reference-missing", text)


def _status_changes(session: Session) -> Iterator[Problem]:
    """The history of a register names its record by table and id."""
    changes = Base.metadata.tables["status_change"]
    for (register,) in session.execute(select(changes.c.register).distinct()):
        table = Base.metadata.tables.get(register)
        if table is None:
            yield _missing("status_change", "*", "register", register)
            continue
        missing = (
            select(changes.c.id, changes.c.record_id)
            .outerjoin_from(changes, table, table.c.id == changes.c.record_id)
            .where(changes.c.register == register, table.c.id.is_(None))
        )
        for change, record in session.execute(missing):
            yield _missing("status_change", str(change), "record_id", record)


def doubled_numbers(session: Session) -> Iterator[Problem]:
    """Numbers that are given once: of cases, certificates and applications."""
    for name, column_name in UNIQUE:
        column = Base.metadata.tables[name].c[column_name]
        for number, count in session.execute(select(column, func.count()).group_by(column).having(func.count() > 1)):
            text = message("编号“%(number)s”（%(table)s）使用了 %(count)s 次。", number=number, table=name, count=count)
            yield Problem("number-doubled", text)


def gaps_in_numbers(session: Session) -> Iterator[Problem]:
    """Case numbers have no gap, and the counter stands at the last one."""
    counters = Base.metadata.tables["running_number"]
    for name, last in session.execute(select(counters.c.name, counters.c.last).where(counters.c.name.like("case:%"))):
        code, year = name.removeprefix("case:").rsplit(":", 1)
        given = Case.number.startswith(f"{code}-{year}-", autoescape=True)
        count = session.scalar(select(func.count()).select_from(Case).where(given))
        if count != last:
            text = message(
                "案件编号 %(code)s-%(year)s 已编到 %(last)s，案件却有 %(count)s 件。",
                code=code,
                year=year,
                last=last,
                count=count,
            )
            yield Problem("number-gap", text)


def jobs_of_nothing(session: Session) -> Iterator[Problem]:
    """Jobs whose case or task does not exist, and jobs that have been given up and wait for a person."""
    for job in session.scalars(select(Job)):
        for name, table in NAMED_BY_JOBS.items():
            named = job.args.get(name)
            if named is not None and session.get(table, UUID(str(named))) is None:
                text = message(
                    "后台任务 %(kind)s（%(id)s）所属的 %(named)s 不存在。", kind=job.kind, id=job.id, named=named
                )
                yield Problem("job-of-nothing", text)
        if job.status == "failed":
            text = message("后台任务 %(kind)s（%(id)s）多次失败，等待人工处理。", kind=job.kind, id=job.id)
            yield Problem("job-failed", text, "warning")
