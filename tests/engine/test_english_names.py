"""English names come from the diagrams: a property of the element, looked up by its Chinese name."""

from __future__ import annotations

from pathlib import Path

import pytest

from processes.engine import definitions
from processes.engine.check import Surroundings, check_diagram
from processes.engine.comparing import compare
from processes.engine.english_names import english_names, names_in
from processes.engine.spiff import compile_program
from processes.engine.variables import uses
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import HEAD, chain, node
from tests.engine.test_work import properties

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "bpmn").glob("*/process.bpmn"))


def diagram(process="Letters", task="Write the letter"):
    return (
        f'{HEAD}<process id="letters" name="函件" isExecutable="true">{properties(code="函", name_en=process)}'
        + '<startEvent id="s"/>'
        + node("userTask", "write", properties(role="city_bureau.clerk", name_en=task), name="起草")
        + node("serviceTask", "send", properties(operation="letter.send", name_en="Send it"), name="发出")
        + '<endEvent id="e" name="办结"/>'
        + chain("s", "write", "send", "e")
        + "</process></definitions>"
    ).encode()


def test_names_are_those_of_the_version_on_which_new_cases_start(database):
    with database.transaction() as session:
        definitions.deploy(session, SYSTEM, "letter", {"process.bpmn": diagram()})
    with database.reading() as session:
        first = english_names(session)
    assert (first.of("函件", "letter"), first.of("起草", "letter")) == ("Letters", "Write the letter")
    with database.transaction() as session:
        definitions.deploy(session, SYSTEM, "letter", {"process.bpmn": diagram(task="Draft")})
        definitions.deploy(session, SYSTEM, "other", {"process.bpmn": diagram(process="", task="Draw up")})
    with database.reading() as session:
        now = english_names(session)
    assert now.of("起草", "letter") == "Draft"
    assert now.of("起草", "other") == "Draw up"
    assert now.of("函件", "other") == "Letters", "a name that only another procedure gives"
    assert now.of("办结", "letter") == "办结", "no English name: as it stands"
    assert now.of("", "letter") == ""


def test_an_english_name_is_no_mistake_no_parameter_and_no_expression():
    around = Surroundings(
        operations={"letter.send": frozenset()}, parameters={"letter.send": frozenset()},
        roles=frozenset({"city_bureau.clerk"}),
    )  # fmt: skip
    assert [each.code for each in check_diagram(diagram(), around) if each.code.startswith(("property", "param"))] == []
    assert not [each for each in uses(diagram()) if "Write" in each.names]


def test_a_changed_english_name_is_told_in_the_comparison():
    changed = compare({"process.bpmn": diagram()}, {"process.bpmn": diagram(task="Draft")})
    assert [str(each) for each in changed.sentences()] == ["用户任务“起草”：英文名称由“Write the letter”改为“Draft”"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_procedure_and_every_step_that_people_do_has_an_english_name(path):
    bpmn = path.read_bytes()
    named = names_in(bpmn)
    program = compile_program(bpmn)
    elements = [each for each in program.elements.values() if each.kind == "userTask"]
    wanted = {each.name for each in [*elements, *(program.elements[key] for key in program.processes)]}
    assert wanted <= named.keys()
    assert all(each.isascii() for each in named.values())
