"""Documents of a case: numbered, entered and told in the history at once; the file itself is made in the background.

What a document says is fixed when it is issued. Filling it in takes time, 40 letters some seconds, so that is a job of
the same transaction; the case goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from processes import clock, jobs
from processes.documents.certificate import CertificateValues, render_certificate
from processes.documents.letters import needed_variables, render_letter
from processes.documents.manifest import MANIFEST, DocumentKind, listed_kinds
from processes.documents.numbering import document_number
from processes.engine.house import Call, House, JobKind
from processes.engine.models import Case, CaseDocument, CaseEvent
from processes.engine.packages import package
from processes.errors import Invalid, NotFound
from processes.files import stored_file
from processes.jobs import Taken
from processes.messages import message
from processes.sequences import next_number

FOLDER = Path("documents")
"""Where a package keeps its documents."""
MAKE = "document.make"


def issue(
    call: Call,
    key: str,
    values: Mapping[str, Any],
    *,
    unit_id: str | None = None,
    subject_id: UUID | None = None,
    number: str | None = None,
) -> CaseDocument:
    """Issue a document of the case's definition: number, entry in the case, line in its history, file soon after.

    `number` is given where the document has one already; a kind without a number pattern gets none.
    """
    kind = _kind(call.session, call.case, key)
    if number is None:
        number = next_document_number(kind.number_pattern, clock.today().year, call) if kind.number_pattern else ""
    return _enter(call, kind, number, values, unit_id, subject_id)


def draft(call: Call, key: str, values: Mapping[str, Any], *, unit_id: str | None = None) -> CaseDocument:
    """Draw up a document that is not issued yet and has no number."""
    return _enter(call, _kind(call.session, call.case, key), "", values, unit_id, None)


def next_document_number(pattern: str, year: int, call: Call) -> str:
    """The next number of an office's series; each series starts anew with the year."""
    return document_number(pattern, year, next_number(call.session, f"document:{pattern}:{year}"))


def _enter(
    call: Call, kind: DocumentKind, number: str, values: Mapping[str, Any], unit_id: str | None, subject_id: UUID | None
) -> CaseDocument:
    said = _said(kind, number, values)
    _require_all(call, kind, said)
    ending = "pdf" if kind.kind == "certificate" else "docx"
    name = f"{kind.title_zh}{number or '（稿）' * bool(kind.number_pattern)}.{ending}"
    promised = call.house.files.promise(call.session, call.actor, name, case_id=call.case.id)
    document = CaseDocument(
        case_id=call.case.id,
        key=kind.key,
        code=kind.code,
        title=kind.title_zh,
        number=number,
        dated=clock.today(),
        unit_id=unit_id,
        subject_id=subject_id,
        file_id=promised.id,
        element_id=call.element.id,
        at=call.now,
        issued_by=call.actor.name,
    )
    call.session.add(document)
    call.session.flush()
    args = {"case": str(call.case.id), "document": str(document.id), "values": _packed(said)}
    jobs.enqueue_new(call.session, MAKE, args, key=f"{MAKE}:{document.id}")
    _tell(call, document)
    return document


def _said(kind: DocumentKind, number: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that the document will say, the number and the day among it."""
    if kind.kind == "certificate":
        return {"issuer": kind.issuer, "issued_on": clock.today(), **values, "number": number}
    return {"document_number": number, "issue_date": clock.today(), **values}


def _require_all(call: Call, kind: DocumentKind, said: Mapping[str, Any]) -> None:
    """Find out before the number is taken for good that something is missing, not when the file is made."""
    if kind.kind == "certificate":
        CertificateValues(**said)
        return
    template = _file(call.session, call.case, kind.template)
    missing = sorted(_needed(template) - set(kind.worded(said)))
    if missing:
        raise Invalid(message("文书缺少“%(name)s”的内容。", name="、".join(missing)))


@lru_cache(maxsize=64)
def _needed(template: bytes) -> frozenset[str]:
    return frozenset(needed_variables(template))


# in the background


def _made(session: Session, house: House, job: Taken) -> bytes:
    """The file of a document, filled in from the template of the definition that its case runs on."""
    document = session.get_one(CaseDocument, UUID(job.args["document"]))
    kind, said = _kind(session, document.case, document.key), _unpacked(job.args["values"])
    if kind.kind == "certificate":
        return render_certificate(CertificateValues(**said), house.fonts)
    return render_letter(_file(session, document.case, kind.template), kind.worded(said))


def _keep(session: Session, house: House, job: Taken, made: bytes) -> None:
    document = session.get_one(CaseDocument, UUID(job.args["document"]))
    house.files.fulfil(stored_file(session, document.file_id), made)


JOB_KINDS = {MAKE: JobKind(message("生成文书"), _keep, _made, needed=True)}
"""The background work of documents."""


def _packed(value: Any) -> Any:
    """Values as JSON can hold them; a day is marked as one."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {"rows": {key: _packed(part) for key, part in value.items()}}
    if isinstance(value, list | tuple):
        return [_packed(part) for part in value]
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    return {key: _unpacked(part) for key, part in value["rows"].items()}


def _kind(session: Session, case: Case, key: str) -> DocumentKind:
    kinds = listed_kinds(_file(session, case, FOLDER / MANIFEST), FOLDER)
    if key not in kinds:
        raise NotFound(message("没有编号为“%(key)s”的文书。", key=key))
    return kinds[key]


def _file(session: Session, case: Case, path: Path | None) -> bytes:
    if path is None:
        raise NotFound(message("该文书没有模板。"))
    return package(session, case.definition_id).file(path.as_posix())


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
