"""Documents of a case: filled in from the definition's own templates, numbered, kept, and told in the history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from processes import clock
from processes.documents.certificate import CertificateValues, render_certificate
from processes.documents.fonts import FontFolder
from processes.documents.letters import render_letter
from processes.documents.manifest import MANIFEST, DocumentKind, listed_kinds
from processes.documents.numbering import document_number
from processes.engine.house import Call
from processes.engine.models import CaseDocument, CaseEvent
from processes.engine.packages import package
from processes.errors import NotFound
from processes.messages import message
from processes.sequences import next_number

FOLDER = Path("documents")
"""Where a package keeps its documents."""


def issue(
    call: Call,
    key: str,
    values: Mapping[str, Any],
    *,
    unit_id: str | None = None,
    subject_id: UUID | None = None,
    number: str | None = None,
    fonts: FontFolder | None = None,
) -> CaseDocument:
    """Issue a document of the case's definition: number, file, entry in the case, line in its history.

    `number` is given where the document has one already; a kind without a number pattern gets none. `fonts` are the
    house's, unless many certificates share smaller ones.
    """
    kind = _kind(call, key)
    if number is None:
        number = next_document_number(kind.number_pattern, clock.today().year, call) if kind.number_pattern else ""
    return _keep(call, kind, number, _content(call, kind, number, values, fonts), unit_id, subject_id)


def draft(call: Call, key: str, values: Mapping[str, Any], *, unit_id: str | None = None) -> CaseDocument:
    """Draw up a document that is not issued yet and has no number."""
    kind = _kind(call, key)
    return _keep(call, kind, "", _content(call, kind, "", values, None), unit_id, None)


def issuer(call: Call, key: str) -> str:
    """Who issues a kind of document, as the definition's list of documents says."""
    return _kind(call, key).issuer


def next_document_number(pattern: str, year: int, call: Call) -> str:
    """The next number of an office's series; each series starts anew with the year."""
    return document_number(pattern, year, next_number(call.session, f"document:{pattern}:{year}"))


def _content(call: Call, kind: DocumentKind, number: str, values: Mapping[str, Any], fonts: FontFolder | None) -> bytes:
    if kind.kind == "certificate":
        facts = {"issuer": kind.issuer, "issued_on": clock.today(), **values, "number": number}
        return render_certificate(CertificateValues(**facts), fonts or call.house.fonts)
    given = {"document_number": number, "issue_date": clock.today(), **values}
    return render_letter(_file(call, kind.template), kind.worded(given))


def _keep(
    call: Call, kind: DocumentKind, number: str, content: bytes, unit_id: str | None, subject_id: UUID | None
) -> CaseDocument:
    ending = "pdf" if kind.kind == "certificate" else "docx"
    name = f"{kind.title_zh}{number or '（稿）' * bool(kind.number_pattern)}.{ending}"
    stored = call.house.files.put(call.session, call.actor, name, content, case_id=call.case.id)
    document = CaseDocument(
        case_id=call.case.id,
        key=kind.key,
        code=kind.code,
        title=kind.title_zh,
        number=number,
        dated=clock.today(),
        unit_id=unit_id,
        subject_id=subject_id,
        file_id=stored.id,
        element_id=call.element.id,
        at=call.now,
        issued_by=call.actor.name,
    )
    call.session.add(document)
    call.session.flush()
    _tell(call, document)
    return document


def _kind(call: Call, key: str) -> DocumentKind:
    kinds = listed_kinds(_file(call, FOLDER / MANIFEST), FOLDER)
    if key not in kinds:
        raise NotFound(message("没有编号为“%(key)s”的文书。", key=key))
    return kinds[key]


def _file(call: Call, path: Path | None) -> bytes:
    if path is None:
        raise NotFound(message("该文书没有模板。"))
    return package(call.session, call.case.definition_id).file(path.as_posix())


def _tell(call: Call, document: CaseDocument) -> None:
    call.session.add(
        CaseEvent(
            case_id=call.case.id,
            at=call.now,
            kind="document",
            element_id=call.element.id,
            step=call.element.name,
            person_id=call.actor.person_id,
            person=call.actor.name,
            text=f"{document.title} {document.number}".strip(),
            detail={"document_id": str(document.id), "key": document.key},
        )
    )
