"""What a tool loses is found and put back; what nobody deleted does not vanish."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from processes.engine import modeling
from processes.engine.modeling import Loss, lost_facts, merged, opened
from processes.engine.modeling.source import tree
from processes.errors import Invalid

ROOT = Path(__file__).parents[3]
FRONTEND = ROOT / "webapp" / "frontend"
OWN = sorted(ROOT.glob("bpmn/*/process.bpmn"))[::4]
SAMPLES = Path(__file__).parents[4] / "shared" / "bpmn_samples"
HEAD = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:f="http://example.org/foreign" '
    'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d">'
)
WHOLE = f"""{HEAD}<!-- 第一稿 --><b:process id="p" f:owner="处室">
  <b:extensionElements><f:note f:kind="x">原话 &lt;保留&gt;</f:note></b:extensionElements>
  <b:userTask id="t" name="填写" isForCompensation="false"><f:stray a="1">别处</f:stray></b:userTask>
  <b:endEvent id="e"><b:errorEventDefinition errorRef="nowhere" /></b:endEvent>
</b:process><di:BPMNDiagram id="g"><di:BPMNPlane id="l" bpmnElement="p"><di:BPMNShape id="t_di" bpmnElement="t">
  <dc:Bounds x="313.75" y="10.0" width="100" height="80" />
</di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></b:definitions>"""
BACK = f"""{HEAD}<b:process id="p" owner="处室">
  <b:extensionElements><f:note f:kind="x">原话 &lt;保留&gt;</f:note></b:extensionElements>
  <b:userTask id="t" name="填写" />
  <b:endEvent id="e"><b:errorEventDefinition /></b:endEvent>
</b:process><di:BPMNDiagram id="g"><di:BPMNPlane id="l" bpmnElement="p"><di:BPMNShape id="t_di" bpmnElement="t">
  <dc:Bounds x="314" y="10" width="100" height="80" />
</di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></b:definitions>"""


def test_what_was_lost_is_told_part_by_part():
    found = opened(WHOLE.encode(), BACK.encode())
    assert [(each.kind, each.near, each.name) for each in found.kept] == [
        ("remark", "d", "0"),
        ("attribute", "p", "{http://example.org/foreign}owner"),
        ("stray", "p", "owner"),
        ("element", "t", "0"),
        ("attribute", "e", "errorRef"),
        ("attribute", "t_di", "x"),
    ]
    assert found.gone == []


def test_all_of_it_is_put_back_when_it_is_saved():
    kept = opened(WHOLE.encode(), BACK.encode()).kept
    saved = merged(WHOLE.encode(), BACK.encode(), set(), kept)
    assert lost_facts(tree(WHOLE.encode()), tree(saved)) == {}
    assert lost_facts(tree(saved), tree(WHOLE.encode())) == {}


def test_what_somebody_has_changed_since_is_not_put_back():
    kept = opened(WHOLE.encode(), BACK.encode()).kept
    drawn = BACK.replace('x="314"', 'x="500"').replace(
        "<b:errorEventDefinition />", '<b:errorEventDefinition errorRef="x" />'
    )
    saved = merged(WHOLE.encode(), drawn.encode(), set(), kept)
    assert b'x="500"' in saved
    assert b'errorRef="x"' in saved


def test_what_belonged_to_a_deleted_element_goes_with_it():
    kept = opened(WHOLE.encode(), BACK.encode()).kept
    drawn = BACK.replace('<b:userTask id="t" name="填写" />', "").replace('bpmnElement="t"', 'bpmnElement="e"')
    saved = merged(WHOLE.encode(), drawn.encode(), {"t"}, kept)
    assert b"stray" not in saved


def test_an_element_that_nobody_deleted_keeps_the_diagram_from_being_saved():
    drawn = BACK.replace('<b:userTask id="t" name="填写" />', "")
    with pytest.raises(modeling.VanishedElements, match="不见了") as refused:
        merged(WHOLE.encode(), drawn.encode(), {"e"}, [])
    assert refused.value.names == ["填写（t）"]


def test_whoever_overwrites_knowingly_may_leave_anything_out():
    assert b'id="t"' not in merged(
        WHOLE.encode(), BACK.replace('<b:userTask id="t" name="填写" />', "").encode(), None, []
    )


@pytest.mark.parametrize(
    "data", [None, {}, {"kind": "other", "near": "", "path": [], "name": "", "value": ""}, {"path": 3}]
)
def test_a_loss_that_makes_no_sense_is_refused(data):
    with pytest.raises(Invalid):
        Loss.read(data)


@pytest.mark.parametrize("value", ["<a>", "", "<!DOCTYPE a><a/>", "&x;"])
def test_a_part_that_is_no_xml_is_not_put_back(value):
    with pytest.raises(Invalid):
        merged(WHOLE.encode(), BACK.encode(), set(), [Loss("element", "p", (), "0", value)])


def test_moddle_gives_every_diagram_back_as_it_was(tmp_path):
    """The library that reads and writes for the modeler, over procedures and, where at hand, other tools' files."""
    node = ROOT / ".venv" / "bin" / "node"
    if not (FRONTEND / "node_modules" / "bpmn-moddle").is_dir() or not node.exists():
        pytest.skip("the studio is not built: make setup")
    before: dict[str, bytes] = {}
    for place, path in enumerate([*OWN, *sorted(SAMPLES.glob("*.bpmn"))]):
        try:
            whole = modeling.portable(path.read_bytes())
        except Invalid:
            continue
        file = tmp_path / f"{place}.bpmn"
        file.write_bytes(whole.xml)
        before[str(file)] = whole.xml
    told = subprocess.run([node, FRONTEND / "round_trip.mjs", *before], capture_output=True, check=True, text=True)
    after = {name: each["xml"].encode() for name, each in json.loads(told.stdout).items()}
    own = list(before)[: len(OWN)]
    assert len(own) >= 4
    for name, xml in before.items():
        found = opened(xml, after[name])
        assert found.gone == []
        assert name not in own or found.kept == []
        saved = merged(xml, after[name], set(), found.kept)
        assert lost_facts(tree(xml), tree(saved)) == {}
