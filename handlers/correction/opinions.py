"""更正意见书: what of a signed opinion and of its adoption may be corrected; a reserved view never (第九条(三))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified
from handlers.correction.effects import Effects
from processes.forms.wording import Option, Wording
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.attendances import attendance_of
from processes.registers.corrections import Correction
from processes.registers.opinions import ADOPTIONS, LEVELS, OVERALL, Opinion, OpinionItem
from processes.registers.quarter_reports import report_on, spoken_quarter
from processes.rules.quarters import Quarter

Point = OpinionItem | None
WHOLE = "whole"
"""What the overall view is about: no single point."""


@dataclass(frozen=True)
class Part:
    """One part of an opinion: the question of the form that gives its new value, how it is read, said and written."""

    name: str
    answer: str
    attribute: str
    words: Mapping[str, Wording] | None = None
    of_district: bool = False
    """The district's to say, not the planner's."""

    def named(self, point: Point) -> str:
        """As the register of corrections names it."""
        return f"意见{point.place}·{self.name}" if point is not None else self.name

    def read(self, opinion: Opinion, point: Point) -> str:
        """The value as it stands."""
        return str(getattr(point if point is not None else opinion, self.attribute))

    def spoken(self, value: str) -> str:
        """A value as people read it."""
        return (self.words[value].zh if self.words else value) or "—"

    def stored(self, answer: Any) -> str:
        """An answer as the register keeps it."""
        known = {wording.zh: key for key, wording in (self.words or {}).items()}
        return known.get(str(answer), str(answer))

    def write(self, opinion: Opinion, point: Point, value: str, day: date) -> None:
        """The new value takes effect."""
        setattr(point if point is not None else opinion, self.attribute, value)
        if point is not None and self.attribute == "adoption":
            point.adopted_on = point.adopted_on or day


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("问题", "new_words", "issue"),
        Part("依据", "new_words", "basis"),
        Part("建议", "new_words", "suggestion"),
        Part("等级", "new_level", "level", LEVELS),
        Part("总体评价", "new_overall", "overall", OVERALL),
        Part("采纳情况", "new_adoption", "adoption", ADOPTIONS, of_district=True),
        Part("采纳理由", "new_words", "adoption_reason", of_district=True),
    )
}
"""Every part that may be corrected; there is none for a reserved view."""


def point_of(opinion: Opinion, item: Any) -> Point:
    """The point that a form named; None for the opinion as a whole."""
    if not item or item == WHOLE:
        return None
    return next(each for each in opinion.items if each.id == identified(item))


def shown_opinion(opinion: Opinion) -> dict[str, Any]:
    """The opinion as it stands, with the reserved view in full."""
    return {
        "item_rows": [
            {
                "place": str(each.place),
                "issue": each.issue,
                "basis": each.basis or "—",
                "suggestion": each.suggestion,
                "level": LEVELS[each.level].zh,
                "adoption": ADOPTIONS[each.adoption].zh,
                "adoption_reason": each.adoption_reason or "—",
            }
            for each in opinion.items
        ],
        "overall_says": OVERALL[opinion.overall].zh,
        "reserved_text": opinion.reserved.text if opinion.reserved is not None else "无",
    }


def points_of(opinion: Opinion) -> list[Option]:
    """What of an opinion a correction may be about: the whole, or one point."""
    return [
        Option(WHOLE, "整份意见书"),
        *(Option(str(each.id), f"第{each.place}条：{each.issue[:40]}") for each in opinion.items),
    ]


def opinion_effects(session: Session, correction: Correction, opinion: Opinion, part: Part) -> Effects:
    """What a corrected opinion touches: the paper that was issued, a sent report, an appraisal that sampled it."""
    found, attendance = Effects(), attendance_of(session, correction.attendance_id)
    day = attendance.activity.starts_on
    if opinion.number:
        found.tell("意见书", opinion.number, "已签发的意见书保持原样，附更正说明；保留意见不受影响")
    report = report_on(session, attendance.activity.unit_id, Quarter.of(day))
    if part.attribute == "adoption" and report is not None and report.sent_on is not None:
        found.sent = True
        says = f"已于{report.sent_on:%Y-%m-%d}报送，采纳数保持原样；更正后的采纳数计入全年统计"
        found.tell("季度报告", f"{report.unit.name}{spoken_quarter(Quarter.of(day))}", says)
    _sampled(session, found, correction, opinion, part)
    return found


def _sampled(session: Session, found: Effects, correction: Correction, opinion: Opinion, part: Part) -> None:
    person_id, year = correction.attendance.person_id, correction.attendance.activity.starts_on.year
    mine = select(AppraisalEntry).join(AppraisalEntry.appraisal)
    for entry in session.scalars(mine.where(AppraisalEntry.person_id == person_id, Appraisal.year == year)):
        if part.of_district or str(opinion.id) not in (entry.inputs.get("sample") or ()):
            continue
        subject = f"{entry.person.name}{year}年度考核"
        if entry.final:
            found.final = True
            found.tell(
                "考核", subject, f"意见质量抽评过本意见书，等次“{entry.grade}”已生效；须征求意见并由市局领导审定"
            )
        else:
            found.tell("考核", subject, "意见质量抽评过本意见书，尚未生效，须按更正后的内容核对")


def write_opinion(session: Session, correction: Correction, day: date) -> None:
    """The corrected part takes effect beside its old value; the reserved view is as it was."""
    opinion = session.get_one(Opinion, correction.opinion_id)
    part, point = PARTS[correction.value["part"]], point_of(opinion, correction.value["item"])
    part.write(opinion, point, correction.value["value"], day)
    session.flush()
