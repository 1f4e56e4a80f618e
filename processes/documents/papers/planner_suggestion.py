"""The letters of a suggestion as Word templates: the planner's (T18) and the reply to it."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import letter_head
from processes.documents.official_layout import (
    RIGHT,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import imprint
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER


def suggestion() -> OfficeDocument:
    """T18 工作建议函, the planner's own letter."""
    document = new_document("工作建议函", "首席规划师")
    title(document, "关于{{ 事项 }}的工作建议", blank_before=0)
    line(document, NUMBER, align=RIGHT)
    line(document, "{{ 主送 }}：")
    paragraphs(
        document,
        "一、发现的问题",
        "{{ 问题 }}",
        "二、原因分析",
        "{{ 原因 }}",
        "三、工作建议",
        "{{ 建议 }}",
        "附件：调研记录（{{ 调研 }}）",
    )
    line(document, "首席规划师（签名）：{{ 姓名 }}　　{{ 成文日期 }}", align=RIGHT)
    imprint(document, BUREAU, None)
    page_numbers(document)
    return document


def suggestion_reply() -> OfficeDocument:
    """The reply to a suggestion (信函格式)."""
    document = new_document("工作建议答复函", "{{ 答复单位 }}")
    letter_head(document, "{{ 答复单位 }}", NUMBER, 18)
    title(document, "关于{{ 事项 }}工作建议的答复函")
    line(document, "{{ 姓名 }}首席规划师：")
    paragraphs(
        document,
        "《关于{{ 事项 }}的工作建议》（{{ 来文字号 }}）收悉。经研究，处理意见为：{{ 处理 }}。",
        "{{ 答复内容 }}",
        "落实措施：{{ 措施 }}。",
    )
    sealed_signature(document, "{{ 答复单位 }}", DAY, 18)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


TEMPLATES = {"suggestion": suggestion, "suggestion_reply": suggestion_reply}
