"""The audit trail, for the auditor: read, narrowed, taken away as a file, and checked for any later change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import audit, audit_lists, clock
from processes.audit import AuditEntry
from processes.audit_lists import AuditFilter
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages import audit_words
from webapp.pages.downloads import attachment
from webapp.pages.lists import Asked, asked
from webapp.pages.spreadsheets import csv_file
from webapp.visitors import current_actor

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
MOST_EXPORTED = 200_000
"""Rows of one file; a longer trail is taken away in parts."""


@blueprint.get("/")
@post_needed(*audit.MAY_READ)
def index() -> ResponseReturnValue:
    """The entries, newest first, narrowed by the address."""
    actor, wanted = current_actor(), _asked()
    with current_desk().db.reading() as session:
        narrowed, wrong = _narrowed(session, wanted)
        listing = audit_lists.entries(session, actor, narrowed, offset=wanted.offset, limit=wanted.size)
        rows = listing.items
        places = audit_words.places(session, rows)
        last = audit_lists.last_check(session, actor)
        return render_template(
            "audit/index.html",
            rows=rows,
            subjects=audit_words.subjects(session, rows),
            words=audit_words.action_words,
            details={each.seq: audit_words.detail_words(each, places) for each in rows},
            actions=[(key, str(text)) for key, text in audit_words.ACTIONS.items()],
            page=wanted.page_of(listing),
            asked=wanted,
            wrong_day=wrong,
            last=last,
            last_broken=_broken(last),
        )


@blueprint.get("/<int:seq>")
@post_needed(*audit.MAY_READ)
def show(seq: int) -> ResponseReturnValue:
    """One entry with everything that is kept of it."""
    with current_desk().db.reading() as session:
        entry = audit_lists.entry(session, current_actor(), seq)
        return render_template(
            "audit/show.html",
            entry=entry,
            at=clock.local(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            subject=audit_words.subjects(session, [entry])[entry.subject] if entry.subject else None,
            action=audit_words.action_words(entry.action),
            details=audit_words.detail_words(entry, audit_words.places(session, [entry])),
        )


@blueprint.post("/verify")
@post_needed(*audit.MAY_READ)
def verify() -> ResponseReturnValue:
    """Read the whole chain; what comes of it is itself an entry, so that everybody sees when it was last done."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        verdict = audit.check(session, actor, desk.settings.audit_key)
    found: dict[str, Any] = {"entries": verdict.entries, "intact": verdict.intact}
    if not verdict.intact:
        found |= {"first_bad": verdict.first_bad, "reason": verdict.reason}
    with once() as operation:
        audit.record(operation.session, actor, audit.VERIFIED, "audit", ok=verdict.intact, **found)
        return operation.done(url_for("audit.index"))


@blueprint.get("/export.csv")
@post_needed(*audit.MAY_READ)
def export() -> Response:
    """The entries as a file, narrowed as the list is."""
    actor, wanted = current_actor(), _asked()
    head = [_("序号"), _("时间"), _("人员"), _("地址"), _("操作"), _("对象"), _("结果"), _("详情"), _("校验值")]
    with current_desk().db.reading() as session:
        narrowed, _wrong = _narrowed(session, wanted)
        content = csv_file(head, _exported(session, actor, narrowed))
    return attachment(content, _("审计日志") + ".csv", "text/csv; charset=utf-8")


def _asked() -> Asked:
    return asked("who", "action", "subject", "from", "to", "failures")


def _narrowed(session: Session, wanted: Asked) -> tuple[AuditFilter, bool]:
    """The filter of the address, and whether a day of it could not be read."""
    first, last = _day(wanted.get("from")), _day(wanted.get("to"))
    subject = wanted.get("subject")
    narrowed = AuditFilter(
        who=wanted.get("who"),
        action=wanted.get("action"),
        subject=subject,
        subjects=audit_words.case_subjects(session, subject) if subject else (),
        first_day=first,
        last_day=last,
        failures=bool(wanted.get("failures")),
    )
    return narrowed, (first is None and bool(wanted.get("from"))) or (last is None and bool(wanted.get("to")))


def _exported(session: Session, actor: Actor, narrowed: AuditFilter) -> Iterator[list[Any]]:
    total = audit_lists.size(session, actor, narrowed)
    if total > MOST_EXPORTED:
        text = message(
            "共 %(total)s 条，超过一次导出的上限 %(most)s 条，请按日期分段导出。", total=total, most=MOST_EXPORTED
        )
        raise Invalid(text)
    before = None
    while rows := audit_lists.exported(session, actor, narrowed, before):
        named, places = audit_words.subjects(session, rows), audit_words.places(session, rows)
        yield from (_line(each, named, places) for each in rows)
        before = rows[-1].seq
        session.expunge_all()


def _line(entry: AuditEntry, named: dict[str, audit_words.Subject], places: dict[str, str]) -> list[Any]:
    subject = named.get(entry.subject)
    details = "；".join(f"{name}：{value}" for name, value in audit_words.detail_words(entry, places))
    return [
        entry.seq,
        entry.at,
        entry.actor or "—",
        entry.address,
        audit_words.action_words(entry.action),
        f"{subject.kind} {subject.name}".strip() if subject else "",
        _("成功") if entry.ok else _("失败"),
        details,
        entry.mac,
    ]


def _broken(last: AuditEntry | None) -> str:
    return "" if last is None or last.ok else str(audit_words.BROKEN.get(last.detail.get("reason", ""), ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
