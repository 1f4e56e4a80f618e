"""立案: what reached the desk becomes a case file, joins one that goes on, or has been settled before (第十五条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, day, identified, sent, text
from handlers.asking_hr import no_longer_wanted
from handlers.dismissal.counting import Counted, count_for
from handlers.dismissal.words import (
    ABSENT,
    DISCIPLINE,
    ITEM_OF,
    ITEM_WORDS,
    OWN_WISH,
    RESTRICTED,
    UNABLE,
    UNQUALIFIED,
    spoken_items,
)
from handlers.registry import operation
from processes.engine.house import Call
from processes.registers.appointments import CURRENT, Appointment, appointment_of
from processes.registers.dismissals import (
    Dismissal,
    DismissalStatus,
    dismissal_going_on,
    dismissal_of,
    open_dismissal_case,
    restrict,
)
from processes.registers.experts import employer_of
from processes.registers.history import change_status
from processes.rules.appraisal import Grade
from processes.rules.dismissal import DismissalCheck, Findings, dismissal

Variables = dict[str, Any]


def this_dismissal(call: Call) -> Dismissal:
    """The file that the case keeps."""
    return dismissal_of(call.session, identified(call.data.get("dismissal_id")))


@operation("dismissal.take_proposal", zh="登记提请情况", en="Take the proposal")
def take_proposal(call: Call) -> Variables:
    """What people propose by hand: a written finding of item 2, or a competent body's finding of item 5."""
    given = answers(call)
    return {"appointment_id": given["appointment_id"], "proposed_item": ITEM_OF[text(given, "ground")]}


@operation("dismissal.open", zh="登记立案", en="Open the case")
def open_case(call: Call) -> Variables:
    """One case at a time for each appointment; events of a settled case open no other."""
    appointment = appointment_of(call.session, identified(call.data.get("appointment_id")))
    item, counted = _item(call), count_for(call.session, appointment)
    facts = _names(call, appointment)
    standing = dismissal_going_on(call.session, appointment.id)
    if standing is not None:
        _join(call, standing, item)
        return {**facts, "standing": "going_on", "dismissal_id": str(standing.id)}
    if appointment.status not in CURRENT or (item == ABSENT and not counted.in_force.trigger):
        return {**facts, "standing": "settled", "dismissal_id": ""}
    made = open_dismissal_case(
        call.session, call.actor, appointment, case_id=call.case.id, items=[item],
        wished_on=day(call.data.get("wished_on")),
        withdrawal_id=identified(call.data["withdrawal_id"]) if call.data.get("withdrawal_id") else None,
    )  # fmt: skip
    _find(call, made, item)
    call.case.unit_id = appointment.unit_id
    return {**facts, "standing": "new", "dismissal_id": str(made.id), **shown(call, made)}


def _item(call: Call) -> int:
    """The item of 第十五条 that whatever reached the desk is about; an employer's wish is a finding of item 2."""
    if call.data.get("proposed_item"):
        return int(call.data["proposed_item"])
    if call.data.get("withdrawal_id"):
        return UNABLE if call.data.get("by_employer") else OWN_WISH
    return UNQUALIFIED if call.data.get("entry_id") else ABSENT


def _names(call: Call, appointment: Appointment) -> Variables:
    employer = employer_of(call.session, appointment.person_id)
    return {
        "appointment_id": str(appointment.id),
        "person_id": str(appointment.person_id),
        "planner_name": appointment.person.name,
        "unit_id": appointment.unit_id,
        "unit_name": appointment.unit.name,
        "post_id": str(appointment.post_id),
        "employer_id": employer.id if employer else None,
        "entry_id": str(call.data.get("entry_id") or ""),
        "result": "",
        "reference": "",
        "hr_rounds": 0,
        "disputed": False,
    }


def _find(call: Call, made: Dismissal, item: int) -> None:
    """The finding with which it began; of item 5 everything goes into the restricted file."""
    if not call.data.get("proposed_item"):
        made.finding = f"第十五条{ITEM_WORDS[item]}" + ("（由所在单位提出）" if item == UNABLE else "")
        return
    given = answers(call)
    made.finding = text(given, "finding")
    if item == DISCIPLINE:
        made.finding = RESTRICTED
        body, number = text(given, "body"), text(given, "document_number")
        restrict(call.session, call.actor, made, body=body, document_number=number, finding=text(given, "finding"))
        hide(call, "finding", "body", "document_number")


def hide(call: Call, *keys: str) -> None:
    """What belongs to the restricted file does not stay with the form, where others could read it."""
    form = sent(call)
    form.answers = {key: _hidden(value) if key in keys else value for key, value in form.answers.items()}
    call.session.flush()


def _hidden(value: Any) -> Any:
    """The same shape without its words: a table keeps what its rows are about."""
    if isinstance(value, list):
        return [{key: cell if key == "ground" else RESTRICTED for key, cell in row.items()} for row in value]
    return RESTRICTED


def _join(call: Call, standing: Dismissal, item: int) -> None:
    if item not in standing.items:
        standing.items = sorted([*standing.items, item])
    if call.data.get("withdrawal_id"):
        standing.withdrawal_id, standing.wished_on = identified(call.data["withdrawal_id"]), day(call.data["wished_on"])


def findings_of(made: Dismissal, counted: Counted, disputed: bool) -> Findings:
    """What is known now, as R08 asks for it."""
    return Findings(
        voluntary_request=OWN_WISH in made.items,
        unable_finding=UNABLE in made.items,
        absence_trigger=ABSENT in made.items and counted.in_force.trigger,
        absence_disputed=disputed,
        grade=Grade.INCOMPETENT if UNQUALIFIED in made.items else None,
        grade_final=not disputed,
        discipline_finding=DISCIPLINE in made.items,
    )


def shown(call: Call, made: Dismissal, disputed: bool | None = None) -> Variables:
    """Count anew, ask R08, and keep both in the file with the version of the switches."""
    counted = count_for(call.session, made.appointment)
    open_dispute = bool(call.data.get("disputed")) if disputed is None else disputed
    check = dismissal(findings_of(made, counted, open_dispute))
    made.counted = {"rows": counted.rows, "mode": counted.mode.value, "pending": counted.in_force.pending}
    made.readings_version = counted.readings.version
    if ABSENT in made.items:
        made.trigger_events = list(counted.events)
    return {
        "dismissal_number": made.number,
        "grounds": made.items,
        "grounds_say": "、".join(ITEM_WORDS[item] for item in made.items),
        "count_rows": counted.rows,
        "readings_version": counted.readings.version,
        "rule_says": _rule_says(check),
        "rule_action": check.action.value,
        "finding": made.finding,
        "own_wish_only": made.items == [OWN_WISH],
        "withdrawal_id": str(made.withdrawal_id or ""),
        "wished_on": made.wished_on.isoformat() if made.wished_on else None,
    }


def _rule_says(check: DismissalCheck) -> str:
    holds = "、".join(str(ground) for ground in check.grounds) or "无"
    waits = spoken_items(list(check.hold)) or "无"
    return f"成立：{holds}；待定：{waits}"


@operation("dismissal.recount", zh="重新计次", en="Count anew")
def recount(call: Call) -> Variables:
    """An absence was found otherwise: where item 3 alone was the ground and falls away, the case ends."""
    made = this_dismissal(call)
    gone = ABSENT in made.items and not count_for(call.session, made.appointment).in_force.trigger
    if gone and made.items != [ABSENT]:
        made.items = [item for item in made.items if item != ABSENT]
        gone = False
    return {**shown(call, made), "falls_away": gone}


@operation("dismissal.add_withdrawal", zh="并入本人退出申请", en="The planner asks to leave")
def add_withdrawal(call: Call) -> Variables:
    """Both grounds are kept; the planner's own wish is carried out and needs no hearing (第十五条(一), D)."""
    made = this_dismissal(call)
    _join(call, made, UNABLE if call.data.get("by_employer") else OWN_WISH)
    no_longer_wanted(call.session, made.number)
    return {**shown(call, made), "own_wish_only": OWN_WISH in made.items}


@operation("dismissal.drop_withdrawal", zh="本人撤回退出申请", en="The planner takes the request back")
def drop_withdrawal(call: Call) -> Variables:
    """The own wish falls away; other grounds go on with a hearing of their own."""
    made = this_dismissal(call)
    made.items = [item for item in made.items if item != OWN_WISH]
    made.wished_on = None
    no_longer_wanted(call.session, made.number)
    return {**shown(call, made), "result": "" if made.items else "本人撤回"}


@operation("dismissal.take_check", zh="登记核对结果", en="Take the check")
def take_check(call: Call) -> Variables:
    """Opened, on hold, or not opened."""
    made = this_dismissal(call)
    chosen = text(call.data, "opening")
    if chosen == "暂停等待":
        change_status(call.session, call.actor, made, DismissalStatus.ON_HOLD, text(call.data, "opening_reason"))
    elif chosen == "立案":
        change_status(call.session, call.actor, made, DismissalStatus.VERIFYING)
    return {**shown(call, made), "result": "不予立案" if chosen == "不予立案" else ""}


@operation("dismissal.refresh", zh="重新核算", en="Look again")
def refresh(call: Call) -> Variables:
    """What was on hold is looked at again: the grade or an absence may have been found otherwise."""
    made = this_dismissal(call)
    if UNQUALIFIED in made.items and call.data.get("result") in ("changed", "again"):
        made.items = [item for item in made.items if item != UNQUALIFIED] or made.items
        made.finding = f"{made.finding}；异议复核后考核等次已更改"
    return {**shown(call, made, disputed=False), "disputed": False, "result": ""}
