"""The documents of a draft: entries of its list, their templates, and a trial print with sample values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from processes.documents.certificate import CertificateValues, render_certificate
from processes.documents.fonts import FontFolder
from processes.documents.letters import render_letter, template_variables
from processes.documents.manifest import MANIFEST, DocumentKind
from processes.documents.manifest_checking import manifest_problems
from processes.engine.contents import DOCUMENTS, document_kinds_of, template_problems
from processes.engine.variables import naming, naming_with
from processes.errors import Invalid, NotFound
from processes.messages import Message, message

PATH = DOCUMENTS + MANIFEST
LARGEST_TEMPLATE = 5 * 1024 * 1024
"""Bytes of a template; a letter with a picture has some hundred thousand."""
CHANGEABLE = ("code", "layout", "issuer", "number_pattern")
CERTIFICATE_DAYS = ("term_from", "term_until", "issued_on", "reissued_on")
Changes = dict[str, bytes | None]


@dataclass(frozen=True)
class DocumentLine:
    """A document as the studio lists it."""

    kind: DocumentKind
    path: str
    """Its template, empty where it has none."""
    size: int | None
    """None: the template is not in the package."""
    problems: tuple[tuple[str, Message], ...]
    used: frozenset[str]
    """Values that the template mentions."""
    steps: tuple[str, ...]
    """Steps of the diagram that name it."""


ISSUED_BY = "documents.issue"
"""The operation that issues any document of a package, with the variables of the case that its list names."""
ALWAYS = (("document_number", "发文字号", "Document number"), ("issue_date", "成文日期", "Date of issue"))
"""Values that every issued document is given."""
OPTIONAL = frozenset({"可缺", "optional"})
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})\s+(\S.*?)(?:\s+(可缺|optional))?", re.ASCII)


class TemplateRefused(Invalid):
    """A template that was sent has problems; nothing was saved."""

    def __init__(self, problems: tuple[tuple[str, Message], ...]) -> None:
        super().__init__(message("模板有 %(count)s 处问题，未保存。", count=len(problems)))
        self.problems = problems


def lines(files: Mapping[str, bytes], diagram: bytes) -> list[DocumentLine]:
    """The documents of a package in the order of their list; none where the list is broken."""
    return [_line(kind, files, diagram) for kind in document_kinds_of(files).values()]


def line(files: Mapping[str, bytes], diagram: bytes, key: str) -> DocumentLine:
    """One document, or `NotFound`."""
    return _line(kind_of(files, key), files, diagram)


def kind_of(files: Mapping[str, bytes], key: str) -> DocumentKind:
    """What the list says of a document, or `NotFound`."""
    found = document_kinds_of(files).get(key)
    if found is None:
        raise NotFound(message("没有编号为“%(key)s”的文书。", key=key))
    return found


def _line(kind: DocumentKind, files: Mapping[str, bytes], diagram: bytes) -> DocumentLine:
    path = kind.template.as_posix() if kind.template is not None else ""
    content = files.get(path)
    problems = template_problems(content, kind) if content is not None else ()
    return DocumentLine(
        kind=kind,
        path=path,
        size=len(content) if content is not None else None,
        problems=problems,
        used=_mentioned(content),
        steps=tuple(naming(diagram, "document", kind.key)),
    )


def _mentioned(content: bytes | None) -> frozenset[str]:
    try:
        return frozenset(template_variables(content)) if content is not None else frozenset()
    except Invalid:
        return frozenset()


def is_own(key: str, diagram: bytes, base: Mapping[str, bytes]) -> bool:
    """Whether the values of a document are the office's to choose: no operation of the program gives them.

    That is so where a step issues it by `documents.issue`, and where the version before does not know it.
    """
    return key not in document_kinds_of(base) or key in naming_with(diagram, "document", "operation", ISSUED_BY)


def word_lines(kind: DocumentKind) -> str:
    """The values of a document as lines to edit; lists are told apart and stay as they are."""
    return "\n".join(
        f"{word.name} {word.zh}{'' if word.required else ' 可缺'}" for word in kind.words if not word.fields
    )


def changed(files: Mapping[str, bytes], key: str, given: Mapping[str, str], words: str | None = None) -> Changes:
    """The list with another code, title, layout, issuer or number series for a document, and with other values."""
    data = _manifest(files)
    entry = _entry(data, key)
    if words is not None:
        entry["variables"] = _variables(words, entry["variables"])
    entry["title"] = {"zh": given.get("title_zh", ""), "en": given.get("title_en", "")}
    entry.update({name: given.get(name, "") for name in CHANGEABLE})
    return _written(data)


def added(files: Mapping[str, bytes], key: str, model: str, title: str) -> Changes:
    """The list with one more document: like another one, with a copy of its template, or with none, a plain letter."""
    data = _manifest(files)
    entry = json.loads(json.dumps(_entry(data, model))) if model else _plain_letter(key, data)
    if any(each["key"] == key for each in data["documents"]):
        text = message("名称“%(key)s”重复", key=key[:64])
        raise Invalid(text, {"key": text})
    entry["key"] = key
    if title:
        entry["title"]["zh"] = title
    changes: Changes = {}
    if entry.get("template"):
        before = files.get(DOCUMENTS + entry["template"])
        entry["template"] = f"{key}.docx"
        if before is not None and DOCUMENTS + entry["template"] not in files:
            changes[DOCUMENTS + entry["template"]] = before
    data["documents"].append(entry)
    return changes | _written(data)


def _plain_letter(key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    issuer = data["documents"][0]["issuer"] if data["documents"] else "重庆市规划和自然资源局"
    words = [{"name": name, "label": {"zh": zh, "en": en}, "sample": zh} for name, zh, en in ALWAYS]
    return {
        "key": key,
        "code": key,
        "title": {"zh": key, "en": key},
        "kind": "docx",
        "layout": "信函格式",
        "issuer": issuer,
        "number_pattern": "",
        "template": f"{key}.docx",
        "variables": words,
    }


def _variables(lines: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The values of a document from lines such as `planner 姓名`; what is known keeps its sample, lists stay."""
    known = {each["name"]: each for each in before}
    found = [each for each in before if each.get("fields")]
    for number, text in enumerate(filter(None, map(str.strip, lines.splitlines())), 1):
        read = _LINE.fullmatch(text)
        if read is None:
            wrong = message("填写项第 %(line)s 行应写作“变量名 中文名”，可加“可缺”。", line=number)
            raise Invalid(wrong, {"words": wrong})
        name, zh = read[1], read[2]
        entry = {"sample": zh, **known.get(name, {}), "name": name}
        entry["label"] = {"zh": zh, "en": known.get(name, {}).get("label", {}).get("en", name)}
        entry.pop("required", None)
        found.append({**entry, "required": False} if read[3] in OPTIONAL else entry)
    return found


def removed(files: Mapping[str, bytes], key: str) -> Changes:
    """The list without a document, and its template gone unless another document uses it."""
    data = _manifest(files)
    entry = _entry(data, key)
    data["documents"].remove(entry)
    changes = _written(data)
    template = entry.get("template")
    if template and all(each.get("template") != template for each in data["documents"]):
        changes[DOCUMENTS + template] = None
    return changes


def with_template(files: Mapping[str, bytes], key: str, content: bytes) -> Changes:
    """A new template in the place of the old one; `TemplateRefused` tells everything that is wrong with it."""
    kind = kind_of(files, key)
    if kind.template is None:
        raise Invalid(message("该文书没有模板。"))
    if not content:
        raise Invalid(message("请选择一份Word模板（.docx）。"))
    if len(content) > LARGEST_TEMPLATE:
        raise Invalid(message("模板超过 %(size)s MB，未保存。", size=LARGEST_TEMPLATE // (1024 * 1024)))
    problems = template_problems(content, kind)
    if problems:
        raise TemplateRefused(problems)
    return {kind.template.as_posix(): content}


def sample(files: Mapping[str, bytes], key: str, fonts: FontFolder) -> tuple[bytes, str]:
    """A trial print with the sample values of the list: its bytes, and whether they are `docx` or `pdf`."""
    kind = kind_of(files, key)
    if kind.kind == "certificate":
        return render_certificate(_certificate(kind), fonts), "pdf"
    path = kind.template.as_posix() if kind.template is not None else ""
    if path not in files:
        raise NotFound(message("该文书没有模板。"))
    return render_letter(files[path], kind.worded(kind.samples())), "docx"


def _certificate(kind: DocumentKind) -> CertificateValues:
    """The certificate of the sample values; days are written in the list as texts."""
    given = {name: value for name, value in kind.samples().items() if value is not None}
    try:
        days = {name: date.fromisoformat(given[name]) for name in CERTIFICATE_DAYS if name in given}
        values: dict[str, Any] = {**given, **days, "sample": True}
        return CertificateValues(**values)
    except (TypeError, ValueError) as cause:
        raise Invalid(message("文书清单中证书的示例值不完整，无法试印。")) from cause


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    raw = files.get(PATH, b'{"documents": []}')
    if manifest_problems(raw):
        raise Invalid(message("文书清单 %(name)s 无法读取。", name=MANIFEST))
    found: dict[str, Any] = json.loads(raw)
    return found


def _entry(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((each for each in data["documents"] if each["key"] == key), None)
    if found is None:
        raise NotFound(message("没有编号为“%(key)s”的文书。", key=key))
    return found


def _written(data: Mapping[str, Any]) -> Changes:
    """The list as a file; `Invalid` names the part of the document that is wrong."""
    content = json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"
    problems = manifest_problems(content)
    if problems:
        fields = {each.place.rpartition(".")[2]: each.text for each in problems}
        raise Invalid(problems[0].text, fields)
    return {PATH: content}
