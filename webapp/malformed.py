"""What is no request of HTTP, or too long to be one: refused with a sentence, before the desk ever sees it."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from processes.messages import Message, message
from webapp.language import in_english

TOO_LONG = {
    errors.LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, message("请求的网址过长，未作任何更改。请缩短后重试。")),
    errors.LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        message("请求头过大，未作任何更改。请清除本站的 Cookie 后重试。"),
    ),
}
NO_REQUEST = (
    HTTPStatus.BAD_REQUEST,
    message("请求不符合 HTTP 格式，未作任何更改。请用浏览器打开工作台，或检查调用程序。"),
)
ELSEWHERE = (
    errors.ConfigurationProblem,
    errors.ExpectationFailed,
    errors.ForbiddenProxyRequest,
    errors.InvalidResponseHeader,
    errors.InvalidResponseHeaderName,
    errors.UnsupportedTransferCoding,
)
"""What has a status of its own, or is the fault of whoever answers: the server's affair."""


class DeskWorker(ThreadWorker):
    """The web process of the desk; in both languages, since whose request it was cannot be read."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what could not be read; the log tells its kind, and nothing of what was sent."""
        if not isinstance(exc, errors.ParseException) or isinstance(exc, ELSEWHERE):
            super().handle_error(req, client, addr, exc)
            return
        status, sentence = TOO_LONG.get(type(exc), NO_REQUEST)
        self.log.warning("no request: %s, answered %s", type(exc).__name__, status.value)
        try:
            util.write_nonblock(client, _answer(status, sentence))
        except OSError:
            self.log.debug("the other end has gone")


def _answer(status: HTTPStatus, sentence: Message) -> bytes:
    title, zh, en = str(status.value), escape(str(sentence)), escape(in_english(sentence))
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body><h1>{title}</h1><p>{zh}</p><p lang="en">{en}</p></body></html>\n'
    ).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    return head.encode() + page
