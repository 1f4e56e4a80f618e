"""A letter of the city bureau (信函格式): head, title, addressee, text, attachments, seal, copies, page numbers."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import letter_head
from processes.documents.official_layout import (
    attachments,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import imprint
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER


def bureau_letter(
    name: str,
    heading: Sequence[str],
    addressee: str,
    *texts: str,
    attached: Sequence[str] = (),
    copies: str | None = None,
    issuer_in_title: bool = True,
) -> OfficeDocument:
    """The letter as a template; `copies` names who else gets one, and without it there is no line of copies."""
    document = new_document(name, BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, *([BUREAU] if issuer_in_title else []), *heading)
    line(document, addressee)
    paragraphs(document, *texts)
    if attached:
        attachments(document, *attached)
    sealed_signature(document, BUREAU, DAY)
    if copies is not None:
        imprint(document, copies, None)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document
