"""The documents of a procedure as its folder lists them: titles, issuers, number patterns, templates and their words.

The program gives values by name (`planner_name`); a template may say the name or the Chinese word for it (`姓名`),
because the office reads and edits the template.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "documents.json"


@dataclass(frozen=True)
class Word:
    """A value that a document needs: its name in the program, its Chinese word in the template, an example."""

    name: str
    zh: str
    en: str
    sample: Any
    required: bool = True
    fields: tuple[Word, ...] = ()
    """For a list: what each row has."""


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document that a procedure issues."""

    key: str
    code: str
    title_zh: str
    title_en: str
    kind: str
    """`docx` for letters, `certificate` for the PDF certificate."""
    layout: str
    issuer: str
    number_pattern: str
    template: Path | None
    words: tuple[Word, ...]

    def known_names(self) -> set[str]:
        """All names that a template of this kind may use, and `list.field` for rows, in both languages."""
        known: set[str] = set()
        for word in self.words:
            known |= {word.name, word.zh}
            for field in word.fields:
                known |= {f"{own}.{part}" for own in (word.name, word.zh) for part in (field.name, field.zh)}
        return known

    def worded(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` under their names and under their Chinese words; what may be left out is empty."""
        return _worded(self.words, values)

    def samples(self) -> dict[str, Any]:
        """Example values for a trial print."""
        return {word.name: word.sample for word in self.words}


def listed_kinds(manifest: bytes, folder: Path) -> dict[str, DocumentKind]:
    """The documents that the content of a `documents.json` lists, by key; `folder` is where its templates are."""
    return {entry["key"]: _kind(entry, folder) for entry in json.loads(manifest)["documents"]}


def _kind(entry: Mapping[str, Any], folder: Path) -> DocumentKind:
    template = entry.get("template")
    return DocumentKind(
        key=entry["key"],
        code=entry["code"],
        title_zh=entry["title"]["zh"],
        title_en=entry["title"]["en"],
        kind=entry["kind"],
        layout=entry["layout"],
        issuer=entry["issuer"],
        number_pattern=entry["number_pattern"],
        template=folder / template if template else None,
        words=tuple(map(_word, entry["variables"])),
    )


def _word(entry: Mapping[str, Any]) -> Word:
    return Word(
        name=entry["name"],
        zh=entry["label"]["zh"],
        en=entry["label"]["en"],
        sample=entry.get("sample", ""),
        required=entry.get("required", True),
        fields=tuple(map(_word, entry.get("fields", ()))),
    )


def _worded(words: Sequence[Word], values: Mapping[str, Any]) -> dict[str, Any]:
    known = dict(values)
    for word in words:
        value = known.get(word.name, known.get(word.zh))
        if value is None and word.name not in known and word.zh not in known:
            if word.required:
                continue
            value = [] if word.fields else ""
        if word.fields and isinstance(value, Sequence) and not isinstance(value, str):
            value = [_worded(word.fields, row) if isinstance(row, Mapping) else row for row in value]
        known[word.name] = known[word.zh] = value
    return known
