"""The letters between the two bureaus (T04b, T05b) and 解释口径 as Word templates (第十、十六条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_heads import letter_head
from processes.documents.official_layout import (
    CENTRE,
    RIGHT,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_words import (
    BELOW_LETTER_NUMBER,
    BUREAU,
    CONTACT,
    DAY,
    NUMBER,
    PERSONNEL_BUREAU,
    REGULATION,
)


def hr_request() -> OfficeDocument:
    """T04b 重要事项征求意见函 (信函格式)."""
    return bureau_letter(
        "征求意见函",
        ("关于{{ 再次 }}征求{{ 事项 }}意见的函",),
        f"{PERSONNEL_BUREAU}：",
        f"根据{REGULATION}第十条规定，现就{{{{ 事项 }}}}{{{{ 再次 }}}}征求贵局意见。主要情况如下：",
        "{{ 主要情况 }}",
        "请于{{ 答复期限 }}前函复我局。如有不同意见，请说明理由。",
        CONTACT,
        copies="",
    )


def hr_reply() -> OfficeDocument:
    """T05b 市人力社保局复函 (信函格式)."""
    document = new_document("复函", PERSONNEL_BUREAU)
    letter_head(document, PERSONNEL_BUREAU, NUMBER)
    title(document, PERSONNEL_BUREAU, "关于{{ 事项 }}意见的复函")
    line(document, f"{BUREAU}：")
    paragraphs(
        document,
        "《关于征求{{ 事项 }}意见的函》（{{ 来文字号 }}）收悉。经研究，我局意见为：{{ 意见 }}。",
        "{{ 意见内容 }}",
    )
    sealed_signature(document, PERSONNEL_BUREAU, DAY)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def interpretation() -> OfficeDocument:
    """解释口径 of 第十六条, as it is entered in the register."""
    document = new_document("解释口径", BUREAU)
    title(document, f"{REGULATION}解释口径", blank_before=0)
    line(document, "{{ 编号 }}", align=CENTRE)
    paragraphs(
        document,
        "一、条款：{{ 条款 }}",
        "二、问题：{{ 问题 }}",
        "三、解释口径：{{ 解释口径 }}",
        f"四、依据：{REGULATION}第十六条。经征求市人力社保局意见（{{{{ 征求意见函 }}}}），"
        "两局于{{ 一致日期 }}意见一致。",
        "五、{{ 开关调整 }}",
    )
    line(document, "{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


TEMPLATES = {"hr_request": hr_request, "hr_reply": hr_reply, "interpretation": interpretation}
