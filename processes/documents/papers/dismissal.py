"""The papers of a dismissal as Word templates: told beforehand (T19), notice (T12a) and the quiet one (第十五条)."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_words import PERSONNEL_BUREAU, REGULATION

_COPIES = f"{{{{ 区县 }}}}人民政府、规划和自然资源局，{PERSONNEL_BUREAU}，派出单位"


def proposal_notice() -> OfficeDocument:
    """T19 拟解聘告知书 (信函格式)."""
    return bureau_letter(
        "拟解聘告知书",
        ("关于拟解聘事项的告知书",),
        "{{ 姓名 }}同志：",
        f"我局拟依据{REGULATION}第十五条第{{{{ 项 }}}}项，解除对您的聘任。事实如下：{{{{ 事实 }}}}。",
        "您可以自收到本告知书之日起{{ 陈述期限 }}个工作日内陈述意见、提供材料；期限内没有提出的，按无陈述意见办理，"
        "不影响后续程序。",
        attached=("证据目录：{{ 证据目录 }}",),
        issuer_in_title=False,
    )


def dismissal_notice() -> OfficeDocument:
    """T12a 解聘通知书 (信函格式)."""
    return bureau_letter(
        "解聘通知书",
        ("关于解聘{{ 姓名 }}同志{{ 区县 }}首席规划师的通知",),
        "{{ 姓名 }}同志：",
        f"经查，您在担任{{{{ 区县 }}}}首席规划师期间，存在{REGULATION}第十五条第{{{{ 项 }}}}项规定的情形："
        "{{ 事实 }}。"
        "我局于{{ 告知日期 }}告知您拟解聘的事实和依据，{{ 陈述 }}，并征求了市人力社保局的意见。",
        "经研究，决定自{{ 生效日期 }}起解除对您的聘任，聘书（{{ 聘书编号 }}）同时失效。请于{{ 移交期限 }}前移交未结的"
        "咨询事项和资料。",
        "对本决定有异议的，可以自收到之日起{{ 异议期限 }}个工作日内向我局书面提出。",
        attached=("未结事项移交清单",),
        copies=_COPIES,
    )


def leaving_notice() -> OfficeDocument:
    """T12a where the planner asked to leave: thanks instead of findings."""
    return bureau_letter(
        "同意退出通知书",
        ("关于{{ 姓名 }}同志不再担任{{ 区县 }}首席规划师的通知",),
        "{{ 姓名 }}同志：",
        f"应您本人申请，根据{REGULATION}第十五条第（一）项，经研究，同意您自{{{{ 生效日期 }}}}起不再担任"
        "{{ 区县 }}首席规划师，聘书（{{ 聘书编号 }}）同时失效。请于{{ 移交期限 }}前移交未结的咨询事项和资料。",
        "感谢您对{{ 区县 }}国土空间规划工作的支持。",
        attached=("未结事项移交清单",),
        copies=_COPIES,
    )


def revocation_notice() -> OfficeDocument:
    """T12b 撤销解聘决定通知书 (信函格式)."""
    return bureau_letter(
        "撤销解聘决定通知书",
        ("关于撤销{{ 姓名 }}同志解聘决定的通知",),
        "{{ 姓名 }}同志：",
        "我局《关于解聘{{ 姓名 }}同志{{ 区县 }}首席规划师的通知》（{{ 原通知书 }}），经复查并征求市人力社保局的意见，"
        "决定予以撤销。理由：{{ 理由 }}。",
        "{{ 重新聘任 }}。解聘记录注明“撤销”，不作为今后选聘和考核的依据。",
        copies=_COPIES,
    )


TEMPLATES = {
    "proposal_notice": proposal_notice,
    "dismissal_notice": dismissal_notice,
    "leaving_notice": leaving_notice,
    "revocation_notice": revocation_notice,
}
