"""The papers of a consultation as Word templates: invitation (T13a), opinion (T13), absence warning (T17)."""

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
from processes.documents.official_tables import row_table
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER, REGULATION


def invitation() -> OfficeDocument:
    """T13a 技术咨询邀请函 (信函格式), one for each planner."""
    document = new_document("技术咨询邀请函", "{{ 邀请单位 }}")
    letter_head(document, "{{ 邀请单位 }}", NUMBER, 18)
    title(document, "关于邀请参加技术咨询活动的函")
    line(document, "{{ 姓名 }}首席规划师：")
    paragraphs(
        document,
        f"根据{REGULATION}第七条、第十二条规定，现邀请您参加“{{{{ 活动名称 }}}}”（{{{{ 服务类型 }}}}）。",
        "时间：{{ 时间 }}；地点或方式：{{ 地点 }}。",
        "咨询项目（方案）：{{ 项目 }}。",
        "请于{{ 答复期限 }}前在区县首席规划师管理系统中答复，并对开展技术咨询的方案提出书面意见和建议。",
        "联系人及电话：{{ 联系人 }}。",
    )
    sealed_signature(document, "{{ 邀请单位 }}", DAY, 18)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def opinion() -> OfficeDocument:
    """T13 技术咨询意见书; a reserved view is printed in full (第九条(三))."""
    document = new_document("技术咨询意见书", BUREAU)
    title(document, "技术咨询意见书", blank_before=0)
    line(document, NUMBER, align=CENTRE)
    paragraphs(
        document,
        "服务区县：{{ 区县 }}　　首席规划师：{{ 姓名 }}",
        "咨询活动：{{ 活动名称 }}",
        "咨询方式与时间：{{ 方式 }}，{{ 日期 }}",
        "项目（方案）：{{ 项目 }}　　编制（设计）单位：{{ 编制单位 }}",
        "总体评价：{{ 总体评价 }}",
        "一、具体意见",
    )
    columns = ["序号", "问题", "依据", "建议", "性质"]
    row_table(document, columns, [12, 46, 33, 46, 17], "具体意见", columns)
    paragraphs(
        document,
        "二、独立（保留）意见",
        "{{ 保留意见 }}",
        "本意见为技术咨询意见，供区县决策参考；签名后不得修改，只能追加补充意见。",
    )
    line(document, "首席规划师（签名）：{{ 姓名 }}　　{{ 签名日期 }}", align=RIGHT)
    page_numbers(document)
    return document


def absence_warning() -> OfficeDocument:
    """T17 缺席提示函 (信函格式)."""
    return bureau_letter(
        "缺席提示函",
        ("关于技术咨询活动缺席情况的提示函",),
        "{{ 姓名 }}首席规划师：",
        "经认定，您于{{ 日期 }}未参加{{ 区县 }}“{{ 活动名称 }}”，且无正当理由。截至目前，您连续缺席{{ 连续次数 }}次，"
        "一年内合计缺席{{ 合计次数 }}次。",
        f"根据{REGULATION}第十五条第（三）项，无正当理由一年内连续3次或总计5次不参加技术指导和咨询活动的，予以解聘。"
        "请按时参加技术咨询活动；对认定有异议的，可申请更正记录。",
        copies="{{ 区县 }}规划和自然资源局",
    )


TEMPLATES = {"invitation": invitation, "opinion": opinion, "absence_warning": absence_warning}
