"""The registers of the selection, each with its columns (第六条)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.registers.application_statuses import APPLICATION_STATUSES
from processes.registers.applications import Application
from processes.registers.appointments import APPOINTMENT_STATUSES, Appointment
from processes.registers.catalogue.columns import column, id_column, ids, status_column, unit_columns
from processes.registers.deliberations import Deliberation
from processes.registers.experts import EXPERT_STATUSES, Expert
from processes.registers.letters import LETTER_KINDS, LETTER_STATUSES, Letter
from processes.registers.listing import Column, Register
from processes.registers.needs import NEED_STATUSES, Need
from processes.registers.nominations import NOMINATION_STATUSES, Nomination
from processes.registers.planner_posts import POST_STATUSES, PlannerPost
from processes.registers.rounds import ROUND_STATUSES, Round
from processes.rules.eligibility import Eligibility

_ROUTES = {"A": Wording("一般条件", "General"), "B": Wording("实践经验", "Practical")}

_FINDINGS: dict[str, Wording] = {
    Eligibility.MEETS_GENERAL: Wording("符合一般条件", "Meets the general conditions"),
    Eligibility.NEEDS_RECOGNITION: Wording("须按实践经验认定", "Needs recognition by experience"),
    Eligibility.INCOMPLETE: Wording("材料不齐", "Papers are missing"),
    Eligibility.NOT_ELIGIBLE: Wording("不符合条件", "Not eligible"),
}


def _round(round_id: Any) -> tuple[Column, Column]:
    return id_column("round_id", round_id), column("round", "轮次", "Round", Round.name)


_successor = aliased(Unit)

_UNITS = Register(
    "units",
    Wording("服务单元", "Service units"),
    (
        id_column("id", Unit.id),
        column("name", "名称", "Name", Unit.name, search=True),
        column("division_code", "区划代码", "Division code", Unit.division_code, search=True),
        column("kind", "类型", "Kind", Unit.kind),
        column("zone", "片区", "Part of the city", Unit.zone, search=True),
        column("valid_from", "起", "From", Unit.valid_from, "date"),
        column("valid_to", "止", "Until", Unit.valid_to, "date"),
        column("successor", "承继单元", "Successor", _successor.name),
        column("note", "备注", "Note", Unit.note, "long"),
    ),
    select(Unit).outerjoin(_successor, Unit.successor_id == _successor.id),
    (Unit.place, Unit.id),
)

_ROUNDS = Register(
    "rounds",
    Wording("选聘轮次", "Rounds"),
    (
        *ids(Round, "id", "case_id"),
        column("name", "轮次", "Round", Round.name, search=True),
        status_column(Round.status, ROUND_STATUSES),
        column("short", "补选", "Short form", Round.short, "boolean"),
        column("reply_due", "需求答复截止", "Needs due", Round.reply_due, "date"),
        column("apply_from", "报名开始", "Call opens", Round.apply_from, "date"),
        column("apply_until", "报名截止", "Call closes", Round.apply_until, "date"),
        column("calls", "报名次数", "Calls", Round.calls, "number"),
        column("term_start", "聘期起", "Term from", Round.term_start, "date"),
        column("term_end", "聘期止", "Term until", Round.term_end, "date"),
        column("opened_by", "发起人", "Opened by", Round.opened_by, search=True),
        column("opened_at", "发起时间", "Opened", Round.opened_at, "moment"),
        column("ended_at", "结束时间", "Ended", Round.ended_at, "moment"),
    ),
    select(Round),
    (Round.opened_at.desc(), Round.id),
)

_NEEDS = Register(
    "needs",
    Wording("需求", "Needs"),
    (
        id_column("id", Need.id),
        *_round(Need.round_id),
        *unit_columns(Need.unit_id),
        status_column(Need.status, NEED_STATUSES),
        column("has_need", "是否需要", "Need", Need.has_need, "boolean"),
        column("posts", "需求人数", "Planners asked for", Need.posts, "number"),
        column("posts_fixed", "核定岗位", "Posts fixed", Need.posts_fixed, "number"),
        column("specialties", "专业方向", "Specialties", Need.specialties, "list"),
        column("annual_demand", "预计年咨询次数", "Consultations a year", Need.annual_demand, "number"),
        column("wish_person", "意向人选", "Person wished for", Need.wish_person, search=True),
        column("reason", "理由", "Reason", Need.reason, "long", search=True),
        column("reply_due", "答复截止", "Due", Round.reply_due, "date"),
        column("answered_on", "填报日期", "Answered", Need.answered_on, "date"),
        column("answered_by", "填报人", "Answered by", Need.answered_by),
    ),
    select(Need).join(Need.round).join(Need.unit),
    (Round.opened_at.desc(), Unit.place, Need.id),
)

_POSTS = Register(
    "posts",
    Wording("首席规划师岗位", "Planner posts"),
    (
        id_column("id", PlannerPost.id),
        *_round(PlannerPost.round_id),
        *unit_columns(PlannerPost.unit_id),
        column("number", "岗位序号", "Post no.", PlannerPost.number, "number"),
        column("specialties", "专业方向", "Specialties", PlannerPost.specialties, "list"),
        status_column(PlannerPost.status, POST_STATUSES),
        column("vacancy_reason", "空缺原因", "Why vacant", PlannerPost.vacancy_reason, "long", search=True),
        column("next_step", "后续安排", "Next step", PlannerPost.next_step, "long"),
    ),
    select(PlannerPost).join(PlannerPost.round).join(PlannerPost.unit),
    (Round.opened_at.desc(), Unit.place, PlannerPost.number, PlannerPost.id),
)

_APPLICATIONS = Register(
    "applications",
    Wording("报名与认定", "Applications"),
    (
        *ids(Application, "id", "case_id", "person_id"),
        column("number", "报名编号", "No.", Application.number, search=True),
        *_round(Application.round_id),
        column("name", "姓名", "Name", Application.name, search=True),
        column("mobile", "手机", "Mobile", Application.mobile, masked=True),
        column("employer", "所在单位", "Employer", Organization.name, search=True),
        column("title_level", "职称级别", "Title level", Application.title_level),
        column("planner_cert", "注册规划师资格", "Planner's qualification", Application.planner_cert),
        column("specialties", "专业方向", "Specialties", Application.specialties, "list"),
        status_column(Application.status, APPLICATION_STATUSES),
        column("route", "资格途径", "Route", Application.route, "status", words=_ROUTES),
        column("rule_result", "规则核验", "Rule result", Application.rule_result, "status", words=_FINDINGS),
        column("finding", "认定结果", "Finding", Application.finding),
        column("reviewer", "审核人", "Reviewer", Application.reviewer),
        column(
            "same_employer", "审核人与报名人同单位", "Reviewer of same employer", Application.same_employer, "boolean"
        ),
        column("recognised", "合议认定", "Recognised", Application.recognised, "boolean"),
        column("late", "逾期报名", "Late", Application.late, "boolean"),
        column("submitted_at", "提交时间", "Submitted", Application.submitted_at, "moment"),
    ),
    select(Application).join(Application.round).outerjoin(Application.employer),
    (Round.opened_at.desc(), Application.number),
)

_NOMINATIONS = Register(
    "nominations",
    Wording("建议人选", "Nominations"),
    (
        id_column("id", Nomination.id),
        *_round(Nomination.round_id),
        *unit_columns(PlannerPost.unit_id),
        column("post", "岗位序号", "Post no.", PlannerPost.number, "number"),
        column("name", "姓名", "Name", Application.name, search=True),
        column("employer", "所在单位", "Employer", Organization.name, search=True),
        column("rank", "顺位", "Rank", Nomination.rank, "number"),
        status_column(Nomination.status, NOMINATION_STATUSES),
        column("votes", "表决", "Votes", Nomination.votes),
        column("reason", "理由", "Reason", Nomination.reason, "long"),
        column("hr_reason", "市人力社保局意见", "HR bureau's view", Nomination.hr_reason, "long"),
        column("district_reason", "区县意见", "District's view", Nomination.district_reason, "long"),
    ),
    select(Nomination)
    .join(Nomination.post)
    .join(Unit, PlannerPost.unit_id == Unit.id)
    .join(Round, Nomination.round_id == Round.id)
    .join(Nomination.application)
    .outerjoin(Application.employer),
    (Round.opened_at.desc(), Unit.place, PlannerPost.number, Nomination.rank, Nomination.id),
)

_DELIBERATIONS = Register(
    "deliberations",
    Wording("遴选合议", "Deliberations"),
    (
        id_column("id", Deliberation.id),
        *_round(Deliberation.round_id),
        column("number", "期次", "Meeting", Deliberation.number, "number"),
        column("met_on", "日期", "Day", Deliberation.met_on, "date"),
        column("place", "地点", "Place", Deliberation.place, search=True),
        column("chair", "主持人", "Chair", Deliberation.chair, search=True),
        column("recorder", "记录", "Recorder", Deliberation.recorder),
        column("recorded_by", "登记人", "Recorded by", Deliberation.recorded_by),
        column("recorded_at", "登记时间", "Recorded", Deliberation.recorded_at, "moment"),
    ),
    select(Deliberation).join(Deliberation.round),
    (Deliberation.met_on.desc(), Deliberation.number.desc(), Deliberation.id),
)

_LETTERS = Register(
    "letters",
    Wording("函件", "Letters"),
    (
        *ids(Letter, "id", "case_id", "file_id"),
        column("number", "发文字号", "Number", Letter.number, search=True),
        column("kind", "种类", "Kind", Letter.kind, "status", words=LETTER_KINDS),
        id_column("unit_id", Letter.unit_id),
        column("addressee", "主送机关", "Addressee", Letter.addressee, search=True),
        column("subject", "标题", "Subject", Letter.subject, search=True),
        column("sent_on", "发出日期", "Sent", Letter.sent_on, "date"),
        column("due_on", "复函截止", "Due", Letter.due_on, "date"),
        column("replied_on", "复函日期", "Replied", Letter.replied_on, "date"),
        status_column(Letter.status, LETTER_STATUSES),
        column("opinion", "意见", "Opinion", Letter.opinion),
        column("advice", "建议或理由", "Advice or reasons", Letter.advice, "long"),
        column("reply_no", "复函文号", "Reply no.", Letter.reply_no, search=True),
        column("silence_decision", "未复函处理", "Decision without reply", Letter.silence_decision),
        column("silence_reason", "处理理由", "Reason of the decision", Letter.silence_reason, "long"),
        column("silence_by", "处理人", "Decided by", Letter.silence_by),
    ),
    select(Letter),
    (Letter.sent_on.desc(), Letter.number.desc(), Letter.unit_id, Letter.id),
)

_EXPERTS = Register(
    "experts",
    Wording("专家库", "Expert library"),
    (
        *ids(Expert, "id", "person_id"),
        column("name", "姓名", "Name", Expert.name, search=True),
        column("mobile", "手机", "Mobile", Person.mobile, masked=True),
        column("employer", "所在单位", "Employer", Organization.name, search=True),
        column("title_level", "职称级别", "Title level", Expert.title_level),
        column("title_name", "职称", "Title", Expert.title_name, search=True),
        column("planner_cert", "注册规划师资格", "Planner's qualification", Expert.planner_cert),
        column("specialties", "专业方向", "Specialties", Expert.specialties, "list"),
        column("route", "资格途径", "Route", Expert.route, "status", words=_ROUTES),
        status_column(Expert.status, EXPERT_STATUSES),
        column("cert_valid_until", "注册证书有效期至", "Registration valid until", Expert.cert_valid_until, "date"),
        column("checked_on", "最近核对", "Last checked", Expert.checked_on, "date"),
        column("entered_at", "入库时间", "Entered", Expert.entered_at, "moment"),
    ),
    select(Expert).join(Expert.person).outerjoin(Expert.employer),
    (Expert.name, Expert.id),
)

_APPOINTMENTS = Register(
    "appointments",
    Wording("聘任", "Appointments"),
    (
        *ids(Appointment, "id", "person_id"),
        *unit_columns(Appointment.unit_id),
        column("post", "岗位序号", "Post no.", PlannerPost.number, "number"),
        column("name", "姓名", "Name", Person.name, search=True),
        status_column(Appointment.status, APPOINTMENT_STATUSES),
        column("term_start", "聘期起", "Term from", Appointment.term_start, "date"),
        column("term_end", "聘期止", "Term until", Appointment.term_end, "date"),
        column("certificate_number", "聘书编号", "Certificate no.", Appointment.certificate_number, search=True),
        id_column("certificate_file_id", Appointment.certificate_file_id),
        column("issued_on", "颁发日期", "Issued", Appointment.issued_on, "date"),
        column("received_on", "签收日期", "Received", Appointment.received_on, "date"),
        column("ended_on", "提前结束日期", "Ended early on", Appointment.ended_on, "date"),
        column("end_ground", "结束依据", "Ground", Appointment.end_ground, "long"),
    ),
    select(Appointment).join(Appointment.person).join(Appointment.unit).join(Appointment.post),
    (Appointment.term_start.desc(), Unit.place, PlannerPost.number, Appointment.id),
)

APPOINTMENT = (
    _UNITS,
    _NEEDS,
    _POSTS,
    _APPLICATIONS,
    _EXPERTS,
    _APPOINTMENTS,
    _LETTERS,
    _NOMINATIONS,
    _DELIBERATIONS,
    _ROUNDS,
)
"""The registers of the selection, in the order in which they are offered."""
