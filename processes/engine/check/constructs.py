"""Every tag and attribute of BPMN is executed, only documents, or is refused; what other tools add is told."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from processes.engine.check.outline import MODEL, Flow, Node, Outline, Piece, Scope, is_executable
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import (
    OWN_PROPERTIES,
    PLAIN_TASKS,
    SILENT,
    SUB_PROCESSES,
    children,
    event_definitions,
    is_true,
    tag,
)

ROOT_EXECUTED = {"process", "message", "signal", "error", "escalation"}
ROOT_SILENT = {
    *("documentation", "extensionElements", "extension", "category", "itemDefinition", "collaboration", "resource"),
    *("dataStore", "interface", "partnerRole", "partnerEntity", "endPoint", "correlationProperty", "relationship"),
}
ROOT_TOLD = {
    *("import", "choreography", "globalChoreographyTask", "conversation", "globalConversation", "globalTask"),
    *("globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask", "eventDefinition"),
}
"""Stands beside the processes and is not executed."""
OF_NODES = SILENT | {
    *("dataInput", "dataOutput", "inputSet", "outputSet", "eventDefinitionRef", "completionCondition", "ioBinding"),
    *("conditionExpression", "activationCondition", "categoryValueRef"),
}
"""What may stand inside a node or flow without being unknown."""
ONLY_IN = {"script": "scriptTask", "conditionExpression": "sequenceFlow"}
"""Children that are executed in one kind of element."""
ONCE = {
    *("script", "conditionExpression", "LoopCharacteristics", "loopCondition", "loopCardinality", "loopDataInputRef"),
    *("loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition", "condition"),
}
"""Children of which only the first would be executed; the two kinds of loop count as one."""
RESOURCES = ("humanPerformer", "performer", "potentialOwner", "resourceRole")
ATTRIBUTES = {
    *(
        "id",
        "name",
        "isExecutable",
        "isClosed",
        "processType",
        "definitionalCollaborationRef",
        "sourceRef",
        "targetRef",
    ),
    *("isImmediate", "default", "startQuantity", "completionQuantity", "isForCompensation", "implementation"),
    *("operationRef", "messageRef", "instantiate", "scriptFormat", "calledElement", "triggeredByEvent", "method"),
    *("gatewayDirection", "eventGatewayType", "attachedToRef", "cancelActivity", "isInterrupting", "parallelMultiple"),
    *("isSequential", "behavior", "oneBehaviorEventRef", "noneBehaviorEventRef", "testBefore", "loopMaximum"),
    *("ordering", "cancelRemainingInstances", "signalRef", "errorRef", "escalationRef", "waitForCompletion"),
    *("activityRef", "itemSubjectRef", "isCollection", "partitionElementRef", "dataObjectRef", "dataStoreRef"),
    *("categoryValueRef", "textFormat", "associationDirection", "correlationKeyRef", "language", "evaluatesToTypeRef"),
    *("calledCollaborationRef", "initiatingParticipantRef", "loopType", "protocol", "capacity", "isUnlimited"),
}
"""Attributes that BPMN gives to the elements of a process."""
WORKERS = {"assignee", "candidateUsers", "candidateGroups", "formKey", "formRef"}
"""What other tools say of a task that is understood here."""
HARMLESS = {
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
}
MOST_SHOWN = 8
LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def check_constructs(outline: Outline, report: Report) -> None:
    """All tags and attributes of what is executed, and what stands beside it."""
    _check_root(outline, report)
    for process in outline.processes:
        if not is_executable(process):
            if process not in outline.checked:
                report.add("black-box-pool", process)
            elif not any(is_executable(each) for each in outline.processes):
                report.add("process-not-executable", process)
    for scope in outline.scopes:
        _check_scope(outline, report, scope)
        for node in scope.nodes:
            _check_node(report, node)
        for flow in scope.flows:
            _check_children(report, flow)
            _check_once(report, flow)
            _check_attributes(report, flow)
            _check_vendor(report, flow)


def _check_root(outline: Outline, report: Report) -> None:
    if not outline.processes:
        report.add("no-process", None)
    for element in outline.root.iterchildren(etree.Element):
        kind = tag(element)
        if kind == "dataStore":
            report.add("data-store-without-implementation", outline.piece(element), here=True)
        elif kind in ROOT_TOLD or (kind.endswith("EventDefinition") and element not in outline.referred):
            report.add("not-executed", outline.piece(element), kind)
        elif _is_bpmn(element) and kind not in ROOT_EXECUTED | ROOT_SILENT and element not in outline.referred:
            report.add("element-not-supported", outline.piece(element), kind)
    for collaboration in children(outline.root, "collaboration"):
        for pool in children(collaboration, "participant"):
            if children(pool, "participantMultiplicity"):
                report.add("not-executed", outline.piece(pool), "participantMultiplicity")


def _is_bpmn(element: etree._Element) -> bool:
    return etree.QName(element).namespace == MODEL


def _check_scope(outline: Outline, report: Report, scope: Scope) -> None:
    """Children of a process or sub-process that are neither nodes nor flows."""
    foreign = []
    for element in scope.strangers:
        kind, piece = tag(element), outline.piece(element)
        if not _is_bpmn(element):
            foreign.append(etree.QName(element).localname)
        elif kind == "dataStoreReference":
            report.add("data-store-without-implementation", piece, here=True)
        elif kind not in SILENT:
            report.add("element-not-supported", piece if piece.id else scope, kind)
    if foreign:
        report.add("vendor-extension-not-executed", scope, ", ".join(sorted(set(foreign))[:MOST_SHOWN]))
    if scope.parent is None:
        _check_attributes(report, scope)
        _check_vendor(report, scope)
        _check_resources(report, scope)


def _check_node(report: Report, node: Node) -> None:
    element = node.element
    if node.is_compensation:
        report.add("compensation-not-supported", node)
    if any(element.get(name, "1").strip() != "1" for name in ("startQuantity", "completionQuantity")):
        report.add("token-quantity-ignored", node)
    if node.tag == "adHocSubProcess":
        code = "element-not-supported" if children(element, "completionCondition") else None
        report.add(code or "adhoc-without-completion-condition", node, node.tag)
        return
    if node.tag not in ROOT_EXECUTED and node.tag in _REFUSED:
        report.add("element-not-supported", node, node.tag)
    if element.get("eventGatewayType", "Exclusive").strip() != "Exclusive":
        report.add("element-not-supported", node, "eventGatewayType")
    for name in ("instantiate", "triggeredByEvent"):
        if is_true(element.get(name)) and not node.is_event_subprocess:
            report.add("element-not-supported", node, name)
    if node.tag not in SUB_PROCESSES:
        _check_children(report, node)
    _check_once(report, node)
    _check_attributes(report, node)
    _check_vendor(report, node)
    _check_resources(report, node)
    if any(
        each.get("operationRef") or children(each, "operationRef") for each in (element, *event_definitions(element))
    ):
        report.add("not-executed", node, "operationRef")


_REFUSED = {"complexGateway", "choreographyTask", "subChoreography", "callChoreography", "implicitThrowEvent", "event"}


def _check_children(report: Report, part: Node | Flow) -> None:
    for element in part.element.iterchildren(etree.Element):
        kind = tag(element)
        if not _is_bpmn(element):
            continue
        known = kind in OF_NODES or kind.endswith("EventDefinition")
        if not known or not _is_in_place(part, kind):
            report.add("element-not-supported", part, kind)


def _check_once(report: Report, part: Node | Flow) -> None:
    """What is drawn twice although only one of it could be executed, such as both loop markers on one activity."""
    holders = [part.element, *event_definitions(part.element)]
    holders += children(part.element, *LOOPS)
    for holder in holders:
        kinds = [tag(each) for each in holder.iterchildren(etree.Element) if _is_bpmn(each)]
        counts = Counter("LoopCharacteristics" if kind in LOOPS else kind for kind in kinds)
        for kind in sorted(ONCE & counts.keys()):
            if counts[kind] > 1:
                report.add("element-not-supported", part, f"{kind} × {counts[kind]}")


def _is_in_place(part: Piece, kind: str) -> bool:
    """Whether a child that changes what is executed stands in an element that has such children."""
    if kind.endswith(("EventDefinition", "eventDefinitionRef")):
        return part.tag.endswith("Event")
    if kind.endswith("LoopCharacteristics"):
        return not part.tag.endswith(("Event", "Gateway", "Flow"))
    return kind not in ONLY_IN or part.tag == ONLY_IN[kind]


def _check_attributes(report: Report, part: Piece) -> None:
    unknown = [str(name) for name in part.element.attrib if not str(name).startswith("{") and name not in ATTRIBUTES]
    if unknown:
        report.add("unknown-attribute", part, ", ".join(unknown[:MOST_SHOWN]))


def _check_vendor(report: Report, part: Piece) -> None:
    """Attributes and elements of other products; `properties` are read, whoever wrote them."""
    names: list[etree.QName] = []
    for element in (part.element, *event_definitions(part.element)):
        names.extend(etree.QName(str(name)) for name in element.attrib if str(name).startswith("{"))
        for extensions in children(element, "extensionElements"):
            names.extend(etree.QName(each) for each in extensions.iterchildren(etree.Element))
        if element is not part.element or not isinstance(part, Scope):
            names.extend(etree.QName(each) for each in element.iterchildren(etree.Element) if not _is_bpmn(each))
    found = {name.localname for name in names if name.text != OWN_PROPERTIES and not _is_harmless(name, part)}
    if found:
        words = "vendor-worker" if found <= WORKERS and part.tag in PLAIN_TASKS else None
        report.add("vendor-extension-not-executed", part, ", ".join(sorted(found)[:MOST_SHOWN]), worded=words)


def _is_harmless(name: etree.QName, part: Piece) -> bool:
    """Colours, and the notes that Signavio writes on everything, which are told of activities alone."""
    namespace = name.namespace or ""
    is_activity = part.tag.endswith(("Task", "task", "rocess", "Activity", "transaction")) and not isinstance(
        part, Scope
    )
    return namespace in HARMLESS or ("signavio" in namespace and not is_activity)


def _check_resources(report: Report, part: Piece) -> None:
    kinds = sorted({tag(each) for each in children(part.element, *RESOURCES)})
    if kinds:
        words = "vendor-worker" if part.tag in PLAIN_TASKS and "resourceRole" not in kinds else None
        report.add("resource-role-not-executed", part, ", ".join(kinds), worded=words)
