"""The papers of money as Word templates: travel claim, list of claims not paid, table of work funding."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.official_layout import CENTRE, line, new_document, page_numbers, paragraphs, title
from processes.documents.official_tables import row_table
from processes.documents.official_words import BUREAU, NUMBER, REGULATION


def claim_form() -> OfficeDocument:
    """差旅费报销单."""
    document = _headed("差旅费报销单", "{{ 报销单位 }}")
    paragraphs(
        document,
        "报销单位：{{ 报销单位 }}（依据{{ 依据 }}）",
        "首席规划师：{{ 姓名 }}　　编号：{{ 编号 }}",
        "行程：{{ 行程 }}（{{ 起 }}至{{ 止 }}）",
    )
    fields = ["内容", "日期", "金额", "票据号码"]
    row_table(document, fields, [62, 38, 26, 28], "明细", fields)
    paragraphs(
        document,
        "伙食补助：{{ 伙食补助 }}元　　市内交通补助：{{ 市内交通补助 }}元",
        "合计：{{ 合计 }}元　　审批人：{{ 审批人 }}　　{{ 成文日期 }}",
    )
    page_numbers(document)
    return document


def unpaid_list() -> OfficeDocument:
    """未付清单: claims that a district has not paid within 30 working days."""
    document = _headed("差旅费未付清单", BUREAU)
    paragraphs(
        document,
        f"根据{REGULATION}第九条第（五）项，差旅费由服务区县规划自然资源局报销。截至{{{{ 日期 }}}}，{{{{ 区县 }}}}"
        "超过30个工作日未支付的报销如下（金额单位：元）：",
    )
    fields = ["编号", "姓名", "填报日期", "金额"]
    row_table(document, fields, [48, 30, 44, 32], "未付", fields)
    paragraphs(document, "{{ 成文日期 }}")
    page_numbers(document)
    return document


def fund_table() -> OfficeDocument:
    """工作经费核定表."""
    document = _headed("{{ 年度 }}年度工作经费核定表", BUREAU)
    paragraphs(
        document,
        f"依据{REGULATION}第九条第（六）项，按已确认的工作情况核定。",
        "预算：{{ 预算 }}元　　分配合计：{{ 合计 }}元",
    )
    fields = ["姓名", "咨询", "实地", "意见书", "金额"]
    row_table(document, fields, [40, 24, 24, 26, 40], "分配", fields)
    paragraphs(document, "审批人：{{ 审批人 }}　　{{ 成文日期 }}")
    page_numbers(document)
    return document


def _headed(name: str, author: str) -> OfficeDocument:
    document = new_document(name, author)
    title(document, name, blank_before=0)
    line(document, NUMBER, align=CENTRE)
    return document


TEMPLATES = {"claim_form": claim_form, "unpaid_list": unpaid_list, "fund_table": fund_table}
