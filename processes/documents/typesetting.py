"""Makes the Word templates of the appointment procedure; an office then edits them in Word or WPS.

    python -m processes.documents.typesetting bpmn/appointment/documents

Placeholders are the Chinese words that `documents.json` lists for each document, so that an office can read its letter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docx.document import Document as OfficeDocument

from processes.documents.official_heads import file_head, letter_head
from processes.documents.official_layout import (
    JUSTIFY,
    attachment_page,
    attachments,
    body,
    line,
    new_document,
    page_numbers,
    paragraphs,
    sealed_signature,
    title,
)
from processes.documents.official_tables import imprint, row_table, ruled_table
from processes.documents.official_words import (
    BELOW_LETTER_NUMBER,
    BUREAU,
    CONTACT,
    DAY,
    NUMBER,
    PERSONNEL_BUREAU,
    REGULATION,
)
from processes.documents.packing import save_fixed
from processes.documents.selection_papers import nomination_list, selection_minutes

LONGEST_GOVERNMENT = 18
"""Characters of the longest issuer a district's letter may bear (重庆市万盛经济技术开发区管理委员会 has 17)."""


def need_survey_notice() -> OfficeDocument:
    """T01 需求调查通知 (文件格式)."""
    document = new_document("需求调查通知", BUREAU)
    file_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于开展{{ 聘期 }}区县首席规划师", "需求调查的通知")
    line(document, "{{ 主送机关 }}：")
    paragraphs(
        document,
        f"为做好{{{{ 聘期 }}}}区县首席规划师选派工作，根据{REGULATION}第六条规定，现就需求调查有关事项通知如下。",
        "一、调查内容",
        "（一）需求意向。是否需要选派首席规划师，所需人数和专业方向。",
        "（二）工作任务。本区县拟开展的国土空间规划编制、规划实施和重要建筑设计项目。",
        "（三）服务安排。预计年度技术咨询次数，以及对选派工作的其他建议。",
        "二、填报方式",
        "请登录区县首席规划师管理系统填写《区县首席规划师需求表》（样式见附件），经政府（管委会）负责同志审定、"
        "加盖公章后上传。不需要选派的，也请填报并说明理由。",
        "三、时间要求",
        "请于{{ 答复期限 }}前完成填报。逾期未报的，我局将逐一联系核实。",
        CONTACT,
    )
    attachments(document, "区县首席规划师需求表")
    sealed_signature(document, BUREAU, DAY)
    attachment_page(document, "", "区县首席规划师需求表")
    ruled_table(
        document,
        [
            ["填报单位（盖章）", ""],
            ["是否需要选派", "□需要　□不需要（理由：　　　　　　　　）"],
            ["需求人数", ""],
            ["专业方向", ""],
            ["拟开展的规划编制、实施项目", ""],
            ["拟开展的重要建筑设计项目", ""],
            ["预计年度技术咨询次数", ""],
            ["其他建议", ""],
            ["联系人及电话", ""],
            ["负责同志审定意见", "（签名、盖章）　　　　年　　月　　日"],
        ],
        [50, 104],
        [10, 10, 10, 10, 22, 22, 10, 22, 10, 24],
    )
    imprint(document, PERSONNEL_BUREAU, (f"{BUREAU}办公室", DAY))
    page_numbers(document)
    return document


def registration_notice() -> OfficeDocument:
    """T02 报名通知 (信函格式)."""
    document = new_document("报名通知", BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于组织报名区县首席规划师的通知")
    line(document, "各有关规划设计单位、高等院校、事业单位：")
    paragraphs(
        document,
        "根据各区县需求，我局会同市人力社保局组织开展{{ 聘期 }}区县首席规划师选聘工作。现将报名有关事项通知如下。",
        "一、岗位情况",
        "本次共设岗位{{ 岗位数 }}个，涉及{{ 区县数 }}个区县，服务区县和专业方向见附件1。",
        "二、报名条件",
        f"报名人选应符合{REGULATION}第四条规定，一般应具有副高级及以上专业技术职称和注册城市规划师（注册城乡规划师）"
        "资格。不具备上述条件，但在相关领域实践经验和理论水准较强、在行业内有一定影响力的，应书面说明理由并提供佐证材料。",
        "三、报名程序",
        "报名坚持个人自愿。人选登录区县首席规划师管理系统填写报名表，由所在单位签署意见，并明确服务期间工资和"
        "所有福利待遇不变。",
        "四、时间安排",
        "报名自{{ 报名开始日期 }}起，至{{ 报名截止日期 }}止。",
        CONTACT,
    )
    attachments(document, "岗位需求一览表", "报名表及单位意见表")
    sealed_signature(document, BUREAU, DAY)
    attachment_page(document, "1", "岗位需求一览表")
    row_table(
        document,
        ["序号", "服务区县", "专业方向", "人数"],
        [18, 56, 60, 20],
        "岗位",
        ["序号", "区县", "专业方向", "人数"],
    )
    attachment_page(document, "2", "报名表及单位意见表")
    ruled_table(
        document,
        [
            ["姓名", "", "性别", ""],
            ["所在单位", "", "职务", ""],
            ["专业技术职称", "", "注册资格", ""],
            ["报名岗位", "", "联系方式", ""],
            ["主要业绩", ""],
            ["按实践经验报名的理由和佐证", ""],
            ["本人签名", "", "日期", ""],
            ["单位意见（工资和所有福利待遇不变）", "（盖章）　　　　年　　月　　日"],
        ],
        [40, 45, 30, 39],
        [11, 11, 11, 11, 32, 30, 11, 28],
    )
    imprint(document, "各区县规划自然资源局", None)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def opinion_request() -> OfficeDocument:
    """T04 征求意见函 (信函格式), one for each district."""
    document = new_document("征求意见函", BUREAU)
    letter_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于征求{{ 区县 }}首席规划师", "人选意见的函")
    line(document, "{{ 政府名称 }}：")
    paragraphs(
        document,
        f"根据{REGULATION}第六条规定，结合贵方提出的需求，我局会同市人力社保局对符合条件的人选进行了遴选合议，"
        "建议选派{{ 姓名 }}同志（{{ 工作单位 }}，{{ 职称 }}，主要从事{{ 专业方向 }}）为{{ 区县 }}首席规划师，"
        "聘期拟自{{ 聘期起 }}至{{ 聘期止 }}。",
        "现征求贵方意见，请于{{ 答复期限 }}前函复我局。如有不同意见，请说明理由；如需调整专业方向，请一并提出。",
        CONTACT,
    )
    attachments(document, "建议人选简要情况")
    sealed_signature(document, BUREAU, DAY)
    attachment_page(document, "", "建议人选简要情况")
    table = ruled_table(
        document,
        [
            ["姓　　名", "{{ 姓名 }}"],
            ["工作单位", "{{ 工作单位 }}"],
            ["专业技术职称", "{{ 职称 }}"],
            ["资格途径", "{{ 资格途径 }}"],
            ["专业方向", "{{ 专业方向 }}"],
            ["主要工作业绩", "{{ 简要情况 }}"],
        ],
        [40, 114],
        [11, 11, 11, 11, 11, 60],
    )
    table.rows[-1].cells[1].paragraphs[0].alignment = JUSTIFY
    imprint(document, "{{ 区县规划部门 }}", None)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def opinion_reply() -> OfficeDocument:
    """T05 复函 (信函格式): with the district's opinion given, or blank with the three wordings to choose from."""
    document = new_document("复函", "区县人民政府（管委会）")
    letter_head(document, "{{ 政府名称 }}", NUMBER, LONGEST_GOVERNMENT)
    title(document, "{{ 政府名称 }}", "关于{{ 区县 }}首席规划师", "人选意见的复函")
    line(document, f"{BUREAU}：")
    body(
        document,
        f"《{BUREAU}关于征求{{{{ 区县 }}}}首席规划师人选意见的函》（{{{{ 来函文号 }}}}）收悉。经研究，现函复如下：",
    )
    for opinion, text in (
        ("同意", "同意选派{{ 姓名 }}同志为{{ 区县 }}首席规划师。"),
        ("同意并建议", "同意选派{{ 姓名 }}同志为{{ 区县 }}首席规划师，并建议：{{ 建议 }}"),
        ("不同意", "不同意选派{{ 姓名 }}同志为{{ 区县 }}首席规划师，理由是：{{ 理由 }}"),
    ):
        line(document, f'{{%p if 意见 == "{opinion}" or not 意见 %}}')
        body(document, text)
        line(document, "{%p endif %}")
    body(document, "专此函复。")
    sealed_signature(document, "{{ 政府名称 }}", DAY, LONGEST_GOVERNMENT)
    page_numbers(document, BELOW_LETTER_NUMBER)
    return document


def appointment_notice() -> OfficeDocument:
    """T07 名单公布通知 (文件格式), with the list attached."""
    document = new_document("名单公布通知", BUREAU)
    file_head(document, BUREAU, NUMBER)
    title(document, BUREAU, "关于公布{{ 聘期 }}区县首席规划师", "名单的通知")
    line(document, "{{ 主送机关 }}：")
    paragraphs(
        document,
        f"根据{REGULATION}，经需求调查、资格认定、遴选合议、征求意见等程序，"
        "并商市人力社保局，研究确定{{ 人数 }}名同志"
        "为{{ 聘期 }}区县首席规划师，现将名单（见附件）予以公布，并就有关事项通知如下。",
        "一、明确聘任期限。首席规划师聘期自{{ 聘期起 }}至{{ 聘期止 }}。",
        "二、认真履行职责。首席规划师要按照办法规定的职责和任务开展工作，每年到服务区县实地指导不少于10次，并提出书面"
        "意见和建议。",
        "三、支持开展工作。各区县人民政府（管委会）及其规划自然资源部门要为首席规划师履职提供必要的资料，按规定报销差旅"
        "费用，按季度汇总报告技术咨询服务情况。",
        "四、落实待遇保障。派出单位要保持首席规划师服务期间工资和所有福利待遇不变。",
    )
    attachments(document, "{{ 聘期 }}区县首席规划师名单")
    sealed_signature(document, BUREAU, DAY)
    attachment_page(document, "", "{{ 聘期 }}区县首席规划师名单")
    row_table(
        document,
        ["序号", "服务区县", "姓名", "工作单位", "职称", "专业方向"],
        [12, 34, 22, 42, 22, 24],
        "名单",
        ["序号", "区县", "姓名", "工作单位", "职称", "专业方向"],
    )
    imprint(document, f"{PERSONNEL_BUREAU}，各区县规划自然资源局", (f"{BUREAU}办公室", DAY))
    page_numbers(document)
    return document


TEMPLATES: dict[str, Callable[[], OfficeDocument]] = {
    "need_survey_notice": need_survey_notice,
    "registration_notice": registration_notice,
    "nomination_list": nomination_list,
    "opinion_request": opinion_request,
    "opinion_reply": opinion_reply,
    "appointment_notice": appointment_notice,
    "selection_minutes": selection_minutes,
}


def main(folder: str) -> None:
    """Write every template of the procedure; templates that an office has edited live elsewhere and are not touched."""
    for key, make in TEMPLATES.items():
        Path(folder, f"{key}.docx").write_bytes(save_fixed(make()))


if __name__ == "__main__":
    main(*sys.argv[1:])
