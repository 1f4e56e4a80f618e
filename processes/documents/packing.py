"""The .docx as a package: opened with limits, closed with fixed dates so that equal contents are equal bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from docx.document import Document as OfficeDocument
from docx.oxml.ns import qn
from lxml import etree

from processes.errors import Invalid
from processes.messages import Message, message

LARGEST_PACKAGE = 30_000_000
"""Bytes of all parts together, unpacked."""
LARGEST_PART = 8_000_000
"""Bytes of one part of text (XML), unpacked."""
MOST_PARTS = 500
FIXED_TIME = (2025, 1, 1, 0, 0, 0)
_ACTIVE = re.compile(r"vbaProject|activeX|/embeddings/|oleObject", re.IGNORECASE)
_FOREIGN_KINDS = ("/vbaProject", "/control", "/oleObject", "/package", "/aFChunk")
"""Relationships to what is not text or a picture; aFChunk is a page of HTML that Word would merge in."""
_FETCHING_FIELDS = re.compile(
    r"^\W*(?:DDE|DDEAUTO|LINK|IMPORT|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|DATABASE|MACROBUTTON|RD)\b", re.IGNORECASE
)
"""Fields of Word that run something or fetch it from elsewhere when the letter is opened."""
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_package(package: bytes) -> ZipFile:
    """The parts of an uploaded .docx, or Invalid when it is none, is damaged, too large or declares entities."""
    try:
        parts = ZipFile(BytesIO(package))
    except (BadZipFile, ValueError, OSError) as fault:
        raise Invalid(message("文件不是Word文档（.docx），请另存为.docx格式后重新上传。")) from fault
    if not {"word/document.xml", "[Content_Types].xml"} <= set(parts.namelist()):
        raise Invalid(message("文件不是Word文档（.docx），请另存为.docx格式后重新上传。"))
    _require_bounds(parts)
    try:
        declared = any(b"<!DOCTYPE" in parts.read(name).replace(b"\0", b"") for name in _texts(parts))
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as fault:
        raise Invalid(message("文件已损坏，请用Word或WPS重新保存为.docx后上传。")) from fault
    if declared:
        raise Invalid(message("文件含有不允许的声明，请用Word或WPS重新保存后上传。"))
    return parts


def _texts(parts: ZipFile) -> list[str]:
    return [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]


def _require_bounds(parts: ZipFile) -> None:
    entries = parts.infolist()
    largest = max(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or unpacked > LARGEST_PACKAGE or largest > LARGEST_PART:
        raise Invalid(message("文件过大，请删除多余的图片和内容后重新上传。"))


def active_content(package: bytes) -> list[Message]:
    """Macros, embedded objects and content fetched from elsewhere: none may be in a letter."""
    parts = read_package(package)
    return [
        *(
            message("文件含有宏或嵌入对象（%(part)s），不能用作模板。", part=name)
            for name in parts.namelist()
            if _ACTIVE.search(name)
        ),
        *_foreign_links(parts),
        *_fetching_fields(parts),
    ]


def _foreign_links(parts: ZipFile) -> Iterator[Message]:
    for name in parts.namelist():
        if not name.endswith(".rels"):
            continue
        for link in _root(parts, name).iter(_RELATIONSHIP):
            target, kind = str(link.get("Target")), str(link.get("Type"))
            if link.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
                yield message("文件引用了外部内容（%(target)s），不能用作模板。", target=target)
            elif kind.endswith(_FOREIGN_KINDS):
                yield message("文件含有宏或嵌入对象（%(part)s），不能用作模板。", part=target)


def _fetching_fields(parts: ZipFile) -> Iterator[Message]:
    for name in parts.namelist():
        if not (name.startswith("word/") and name.endswith(".xml")):
            continue
        root = _root(parts, name)
        instructions = [str(field.get(qn("w:instr"))) for field in root.iter(qn("w:fldSimple"))]
        for line in root.iter(qn("w:p")):
            # Word splits a long instruction into several pieces; the name of the field is in the first ones.
            instructions += "".join(_instruction_pieces(line)).split("\0")
        for instruction in instructions:
            if _FETCHING_FIELDS.match(instruction):
                yield message("文件含有会读取外部内容的域（%(field)s），不能用作模板。", field=instruction.strip())


def _instruction_pieces(line: etree._Element) -> Iterator[str]:
    """The texts of the fields of a paragraph, with a NUL where a field begins."""
    for piece in line.iter(qn("w:fldChar"), qn("w:instrText")):
        if piece.tag == qn("w:instrText"):
            yield piece.text or ""
        elif piece.get(qn("w:fldCharType")) == "begin":
            yield "\0"


def _root(parts: ZipFile, name: str) -> etree._Element:
    try:
        return etree.fromstring(parts.read(name), safe_parser())
    except etree.XMLSyntaxError as fault:
        raise Invalid(message("文件已损坏，请用Word或WPS重新保存为.docx后上传。")) from fault


def safe_parser() -> etree.XMLParser:
    """A reader of XML that expands nothing and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True)


def save_fixed(document: OfficeDocument) -> bytes:
    """The document's bytes with fixed dates, no editor's name and the parts' times set to one moment."""
    facts = document.core_properties
    facts.created = facts.modified = datetime(*FIXED_TIME)
    facts.revision = 1
    facts.last_modified_by = ""
    written = BytesIO()
    document.save(written)
    fixed = BytesIO()
    with ZipFile(written) as source, ZipFile(fixed, "w") as target:
        for entry in source.infolist():
            still = ZipInfo(entry.filename, FIXED_TIME)
            still.compress_type = entry.compress_type
            still.external_attr = 0o600 << 16
            target.writestr(still, source.read(entry.filename))
    return fixed.getvalue()
