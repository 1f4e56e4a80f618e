"""Names a field may have: answers become variables of a case, so some words are taken."""

from __future__ import annotations

import builtins
import keyword
import re

from processes.messages import Message, message

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_SITE = {"copyright", "credits", "exit", "help", "license", "quit"}
_WORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | {"true", "false", "null", "none"}
_TAKEN = frozenset(dir(builtins)) | _SITE | {"typename", "data_objects", "today", "now", "csrf_token"}
"""Functions of expressions, and names the engine keeps for itself."""


def field_name_problem(name: object) -> Message | None:
    """Why a field may not have this name."""
    found = column_name_problem(name)
    if found is None and name in _TAKEN:
        return message("“%(name)s”是保留名称，请换一个", name=name)
    return found


def column_name_problem(name: object) -> Message | None:
    """Why a column may not have this name; columns live inside their row, so only the language's words are taken."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return message("名称应以英文字母开头，只含字母、数字和下划线，最多 64 个字符")
    if "__" in name:
        return message("名称中不能有连续两个下划线")
    if name in _WORDS or name.lower() in keyword.kwlist:
        return message("“%(name)s”是保留名称，请换一个", name=name)
    return None
