"""The papers of the selection meeting as Word templates: the list of proposals (T03) and the minutes (T15)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import minutes_head
from processes.documents.official_layout import (
    CENTRE,
    JUSTIFY,
    RIGHT,
    body,
    landscape,
    line,
    new_document,
    page_numbers,
    paragraphs,
    title,
)
from processes.documents.official_tables import imprint, row_table
from processes.documents.official_words import BUREAU, DAY, PERSONNEL_BUREAU, REGULATION


def nomination_list() -> OfficeDocument:
    """T03 聘任建议名单 (table across the sheet)."""
    document = new_document("聘任建议名单", BUREAU)
    landscape(document.sections[0])
    title(document, "{{ 聘期 }}区县首席规划师聘任建议名单", blank_before=0)
    line(document, "（{{ 合议日期 }}遴选合议会议提出）", align=CENTRE)
    row_table(
        document,
        ["序号", "服务区县", "岗位方向", "建议人选", "所在单位", "职称", "资格途径", "备选人选", "备注"],
        [12, 32, 26, 22, 45, 24, 24, 20, 20],
        "建议名单",
        ["序号", "区县", "专业方向", "姓名", "工作单位", "职称", "资格途径", "备选", "备注"],
    )
    paragraphs(
        document,
        "注：1．共{{ 岗位数 }}个岗位，提出建议人选{{ 人数 }}名，空缺{{ 空缺数 }}个；2．按实践经验认定的{{ 认定数 }}名，"
        "理由见遴选合议纪要；3．本名单征求有关区县人民政府（管委会）意见后，按程序研究确定。",
    )
    line(document)
    line(document, "市规划自然资源局（签名）：　　　　　市人力社保局（签名）：　　　　　{{ 日期 }}", align=RIGHT)
    page_numbers(document)
    return document


def selection_minutes() -> OfficeDocument:
    """T15 遴选合议纪要 (纪要格式)."""
    document = new_document("遴选合议纪要", BUREAU)
    minutes_head(document, "首席规划师遴选合议纪要", "{{ 期次 }}")
    title(document, "{{ 聘期 }}区县首席规划师", "遴选合议会议纪要")
    paragraphs(
        document,
        f"{{{{ 合议日期 }}}}，{{{{ 主持人 }}}}在{{{{ 地点 }}}}主持召开会议，"
        f"市规划自然资源局会同市人力社保局，依据{REGULATION}"
        "第六条对符合条件的人选进行合议。纪要如下：",
        "一、人选情况",
        "报名{{ 报名数 }}名，其中符合一般条件{{ 一般条件数 }}名，提请按实践经验认定{{ 提请认定数 }}名。",
        "二、实践经验认定",
    )
    row_table(document, ["姓名", "认定理由", "表决情况"], [28, 90, 36], "认定事项", ["姓名", "理由", "表决"])
    body(document, "三、岗位建议")
    row_table(
        document,
        ["服务区县", "专业方向", "建议人选", "备选人选", "表决情况"],
        [38, 34, 26, 26, 30],
        "岗位建议",
        ["区县", "专业方向", "姓名", "备选", "表决"],
    )
    paragraphs(document, "四、回避情况", "{{ 回避情况 }}", "五、保留意见", "{{ 保留意见 }}")
    line(document)
    for label, place in (
        ("出席", "市规划自然资源局{{ 规划局出席 }}；市人力社保局{{ 人社局出席 }}；专家{{ 专家出席 }}"),
        ("列席", "{{ 列席 }}"),
        ("记录", "{{ 记录 }}"),
    ):
        line(document, f"{label}：{place}", align=JUSTIFY)
    line(document, DAY, align=RIGHT)
    imprint(document, PERSONNEL_BUREAU, None)
    page_numbers(document)
    return document
