"""The registers of service: activities, attendance, opinions and their points, leave (第七、八、九、十五条)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.registers.activities import (
    ACTIVITY_STATUSES,
    SERVICE_KINDS,
    VISIT_MODES,
    Activity,
    Scheme,
)
from processes.registers.appointments import Appointment
from processes.registers.attendances import RECORD_STATES, STANDINGS, Attendance
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column, unit_columns
from processes.registers.leaves import Leave
from processes.registers.listing import Register
from processes.registers.opinions import ADOPTIONS, LEVELS, OVERALL, Opinion, OpinionItem, ReservedOpinion

_ACTIVITIES = Register(
    "activities",
    Wording("技术咨询活动", "Activities"),
    (
        *ids(Activity, "id", "case_id"),
        column("number", "编号", "No.", Activity.number, search=True),
        column("title", "名称", "Title", Activity.title, search=True),
        *unit_columns(Activity.unit_id),
        column("host", "邀请单位", "Host", Organization.name, search=True),
        column("kind", "服务类型", "Kind", Activity.kind, "status", words=SERVICE_KINDS),
        column("mode", "方式", "Mode", Activity.mode, "status", words=VISIT_MODES),
        column("starts_on", "日期", "Day", Activity.starts_on, "date"),
        column("starts_at", "开始时间", "Start", Activity.starts_at, "moment"),
        column("sent_on", "邀请日期", "Invited", Activity.sent_on, "date"),
        status_column(Activity.status, ACTIVITY_STATUSES),
        column("classified", "涉密", "Classified", Activity.classified, "boolean"),
        column("cancelled_why", "取消或延期原因", "Why called off", Activity.cancelled_why, "long"),
    ),
    select(Activity).join(Activity.unit).join(Activity.host),
    (Activity.starts_on.desc(), Activity.id),
    Activity.starts_on,
)

_ATTENDANCES = Register(
    "attendances",
    Wording("出席与记录", "Attendance and records"),
    (
        *ids(Attendance, "id", "activity_id"),
        id_column("case_id", Activity.case_id),
        id_column("person_id", Attendance.person_id),
        id_column("host_kind", Activity.host_kind),
        column("number", "活动编号", "Activity no.", Activity.number, search=True),
        column("starts_on", "日期", "Day", Activity.starts_on, "date"),
        *unit_columns(Activity.unit_id),
        planner_column(),
        column("mode", "方式", "Mode", Activity.mode, "status", words=VISIT_MODES),
        status_column(Attendance.standing, STANDINGS),
        column("countable", "缺席计次", "Absence would count", Attendance.countable, "boolean"),
        column("record", "服务记录", "Record", Attendance.record, "status", words=RECORD_STATES),
        column("recorded_on", "记录日期", "Recorded", Attendance.recorded_on, "date"),
        column("confirmed_on", "确认日期", "Confirmed", Attendance.confirmed_on, "date"),
        column("quality", "意见质量", "Quality", Attendance.quality, "number"),
        column("support_note", "对区县支持的反馈", "On the district's support", Attendance.support_note, "long"),
    ),
    select(Attendance)
    .join(Attendance.activity)
    .join(Unit, Activity.unit_id == Unit.id)
    .join(Person, Attendance.person_id == Person.id),
    (Activity.starts_on.desc(), Attendance.id),
    Activity.starts_on,
)

_OPINIONS = Register(
    "opinions",
    Wording("技术咨询意见书", "Opinions"),
    (
        *ids(Opinion, "id", "attendance_id", "file_id"),
        *ids(Attendance, "person_id", "record"),
        column("number", "编号", "No.", Opinion.number, search=True),
        *unit_columns(Activity.unit_id),
        planner_column(),
        column("scheme", "项目/方案", "Scheme", Scheme.name, search=True),
        column("overall", "总体评价", "Overall view", Opinion.overall, "status", words=OVERALL),
        column("signed_on", "签名日期", "Signed", Opinion.signed_on, "date"),
        column("reserved", "保留意见", "Reserved view", ReservedOpinion.text, "long", search=True),
    ),
    select(Opinion)
    .join(Opinion.scheme)
    .join(Attendance, Opinion.attendance_id == Attendance.id)
    .join(Activity, Attendance.activity_id == Activity.id)
    .join(Unit, Activity.unit_id == Unit.id)
    .join(Person, Attendance.person_id == Person.id)
    .outerjoin(ReservedOpinion, ReservedOpinion.opinion_id == Opinion.id),
    (Opinion.signed_on.desc(), Opinion.id),
    Activity.starts_on,
)

_ITEMS = Register(
    "opinion_items",
    Wording("意见条目与采纳", "Points and adoption"),
    (
        *ids(OpinionItem, "id", "opinion_id"),
        *ids(Attendance, "person_id", "record"),
        column("number", "意见书编号", "Opinion no.", Opinion.number, search=True),
        column("place", "序号", "No.", OpinionItem.place, "number"),
        *unit_columns(Activity.unit_id),
        planner_column(),
        column("issue", "问题", "Issue", OpinionItem.issue, "long", search=True),
        column("basis", "依据", "Basis", OpinionItem.basis, "long"),
        column("suggestion", "建议", "Suggestion", OpinionItem.suggestion, "long", search=True),
        column("level", "程度", "Level", OpinionItem.level, "status", words=LEVELS),
        column("adoption", "采纳情况", "Adoption", OpinionItem.adoption, "status", words=ADOPTIONS),
        column("adoption_reason", "理由", "Reasons", OpinionItem.adoption_reason, "long"),
        column("adopted_on", "反馈日期", "Answered", OpinionItem.adopted_on, "date"),
    ),
    select(OpinionItem)
    .join(OpinionItem.opinion)
    .join(Attendance, Opinion.attendance_id == Attendance.id)
    .join(Activity, Attendance.activity_id == Activity.id)
    .join(Unit, Activity.unit_id == Unit.id)
    .join(Person, Attendance.person_id == Person.id),
    (Opinion.signed_on.desc(), OpinionItem.opinion_id, OpinionItem.place),
    Activity.starts_on,
)

_acting = aliased(Person)
_LEAVES = Register(
    "leaves",
    Wording("休假与代理", "Leave and acting planners"),
    (
        *ids(Leave, "id", "appointment_id"),
        *unit_columns(Appointment.unit_id),
        planner_column(),
        column("first_day", "起", "From", Leave.first_day, "date"),
        column("last_day", "止", "Until", Leave.last_day, "date"),
        column("reason", "事由", "Reason", Leave.reason, "long", search=True),
        column("acting", "代理人", "Acting", _acting.name, search=True),
        column("recorded_by", "登记人", "Recorded by", Leave.recorded_by),
    ),
    select(Leave)
    .join(Leave.appointment)
    .join(Unit, Appointment.unit_id == Unit.id)
    .join(Person, Appointment.person_id == Person.id)
    .outerjoin(_acting, Leave.acting_id == _acting.id),
    (Leave.first_day.desc(), Leave.id),
)

SERVICE = (_ACTIVITIES, _ATTENDANCES, _OPINIONS, _ITEMS, _LEAVES)
"""The registers of service, in the order in which they are offered."""
