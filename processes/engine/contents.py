"""What stands beside the diagram in a package: every problem of its forms, tables and documents, by file and place.

The deploy check says what is wrong with the diagram; this says it of the other files, and both are asked before a
package becomes a version.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes.documents.letters import check_template
from processes.documents.manifest import MANIFEST, DocumentKind, listed_kinds
from processes.documents.manifest_checking import manifest_problems
from processes.engine import tables
from processes.engine.packages import FORMS, JSON
from processes.engine.tables.deciding import NONE, Functions
from processes.errors import Invalid
from processes.forms.checking import check_definition, loaded
from processes.messages import Message, message
from processes.remembering import remembered

DOCUMENTS = "documents/"
MOST_KEPT = 16 * 1024 * 1024
"""Bytes of all files of a kind whose problems are kept."""


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong with a file of a package; `place` is empty for the file as a whole."""

    path: str
    place: str
    text: Message
    severity: str = "error"
    """`error`: the package cannot be published; `warning`: it can, and somebody should look."""


def file_problems(
    files: Mapping[str, bytes], lists: Collection[str] | None = None, functions: Functions = NONE
) -> list[FileProblem]:
    """All problems of the files beside the diagram, in order of their paths; the tests of tables are run.

    `lists` are the lists that a form may offer; None: they are not known, and nothing is said of them. `functions`
    are what the cells of tables may call.
    """
    found = [*_form_problems(files, lists), *_table_problems(files, functions), *_document_problems(files)]
    return sorted(found, key=lambda each: each.path)


def demand(files: Mapping[str, bytes], functions: Functions = NONE) -> None:
    """Raise `Invalid` where a file beside the diagram keeps the package from being published."""
    wrong = [each for each in file_problems(files, functions=functions) if each.severity == "error"]
    if not wrong:
        return
    fields: dict[str, Message] = {}
    for each in wrong:
        fields.setdefault(f"{each.path} {each.place}".strip(), each.text)
    first = wrong[0]
    text = message("文件 %(path)s 有误：%(text)s", path=f"{first.path} {first.place}".strip(), text=first.text)
    raise Invalid(text, fields)


def form_files(files: Collection[str]) -> dict[str, str]:
    """The forms of a package: key and path."""
    return {path[len(FORMS) : -len(JSON)]: path for path in files if path.startswith(FORMS) and path.endswith(JSON)}


def document_kinds_of(files: Mapping[str, bytes]) -> dict[str, DocumentKind]:
    """The documents that a package lists; none where the list is missing or broken."""
    raw = files.get(DOCUMENTS + MANIFEST)
    return {} if raw is None or manifest_problems(raw) else listed_kinds(raw, Path(DOCUMENTS))


def _form_problems(files: Mapping[str, bytes], lists: Collection[str] | None) -> Iterator[FileProblem]:
    for key, path in form_files(files).items():
        problems = _form(files[path])
        yield from (FileProblem(path, place, text) for place, text in problems)
        if problems:
            continue
        data = loaded(files[path])
        if data["key"] != key:
            text = message("表单的 key“%(key)s”与文件名不同，流程图按文件名引用。", key=data["key"])
            yield FileProblem(path, "key", text, "warning")
        if lists is not None:
            yield from _list_problems(path, data, lists)


@remembered(MOST_KEPT)
def _form(content: bytes) -> tuple[tuple[str, Message], ...]:
    return tuple((each.path, each.message) for each in check_definition(content))


def _list_problems(path: str, data: Mapping[str, Any], lists: Collection[str]) -> Iterator[FileProblem]:
    """A list that the desk does not have must be a variable of the case: that is seen only when the form is drawn."""
    for place, field in enumerate(data["fields"]):
        columns = enumerate(field.get("columns", ()))
        named = [(f"fields[{place}]", field), *((f"fields[{place}].columns[{at}]", each) for at, each in columns)]
        for here, each in named:
            name = each.get("options_from")
            if name and name not in lists:
                text = message("系统没有名为“%(name)s”的选项来源；如不是案件变量，办理时将没有可选的项。", name=name)
                yield FileProblem(path, f"{here}.options_from", text, "warning")


def table_files(files: Collection[str]) -> dict[str, str]:
    """The decision tables of a package: key and path."""
    start, end = tables.TABLES, tables.DMN
    return {path[len(start) : -len(end)]: path for path in files if path.startswith(start) and path.endswith(end)}


def _table_problems(files: Mapping[str, bytes], functions: Functions) -> Iterator[FileProblem]:
    known = table_files(files)
    for key, path in known.items():
        problems = tables.file_problems(files[path], functions)
        yield from (FileProblem(path, each.place, each.text) for each in problems)
        if problems:
            continue
        table = tables.read_table(files[path])
        yield from _coverage_problems(path, table)
        tests = f"{tables.TABLES}{key}{tables.TESTS}"
        if tests in files:
            yield from _trial_problems(tests, files[tests], table, functions)
    for path in files:
        if path.startswith(tables.TABLES) and path.endswith(".json"):
            key = path.removeprefix(tables.TABLES).removesuffix(tables.TESTS)
            if key not in known:
                yield FileProblem(path, "", message("流程包中没有这些用例的决策表。"), "warning")


def _coverage_problems(path: str, table: tables.Table) -> Iterator[FileProblem]:
    found = tables.coverage(table)
    for meeting in found.overlaps:
        rules = "、".join(str(place + 1) for place in meeting.rules)
        text = message("规则 %(rules)s 会同时适用，而命中策略不允许；请在决策表编辑器中查看。", rules=rules)
        yield FileProblem(path, f"rules[{meeting.rules[-1]}]", text)
    if found.gaps:
        text = message("有 %(count)s 种情形没有规则适用；请在决策表编辑器中查看。", count=len(found.gaps))
        yield FileProblem(path, "", text, "warning")
    for place in found.unused:
        yield FileProblem(path, f"rules[{place}]", message("这条规则永远用不到。"), "warning")


def _trial_problems(path: str, content: bytes, table: tables.Table, functions: Functions) -> Iterator[FileProblem]:
    try:
        trials = tables.read_trials(content)
    except Invalid as refused:
        yield FileProblem(path, "", refused.text)
        return
    for place, verdict in enumerate(tables.run_trials(table, trials, functions)):
        if not verdict.passed:
            name = verdict.trial.name or str(place + 1)
            yield FileProblem(path, f"tests[{place}]", message("用例“%(name)s”的结果与预期不符。", name=name))


def _document_problems(files: Mapping[str, bytes]) -> Iterator[FileProblem]:
    manifest = DOCUMENTS + MANIFEST
    templates = {path for path in files if path.startswith(DOCUMENTS) and path.lower().endswith(".docx")}
    raw = files.get(manifest)
    problems = [] if raw is None else manifest_problems(raw)
    yield from (FileProblem(manifest, each.place, each.text) for each in problems)
    if problems:
        return
    named: set[str] = set()
    for kind in document_kinds_of(files).values():
        path = kind.template.as_posix() if kind.template is not None else ""
        named.add(path)
        if not path:
            continue
        if path not in files:
            text = message("文书“%(title)s”的模板 %(name)s 不在流程包中。", title=kind.title_zh, name=path)
            yield FileProblem(manifest, kind.key, text)
            continue
        yield from (FileProblem(path, name, text) for name, text in template_problems(files[path], kind))
    for path in sorted(templates - named):
        yield FileProblem(path, "", message("文书清单没有引用此模板。"), "warning")


def template_problems(template: bytes, kind: DocumentKind) -> tuple[tuple[str, Message], ...]:
    """What is wrong with the template of a document: as a file, and in the values that it asks for."""
    return _template((template, frozenset(kind.known_names())))


@remembered(MOST_KEPT, lambda asked: len(asked[0]))
def _template(asked: tuple[bytes, frozenset[str]]) -> tuple[tuple[str, Message], ...]:
    return tuple((each.name, each.text) for each in check_template(*asked))


def readable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same package with something harmless in the place of every broken form or list of documents.

    So the diagram of a draft can be checked while its other files are still being written.
    """
    kept = dict(files)
    for key, path in form_files(files).items():
        if _form(files[path]):
            field = {"key": "broken", "type": "note", "label": key}
            kept[path] = json.dumps({"key": "broken", "title": key, "fields": [field]}).encode()
    manifest = DOCUMENTS + MANIFEST
    if manifest in files and manifest_problems(files[manifest]):
        kept[manifest] = json.dumps({"documents": _keys_of(files[manifest])}).encode()
    return kept


def _keys_of(manifest: bytes) -> list[dict[str, str]]:
    """The documents whose keys can still be made out."""
    try:
        entries = json.loads(manifest)["documents"]
        return [{"key": each["key"]} for each in entries if isinstance(each, dict) and isinstance(each.get("key"), str)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
