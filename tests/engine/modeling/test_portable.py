"""Files as the modeler can take them in."""

from __future__ import annotations

import pytest

from processes.engine.modeling import portable
from processes.engine.modeling.source import tree
from processes.errors import Invalid

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/t" id="d">'
PROCESS = """
  <process id="流程" name="请假" isExecutable="true">
    <startEvent id="begin"><outgoing>同意</outgoing></startEvent>
    <userTask id="填写" name="填写"><incoming>同意</incoming></userTask>
    <sequenceFlow id="同意" sourceRef="begin" targetRef="填写" />
    <endEvent id="done" />
    <sequenceFlow id="flow4 " sourceRef="填写" targetRef="done" />
    <sequenceFlow sourceRef="填写" targetRef="done" />
  </process>
</definitions>"""


def made(text: str, encoding: str = "UTF-8") -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'.encode(encoding)


def test_ids_that_the_modeler_would_drop_become_ascii_and_references_follow():
    found = portable(made(HEAD + PROCESS))
    root = tree(found.xml)
    assert {each.before: each.after for each in found.renamed} == {
        "流程": "process_1",
        "填写": "userTask_1",
        "同意": "sequenceFlow_1",
        "flow4 ": "flow4",
        "": "sequenceFlow_2",
    }
    task = root.find(f".//{BPMN}userTask")
    assert task is not None
    assert task.findtext(f"{BPMN}incoming") == "sequenceFlow_1"
    flows = {
        each.get("id"): (each.get("sourceRef"), each.get("targetRef")) for each in root.iter(f"{BPMN}sequenceFlow")
    }
    assert flows["flow4"] == ("userTask_1", "done")
    assert flows["sequenceFlow_1"] == ("begin", "userTask_1")


def test_the_same_file_always_becomes_the_same():
    assert portable(made(HEAD + PROCESS)).xml == portable(made(HEAD + PROCESS)).xml


def test_of_two_elements_with_one_id_the_second_gets_another():
    found = portable(
        made(HEAD + '<process id="p"><task id="a" name="一" /><task id="a" name="二" /></process></definitions>')
    )
    assert [(each.before, each.after, each.name) for each in found.renamed] == [("a", "task_1", "二")]


@pytest.mark.parametrize("encoding", ["GB18030", "GBK", "UTF-16", "ISO-8859-1"])
def test_any_encoding_becomes_utf_8_and_is_told(encoding):
    name = "Müller" if encoding == "ISO-8859-1" else "请假"
    found = portable(
        made(HEAD + f'<process id="p" name="{name}"><startEvent id="s" /></process></definitions>', encoding)
    )
    assert f'name="{name}"'.encode() in found.xml
    assert any(encoding in str(each) for each in found.notices)


def test_a_file_without_a_drawing_gets_one():
    found = portable(made(HEAD + '<process id="p"><startEvent id="s" /></process></definitions>'))
    assert b"BPMNShape" in found.xml


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<definitions>",
        b"<a/>",
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
        b"<" + b"a" * 3_000_000,
        made(HEAD + '<process id="p">' + "<task/>" * 10_000 + "</process></definitions>"),
        made(HEAD + "<subProcess>" * 5_000 + "</subProcess>" * 5_000 + "</definitions>"),
        made(HEAD + f'<process id="p" name="{"x" * 5_000_000}" /></definitions>'),
    ],
)
def test_what_is_no_diagram_or_a_monster_is_refused_with_a_sentence(content):
    with pytest.raises(Invalid):
        portable(content)
