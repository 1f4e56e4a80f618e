"""The .docx as a package: opened with limits, closed with fixed dates so that equal contents are equal bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from docx.document import Document as OfficeDocument
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
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_package(package: bytes) -> ZipFile:
    """The parts of an uploaded .docx, or Invalid when it is none, is too large or declares entities."""
    try:
        parts = ZipFile(BytesIO(package))
        sizes = {entry.filename: entry.file_size for entry in parts.infolist()}
    except (BadZipFile, ValueError, OSError) as fault:
        raise Invalid(message("文件不是Word文档（.docx），请另存为.docx格式后重新上传。")) from fault
    if "word/document.xml" not in sizes or "[Content_Types].xml" not in sizes:
        raise Invalid(message("文件不是Word文档（.docx），请另存为.docx格式后重新上传。"))
    largest = max(size for name, size in sizes.items() if name.endswith((".xml", ".rels")))
    if len(sizes) > MOST_PARTS or sum(sizes.values()) > LARGEST_PACKAGE or largest > LARGEST_PART:
        raise Invalid(message("文件过大，请删除多余的图片和内容后重新上传。"))
    for name in sizes:
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(name):
            raise Invalid(message("文件含有不允许的声明，请用Word或WPS重新保存后上传。"))
    return parts


def active_content(package: bytes) -> list[Message]:
    """Macros, embedded objects and content fetched from elsewhere: none may be in a letter."""
    parts = read_package(package)
    found = [
        message("文件含有宏或嵌入对象（%(part)s），不能用作模板。", part=name)
        for name in parts.namelist()
        if _ACTIVE.search(name)
    ]
    for name in parts.namelist():
        if not name.endswith(".rels"):
            continue
        for link in etree.fromstring(parts.read(name), safe_parser()).iter(_RELATIONSHIP):
            if link.get("TargetMode") == "External" and not str(link.get("Type")).endswith("/hyperlink"):
                found.append(
                    message("文件引用了外部内容（%(target)s），不能用作模板。", target=str(link.get("Target")))
                )
    return found


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
