"""The registers of the yearly appraisal: archive, versions of grades, reports, views (第七条(六)、第十四条)."""

from __future__ import annotations

from sqlalchemy import String, cast, select

from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.registers.annual_reports import ANNUAL_REPORT_STATUSES, AnnualReport
from processes.registers.appointments import Appointment
from processes.registers.appraisals import APPRAISAL_STATUSES, Appraisal, AppraisalEntry, GradeVersion
from processes.registers.catalogue.columns import (
    column,
    ids,
    planner_column,
    readings_column,
    status_column,
    unit_columns,
)
from processes.registers.district_views import DistrictView
from processes.registers.listing import Register
from processes.rules.appraisal import Why
from processes.rules.excellent import RollStatus

ROLL_WORDS = {
    RollStatus.GRADED.value: Wording("确定等次", "Graded"),
    RollStatus.NOT_GRADED.value: Wording("不确定等次", "Not graded"),
    RollStatus.NOT_INCLUDED.value: Wording("不列入", "Not included"),
}
WHY_WORDS = {
    Why.NO_SERVICE.value: Wording("本年度无在聘记录", "Did not serve in the year"),
    Why.DISMISSED.value: Wording("年内解聘", "Dismissed in the year"),
    Why.WITHDRAWN.value: Wording("年内退出", "Left in the year"),
    Why.SHORT_SERVICE.value: Wording("在岗月数不足", "Served too few months"),
    Why.LONG_LEAVE.value: Wording("休假超过半年", "On leave for more than half a year"),
}
SOURCE_WORDS = {
    "panel": Wording("考核组评议", "Panel"),
    "decision": Wording("市局审定", "Decision"),
    "objection": Wording("异议复核", "Objection"),
    "correction": Wording("更正", "Correction"),
    "import": Wording("导入", "Import"),
}

_APPRAISALS = Register(
    "appraisals",
    Wording("年度考核", "Yearly appraisals"),
    (
        *ids(Appraisal, "id", "case_id"),
        column("title", "考核", "Appraisal", cast(Appraisal.year, String) + "年度考核", search=True),
        column("year", "年度", "Year", Appraisal.year, "number"),
        status_column(Appraisal.status, APPRAISAL_STATUSES),
        column("freeze_on", "数据截止", "Records up to", Appraisal.freeze_on, "date"),
        column("decided_on", "审定日期", "Decided", Appraisal.decided_on, "date"),
        readings_column(Appraisal.readings_version),
    ),
    select(Appraisal),
    (Appraisal.year.desc(),),
)

_ENTRIES = Register(
    "appraisal_entries",
    Wording("考核档案", "Appraisal archive"),
    (
        *ids(AppraisalEntry, "id", "person_id", "appraisal_id"),
        column("year", "年度", "Year", Appraisal.year, "number"),
        *unit_columns(),
        planner_column(),
        column("roll", "名册状态", "Roll", AppraisalEntry.roll, "status", words=ROLL_WORDS),
        column("why", "不评等次原因", "Why no grade", AppraisalEntry.why, "status", words=WHY_WORDS),
        column("score_x100", "建议分", "Score", AppraisalEntry.score_x100, "number", per=100),
        column("suggestion", "建议", "Suggested", AppraisalEntry.suggestion),
        column("grade", "等次", "Grade", AppraisalEntry.grade, search=True),
        column("final", "已生效", "Final", AppraisalEntry.final, "boolean"),
        column("report_missing", "未提交述职报告", "No report", AppraisalEntry.report_missing, "boolean"),
        column("told_on", "告知日期", "Told", AppraisalEntry.told_on, "date"),
        column("answer", "本人意见", "Answer", AppraisalEntry.answer),
        column("answered_on", "答复日期", "Answered", AppraisalEntry.answered_on, "date"),
        column("filed_on", "存档日期", "Filed", AppraisalEntry.filed_on, "date"),
        column("filed_by", "存档单位", "Filed by", AppraisalEntry.filed_by),
    ),
    select(AppraisalEntry)
    .join(Appraisal, AppraisalEntry.appraisal_id == Appraisal.id)
    .join(Person, AppraisalEntry.person_id == Person.id)
    .join(Appointment, AppraisalEntry.appointment_id == Appointment.id)
    .join(Unit, Appointment.unit_id == Unit.id),
    (Appraisal.year.desc(), Person.name, AppraisalEntry.id),
)

_VERSIONS = Register(
    "grade_versions",
    Wording("等次变更记录", "Versions of grades"),
    (
        *ids(GradeVersion, "entry_id", "case_id"),
        column("id", "序号", "No.", GradeVersion.id, "number"),
        column("year", "年度", "Year", Appraisal.year, "number"),
        planner_column(),
        column("grade", "等次", "Grade", GradeVersion.grade),
        column("source", "方式", "Way", GradeVersion.source, "status", words=SOURCE_WORDS),
        column("reason", "理由", "Reason", GradeVersion.reason, "long", search=True),
        column("votes", "表决", "Votes", GradeVersion.votes),
        column("by", "办理人", "By", GradeVersion.by),
        column("at", "时间", "At", GradeVersion.at, "moment"),
    ),
    select(GradeVersion)
    .join(AppraisalEntry, GradeVersion.entry_id == AppraisalEntry.id)
    .join(Appraisal, AppraisalEntry.appraisal_id == Appraisal.id)
    .join(Person, AppraisalEntry.person_id == Person.id),
    (GradeVersion.id.desc(),),
)

_REPORTS = Register(
    "annual_reports",
    Wording("年度工作报告", "Annual reports"),
    (
        *ids(AnnualReport, "id", "case_id", "person_id"),
        column("number", "编号", "No.", AnnualReport.number, search=True),
        column("year", "年度", "Year", AnnualReport.year, "number"),
        *unit_columns(),
        planner_column(),
        status_column(AnnualReport.status, ANNUAL_REPORT_STATUSES),
        column("leaving", "离任述职", "On leaving", AnnualReport.leaving, "boolean"),
        column("due_on", "期限", "Due", AnnualReport.due_on, "date"),
        column("sent_on", "提交日期", "Sent", AnnualReport.sent_on, "date"),
        column("check_result", "数据核对", "Check", AnnualReport.check_result, "long"),
        column("disagreement", "数据异议", "Disagreement", AnnualReport.disagreement, "long"),
        column("accepted_on", "接收日期", "Accepted", AnnualReport.accepted_on, "date"),
        readings_column(AnnualReport.readings_version),
    ),
    select(AnnualReport).join(Unit, AnnualReport.unit_id == Unit.id).join(Person, AnnualReport.person_id == Person.id),
    (AnnualReport.year.desc(), Person.name, AnnualReport.id),
)

_VIEWS = Register(
    "district_views",
    Wording("区县评价意见", "Districts' views"),
    (
        *ids(DistrictView, "id", "entry_id"),
        column("year", "年度", "Year", Appraisal.year, "number"),
        *unit_columns(),
        planner_column(),
        column("organization", "评价单位", "Body", Organization.name),
        column("score", "履职评价分", "Score", DistrictView.score, "number"),
        column("comment", "评价意见", "View", DistrictView.comment, "long", search=True),
        column("suggested", "建议等次（仅供参考）", "Suggested, advice only", DistrictView.suggested),
        column("due_on", "期限", "Due", DistrictView.due_on, "date"),
        column("given_on", "提出日期", "Given", DistrictView.given_on, "date"),
        column("missing", "逾期未提出", "None given", DistrictView.missing, "boolean"),
    ),
    select(DistrictView)
    .join(AppraisalEntry, DistrictView.entry_id == AppraisalEntry.id)
    .join(Appraisal, AppraisalEntry.appraisal_id == Appraisal.id)
    .join(Person, AppraisalEntry.person_id == Person.id)
    .join(Unit, DistrictView.unit_id == Unit.id)
    .join(Organization, DistrictView.organization_id == Organization.id),
    (Appraisal.year.desc(), Unit.place, Person.name, DistrictView.id),
)

APPRAISAL = (_APPRAISALS, _ENTRIES, _VERSIONS, _REPORTS, _VIEWS)
"""The registers of the yearly appraisal, in the order in which they are offered."""
