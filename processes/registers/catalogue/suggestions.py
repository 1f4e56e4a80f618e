"""The registers of what planners do of own motion: surveys, suggestions, measures (第七条(二)、第八条(一))."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, select

from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.registers.activities import SERVICE_KINDS
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column, unit_columns
from processes.registers.listing import Register
from processes.registers.suggestions import (
    MEASURE_STATES,
    REPLIES,
    SUGGESTION_STATUSES,
    SURVEY_STATUSES,
    Measure,
    Suggestion,
    Survey,
)

SENSITIVE = "（敏感事项，仅主送单位和市局可见）"


def _guarded(text: Any) -> Any:
    return case((Suggestion.sensitive, SENSITIVE), else_=text)


_SURVEYS = Register(
    "surveys",
    Wording("主动调研", "Surveys"),
    (
        *ids(Survey, "id", "case_id", "person_id", "attendance_id"),
        column("number", "编号", "No.", Survey.number, search=True),
        column("day", "日期", "Day", Survey.day, "date"),
        *unit_columns(),
        planner_column(),
        column("subject", "主题", "Subject", Survey.subject, search=True),
        column("kind", "服务类型", "Kind", Survey.kind, "status", words=SERVICE_KINDS),
        column("place", "地点", "Place", Survey.place, search=True),
        column("findings", "调研情况", "Findings", Survey.findings, "long", search=True),
        column("problems", "发现问题", "Problems", Survey.problems, "long", search=True),
        status_column(Survey.status, SURVEY_STATUSES),
        column("confirmed_on", "确认日期", "Confirmed", Survey.confirmed_on, "date"),
    ),
    select(Survey).join(Survey.unit).join(Survey.person),
    (Survey.day.desc(), Survey.id),
    Survey.day,
)

_SUGGESTIONS = Register(
    "suggestions",
    Wording("工作建议", "Suggestions"),
    (
        *ids(Suggestion, "id", "case_id", "person_id"),
        column("number", "编号", "No.", Suggestion.number, search=True),
        *unit_columns(),
        planner_column(),
        column("subject", "标题", "Subject", _guarded(Suggestion.subject), search=True),
        column("problem", "问题", "Problem", _guarded(Suggestion.problem), "long", search=True),
        column("proposal", "建议", "Proposal", _guarded(Suggestion.proposal), "long", search=True),
        column("addressee", "主送", "Addressee", Organization.name, search=True),
        column("urgent", "紧急", "Urgent", Suggestion.urgent, "boolean"),
        column("sent_on", "提出日期", "Sent", Suggestion.sent_on, "date"),
        column("due_on", "答复期限", "Due", Suggestion.due_on, "date"),
        status_column(Suggestion.status, SUGGESTION_STATUSES),
        column("decision", "处理", "Decision", Suggestion.decision, "status", words=REPLIES),
        column("reply", "答复内容", "Reply", _guarded(Suggestion.reply), "long"),
        column("replied_on", "答复日期", "Replied", Suggestion.replied_on, "date"),
        column("listed_on", "列入通报日期", "Listed", Suggestion.listed_on, "date"),
        column("rating", "答复评价", "Rating of the reply", Suggestion.rating, "number"),
    ),
    select(Suggestion).join(Suggestion.unit).join(Suggestion.person).join(Suggestion.addressee),
    (Suggestion.sent_on.desc(), Suggestion.id),
    Suggestion.sent_on,
)

_MEASURES = Register(
    "measures",
    Wording("建议落实措施", "Measures"),
    (
        *ids(Measure, "id", "suggestion_id"),
        id_column("person_id", Suggestion.person_id),
        column("number", "建议编号", "Suggestion no.", Suggestion.number, search=True),
        *unit_columns(),
        planner_column(),
        column("text", "措施", "Measure", _guarded(Measure.text), "long", search=True),
        column("owner", "责任单位（人）", "Owner", Measure.owner, search=True),
        column("due_on", "完成期限", "Due", Measure.due_on, "date"),
        column("state", "进展", "Progress", Measure.state, "status", words=MEASURE_STATES),
        column("note", "说明", "Note", _guarded(Measure.note), "long"),
        column("reported_on", "反馈日期", "Reported", Measure.reported_on, "date"),
    ),
    select(Measure)
    .join(Measure.suggestion)
    .join(Unit, Suggestion.unit_id == Unit.id)
    .join(Person, Suggestion.person_id == Person.id),
    (Measure.due_on, Measure.id),
)

SUGGESTIONS = (_SURVEYS, _SUGGESTIONS, _MEASURES)
"""The registers of surveys and suggestions, in the order in which they are offered."""
