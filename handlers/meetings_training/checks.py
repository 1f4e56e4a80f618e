"""What the forms of meetings and training must be checked for: nobody left out unseen, days that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from handlers.answers import identified, needed_day, rows, text
from handlers.checking import Problems
from handlers.registry import options, validator
from handlers.technical_consultation.words import moment_of
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.messages import message
from processes.registers.ledger import appointments_in, in_office
from processes.registers.meetings import meeting_of, planned_in

NOTICE_WD = 5
"""Working days of notice of a meeting (D)."""


@options("planned_meetings")
def planned_meetings(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The meetings of this year's plan that have not been called."""
    found = planned_in(session, clock.today().year)
    return [Option(str(each.id), f"{each.title}（{each.planned_on}）") for each in found]


@validator("meetings_training.meeting", zh="会议通知：未邀请的说明理由", en="Meeting: who is left out, and why")
def meeting(check: FormCheck) -> None:
    """Every planner has the right to take part: whoever is left out is named and the reason given (第九条(二))."""
    problems, given = Problems(), check.answers
    start, end = moment_of(given["start_at"]), moment_of(given["end_at"])
    day = clock.local(start).date()
    if start <= check.now:
        problems.add("start_at", message("开始时间应在当前时间之后。"))
    if end <= start:
        problems.add("end_at", message("结束时间应在开始之后。"))
    if needed_day(given, "reply_by") > day:
        problems.add("reply_by", message("报名截止不能晚于会议日期。"))
    warnings = _warnings(check, day)
    known = given.get("warnings_known") and text(given, "warning_note")
    if not problems.fields and warnings and not known:
        told = message("请注意：%(warnings)s。请确认并说明理由。", warnings="；".join(warnings))
        problems.add("warnings_known", told)
    problems.refuse()


def _warnings(check: FormCheck, day: Any) -> list[str]:
    invited = set(check.answers["invitees"])
    serving = {str(each.person_id): each.person.name for each in appointments_in(check.session, day, day)}
    left_out = sorted(name for person_id, name in serving.items() if person_id not in invited)
    found = []
    if left_out:
        found.append(f"未列入首席规划师{'、'.join(left_out)}，其有权参加（第九条（二））")
    if check.house.calendar.add_workdays(clock.today(), NOTICE_WD) > day:
        found.append(f"通知不足{NOTICE_WD}个工作日")
    return found


@validator(
    "meetings_training.minutes",
    zh="会议纪要：会议已开始，逐人记到会",
    en="Minutes: begun, everybody's attendance",
)
def minutes(check: FormCheck) -> None:
    """Minutes are of a meeting that has begun, and say of everybody whether he was there."""
    problems, given = Problems(), check.answers
    if text(given, "held") == "举行":
        found = meeting_of(check.session, identified(check.data["meeting_id"]))
        if found.starts_at is not None and check.now < found.starts_at:
            problems.add("held", message("会议尚未开始，不能登记签到；如不举行，请选择“取消”。"))
        for place, row in enumerate(rows(given, "attendance_rows")):
            if not row.get("presence"):
                problems.add(f"attendance_rows.{place}.presence", message("请填写参加情况。"))
    problems.refuse()


@validator("meetings_training.training", zh="培训带教：在聘期间", en="Training given in office")
def training(check: FormCheck) -> None:
    """Training is given in office."""
    problems = Problems()
    if not in_office(check.session, identified(check.data["started_by"]), needed_day(check.answers, "day")):
        problems.add("day", message("培训当日不在聘期内，不能登记。"))
    problems.refuse()


@validator("meetings_training.plan", zh="年度计划：部署会和总结会齐全", en="Plan: deployment and summary meetings")
def plan(check: FormCheck) -> None:
    """Deployment and summary are held regularly, so each year has both (第十一条)."""
    problems, listed = Problems(), rows(check.answers, "plan_rows")
    kinds = {row.get("kind") for row in listed}
    for kind in ("工作部署", "工作总结"):
        if kind not in kinds:
            problems.add("plan_rows", message("年度计划应包括“%(kind)s”会议（第十一条）。", kind=kind))
    for place, row in enumerate(listed):
        if needed_day(row, "planned_on").year != check.data["plan_year"]:
            problems.add(f"plan_rows.{place}.planned_on", message("计划日期应在本年度内。"))
    problems.refuse()
