"""The papers of a request for material as Word templates: the list of what is given, the promise of secrecy."""

from __future__ import annotations

from docx.document import Document as OfficeDocument

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
from processes.documents.official_words import DAY, NUMBER, REGULATION


def delivery_list() -> OfficeDocument:
    """资料提供清单; of classified material a number is printed, nothing else."""
    document = new_document("资料提供清单", "{{ 区县 }}规划和自然资源局")
    title(document, "资料提供清单", blank_before=0)
    line(document, NUMBER, align=CENTRE)
    paragraphs(
        document,
        f"根据{REGULATION}第九条第（一）项，就首席规划师{{{{ 姓名 }}}}的资料申请（{{{{ 申请编号 }}}}）答复如下："
        "{{ 答复 }}。",
        "理由：{{ 理由 }}",
    )
    fields = ["序号", "资料", "方式", "载体", "归还期限"]
    row_table(document, fields, [12, 60, 26, 22, 34], "资料清单", fields)
    sealed_signature(document, "{{ 区县 }}规划和自然资源局", DAY, 18)
    page_numbers(document)
    return document


def secrecy_promise() -> OfficeDocument:
    """保密承诺书 of the planner who receives material."""
    document = new_document("保密承诺书", "首席规划师")
    title(document, "保密承诺书", blank_before=0)
    line(document, NUMBER, align=CENTRE)
    line(document, "{{ 区县 }}规划和自然资源局：")
    paragraphs(
        document,
        "本人收到贵局按申请（{{ 申请编号 }}）提供的政策文件和规划资料，承诺：",
        "（一）遵守国家保密法律法规，不复制、不外传，不在互联网上存储、传输；",
        "（二）资料仅用于首席规划师工作；",
        "（三）借阅的资料按期归还，离任时一并交还。",
    )
    line(document, "首席规划师（签名）：{{ 姓名 }}　　{{ 成文日期 }}", align=RIGHT)
    page_numbers(document)
    return document


TEMPLATES = {"delivery_list": delivery_list, "secrecy_promise": secrecy_promise}
