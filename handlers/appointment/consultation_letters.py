"""征求意见函: a numbered letter to a government about the people proposed, with a blank reply (第六条(四))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from handlers.appointment.deliberation_papers import professional_title
from handlers.appointment.post_rows import nominee_rows
from handlers.documents import draft, issue
from handlers.parties import bureau_of, government_of, unit_of
from processes import clock
from processes.engine.house import Call
from processes.identity.models import Unit
from processes.registers.applications import Application
from processes.registers.appointments import predecessor_of
from processes.registers.letters import Letter, LetterKind, send_letter
from processes.registers.nominations import Nomination, NominationStatus, stand
from processes.registers.rounds import Round, round_of
from processes.registers.switches import readings_on
from processes.rules.terms import term

Variables = dict[str, Any]
DAYS_TO_APPOINT = 30
"""Days from the due day of the replies to the certificates, from which the term proposed begins (D)."""

BY_PRACTICE = "经实践经验认定"
"""What a letter says in place of titles where nobody has one (第四条(二))."""


def consult(call: Call, unit_id: str, nominations: Sequence[Nomination], due: date) -> Letter:
    """Send one letter about the people proposed for a unit."""
    asked_by = round_of(call.session, nominations[0].round_id)
    propose_term(call, asked_by, nominations, due)
    government, unit = government_of(call.session, unit_id), unit_of(call.session, unit_id)
    values = _request(call, asked_by, unit, nominations, due)
    document = issue(call, "opinion_request", values, unit_id=unit_id)
    letter = send_letter(
        call.session,
        call.actor,
        government,
        nominations,
        number=document.number,
        kind=LetterKind.CONSULTATION,
        round_id=asked_by.id,
        case_id=call.case.id,
        subject=f"关于征求{unit.name}首席规划师人选意见的函",
        sent_on=clock.today(),
        due_on=due,
        file_id=document.file_id,
    )
    for nomination in nominations:
        stand(call.session, call.actor, nomination, NominationStatus.CONSULTING, document.number)
    draft(call, "opinion_reply", reply_values(letter), unit_id=unit_id)
    return letter


def party_of(letter: Letter) -> Variables:
    """What the consultation of one district is called with."""
    assert letter.unit is not None
    assert letter.due_on is not None
    return {
        "unit_id": letter.unit.id,
        "unit_name": letter.unit.name,
        "letter_id": str(letter.id),
        "reply_due": letter.due_on.isoformat(),
        "nominee_rows": nominee_rows(each.nomination for each in letter.nominations),
    }


def propose_term(call: Call, asked_by: Round, nominations: Sequence[Nomination], due: date) -> None:
    """Fix the term that the letters of a round name; who takes over a post serves the rest of its term (D)."""
    readings = readings_on(call.session)
    if asked_by.term_start is None:
        ready = due + timedelta(days=DAYS_TO_APPOINT)
        asked_by.term_start = ready if ready.day == 1 else (ready.replace(day=1) + timedelta(days=31)).replace(day=1)
        before = predecessor_of(call.session, nominations[0].post_id) if asked_by.short else None
        rest = before if before and readings.choice("replacement.term") == "rest" else None
        asked_by.term_end = rest.term_end if rest and rest.term_end > asked_by.term_start else None
    if asked_by.term_end is None:
        asked_by.term_end = term(asked_by.term_start, readings.number("term.years")).end


def _request(call: Call, asked_by: Round, unit: Unit, nominations: Sequence[Nomination], due: date) -> Variables:
    people = [each.application for each in nominations]
    return {
        "district_name": unit.name,
        "government_name": government_of(call.session, unit.id).name,
        "district_bureau": bureau_of(call.session, unit.id).name,
        "planner_name": "、".join(each.name for each in people),
        "employer": "、".join(each.employer_name for each in people),
        "professional_title": "、".join(filter(None, map(professional_title, people))) or BY_PRACTICE,
        "direction": "、".join(dict.fromkeys(part for each in people for part in each.specialties)),
        "qualification": "、".join(each.qualification for each in people),
        "summary": "\n".join(_summary(each) for each in people),
        "term_from": asked_by.term_start,
        "term_until": asked_by.term_end,
        "reply_by": due,
        "contact": asked_by.contact,
        "phone": asked_by.phone,
    }


def _summary(person: Application) -> str:
    """A person in a sentence; no identity number, no telephone."""
    facts = [person.position, professional_title(person)]
    if person.planner_cert and person.planner_cert != "无":
        facts.append(f"具有{person.planner_cert}资格")
    facts.append(f"主要从事{person.direction}工作")
    return f"{person.name}，{'，'.join(fact for fact in facts if fact)}。"


def reply_values(letter: Letter) -> Variables:
    """What the blank reply says already: the desk gives the form, the government seals its own paper."""
    assert letter.unit is not None
    return {
        "document_number": "",
        "government_name": letter.addressee,
        "district_name": letter.unit.name,
        "incoming_number": letter.number,
        "planner_name": "、".join(each.nomination.application.name for each in letter.nominations),
        "opinion": "",
        "suggestion": "",
        "reason": "",
        "issue_date": "",
    }
