"""What went wrong, drawn once: as a page for people, as `application/problem+json` for programs."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from processes.errors import DeskError, Invalid, NoRoom
from webapp.language import say
from webapp.limits import LARGEST_REQUEST, MEGABYTE
from webapp.logs import fault, request_number
from webapp.metrics import current_metrics
from webapp.operation_key import NOT_PART, Repeated, UsedOtherwise, show_first_result
from webapp.programs import PROBLEM, challenge, is_program
from webapp.visitors import NotSignedIn

RETRY_AFTER = 3
"""Seconds; a database that is restarted is back by then."""
PASSING = ("locked", "timed out", "is full", "unable to open", "disk i/o", "readonly")
"""What SQLite says when it cannot go on now; anything else that it says is a fault of the program."""


def install(app: Flask) -> None:
    """Let every kind of error be answered in the way its reader can use."""
    app.register_error_handler(DeskError, told)
    app.register_error_handler(Repeated, show_first_result)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, refused)
    for unavailable in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(unavailable, out_of_reach)
    app.register_error_handler(Exception, failed)


def told(error: DeskError) -> Response:
    """An error whose sentence is meant for the person at the desk."""
    fields = {key: say(text) for key, text in error.fields.items()} if isinstance(error, Invalid) else {}
    first_result = error.location if isinstance(error, UsedOtherwise) else ""
    response = answer(error.status, say(error.text), error.code, fields=fields, first_result=first_result)
    if isinstance(error, NotSignedIn) and is_program():
        response.headers["WWW-Authenticate"] = f'{challenge()} realm="chief-planner", charset="UTF-8"'
    return response


def forged(error: CSRFError) -> Response:
    """The token is missing or old: mostly a page that was open while the session ended; the words are given back."""
    typed = _typed()
    sentence = _("页面已过期，未作任何更改。请返回并刷新页面后重试。")
    if typed:
        sentence = _("页面已过期，未作任何更改。您填写的文字列在下方，可以复制；重新登录后请再填写一次。")
    return answer(400, sentence, "page-expired", typed=typed)


def _typed() -> list[str]:
    """The words of a form that a page of the desk has sent; never those of a page elsewhere, nor a password."""
    if is_program() or request.headers.get("Sec-Fetch-Site") != "same-origin" or "password" in request.form:
        return []
    shown = (value.strip() for name, value in request.form.items(multi=True) if name not in NOT_PART)
    return [value for value in shown if value not in ("", "true", "false") and not value.startswith("stored:")]


def refused(error: HTTPException) -> Response:
    """An error of HTTP itself."""
    if error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    if error.code >= 500:
        return failed(error)
    response = answer(error.code, _sentence(error.code), f"http-{error.code}")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def failed(error: Exception) -> Response:
    """A fault of the desk: the reader gets a number, the log the place; neither holds what was typed."""
    reference = fault("fault", error)
    sentence = _(
        "系统出现故障，操作未完成，数据未作更改。请稍后重试；如仍不行，请将编号 %(reference)s 告知系统管理员。",
        reference=reference,
    )
    return answer(500, sentence, "fault", reference=reference)


def out_of_reach(error: OperationalError | InterfaceError | NoConnectionFree) -> Response:
    """The database does not answer, or is too busy: the request may come again soon, and is not done twice then."""
    if isinstance(error, OperationalError) and not _passes(error):
        return failed(error)
    current_metrics().refused()
    if _is_full(error):
        fault("no-room", error)
        g.pop("actor", None)
        return told(NoRoom())
    reference = fault("database-unavailable", error, logging.WARNING)
    g.pop("actor", None)  # the page is drawn without the places and counts that the database would have to give
    if request.method in ("GET", "HEAD"):
        sentence = _("数据库暂时无法使用，可能正在重启或繁忙。请稍候几秒，再刷新本页。")
    else:
        sentence = _(
            "数据库暂时无法使用，尚不能确认本次操作是否完成。请稍候几秒，再刷新本页重新提交：已完成的操作不会重复办理。"
        )
    response = answer(503, sentence, "database-unavailable", reference=reference, typed=_typed())
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _is_full(error: Exception) -> bool:
    """Whether the disk of the database has no room; what it was asked for has been rolled back."""
    said = str(getattr(error, "orig", ""))
    return isinstance(error, OperationalError) and ("is full" in said or "No space left" in said)


def _passes(error: OperationalError) -> bool:
    """Whether it may go well a little later: with PostgreSQL it is about the connection or a lock, whatever it is."""
    said = str(error.orig).lower()
    return not type(error.orig).__module__.startswith(("sqlite3", "pysqlite3")) or any(each in said for each in PASSING)


def answer(status: int, sentence: str, code: str, **more: Any) -> Response:
    """One answer for all errors."""
    if is_program():
        problem = {"type": f"urn:chief-planner:{code}", "title": _title(status), "status": status, "detail": sentence}
        more["errors"] = more.pop("fields", None)
        return Response(orjson.dumps({**problem, **{k: v for k, v in more.items() if v}}), status, content_type=PROBLEM)
    more.setdefault("reference", request_number())
    page = render_template("error.html", status=status, title=_title(status), sentence=sentence, **more)
    return Response(page, status, content_type="text/html; charset=utf-8")


def _title(status: int) -> str:
    titles = {
        400: _("请求有误"),
        401: _("请先登录"),
        403: _("没有权限"),
        404: _("未找到"),
        409: _("情况已变化"),
        413: _("内容过大"),
        422: _("无法接受"),
        500: _("系统故障"),
        503: _("暂时无法使用"),
        507: _("磁盘空间不足"),
    }
    return titles.get(status, _("无法办理"))


def _sentence(status: int) -> str:
    sentences = {
        404: _("未找到所请求的页面，可能已移动或地址有误。"),
        405: _("此地址不接受这种请求方式。"),
        413: _("上传内容超过 %(size)s MB，未作任何更改。请减少或压缩附件后重试。", size=LARGEST_REQUEST // MEGABYTE),
    }
    return sentences.get(status, _("请求不完整或格式有误，未作任何更改。"))
