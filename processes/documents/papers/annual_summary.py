"""The year's summary as a Word template (文件格式), with its tables; it names no persons."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import file_head
from processes.documents.official_layout import (
    attachment_page,
    attachments,
    body,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import imprint, row_table
from processes.documents.official_words import BUREAU, DAY, NUMBER, PERSONNEL_BUREAU, REGULATION


def annual_summary() -> OfficeDocument:
    """年度总结 (文件格式), to the HR bureau and the summary meeting."""
    document = new_document("年度总结", BUREAU)
    file_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于{{ 年度 }}区县首席规划师工作情况的总结")
    line(document, f"{PERSONNEL_BUREAU}，各区县（自治县）人民政府：")
    paragraphs(
        document,
        f"为贯彻国土空间规划体系建设部署，提高区县国土空间规划编制与实施水平，根据{REGULATION}，"
        "现将{{ 年度 }}区县首席规划师工作情况总结如下。",
        "一、总体情况",
        "{{ 人员情况 }}。全年未邀请首席规划师的区县：{{ 未邀请区县 }}。",
    )
    row_table(document, ["项目", "本年", "上年"], [70, 40, 40], "比较", ["项目", "本年", "上年"])
    body(document, "二、主要工作和成效")
    body(document, "{{ 主要工作 }}")
    chart(document, "图1  各服务类型咨询次数", "服务类型", "分类型", "类型")
    chart(document, "图2  各季度咨询次数", "季度", "分季度", "季度")
    paragraphs(
        document,
        "三、年度考核",
        "{{ 考核情况 }}。",
        "四、区县报告和支持情况",
        "{{ 支持情况 }}",
    )
    heads = ["季度", "咨询", "实地", "意见书", "按时", "逾期", "未报"]
    row_table(document, heads, [30, *[20] * 6], "分季度", heads)
    paragraphs(document, "五、存在问题", "{{ 存在问题 }}", "六、下一年工作安排", "{{ 工作安排 }}")
    attachments(document, "分区县工作情况统计表")
    sealed_signature(document, BUREAU, DAY)
    imprint(document, "市级有关部门", (f"{BUREAU}办公室", DAY))
    attachment_page(document, "", "分区县工作情况统计表")
    chart(document, "图3  各区县咨询次数", "区县", "区县图", "区县")
    columns = ["区县", "邀请", "参加", "实地", "意见书", "采纳", "采纳率", "无故缺席"]
    row_table(document, columns, [34, *[17] * 7], "分区县", columns)
    page_numbers(document)
    return document


def chart(document: OfficeDocument, caption: str, head: str, rows: str, field: str) -> None:
    """A bar chart: one row each, with its number and a bar of that length."""
    line(document, caption)
    row_table(document, [head, "咨询（次）", "图"], [50, 20, 85], rows, [field, "咨询", "图"])


TEMPLATES = {"annual_summary": annual_summary}
