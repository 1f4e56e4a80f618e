"""The papers of a replacement as Word templates: notice of who acts, handover list."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

from processes.documents.bureau_letters import bureau_letter
from processes.documents.official_layout import (
    RIGHT,
    line,
    new_document,
    page_numbers,
    title,
)
from processes.documents.official_tables import row_table
from processes.documents.official_words import BUREAU, PERSONNEL_BUREAU, REGULATION


def acting_notice() -> OfficeDocument:
    """代理通知 (信函格式)."""
    return bureau_letter(
        "代理通知",
        ("关于{{ 区县 }}首席规划师工作代理的通知",),
        "{{ 姓名 }}同志、{{ 区县 }}人民政府：",
        f"因{{{{ 原因 }}}}，为保障{{{{ 区县 }}}}技术咨询工作，根据{REGULATION}，经商有关区县并征得本人同意，"
        "由{{ 姓名 }}同志代理{{ 原任 }}同志的首席规划师工作，时间自{{ 代理起 }}至{{ 代理止 }}。",
        "代理期间的咨询服务记入代理人本人，各自计次，不相互转移。",
        copies=PERSONNEL_BUREAU,
    )


def handover_list() -> OfficeDocument:
    """交接清单."""
    document = new_document("交接清单", BUREAU)
    title(document, "{{ 区县 }}首席规划师工作交接清单", blank_before=0)
    line(document, "移交人：{{ 原任 }}　　接收人：{{ 继任 }}")
    row_table(
        document, ["序号", "事项", "办理方式", "说明"], [12, 72, 36, 34], "事项清单", ["序号", "事项", "方式", "说明"]
    )
    line(document, "{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


TEMPLATES = {"acting_notice": acting_notice, "handover_list": handover_list}
