"""活动补登: consultations that took place outside the desk, entered by who hosted and confirms them (第十二条)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Conflict, Invalid, NotAllowed
from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.identity.models import Organization
from processes.messages import Message, message
from processes.registers.activities import (
    SERVICE_KINDS,
    VISIT_MODES,
    Activity,
    ActivityStatus,
)
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance, RecordState, Standing, stand
from processes.registers.history import enter
from processes.registers.importing.offers import every_unit, options_of
from processes.registers.importing.sheets import Import, SheetColumn, Values
from processes.registers.ledger import appointments_in
from processes.registers.quarter_reports import report_on
from processes.rules.quarters import Quarter
from processes.rules.visits import VisitMode
from processes.sequences import yearly_number

HOSTS = ("city_bureau.clerk", "district_bureau.clerk", "district_government.clerk")
"""Who hosts consultations and confirms what they were."""
OPENS = time(9)
_BETWEEN = re.compile(r"[、,，;；\s]+")
_CALLED_OFF = (ActivityStatus.CANCELLED, ActivityStatus.POSTPONED)


def _own_hosts(session: Session, actor: Actor) -> Sequence[Option]:
    """The organizations for which the actor confirms."""
    mine = sorted({each.organization_id for each in actor.holdings if each.role in HOSTS and each.organization_id})
    found = [session.get(Organization, each) for each in mine]
    return [Option(each.id, Wording(each.name, each.name_en)) for each in found if each is not None]


def _standing(session: Session, actor: Actor, values: Values) -> None:
    """A consultation that stands already is not entered twice, and is changed by a correction alone (P14)."""
    same = select(Activity.number).where(
        Activity.unit_id == values["unit_id"], Activity.starts_on == values["starts_on"],
        Activity.title == values["title"], Activity.status.not_in(_CALLED_OFF),
    )  # fmt: skip
    number = session.scalars(same).first()
    if number is not None:
        raise Conflict(message("同日同名的活动已登记（%(number)s），请勿重复登记。", number=number))


def _carry_out(session: Session, actor: Actor, values: Values) -> Sequence[Message]:
    day, host = values["starts_on"], session.get_one(Organization, values["host_id"])
    if day > clock.today():
        raise _wrong("starts_on", message("补登的是已经举行的活动，日期不能晚于今天。"))
    if host.unit_id is not None and host.unit_id != values["unit_id"]:
        raise NotAllowed(message("区县单位只能登记服务于本区县的活动。"))
    appointments = [_serving(session, each, day) for each in _BETWEEN.split(values["planners"]) if each]
    activity = _activity(session, actor, host, values)
    for appointment in appointments:
        _no_second_trip(session, appointment, activity)
        _attend(session, actor, activity, appointment)
    return _notes(session, values["unit_id"], day)


def _serving(session: Session, named: str, day: date) -> Appointment:
    """The appointment under which a planner, called by log-in or by name, serves on a day."""
    running = appointments_in(session, day, day)
    found = {each.person_id: each for each in running if named in (each.person.login, each.person.name)}
    if not found:
        raise _wrong("planners", message("“%(name)s”在活动当日不在聘期内。", name=named))
    if len(found) > 1:
        raise _wrong("planners", message("在聘的首席规划师中有多位“%(name)s”，请填写登录名。", name=named))
    return next(iter(found.values()))


def _activity(session: Session, actor: Actor, host: Organization, values: Values) -> Activity:
    day = values["starts_on"]
    made = Activity(
        status=ActivityStatus.CLOSED, number=yearly_number(session, "咨询", "activity", day.year),
        host_kind=host.kind, host_id=host.id, unit_id=values["unit_id"], kind=values["kind"], mode=values["mode"],
        title=values["title"], starts_at=datetime.combine(day, OPENS, clock.CITY), starts_on=day,
        place=values.get("place", ""), sent_on=day, created_at=clock.now(),
    )  # fmt: skip
    enter(session, actor, made, "补登")
    return made


def _no_second_trip(session: Session, appointment: Appointment, activity: Activity) -> None:
    """Two records of one trip are one too many (第八条(六))."""
    same = (
        select(Activity.number)
        .join(Attendance, Attendance.activity_id == Activity.id)
        .where(
            Attendance.person_id == appointment.person_id, Activity.unit_id == activity.unit_id,
            Activity.starts_on == activity.starts_on, Activity.mode == activity.mode, Activity.id != activity.id,
            Attendance.standing.in_((Standing.ATTENDED, Standing.WRITTEN_ACCEPTED)),
        )
    )  # fmt: skip
    number = session.scalars(same).first()
    if number is not None:
        problem = message("%(name)s当日在该区县已有同一方式的记录（%(number)s），同一行程不重复登记。",
                          name=appointment.person.name, number=number)  # fmt: skip
        raise _wrong("planners", problem)


def _attend(session: Session, actor: Actor, activity: Activity, appointment: Appointment) -> None:
    written = activity.mode == VisitMode.WRITTEN
    standing = Standing.WRITTEN_ACCEPTED if written else Standing.ATTENDED
    today = clock.today()
    made = Attendance(
        activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id, standing=standing,
        record=RecordState.CONFIRMED, recorded_on=today, confirmed_on=today, confirmed_by=actor.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    stand(session, actor, made, standing, reason="补登")


def _notes(session: Session, unit_id: str, day: date) -> Sequence[Message]:
    """What a record says that comes after its quarter was reported (R14)."""
    quarter = Quarter.of(day)
    report = report_on(session, unit_id, quarter)
    if report is None or report.sent_on is None:
        return ()
    return (message("%(quarter)s季度报告已报送，该记录将作为补报列入以后的季度报告。", quarter=str(quarter)),)


def _wrong(field: str, text: Message) -> Invalid:
    return Invalid(text, {field: text})


_columns: tuple[SheetColumn, ...] = (
    SheetColumn("starts_on", Wording("日期", "Day"), "day", required=True),
    SheetColumn("unit_id", Wording("服务区县", "District served"), "choice", required=True, offered=every_unit),
    SheetColumn("host_id", Wording("邀请单位", "Host"), "choice", required=True, offered=_own_hosts,
                hint=Wording("只能登记本单位邀请的活动", "Of your own organization alone")),
    SheetColumn("kind", Wording("服务类型", "Kind"), "choice", required=True, options=options_of(SERVICE_KINDS)),
    SheetColumn("mode", Wording("方式", "Mode"), "choice", required=True, options=options_of(VISIT_MODES)),
    SheetColumn("title", Wording("名称", "Title"), required=True, longest=100),
    SheetColumn("planners", Wording("参加的首席规划师", "Planners who took part"), required=True, longest=300,
                hint=Wording("姓名或登录名，几位的以“、”分隔；缺席由技术咨询程序认定，不由导入登记",
                             "Names or log-ins; absences are found by the procedure, never imported")),
    SheetColumn("place", Wording("地点", "Place"), longest=100),
)  # fmt: skip
ACTIVITIES = Import(
    "activities",
    Wording("技术咨询活动", "Activities"),
    Wording(
        "补登在系统之外举行的活动和参加情况，由邀请单位确认后计入。缺席、意见书和采纳情况不由导入登记；更正请办理记录更正。",
        "Enters consultations held outside the desk, confirmed by the host; absences and opinions are not imported.",
    ),
    HOSTS,
    _columns,
    ("unit_id", "starts_on", "title"),
    _standing,
    _carry_out,
    register="activities",
)
"""Consultations that took place."""
