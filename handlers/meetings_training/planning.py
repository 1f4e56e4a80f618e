"""年度会议培训计划: two regular meetings a year and the special ones; planners see each notice with what else they
have on that day (第十一条)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from handlers.answers import answers, identified, needed_day, rows, text
from handlers.meetings_training.calling import CALL_WD
from handlers.meetings_training.words import KIND_OF
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance, Standing
from processes.registers.history import enter
from processes.registers.meetings import Meeting, MeetingStatus, meeting_of

Variables = dict[str, Any]
_COMING = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED)


@operation("meetings_training.prepare_plan", zh="准备年度计划", en="Prepare the yearly plan")
def prepare_plan(call: Call) -> Variables:
    """The year that is planned: this one unless the calendar says another."""
    return {"plan_year": call.data.get("plan_year") or clock.today().year}


@operation("meetings_training.enter_plan", zh="登记计划", en="Enter the plan")
def enter_plan(call: Call) -> Variables:
    """Each meeting of the plan waits to be called; the bureau is reminded ten working days before."""
    planned: dict[str, Variables] = {}
    for row in rows(answers(call), "plan_rows"):
        day = needed_day(row, "planned_on")
        meeting = Meeting(
            status=MeetingStatus.PLANNED, kind=KIND_OF[row["kind"]], title=text(row, "title"), planned_on=day,
            place=text(row, "place"),
        )  # fmt: skip
        enter(call.session, call.actor, meeting)
        remind_on = call.house.calendar.add_workdays(day, -CALL_WD)
        planned[str(meeting.id)] = {"meeting_id": str(meeting.id), "remind_on": remind_on.isoformat()}
    return {"planned_meetings": planned}


@operation("meetings_training.remind_to_call", zh="提醒召开会议", en="Remind to call the meeting")
def remind_to_call(call: Call) -> Variables:
    """A planned meeting that has not been called yet is told to the clerks and the section head."""
    meeting = meeting_of(call.session, identified(call.data["planned"]["meeting_id"]))
    if meeting.status == MeetingStatus.PLANNED and meeting.planned_on is not None:
        told = message("计划会议“%(title)s”（%(day)s）尚未发出通知。", title=meeting.title,
                       day=meeting.planned_on.isoformat())  # fmt: skip
        for role in ("city_bureau.clerk", "city_bureau.section"):
            notify(call.session, "reminder", told, role=role, organization_id="city_bureau", case_id=call.case.id)
    return {"planned_title": meeting.title}


@operation("meetings_training.show_meeting", zh="出示会议信息", en="Show the meeting")
def show_meeting(call: Call) -> Variables:
    """What the planner sees, with the consultations of the same day."""
    party = call.data["party"]
    meeting = meeting_of(call.session, identified(party["meeting_id"]))
    same_day = (Activity.starts_on == meeting.starts_on, Attendance.standing.in_(_COMING))
    mine = select(Activity.title).join(Attendance).where(Attendance.person_id == identified(party["person_id"]))
    titles = call.session.scalars(mine.where(*same_day)).all()
    return {
        "planner_name": party["planner_name"],
        "clash": f"技术咨询：{'、'.join(titles)}" if titles else "无",
        "answer": "",
        "reason_kind": "",
        "reason": "",
    }
