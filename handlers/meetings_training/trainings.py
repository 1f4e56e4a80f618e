"""培训带教: training that planners give in the districts, confirmed by the district (第七条(四)、第八条(五))."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from handlers.answers import answers, halves, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.meetings_training.words import TRAINING_KIND_OF, hours_said
from handlers.parties import bureau_of
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.ledger import in_office
from processes.registers.meetings import TRAINING_KINDS, TrainingGiven

Variables = dict[str, Any]


@operation("meetings_training.prepare_training", zh="识别首席规划师", en="Find the planner")
def prepare_training(call: Call) -> Variables:
    """Who trained, and the district served."""
    person = call.session.get_one(Person, identified(call.data["started_by"]))
    serving = in_office(call.session, person.id, clock.today())
    return {
        "planner_name": person.name,
        "own_unit": serving[0].unit_id if serving else "",
        "training_title": "培训带教",
        "return_reason": "",
    }


@operation("meetings_training.enter_training", zh="登记培训记录", en="Enter the training")
def enter_training(call: Call) -> Variables:
    """The record as the planner wrote it; after 退回 the same one is brought up to date."""
    given = answers(call)
    listed = rows(given, "participants")
    facts = {
        "unit_id": given["unit_id"],
        "kind": TRAINING_KIND_OF[given["kind"]],
        "topic": text(given, "topic"),
        "day": needed_day(given, "day"),
        "place": text(given, "place"),
        "half_hours": halves(given["hours"]),
        "participants": "、".join(f"{row['name']}（{row['body']}）" for row in listed),
        "people": len(listed),
        "content": text(given, "content"),
    }
    training = call.session.scalar(select(TrainingGiven).where(TrainingGiven.case_id == call.case.id))
    if training is None:
        who = identified(call.data["started_by"])
        training = TrainingGiven(status="submitted", case_id=call.case.id, person_id=who, **facts)
        enter(call.session, call.actor, training)
    else:
        for name, value in facts.items():
            setattr(training, name, value)
        change_status(call.session, call.actor, training, "submitted")
    call.case.unit_id = training.unit_id
    return {
        "training_title": training.topic,
        "training_day": chinese_date(training.day),
        "training_people": training.participants,
        "training_hours": hours_said(training.half_hours),
        "training_content": training.content,
    }


@operation("meetings_training.take_training", zh="登记确认", en="Record the confirmation")
def take_training(call: Call) -> Variables:
    """What the district confirms counts, and a proof is issued; what it returns goes back with the reason."""
    training = call.session.scalars(select(TrainingGiven).where(TrainingGiven.case_id == call.case.id)).one()
    training.return_reason = text(call.data, "return_reason")
    if text(call.data, "confirm") == "退回":
        change_status(call.session, call.actor, training, "rejected", training.return_reason)
        return {"return_reason": training.return_reason}
    training.confirmed_on, training.confirmed_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, training, "confirmed")
    values = {
        "planner": training.person.name,
        "issuer": bureau_of(call.session, training.unit_id).name,
        "day": chinese_date(training.day),
        "kind": TRAINING_KINDS[training.kind].zh,
        "topic": training.topic,
        "people": training.people,
        "hours": hours_said(training.half_hours),
        "confirmed_by": training.confirmed_by,
    }
    proof = issue(call, "training_proof", values, unit_id=training.unit_id, subject_id=training.person_id)
    training.number = proof.number
    told = message("您的培训记录“%(topic)s”已确认。", topic=training.topic)
    notify(call.session, "result", told, person_id=training.person_id, case_id=call.case.id)
    return {}
