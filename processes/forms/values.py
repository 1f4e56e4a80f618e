"""One value as it was sent, read by the kind of its field: the answer, or why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from processes.forms.context import FormContext
from processes.forms.days import read_day, read_moment, read_month
from processes.forms.definition import Field
from processes.forms.display import number, yuan
from processes.forms.kinds import LARGEST_NUMBER, LONGEST
from processes.forms.listed import read_chosen, read_file, read_files, read_option
from processes.forms.patterns import matches
from processes.forms.refusal import Refused
from processes.forms.texts import half_width, many_lines, one_line
from processes.messages import Message, message

Number = TypeVar("Number", int, float, int | float)
Reader = Callable[[Field, Any, FormContext], Any]

_WHOLE = re.compile(r"[+-]?(?:[0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3}){1,5})", re.ASCII)
_BROKEN = re.compile(r"[+-]?(?:[0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3}){1,5})?(?:\.[0-9]{0,12})?", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})", re.ASCII)
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([2-9][0-9]{6,7})(?:(?:-|转)([0-9]{1,6}))?", re.ASCII)
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_empty(raw: Any) -> bool:
    """Whether nothing was answered: no value, blanks only, or a list (or row) of nothing."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, (list, tuple)):
        return all(is_empty(each) for each in raw)
    if isinstance(raw, Mapping):
        return all(is_empty(each) for each in raw.values())
    return False


def read_value(field: Field, raw: Any, context: FormContext) -> Any:
    """The answer in JSON types; None (or an empty list) when nothing was answered. Raises `Refused`."""
    if is_empty(raw):
        return [] if field.many else None
    if isinstance(raw, (list, tuple)) and not field.many and field.type != "file":
        raise Refused(message("只能填写一个值"))
    return READERS[field.type](field, raw, context)


def _read_text(field: Field, raw: Any, context: FormContext) -> str | None:
    text = many_lines(raw) if field.type == "textarea" else one_line(raw)
    if not text:
        return None
    most = field.max_length or LONGEST[field.type]
    if field.min_length and len(text) < field.min_length:
        raise Refused(message("至少 %(count)s 个字", count=field.min_length))
    if len(text) > most:
        raise Refused(message("不能超过 %(count)s 个字", count=most))
    return _patterned(field, text, context)


def _patterned(field: Field, text: str, context: FormContext) -> str:
    if field.pattern and not matches(field.pattern, text):
        if field.pattern_message:
            raise Refused(message("%(text)s", text=field.pattern_message.text(context.language)))
        raise Refused(message("格式不正确"))
    return text


def _read_integer(field: Field, raw: Any, context: FormContext) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _bounded(field, raw)
    text = half_width(raw) if isinstance(raw, str) else ""
    if not _WHOLE.fullmatch(text):
        raise Refused(message("请填写整数"))
    return _bounded(field, int(text.replace(",", "")))


def _read_decimal(field: Field, raw: Any, context: FormContext) -> int | float:
    value = _decimal(raw, field.places)
    return _bounded(field, int(value) if value == value.to_integral_value() else float(value))


def _read_money(field: Field, raw: Any, context: FormContext) -> int:
    """Fen: a number is fen already, a text is yuan as people type it."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _bounded(field, raw)
    if not isinstance(raw, str):
        raise Refused(message("请填写金额"))
    text = half_width(raw).lstrip("¥￥").removesuffix("元").strip()
    return _bounded(field, int(_decimal(text, 2) * 100))


def _decimal(raw: Any, places: int) -> Decimal:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raw = number(raw) if -LARGEST_NUMBER <= raw <= LARGEST_NUMBER else ""
    text = half_width(raw) if isinstance(raw, str) else ""
    if not _BROKEN.fullmatch(text) or not any(each.isdigit() for each in text):
        raise Refused(message("请填写数字"))
    value = Decimal(text.replace(",", ""))
    if value != round(value, places):
        raise Refused(message("最多 %(places)s 位小数", places=places))
    return value


def _bounded(field: Field, value: Number) -> Number:
    money = field.type == "money"
    least = field.minimum if field.minimum is not None else (0 if money else -LARGEST_NUMBER)
    most = field.maximum if field.maximum is not None else LARGEST_NUMBER
    if value < least:
        raise Refused(message("不能小于 %(limit)s", limit=yuan(least) if money else number(least)))
    if value > most:
        raise Refused(message("不能大于 %(limit)s", limit=yuan(most) if money else number(most)))
    return value


def _read_date(field: Field, raw: Any, context: FormContext) -> str:
    return read_day(raw).isoformat()


def _read_datetime(field: Field, raw: Any, context: FormContext) -> str:
    return read_moment(raw).isoformat(timespec="seconds")


def _read_month(field: Field, raw: Any, context: FormContext) -> str:
    return read_month(raw)


def _read_boolean(field: Field, raw: Any, context: FormContext) -> bool:
    value = {"true": True, "false": False}.get(raw) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise Refused(message("请选择“是”或“否”"))
    return value


def _read_phone(field: Field, raw: Any, context: FormContext) -> str:
    text = half_width(raw).replace(" ", "") if isinstance(raw, str) and len(raw) <= 64 else ""
    mobile = _MOBILE.fullmatch(text) or _MOBILE.fullmatch(text.replace("-", ""))
    if mobile:
        return _patterned(field, mobile[1], context)
    landline = _LANDLINE.fullmatch(text.replace("(", "").replace(")", "-"))
    if not landline:
        raise Refused(message("请填写手机号或区号-座机号"))
    return _patterned(field, "-".join(part for part in landline.groups() if part), context)


def _read_identity(field: Field, raw: Any, context: FormContext) -> str:
    """18 characters whose last one checks the others (GB 11643)."""
    text = half_width(raw).replace(" ", "").upper() if isinstance(raw, str) and len(raw) <= 64 else ""
    if not _IDENTITY.fullmatch(text):
        raise Refused(message("请填写 18 位身份证号"))
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != text[17] or not _born(text[6:14], context.today):
        raise Refused(message("身份证号有误，请核对"))
    return text


def _born(digits: str, today: date) -> bool:
    try:
        return read_day(digits) <= today
    except Refused:
        return False


def same_as_shown(field: Field, raw: Any, shown: Any) -> bool:
    """Whether a value that came back is the one that was only shown, in whichever form it is written."""
    if is_empty(raw):
        return True
    return raw == shown or _lines(raw) == _lines(shown)


def _lines(value: Any) -> str:
    """A value as text; browsers end the lines of whatever a form sends in their own way."""
    return str(value).replace("\r\n", "\n")


def missing(field: Field) -> Message:
    """What to say when a required answer is not there."""
    if field.confirm:
        return message("请勾选确认")
    if field.type in ("file", "files"):
        return message("请上传文件")
    if field.type == "table":
        return message("请至少填写一行")
    return message("请填写此项")


READERS: dict[str, Reader] = {
    "text": _read_text,
    "textarea": _read_text,
    "integer": _read_integer,
    "decimal": _read_decimal,
    "money": _read_money,
    "date": _read_date,
    "datetime": _read_datetime,
    "month": _read_month,
    "boolean": _read_boolean,
    "choice": read_option,
    "person": read_option,
    "unit": read_option,
    "organization": read_option,
    "multichoice": read_chosen,
    "units": read_chosen,
    "phone": _read_phone,
    "identity_number": _read_identity,
    "file": read_file,
    "files": read_files,
}
