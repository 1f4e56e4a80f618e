"""Two packages compared: the diagram, each form, table and document, and whatever else they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from processes.documents.manifest import MANIFEST
from processes.engine.comparing.diagrams import compare_diagrams
from processes.engine.comparing.documents import compare_manifests, compare_templates
from processes.engine.comparing.forms import compare_forms
from processes.engine.comparing.model import Change, Comparison, Kind, Words
from processes.engine.comparing.plain import loaded, value_words
from processes.engine.comparing.tables import compare_tables
from processes.engine.packages import DIAGRAM, FORMS, JSON
from processes.messages import message

TRIALS = ".tests.json"
EXPLAINING = ("scenarios/", "original/")
"""Folders whose files are not executed."""


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    """Everything that is different between the files of two packages; `Invalid` where a diagram cannot be read."""
    texts = (partial(_form_title, before), partial(_form_title, after))
    if before.get(DIAGRAM) == after.get(DIAGRAM):
        drawn = Comparison(())
    else:
        drawn = compare_diagrams(before.get(DIAGRAM, b""), after.get(DIAGRAM, b""), *texts)
    paths = sorted({*before, *after} - {DIAGRAM})
    rest = [change for path in paths for change in _file(path, before.get(path), after.get(path))]
    return Comparison((*drawn.changes, *rest), drawn.moved)


def _file(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    if before == after:
        return
    if path.startswith(FORMS) and path.endswith(JSON):
        yield from compare_forms(path, before, after)
    elif path.endswith(".dmn"):
        yield from compare_tables(path, before, after)
    elif path == f"documents/{MANIFEST}":
        yield from compare_manifests(path, before, after)
    elif path.endswith(".docx"):
        yield from compare_templates(path, before, after)
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield Change(kind, "file", path, _subject(path), is_note=path.startswith(EXPLAINING) or path.endswith(TRIALS))


def _subject(path: str) -> Words:
    """A file that is told as a whole."""
    if path.startswith("scenarios/"):
        return message("场景“%(path)s”", path=path)
    if path.startswith("original/"):
        return message("上传的原件“%(path)s”", path=path)
    if path.endswith(TRIALS):
        return message("决策表用例“%(path)s”", path=path)
    return message("文件“%(path)s”", path=path)


def _form_title(files: Mapping[str, bytes], path: str) -> Words | None:
    """The title of a form of the package, for the steps that name it."""
    data = loaded(files[path]) if path in files else None
    return value_words(data["title"]) if isinstance(data, dict) and "title" in data else None
