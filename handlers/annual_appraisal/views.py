"""区县评价意见与意见质量: the districts' views; opinions assessed without reserved ones (第九条(三)、第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from handlers.annual_appraisal.roll import this_appraisal, this_entry
from handlers.annual_appraisal.words import views_text
from handlers.answers import answers, identified, rows, text
from handlers.parties import bureau_of, government_of
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.registers.activities import Activity
from processes.registers.appraisals import AppraisalEntry, AppraisalStatus, entries_of
from processes.registers.attendances import Attendance, RecordState
from processes.registers.district_views import DistrictView, views_of
from processes.registers.grading import readings_of
from processes.registers.history import change_status
from processes.registers.opinions import LEVELS, OVERALL, Opinion
from processes.registers.planner_year import appointments_of_year, planner_year
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
VIEW_WD = 5
"""Working days that a district has at least, however late it is asked (D)."""
SAMPLE = 3
"""Opinions of each planner that are assessed at least, where there are so many (D)."""
RUBRIC = ("concrete", "founded", "useful", "timely")
"""What an opinion is rated by; agreement with the host is none of it (第九条(三))."""
GOVERNMENT, BUREAU = "区县政府", "区县规划自然资源局"


@operation("annual_appraisal.ask_views", zh="请区县提出评价意见", en="Ask the districts")
def ask_views(call: Call) -> Variables:
    """Government and bureau of every district a planner served; two districts are asked both."""
    appraisal = this_appraisal(call)
    change_status(call.session, call.actor, appraisal, AppraisalStatus.VIEWS)
    due = max(date.fromisoformat(call.data["view_due"]), call.house.calendar.add_workdays(clock.today(), VIEW_WD))
    asked: list[Variables] = []
    for entry in entries_of(call.session, appraisal.id):
        if entry.roll == RollStatus.GRADED:
            asked.extend(asked_views(call.session, entry, due))
    return {"asked_views": asked, "view_due": due.isoformat()}


def asked_views(session: Session, entry: AppraisalEntry, due: date) -> list[Variables]:
    """The bodies that are asked about a planner, each with the view that is waited for."""
    units = {each.unit_id: each.unit for each in appointments_of_year(session, entry.person_id, entry.appraisal.year)}
    known = {each.organization_id: each for each in views_of(session, entry.id)}
    made: list[Variables] = []
    for unit in units.values():
        for body, party in ((GOVERNMENT, government_of(session, unit.id)), (BUREAU, bureau_of(session, unit.id))):
            view = known.get(party.id) or DistrictView(
                entry_id=entry.id, unit_id=unit.id, organization_id=party.id, body=body, asked_on=clock.today(),
                due_on=due,
            )  # fmt: skip
            session.add(view)
            session.flush()
            made.append(
                {"entry_id": str(entry.id), "view_id": str(view.id), "body": body, "unit_id": unit.id,
                 "unit_name": unit.name, "person_name": entry.person.name}
            )  # fmt: skip
    return made


@operation("annual_appraisal.show_year", zh="出示年度数据", en="Show the year")
def show_year(call: Call) -> Variables:
    """The planner's year in numbers, for those who are asked about it."""
    entry = this_entry(call)
    found = planner_year(
        call.session, entry.person_id, entry.appraisal.year, readings_of(call.session, entry.appraisal)
    )
    item = call.data["entry"]
    call.case.unit_id = item["unit_id"]
    return {
        "person_name": entry.person.name,
        "unit_name": item["unit_name"],
        "statistics": found.rows() if found else [],
        "score": None,
        "suggest": "",
    }


@operation("annual_appraisal.take_view", zh="登记评价意见", en="Take the view")
def take_view(call: Call) -> Variables:
    """A score, a view and a suggested grade: advice only."""
    view, given = _view(call), answers(call)
    view.score, view.comment, view.suggested = given["score"], text(given, "comment"), text(given, "suggest")
    view.given_on, view.given_by, view.missing = clock.today(), call.actor.name, False
    call.session.flush()
    return {"view_state": "已提出"}


@operation("annual_appraisal.miss_view", zh="登记未提出", en="Note that none came")
def miss_view(call: Call) -> Variables:
    """The appraisal goes on without it; it is marked, and counts in the district's own statistics."""
    _view(call).missing = True
    call.session.flush()
    return {"view_state": "未提出"}


def _view(call: Call) -> DistrictView:
    found: DistrictView = call.session.get_one(DistrictView, identified(call.data["entry"]["view_id"]))
    return found


@operation("annual_appraisal.draw_sample", zh="抽取意见书", en="Draw the sample")
def draw_sample(call: Call) -> Variables:
    """Three opinions spread over the year, or all where there are fewer; a reserved view is not shown."""
    entry = this_entry(call)
    found = opinions_of(call.session, entry.person_id, entry.appraisal.year)
    chosen = [found[place] for place in spread(len(found), SAMPLE)]
    rated = _rated_by_districts(call.session, entry)
    return {
        "person_name": entry.person.name,
        "unit_name": entry.appointment.unit.name,
        "sample": [_shown(each) for each in chosen],
        "sample_ids": [str(each.id) for each in chosen],
        "sample_size": len(chosen),
        "opinions_in_all": len(found),
        "views_say": views_text(views_of(call.session, entry.id)),
        "district_quality": rated,
    }


def spread(count: int, wanted: int) -> list[int]:
    """Places spread evenly over a list, the first and the last among them.

    >>> spread(2, 3), spread(9, 3)
    ([0, 1], [0, 4, 8])
    """
    if count <= wanted:
        return list(range(count))
    return [place * (count - 1) // (wanted - 1) for place in range(wanted)]


def opinions_of(session: Session, person_id: UUID, year: int) -> Sequence[Opinion]:
    """The opinions of a planner on activities of a year whose record is confirmed, oldest first."""
    mine = (Attendance.person_id == person_id, Attendance.record == RecordState.CONFIRMED)
    within = Activity.starts_on.between(date(year, 1, 1), date(year, 12, 31))
    found = (
        select(Opinion)
        .join(Attendance, Opinion.attendance_id == Attendance.id)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(*mine, within, Activity.classified.is_(False))
        .options(selectinload(Opinion.items), selectinload(Opinion.scheme))
    )
    return session.scalars(found.order_by(Opinion.signed_at, Opinion.id)).all()


def _shown(opinion: Opinion) -> Variables:
    items = "\n".join(
        f"{item.place}．{item.issue}（依据：{item.basis or '—'}）建议：{item.suggestion}〔{LEVELS[item.level].zh}〕"
        for item in opinion.items
    )
    return {
        "number": opinion.number,
        "scheme": opinion.scheme.name,
        "overall": OVERALL[opinion.overall].zh,
        "items": items,
        "signed_on": opinion.signed_on.isoformat(),
    }


def _rated_by_districts(session: Session, entry: AppraisalEntry) -> str:
    year = entry.appraisal.year
    within = Activity.starts_on.between(date(year, 1, 1), date(year, 12, 31))
    mine = select(Attendance.quality).join(Activity, Attendance.activity_id == Activity.id)
    rated = [
        each
        for each in session.scalars(mine.where(Attendance.person_id == entry.person_id, within))
        if each is not None
    ]
    return f"{sum(rated) // len(rated)}分（{len(rated)}次）" if rated else "无"


@operation("annual_appraisal.take_quality", zh="登记质量评价", en="Take the assessment")
def take_quality(call: Call) -> Variables:
    """The mean of the sample, each opinion rated by the four points of the rubric."""
    entry, given = this_entry(call), answers(call)
    rated = [sum(row[key] for key in RUBRIC) / len(RUBRIC) for row in rows(given, "sample")]
    quality = int(sum(rated) / len(rated)) if rated else int(given["quality_given"])
    entry.inputs = {
        **entry.inputs,
        "quality": quality,
        "quality_by": call.actor.name,
        "quality_note": text(given, "quality_note"),
        "sample": list(call.data["sample_ids"]),
        "duties": given["duties"],
        "duties_note": text(given, "duties_note"),
    }
    call.session.flush()
    return {"quality": quality}
