"""Answers to the scripts of the studio: JSON, and `application/problem+json` with a sentence for whoever is editing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import orjson
from flask import Response, request

from processes.engine.drafts import SavedMeanwhile
from processes.errors import DeskError, Invalid
from processes.messages import message
from webapp.language import say
from webapp.programs import PROBLEM

View = TypeVar("View", bound=Callable[..., Any])


def answered(status: int = 200, **content: Any) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(content), status, content_type="application/json")


def told_to_script(view: View) -> View:
    """Let a view answer a script: what the person must be told comes as a problem, never as a page."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except DeskError as error:
            return problem(error)

    return cast(View, wrapped)


def problem(error: DeskError) -> Response:
    """What went wrong, for a script that shows it; of a conflict also who saved what, and when."""
    told: dict[str, Any] = {
        "type": f"urn:chief-planner:{error.code}",
        "status": error.status,
        "detail": say(error.text),
    }
    if isinstance(error, Invalid) and error.fields:
        told["errors"] = {key: say(text) for key, text in error.fields.items()}
    if isinstance(error, SavedMeanwhile):
        told.update(who=error.who, when=error.when.isoformat(), path=error.path, revision=error.revision)
    return Response(orjson.dumps(told), error.status, content_type=PROBLEM)


def revision_seen() -> int:
    """The revision of the draft that the script has seen last, from `If-Match: "<revision>"`."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid(message("缺少草稿的修订号，请刷新页面后重试。"))
    return int(given)
