"""What is true of every procedure in this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.operations import OPERATIONS, OPTIONS, TALLIES, VALIDATORS
from processes.documents.manifest import MANIFEST, listed_kinds
from processes.engine.check import Surroundings, check_diagram
from processes.engine.deadlines import escalations, reminders
from processes.engine.packages import Package, split
from processes.engine.spiff.reading import PLAIN_TASKS
from processes.forms.definition import Field
from processes.identity.posts import POSTS

EXECUTED_HERE = {"event-subprocess-interrupting-not-honoured"}
"""What other engines may not do, and our own diagrams rely on."""
FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "bpmn").glob("*/process.bpmn"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    return request.param


@pytest.fixture
def package(folder):
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Package(files)


def test_the_deploy_check_has_nothing_against_it(package):
    surroundings = Surroundings(
        operations={name: [each.name for each in op.parameters if each.required] for name, op in OPERATIONS.items()},
        parameters={name: [each.name for each in op.parameters] for name, op in OPERATIONS.items()},
        roles=POSTS,
        forms=package.forms,
        functions=("today", "workdays", "date"),
    )
    errors = [each for each in check_diagram(package.bpmn, surroundings) if each.severity == "error"]
    assert [each for each in errors if each.code not in EXECUTED_HERE] == []


def test_every_lane_is_a_post(package):
    assert {lane.properties.get("role") for lane in package.program.lanes.values()} <= set(POSTS)


def test_every_operation_is_handled_and_every_check_exists(package):
    elements = package.program.elements.values()
    named = {each.properties["operation"] for each in elements if "operation" in each.properties}
    checks = {name for each in elements for name in split(each.properties.get("check", ""))}
    assert named <= set(OPERATIONS)
    assert checks <= set(VALIDATORS)
    assert {each.properties["tally"] for each in elements if "tally" in each.properties} <= set(TALLIES)


def test_every_task_of_a_person_has_a_form_and_every_form_is_used(package):
    tasks = [each for each in package.program.elements.values() if each.kind in PLAIN_TASKS]
    used = {each.properties.get("form") for each in tasks}
    assert used == set(package.forms)


def test_posts_that_are_reminded_or_told_exist(package):
    for element in package.program.elements.values():
        reminders(element.properties.get("remind", ""))
        assert {role for role, _ in escalations(element.properties.get("escalate", ""))} <= set(POSTS)


def test_every_form_speaks_both_languages_and_names_lists_that_exist(package):
    for form in package.forms.values():
        assert form.title.en, form.key
        for field in form.fields:
            for each in (field, *field.columns):
                _speaks_both(form.key, each)
                assert each.options_from is None or each.options_from in OPTIONS, (form.key, each.key)


def _speaks_both(form: str, field: Field) -> None:
    for wording in (field.label, field.help, field.pattern_message):
        assert wording is None or wording.en, (form, field.key)
    for option in field.options:
        assert option.text("en"), (form, field.key)


def test_every_document_has_its_template(folder):
    for kind in listed_kinds((folder / "documents" / MANIFEST).read_bytes(), folder / "documents").values():
        assert kind.template is None or kind.template.is_file(), kind.key
        assert kind.title_en
