"""What a program sent, checked against what its call takes: nothing unknown, nothing of a wrong type, no NUL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from types import NoneType
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from processes.errors import DeskError, Invalid
from processes.messages import Message, message
from webapp.api.calls import JSON, Call, Field, Parameter
from webapp.limits import MEGABYTE

LARGEST_JSON = 8 * MEGABYTE
DEEPEST = 40
"""Levels of nesting in a body."""
LARGEST_WHOLE = 2**63 - 1
LONGEST_PARAMETER = 500
YES, NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no", ""})
LANGUAGE = "lang"
"""Every call takes it: the language of sentences."""


class NotReadable(DeskError):
    """The body is not what its type says."""

    status = 400
    code = "not-readable"


class WrongType(DeskError):
    """The body is of a type that the call does not take."""

    status = 415
    code = "wrong-type"


class TooLarge(DeskError):
    """The body is larger than the call takes."""

    status = 413
    code = "too-large"


MOST_TEXTS = 100
"""Texts of a list in a body."""


def query_of(call: Call) -> dict[str, Any]:
    """The parameters of the address; `Invalid` names each one that is unknown or wrong."""
    known = {each.name: each for each in call.query}
    found: dict[str, Any] = {}
    wrong: dict[str, Message] = {}
    for name, value in request.args.items():
        if "\0" in name + value or len(value) > LONGEST_PARAMETER:
            wrong[name.replace("\0", "")] = message("内容过长或含有不可用的字符。")
        elif name in known:
            try:
                found[name] = _parameter(known[name], value)
            except ValueError:
                wrong[name] = _wanted(known[name])
        elif call.open_query:
            found[name] = value
        elif name != LANGUAGE:
            wrong[name] = message("没有这个参数。可用：%(names)s", names="、".join(known) or "—")
    _refuse(wrong)
    return found


def _parameter(parameter: Parameter, text: str) -> Any:
    if parameter.kind == "integer":
        number = int(text) if text.isascii() and len(text) < 12 else None
        if number is None or not parameter.least <= number <= parameter.most:
            raise ValueError
        return number
    if parameter.kind == "boolean":
        if text.lower() not in YES | NO:
            raise ValueError
        return text.lower() in YES
    if parameter.kind == "uuid":
        return UUID(text) if text else None
    if parameter.choices and text not in parameter.choices:
        raise ValueError
    return text


def _wanted(parameter: Parameter) -> Message:
    if parameter.choices:
        return message("应为下列之一：%(choices)s", choices="、".join(parameter.choices))
    if parameter.kind == "integer":
        return message("应为 %(least)s 至 %(most)s 的整数。", least=parameter.least, most=parameter.most)
    return message("应为 1 或 0。") if parameter.kind == "boolean" else message("应为编号（UUID）。")


def body_of(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The JSON object of the body; a call whose fields are all optional takes an empty body too."""
    raw = _raw()
    if not raw.strip():
        sent: Any = {}
    elif request.mimetype != JSON and not request.mimetype.endswith("+json"):
        raise WrongType(message("请求正文应为 JSON（Content-Type: application/json）。"))
    else:
        sent = _parsed(raw)
    if not isinstance(sent, dict):
        raise Invalid(message("请求正文应为一个 JSON 对象。"))
    return _checked(fields, sent)


def _raw() -> bytes:
    request.max_content_length = LARGEST_JSON
    try:
        return request.get_data()
    except RequestEntityTooLarge as cause:
        raise TooLarge(message("请求正文超过 %(size)s MB，未作任何更改。", size=LARGEST_JSON // MEGABYTE)) from cause


def _parsed(raw: bytes) -> Any:
    """JSON as the standard has it: no NaN, numbers exact and of a size that a database takes, no broken texts."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as cause:
        raise NotReadable(message("请求正文不是有效的 JSON（UTF-8）。")) from cause
    _check_value(found, 0)
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _check_value(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Invalid(message("数据嵌套过深，不得超过 %(most)s 层。", most=DEEPEST))
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int | float):
        if not (-LARGEST_WHOLE <= value <= LARGEST_WHOLE if isinstance(value, int) else isfinite(value)):
            raise Invalid(message("数值过大。"))
    elif isinstance(value, list):
        for each in value:
            _check_value(each, depth + 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            _check_text(key)
            _check_value(each, depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise Invalid(message("文字中含有不可用的字符。"))


def _checked(fields: tuple[Field, ...], sent: Mapping[str, Any]) -> dict[str, Any]:
    known = {each.name: each for each in fields}
    wrong = {
        name[:LONGEST_PARAMETER]: message("没有这个字段。可用：%(names)s", names="、".join(known) or "—")
        for name in sent
        if name not in known
    }
    found: dict[str, Any] = {}
    for name, each in known.items():
        value = sent.get(name)
        if value is None:
            if each.required:
                wrong[name] = message("必须填写。")
            continue
        try:
            found[name] = _member(each, value)
        except ValueError:
            wrong[name] = _wanted_member(each)
    _refuse(wrong)
    return found


def _member(wanted: Field, value: Any) -> Any:
    if isinstance(value, str) and wanted.kind == "uuid":
        return UUID(value)
    if isinstance(value, str) and wanted.kind == "text" and len(value) <= wanted.longest:
        return value
    if isinstance(value, list) and wanted.kind == "texts" and all(isinstance(each, str) for each in value):
        if len(value) <= MOST_TEXTS:
            return value
        raise ValueError
    if isinstance(value, bool) and wanted.kind == "truth":
        return value
    if isinstance(value, {"object": dict, "integer": int}.get(wanted.kind, NoneType)) and not isinstance(value, bool):
        return value
    raise ValueError


def _wanted_member(wanted: Field) -> Message:
    if wanted.kind == "text":
        return message("应为文字，不超过 %(longest)s 字。", longest=wanted.longest)
    kinds = {
        "object": message("应为 JSON 对象。"),
        "integer": message("应为整数。"),
        "uuid": message("应为编号（UUID）。"),
        "texts": message("应为文字的列表，不超过 %(most)s 项。", most=MOST_TEXTS),
        "truth": message("应为 true 或 false。"),
    }
    return kinds[wanted.kind]


def _refuse(wrong: Mapping[str, Message]) -> None:
    if wrong:
        raise Invalid(message("请求中有 %(count)s 处不符合要求。", count=len(wrong)), wrong)
