"""Two versions of the documents of a package compared: what each is, its variables, and the text of its template."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any

from lxml import etree

from processes.engine.comparing.model import Change, Fact, Words
from processes.engine.comparing.plain import all_of, differences, loaded, value_words
from processes.messages import message

ATTRIBUTES: dict[str, Words] = {
    "key": message("标识"),
    "code": message("编号"),
    "title": message("标题"),
    "kind": message("类型"),
    "layout": message("版式"),
    "issuer": message("发文机关"),
    "number_pattern": message("发文字号格式"),
    "template": message("模板文件"),
    "label": message("名称"),
    "sample": message("示例"),
    "name": message("变量名"),
}
INNER = frozenset({"variables"})
LARGEST_TEXT = 8 * 1024 * 1024
"""Bytes of a template's text, unpacked."""
MOST_PARAGRAPHS = 40
"""Paragraphs that are told one by one; more than that is told as a number."""
LONGEST_PARAGRAPH = 300
MOST_COMPARED = 2_000
"""Paragraphs of a template; longer ones are only told to be different."""


def compare_manifests(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    """The list of documents, document by document and variable by variable."""
    if before == after:
        return
    old, new = _documents(before), _documents(after)
    if old is None or new is None:
        unreadable = Fact(message("内容"), None, message("无法读取"))
        yield Change("changed", "document", path, message("文书清单"), (unreadable,))
        return
    for key, entry in new.items():
        if key not in old:
            own = (*all_of(entry, ATTRIBUTES, INNER | {"title"}, added=True), *_variables({}, entry))
            yield Change("added", "document", path, _subject(entry, key), own, part=key)
            continue
        facts = (*differences(old[key], entry, ATTRIBUTES, INNER), *_variables(old[key], entry))
        if facts:
            yield Change("changed", "document", path, _subject(entry, key), facts, part=key)
    for key, entry in old.items():
        if key not in new:
            own = tuple(all_of(entry, ATTRIBUTES, INNER | {"title"}, added=False))
            yield Change("removed", "document", path, _subject(entry, key), own, part=key)


def _subject(entry: Mapping[str, Any], key: str) -> Words:
    return message("文书“%(name)s”", name=value_words(entry["title"]) if "title" in entry else key)


def _documents(content: bytes | None) -> dict[str, dict[str, Any]] | None:
    if content is None:
        return {}
    found = loaded(content)
    entries = found.get("documents") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        return None
    return {str(each.get("key", place)): each for place, each in enumerate(entries) if isinstance(each, dict)}


def _variables(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Fact]:
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            words = [
                None if side is None else value_words(side.get("label", name))
                for side in (old.get(name), new.get(name))
            ]
            if words[0] == words[1]:
                words = [None if side is None else value_words(side) for side in (old.get(name), new.get(name))]
            yield Fact(message("变量 %(name)s", name=name), *words)


def _by_name(entry: Mapping[str, Any]) -> dict[str, Any]:
    found = entry.get("variables")
    return {str(each.get("name")): each for each in found if isinstance(each, dict)} if isinstance(found, list) else {}


def compare_templates(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    """The text of a Word template, paragraph by paragraph."""
    if before == after:
        return
    subject = message("文书模板“%(path)s”", path=path)
    if before is None or after is None:
        yield Change("added" if before is None else "removed", "document", path, subject)
        return
    old, new = paragraphs(before), paragraphs(after)
    if old is None or new is None or old == new or max(len(old), len(new)) > MOST_COMPARED:
        text = message("文字相同，版式或图片有变化") if old is not None and old == new else message("文件内容已改变")
        yield Change("changed", "document", path, subject, (Fact(message("内容"), None, text),))
        return
    yield Change("changed", "document", path, subject, tuple(_texts(old, new)))


def paragraphs(content: bytes) -> list[str] | None:
    """The text of a Word file, None where it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            texts = []
            for name in sorted(archive.namelist()):
                if name == "word/document.xml" or name.startswith(("word/header", "word/footer")):
                    if archive.getinfo(name).file_size > LARGEST_TEXT:
                        return None
                    texts += _paragraphs(archive.read(name))
            return texts
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, OSError, ValueError, RuntimeError, NotImplementedError):
        return None


def _paragraphs(xml: bytes) -> list[str]:
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    found = []
    for paragraph in etree.fromstring(xml, safe).iter("{*}p"):
        text = "".join(each.text or "" for each in paragraph.iter("{*}t"))
        if text.strip():
            found.append(text)
    return found


def _texts(old: list[str], new: list[str]) -> Iterator[Fact]:
    told = 0
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        told += 1
        if told <= MOST_PARAGRAPHS:
            yield Fact(message("文字"), _cut(old[first:last]), _cut(new[start:end]))
    if told > MOST_PARAGRAPHS:
        yield Fact(message("文字"), None, message("另有 %(count)s 处不同", count=told - MOST_PARAGRAPHS))


def _cut(texts: list[str]) -> str | None:
    whole = "\n".join(texts)
    return None if not texts else whole if len(whole) <= LONGEST_PARAGRAPH else whole[: LONGEST_PARAGRAPH - 1] + "…"
