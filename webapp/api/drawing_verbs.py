"""What the verbs have made, as the API shows it; the shapes stand in `schemas.py`."""

from __future__ import annotations

from processes.engine.verbs.models import Attachment, Circulation, HandOver, Phrase
from processes.engine.verbs.sending_back import Target
from processes.engine.verbs.signers import Round
from processes.identity.models import StandIn
from webapp.api.drawing import Shown


def target(found: Target) -> Shown:
    """A step to which a task may be sent back."""
    return {
        "id": found.id,
        "element": found.visit.element_id,
        "step": found.step,
        "people": list(found.people),
        "ways": list(found.ways),
        "by_starter": found.by_starter,
        "withdrawn": found.withdrawn,
        "repeated": list(found.repeated),
    }


def signing(found: Round) -> Shown:
    """Those who sign one task."""
    return {
        "step": found.step,
        "sign": found.rule.sign if found.rule else "",
        "needed": found.needed,
        "total": found.total,
        "done": found.done,
        "left": [each.name for each in found.left],
        "signers": [
            {
                "task_id": each.item_id,
                "name": each.name,
                "status": each.status,
                "result": each.result,
                "comment": each.comment,
            }
            for each in found.signers
        ],
        "ahead": [{"key": each.key, "name": each.name} for each in found.ahead],
    }


def circulation(found: Circulation) -> Shown:
    """A copy or a question."""
    names = ("id", "kind", "step", "sender", "at", "text", "read_at", "answer", "answered_at")
    case = {name: getattr(found.case, name) for name in ("id", "number", "title", "status")}
    return {**{name: getattr(found, name) for name in names}, "case": case, "to": found.to.name}


def stand_in(found: StandIn) -> Shown:
    """An arrangement to stand in."""
    names = ("id", "valid_from", "valid_to", "processes", "reason", "ended_at")
    return {
        **{name: getattr(found, name) for name in names},
        "principal": found.principal.name,
        "person": found.person.name,
    }


def phrase(found: Phrase) -> Shown:
    """A common phrase."""
    return {"id": found.id, "text": found.text, "of_house": found.person_id is None}


def hand_over(found: HandOver) -> Shown:
    """A receipt of work that was handed over."""
    names = ("id", "number", "leaver", "successor", "at", "by", "reason", "lines")
    return {name: getattr(found, name) for name in names}


def attachment(found: Attachment) -> Shown:
    """An attachment with its versions, newest first."""
    versions = [
        {
            "number": each.number,
            "file_id": each.file_id,
            "size": each.file.size,
            "at": each.at,
            "person": each.person,
            "step": each.step,
            "note": each.note,
        }
        for each in found.versions
    ]
    return {"id": found.id, "title": found.title, "versions": versions}
