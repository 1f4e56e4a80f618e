"""What the forms of a consultation must be checked for against the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified, rows, text
from handlers.checking import Problems
from handlers.registry import options, validator
from handlers.technical_consultation.serving import RATED
from handlers.technical_consultation.words import DECLINE, NOT_COUNTED, OVERALL_OF, THERE, moment_of
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.identity.models import Person
from processes.messages import Message, message
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.attendances import attendance_of
from processes.registers.experts import employer_of
from processes.registers.leaves import on_leave
from processes.registers.ledger import appointments_in, in_office
from processes.registers.opinions import OVERALL, Opinion
from processes.registers.switches import readings_on
from processes.rules.invitations import invitation_notice

LONGEST_HOURS = 72


@options("planners_in_office")
def planners_in_office(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Everybody who serves today or will within the next months, the host's own planners first."""
    day, own = clock.today(), variables.get("own_unit")
    found = {each.person_id: each for each in appointments_in(session, day, day + timedelta(days=180))}
    ordered = sorted(found.values(), key=lambda each: (each.unit_id != own, each.unit.place, each.person.name))
    return [Option(str(each.person_id), f"{each.person.name}（{each.unit.name}）") for each in ordered]


@validator(
    "technical_consultation.invitation",
    zh="邀请：在聘、提前通知与回避",
    en="Invitation: in office, notice, conflicts",
)
def invitation(check: FormCheck) -> None:
    """Planners are in office on the day; short notice, leave and conflicts of interest are known to the host."""
    problems = Problems()
    start = moment_of(check.answers["start_at"])
    day = clock.local(start).date()
    if start <= check.now:
        problems.add("start_at", message("开始时间应在当前时间之后；已举行的活动请由首席规划师补登调研记录。"))
    appointments = []
    outside: list[str] = []
    for person_id in check.answers["planners"]:
        serving = in_office(check.session, identified(person_id), day)
        if serving:
            appointments.append(serving[0])
        else:
            outside.append(check.session.get_one(Person, identified(person_id)).name)
    if outside:
        problems.add("planners", message("%(names)s在活动当日不在聘期内，不能邀请。", names="、".join(outside)))
    _no_second_trip(check, day, problems)
    if not problems.fields and not check.answers.get("warnings_known"):
        _tell_warnings(_warnings(check, day, appointments), problems)
    problems.refuse()


def _tell_warnings(warnings: Sequence[Message], problems: Problems) -> None:
    if warnings:
        first, *others = warnings
        told = reduce(lambda before, each: message("%(before)s；%(each)s", before=before, each=each), others, first)
        problems.add("warnings_known", message("请注意：%(warnings)s。请确认已知悉并作出安排。", warnings=told))


def _no_second_trip(check: FormCheck, day: date, problems: Problems) -> None:
    same = select(Activity.number).where(
        Activity.unit_id == check.answers["unit_id"],
        Activity.starts_on == day,
        Activity.title == text(check.answers, "title"),
        Activity.status.not_in(("cancelled", "postponed")),
    )
    number = check.session.scalars(same).first()
    if number is not None:
        problems.add("title", message("同日同名的活动已登记（%(number)s），请勿重复邀请。", number=number))


def _warnings(check: FormCheck, day: date, appointments: Sequence[Appointment]) -> list[Message]:
    least = readings_on(check.session).number("absence.min_notice_wd")
    notice = invitation_notice(clock.today(), day, False, least, check.house.calendar)
    found = [] if notice.countable_if_absent else [
        message("通知仅%(days)s个工作日，不足%(least)s个，缺席不计次（%(ground)s）",
                days=notice.notice_workdays, least=least, ground=notice.ground)
    ]  # fmt: skip
    compilers = {text(row, "compiler") for row in rows(check.answers, "schemes")}
    for each in appointments:
        employer = employer_of(check.session, each.person_id)
        if on_leave(check.session, each.id, day):
            found.append(message("%(name)s已登记休假", name=each.person.name))
        if employer is not None and employer.name in compilers:
            found.append(message("方案由%(name)s所在单位编制，宜另请他人或在意见书中说明", name=each.person.name))
    return found


@validator("technical_consultation.answer", zh="邀请答复：可选的方可谢绝", en="Answer: only the optional is declined")
def answer(check: FormCheck) -> None:
    """Only what is optional may be declined (第八条(三))."""
    problems = Problems()
    if text(check.answers, "answer") == DECLINE and not check.data["party"]["optional"]:
        problems.add("answer", message("该活动属于应参加的技术咨询，不能婉拒；确有困难请选择“请假”。"))
    problems.refuse()


@validator(
    "technical_consultation.record",
    zh="服务记录：属于本次活动，时间正确",
    en="Record: of the activity, in its time",
)
def record(check: FormCheck) -> None:
    """A record is of the activity, not before it, and ends after it began."""
    problems = Problems()
    if text(check.answers, "attended") in THERE:
        began, ended = moment_of(check.answers["actual_start"]), moment_of(check.answers["actual_end"])
        if not timedelta(0) < ended - began <= timedelta(hours=LONGEST_HOURS):
            problems.add("actual_end", message("结束时间应在开始之后，且不超过72小时。"))
        if ended > check.now:
            problems.add("actual_end", message("活动尚未结束，请在结束后填写记录。"))
        attendance = attendance_of(check.session, identified(check.data["party"]["attendance_id"]))
        if attendance.activity.mode == "on_site" and not check.answers.get("sign_in"):
            problems.add("sign_in", message("实地指导应上传签到或现场照片。"))
    problems.refuse()


@validator("technical_consultation.opinion", zh="意见书：说明利害关系", en="Opinion: a conflict of interest is said")
def opinion(check: FormCheck) -> None:
    """A conflict of interest is said in the opinion; what was signed before a return is not signed otherwise."""
    problems = Problems()
    attendance = attendance_of(check.session, identified(check.data["party"]["attendance_id"]))
    scheme_id = identified(check.data["scheme"]["scheme_id"])
    _as_signed(check, next((each for each in attendance.opinions if each.scheme_id == scheme_id), None), problems)
    if attendance.conflict and not text(check.answers, "conflict_note"):
        problems.add("conflict_note", message("方案由您所在单位编制，请说明利害关系。"))
    problems.refuse()


def _as_signed(check: FormCheck, signed: Opinion | None, problems: Problems) -> None:
    """The whole judgement and the reserved view stand as they were signed (第九条(三))."""
    if signed is None:
        return
    if OVERALL_OF[check.answers["overall"]] != signed.overall:
        before = OVERALL[signed.overall].zh
        problems.add("overall", message("总体评价已签署为“%(before)s”，如需更改请办理记录更正。", before=before))
    if signed.reserved is not None and text(check.answers, "reserved") not in ("", signed.reserved.text):
        problems.add(
            "reserved", message("保留意见已签署，任何人不得修改（第九条（三））；需补充的，请通过记录更正附加说明。")
        )


@validator("technical_consultation.confirm", zh="记录确认：评价完整", en="Confirmation: rated in full")
def confirm(check: FormCheck) -> None:
    """A confirmed record is rated in full."""
    problems = Problems()
    if text(check.answers, "confirm") == "确认":
        for key in RATED:
            if check.answers.get(key) is None:
                problems.add(key, message("请填写评分。"))
    problems.refuse()


@validator("technical_consultation.adoption", zh="采纳情况：不采纳写明理由", en="Adoption: a refusal has a reason")
def adoption(check: FormCheck) -> None:
    """What was not adopted has a reason."""
    problems = Problems()
    for place, row in enumerate(rows(check.answers, "adoption_rows")):
        if row.get("adopted") == "未采纳" and not text(row, "adoption_reason"):
            problems.add(f"adoption_rows.{place}.adoption_reason", message("未采纳的，请说明理由。"))
    problems.refuse()


@validator("technical_consultation.absence", zh="缺席认定：不计的不得认定", en="Absence: only what can count")
def absence(check: FormCheck) -> None:
    """What cannot count is not found to count."""
    problems = Problems()
    attendance = attendance_of(check.session, identified(check.data["party"]["attendance_id"]))
    if text(check.answers, "outcome") == "无正当理由" and not attendance.countable:
        problems.add("outcome", message("通知不足或非义务活动，缺席不计次，请选择“%(words)s”。", words=NOT_COUNTED))
    problems.refuse()
