"""The decision on an objection (T23) and the notice that one is not accepted, as Word templates (第十四条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter


def _letter(name: str, heading: str, *texts: str) -> OfficeDocument:
    return bureau_letter(name, (heading,), "{{ 姓名 }}同志：", *texts, issuer_in_title=False)


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
