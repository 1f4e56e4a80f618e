"""The papers of meetings and training as Word templates: notice (T22), minutes, proof of training given."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_heads import letter_head, minutes_head
from processes.documents.official_layout import new_document, page_numbers, paragraphs, sealed_signature, title
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER, REGULATION


def meeting_notice() -> OfficeDocument:
    """T22 会议（培训）通知 (信函格式)."""
    return bureau_letter(
        "会议通知",
        ("关于召开{{ 会议名称 }}的通知",),
        "各首席规划师：",
        f"根据{REGULATION}第十一条规定，定于{{{{ 时间 }}}}在{{{{ 地点 }}}}召开{{{{ 会议名称 }}}}。",
        "一、内容",
        "{{ 内容 }}",
        "二、参加人员",
        "{{ 参加人员 }}",
        "三、有关要求",
        "请于{{ 报名截止 }}前在系统报名；不能参加的，请说明。",
        "联系人及电话：{{ 联系人 }}。",
        copies="各区县规划自然资源局，各派出单位",
    )


def minutes() -> OfficeDocument:
    """会议纪要 (纪要格式)."""
    document = new_document("会议纪要", BUREAU)
    minutes_head(document, "会议纪要", NUMBER)
    title(document, "{{ 会议名称 }}纪要")
    paragraphs(
        document,
        "{{ 时间 }}，市规划自然资源局在{{ 地点 }}召开{{ 会议名称 }}。纪要如下：",
        "{{ 纪要 }}",
        "到会：{{ 到会 }}。",
        "线上：{{ 线上 }}。",
        "请假和未到：{{ 请假和未到 }}。",
        "学时：{{ 学时 }}。印发日期：{{ 成文日期 }}。",
    )
    page_numbers(document)
    return document


def training_proof() -> OfficeDocument:
    """培训证明 for training that a planner gave and the district confirmed (第八条(五))."""
    document = new_document("培训证明", "{{ 出具单位 }}")
    letter_head(document, "{{ 出具单位 }}", NUMBER, 18)
    title(document, "培训证明")
    paragraphs(
        document,
        "兹证明首席规划师{{ 姓名 }}于{{ 日期 }}对我区（县）规划工作人员开展{{ 类型 }}，主题“{{ 主题 }}”，"
        "参加{{ 人数 }}人，{{ 学时 }}学时。",
        "确认人：{{ 确认人 }}。",
    )
    sealed_signature(document, "{{ 出具单位 }}", DAY, 18)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


TEMPLATES = {"meeting_notice": meeting_notice, "minutes": minutes, "training_proof": training_proof}
