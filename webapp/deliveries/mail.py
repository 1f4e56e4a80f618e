"""Mail: what a person has to know since the last one, as one plain message with links into the desk."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from processes import clock
from processes.delivery.models import NoticeDelivery
from processes.identity.models import Person
from processes.messages import message
from processes.notices import Notice
from webapp.deliveries.words import said
from webapp.settings import MailServer

MOST_TOLD = 50
"""Notices of one mail; of more, the rest is only counted."""
WAIT = 20.0
"""Seconds that a mail server may take for each answer."""


@dataclass(frozen=True)
class Numbers:
    """A person's open work, for the last line of a mail."""

    open: int
    overdue: int


def compose(
    person: Person, deliveries: Sequence[NoticeDelivery], numbers: Numbers, sender: str, address: str
) -> EmailMessage:
    """The mail that tells a person of some notices."""
    language = person.language
    count = len(deliveries)
    subject = (
        deliveries[0].notice.message() if count == 1 else message("首席规划师工作台：%(count)s 条新提醒", count=count)
    )
    lines = [said(message("%(name)s，您好：", name=person.name), language), ""]
    for each in deliveries[:MOST_TOLD]:
        lines += [f"· {_told(each.notice, language)}", *_link(each.notice, address)]
    if count > MOST_TOLD:
        lines.append(said(message("另有 %(count)s 条，请登录查看。", count=count - MOST_TOLD), language))
    told = message("当前待办 %(open)s 件，其中逾期 %(overdue)s 件。", open=numbers.open, overdue=numbers.overdue)
    lines += ["", said(told, language), f"{address}/inbox" if address else "", "", "--"]
    lines.append(said(message("本邮件由首席规划师工作台自动发送，请勿回复；通知方式可在“我的账号”中更改。"), language))
    mail = EmailMessage()
    mail["Subject"] = said(subject, language)
    mail["From"] = sender
    mail["To"] = formataddr((person.name, person.email))
    mail["Date"] = format_datetime(clock.local(clock.now()))
    mail["Message-ID"] = f"<{deliveries[0].id}@chief-planner>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(lines))
    return mail


def _told(notice: Notice, language: str) -> str:
    """The sentence, and for a stand-in whose work it is about."""
    text = said(notice.message(), language)
    return text + said(message("（代%(person)s）", person=notice.whose), language) if notice.whose else text


def _link(notice: Notice, address: str) -> list[str]:
    if not address:
        return []
    if notice.work_item_id:
        return [f"  {address}/tasks/{notice.work_item_id}"]
    return [f"  {address}/cases/{notice.case_id}"] if notice.case_id else []


def send(server: MailServer, mail: EmailMessage) -> None:
    """Give a mail to the server; what it refuses or cannot take now is raised."""
    with _connected(server) as connection:
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(mail)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=WAIT, context=ssl.create_default_context())
    connection = smtplib.SMTP(server.host, server.port, timeout=WAIT)
    if server.security == "starttls":
        connection.starttls(context=ssl.create_default_context())
    return connection
