"""The proofs of good service (T24, three forms), the recommendation (T25), and a proof's withdrawal (第十四条)."""

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
from processes.documents.official_tables import imprint
from processes.documents.official_words import BELOW_LETTER_NUMBER, BUREAU, DAY, NUMBER, PERSONNEL_BUREAU, REGULATION

_SERVED = "{{ 姓名 }}，{{ 任职情况 }}首席规划师，服务满{{ 年数 }}年"


def _proof(name: str, *texts: str) -> OfficeDocument:
    return bureau_letter(name, ("证　明",), "{{ 受理机构 }}：", *texts, issuer_in_title=False)


def proof_waiver() -> OfficeDocument:
    """T24, first form: 继续教育减免."""
    return _proof(
        "继续教育减免证明",
        f"{_SERVED}，{{{{ 考核情况 }}}}。符合{REGULATION}第十四条第一项规定，申报评聘专业技术职务时可减免"
        "{{ 减免年数 }}年继续教育规定学时（学分）。本证明用于：{{ 用途 }}。",
        "特此证明。",
    )


def proof_report() -> OfficeDocument:
    """T24, second form: 技术报告业绩."""
    return _proof(
        "技术报告业绩证明",
        f"{_SERVED}。其完成的技术报告{{{{ 技术报告 }}}}，依据{REGULATION}第十四条第一项规定，在申报评聘专业技术职务时"
        "可按职称申报业绩对待。本证明用于：{{ 用途 }}。",
        "特此证明。",
    )


def proof_priority() -> OfficeDocument:
    """T24, third form: 优先评聘."""
    return _proof(
        "优先评聘证明",
        f"{_SERVED}，{{{{ 考核情况 }}}}。服务期间业绩突出，符合{REGULATION}第十四条第二项规定，在评聘专业技术职务时，"
        "同等条件下可优先。本证明用于：{{ 用途 }}。",
        "特此证明。",
    )


def recommendation() -> OfficeDocument:
    """T25 优先推荐函 (信函格式), by the bureau and the employer."""
    document = new_document("优先推荐函", BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, "关于优先推荐{{ 姓名 }}同志的函")
    line(document, "{{ 受理机构 }}：")
    paragraphs(
        document,
        "{{ 姓名 }}同志{{ 起始年 }}年至{{ 终止年 }}年连续三年考核为优秀。"
        f"根据{REGULATION}第十四条第三项规定，现予优先推荐，建议纳入{{ 人才培养计划 }}优先支持。",
    )
    attachments(document, "事迹材料")
    sealed_signature(document, "{{ 署名 }}", DAY, longest=30)
    imprint(document, PERSONNEL_BUREAU, None)
    attachment_page(document, "附件", "事迹材料")
    paragraphs(document, "{{ 事迹材料 }}")
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def proof_withdrawn() -> OfficeDocument:
    """证明撤回通知 (信函格式)."""
    return bureau_letter(
        "证明撤回通知",
        ("关于撤回{{ 姓名 }}同志{{ 类别 }}证明的通知",),
        "{{ 受理机构 }}：",
        "我局出具的{{ 姓名 }}同志{{ 类别 }}证明（{{ 证明编号 }}）现予撤回，自本通知发出之日起不再作为依据。",
        "理由：{{ 理由 }}",
        copies=PERSONNEL_BUREAU,
        issuer_in_title=False,
    )


TEMPLATES = {
    "proof_waiver": proof_waiver,
    "proof_report": proof_report,
    "proof_priority": proof_priority,
    "recommendation": recommendation,
    "proof_withdrawn": proof_withdrawn,
}
