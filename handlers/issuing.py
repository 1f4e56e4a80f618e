"""A document that a diagram issues by itself: its values are the variables of the case that have its words' names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.documents import FOLDER, issue
from handlers.registry import operation
from processes.documents.manifest import MANIFEST, listed_kinds
from processes.engine.house import Call, Parameter
from processes.engine.packages import package
from processes.forms.wording import Wording

DOCUMENT = Parameter("document", Wording("文书", "Document"), "document")
UNIT = Parameter("unit", Wording("区县（服务单元）", "District (service unit)"), required=False)
KEPT_AS = Parameter("number_variable", Wording("文号存入变量", "Variable for the number"), "text", required=False)


@operation("documents.issue", zh="签发文书", en="Issue a document", parameters=(DOCUMENT, UNIT, KEPT_AS))
def issue_document(call: Call) -> Mapping[str, Any]:
    """Issue a document of the package, filled in with the variables of the case that its list names."""
    key = call.parameters["document"]
    of = package(call.session, call.case.definition_id)
    kinds = listed_kinds(of.file((FOLDER / MANIFEST).as_posix()), FOLDER)
    words = kinds[key].words if key in kinds else ()
    values = {word.name: call.data[word.name] for word in words if word.name in call.data}
    made = issue(call, key, values, unit_id=call.parameters.get("unit"))
    kept_as = call.parameters.get("number_variable")
    return {kept_as: made.number} if kept_as else {}
