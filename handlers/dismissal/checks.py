"""What the forms of a dismissal must be checked for: no ground but the five, none without facts, people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import day, identified, rows, text
from handlers.checking import Problems
from handlers.dismissal.words import DISMISS, ITEM_OF, ITEM_WORDS
from handlers.registry import names, options, validator
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.messages import message
from processes.registers.appointments import CURRENT, Appointment
from processes.registers.dismissals import dismissal_going_on

Variables = Mapping[str, Any]


@options("appointments_going_on")
def appointments_going_on(session: Session, variables: Variables) -> Sequence[Option]:
    """Every appointment that has not ended, by unit and name; an employer is offered its own people alone."""
    found = session.scalars(select(Appointment).where(Appointment.status.in_(CURRENT)))
    ordered = sorted(found, key=lambda each: (each.unit.place, each.person.name, str(each.id)))
    return [_named(each) for each in ordered]


def _named(appointment: Appointment) -> Option:
    return Option(str(appointment.id), f"{appointment.person.name}（{appointment.unit.name}）")


@names("appointments_going_on", "own_appointments")
def appointment_names(session: Session, values: Any) -> Mapping[str, str]:
    """The appointments chosen, ended or not."""
    chosen = select(Appointment).where(Appointment.id.in_([identified(each) for each in values]))
    return {str(each.id): _named(each).text("zh") for each in session.scalars(chosen)}


@validator("dismissal.proposal", zh="建议解聘：不重复启动", en="No second case by hand")
def proposal(check: FormCheck) -> None:
    """A case that goes on is not opened twice by hand."""
    problems = Problems()
    standing = dismissal_going_on(check.session, identified(check.answers["appointment_id"]))
    if standing is not None and ITEM_OF[text(check.answers, "ground")] in standing.items:
        problems.add("appointment_id", message("该聘任已有在办的解聘案（%(number)s）。", number=standing.number))
    problems.refuse()


@validator("dismissal.ground", zh="启动：至少一项事由未暂缓", en="A ground that is not on hold")
def ground(check: FormCheck) -> None:
    """Nothing is opened while every ground is on hold (R08)."""
    problems = Problems()
    action = check.data.get("rule_action")
    wanted = text(check.answers, "opening")
    if wanted == "立案" and (action != "OPEN_CASE" or check.answers.get("disputed")):
        said = str(check.data.get("rule_says", ""))
        problems.add("opening", message("情形尚待定或不成立（%(rule)s），不能立案。", rule=said))
    problems.refuse()


@validator("dismissal.evidence", zh="证据：每项事由至少一项事实", en="Evidence: a fact for each ground")
def evidence(check: FormCheck) -> None:
    """At least one fact for each ground, and none for a ground that the case does not have."""
    problems = Problems()
    grounds = set(check.data.get("grounds") or ())
    listed = {ITEM_OF[row["ground"]] for row in rows(check.answers, "evidence")}
    if text(check.answers, "proven") == "属实" and not grounds <= listed:
        missing = "；".join(ITEM_WORDS[item] for item in sorted(grounds - listed))
        problems.add("evidence", message("以下情形还没有事实与证据：%(missing)s。", missing=missing))
    if not listed <= grounds:
        problems.add("evidence", message("所列事实超出本案情形。"))
    problems.refuse()


@validator(
    "dismissal.decision",
    zh="解聘决定：不追溯，双方意见在案",
    en="Dismissal: never backdated, both views on file",
)
def decision(check: FormCheck) -> None:
    """Never backdated; where the HR bureau disagrees both views are in the file before anything is decided."""
    problems = Problems()
    effective = day(check.answers.get("effective"))
    if effective is not None and effective < clock.today():
        problems.add("effective", message("生效日期不得早于决定之日。"))
    if check.data.get("opinion") == "不同意" and len(text(check.answers, "both_views")) < 10:
        problems.add("both_views", message("市人力社保局不同意的，请写明两局领导会商情况和双方意见（不少于10字）。"))
    if text(check.answers, "decision") == DISMISS and not check.data.get("grounds"):
        problems.add("decision", message("没有成立的情形，不能解聘。"))
    problems.refuse()


@validator("dismissal.own_wish", zh="本人申请退出：必须办理", en="Own wish to leave is acted on")
def own_wish(check: FormCheck) -> None:
    """An own wish to leave is neither refused nor ignored (第十五条(一))."""
    problems = Problems()
    if check.data.get("own_wish_only") and text(check.answers, "decision") != DISMISS:
        problems.add("decision", message("本人主动要求退出的应予办理，不能拒绝。"))
    problems.refuse()
