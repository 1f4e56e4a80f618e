"""The list of cases as a file: just the rows that the list has, in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import case_lists, waiting
from processes.engine.case_lists import CaseFilter, CaseRow
from processes.identity.actor import Actor
from processes.paging import Page
from webapp.language import current_language
from webapp.pages.downloads import attachment
from webapp.pages.spreadsheets import XLSX, csv_file, xlsx_file
from webapp.pages.wording import named

KINDS = ("csv", "xlsx")
MOST_EXPORTED = 5_000


def case_list_file(
    session: Session, actor: Actor, narrowed: CaseFilter, sort: str, words: tuple[Mapping[Any, str], Mapping[str, str]],
    kind: str,
) -> Response:  # fmt: skip
    """The cases of a list; `words` are the names of the processes and of the statuses."""
    listing = case_lists.cases(session, actor, narrowed, Page(sort, 0, MOST_EXPORTED, most=MOST_EXPORTED))
    steps = waiting.steps_now(session, actor, [row.case.id for row in listing.items])
    head = [
        _("标题"), _("案件编号"), _("流程"), _("阶段"), _("当前环节"), _("状态"), _("结果"), _("待办"), _("逾期"),
        _("发起时间"), _("发起人"), _("最近变动"),
    ]  # fmt: skip
    lines = [_line(row, [step for step, _number in steps.get(row.case.id, [])], *words) for row in listing.items]
    if listing.more:
        lines.append([_("只导出前 %(count)s 条，请缩小范围后再导出。", count=MOST_EXPORTED)])
    title = _("案件")
    if kind == "csv":
        return attachment(csv_file(head, lines), f"{title}.csv", "text/csv; charset=utf-8")
    return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)


def _line(row: CaseRow, steps: Sequence[str], names: Mapping[Any, str], statuses: Mapping[str, str]) -> list[Any]:
    case = row.case
    return [
        case.title, case.number, names.get((case.key, case.process_id), case.key),
        row.stage.title.text(current_language()) if row.stage else "",
        _("、").join(named(each, case.key) for each in steps),
        statuses.get(case.status, case.status), case.outcome, row.open_items, row.overdue_items, case.started_at,
        case.started_by, case.changed_at,
    ]  # fmt: skip
