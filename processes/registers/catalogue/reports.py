"""The registers of the quarters: reports, what was sent, notifications, summaries (第八条(四)、第十二、十三条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column, unit_columns
from processes.registers.listing import Register
from processes.registers.quarter_reports import (
    REPORT_STATUSES,
    NotificationSnapshot,
    PlannerSummary,
    QuarterNotification,
    QuarterReport,
    QuarterSnapshot,
)
from processes.registers.summaries import SUMMARY_STATUSES, AnnualSummary, SummarySnapshot

_REPORTS = Register(
    "quarter_reports",
    Wording("季度情况报告", "Quarterly reports"),
    (
        *ids(QuarterReport, "id", "case_id"),
        column("quarter", "季度", "Quarter", QuarterReport.quarter, search=True),
        *unit_columns(),
        status_column(QuarterReport.status, REPORT_STATUSES),
        column("due_on", "报送期限", "Due", QuarterReport.due_on, "date"),
        column("sent_on", "报送日期", "Sent", QuarterReport.sent_on, "date"),
        column("days_late", "逾期天数", "Days late", QuarterReport.days_late, "number"),
        column("accepted_on", "接收日期", "Accepted", QuarterReport.accepted_on, "date"),
        column("zero", "零报告", "Zero report", QuarterReport.zero, "boolean"),
        column("returns", "退回次数", "Returned", QuarterReport.returns, "number"),
        column("urged_on", "催报日期", "Urged", QuarterReport.urged_on, "date"),
        column("urged_number", "催报函", "Letter", QuarterReport.urged_number, search=True),
        column("missing_reason", "未报送原因", "Why missing", QuarterReport.missing_reason, "long"),
    ),
    select(QuarterReport).join(QuarterReport.unit),
    (QuarterReport.quarter.desc(), QuarterReport.unit_id, QuarterReport.id),
)

_SNAPSHOTS = Register(
    "quarter_snapshots",
    Wording("季度快照", "What was sent"),
    (
        *ids(QuarterSnapshot, "id", "report_id"),
        id_column("case_id", QuarterReport.case_id),
        id_column("file_id", QuarterSnapshot.file_id),
        column("quarter", "季度", "Quarter", QuarterReport.quarter, search=True),
        *unit_columns(),
        column("version", "版本", "Version", QuarterSnapshot.version, "number"),
        column("at", "报送时间", "Sent", QuarterSnapshot.at, "moment"),
        column("sent_by", "签发", "Sent by", QuarterSnapshot.sent_by),
        column("readings", "口径版本", "Version of the readings", QuarterSnapshot.readings, "number"),
    ),
    select(QuarterSnapshot).join(QuarterSnapshot.report).join(QuarterReport.unit),
    (QuarterReport.quarter.desc(), QuarterReport.unit_id, QuarterSnapshot.version, QuarterSnapshot.id),
)

_NOTIFICATIONS = Register(
    "quarter_notifications",
    Wording("季度情况通报", "Notifications of the quarters"),
    (
        *ids(QuarterNotification, "id", "case_id"),
        id_column("file_id", NotificationSnapshot.file_id),
        column("quarter", "季度", "Quarter", QuarterNotification.quarter, search=True),
        column("number", "发文字号", "Number", QuarterNotification.number, search=True),
        column("due_on", "通报日期", "Due", QuarterNotification.due_on, "date"),
        column("sent_on", "印发日期", "Sent", QuarterNotification.sent_on, "date"),
        column("on_time", "按时报告", "In time", NotificationSnapshot.on_time, "number"),
        column("late", "逾期报告", "Late", NotificationSnapshot.late, "number"),
        column("missing", "未报送", "Missing", NotificationSnapshot.missing, "number"),
        column("highlights", "亮点与问题", "Highlights", NotificationSnapshot.highlights, "long"),
        column("received_on", "签收日期", "Received", QuarterNotification.received_on, "date"),
        column("received_by", "签收人", "Received by", QuarterNotification.received_by),
        column("question", "询问", "Question", QuarterNotification.question, "long"),
    ),
    select(QuarterNotification).outerjoin(QuarterNotification.content),
    (QuarterNotification.quarter.desc(), QuarterNotification.id),
)

_SUMMARIES = Register(
    "planner_summaries",
    Wording("首席规划师咨询情况小结", "Planners' summaries"),
    (
        *ids(PlannerSummary, "id", "case_id", "person_id"),
        column("quarter", "季度", "Quarter", PlannerSummary.quarter, search=True),
        *unit_columns(),
        planner_column(),
        column("given_on", "提交日期", "Given", PlannerSummary.given_on, "date"),
        column("text", "小结", "Summary", PlannerSummary.text, "long", search=True),
    ),
    select(PlannerSummary).join(PlannerSummary.unit).join(PlannerSummary.person),
    (PlannerSummary.quarter.desc(), PlannerSummary.unit_id, PlannerSummary.id),
)

_YEARS = Register(
    "annual_summaries",
    Wording("年度总结", "Summaries of the years"),
    (
        *ids(AnnualSummary, "id", "case_id"),
        id_column("file_id", SummarySnapshot.file_id),
        column("year", "年度", "Year", AnnualSummary.year, "number"),
        status_column(AnnualSummary.status, SUMMARY_STATUSES),
        column("number", "发文字号", "Number", AnnualSummary.number, search=True),
        column("due_on", "期限", "Due", AnnualSummary.due_on, "date"),
        column("approved_on", "审定日期", "Approved", AnnualSummary.approved_on, "date"),
        column("approved_by", "审定人", "Approved by", AnnualSummary.approved_by),
        column("sent_on", "印发日期", "Sent", AnnualSummary.sent_on, "date"),
        column("meeting_on", "上会日期", "Put to the meeting", AnnualSummary.meeting_on, "date"),
        column("received_on", "签收日期", "Received", AnnualSummary.received_on, "date"),
        column("received_by", "签收人", "Received by", AnnualSummary.received_by),
    ),
    select(AnnualSummary).outerjoin(AnnualSummary.content),
    (AnnualSummary.year.desc(), AnnualSummary.id),
)

REPORTS = (_REPORTS, _SNAPSHOTS, _NOTIFICATIONS, _SUMMARIES, _YEARS)
"""The registers of the quarters and of the years, in the order in which they are offered."""
