"""The paper of a correction as a Word template: from what to what, and what it touches (第十二条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_layout import (
    RIGHT,
    line,
    new_document,
    page_numbers,
    paragraphs,
    title,
)
from processes.documents.official_words import BUREAU


def correction_note() -> OfficeDocument:
    """更正说明, kept beside the record."""
    document = new_document("更正说明", BUREAU)
    title(document, "记录更正说明", blank_before=0)
    line(document, "编号：{{ 编号 }}", align=RIGHT)
    paragraphs(
        document,
        "记录：{{ 记录 }}",
        "字段：{{ 字段 }}",
        "原值：{{ 原值 }}",
        "新值：{{ 新值 }}",
        "理由：{{ 理由 }}",
        "申请人：{{ 申请人 }}",
        "核实情况：{{ 核实情况 }}",
        "审批情况：{{ 审批情况 }}",
        "影响：{{ 影响 }}",
        "原值已保留备查，已报送的文件保持原样。",
    )
    line(document, "{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


TEMPLATES = {"correction_note": correction_note}
