"""年度核对: everybody in the library looks at the own record in March; what is not checked stays (第十条, D)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from handlers.answers import answers, identified, sent, text
from handlers.expert_library.facts import LABELS, VERIFIED, in_words, known, shown, stated
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.engine.models import Submission
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.experts import Expert, ExpertStatus, expert_of, note

Variables = dict[str, Any]
SOON = timedelta(days=90)
"""Days before a registration ends from which the person is reminded (D)."""
SHORTEST = timedelta(days=20)
"""Days that a check lasts at the least, where it begins late."""
CHANGED = "有变更"


@operation("expert_library.list_experts", zh="列出在库专家", en="List everybody in the library")
def list_experts(call: Call) -> Variables:
    """Everybody who is not inactive and can log in; the check lasts until the end of March (D)."""
    year = int(call.data.get("year") or clock.today().year)
    listed = (
        select(Expert)
        .join(Person, Expert.person_id == Person.id)
        .where(Expert.status != ExpertStatus.INACTIVE, Person.disabled.is_(False))
        .order_by(Expert.name, Expert.id)
    )
    found = call.session.scalars(listed).all()
    call.case.title = f"{year}年专家信息核对"
    until = max(date(year, 3, 31), clock.today() + SHORTEST)
    people = {str(each.id): {"person_id": str(each.person_id), "expert_id": str(each.id)} for each in found}
    return {"year": year, "check_until": until.isoformat(), "experts": people}


@operation("expert_library.show_own", zh="出示库内信息", en="Show the record")
def show_own(call: Call) -> Variables:
    """The person reads what the library says, as it stands now."""
    nothing = {"all_right": "", "verified": "", "change_rows": [], "needs_verification": False}
    expert = _expert(call)
    now = [{"item": LABELS[name], "value": in_words(call, name, value)} for name, value in known(expert).items()]
    return {**nothing, **shown(expert), "record_rows": now, "outcome": {}}


@operation("expert_library.take_check", zh="登记核对结果", en="Take the check")
def take_check(call: Call) -> Variables:
    """What changed is taken over; title and qualification only after the city bureau has verified them."""
    expert, given = _expert(call), answers(call)
    expert.checked_on = clock.today()
    if given.get("all_right") != CHANGED:
        note(call.session, call.actor, expert, f"{clock.today().year}年核对：信息无误。")
        return {"needs_verification": False, "certificate_ends": _ends(expert), "outcome": {"result": "无误"}}
    before, after = known(expert), stated(given)
    changed = [name for name in LABELS if _differs(before[name], after[name])]
    rows = [
        {
            "item": LABELS[name],
            "before": in_words(call, name, before[name]),
            "after": in_words(call, name, after[name]),
        }
        for name in changed
    ]
    for name in set(changed) - VERIFIED:
        setattr(expert, name, after[name])
    expert.changed_at = clock.now()
    told = "；".join(f"{row['item']}由“{row['before']}”改为“{row['after']}”" for row in rows) or "无变化"
    note(call.session, call.actor, expert, f"{clock.today().year}年核对：{told}。")
    return {
        "change_rows": rows,
        "check_submission": str(sent(call).id),
        "needs_verification": bool(VERIFIED & set(changed)),
        "certificate_ends": _ends(expert),
        "outcome": {"result": "有变更"},
    }


@operation("expert_library.take_verification", zh="登记核实结果", en="Take the verification")
def take_verification(call: Call) -> Variables:
    """Verified changes are taken over; refused ones are told to the person."""
    expert = _expert(call)
    if text(call.data, "verified") == "不予更新":
        why = text(call.data, "verify_note")
        note(call.session, call.actor, expert, f"变更不予更新：{why}")
        told = message("您的专家库信息变更未予更新：%(why)s", why=why)
        notify(call.session, "result", told, person_id=expert.person_id, case_id=call.case.id)
        return {"certificate_ends": _ends(expert)}
    after = stated(_own_answers(call))
    for name in VERIFIED:
        setattr(expert, name, after[name])
    expert.changed_at = clock.now()
    note(call.session, call.actor, expert, "职称、资格变更已核实并更新。")
    return {"certificate_ends": _ends(expert)}


@operation("expert_library.note_unchecked", zh="登记未核对", en="Note that the record was not checked")
def note_unchecked(call: Call) -> Variables:
    """Who has not answered stays in the library; the city bureau sees it."""
    expert = _expert(call)
    note(call.session, call.actor, expert, f"{clock.today().year}年3月底前未核对信息。")
    return {"certificate_ends": _ends(expert), "outcome": {"result": "未核对"}}


@operation("expert_library.remind_certificate", zh="提醒更新证书", en="Remind of the certificate")
def remind_certificate(call: Call) -> None:
    """The end of a registration is a reminder, never a removal; the text asks for the qualification (第四条(二))."""
    expert = _expert(call)
    until = expert.cert_valid_until
    told = message("%(name)s的注册证书有效期至%(day)s，请及时更新并报市局；到期不影响在库。",
                   name=expert.name, day=until.isoformat() if until else "")  # fmt: skip
    notify(call.session, "reminder", told, person_id=expert.person_id, case_id=call.case.id)
    notify(
        call.session, "reminder", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=call.case.id
    )
    note(call.session, call.actor, expert, f"注册证书有效期至{until}，已提醒。")


@operation("expert_library.sum_up", zh="汇总核对情况", en="Sum up the check")
def sum_up(call: Call) -> Variables:
    """How many records were checked, changed, not checked."""
    results = [each.get("result", "") for each in _outcomes(call)]
    counts = {name: results.count(name) for name in ("无误", "有变更", "未核对")}
    told = message("%(year)s年专家信息核对：无误%(right)s人，有变更%(changed)s人，未核对%(missing)s人。",
                   year=call.data["year"], right=counts["无误"], changed=counts["有变更"],
                   missing=counts["未核对"])  # fmt: skip
    for role in ("city_bureau.clerk", "city_bureau.section"):
        notify(call.session, "result", told, role=role, organization_id="city_bureau", case_id=call.case.id)
    return {"check_counts": counts}


def _outcomes(call: Call) -> list[dict[str, Any]]:
    found = call.data.get("outcomes") or []
    listed = found.values() if isinstance(found, dict) else found
    return [each for each in listed if isinstance(each, dict)]


def _own_answers(call: Call) -> Mapping[str, Any]:
    """What the person sent with the own check."""
    return call.session.get_one(Submission, identified(call.data["check_submission"])).answers


def _expert(call: Call) -> Expert:
    return expert_of(call.session, identified(call.data["party"]["expert_id"]))


def _ends(expert: Expert) -> bool:
    """Whether the registration has ended or ends soon."""
    return expert.cert_valid_until is not None and expert.cert_valid_until <= clock.today() + SOON


def _differs(before: Any, after: Any) -> bool:
    """Whether a fact is another; 无 and nothing are one."""
    return (before or "") != ("" if after in (None, "无", []) else after)
