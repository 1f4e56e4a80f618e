"""The registers that can be shown, each with its columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.messages import message
from processes.registers.application_statuses import APPLICATION_STATUSES
from processes.registers.applications import Application
from processes.registers.appointments import APPOINTMENT_STATUSES, Appointment
from processes.registers.deliberations import Deliberation
from processes.registers.experts import EXPERT_STATUSES, Expert
from processes.registers.letters import LETTER_KINDS, LETTER_STATUSES, Letter
from processes.registers.listing import Column, Kind, Register
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


def _column(key: str, zh: str, en: str, expression: Any, kind: Kind = "text", **more: Any) -> Column:
    return Column(key, Wording(zh, en), kind, expression, **more)


def _id(key: str, expression: Any) -> Column:
    return Column(key, Wording(key), "id", expression)


def _status(expression: Any, words: dict[str, Wording]) -> Column:
    return _column("status", "状态", "Status", expression, "status", words=words)


def _unit(unit_id: Any) -> tuple[Column, Column]:
    return _id("unit_id", unit_id), _column("unit", "区县", "District", Unit.name, search=True)


def _round(round_id: Any) -> tuple[Column, Column]:
    return _id("round_id", round_id), _column("round", "轮次", "Round", Round.name)


_successor = aliased(Unit)

_UNITS = Register(
    "units",
    Wording("服务单元", "Service units"),
    (
        _id("id", Unit.id),
        _column("name", "名称", "Name", Unit.name, search=True),
        _column("division_code", "区划代码", "Division code", Unit.division_code, search=True),
        _column("kind", "类型", "Kind", Unit.kind),
        _column("zone", "片区", "Part of the city", Unit.zone, search=True),
        _column("valid_from", "起", "From", Unit.valid_from, "date"),
        _column("valid_to", "止", "Until", Unit.valid_to, "date"),
        _column("successor", "承继单元", "Successor", _successor.name),
        _column("note", "备注", "Note", Unit.note, "long"),
    ),
    select(Unit).outerjoin(_successor, Unit.successor_id == _successor.id),
    (Unit.place, Unit.id),
)

_ROUNDS = Register(
    "rounds",
    Wording("选聘轮次", "Rounds"),
    (
        _id("id", Round.id),
        _id("case_id", Round.case_id),
        _column("name", "轮次", "Round", Round.name, search=True),
        _status(Round.status, ROUND_STATUSES),
        _column("short", "补选", "Short form", Round.short, "boolean"),
        _column("reply_due", "需求答复截止", "Needs due", Round.reply_due, "date"),
        _column("apply_from", "报名开始", "Call opens", Round.apply_from, "date"),
        _column("apply_until", "报名截止", "Call closes", Round.apply_until, "date"),
        _column("calls", "报名次数", "Calls", Round.calls, "number"),
        _column("term_start", "聘期起", "Term from", Round.term_start, "date"),
        _column("term_end", "聘期止", "Term until", Round.term_end, "date"),
        _column("opened_by", "发起人", "Opened by", Round.opened_by, search=True),
        _column("opened_at", "发起时间", "Opened", Round.opened_at, "moment"),
        _column("ended_at", "结束时间", "Ended", Round.ended_at, "moment"),
    ),
    select(Round),
    (Round.opened_at.desc(), Round.id),
)

_NEEDS = Register(
    "needs",
    Wording("需求", "Needs"),
    (
        _id("id", Need.id),
        *_round(Need.round_id),
        *_unit(Need.unit_id),
        _status(Need.status, NEED_STATUSES),
        _column("has_need", "是否需要", "Need", Need.has_need, "boolean"),
        _column("posts", "需求人数", "Planners asked for", Need.posts, "number"),
        _column("posts_fixed", "核定岗位", "Posts fixed", Need.posts_fixed, "number"),
        _column("specialties", "专业方向", "Specialties", Need.specialties, "list"),
        _column("annual_demand", "预计年咨询次数", "Consultations a year", Need.annual_demand, "number"),
        _column("wish_person", "意向人选", "Person wished for", Need.wish_person, search=True),
        _column("reason", "理由", "Reason", Need.reason, "long", search=True),
        _column("reply_due", "答复截止", "Due", Round.reply_due, "date"),
        _column("answered_on", "填报日期", "Answered", Need.answered_on, "date"),
        _column("answered_by", "填报人", "Answered by", Need.answered_by),
    ),
    select(Need).join(Need.round).join(Need.unit),
    (Round.opened_at.desc(), Unit.place, Need.id),
)

_POSTS = Register(
    "posts",
    Wording("首席规划师岗位", "Planner posts"),
    (
        _id("id", PlannerPost.id),
        *_round(PlannerPost.round_id),
        *_unit(PlannerPost.unit_id),
        _column("number", "岗位序号", "Post no.", PlannerPost.number, "number"),
        _column("specialties", "专业方向", "Specialties", PlannerPost.specialties, "list"),
        _status(PlannerPost.status, POST_STATUSES),
        _column("vacancy_reason", "空缺原因", "Why vacant", PlannerPost.vacancy_reason, "long", search=True),
        _column("next_step", "后续安排", "Next step", PlannerPost.next_step, "long"),
    ),
    select(PlannerPost).join(PlannerPost.round).join(PlannerPost.unit),
    (Round.opened_at.desc(), Unit.place, PlannerPost.number, PlannerPost.id),
)

_APPLICATIONS = Register(
    "applications",
    Wording("报名与认定", "Applications"),
    (
        _id("id", Application.id),
        _id("case_id", Application.case_id),
        _id("person_id", Application.person_id),
        _column("number", "报名编号", "No.", Application.number, search=True),
        *_round(Application.round_id),
        _column("name", "姓名", "Name", Application.name, search=True),
        _column("mobile", "手机", "Mobile", Application.mobile, masked=True),
        _column("employer", "所在单位", "Employer", Organization.name, search=True),
        _column("title_level", "职称级别", "Title level", Application.title_level),
        _column("planner_cert", "注册规划师资格", "Planner's qualification", Application.planner_cert),
        _column("specialties", "专业方向", "Specialties", Application.specialties, "list"),
        _status(Application.status, APPLICATION_STATUSES),
        _column("route", "资格途径", "Route", Application.route, "status", words=_ROUTES),
        _column("rule_result", "规则核验", "Rule result", Application.rule_result, "status", words=_FINDINGS),
        _column("finding", "认定结果", "Finding", Application.finding),
        _column("reviewer", "审核人", "Reviewer", Application.reviewer),
        _column(
            "same_employer", "审核人与报名人同单位", "Reviewer of same employer", Application.same_employer, "boolean"
        ),
        _column("recognised", "合议认定", "Recognised", Application.recognised, "boolean"),
        _column("late", "逾期报名", "Late", Application.late, "boolean"),
        _column("submitted_at", "提交时间", "Submitted", Application.submitted_at, "moment"),
    ),
    select(Application).join(Application.round).outerjoin(Application.employer),
    (Round.opened_at.desc(), Application.number),
)

_NOMINATIONS = Register(
    "nominations",
    Wording("建议人选", "Nominations"),
    (
        _id("id", Nomination.id),
        *_round(Nomination.round_id),
        *_unit(PlannerPost.unit_id),
        _column("post", "岗位序号", "Post no.", PlannerPost.number, "number"),
        _column("name", "姓名", "Name", Application.name, search=True),
        _column("employer", "所在单位", "Employer", Organization.name, search=True),
        _column("rank", "顺位", "Rank", Nomination.rank, "number"),
        _status(Nomination.status, NOMINATION_STATUSES),
        _column("votes", "表决", "Votes", Nomination.votes),
        _column("reason", "理由", "Reason", Nomination.reason, "long"),
        _column("hr_reason", "市人力社保局意见", "HR bureau's view", Nomination.hr_reason, "long"),
        _column("district_reason", "区县意见", "District's view", Nomination.district_reason, "long"),
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
        _id("id", Deliberation.id),
        *_round(Deliberation.round_id),
        _column("number", "期次", "Meeting", Deliberation.number, "number"),
        _column("met_on", "日期", "Day", Deliberation.met_on, "date"),
        _column("place", "地点", "Place", Deliberation.place, search=True),
        _column("chair", "主持人", "Chair", Deliberation.chair, search=True),
        _column("recorder", "记录", "Recorder", Deliberation.recorder),
        _column("recorded_by", "登记人", "Recorded by", Deliberation.recorded_by),
        _column("recorded_at", "登记时间", "Recorded", Deliberation.recorded_at, "moment"),
    ),
    select(Deliberation).join(Deliberation.round),
    (Deliberation.met_on.desc(), Deliberation.number.desc(), Deliberation.id),
)

_LETTERS = Register(
    "letters",
    Wording("函件", "Letters"),
    (
        _id("id", Letter.id),
        _id("case_id", Letter.case_id),
        _id("file_id", Letter.file_id),
        _column("number", "发文字号", "Number", Letter.number, search=True),
        _column("kind", "种类", "Kind", Letter.kind, "status", words=LETTER_KINDS),
        _id("unit_id", Letter.unit_id),
        _column("addressee", "主送机关", "Addressee", Letter.addressee, search=True),
        _column("subject", "标题", "Subject", Letter.subject, search=True),
        _column("sent_on", "发出日期", "Sent", Letter.sent_on, "date"),
        _column("due_on", "复函截止", "Due", Letter.due_on, "date"),
        _column("replied_on", "复函日期", "Replied", Letter.replied_on, "date"),
        _status(Letter.status, LETTER_STATUSES),
        _column("opinion", "意见", "Opinion", Letter.opinion),
        _column("advice", "建议或理由", "Advice or reasons", Letter.advice, "long"),
        _column("reply_no", "复函文号", "Reply no.", Letter.reply_no, search=True),
        _column("silence_decision", "未复函处理", "Decision without reply", Letter.silence_decision),
        _column("silence_reason", "处理理由", "Reason of the decision", Letter.silence_reason, "long"),
        _column("silence_by", "处理人", "Decided by", Letter.silence_by),
    ),
    select(Letter),
    (Letter.sent_on.desc(), Letter.number.desc(), Letter.unit_id, Letter.id),
)

_EXPERTS = Register(
    "experts",
    Wording("专家库", "Expert library"),
    (
        _id("id", Expert.id),
        _id("person_id", Expert.person_id),
        _column("name", "姓名", "Name", Expert.name, search=True),
        _column("mobile", "手机", "Mobile", Person.mobile, masked=True),
        _column("employer", "所在单位", "Employer", Organization.name, search=True),
        _column("title_level", "职称级别", "Title level", Expert.title_level),
        _column("title_name", "职称", "Title", Expert.title_name, search=True),
        _column("planner_cert", "注册规划师资格", "Planner's qualification", Expert.planner_cert),
        _column("specialties", "专业方向", "Specialties", Expert.specialties, "list"),
        _column("route", "资格途径", "Route", Expert.route, "status", words=_ROUTES),
        _status(Expert.status, EXPERT_STATUSES),
        _column("entered_at", "入库时间", "Entered", Expert.entered_at, "moment"),
    ),
    select(Expert).join(Expert.person).outerjoin(Expert.employer),
    (Expert.name, Expert.id),
)

_APPOINTMENTS = Register(
    "appointments",
    Wording("聘任", "Appointments"),
    (
        _id("id", Appointment.id),
        _id("person_id", Appointment.person_id),
        *_unit(Appointment.unit_id),
        _column("post", "岗位序号", "Post no.", PlannerPost.number, "number"),
        _column("name", "姓名", "Name", Person.name, search=True),
        _status(Appointment.status, APPOINTMENT_STATUSES),
        _column("term_start", "聘期起", "Term from", Appointment.term_start, "date"),
        _column("term_end", "聘期止", "Term until", Appointment.term_end, "date"),
        _column("certificate_number", "聘书编号", "Certificate no.", Appointment.certificate_number, search=True),
        _id("certificate_file_id", Appointment.certificate_file_id),
        _column("issued_on", "颁发日期", "Issued", Appointment.issued_on, "date"),
        _column("received_on", "签收日期", "Received", Appointment.received_on, "date"),
        _column("ended_on", "提前结束日期", "Ended early on", Appointment.ended_on, "date"),
        _column("end_ground", "结束依据", "Ground", Appointment.end_ground, "long"),
    ),
    select(Appointment).join(Appointment.person).join(Appointment.unit).join(Appointment.post),
    (Appointment.term_start.desc(), Unit.place, PlannerPost.number, Appointment.id),
)

_ALL = (
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
REGISTERS: dict[str, Register] = {register.name: register for register in _ALL}
"""Every register by its name."""


def register(name: str) -> Register:
    """The register with this name, or `NotFound`."""
    found = REGISTERS.get(name)
    if found is None:
        raise NotFound(message("没有名为“%(name)s”的台账。", name=name))
    return found
