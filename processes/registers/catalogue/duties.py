"""The registers of laws and who has read them, of tasks set by the city bureau, and of service before 2025."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.registers.assignments import ASSIGNMENT_STATUSES, Assignment
from processes.registers.catalogue.columns import column, ids, planner_column, status_column
from processes.registers.former_services import FormerService
from processes.registers.laws import LAW_KINDS, LAW_STATUSES, Law, LawReading
from processes.registers.listing import Register

_LAWS = Register(
    "laws",
    Wording("法规库", "Law library"),
    (
        *ids(Law, "id", "case_id"),
        column("title", "名称", "Title", Law.title, search=True),
        column("number", "文号", "No.", Law.number, search=True),
        column("kind", "类别", "Kind", Law.kind, "status", words=LAW_KINDS),
        column("issuer", "发布机关", "Issued by", Law.issuer, search=True),
        column("in_force_on", "施行日期", "In force", Law.in_force_on, "date"),
        status_column(Law.status, LAW_STATUSES),
        column("required", "必读", "To be read", Law.required, "boolean"),
        column("read_by", "学习期限", "To be read by", Law.read_by, "date"),
        column("summary", "要点", "Summary", Law.summary, "long"),
        column("source", "全文出处", "Full text", Law.source, "long"),
        column("entered_on", "登记日期", "Entered", Law.entered_on, "date"),
    ),
    select(Law),
    (Law.entered_on.desc(), Law.id),
)

_READINGS = Register(
    "law_readings",
    Wording("法规学习", "Laws read"),
    (
        *ids(LawReading, "id", "law_id", "person_id"),
        planner_column(),
        column("title", "名称", "Title", Law.title, search=True),
        column("due_on", "学习期限", "To be read by", LawReading.due_on, "date"),
        column("read_on", "学习日期", "Read", LawReading.read_on, "date"),
        column("note", "学习体会", "Note", LawReading.note, "long"),
    ),
    select(LawReading).join(LawReading.law).join(LawReading.person),
    (LawReading.due_on.desc(), LawReading.id),
)

_ASSIGNMENTS = Register(
    "assignments",
    Wording("市局交办事项", "Tasks set by the city bureau"),
    (
        *ids(Assignment, "id", "case_id", "person_id"),
        column("number", "编号", "No.", Assignment.number, search=True),
        planner_column(),
        column("title", "事项", "Task", Assignment.title, search=True),
        column("assigned_on", "交办日期", "Set", Assignment.assigned_on, "date"),
        column("due_on", "办理期限", "Due", Assignment.due_on, "date"),
        status_column(Assignment.status, ASSIGNMENT_STATUSES),
        column("reported_on", "反馈日期", "Reported", Assignment.reported_on, "date"),
        column("report", "办理情况", "Report", Assignment.report, "long"),
        column("closed_on", "办结日期", "Closed", Assignment.closed_on, "date"),
        column("remark", "市局意见", "Remark", Assignment.remark, "long"),
    ),
    select(Assignment).join(Assignment.person),
    (Assignment.assigned_on.desc(), Assignment.number.desc()),
)

_FORMER = Register(
    "former_services",
    Wording("历史聘任", "Service under the text of 2014"),
    (
        *ids(FormerService, "id", "case_id", "person_id"),
        column("name", "姓名", "Person", Person.name, search=True),
        column("unit", "区县", "District", FormerService.unit_name, search=True),
        column("first_day", "起", "From", FormerService.first_day, "date"),
        column("last_day", "止", "To", FormerService.last_day, "date"),
        column("certificate", "聘书或文件", "Certificate", FormerService.certificate, search=True),
        column("entered_by", "登记人", "Entered by", FormerService.entered_by),
        column("replaces_id", "替代", "Replaces", FormerService.replaces_id, "id"),
    ),
    select(FormerService).join(FormerService.person),
    (FormerService.first_day.desc(), FormerService.id),
)

DUTIES = (_LAWS, _READINGS, _ASSIGNMENTS, _FORMER)
"""The registers of duties, in the order in which they are offered."""
