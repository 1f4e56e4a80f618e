"""The register of objections to grades (第十四条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.registers.catalogue.columns import column, ids, planner_column, readings_column, status_column
from processes.registers.listing import Register
from processes.registers.objections import OBJECTION_STATUSES, Objection

_OBJECTIONS = Register(
    "objections",
    Wording("考核异议", "Objections"),
    (
        *ids(Objection, "id", "case_id", "person_id", "entry_id"),
        column("number", "编号", "No.", Objection.number, search=True),
        column("year", "年度", "Year", Objection.year, "number"),
        planner_column(),
        status_column(Objection.status, OBJECTION_STATUSES),
        column("old_grade", "原等次", "Grade given", Objection.old_grade),
        column("statement", "异议理由", "Reasons", Objection.statement, "long", search=True),
        column("filed_on", "提出日期", "Filed", Objection.filed_on, "date"),
        column("window_ends", "异议期限", "Last day", Objection.window_ends, "date"),
        column("late", "逾期", "Late", Objection.late, "boolean"),
        column("accepted_on", "受理日期", "Accepted", Objection.accepted_on, "date"),
        column("review_due", "复核期限", "Review due", Objection.review_due, "date"),
        column("reviewers", "复核人员", "Reviewers", Objection.reviewers, "list"),
        column("facts", "复核事实", "Facts", Objection.facts, "long"),
        column("proposal", "复核意见", "Proposal", Objection.proposal),
        column("opinion", "市人力社保局意见", "HR bureau's view", Objection.opinion),
        column("new_grade", "变更后等次", "New grade", Objection.new_grade),
        column("reason", "决定理由", "Reasons of the decision", Objection.reason, "long"),
        column("decided_on", "决定日期", "Decided", Objection.decided_on, "date"),
        column("decided_by", "决定人", "Decided by", Objection.decided_by),
        column("document_number", "决定书编号", "Letter", Objection.document_number, search=True),
        readings_column(Objection.readings_version),
    ),
    select(Objection).join(Person, Objection.person_id == Person.id),
    (Objection.created_at.desc(), Objection.id),
)

OBJECTIONS = (_OBJECTIONS,)
"""The register of objections."""
