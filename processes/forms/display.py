"""Answers as people read them, and as they stand in the controls of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from processes.clock import CITY
from processes.forms.kinds import CHOICES, FILES
from processes.messages import Message, message

if TYPE_CHECKING:
    from processes.forms.definition import Field

NameOf = Callable[[str, str], str | None]
"""What people call a value: the name of the list it comes from (or `files`) and the value."""

NOTHING = ""


def plain(value: Any) -> Any:
    """A variable as JSON has it: days and moments as ISO texts, decimals as numbers."""
    if isinstance(value, datetime):
        moment = value.astimezone(CITY) if value.tzinfo else value.replace(tzinfo=CITY)
        return moment.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def yuan(fen: int | float, grouped: bool = False) -> str:
    """Whole fen as yuan with two places."""
    whole, rest = divmod(abs(round(fen)), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d}" if grouped else f"{sign}{whole}.{rest:02d}"


def number(value: int | float) -> str:
    """A number without exponent."""
    if isinstance(value, int):
        return str(value)
    return format(Decimal(repr(value)).normalize(), "f")


def typed(field: Field, value: Any) -> str:
    """A value as it stands in the control; what a person typed stays as it was typed."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return yuan(value) if field.type == "money" else number(value)
    text = str(value)
    if field.type == "datetime":
        return text[:16]
    return text


def display(field: Field, value: Any, language: str, name_of: NameOf) -> str | Message:
    """One answer as people read it; several values are separated by 、."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, list):
        separator = ", " if language.startswith("en") else "、"
        return separator.join(str(display(field, each, language, name_of)) for each in value)
    if isinstance(value, bool):
        return _truth(field, value)
    if isinstance(value, (int, float)):
        return yuan(value, grouped=True) if field.type == "money" else number(value)
    text = str(value)
    if field.type == "datetime":
        return text[:16].replace("T", " ")
    if field.type in CHOICES:
        return _called(field, text, language, name_of)
    return (name_of("files", text) or text) if field.type in FILES else text


def _truth(field: Field, value: bool) -> Message:
    if field.confirm:
        return message("已确认") if value else message("未确认")
    return message("是") if value else message("否")


def _called(field: Field, value: str, language: str, name_of: NameOf) -> str:
    for option in field.options:
        if option.value == value:
            return option.text(language)
    return name_of(field.options_from or "", value) or value


def masked(field: Field, value: Any) -> str:
    """A sensitive answer with the telling part hidden."""
    if value is None or value == "" or value == []:
        return NOTHING
    text = value if isinstance(value, str) else ""
    if field.type == "identity_number" and len(text) == 18:
        return text[:3] + "*" * 11 + text[-4:]
    if field.type == "phone" and len(text) >= 11:
        return text[:3] + "****" + text[-4:]
    return "******"
