"""How forms and documents of the quarterly reports say their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from processes.registers.activities import VISIT_MODES
from processes.registers.attendances import STANDINGS
from processes.registers.quarter_city import CityContent
from processes.registers.quarter_records import QuarterContent

Row = Mapping[str, Any]
NONE = "无"


def sentence(sums: Mapping[str, int]) -> str:
    """The totals of a unit or of the city as one line.

    >>> sentence(dict.fromkeys(("invited", "attended", "on_site", "opinions", "items", "adopted"), 2))
    '邀请2次，参加2次，其中实地2次；书面意见2份2条，采纳2条'
    """
    return (
        f"邀请{sums['invited']}次，参加{sums['attended']}次，其中实地{sums['on_site']}次；"
        f"书面意见{sums['opinions']}份{sums['items']}条，采纳{sums['adopted']}条"
    )


def absences(content: QuarterContent) -> str:
    """Part 三 of the district's report."""
    sums = content.sums
    if not sums["excused"] + sums["unexcused"]:
        return NONE
    named = [
        f"{row['person']}（{row['day']}，{row['title']}）" for row in content.records if row["standing"] == "unexcused"
    ]
    listed = f"（{'；'.join(named)}）" if named else ""
    return f"因正当理由缺席{sums['excused']}次；无正当理由缺席{sums['unexcused']}次{listed}"


def later_entries(content: QuarterContent) -> str:
    """Part 五 of the district's report: supplements and corrections."""
    added = [
        f"{row['quarter']}补报：{row['day']} {row['title']}（{row['person']}，{STANDINGS[row['standing']].zh}，"
        f"意见书{row['opinions']}份，{row['entered_on']}入账）"
        for row in content.supplements
    ]
    changed = [
        f"{row['quarter']}更正：{row['number']}（{row['person']}）{row['what']}由“{row['before']}”改为“{row['now']}”"
        for row in content.corrections
    ]
    return "；".join([*added, *changed]) or NONE


def open_records(content: QuarterContent) -> str:
    """The annex of records that nobody has confirmed."""
    return (
        "；".join(f"{row['day']} {row['title']}（{row['person']}，{row['state']}）" for row in content.unconfirmed)
        or NONE
    )


def open_suggestions(content: QuarterContent) -> str:
    """Part 四 of the report: suggestions that nobody has answered."""
    listed = [
        f"{row['number']}“{row['subject']}”（{row['person']}，{row['addressee']}，应于{row['due_on']}前答复）"
        for row in content.unanswered
    ]
    return "；".join(listed) or NONE


def open_claims(content: QuarterContent) -> str:
    """Part 四 of the report: travel claims that the bureau has not paid."""
    listed = [
        f"{row['number']}（{row['person']}，{row['trip']}，{row['yuan']}元，{row['submitted_on']}提交）"
        for row in content.unpaid
    ]
    return "；".join(listed) or NONE


def record_rows(content: QuarterContent) -> list[dict[str, Any]]:
    """The records as the annex of the report and the form print them."""
    return [
        {**row, "mode": VISIT_MODES[row["mode"]].zh, "standing": STANDINGS[row["standing"]].zh}
        for row in content.records
    ]


def gaps(content: CityContent) -> str:
    """Which units had not reported, each with its days."""
    return "、".join(f"{row['unit']}（逾期{row['days']}天）" for row in content.gaps) or NONE


def late_ones(content: CityContent) -> str:
    """Which units reported late, each with its days."""
    late = [row for row in content.rows if not row["gap"] and row["days_late"]]
    return "、".join(f"{row['unit']}（逾期{row['days_late']}天）" for row in late) or NONE


def attention(rows: Iterable[Row]) -> str:
    """Part 三 of the notification: each kind once, with all whom it is about."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(f"{row['unit']}{row['person']}，{row['text']}")
    return "。".join(f"{kind}：{'；'.join(told)}" for kind, told in kinds.items()) or NONE


def late_reports(rows: Iterable[Row]) -> str:
    """Reports of earlier quarters that came after their notification, both days kept."""
    told = [
        f"{row['unit']}{row['quarter']}报告于{row['sent_on']}报送（该季度通报已于{row['notified_on']}印发，逾期"
        f"{row['days_late']}天），{sentence(row)}"
        for row in rows
    ]
    return "；".join(told) or NONE
