"""The registers of 第十条 and 第十六条: important matters, interpretations, settings of the switches."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.registers.catalogue.columns import column, id_column, ids, status_column
from processes.registers.listing import Register
from processes.registers.matters import MATTER_STATUSES, Matter
from processes.registers.switches import Interpretation, SwitchSetting

_MATTERS = Register(
    "matters",
    Wording("重要事项征求意见", "Important matters"),
    (
        *ids(Matter, "id", "case_id"),
        column("number", "发文字号", "Number", Matter.number, search=True),
        column("kind", "类别", "Kind", Matter.kind),
        column("subject", "事项", "Subject", Matter.subject, search=True),
        column("round", "次", "Round", Matter.round, "number"),
        status_column(Matter.status, MATTER_STATUSES),
        column("asked_on", "发出日期", "Sent", Matter.asked_on, "date"),
        column("due_on", "请复期限", "Due", Matter.due_on, "date"),
        column("opinion", "意见", "View", Matter.opinion),
        column("reason", "意见内容", "View in full", Matter.reason, "long", search=True),
        column("answered_on", "复函日期", "Answered", Matter.answered_on, "date"),
        column("silence_reason", "未复推进理由", "Why without a view", Matter.silence_reason, "long"),
        column("silence_by", "决定人", "Decided by", Matter.silence_by),
        column("follow_up", "采纳情况", "Follow-up", Matter.follow_up, "long"),
    ),
    select(Matter),
    (Matter.created_at.desc(), Matter.id),
)

_INTERPRETATIONS = Register(
    "interpretations",
    Wording("解释口径", "Interpretations"),
    (
        *ids(Interpretation, "id", "case_id"),
        column("number", "编号", "No.", Interpretation.number, search=True),
        column("article", "条款", "Article", Interpretation.article, search=True),
        column("question", "问题", "Question", Interpretation.question, "long", search=True),
        column("answer", "解释", "Answer", Interpretation.answer, "long", search=True),
        column("agreed_on", "两局一致日期", "Agreed", Interpretation.agreed_on, "date"),
        column("recorded_by", "登记人", "Recorded by", Interpretation.recorded_by),
    ),
    select(Interpretation),
    (Interpretation.agreed_on.desc(), Interpretation.number.desc(), Interpretation.id),
)

_SETTINGS = Register(
    "switch_settings",
    Wording("口径开关调整", "Settings of the switches"),
    (
        column("id", "版本", "Version", SwitchSetting.id, "number"),
        id_column("interpretation_id", SwitchSetting.interpretation_id),
        column("code", "开关", "Switch", SwitchSetting.code, search=True),
        column("valid_from", "生效日期", "From", SwitchSetting.valid_from, "date"),
        column("number", "解释编号", "Interpretation", Interpretation.number, search=True),
        column("reason", "理由", "Reason", SwitchSetting.reason, "long"),
        column("set_by", "登记人", "Set by", SwitchSetting.set_by),
        column("set_at", "登记时间", "Set", SwitchSetting.set_at, "moment"),
    ),
    select(SwitchSetting).join(SwitchSetting.interpretation),
    (SwitchSetting.id.desc(),),
)

MATTERS = (_MATTERS, _INTERPRETATIONS, _SETTINGS)
"""The registers of what both bureaus settle, in the order in which they are offered."""
