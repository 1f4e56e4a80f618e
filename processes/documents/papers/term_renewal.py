"""The papers at the end of a term as Word templates: appraisal form (T20), notice (T21), letter (T04)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_layout import (
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import row_table
from processes.documents.official_words import BUREAU, DAY, PERSONNEL_BUREAU, REGULATION


def term_appraisal() -> OfficeDocument:
    """T20 聘期考核表."""
    document = new_document("聘期考核表", BUREAU)
    title(document, "区县首席规划师聘期考核表", blank_before=0)
    line(document, "姓名：{{ 姓名 }}　　服务区县：{{ 区县 }}")
    line(document, "聘期：{{ 聘期 }}")
    columns = ["年度", "考核等次", "实地次数", "书面意见", "采纳", "无故缺席"]
    row_table(document, columns, [18, 26, 44, 24, 24, 24], "历年情况", columns)
    paragraphs(
        document,
        "缺席：{{ 缺席 }}",
        "区县意见：{{ 区县意见 }}；派出单位意见：{{ 派出单位意见 }}；本人意愿：{{ 本人意愿 }}。",
        "聘期考核结果：{{ 聘期考核结果 }}。理由：{{ 理由 }}",
    )
    sealed_signature(document, BUREAU, DAY)
    page_numbers(document)
    return document


def renewal_notice() -> OfficeDocument:
    """T21 续聘（期满终止）通知 (信函格式)."""
    return bureau_letter(
        "续聘（期满终止）通知",
        ("关于{{ 事项 }}的通知",),
        "{{ 姓名 }}同志、{{ 派出单位 }}：",
        "{{ 姓名 }}同志担任{{ 区县 }}首席规划师的聘期于{{ 止 }}届满。"
        f"根据{REGULATION}第五条第（三）项，经聘期考核并征求有关方面意见，研究决定：{{{{ 决定 }}}}。",
        attached=("聘书（续聘的）",),
        copies=f"{{{{ 区县 }}}}人民政府，{PERSONNEL_BUREAU}",
    )


def opinion_request() -> OfficeDocument:
    """T04 征求意见函 to the government of another district (信函格式)."""
    return bureau_letter(
        "征求意见函",
        ("关于征求{{ 区县 }}首席规划师人选意见的函",),
        "{{ 区县政府 }}：",
        "{{ 姓名 }}同志现任{{ 原区县 }}首席规划师，聘期届满。经研究，拟聘任其为{{ 区县 }}首席规划师，"
        "聘期自{{ 聘期起 }}至{{ 聘期止 }}。",
        f"根据{REGULATION}第六条第（四）项，现征求贵方意见，请于{{{{ 答复期限 }}}}前函复；不同意的，请说明理由。",
    )


TEMPLATES = {
    "term_appraisal": term_appraisal,
    "renewal_notice": renewal_notice,
    "opinion_request": opinion_request,
}
