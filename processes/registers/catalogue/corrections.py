"""The register of corrections: every old value beside the new one (第十二条、第十四条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column, unit_columns
from processes.registers.corrections import CORRECTION_STATUSES, Correction
from processes.registers.listing import Register

_CORRECTIONS = Register(
    "corrections",
    Wording("记录更正", "Corrections"),
    (
        *ids(Correction, "id", "case_id", "attendance_id"),
        id_column("person_id", Attendance.person_id),
        column("number", "编号", "No.", Correction.number, search=True),
        *unit_columns(),
        column("activity", "活动", "Activity", Activity.title, search=True),
        planner_column(),
        status_column(Correction.status, CORRECTION_STATUSES),
        column("field", "字段", "Field", Correction.field),
        column("old", "原值", "Old value", Correction.old, "long"),
        column("new", "新值", "New value", Correction.new, "long"),
        column("reason", "理由", "Reasons", Correction.reason, "long", search=True),
        column("asked_by", "申请人", "Asked by", Correction.asked_by),
        column("self_service", "自行更正笔误", "Own typing error", Correction.self_service, "boolean"),
        column("effects", "影响", "What it touches", Correction.effects, "list"),
        column("verified", "核实情况", "Verification", Correction.verified, "long"),
        column("approved", "审批情况", "Approval", Correction.approved, "long"),
        column("opinion", "市人力社保局意见", "HR bureau's view", Correction.opinion),
        column("decided", "审定情况", "Decision", Correction.decided, "long"),
        column("corrected_on", "更正日期", "Corrected", Correction.corrected_on, "date"),
    ),
    select(Correction)
    .join(Correction.attendance)
    .join(Activity, Attendance.activity_id == Activity.id)
    .join(Person, Attendance.person_id == Person.id)
    .join(Unit, Correction.unit_id == Unit.id),
    (Correction.created_at.desc(), Correction.id),
)

CORRECTIONS = (_CORRECTIONS,)
"""The register of corrections."""
