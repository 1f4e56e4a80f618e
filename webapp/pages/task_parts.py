"""What a task's page shows beside its form: earlier opinions, common phrases, whom it may be handed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from processes import clock
from processes.engine.assigning import signed_by
from processes.engine.models import Submission, WorkItem
from processes.engine.packages import package
from processes.engine.permissions import may_do
from processes.engine.spiff.signing import signing
from processes.engine.task_forms import TaskForm
from processes.engine.verbs.models import Phrase
from processes.engine.verbs.phrases import phrases
from processes.engine.verbs.signers import rounds
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import actor_of, holders
from processes.identity.stand_ins import colleagues
from webapp.desk import Desk
from webapp.pages.earlier import earlier_submissions
from webapp.pages.inbox import unit_choices


def earlier_for(session: Session, actor: Actor, item: WorkItem) -> Sequence[Submission]:
    """What was decided before; whoever was asked for an opinion sees what the one sees who asked."""
    if item.attached_to_id is None or not may_do(actor, item):
        return earlier_submissions(session, actor, item)
    main = session.get_one(WorkItem, item.attached_to_id)
    asker = session.get(Person, main.claimed_by_id or main.person_id)
    reader = actor_of(session, asker, clock.today()) if asker is not None else actor
    return earlier_submissions(session, reader, main)


def phrases_for(session: Session, actor: Actor, task: TaskForm) -> Sequence[Phrase]:
    """Common phrases, where the form has a place for an opinion."""
    opinion = any(field.type == "textarea" and field.answers for field in task.form.fields)
    return phrases(session, actor) if opinion and "complete" in task.actions else ()


def signing_choices(session: Session, desk: Desk, task: TaskForm) -> dict[str, Any]:
    """What is asked of whoever adds a signer or takes one out: whose turn is to come, which offices there are."""
    case, item = task.case, task.item
    of = package(session, case.definition_id)
    element = of.program.elements[item.element_id]
    rule = signing(element.properties) if not item.attached_as else None
    found = rounds(session, desk.house, case, item=item)
    signer = next((each for of_one in found for each in of_one.signers if each.item_id == item.id), None)
    return {
        "in_turn": rule is not None and rule.in_turn,
        "by_unit": rule is not None and signed_by(of, element) == "unit",
        "units": unit_choices(session),
        "signer": signer,
        "ahead": next((each.ahead for each in found if signer in each.signers), ()),
    }


def colleagues_for(session: Session, actor: Actor, task: TaskForm) -> list[Person]:
    """Whom the task may be handed to."""
    item = task.item
    if "transfer" not in task.actions or not item.role:
        return []
    if item.person_id is not None:
        return colleagues(session, item.person_id, clock.today())
    known = holders(session, item.role, item.organization_id, clock.today())
    return [each for each in known if each.id not in (actor.person_id, item.claimed_by_id)]
