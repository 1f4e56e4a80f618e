"""The decision on an objection (T23) and the notice that one is not accepted, as Word templates (第十四条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import letter_head
from processes.documents.official_layout import (
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER


def _letter(name: str, heading: str, *texts: str) -> OfficeDocument:
    document = new_document(name, BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, heading)
    line(document, "{{ 姓名 }}同志：")
    paragraphs(document, *texts)
    sealed_signature(document, BUREAU, DAY)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def objection_decision() -> OfficeDocument:
    """T23 异议复核决定书 (信函格式)."""
    return _letter(
        "异议复核决定书",
        "关于{{ 年 }}年度考核结果异议的复核决定",
        "您对{{ 年 }}年度考核结果（{{ 原等次 }}）提出的异议，经复核并商市人力社保局，决定：{{ 决定 }}。",
        "理由：{{ 理由 }}",
    )


def objection_refused() -> OfficeDocument:
    """异议不予受理通知 (信函格式)."""
    return _letter(
        "异议不予受理通知",
        "关于{{ 年 }}年度考核结果异议不予受理的通知",
        "您于{{ 提出日期 }}对{{ 年 }}年度考核结果提出异议，提出异议的期限至{{ 期限 }}。经核对，决定不予受理。",
        "理由：{{ 理由 }}",
    )


TEMPLATES = {"objection_decision": objection_decision, "objection_refused": objection_refused}
