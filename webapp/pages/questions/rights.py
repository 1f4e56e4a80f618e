"""The answer for the administrator: who holds what, whose account outlived the post, whether there is a backup."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from processes import clock
from processes.identity.administration import MAY_ADMINISTER
from processes.identity.rights_overview import leavers, post_counts
from webapp.backup.noting import BackupNote, last_backup
from webapp.drawing import moment, post_name
from webapp.pages.questions.answer import Answered, View
from webapp.pages.tables import Cell, Table

RECENT = timedelta(hours=26)
"""A nightly backup is younger than this in the morning."""


def rights(view: View) -> Answered:
    """Rights, accounts of leavers, last night's backup."""
    view.actor.need(*MAY_ADMINISTER)
    gone = leavers(view.session, view.actor, view.day, view.part)
    backup = last_backup(view.session)
    if backup is None:
        told = _("没有备份记录")
    elif clock.now() - backup.at > RECENT:
        told = _("最近一次备份在 %(at)s，昨晚没有备份", at=moment(backup.at))
    else:
        told = _("昨晚备份成功（%(at)s）", at=moment(backup.at))
    sentence = _("离任而账号未停用的 %(gone)s 人；%(backup)s。", gone=gone.total, backup=told)
    return Answered(sentence, [
        Table("leavers", _("没有岗位而账号可用的人员"), "",
              [_("姓名"), _("登录名"), _("最后任职日"), _("最近登录")],
              [[Cell(one.person.name, url_for("people.show", person_id=one.person.id)), Cell(one.person.login),
                Cell(one.left_on), Cell(moment(one.seen_at))] for one in gone.items], total=gone.total),
        _backup_table(backup),
        Table("posts", _("各岗位任职人数"), "", [_("岗位"), _("任职人数"), _("其中账号已停用")],
              [[Cell(post_name(one.role)), Cell(one.holders, url_for("people.index", post=one.role)),
                Cell(one.disabled, url_for("people.index", post=one.role, state="disabled"), late=one.disabled > 0)]
               for one in post_counts(view.session, view.actor, view.day)]),
    ], total=gone.total)  # fmt: skip


def _backup_table(backup: BackupNote | None) -> Table:
    rows = []
    if backup is not None:
        late = clock.now() - backup.at > RECENT
        rows.append([
            Cell(moment(backup.at), late=late), Cell(backup.place), Cell(backup.files),
            Cell(backup.damaged, late=backup.damaged > 0),
        ])  # fmt: skip
    return Table("backup", _("最近一次备份"), "", [_("时间"), _("位置"), _("文件数"), _("损坏的文件")], rows)
