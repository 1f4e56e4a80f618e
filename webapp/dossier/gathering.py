"""Reading a whole case in one moment of the database, for somebody who may see it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import tracking
from processes.engine.models import Case, CaseEvent, Incident, Submission, WorkItem
from processes.engine.packages import DIAGRAM, Package, package
from processes.engine.permissions import sees_all, visible_cases
from processes.engine.task_forms import form_definition
from processes.errors import NotAllowed
from processes.forms.definition import FormDefinition
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from webapp.api import drawing
from webapp.desk import Desk
from webapp.dossier import facts
from webapp.dossier.contents import Dossier, Step
from webapp.dossier.files import CaseFiles, files_of
from webapp.dossier.naming import Names, safe_name
from webapp.dossier.veil import Veil
from webapp.pages.answers import said
from webapp.pages.diagrams import standing
from webapp.pages.parties import Party, parties

STYLES = (Path(__file__).parents[1] / "static" / "diagram.css").read_text(encoding="utf-8")


def need_whole_case(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A case that the actor may export; `NotFound` for a stranger, `NotAllowed` for who sees only a part."""
    case = tracking.case_for(session, actor, case_id)
    if not sees_all(actor):
        raise NotAllowed(message("只有能查看整个案件的人员可以导出案卷。"))
    return case


def gathered(session: Session, desk: Desk, actor: Actor, case_id: UUID) -> Dossier:
    """A case and all that belong to it."""
    case = need_whole_case(session, actor, case_id)
    return _with_children(session, desk, actor, case, safe_name(case.number))


def _with_children(session: Session, desk: Desk, actor: Actor, case: Case, folder: str) -> Dossier:
    found = _One(session, desk, actor, case).dossier(folder)
    names = Names()
    belonging = select(Case).where(Case.parent_id == case.id, visible_cases(actor))
    for child in session.scalars(belonging.order_by(Case.started_at, Case.number)).all():
        place = f"cases/{names(child.number)}"
        found.children.append(_with_children(session, desk, actor, child, f"{folder}/{place}"))
        found.facts["cases"].append({"id": child.id, "number": child.number, "title": child.title, "path": place})
    return found


@dataclass(frozen=True)
class Sent:
    """A submission with the form it was sent with, and the file of that form in the folder."""

    submission: Submission
    form: FormDefinition
    path: str


class _One:
    """One case being read."""

    def __init__(self, session: Session, desk: Desk, actor: Actor, case: Case) -> None:
        self.session = session
        self.desk = desk
        self.actor = actor
        self.case = case
        self.package: Package = package(session, case.definition_id)

    def dossier(self, folder: str) -> Dossier:
        """Everything but the cases that belong to it."""
        items = self._rows(WorkItem, WorkItem.created_at, WorkItem.id)
        whose = parties(self.session, items, "zh")
        sent = self._sent()
        files = files_of(self.session, self.desk.house.files, self.case)
        history = self._rows(CaseEvent, CaseEvent.id)
        return Dossier(
            case=self.case,
            process=self.package.processes[self.case.process_id].name,
            version=self.case.definition.version,
            steps=self._steps(sent, whose),
            waiting=[(each, whose[each.id]) for each in items if each.status == "open"],
            history=history,
            letters=files.letters,
            attachments=files.attachments,
            missing=files.missing,
            facts=self._facts(items, whose, sent, files, history),
            parts=self._parts(sent),
            files=files.to_copy,
            folder=folder,
        )

    def _rows(self, table: Any, *order: Any) -> Sequence[Any]:
        query = select(table).where(table.case_id == self.case.id).order_by(*order)
        return self.session.scalars(query).all()

    def _sent(self) -> list[Sent]:
        names, paths, found = Names(), dict[tuple[str, str], str](), []
        for each in tracking.submissions(self.session, self.actor, self.case.id):
            form = form_definition(self.session, self.case, each.work_item, each)
            of = (each.form_key or each.work_item.element_id, form.version)
            if of not in paths:
                paths[of] = f"forms/{names(of[0], '.json')}"
            found.append(Sent(each, form, paths[of]))
        return found

    def _steps(self, sent: list[Sent], whose: dict[UUID, Party]) -> list[Step]:
        submissions = [each.submission for each in sent]
        told = said(self.session, self.desk.house, self.actor, self.case, submissions, "zh")
        return [
            Step(one, whose[each.work_item_id], each.work_item.title)
            for one, each in zip(told, submissions, strict=True)
        ]

    def _facts(
        self,
        items: Sequence[WorkItem],
        whose: dict[UUID, Party],
        sent: list[Sent],
        files: CaseFiles,
        history: Sequence[CaseEvent],
    ) -> dict[str, Any]:
        veil = Veil(self.actor, [*self.package.forms.values(), *(each.form for each in sent)])
        variables = tracking.run_of(self.session, self.desk.house, self.case.id).data
        return {
            **self._head(),
            "variables": veil(drawing.values(variables)),
            "work_items": [facts.work_item(each, whose[each.id]) for each in items],
            "submissions": [facts.submission(self.actor, each.submission, each.form, each.path) for each in sent],
            "documents": [facts.document(each.document, each.for_whom, each.path) for each in files.letters],
            "attachments": [
                *(facts.attachment(each.facts, each.path) for each in files.attachments),
                *(facts.attachment(each, None) for each in files.missing),
            ],
            "history": [facts.event(each) for each in history],
            "incidents": [facts.incident(each) for each in self._rows(Incident, Incident.at, Incident.id)],
            "registers": facts.register_rows(self.session, self.actor, self.case.id),
            "cases": [],
        }

    def _head(self) -> dict[str, Any]:
        case, process = self.case, self.package.processes[self.case.process_id]
        return facts.head(
            case,
            process.name,
            next((stage for stage in process.stages if stage.key == case.stage), None),
            self.session.get(Unit, case.unit_id) if case.unit_id else None,
            self.session.get(Person, case.subject_id) if case.subject_id else None,
        )

    def _parts(self, sent: list[Sent]) -> dict[str, bytes]:
        """The diagram as it is and as a picture that carries its own colours, and the forms."""
        picture = standing(self.session, self.desk.house, self.actor, self.case).svg
        inside = picture.index(">") + 1
        coloured = f"{picture[:inside]}<style>{STYLES}</style>{picture[inside:]}"
        forms = {each.path: facts.written(each.form.as_data()) for each in sent}
        return {"diagram.bpmn": self.package.file(DIAGRAM), "diagram.svg": coloured.encode(), **forms}
