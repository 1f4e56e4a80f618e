"""Answers for the process owner: what another deadline would change, and what runs out of the ordinary course."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from processes import clock
from processes.engine import irregular, what_if
from processes.engine.models import WorkItem
from processes.engine.what_if import DatedStep
from processes.errors import NotFound
from processes.identity.posts import SEES_ALL_CASES
from processes.messages import message
from processes.paging import Listing, Page
from webapp.drawing import moment
from webapp.language import current_language
from webapp.pages.questions.answer import Answered, Choice, View
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import named

LOOKED_BACK = timedelta(days=90)
AT_FIRST = Page(limit=20)
USUAL = 10
"""Working days from which another deadline is tried where the diagram names none."""


def deadlines(view: View) -> Answered:
    """Which open tasks would be due on another day if a step had another deadline."""
    steps = what_if.dated_steps(view.session, view.actor)
    if not steps:
        return Answered(_("现行流程中没有设置办理时限的环节。"), [])
    step = _chosen(view, steps)
    days = view.asked.get("days")
    workdays = int(days) if days.isdecimal() and len(days) < 4 else (step.workdays or USUAL) + 5
    found = what_if.foreseen(view.session, view.actor, step, workdays, view.calendar, view.part)
    sentence = _what_would_change(step, workdays, found.total)
    rows = [
        [
            Cell(each.item.title, url_for("cases.show", case_id=each.item.case_id)), Cell(each.item.case.number),
            Cell(clock.local(each.item.created_at).date()), Cell(each.due_on, late=each.late_now),
            Cell(each.would_be, late=each.late_then),
            Cell((each.would_be - each.due_on).days if each.due_on else None),
        ]
        for each in found.items
    ]  # fmt: skip
    head = [_("任务"), _("案件"), _("送达日期"), _("现期限"), _("改后期限"), _("相差天数")]
    options = [(f"{one.definition.key}:{one.element_id}", _step_told(one)) for one in steps]
    choices = [
        Choice("step", _("环节"), options, f"{step.definition.key}:{step.element_id}"),
        Choice("days", _("改为（工作日）"), value=str(workdays)),
    ]
    return Answered(sentence, [Table("foreseen", _("受影响的在办任务"), "", head, rows, total=found.total)], choices,
                    found.total)  # fmt: skip


def _step_told(step: DatedStep) -> str:
    key = step.definition.key
    told = {"process": named(step.definition.title, key), "step": named(step.name, key), "open": step.open}
    if step.workdays is None:
        return _("%(process)s：%(step)s（时限按案件计算，在办 %(open)s 件）", **told)
    return _("%(process)s：%(step)s（%(days)s 个工作日，在办 %(open)s 件）", days=step.workdays, **told)


def _what_would_change(step: DatedStep, workdays: int, total: object) -> str:
    told = {"step": named(step.name, step.definition.key), "then": workdays, "open": total}
    if step.workdays is None:
        return _(
            "“%(step)s”的时限按案件计算（如复函时限由口径开关和发函内容决定）；改为 %(then)s 个工作日，"
            "有 %(open)s 件在办任务的期限会不同。已送达的任务期限不变，除非把案件移到新版本。",
            **told,
        )
    return _(
        "“%(step)s”现为 %(now)s 个工作日；改为 %(then)s 个工作日，有 %(open)s 件在办任务的期限会不同。"
        "已送达的任务期限不变，除非把案件移到新版本。",
        now=step.workdays, **told,
    )  # fmt: skip


def _chosen(view: View, steps: list[DatedStep]) -> DatedStep:
    wanted = view.asked.get("step")
    if not wanted:
        return steps[0]
    for each in steps:
        if wanted in (f"{each.definition.key}:{each.element_id}", each.element_id):
            return each
    raise NotFound(message("现行流程中没有这个环节，或者它没有时限。"))


def out_of_course(view: View) -> Answered:
    """Which cases failed or stand still, and what was skipped, handed on or done for somebody else."""
    now = irregular.irregular_now(view.session, view.actor)
    since = clock.now() - LOOKED_BACK
    by_hand = irregular.done_by_hand(view.session, view.actor, since, AT_FIRST)
    for_others = irregular.done_for_others(view.session, view.actor, since, AT_FIRST)
    sentence = _(
        "出错未处理 %(failed)s 项，挂起 %(suspended)s 件；"
        "近 %(days)s 天手工改派、移动、挂起 %(by_hand)s 次，代办、委派 %(others)s 次。",
        failed=now.failed, suspended=now.suspended, days=LOOKED_BACK.days, by_hand=by_hand.total,
        others=for_others.total,
    )  # fmt: skip
    return Answered(sentence, [*_standing_still(view, now), _by_hand(by_hand), _for_others(for_others)])


def _by_hand(found: Listing[irregular.ByHand]) -> Table:
    rows = [
        [
            Cell(one.case.number, url_for("cases.show", case_id=one.case.id)), Cell(one.case.title),
            Cell(irregular.BY_HAND[one.event.kind].text(current_language())), Cell(named(one.event.step, one.case.key)),
            Cell(one.event.person), Cell(moment(one.event.at)), Cell(one.event.text),
        ]
        for one in found.items
    ]  # fmt: skip
    head = [_("案件编号"), _("案件"), _("动作"), _("环节"), _("经办人"), _("时间"), _("理由")]
    return Table("by_hand", _("手工改派、移动、跳步、挂起"), "", head, rows, _part(found.total), found.total)


def _for_others(found: Listing[WorkItem]) -> Table:
    rows = [
        [
            Cell(one.case.number, url_for("cases.show", case_id=one.case_id)), Cell(one.title),
            Cell(_("委派") if one.attached_as == "delegated" else _("代办")), Cell(one.completed_by),
            Cell(moment(one.completed_at or one.created_at)),
        ]
        for one in found.items
    ]  # fmt: skip
    head = [_("案件编号"), _("任务"), _("方式"), _("办理人"), _("时间")]
    return Table("for_others", _("代办与委派"), "", head, rows, _part(found.total), found.total)


def _standing_still(view: View, now: irregular.Irregular) -> list[Table]:
    failed = [
        [
            Cell(one.case.number, url_for("cases.show", case_id=one.case_id)) if one.case else Cell("—"),
            Cell(named(one.step, one.case.key if one.case else "") or one.element_id), Cell(one.text),
            Cell(moment(one.at)), Cell(one.attempts),
        ]
        for one in irregular.open_incidents(view.session, view.actor, AT_FIRST)
    ]  # fmt: skip
    suspended = [
        [Cell(one.number, url_for("cases.show", case_id=one.id)), Cell(one.title), Cell(moment(one.changed_at))]
        for one in irregular.suspended_cases(view.session, view.actor, AT_FIRST)
    ]
    return [
        Table("failed", _("出错"), "", [_("案件编号"), _("环节"), _("原因"), _("时间"), _("次数")], failed,
              total=now.failed, all_url=url_for("incidents.index")),
        Table("suspended", _("挂起"), "", [_("案件编号"), _("案件"), _("最近变动")], suspended, total=now.suspended,
              all_url=url_for("cases.index", status="suspended")),
    ]  # fmt: skip


def _part(total: int) -> str:
    rows = AT_FIRST.rows
    return _("此处列出最近 %(count)s 条；各案件的历史中有全部记录。", count=rows) if total > rows else ""


READERS = tuple(sorted(SEES_ALL_CASES))
