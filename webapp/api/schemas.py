"""The shapes of answers, as OpenAPI names them; a test holds every answer against its shape."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
UUID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time", "description": "UTC."}
DAY: Schema = {"type": "string", "format": "date", "description": "A day in Chongqing."}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def many(schema: Schema) -> Schema:
    """A list of it."""
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    """A reference to a shape of this module."""
    return {"$ref": f"#/components/schemas/{name}"}


def made(_described: str = "", /, **members: Schema) -> Schema:
    """An object that has exactly these members."""
    shape: Schema = {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
    return shape | ({"description": _described} if _described else {})


def page_of(*names: str) -> Schema:
    """A page of a list."""
    item = named(names[0]) if len(names) == 1 else {"anyOf": [named(each) for each in names]}
    return made(items=many(item), total=WHOLE, next_cursor=maybe(TEXT))


SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "description": "What went wrong (RFC 9457), in a sentence fit for people.",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "errors": {
                "type": "object",
                "additionalProperties": TEXT,
                "description": "For 422: the field of each problem and its sentence.",
            },
            "problems": many(named("Finding")) | {"description": "For 422 on a deployment: what the check found."},
            "reference": TEXT | {"description": "For 500: number to tell the administrator."},
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Finding": made(
        "One finding of the deploy check.",
        severity={"type": "string", "enum": ["error", "warning"]},
        element=TEXT,
        name=TEXT,
        code=TEXT,
        message_zh=TEXT,
        message_en=TEXT,
    ),
    "Post": made(role=TEXT, name=TEXT, organization_id=maybe(TEXT), organization=maybe(TEXT), unit_id=maybe(TEXT)),
    "Unit": made(id=TEXT, name=TEXT),
    "Me": made(
        id=UUID,
        login=TEXT,
        name=TEXT,
        posts=many(named("Post")),
        units=many(named("Unit")),
        counts=made(todo=WHOLE, overdue=WHOLE, started=WHOLE, drafts=WHOLE),
    ),
    "CaseName": made(id=UUID, number=TEXT, title=TEXT, status=TEXT),
    "Task": made(
        id=UUID,
        title=TEXT,
        step=TEXT | {"description": "Name of the task in the diagram."},
        element=TEXT | {"description": "Id of the task in the diagram."},
        process=TEXT | {"description": "Key of the definition."},
        case=named("CaseName"),
        status={
            "type": "string",
            "enum": ["open", "held", "done", "cancelled"],
            "description": "`held`: others are asked first.",
        },
        asked_as=TEXT
        | {
            "description": "What was asked for a task that is held meanwhile: `delegated`, `before`, `after`, `mend`; "
            "empty: a task of the diagram."
        },
        asked_for=maybe(UUID) | {"description": "The task that waits for this one."},
        opened_at=maybe(MOMENT) | {"description": "From then on it cannot be recalled."},
        role=TEXT,
        organization_id=maybe(TEXT),
        unit_id=maybe(TEXT),
        named=TRUTH | {"description": "Whether it went to one person by name."},
        claimed_by=maybe(TEXT),
        created_at=MOMENT,
        due_at=maybe(MOMENT),
        due=maybe(DAY),
        overdue=TRUTH,
        completed_at=maybe(MOMENT),
        completed_by=maybe(TEXT),
        result=TEXT,
    ),
    "Submission": made(
        "A form that was sent; sensitive answers are masked for those who do not work with them.",
        id=UUID,
        task_id=UUID,
        step=TEXT,
        person=TEXT,
        at=MOMENT,
        result=TEXT,
        form_key=TEXT,
        form_version=TEXT,
        answers=ANYTHING,
    ),
    "TaskDetail": made(
        task=named("Task"),
        form=ANYTHING | {"description": "The form definition."},
        form_version=TEXT,
        schema=ANYTHING | {"description": "JSON Schema 2020-12 of `data` on completing."},
        options={
            "type": "object",
            "additionalProperties": many(made(value=TEXT, label=TEXT)),
            "description": "The lists that fields name with `options_from`.",
        },
        data=ANYTHING | {"description": "What the form shows: the draft, else values of the case and defaults."},
        draft_saved_at=maybe(MOMENT),
        actions=many(TEXT) | {"description": "What you may do now."},
        submission={"anyOf": [named("Submission"), {"type": "null"}]},
        submissions=many(named("Submission")) | {"description": "What was sent before it in the case."},
        revision=WHOLE | {"description": "Of the case; give it when completing to be refused if anything has changed."},
    ),
    "TaskChange": made(task=named("Task")),
    "TasksChange": made(tasks=many(named("Task"))),
    "Target": made(
        "A step to which a task may be sent back.",
        id=TEXT,
        element=TEXT,
        step=TEXT,
        people=many(TEXT) | {"description": "Who did it."},
        ways=many({"type": "string", "enum": ["again", "straight"]}),
        by_starter=TRUTH,
        withdrawn=WHOLE | {"description": "Open tasks of others that going through all steps again would withdraw."},
        repeated=many(TEXT) | {"description": "What would act by itself once more."},
    ),
    "Targets": made(items=many(named("Target"))),
    "Place": made(id=TEXT, name=TEXT, kind=TEXT, alone=TRUTH),
    "Places": made(items=many(named("Place"))),
    "Signer": made(task_id=UUID, name=TEXT, status=TEXT, result=TEXT, comment=TEXT),
    "Signing": made(
        "Those who sign one task.",
        step=TEXT,
        sign=TEXT | {"description": "`all`, `any` or `sequence`; empty: signers who were added."},
        needed=maybe(WHOLE) | {"description": "How many must agree; null: everybody is heard."},
        done=WHOLE,
        left=many(TEXT) | {"description": "Who has not signed yet."},
        signers=many(named("Signer")),
    ),
    "Signings": made(items=many(named("Signing"))),
    "BatchResult": made(task_id=TEXT, title=TEXT, done=TRUTH, problem=TEXT),
    "Batch": made(items=many(named("BatchResult")), done=WHOLE),
    "Circulation": made(
        "A copy of a case, or a question asked aside; neither moves it.",
        id=UUID,
        kind={"type": "string", "enum": ["copy", "question"]},
        case=named("CaseName"),
        step=TEXT,
        sender=TEXT,
        to=TEXT,
        at=MOMENT,
        text=TEXT,
        read_at=maybe(MOMENT),
        answer=TEXT,
        answered_at=maybe(MOMENT),
    ),
    "Circulations": page_of("Circulation"),
    "CirculationList": made(items=many(named("Circulation"))),
    "StandIn": made(
        id=UUID,
        principal=TEXT,
        person=TEXT,
        valid_from=DAY,
        valid_to=DAY,
        processes=many(TEXT) | {"description": "Keys of the definitions; empty: all."},
        reason=TEXT,
        ended_at=maybe(MOMENT),
    ),
    "StandIns": made(items=many(named("StandIn"))),
    "Phrase": made(id=UUID, text=TEXT, of_house=TRUTH),
    "Phrases": made(items=many(named("Phrase"))),
    "HandOver": made(
        id=UUID,
        number=TEXT,
        leaver=TEXT,
        successor=TEXT,
        at=MOMENT,
        by=TEXT,
        reason=TEXT,
        lines=many(made(kind=TEXT, case=TEXT, title=TEXT, step=TEXT, due=TEXT, now=TEXT)),
    ),
    "HandOvers": made(items=many(named("HandOver"))),
    "AttachmentVersion": made(number=WHOLE, file_id=UUID, size=WHOLE, at=MOMENT, person=TEXT, step=TEXT, note=TEXT),
    "Attachment": made(id=UUID, title=TEXT, versions=many(named("AttachmentVersion"))),
    "Attachments": made(items=many(named("Attachment"))),
    "Draft": made(task=named("Task"), data=ANYTHING, saved_at=MOMENT),
    "Completion": made(task=named("Task"), case=named("Case"), submission_id=UUID),
    "Stage": made(key=TEXT, title=TEXT, state={"type": "string", "enum": ["done", "current", "ahead"]}),
    "Case": made(
        id=UUID,
        number=TEXT,
        title=TEXT,
        definition_id=UUID,
        process=TEXT | {"description": "Key of the definition."},
        process_id=TEXT | {"description": "Id of the process in the diagram."},
        status={"type": "string", "enum": ["running", "suspended", "completed", "terminated", "cancelled"]},
        stage=maybe(TEXT),
        outcome=TEXT,
        unit_id=maybe(TEXT),
        parent_id=maybe(UUID),
        started_by=TEXT,
        started_at=MOMENT,
        ended_at=maybe(MOMENT),
        revision=WHOLE,
        incidents=WHOLE | {"description": "Open ones."},
    ),
    "CaseRow": made(case=named("Case"), open_tasks=WHOLE, overdue_tasks=WHOLE),
    "Document": made(
        id=UUID,
        case_id=UUID,
        key=TEXT,
        code=TEXT,
        title=TEXT,
        number=TEXT,
        dated=DAY,
        unit_id=maybe(TEXT),
        ready={"type": "boolean", "description": "Whether its file has been made; 409 until then."},
    ),
    "Incident": made(
        id=UUID,
        case_id=maybe(UUID) | {"description": "Null: background work of no case."},
        at=MOMENT,
        status=TEXT | {"description": "`open`, `resolved` or `discarded`."},
        element=TEXT,
        step=TEXT,
        text=TEXT,
        attempts=WHOLE,
        note=TEXT | {"description": "Why it was given up."},
    ),
    "CaseDetail": made(
        case=named("Case"),
        stages=many(named("Stage")),
        tasks=many(named("Task")) | {"description": "Open ones that you may see."},
        submissions=many(named("Submission")),
        documents=many(named("Document")),
        incidents=many(named("Incident")),
        waits=many(made(kind=TEXT, name=TEXT, correlation=TEXT, element=TEXT)),
        elements={
            "type": ["object", "null"],
            "additionalProperties": {"type": "string", "enum": ["done", "current", "cancelled"]},
            "description": "How far the case is, by id of element and flow; null for those who see only their part.",
        },
        variables={
            "type": ["object", "null"],
            "additionalProperties": True,
            "description": "Variables of the case; null for those who see only their part.",
        },
    ),
    "Event": made(
        id=WHOLE,
        at=MOMENT,
        kind=TEXT,
        element=TEXT,
        step=TEXT,
        person=TEXT,
        organization=TEXT,
        text=TEXT,
    ),
    "Definition": made(
        id=UUID,
        key=TEXT,
        version=WHOLE,
        title=TEXT,
        active=TRUTH,
        content_hash=TEXT,
        deployed_at=MOMENT,
        deployed_by=TEXT,
        processes=many(made(id=TEXT, name=TEXT, starters=many(TEXT), startable=TRUTH)),
    ),
    "DefinitionDetail": made(definition=named("Definition"), files=many(made(path=TEXT, size=WHOLE))),
    "Deployment": made(
        id=maybe(UUID),
        key=TEXT,
        version=maybe(WHOLE),
        verdict={"type": "string", "enum": ["deployable"]},
        state={
            "type": ["string", "null"],
            "enum": ["published", "submitted", None],
            "description": "`submitted`: it waits for a manager's approval as the draft `draft`.",
        },
        draft=maybe(UUID),
        problems=many(named("Finding")),
    ),
    "MoveFinding": made(element=TEXT, name=TEXT, text=TEXT),
    "Move": made(
        moved=TRUTH,
        moves=TRUTH,
        obstacles=many(named("MoveFinding")),
        remarks=many(named("MoveFinding")),
        tasks=many(made(id=UUID, step=TEXT, before=TEXT, after=TEXT, loses_claim=TEXT)),
        case={"oneOf": [named("Case"), {"type": "null"}]},
    ),
    "MovedCase": {"oneOf": [named("Move"), named("Case")]},
    "Comparison": made(
        changes=many(made(kind=TEXT, about=TEXT, place=TEXT, note=TRUTH, sentences=many(TEXT))),
        moved=many(TEXT),
    ),
    "Delivery": made(taken=WHOLE | {"description": "How many cases took the message or were begun by it."}),
    "Column": made(key=TEXT, title=TEXT, kind=TEXT),
    "Register": made(name=TEXT, title=TEXT, columns=many(named("Column"))),
    "Registers": made(items=many(named("Register"))),
    "RegisterRow": ANYTHING,
    "File": made(id=UUID, name=TEXT, kind=TEXT, size=WHOLE, sha256=TEXT),
    "Tasks": page_of("Task", "CaseRow"),
    "Cases": page_of("CaseRow"),
    "History": page_of("Event"),
    "Definitions": page_of("Definition"),
    "RegisterPage": page_of("RegisterRow"),
    "Incidents": page_of("Incident"),
}
