"""The papers of the quarterly reports as Word templates: report (T08), notification (T11), letter of urging (T12)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_heads import letter_head
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
from processes.documents.official_tables import imprint, row_table
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER, PERSONNEL_BUREAU, REGULATION

LONGEST_BUREAU = 20
"""Characters of the longest district bureau (酉阳土家族苗族自治县规划和自然资源局 has 18)."""
_COUNTS = ["邀请", "参加", "实地", "线上", "书面", "意见书", "采纳", "正当缺席", "无故缺席"]


def district_report() -> OfficeDocument:
    """T08 季度情况报告 (信函格式)."""
    document = new_document("季度情况报告", "{{ 区县局 }}")
    letter_head(document, "{{ 区县局 }}", NUMBER, LONGEST_BUREAU)
    title(document, "{{ 区县局 }}", "关于{{ 季度 }}首席规划师咨询服务情况的报告")
    line(document, f"{BUREAU}：")
    paragraphs(
        document,
        f"根据{REGULATION}第十二条规定，现将我{{{{ 区或县 }}}}{{{{ 季度 }}}}首席规划师咨询服务情况报告如下。",
        "一、基本情况",
        "本季度共邀请首席规划师参加技术咨询{{ 邀请次数 }}次，实际参加{{ 参加次数 }}次，其中实地指导{{ 实地次数 }}次；"
        "咨询项目{{ 项目数 }}个，收到书面意见{{ 意见数 }}份，采纳{{ 采纳数 }}条。{{ 零报告 }}",
        "二、主要工作",
        "{{ 工作情况 }}",
        "首席规划师收集的咨询情况：{{ 小结 }}",
        "三、缺席情况",
        "{{ 缺席情况 }}",
        "四、存在问题和建议",
        "{{ 问题 }}",
        "逾期未答复的工作建议：{{ 未复建议 }}。",
        "逾期未支付的差旅费：{{ 未付差旅费 }}。",
        "五、补报和更正",
        "{{ 补报和更正 }}",
    )
    attachments(document, "咨询服务记录汇总表", "未确认记录")
    sealed_signature(document, "{{ 区县局 }}", DAY, LONGEST_BUREAU)
    line(document, "签发人：{{ 签发人 }}")
    attachment_page(document, "1", "咨询服务记录汇总表")
    row_table(document, ["姓名", *_COUNTS], [26, *[14] * 9], "统计", ["姓名", *_COUNTS])
    line(document)
    columns = ["日期", "编号", "活动", "姓名", "方式", "结果", "意见书"]
    row_table(document, columns, [24, 30, 42, 20, 14, 16, 14], "记录", columns)
    attachment_page(document, "2", "未确认记录")
    paragraphs(document, "{{ 未确认记录 }}")
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def notification() -> OfficeDocument:
    """T11 季度情况通报 (信函格式)."""
    document = new_document("季度情况通报", BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于{{ 季度 }}", "区县首席规划师工作情况的通报")
    line(document, f"{PERSONNEL_BUREAU}：")
    paragraphs(
        document,
        f"根据{REGULATION}第十三条规定，现将{{{{ 季度 }}}}区县首席规划师工作情况通报如下。",
        "一、总体情况",
        "本季度在聘首席规划师{{ 人数 }}名，服务{{ 区县数 }}个区县。"
        "全市共开展技术咨询{{ 次数 }}次，其中实地指导{{ 实地 }}次，"
        "提出书面意见{{ 份数 }}份、意见{{ 条数 }}条，已采纳{{ 采纳 }}条。{{ 亮点与问题 }}",
        "二、区县报告情况",
        "按时报告{{ 按时 }}个；逾期报告{{ 逾期 }}个：{{ 逾期名单 }}；"
        "截至{{ 截至日期 }}未报告{{ 未报 }}个：{{ 未报名单 }}。"
        "未报告区县的数字取自市局已确认记录。",
        "以前季度补报：{{ 以前季度补报 }}。",
        "三、人员变动和需关注事项",
        "{{ 关注事项 }}",
        "四、下一步工作",
        "{{ 下一步工作 }}",
    )
    attachments(document, "分区县工作情况统计表")
    sealed_signature(document, BUREAU, DAY)
    imprint(document, "各区县规划和自然资源局", None)
    attachment_page(document, "", "分区县工作情况统计表")
    heads = ["区县", "人数", *_COUNTS[:3], "意见书", "采纳", "正当缺席", "无故缺席", "报告"]
    row_table(document, heads, [30, *[13] * 8, 24], "分区县", heads)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def urging() -> OfficeDocument:
    """T12 催报函 (信函格式), to the district government."""
    return bureau_letter(
        "催报函",
        (
            "关于报送{{ 季度 }}",
            "首席规划师咨询服务情况的函",
        ),
        "{{ 区县政府 }}：",
        "截至{{ 截至日期 }}，贵{{ 区或县 }}{{ 季度 }}首席规划师咨询服务情况报告已逾期{{ 天数 }}日。请督促{{ 区县局 }}于"
        "{{ 新期限 }}前报送；本季度未开展活动的，请作零报告并说明原因。",
        copies="{{ 区县局 }}",
    )


TEMPLATES = {"district_report": district_report, "notification": notification, "urging": urging}
