"""The registers of leaving and staying: dismissals (with what 第十五条(五) restricts), withdrawals, renewals."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.registers.appointments import Appointment
from processes.registers.catalogue.columns import (
    column,
    ids,
    planner_column,
    readings_column,
    status_column,
    unit_columns,
)
from processes.registers.dismissals import DISMISSAL_STATUSES, Dismissal, RestrictedFile
from processes.registers.listing import Register
from processes.registers.renewals import RENEWAL_STATUSES, Renewal
from processes.registers.withdrawals import WITHDRAWAL_STATUSES, Withdrawal

RESTRICTED_READERS = ("city_bureau.section", "city_bureau.leader", "hr_bureau.leader")
"""Who may open the evidence of 第十五条(五)."""

_DISMISSALS = Register(
    "dismissals",
    Wording("解聘案", "Dismissal cases"),
    (
        *ids(Dismissal, "id", "case_id", "person_id", "appointment_id"),
        column("number", "编号", "No.", Dismissal.number, search=True),
        *unit_columns(),
        planner_column(),
        status_column(Dismissal.status, DISMISSAL_STATUSES),
        column("items", "情形（第十五条各项）", "Items of Article 15", Dismissal.items, "list"),
        column("executed_item", "执行的项", "Item carried out", Dismissal.executed_item, "number"),
        column("told_on", "告知日期", "Told", Dismissal.told_on, "date"),
        column("stated_on", "陈述日期", "Heard", Dismissal.stated_on, "date"),
        column("opinion", "市人力社保局意见", "HR bureau's view", Dismissal.opinion),
        column("decided_on", "决定日期", "Decided", Dismissal.decided_on, "date"),
        column("decided_by", "决定人", "Decided by", Dismissal.decided_by),
        column("effective_on", "生效日期", "Effective", Dismissal.effective_on, "date"),
        column("notice_number", "通知书编号", "Notice", Dismissal.notice_number, search=True),
        column("served_how", "送达方式", "Served", Dismissal.served_how),
        readings_column(Dismissal.readings_version),
        *(
            column(key, zh, en, expression, "long", readers=RESTRICTED_READERS)
            for key, zh, en, expression in (
                ("restricted_body", "有权机关（限制查阅）", "Competent body (restricted)", RestrictedFile.body),
                ("restricted_number", "文书编号（限制查阅）", "Document (restricted)", RestrictedFile.document_number),
                ("restricted_finding", "认定（限制查阅）", "Finding (restricted)", RestrictedFile.finding),
                ("restricted_facts", "事实与证据（限制查阅）", "Evidence (restricted)", RestrictedFile.facts),
            )
        ),
    ),
    select(Dismissal)
    .join(Unit, Dismissal.unit_id == Unit.id)
    .join(Person, Dismissal.person_id == Person.id)
    .outerjoin(RestrictedFile, RestrictedFile.dismissal_id == Dismissal.id),
    (Dismissal.created_at.desc(), Dismissal.id),
)

_WITHDRAWALS = Register(
    "withdrawals",
    Wording("退出申请", "Withdrawals"),
    (
        *ids(Withdrawal, "id", "case_id", "person_id"),
        column("number", "编号", "No.", Withdrawal.number, search=True),
        column("name", "姓名", "Name", Person.name, search=True),
        column("stage", "阶段", "Stage", Withdrawal.stage),
        status_column(Withdrawal.status, WITHDRAWAL_STATUSES),
        column("by_employer", "单位提出", "By the employer", Withdrawal.by_employer, "boolean"),
        column("reason", "原因", "Reason", Withdrawal.reason, "long", search=True),
        column("wished_on", "希望生效日期", "Wished from", Withdrawal.wished_on, "date"),
        column("talked_on", "谈话日期", "Talk", Withdrawal.talked_on, "date"),
        column("talk", "谈话情况", "What was said", Withdrawal.talk, "long"),
        column("objection_open", "异议复核中", "Objection open", Withdrawal.objection_open, "boolean"),
    ),
    select(Withdrawal).join(Person, Withdrawal.person_id == Person.id),
    (Withdrawal.created_at.desc(), Withdrawal.id),
)

_RENEWALS = Register(
    "renewals",
    Wording("聘期考核与续聘", "Ends of terms"),
    (
        *ids(Renewal, "id", "case_id", "appointment_id", "next_id"),
        *unit_columns(),
        planner_column(),
        column("term_end", "聘期止", "Term ends", Appointment.term_end, "date"),
        status_column(Renewal.status, RENEWAL_STATUSES),
        column("term_result", "聘期考核", "Term appraisal", Renewal.term_result),
        column("willing", "本人意愿", "Willing", Renewal.willing),
        column("need", "区县需求", "Need", Renewal.need),
        column("consent", "单位意见", "Employer", Renewal.consent),
        column("opinion", "市人力社保局意见", "HR bureau's view", Renewal.opinion),
        column("decision", "决定", "Decision", Renewal.decision),
        column("decision_reason", "理由", "Reasons", Renewal.decision_reason, "long"),
        column("decided_on", "决定日期", "Decided", Renewal.decided_on, "date"),
        column("decided_by", "决定人", "Decided by", Renewal.decided_by),
        column("gap_days", "中断天数", "Days between", Renewal.gap_days, "number"),
        column("extended_until", "延期履职至", "Extended until", Renewal.extended_until, "date"),
    ),
    select(Renewal)
    .join(Appointment, Renewal.appointment_id == Appointment.id)
    .join(Unit, Appointment.unit_id == Unit.id)
    .join(Person, Appointment.person_id == Person.id),
    (Appointment.term_end.desc(), Renewal.id),
)

LEAVING = (_DISMISSALS, _WITHDRAWALS, _RENEWALS)
"""The registers of leaving and staying in office, in the order in which they are offered."""
