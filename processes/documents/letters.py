"""Letters: a .docx template of the office is filled in with values; the result is edited and sealed in the office."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from lxml import etree

from processes.documents.packing import active_content, read_package, safe_parser, save_fixed
from processes.documents.sandbox import LetterEnvironment, forbidden_parts
from processes.documents.values import plain
from processes.errors import Invalid
from processes.messages import Message, message

_RAW_PLACE = re.compile(r"\{\{\s*(?:r|p|tr|tc)\s|\{%\s*r\s|\{%-?\s*(?:vm|hm)\s*-?%\}")
"""Places of docxtpl that put markup, not text, into a document."""
_FACTS = ("author", "comments", "identifier", "language", "subject", "title")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a template, in words for the person who uploaded it."""

    text: Message
    name: str = ""
    """The placeholder concerned, if one is."""


def render_letter(template: bytes, values: Mapping[str, Any]) -> bytes:
    """Fill in a template; Invalid names every value that it needs and was not given."""
    letter = _open(template)
    for text in [*active_content(template), *_markup_places(letter)]:
        raise Invalid(text)
    trees = _trees(letter)
    for text in [text for tree in trees for text in forbidden_parts(tree)]:
        raise Invalid(text)
    filled = plain(values)
    _require(_needed(trees) - set(filled))
    try:
        letter.render(filled, LetterEnvironment(), autoescape=True)
    except (TemplateError, RecursionError) as fault:
        raise Invalid(_syntax_message(fault)) from fault
    except etree.LxmlError as fault:
        raise Invalid(message("模板的循环或条件没有成对出现在同一层，请检查后重新上传。")) from fault
    except TypeError as fault:
        raise Invalid(message("模板把文字、数字和列表混用了，请检查其中的循环、比较和“|”。")) from fault
    return save_fixed(letter.docx)


def template_variables(template: bytes) -> set[str]:
    """Names of all values that a template mentions, without those that its own loops make."""
    return _mentioned(_trees(_open(template)))


def needed_variables(template: bytes) -> set[str]:
    """Names without which a template cannot be filled in: those that it does not itself treat as optional."""
    return _needed(_trees(_open(template)))


def check_template(template: bytes, known: Collection[str]) -> list[Problem]:
    """All problems of an uploaded template; `known` holds the document's names, and `list.field` for its rows."""
    try:
        letter = _open(template)
    except Invalid as fault:
        return [Problem(fault.text)]
    found: list[Problem] = []
    try:
        found += [Problem(text) for text in [*active_content(template), *_markup_places(letter)]]
        trees = _trees(letter)
    except Invalid as fault:
        return [*found, Problem(fault.text)]
    found += [Problem(text) for tree in trees for text in forbidden_parts(tree)]
    return found + list(_unknown_names(trees, set(known)))


def _open(template: bytes) -> DocxTemplate:
    read_package(template)
    letter = DocxTemplate(BytesIO(template))
    try:
        letter.init_docx()
        list(letter.docx.element.body)
    except (KeyError, ValueError, AttributeError, PackageNotFoundError, etree.LxmlError) as fault:
        raise Invalid(message("文件已损坏，请用Word或WPS重新保存为.docx后上传。")) from fault
    return letter


def _sources(letter: DocxTemplate) -> Iterator[str]:
    """The template text of body, headers, footers, notes and properties, as docxtpl will read it."""
    yield letter.patch_xml(letter.get_xml())
    for part in _side_parts(letter):
        yield letter.patch_xml(letter.get_part_xml(part))
    for fact in _FACTS:
        yield getattr(letter.docx.core_properties, fact)


def _side_parts(letter: DocxTemplate) -> list[Any]:
    """Headers, footers and footnotes."""
    sides = [part for uri in (letter.HEADER_URI, letter.FOOTER_URI) for _, part in letter.get_headers_footers(uri)]
    notes = [part for part in letter.docx.part.package.parts if part.content_type.endswith("footnotes+xml")]
    return sides + notes


def _trees(letter: DocxTemplate) -> list[nodes.Template]:
    environment = LetterEnvironment()
    try:
        return [environment.parse_unchecked(source) for source in _sources(letter)]
    except (TemplateError, RecursionError) as fault:
        raise Invalid(_syntax_message(fault)) from fault


def _mentioned(trees: list[nodes.Template]) -> set[str]:
    return set().union(
        *(_read_names(tree) if forbidden_parts(tree) else find_undeclared_variables(tree) for tree in trees)
    )


def _read_names(tree: nodes.Template) -> set[str]:
    """The names in a tree that Jinja would not compile: less exact about where a loop's own name holds."""
    names = list(tree.find_all(nodes.Name))
    return {name.name for name in names if name.ctx == "load"} - {name.name for name in names if name.ctx != "load"}


def _needed(trees: list[nodes.Template]) -> set[str]:
    return _mentioned(trees) - {name for tree in trees for name in _optional_names(tree)}


def _syntax_message(fault: TemplateError | RecursionError) -> Message:
    reason = str(fault.message or "") if isinstance(fault, TemplateError) else "too deep"
    return message("模板填写项有误（%(reason)s），请检查花括号是否成对。", reason=reason)


def _markup_places(letter: DocxTemplate) -> list[Message]:
    roots = [letter.docx.element.body, *(etree.fromstring(part.blob, safe_parser()) for part in _side_parts(letter))]
    texts = (
        "".join(piece.text or "" for piece in line.iter(qn("w:t"))) for root in roots for line in root.iter(qn("w:p"))
    )
    return [
        message("模板不能使用插入格式的写法（%(place)s），请改为普通填写项。", place=found[0])
        for text in texts
        for found in _RAW_PLACE.finditer(text)
    ]


def _optional_names(tree: nodes.Template) -> Iterator[str]:
    """Names asked about with `is defined` or given a `default`."""
    for part in tree.find_all((nodes.Filter, nodes.Test)):
        assert isinstance(part, nodes.Filter | nodes.Test)
        if part.name in ("default", "d", "defined", "undefined") and isinstance(part.node, nodes.Name):
            yield part.node.name


def _require(missing: set[str]) -> None:
    if missing:
        fields = {name: message("文书缺少“%(name)s”的内容。", name=name) for name in sorted(missing)}
        raise Invalid(message("文书缺少“%(name)s”的内容。", name="、".join(sorted(missing))), fields)


def _unknown_names(trees: list[nodes.Template], known: set[str]) -> Iterator[Problem]:
    used = _mentioned(trees) | {name for tree in trees for name in _row_fields(tree, known)}
    for name in sorted(used - known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        if near:
            yield Problem(message("没有填写项“%(name)s”，是否为“%(near)s”？", name=name, near=near[0]), name)
        else:
            yield Problem(message("没有填写项“%(name)s”。", name=name), name)


def _row_fields(tree: nodes.Template, known: set[str]) -> Iterator[str]:
    """`list.field` for each field that a loop over a known list reads."""
    described = {name.split(".")[0] for name in known if "." in name}
    for loop in tree.find_all(nodes.For):
        if (
            not (isinstance(loop.iter, nodes.Name) and isinstance(loop.target, nodes.Name))
            or loop.iter.name not in described
        ):
            continue
        for field in loop.find_all(nodes.Getattr):
            if isinstance(field.node, nodes.Name) and field.node.name == loop.target.name:
                yield f"{loop.iter.name}.{field.attr}"
