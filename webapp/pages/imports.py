"""导入: a workbook is fetched, filled in, sent, looked at row by row, and confirmed once, wholly or not at all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.errors import Invalid, NotFound
from processes.files import MEGABYTE, StoredFile, stored_file
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.administration import give_first_passwords
from processes.messages import Message, message
from processes.registers.importing.all_imports import IMPORTERS, import_named, offered_to
from processes.registers.importing.report import OUTCOMES, Outcome, Report, Row
from processes.registers.importing.running import examined, import_all
from processes.registers.importing.sheets import Import
from processes.registers.importing.template import template
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language, say
from webapp.operation_key import once
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked
from webapp.pages.spreadsheets import XLSX, xlsx_file
from webapp.visitors import current_actor

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
LARGEST = 10 * MEGABYTE
MOST_SEEN = 16
"""Reports that one web process remembers."""
Key = tuple[str, UUID]
"""An import and a file."""
PLACES = {"people": "people.index", "organizations": "organizations.index"}
"""Where what was imported is seen, where it is no register."""


class Seen:
    """The reports that were drawn last, so that going through their pages does not try the file again.

    What is confirmed is tried anew and compared with what was seen, so that an old report can do no harm.
    """

    def __init__(self) -> None:
        self._reports: OrderedDict[Key, Report] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: Key, report: Report) -> Report:
        """Remember a report in place of the oldest."""
        with self._lock:
            self._reports[key] = report
            self._reports.move_to_end(key)
            if len(self._reports) > MOST_SEEN:
                self._reports.popitem(last=False)
        return report

    def again(self, key: Key) -> Report | None:
        """A report that was drawn a while ago."""
        with self._lock:
            return self._reports.get(key)


_seen = Seen()


@blueprint.get("/")
@post_needed(*IMPORTERS)
def index() -> ResponseReturnValue:
    """What the visitor may import."""
    return render_template("imports/index.html", imports=offered_to(current_actor()))


@blueprint.get("/<name>")
@post_needed(*IMPORTERS)
def show(name: str) -> ResponseReturnValue:
    """What an import takes, the template, and where the file is sent from."""
    return _page(import_named(current_actor(), name))


@blueprint.get("/<name>/template.xlsx")
@post_needed(*IMPORTERS)
def fetch(name: str) -> Response:
    """The workbook to be filled in; `filled`: with what stands now."""
    actor = current_actor()
    wanted = import_named(actor, name)
    filled = bool(request.args.get("filled")) and wanted.present is not None
    with current_desk().db.reading() as session:
        content = template(session, actor, wanted, current_language(), filled=filled)
    kind = _("现有数据") if filled else _("导入模板")
    return attachment(content, f"{wanted.title.text(current_language())}-{kind}.xlsx", XLSX)


@blueprint.post("/<name>")
@post_needed(*IMPORTERS)
def send(name: str) -> ResponseReturnValue:
    """Keep a filled-in workbook and show what it would do; nothing is imported yet."""
    desk, actor = current_desk(), current_actor()
    wanted = import_named(actor, name)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(message("请选择要导入的文件。"))
        if not sent.filename.lower().endswith(".xlsx"):
            raise Invalid(message("只接收 Excel 工作簿（.xlsx）；其他格式请先用下载的模板另存。"))
        with once() as operation:
            kept = desk.house.files.put(
                operation.session, actor, sent.filename, cast(BinaryIO, sent.stream), largest=LARGEST
            )
            return operation.done(url_for("imports.preview", name=name, file_id=kept.id))
    except Invalid as refused:
        return _page(wanted, refused.text), 422


@blueprint.get("/<name>/<uuid:file_id>")
@post_needed(*IMPORTERS)
def preview(name: str, file_id: UUID) -> ResponseReturnValue:
    """What a workbook would do, row by row: new, changed or refused with sentence and cell."""
    actor = current_actor()
    wanted = import_named(actor, name)
    listed = asked("outcome")
    with current_desk().db.transaction() as session:
        stored, content = _own_file(session, actor, file_id)
        try:
            report = _seen.again((name, file_id)) if request.args else None
            report = report or _seen.keep((name, file_id), examined(session, actor, wanted, content))
        except Invalid as refused:
            return _page(wanted, refused.text, stored.name), 422
    rows = [each for each in report.rows if listed.get("outcome") in ("", each.outcome)]
    page = listed.page(len(rows))
    first = (page.number - 1) * page.size
    return render_template(
        "imports/preview.html",
        wanted=wanted,
        stored=stored,
        report=report,
        rows=rows[first : first + page.size],
        page=page,
        asked=listed,
        counts=[(each.value, said.text(current_language()), report.count(each)) for each, said in _outcomes()],
        words={each.value: said.text(current_language()) for each, said in _outcomes()},
        gives_passwords=wanted.name == "people",
    )


@blueprint.get("/<name>/<uuid:file_id>/report.xlsx")
@post_needed(*IMPORTERS)
def report_file(name: str, file_id: UUID) -> Response:
    """The same report as a file."""
    actor = current_actor()
    wanted = import_named(actor, name)
    with current_desk().db.transaction() as session:
        _stored, content = _own_file(session, actor, file_id)
        report = examined(session, actor, wanted, content)
    words = dict(_outcomes())
    head = [_("行"), _("记录"), _("结果"), _("变动"), _("单元格"), _("说明")]
    lines = [
        [each.number, each.label, words[each.outcome].text(current_language()), _changes(each),
         "、".join(one.cell for one in each.problems), _said(each)]
        for each in report.rows
    ]  # fmt: skip
    lines += [["", "", "", "", "", say(each)] for each in report.problems]
    title = f"{wanted.title.text(current_language())}-{_('核对报告')}"
    return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)


@blueprint.post("/<name>/<uuid:file_id>")
@post_needed(*IMPORTERS)
def confirm(name: str, file_id: UUID) -> ResponseReturnValue:
    """Import every row in one transaction; the new accounts of people come back as a file with their passwords."""
    actor = current_actor()
    wanted = import_named(actor, name)
    place = _place(wanted)
    with once(place) as operation:
        _stored, content = _own_file(operation.session, actor, file_id)
        report = import_all(operation.session, actor, wanted, content, request.form.get("seen", ""))
        passwords = give_first_passwords(operation.session, actor) if wanted.name == "people" else []
        answer = operation.done(place)
    flash(_("已导入“%(title)s”：新增 %(new)s 条，更改 %(changed)s 条。", title=wanted.title.text(current_language()),
            new=report.count(Outcome.NEW), changed=report.count(Outcome.CHANGED)))  # fmt: skip
    if not passwords:
        return answer
    head = [_("登录名"), _("姓名"), _("一次性密码")]
    lines = [[who.login, who.name, password] for who, password in passwords]
    title = _("新账号的一次性密码")
    return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)


def _page(wanted: Import, problem: Message | None = None, sent: str = "") -> str:
    with current_desk().db.reading() as session:
        options = wanted.options(session, current_actor())
    return render_template(
        "imports/show.html", wanted=wanted, problem=problem, sent=sent, options=options, place=_place(wanted),
        most=LARGEST // MEGABYTE,
    )  # fmt: skip


def _own_file(session: Session, actor: Actor, file_id: UUID) -> tuple[StoredFile, bytes]:
    """A workbook that the actor has sent, or `NotFound`."""
    stored = stored_file(session, file_id)
    if stored.owner_id != actor.person_id or stored.case_id is not None or stored.kind != "xlsx":
        raise NotFound(message("文件不存在或已失效，请重新上传"))
    return stored, current_desk().house.files.read(file_id)


def _place(wanted: Import) -> str:
    """Where what was imported is seen."""
    if wanted.register:
        return url_for("registers.show", name=wanted.register)
    return url_for(PLACES[wanted.name])


def _outcomes() -> Sequence[tuple[Outcome, Wording]]:
    return [(Outcome(key), said) for key, said in OUTCOMES.items()]


def _changes(row: Row) -> str:
    between = "; " if current_language() == "en" else "；"
    said = (f"{each.column.text(current_language())} {each.before} → {each.after}" for each in row.changes)
    return between.join(said)


def _said(row: Row) -> str:
    between = " " if current_language() == "en" else ""
    return between.join([*(say(each.text) for each in row.problems), *(say(each) for each in row.notes)])
