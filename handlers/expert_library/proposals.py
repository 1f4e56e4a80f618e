"""专家入库: proposed by oneself, an employer or the city bureau, confirmed by the person, admitted (第十条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, identified, last_sent, text
from handlers.expert_library.facts import conditions, stated
from handlers.registry import operation
from processes.engine.house import Call
from processes.identity.models import Organization, Person
from processes.messages import message
from processes.notices import notify
from processes.registers.experts import Expert, ExpertStatus, enter_library, note
from processes.registers.history import change_status
from processes.registers.switches import readings_on

Variables = dict[str, Any]


@operation("expert_library.prepare", zh="识别提出人", en="Find who proposes")
def prepare(call: Call) -> Variables:
    """Nothing is known of the person yet; who applies for himself is the one chosen."""
    host = call.session.get(Organization, str(call.data.get("starter_organization") or ""))
    by = call.session.get_one(Person, identified(call.data.get("started_by")))
    proposed_by = f"{host.name} {by.name}" if host else by.name
    employer = host.id if host and host.kind == "employer" else None
    return {"proposed_by": proposed_by, "reasons": "", "employer_id": employer, "candidate": "" if host else str(by.id)}


@operation("expert_library.take_proposal", zh="登记入库申请", en="Take the proposal")
def take_proposal(call: Call) -> Variables:
    """What was proposed, with what 第四条(二) says of it."""
    given = answers(call)
    person = call.session.get_one(Person, identified(given["candidate"]))
    facts = stated(given)
    said, route = conditions(facts, readings_on(call.session))
    employer = call.session.get(Organization, facts["employer_id"])
    call.case.title, call.case.subject_id = f"专家入库：{person.name}", person.id
    return {
        **facts,
        "cert_valid_until": given.get("cert_valid_until") or "",
        "candidate": str(person.id),
        "expert_person": str(person.id),
        "expert_name": person.name,
        "employer_name": employer.name if employer else "",
        "merits": text(given, "merits"),
        "rule_words": said,
        "route": route,
        "own": str(person.id) == str(call.data.get("started_by")),
    }


@operation("expert_library.note_declined", zh="登记未获本人确认", en="Note that the person did not confirm")
def note_declined(call: Call) -> None:
    """Nobody is entered against the own will or without an answer (第五条(二))."""
    _tell(call, "未获本人确认，不予入库")


@operation("expert_library.enter", zh="登记入库", en="Enter the person")
def enter(call: Call) -> Variables:
    """The person is a candidate; an inactive record becomes active again, none is made twice."""
    sent = last_sent(call.session, call.case, "proposal")
    person = call.session.get_one(Person, identified(call.data["candidate"]))
    facts = stated(sent.answers if sent else {})
    reason = text(call.data, "reasons")
    expert = enter_library(
        call.session, call.actor, person, f"审核入库（{call.case.number}）", **facts, route=text(call.data, "route")
    )
    if expert.status != ExpertStatus.CANDIDATE:
        change_status(call.session, call.actor, expert, ExpertStatus.CANDIDATE, f"重新入库（{call.case.number}）")
    expert.minimised_on = None
    note(call.session, call.actor, expert, f"{text(call.data, 'proposed_by')}提出入库。{reason}".strip())
    _tell(call, "已入库")
    return {"expert_id": str(expert.id)}


@operation("expert_library.refuse", zh="登记不予入库", en="Note that the person is not admitted")
def refuse(call: Call) -> None:
    """The reason is told to the person and to who proposed."""
    _tell(call, f"不予入库：{text(call.data, 'reasons')}")


def _tell(call: Call, result: str) -> None:
    told = message("专家入库（%(name)s）：%(result)s。", name=text(call.data, "expert_name"), result=result)
    people = {identified(call.data["candidate"]), identified(call.data["started_by"])}
    for person_id in sorted(people, key=str):
        notify(call.session, "result", told, person_id=person_id, case_id=call.case.id)


def active(expert: Expert | None) -> bool:
    """Whether a person is in the library and not inactive."""
    return expert is not None and expert.status != ExpertStatus.INACTIVE
