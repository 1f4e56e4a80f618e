"""Answers about claims and filings: what waits to be checked and paid, which results are filed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from processes.registers.appraisals import GRADES
from processes.registers.claims import CLAIM_STATUSES, ClaimStatus, TravelClaim, unpaid
from processes.registers.filings import GROUND as FILED
from processes.registers.filings import KEEPERS, filings_of
from processes.registers.money import in_yuan
from processes.registers.reading import READS_ALL, READS_OWN
from webapp.language import current_language
from webapp.pages.questions.answer import Answered, View
from webapp.pages.tables import Cell, Table, part_of

PAID_WITHIN = 30
"""Days after which a claim is asked about (第九条(五), D)."""
GROUND = "第九条（五）"


def claims(view: View) -> Answered:
    """The claims that a district has to check and to pay, and those older than thirty days."""
    view.actor.need(*READS_ALL, *READS_OWN)
    units = [None] if view.actor.has(*READS_ALL) else sorted(view.actor.units(*READS_OWN))
    found = [one for unit in units for one in unpaid(view.session, unit, listed=False)]
    checking = [each for each in found if each.status == ClaimStatus.SUBMITTED]
    paying = [each for each in found if each.status == ClaimStatus.APPROVED]
    old = [each for each in found if (view.day - each.submitted_on).days > PAID_WITHIN]
    sentence = _(
        "待审核 %(checking)s 笔（%(checking_sum)s），待支付 %(paying)s 笔（%(paying_sum)s）；"
        "超过 %(days)s 天的 %(old)s 笔。",
        checking=len(checking), checking_sum=in_yuan(sum(each.total_fen for each in checking)), paying=len(paying),
        paying_sum=in_yuan(sum(each.total_fen for each in paying)), days=PAID_WITHIN, old=len(old),
    )  # fmt: skip
    return Answered(sentence, [_claim_table(view, found)], total=len(found))


def _claim_table(view: View, found: Sequence[TravelClaim]) -> Table:
    rows = []
    for each in part_of(found, view.part):
        days = (view.day - each.submitted_on).days
        rows.append([
            Cell(each.number, url_for("cases.show", case_id=each.case_id)), Cell(each.person.name),
            Cell(each.trip_title), Cell(CLAIM_STATUSES[each.status].text(current_language())),
            Cell(in_yuan(each.total_fen), view.links.register("claim_lines", claim_id=each.id)),
            Cell(each.submitted_on), Cell(days, late=days > PAID_WITHIN),
        ])  # fmt: skip
    head = [_("编号"), _("首席规划师"), _("行程"), _("状态"), _("金额"), _("填报日期"), _("已过天数")]
    return Table("claims", _("待审核、待支付的差旅费"), GROUND, head, rows, total=len(found))


def filings(view: View) -> Answered:
    """How many people an employer has sent, and whether the receipts of filing are in."""
    view.actor.need(*KEEPERS)
    own = {each.organization_id for each in view.actor.holdings if each.role in KEEPERS and each.organization_id}
    found = filings_of(view.session, own)
    owed = sum(each.owed for each in found)
    rows = []
    for each in part_of(found, view.part):
        entry = each.entry
        grade = GRADES[entry.grade].text(current_language()) if entry and entry.final and entry.grade else None
        told = _("待交回执") if each.owed else (_("已存档") if entry and entry.filed_on else _("尚无结果"))
        rows.append([
            Cell(each.expert.name), Cell(entry.appraisal.year if entry else None), Cell(grade),
            Cell(told, url_for("inbox.index", view="todo") if each.owed else None, late=each.owed),
            Cell(entry.filed_on if entry else None), Cell(entry.filed_by if entry else None),
        ])  # fmt: skip
    head = [_("姓名"), _("考核年度"), _("等次"), _("存档回执"), _("存档日期"), _("存档人")]
    sentence = _("本单位派出 %(people)s 人；考核结果存档回执待交 %(owed)s 份。", people=len(found), owed=owed)
    return Answered(sentence, [Table("filings", _("派出人员与存档回执"), FILED, head, rows, total=len(found))],
                    total=len(found))  # fmt: skip
