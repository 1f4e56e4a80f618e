"""The papers of the yearly appraisal: notice (T16), sheet (T09), results (T10, T10b), table of grades (第十四条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_heads import file_head
from processes.documents.official_layout import (
    attachment_page,
    attachments,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import imprint, row_table, ruled_table
from processes.documents.official_words import BUREAU, DAY, NUMBER, PERSONNEL_BUREAU, REGULATION

CONCERNED = "各区县规划和自然资源局、各首席规划师、各派出单位"


def notice() -> OfficeDocument:
    """T16 年度考核通知 (文件格式)."""
    document = new_document("年度考核通知", BUREAU)
    file_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于开展{{ 年 }}年度区县首席规划师", "考核工作的通知")
    line(document, f"{CONCERNED}：")
    paragraphs(
        document,
        f"根据{REGULATION}第十四条规定，现就{{{{ 年 }}}}年度考核工作通知如下。",
        "一、考核对象：名册见附件。在岗不足{{ 月数 }}个月的参加考核，不确定等次。",
        "二、考核依据：参加技术咨询服务的次数和技术咨询意见质量，并考虑实地指导、其他职责任务完成情况。",
        "三、等次和名额：优秀、称职、不称职；本年度考核人数{{ 考核人数 }}人，优秀不超过{{ 名额 }}人。",
        "四、程序和时间：{{ 时间表 }}。",
    )
    attachments(document, "考核名册")
    sealed_signature(document, BUREAU, DAY)
    imprint(document, PERSONNEL_BUREAU, ("重庆市规划和自然资源局办公室", DAY))
    attachment_page(document, "", "考核名册")
    heads = ["姓名", "区县", "状态", "原因"]
    row_table(document, heads, [30, 46, 46, 34], "名册", heads)
    page_numbers(document)
    return document


def sheet() -> OfficeDocument:
    """T09 年度考核表; there are three grades, 不确定等次 is a status."""
    document = new_document("年度考核表", BUREAU)
    title(document, "区县首席规划师{{ 年 }}年度考核表", blank_before=0)
    ruled_table(
        document,
        [["姓名", "{{ 姓名 }}", "服务区县", "{{ 区县 }}"], ["派出单位", "{{ 派出单位 }}", "聘期", "{{ 聘期 }}"]],
        [24, 54, 24, 54],
    )
    line(document)
    row_table(document, ["项目", "数字", "依据"], [66, 50, 40], "统计", ["项目", "数字", "依据"])
    line(document)
    ruled_table(
        document,
        [
            ["技术咨询意见质量", "{{ 质量 }}"],
            ["本人述职摘要", "{{ 述职 }}"],
            ["区县意见", "{{ 区县意见 }}"],
            ["考核组意见", "{{ 考核组意见 }}"],
            ["征求市人力社保局意见情况", "{{ 人社意见 }}"],
            ["考核等次", "{{ 等次栏 }}"],
            ["理由", "{{ 理由 }}"],
            ["本人确认", "□无异议　□有异议（另附）　　签名：　　　　年　　月　　日"],
        ],
        [40, 116],
    )
    line(document, "口径开关版本：{{ 口径版本 }}　　{{ 成文日期 }}")
    page_numbers(document)
    return document


def result() -> OfficeDocument:
    """T10 考核结果通知 to the planner, with the own result alone (信函格式)."""
    return bureau_letter(
        "考核结果通知",
        (
            "关于{{ 年 }}年度区县首席规划师",
            "考核结果的通知",
        ),
        "{{ 姓名 }}同志：",
        f"根据{REGULATION}第十四条规定，经考核并商市人力社保局，您{{{{ 年 }}}}年度考核结果为：{{{{ 等次 }}}}。"
        "如有异议，可自收到本通知之日起{{ 异议期 }}个工作日内通过系统或书面提出。",
        attached=("{{ 年 }}年度考核表",),
    )


def filing() -> OfficeDocument:
    """T10b to the employer, who keeps the personal file (信函格式)."""
    return bureau_letter(
        "考核结果存档通知",
        (
            "关于{{ 年 }}年度区县首席规划师",
            "考核结果的通知",
        ),
        "{{ 派出单位 }}：",
        "贵单位{{ 姓名 }}同志任{{ 区县 }}首席规划师，{{ 年 }}年度考核结果为{{ 等次 }}。根据"
        f"{REGULATION}第十四条规定，考核结果存入本人档案，并作为评优和相关技术职称评聘的重要依据。"
        "请将所附考核表存入本人档案，并于{{ 回执期限 }}前将回执反馈我局。",
        attached=(
            "{{ 年 }}年度考核表",
            "存档回执",
        ),
    )


def grades_table() -> OfficeDocument:
    """The table of all grades with the line on the ceiling; for the bureaus alone."""
    document = new_document("考核等次汇总表", BUREAU)
    title(document, "区县首席规划师{{ 年 }}年度考核等次汇总表", blank_before=0)
    heads = ["姓名", "区县", "建议分", "等次", "说明"]
    row_table(document, heads, [30, 40, 24, 28, 34], "等次表", heads)
    paragraphs(document, "{{ 名额 }}。", "市人力社保局意见：{{ 人社意见 }}。")
    line(document, "{{ 成文日期 }}")
    page_numbers(document)
    return document


TEMPLATES = {"notice": notice, "sheet": sheet, "result": result, "filing": filing, "grades_table": grades_table}
