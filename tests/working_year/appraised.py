"""A desk in December with planners whose year is on record, and the steps of the appraisal in short."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from handlers.annual_appraisal.calendar import appraisals_due
from processes import clock
from processes.engine.calendar_starts import begin
from processes.engine.models import WorkItem
from processes.identity.models import Organization
from processes.registers.activities import Activity, Scheme
from processes.registers.annual_reports import AnnualReport
from processes.registers.appointments import Appointment
from processes.registers.appraisals import AppraisalEntry, appraisal_on, entries_of
from processes.registers.attendances import Attendance
from processes.registers.opinions import Opinion, OpinionItem, ReservedOpinion
from tests.working_year.desk import FULING, WANZHOU, YearDesk

DECEMBER = date(2026, 12, 1)
YEAR = 2026
NAMES = ("丁一", "戊二", "己三", "庚四")
REASON = "综合次数、质量、实地和其他职责，经集体评议确定。"
LONG = (
    "全年受邀十二次，无正当理由缺席四次，未按要求提出书面意见，经两次提醒仍未改正，区县多次反映其不履行职责，经核查。"
)
VIEW = {
    "score": 90,
    "suggest": "称职",
    "comment": "全年按要求参加技术咨询，意见具体可行，对滨江片区等重点项目的把关作用明显，建议继续聘任。",
}
PANEL = {"panel_opinion": "考核组逐人评议，意见一致，建议按此上报。", "votes": "5票同意"}


def furnish(desk: YearDesk, names: tuple[str, ...] = NAMES, visits: int = 10, reports: bool = True) -> None:
    """Planners with confirmed visits and, if asked for, an accepted report."""
    for name in names:
        appointment_id = desk.planner(name)
        serve(desk, name, appointment_id, visits)
        if reports:
            report(desk, name)


def serve(desk: YearDesk, name: str, appointment_id: UUID, count: int, reserved: str = "") -> None:
    """Confirmed visits with one opinion each, on different days."""
    with desk.db.transaction() as session:
        appointment = session.get_one(Appointment, appointment_id)
        host = session.scalars(
            select(Organization).where(
                Organization.unit_id == appointment.unit_id, Organization.kind == "district_bureau"
            )
        ).first()
        assert host is not None
        for number in range(count):
            day = date(YEAR, 3, 2) + timedelta(days=7 * number)
            moment = datetime.combine(day, time(9), clock.CITY)
            activity = Activity(
                number=f"咨询-{name}-{number}", host_kind="district_bureau", host_id=host.id,
                unit_id=appointment.unit_id, kind="planning", mode="on_site", title=f"咨询{number}", starts_at=moment,
                starts_on=day, sent_on=day, status="closed", created_at=moment,
            )  # fmt: skip
            activity.schemes.append(Scheme(place=1, name="滨江片区城市设计"))
            session.add(activity)
            session.flush()
            attendance = Attendance(
                activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id,
                standing="attended", record="confirmed", confirmed_on=day, quality=80,
            )  # fmt: skip
            session.add(attendance)
            session.flush()
            opinion = Opinion(
                attendance_id=attendance.id, scheme_id=activity.schemes[0].id, number=f"意见-{name}-{number}",
                overall="feasible", signed_on=day, signed_at=moment,
            )  # fmt: skip
            opinion.items.append(OpinionItem(place=1, issue="高度突破控制", suggestion="降低高度", level="advice"))
            session.add(opinion)
            session.flush()
            if reserved:
                session.add(ReservedOpinion(opinion_id=opinion.id, text=reserved, person=name, at=moment))


def report(desk: YearDesk, name: str) -> None:
    """An accepted report on the year."""
    with desk.db.transaction() as session:
        session.add(
            AnnualReport(
                status="accepted", case_id=desk.person_id(name), person_id=desk.person_id(name), unit_id=WANZHOU,
                year=YEAR, due_on=date(YEAR, 12, 31), duties=[{"item": "（一）", "text": "学习法规。"}],
            )
        )  # fmt: skip


def start(desk: YearDesk) -> UUID:
    """The calendar begins the year's appraisal."""
    with desk.db.transaction() as session:
        begin(session, desk.house, appraisals_due(session, clock.today())[0])
    desk.background.work_off()
    return desk.cases_of("annual_appraisal", "annual_appraisal")[0].id


def sign(desk: YearDesk) -> None:
    desk.do("leader", "sign_notice", decision="签发")


def views(desk: YearDesk, score: int = 90) -> None:
    """Every body that is asked gives its view."""
    for unit in (WANZHOU, FULING):
        while _waiting(desk, "view_of_bureau", f"bureau:{unit}"):
            desk.do(f"bureau.clerk.{unit[3:]}", "view_of_bureau", **{**VIEW, "score": score})
        while _waiting(desk, "view_of_government", f"gov:{unit}"):
            desk.do(f"gov.clerk.{unit[3:]}", "view_of_government", **{**VIEW, "score": score})


def _waiting(desk: YearDesk, step: str, organization: str) -> bool:
    query = select(WorkItem.id).where(
        WorkItem.element_id == step, WorkItem.status == "open", WorkItem.organization_id.contains(organization[-6:])
    )
    kind = "district_bureau" if organization.startswith("bureau") else "district_government"
    return desk.read(lambda session: session.scalar(query.where(WorkItem.role == f"{kind}.clerk").limit(1))) is not None


def assess(desk: YearDesk, *qualities: int, sample: int = 3, duties: int = 90) -> None:
    """The section rates everybody's sample, in the order of `NAMES`."""
    for name, quality in zip(NAMES, qualities, strict=False):
        rated = {"concrete": quality, "founded": quality, "useful": quality, "timely": quality}
        given: dict[str, Any] = {"duties": duties}
        if sample:
            given["sample"] = [rated] * sample
        else:
            given |= {"quality_given": quality, "quality_note": "全年没有书面意见，按区县评价确定。"}
        desk.do("section", "assess", about=name, **given)


def to_the_panel(desk: YearDesk, *qualities: int, **more: Any) -> UUID:
    """Up to the grades of the panel."""
    case = start(desk)
    sign(desk)
    views(desk)
    assess(desk, *qualities, **more)
    return case


def grade(desk: YearDesk, *grades: str, reasons: dict[int, str] | None = None, **more: Any) -> None:
    """The panel grades, best score first."""
    listed = [{"grade": each, "reason": (reasons or {}).get(place, REASON)} for place, each in enumerate(grades)]
    desk.do("panel", "grade", **{**PANEL, "grades": listed, **more})


def hr(desk: YearDesk, case: UUID, opinion: str = "同意", reason: str = "", round: int = 1) -> None:
    """The HR bureau answers."""
    reference = f"{desk.case(case).number}-{round}"
    facts = {"opinion": opinion, "hr_reason": reason, "matter_id": "", "hr_silent": not opinion}
    desk.message("hr_opinion", reference, **facts)


def decide(desk: YearDesk, *grades: str, **more: Any) -> None:
    """The leader decides; a minute later the desk begins to tell everybody."""
    reasons = more.pop("reasons", {})
    listed = [{"grade": each, "reason": reasons.get(place, REASON)} for place, each in enumerate(grades)]
    desk.do("leader", "decide", **{"decision": "审定", "grades": listed, **more})
    desk.clock.advance(minutes=2)
    desk.background.work_off()


def entry(desk: YearDesk, name: str) -> AppraisalEntry:
    """A planner's place on the roll."""

    def find(session: Any) -> AppraisalEntry:
        appraisal = appraisal_on(session, YEAR)
        assert appraisal is not None
        found = next(each for each in entries_of(session, appraisal.id) if each.person.name == name)
        assert found.versions is not None
        return found

    return desk.read(find)
