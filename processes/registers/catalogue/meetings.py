"""The registers of meetings, attendance at them, and training given (第七条、第十一条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Unit
from processes.registers.catalogue.columns import column, ids, planner_column, status_column, unit_columns
from processes.registers.listing import Register
from processes.registers.meetings import (
    ANSWERS,
    MEETING_KINDS,
    MEETING_STATUSES,
    PRESENCES,
    TRAINING_KINDS,
    TRAINING_STATUSES,
    Meeting,
    MeetingAttendance,
    TrainingGiven,
)

_MEETINGS = Register(
    "meetings",
    Wording("会议与培训", "Meetings"),
    (
        *ids(Meeting, "id", "case_id"),
        column("number", "发文字号", "Number", Meeting.number, search=True),
        column("kind", "类型", "Kind", Meeting.kind, "status", words=MEETING_KINDS),
        column("title", "名称", "Title", Meeting.title, search=True),
        column("planned_on", "计划日期", "Planned", Meeting.planned_on, "date"),
        column("starts_on", "日期", "Day", Meeting.starts_on, "date"),
        column("starts_at", "开始时间", "Start", Meeting.starts_at, "moment"),
        column("place", "地点", "Place", Meeting.place, search=True),
        column("unit", "服务区县", "District served", Unit.name, search=True),
        column("half_hours", "学时", "Hours", Meeting.half_hours, "number", per=2),
        status_column(Meeting.status, MEETING_STATUSES),
        column("left_out", "未列入人员及理由", "Left out and why", Meeting.left_out, "long"),
        column("cancelled_why", "取消原因", "Why called off", Meeting.cancelled_why, "long"),
    ),
    select(Meeting).outerjoin(Meeting.unit),
    (Meeting.starts_on.desc(), Meeting.planned_on.desc(), Meeting.id),
)

_ATTENDANCES = Register(
    "meeting_attendances",
    Wording("会议签到", "Attendance at meetings"),
    (
        *ids(MeetingAttendance, "id", "meeting_id", "person_id"),
        column("title", "会议", "Meeting", Meeting.title, search=True),
        column("kind", "类型", "Kind", Meeting.kind, "status", words=MEETING_KINDS),
        column("starts_on", "日期", "Day", Meeting.starts_on, "date"),
        planner_column(),
        column("answer", "答复", "Answer", MeetingAttendance.answer, "status", words=ANSWERS),
        column("reason", "请假说明", "Reason", MeetingAttendance.reason, "long"),
        column("presence", "参加情况", "Presence", MeetingAttendance.presence, "status", words=PRESENCES),
        column("half_hours", "学时", "Hours", MeetingAttendance.half_hours, "number", per=2),
    ),
    select(MeetingAttendance).join(MeetingAttendance.meeting).join(MeetingAttendance.person),
    (Meeting.starts_on.desc(), MeetingAttendance.id),
    Meeting.starts_on,
)

_TRAININGS = Register(
    "trainings_given",
    Wording("对区县人员培训带教", "Training given"),
    (
        *ids(TrainingGiven, "id", "case_id", "person_id"),
        column("number", "证明编号", "Number", TrainingGiven.number, search=True),
        column("day", "日期", "Day", TrainingGiven.day, "date"),
        *unit_columns(),
        planner_column(),
        column("kind", "类型", "Kind", TrainingGiven.kind, "status", words=TRAINING_KINDS),
        column("topic", "主题", "Topic", TrainingGiven.topic, search=True),
        column("people", "人数", "People", TrainingGiven.people, "number"),
        column("half_hours", "学时", "Hours", TrainingGiven.half_hours, "number", per=2),
        status_column(TrainingGiven.status, TRAINING_STATUSES),
        column("confirmed_on", "确认日期", "Confirmed", TrainingGiven.confirmed_on, "date"),
    ),
    select(TrainingGiven).join(TrainingGiven.unit).join(TrainingGiven.person),
    (TrainingGiven.day.desc(), TrainingGiven.id),
    TrainingGiven.day,
)

MEETINGS = (_MEETINGS, _ATTENDANCES, _TRAININGS)
"""The registers of meetings and training, in the order in which they are offered."""
