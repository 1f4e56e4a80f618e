"""Every problem of a `documents.json`, each with its place, before a document is issued from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processes.documents.numbering import check_number_pattern
from processes.errors import Invalid
from processes.messages import Message, message

KINDS = ("docx", "certificate")
LARGEST_MANIFEST = 512 * 1024
MOST_DOCUMENTS = 100
MOST_WORDS = 200
LONGEST = 200
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_TEXTS = ("code", "layout", "issuer")
_KNOWN = frozenset({"key", "code", "title", "kind", "layout", "issuer", "number_pattern", "template", "variables"})
_KNOWN_OF_WORD = frozenset({"name", "label", "sample", "required", "fields"})


@dataclass(frozen=True)
class ManifestProblem:
    """What is wrong at one place of the list, e.g. `documents[2].number_pattern`."""

    place: str
    text: Message


def manifest_problems(raw: bytes) -> list[ManifestProblem]:
    """All problems of a list of documents; one without problems can be read by `listed_kinds`."""
    try:
        found = json.loads(raw) if len(raw) <= LARGEST_MANIFEST else None
    except (ValueError, RecursionError):
        found = None
    entries = found.get("documents") if isinstance(found, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_DOCUMENTS:
        return [
            ManifestProblem("", message('文书清单应写作 {"documents": […]}，不超过 %(most)s 种。', most=MOST_DOCUMENTS))
        ]
    problems: list[ManifestProblem] = []
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        here = f"documents[{place}]"
        if not isinstance(entry, dict):
            problems.append(ManifestProblem(here, message("应是一个 JSON 对象")))
            continue
        problems += _entry_problems(here, entry)
        key = entry.get("key")
        if isinstance(key, str) and key in seen:
            problems.append(ManifestProblem(f"{here}.key", message("名称“%(key)s”重复", key=key[:64])))
        seen.add(str(key))
    return problems


def _entry_problems(here: str, entry: Mapping[str, Any]) -> Iterator[ManifestProblem]:
    for name in entry.keys() - _KNOWN:
        yield ManifestProblem(f"{here}.{name[:64]}", message("没有“%(key)s”这个属性", key=name[:64]))
    if not isinstance(entry.get("key"), str) or not _KEY.fullmatch(entry["key"]):
        text = message("名称应以英文字母开头，只含字母、数字和下划线，最多 64 个字符")
        yield ManifestProblem(f"{here}.key", text)
    for name in _TEXTS:
        if not _is_text(entry.get(name)):
            yield ManifestProblem(f"{here}.{name}", message("应为不超过 %(most)s 字的文字", most=LONGEST))
    if not _is_wording(entry.get("title")):
        yield ManifestProblem(f"{here}.title", message("应写明中文和英文名称"))
    if entry.get("kind") not in KINDS:
        yield ManifestProblem(f"{here}.kind", message("应为 %(allowed)s 之一", allowed="、".join(KINDS)))
    yield from _pattern_problems(here, entry.get("number_pattern"))
    template = entry.get("template")
    wanted = entry.get("kind") == "docx"
    if (wanted or template is not None) and not is_template_name(template):
        yield ManifestProblem(f"{here}.template", message("应写明模板的文件名，如 notice.docx"))
    yield from _word_problems(f"{here}.variables", entry.get("variables"), deep=False)


def _pattern_problems(here: str, pattern: Any) -> Iterator[ManifestProblem]:
    if not isinstance(pattern, str) or len(pattern) > LONGEST:
        yield ManifestProblem(f"{here}.number_pattern", message("应为不超过 %(most)s 字的文字", most=LONGEST))
        return
    try:
        if pattern:
            check_number_pattern(pattern)
    except Invalid as refused:
        yield ManifestProblem(f"{here}.number_pattern", refused.text)


def _word_problems(here: str, words: Any, *, deep: bool) -> Iterator[ManifestProblem]:
    if not isinstance(words, list) or len(words) > MOST_WORDS:
        yield ManifestProblem(here, message("应列出填写项，不超过 %(most)s 个", most=MOST_WORDS))
        return
    seen: set[str] = set()
    for place, word in enumerate(words):
        at = f"{here}[{place}]"
        if not isinstance(word, dict) or word.keys() - _KNOWN_OF_WORD:
            yield ManifestProblem(at, message("填写项只能有 name、label、sample、required 和 fields"))
            continue
        name = word.get("name")
        if not isinstance(name, str) or not _KEY.fullmatch(name) or name in seen:
            text = message("填写项的名称应以英文字母开头，只含字母、数字和下划线，且不重复")
            yield ManifestProblem(f"{at}.name", text)
        seen.add(str(name))
        if not _is_wording(word.get("label")):
            yield ManifestProblem(f"{at}.label", message("应写明中文和英文名称"))
        if not isinstance(word.get("required", True), bool):
            yield ManifestProblem(f"{at}.required", message("应为 true 或 false"))
        if "fields" in word and deep:
            yield ManifestProblem(f"{at}.fields", message("列表中的行不能再有列表"))
        elif "fields" in word:
            yield from _word_problems(f"{at}.fields", word["fields"], deep=True)


def is_template_name(name: object) -> bool:
    """Whether a text is the name of a .docx beside the list, and no path to anywhere else."""
    return (
        isinstance(name, str)
        and name.lower().endswith(".docx")
        and len(name) <= LONGEST
        and name.isprintable()
        and not name.startswith(".")
        and not {"/", "\\"} & set(name)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST


def _is_wording(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"zh", "en"} and all(map(_is_text, value.values()))
