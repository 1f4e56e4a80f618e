"""Answers about a selection: days to the closing of the call, posts without an applicant, who must supplement what."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from handlers.appointment.supplements import GROUND as SUPPLEMENT_GROUND
from handlers.appointment.supplements import supplements
from processes.registers.call_standing import GROUND, OpenCall, open_calls
from processes.registers.reading import READS_ALL
from webapp.pages.questions.answer import Answered, View
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import post_label

MOST_NAMED = 50
"""Records that an address may name one by one."""


def calls(view: View) -> Answered:
    """How many days each open call has left, and the posts that nobody has applied for."""
    view.actor.need(*READS_ALL)
    found = open_calls(view.session, view.day)
    if not found:
        return Answered(_("目前没有正在报名的轮次。"), [])
    said = [
        _("%(round)s：距报名截止 %(days)s 天（%(until)s），%(empty)s 个岗位无人报名。", round=each.round.name,
          days=each.days_left, until=each.round.apply_until, empty=sum(post.empty for post in each.posts))
        for each in found
    ]  # fmt: skip
    return Answered(" ".join(said), [_call_table(view, place, each) for place, each in enumerate(found, 1)])


def _call_table(view: View, place: int, call: OpenCall) -> Table:
    rows = [
        [
            Cell(post_label(each.post), view.links.register("posts", id=each.post.id)),
            Cell(_("、").join(each.post.specialties)), _counted(view, each.wished),
            _counted(view, each.matching),
            Cell(_("无人报名") if each.empty else _("有人报名"), late=each.empty),
        ]
        for each in call.posts
    ]  # fmt: skip
    head = [_("岗位"), _("专业方向"), _("意向该区县（人）"), _("服从调配且专业相符（人）"), _("情况")]
    note = _("报名 %(count)s 人。", count=len(call.applicants))
    return Table(f"call{place}", call.round.name, GROUND, head, rows, note)


def _counted(view: View, applications: Sequence[UUID]) -> Cell:
    """How many applications there are, and the way to just these where the address can hold them."""
    listed = ",".join(map(str, applications))
    link = view.links.register("applications", id=listed) if 0 < len(applications) <= MOST_NAMED else None
    return Cell(len(applications), link)


def to_supplement(view: View) -> Answered:
    """Which applicants must bring what, and by when."""
    found = supplements(view.session, view.actor)
    people = {each.application.id for each in found}
    rows = [
        [
            Cell(each.application.name, url_for("cases.show", case_id=each.application.case_id)
                 if each.application.case_id else None),
            Cell(each.application.number, view.links.register("applications", id=each.application.id)),
            Cell(each.application.round.name), Cell(each.item),
            Cell(each.due, late=bool(each.due) and each.due < view.day.isoformat()),
        ]
        for each in found
    ]  # fmt: skip
    head = [_("姓名"), _("报名编号"), _("轮次"), _("补正事项"), _("期限")]
    sentence = _("待补正 %(people)s 人，共 %(items)s 项。", people=len(people), items=len(found))
    return Answered(sentence, [Table("supplements", _("待补正事项"), SUPPLEMENT_GROUND, head, rows)])
