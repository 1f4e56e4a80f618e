"""The answer about 优秀: the ceiling, what is used and left, and who stands equal at the line."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from processes.registers.appraisals import AppraisalEntry, AppraisalStatus
from processes.registers.excellent_standing import ExcellentStanding, excellent_standing
from processes.registers.reading import READS_ALL
from webapp.language import say
from webapp.pages.questions.answer import Answered, Choice, View
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import unit_name, worded

GROUND = "第十四条"
EARLIEST = 2025
UNDECIDED = (AppraisalStatus.ROLL, AppraisalStatus.REPORTS, AppraisalStatus.VIEWS, AppraisalStatus.GRADING)
"""Stages of a year's appraisal up to the vote of the panel."""


def excellent(view: View) -> Answered:
    """How many may be 优秀 in a year, how many places are left, and whether anybody is tied."""
    view.actor.need(*READS_ALL)
    year = _year(view)
    choices = [Choice("year", _("年度"), [(str(one), str(one)) for one in range(view.day.year, EARLIEST - 1, -1)],
                      str(year))]  # fmt: skip
    found = excellent_standing(view.session, year)
    if found is None:
        told = _("%(year)s 年度考核尚未启动，优秀名额待考核人数确定后计算（第十四条）。", year=year)
        return Answered(str(worded(told)), [], choices)
    return Answered(f"{worded(say(found.cap.told))}{_('；')}{_tie(found)}", _tables(view, found), choices)


def _tie(found: ExcellentStanding) -> str:
    """Whether anybody stands equal at the line, and whether the panel has still to vote on it."""
    if not found.tied:
        return _("没有并列。")
    count = len(found.tied)
    if found.appraisal.status not in UNDECIDED:
        return _("得分在上限线上并列的 %(tied)s 人，考核组已研究决定。", tied=count)
    return _(
        "处在上限线上并列的 %(tied)s 人，余 %(places)s 个名额，由考核组合议。", tied=count, places=found.places_for_tied
    )


def _tables(view: View, found: ExcellentStanding) -> list[Table]:
    cap = found.cap
    named = view.links.register("appraisal_entries", year=found.appraisal.year, grade="优秀")
    graded = view.links.register("appraisal_entries", year=found.appraisal.year, roll="GRADED")
    numbers = [
        [Cell(_("考核人数")), Cell(cap.n, graded)],
        [Cell(_("优秀名额上限")), Cell(cap.cap)],
        [Cell(_("已用")), Cell(cap.used, named)],
        [Cell(_("剩余")), Cell(cap.left)],
        [Cell(_("超出")), Cell(cap.over, late=cap.over > 0)],
    ]
    return [
        Table("cap", _("优秀名额"), GROUND, [_("事项"), _("人数")], numbers),
        _people("named", _("已评优秀"), found.named),
        _people("suggested", _("按得分建议"), found.suggested),
        _people("tied", _("并列"), found.tied),
    ]


def _people(key: str, title: str, entries: Sequence[AppraisalEntry]) -> Table:
    rows = [
        [
            Cell(each.person.name, url_for("cards.planner", person_id=each.person_id, year=each.appraisal.year)),
            Cell(unit_name(each.appointment.unit)), Cell(_score(each)), Cell(each.inputs.get("quality")),
            Cell(each.inputs.get("visits")), Cell(each.inputs.get("attended")),
        ]
        for each in entries
    ]  # fmt: skip
    head = [_("首席规划师"), _("区县"), _("建议分"), _("意见质量"), _("实地指导（次）"), _("咨询（次）")]
    return Table(key, title, GROUND, head, rows)


def _score(entry: AppraisalEntry) -> str:
    score = entry.score_x100
    return "—" if score is None else f"{score // 100}.{score % 100:02}"


def _year(view: View) -> int:
    wanted = view.asked.get("year")
    newest = view.day.year
    if wanted.isdecimal() and EARLIEST <= int(wanted) <= newest:
        return int(wanted)
    return newest if view.day.month > 6 else newest - 1  # the appraisal of a year is decided in the next one's winter
