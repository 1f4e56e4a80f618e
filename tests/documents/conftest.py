"""Small Word files to try things on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document


def _docx(*texts: str) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _with_parts(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(BytesIO(package)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return written.getvalue()


@pytest.fixture
def docx() -> Callable[..., bytes]:
    """Makes a Word file with these paragraphs."""
    return _docx


@pytest.fixture
def with_parts() -> Callable[[bytes, Mapping[str, bytes]], bytes]:
    """Makes a Word file in which some parts are put in or exchanged."""
    return _with_parts
