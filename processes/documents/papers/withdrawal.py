"""The papers of a withdrawal as Word templates: the request and its confirmation (第十五条(一))."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_layout import (
    RIGHT,
    line,
    new_document,
    page_numbers,
    paragraphs,
    title,
)
from processes.documents.official_words import BUREAU, REGULATION


def request() -> OfficeDocument:
    """退出申请, by the person or for an employer."""
    document = new_document("退出申请", "{{ 申请人 }}")
    title(document, "退出申请", blank_before=0)
    line(document, f"{BUREAU}：")
    paragraphs(
        document,
        f"根据{REGULATION}，申请{{{{ 姓名 }}}}退出（所处阶段：{{{{ 阶段 }}}}），希望自{{{{ 希望生效日期 }}}}起生效。",
        "原因：{{ 原因 }}",
        "交接说明：{{ 交接说明 }}",
    )
    line(document, "申请人：{{ 申请人 }}　　{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


def confirmation() -> OfficeDocument:
    """退出确认 (信函格式), for those who leave the selection."""
    return bureau_letter(
        "退出确认",
        ("关于确认退出区县首席规划师选聘的函",),
        "{{ 姓名 }}同志：",
        "您的退出申请收悉。经核对，确认您自{{ 生效日期 }}起退出本轮区县首席规划师选聘（{{ 阶段 }}阶段）。"
        "本次退出不影响您今后报名。感谢您对区县国土空间规划工作的关注。",
        issuer_in_title=False,
    )


TEMPLATES = {"request": request, "confirmation": confirmation}
