"""The planner's own report on a year (T14) as a Word template."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_layout import RIGHT, line, new_document, page_numbers, paragraphs, title
from processes.documents.official_tables import row_table
from processes.documents.official_words import BUREAU, NUMBER, REGULATION


def annual_report() -> OfficeDocument:
    """T14 年度工作报告, signed by the planner."""
    document = new_document("年度工作报告", "{{ 姓名 }}")
    title(document, "{{ 区县 }}首席规划师", "{{ 年 }}年度工作报告", blank_before=0)
    line(document, NUMBER, align=RIGHT)
    line(document, f"{BUREAU}：")
    paragraphs(
        document,
        f"根据{REGULATION}第七条规定，现将本人{{{{ 年 }}}}年度工作情况报告如下。",
        "一、基本情况",
        "受聘服务{{ 区县 }}，全年受邀{{ 受邀 }}次、参加{{ 参加 }}次，实地指导{{ 实地 }}次，提出书面意见{{ 意见 }}份、"
        "工作建议{{ 建议 }}件。",
        "二、履行职责情况（对应第七条六项）",
    )
    row_table(document, ["职责", "履行情况"], [50, 106], "履职", ["项", "内容"])
    paragraphs(document, "三、完成任务情况（对应第八条六项）")
    row_table(document, ["任务", "完成情况"], [50, 106], "任务", ["项", "内容"])
    paragraphs(
        document,
        "四、典型案例",
        "{{ 案例 }}",
        "五、区县规划工作存在的主要问题和建议",
        "{{ 问题 }}",
        "六、本人不足与下一年打算",
        "{{ 打算 }}",
        "七、对统计数据的说明",
        "{{ 数据说明 }}",
    )
    line(document, "首席规划师（签名）：{{ 姓名 }}　　{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


TEMPLATES = {"annual_report": annual_report}
