"""审批单: the approval sheet of a case, with every opinion in order, to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case
from processes.engine.packages import package
from processes.engine.verbs.sheet import Line, Sheet, sheet
from processes.forms.describing import Described
from processes.identity.actor import Actor
from processes.identity.models import Unit
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.pages.answers import said
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("sheets", __name__, url_prefix="/cases")


@dataclass(frozen=True)
class DrawnLine:
    """A line of the sheet with its answers in words."""

    line: Line
    answers: Sequence[Described]


@blueprint.get("/<uuid:case_id>/sheet")
@signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    """The approval sheet of a case, or of the visitor's part of it."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        found = sheet(session, actor, case_id)
        return render_template(
            "cases/sheet.html",
            case=found.case,
            process=_process(session, found.case),
            unit=session.get(Unit, found.case.unit_id) if found.case.unit_id else None,
            sheet=drawn(session, desk, actor, found),
            printed=clock.now(),
            actor=actor,
        )


def drawn(session: Session, desk: Desk, actor: Actor, found: Sheet) -> list[DrawnLine]:
    """The lines with the answers of each form described."""
    sent = [each.submission for each in found.lines if each.submission is not None]
    words = said(session, desk.house, actor, found.case, sent, current_language())
    answers = {submission.id: each.answers for submission, each in zip(sent, words, strict=True)}
    return [
        DrawnLine(each, answers.get(each.submission.id, ()) if each.submission is not None else ())
        for each in found.lines
    ]


def _process(session: Session, case: Case) -> str:
    return named(package(session, case.definition_id).processes[case.process_id].name, case.key)
