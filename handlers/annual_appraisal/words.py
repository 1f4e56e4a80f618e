"""How the forms and documents of the appraisal say things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from processes.registers.appraisals import UNGRADED, AppraisalEntry
from processes.registers.catalogue.appraisal import WHY_WORDS
from processes.registers.district_views import DistrictView, mean_score
from processes.rules.appraisal import Grade, Why
from processes.rules.excellent import RollStatus

NOTHING = "无"
ROLL = {
    RollStatus.GRADED: "确定等次",
    RollStatus.NOT_GRADED: "参加考核，不确定等次",
    RollStatus.NOT_INCLUDED: "不列入考核",
}
BODY = {"区县政府": "政府", "区县规划自然资源局": "规划自然资源局"}
"""The bodies of a district after its name."""
WHY = {Why(key): each.zh for key, each in WHY_WORDS.items()} | {Why.NONE: ""}


def grade_text(entry: AppraisalEntry) -> str:
    """The grade, or why there is none."""
    if entry.roll == RollStatus.GRADED:
        return entry.grade
    return f"{UNGRADED}（{WHY[Why(entry.why)]}）"


def points(x100: int | None) -> str:
    """Hundredths of a point as points."""
    return "—" if x100 is None else f"{x100 // 100}.{x100 % 100:02d}"


def views_text(views: Iterable[DistrictView]) -> str:
    """All views of a planner's year in one line, the missing ones too, with the mean."""
    listed = list(views)
    said = [
        f"{each.unit.name}{BODY.get(each.body, each.body)}："
        + ("逾期未提出" if each.score is None else f"{each.score}分（{each.suggested}）")
        for each in listed
    ]
    mean = mean_score(listed)
    return "；".join([*said, f"平均{mean}分" if mean is not None else "未提出评价意见"])


def names(entries: Iterable[AppraisalEntry]) -> str:
    """Names in a row."""
    return "、".join(each.person.name for each in entries) or NOTHING


def summary(entries: Iterable[AppraisalEntry]) -> str:
    """How many have each grade, and who stands out."""
    listed = list(entries)
    by_grade = {grade: [each for each in listed if each.grade == grade] for grade in Grade}
    ungraded = [each for each in listed if each.roll == RollStatus.NOT_GRADED]
    return (
        f"优秀{len(by_grade[Grade.EXCELLENT])}人（{names(by_grade[Grade.EXCELLENT])}），"
        f"称职{len(by_grade[Grade.COMPETENT])}人，"
        f"不称职{len(by_grade[Grade.INCOMPETENT])}人（{names(by_grade[Grade.INCOMPETENT])}），"
        f"{UNGRADED}{len(ungraded)}人（{names(ungraded)}）"
    )


def as_item(entry: AppraisalEntry, employer_id: str | None) -> dict[str, Any]:
    """A planner's place on the roll as the called processes get it."""
    return {
        "entry_id": str(entry.id),
        "person_id": str(entry.person_id),
        "person_name": entry.person.name,
        "unit_name": entry.appointment.unit.name,
        "employer_id": employer_id or "",
    }
