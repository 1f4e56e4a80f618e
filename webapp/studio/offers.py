"""What the fields beside a diagram offer: posts, operations with their parameters, forms, documents, functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from processes import clock
from processes.documents.manifest import MANIFEST
from processes.engine.house import House, Operation
from processes.engine.language import BUILTINS
from processes.engine.packages import FORMS, JSON
from processes.engine.tables import DMN, TABLES, read_table
from processes.errors import Invalid
from processes.forms.definition import Field, FormDefinition
from processes.forms.wording import Wording
from processes.identity.posts import POSTS

DOCUMENTS = "documents/"
ALWAYS = {
    "case_id": Wording("案件的标识", "Id of the case"),
    "case_number": Wording("案件编号", "Number of the case"),
    "started_by": Wording("发起人", "Who started the case"),
    "starter_organization": Wording("发起单位", "Organization of the starter"),
    "submission_id": Wording("刚提交的答卷", "Submission just made"),
    "completed_by": Wording("刚办理的人员", "Who completed the last task"),
}
"""Variables that a case always has."""


def offers(house: House, files: Mapping[str, bytes], procedures: Mapping[str, str]) -> dict[str, Any]:
    """All of it, in both languages; a form or list of documents that cannot be read is told as such, not left out.

    `procedures` are the names of the procedures by key: an operation stands under the one to which it belongs.
    """
    return {
        "posts": [{"value": role, "title": {"zh": post.zh, "en": post.en}} for role, post in POSTS.items()],
        "operations": [_operation(each, procedures) for _, each in sorted(house.operations.items())],
        "checks": [_named(each, house, procedures) for each in sorted(house.validators)],
        "tallies": [_named(each, house, procedures) for each in sorted(house.tallies)],
        "forms": list(_forms(files)),
        "documents": list(_documents(files)),
        "tables": list(_tables(files)),
        "functions": sorted({*BUILTINS, *house.functions(clock.today())}),
        "variables": [{"name": name, "title": _title(title)} for name, title in ALWAYS.items()],
    }


def _title(wording: Wording) -> dict[str, str]:
    return {"zh": wording.zh, "en": wording.en or wording.zh}


def _named(name: str, house: House, procedures: Mapping[str, str]) -> dict[str, Any]:
    """A check or a count by what it is called, under the procedure to which it belongs."""
    return {"name": name, "title": _title(house.titles.get(name, Wording(name))), "group": _group(name, procedures)}


def _group(name: str, procedures: Mapping[str, str]) -> str:
    part = name.split(".")[0] if "." in name else ""
    return procedures.get(part, "")


def _operation(operation: Operation, procedures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": operation.name,
        "title": _title(operation.title),
        "group": _group(operation.name, procedures),
        "parameters": [
            {
                "name": each.name,
                "title": _title(each.title),
                "kind": each.kind,
                "required": each.required,
                "choices": list(each.choices),
            }
            for each in operation.parameters
        ],
    }


def _forms(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for path, content in sorted(files.items()):
        if not path.startswith(FORMS) or not path.endswith(JSON):
            continue
        key = path[len(FORMS) : -len(JSON)]
        try:
            form = FormDefinition.parse(content)
        except Invalid:
            yield {"key": key, "title": {"zh": key, "en": key}, "fields": [], "broken": True}
            continue
        fields = [_field(each) for each in form.fields if each.answers]
        yield {"key": key, "title": _title(form.title), "fields": fields, "broken": False}


def _field(field: Field) -> dict[str, Any]:
    options = [{"value": each.value, "title": {"zh": each.text("zh"), "en": each.text("en")}} for each in field.options]
    return {"name": field.key, "type": field.type, "title": _title(field.label), "options": options}


def _tables(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for path, content in sorted(files.items()):
        if not path.startswith(TABLES) or not path.endswith(DMN):
            continue
        key = path[len(TABLES) : -len(DMN)]
        name, outputs = key, []
        with suppress(Invalid):
            table = read_table(content)
            name = table.name or key
            outputs = [{"name": each.name, "title": _title(Wording(each.label or each.name))} for each in table.outputs]
        yield {"key": key, "title": {"zh": name, "en": name}, "outputs": outputs}


def _documents(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    try:
        listed = orjson.loads(files.get(DOCUMENTS + MANIFEST, b'{"documents": []}'))["documents"]
        for each in listed:
            title = each.get("title") or {}
            zh = str(title.get("zh") or each["key"])
            yield {"key": str(each["key"]), "title": {"zh": zh, "en": str(title.get("en") or zh)}}
    except (ValueError, KeyError, TypeError, AttributeError):
        return
