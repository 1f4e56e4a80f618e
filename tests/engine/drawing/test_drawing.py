"""Diagrams as pictures and as lists of steps."""

from __future__ import annotations

from itertools import combinations

import pytest
from lxml import etree

from processes.engine.drawing import Mark, Shape, draw, layout, steps
from processes.errors import Invalid

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
SVG = "{http://www.w3.org/2000/svg}"

CASE = f"""<definitions xmlns="{MODEL}" xmlns:bpmndi="{DI}" targetNamespace="t">
<collaboration id="C">
  <participant id="P1" name="市规划和自然资源局" processRef="Main"/>
  <participant id="P2" name="用人单位"/>
  <messageFlow id="M1" name="复函" sourceRef="P2" targetRef="Wait"/>
</collaboration>
<process id="Main">
  <laneSet><lane id="L1" name="经办"><flowNodeRef>Begin</flowNodeRef><flowNodeRef>Fill</flowNodeRef>
    <flowNodeRef>Each</flowNodeRef><flowNodeRef>Late</flowNodeRef><flowNodeRef>Wait</flowNodeRef>
    <flowNodeRef>Done</flowNodeRef></lane>
    <lane id="L2" name="负责人"><flowNodeRef>Sign</flowNodeRef><flowNodeRef>Ask</flowNodeRef>
    <flowNodeRef>Call</flowNodeRef></lane></laneSet>
  <endEvent id="Done" name="办结"/>
  <startEvent id="Begin" name="发起"/>
  <userTask id="Fill" name="填写征集通知"/>
  <manualTask id="Sign" name="审签"/>
  <exclusiveGateway id="Ask" name="是否同意？" default="F4"/>
  <subProcess id="Each" name="逐区县征集"><multiInstanceLoopCharacteristics/>
    <startEvent id="In"/><userTask id="Reply" name="回复"/><endEvent id="Out"/>
    <sequenceFlow id="G1" sourceRef="In" targetRef="Reply"/><sequenceFlow id="G2" sourceRef="Reply" targetRef="Out"/>
  </subProcess>
  <boundaryEvent id="Late" name="逾期" attachedToRef="Each" cancelActivity="false">
    <timerEventDefinition/></boundaryEvent>
  <manualTask id="Call" name="电话催办"/>
  <intermediateCatchEvent id="Wait"><messageEventDefinition/></intermediateCatchEvent>
  <sequenceFlow id="F1" sourceRef="Begin" targetRef="Fill"/>
  <sequenceFlow id="F2" sourceRef="Fill" targetRef="Sign"/>
  <sequenceFlow id="F3" sourceRef="Sign" targetRef="Ask"/>
  <sequenceFlow id="F4" sourceRef="Ask" targetRef="Fill" name="退回"/>
  <sequenceFlow id="F5" sourceRef="Ask" targetRef="Each" name="同意"/>
  <sequenceFlow id="F6" sourceRef="Each" targetRef="Wait"/>
  <sequenceFlow id="F7" sourceRef="Wait" targetRef="Done"/>
  <sequenceFlow id="F8" sourceRef="Late" targetRef="Call"/>
</process></definitions>""".encode()


def one(content: str, kind: str = "userTask", attributes: str = "", width: int = 100, height: int = 80) -> bytes:
    """A file with one drawn element."""
    return f"""<definitions xmlns="{MODEL}" xmlns:bpmndi="{DI}" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"><process id="P">
<{kind} id="X" {attributes.partition("|")[0]}>{content}</{kind}></process>
<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="P"><bpmndi:BPMNShape bpmnElement="X" {attributes.partition("|")[2]}>
<dc:Bounds x="10" y="20" width="{width}" height="{height}"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>""".encode()


def read(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def group(svg: str, element: str) -> etree._Element:
    return next(g for g in read(svg).iter(f"{SVG}g") if g.get("data-element") == element)


def boxes(xml: bytes) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for shape in etree.fromstring(xml).iter(f"{{{DI}}}BPMNShape"):
        x, y, w, h = (float(shape[0].get(side)) for side in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + w, y + h)
    return found


def test_the_picture_is_a_named_image_without_styles_or_scripts():
    svg = draw(CASE, title="选聘流程")
    root = read(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "选聘流程"
    assert root[1].tag == f"{SVG}desc"
    assert all(e.get("style") is None for e in root.iter())
    assert not [e for e in root.iter() if str(e.tag).endswith(("script", "style", "foreignObject", "image", "use"))]
    assert not [name for e in root.iter() for name in e.attrib if name.startswith("on") or "href" in name]


def test_every_shape_and_flow_is_found_by_its_id_and_every_shape_has_words():
    svg = draw(CASE, title="t")
    found = {g.get("data-element"): g for g in read(svg).iter(f"{SVG}g") if g.get("data-element")}
    assert {"P1", "P2", "L1", "L2", "Begin", "Fill", "Each", "Reply", "Late", "Wait", "F4", "M1"} <= set(found)
    assert found["Fill"].findtext(f"{SVG}title") == "填写征集通知（用户任务）"
    assert all(g.find(f"{SVG}title") is not None for g in found.values() if "bpmn-shape" in g.get("class"))


@pytest.mark.parametrize("text", ['<script>alert("1")</script>', "\" onload='x' &amp; ]]>", "\x01控制\x0c字符"])
def test_text_of_the_file_never_becomes_markup(text):
    name = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    name = "".join(c for c in name if c >= " ")
    svg = draw(
        one("", attributes=f'name="{name}"'), {"X": Mark("done", note=text)}, title=text, describe=lambda s: text
    )
    assert not list(read(svg).iter(f"{SVG}script"))
    assert "<script" not in svg
    assert all(set(e.attrib) & {"onload", "onclick"} == set() for e in read(svg).iter())


@pytest.mark.parametrize(
    ("colour", "kept"),
    [("#fff1cc", True), ("#FFF1CC", True), ("red", False), ("#fff", False), ("url(#x)", False), ("#fff1cc;x", False)],
)
def test_only_plain_colours_of_the_file_are_taken(colour, kept):
    svg = draw(one("", attributes=f'name="办理"|bioc:fill="{colour}"'), title="t")
    assert (f'fill="{colour}"' in svg) is kept


NAMES = ["", "征集首席规划师岗位需求并汇总上报市政府审定" * 3, "Antragsbearbeitung " * 9, "W" * 200, "，。！" * 30]


@pytest.mark.parametrize("kind", ["userTask", "textAnnotation", "startEvent", "exclusiveGateway", "subProcess"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_length_is_drawn_inside_its_room(kind, name):
    content = f"<text>{name}</text>" if kind == "textAnnotation" else ""
    svg = draw(one(content, kind, f'name="{name}"'), title="t")
    frame = [float(v) for v in read(svg).get("viewBox").split()]
    for span in read(svg).iter(f"{SVG}tspan"):
        assert frame[1] < float(span.get("y")) < frame[1] + frame[3]
    if kind == "userTask":
        lines = [t.text for t in group(svg, "X").iter(f"{SVG}tspan")]
        assert all(sum(1.0 if c > "⺀" else 0.3 for c in line) * 10 <= 100 for line in lines)
        assert len(lines) <= 6
        assert not name or len(name) < 60 or lines[-1].endswith("…")


@pytest.mark.parametrize("state", ["done", "current", "late", "cancelled"])
def test_a_state_is_told_by_a_sign_and_by_words_not_by_colour_alone(state):
    svg = draw(one("", attributes='name="办理"'), {"X": Mark(state, 12, "张三")}, title="t")
    shape = group(svg, "X")
    assert f"is-{state}" in shape.get("class")
    assert shape.get("data-state") == state
    assert any(f"bpmn-glyph-{state}" in (p.get("class") or "") for p in shape.iter(f"{SVG}path"))
    assert shape.findtext(f"{SVG}title").startswith("办理（用户任务），")
    assert shape.findtext(f"{SVG}title").endswith("，12 件，张三")
    assert [t[0].text for t in shape.iter(f"{SVG}text") if "bpmn-number" in t.get("class")] == ["12"]


def test_the_frame_of_work_at_hand_is_thicker():
    plain = group(draw(one(""), {"X": Mark("coming")}, title="t"), "X")
    current = group(draw(one(""), {"X": Mark("current")}, title="t"), "X")
    assert float(current.get("stroke-width")) > float(plain.get("stroke-width"))


def test_the_page_may_give_its_own_words():
    def words(shape: Shape) -> str:
        return f"{shape.kind}:{shape.name}"

    svg = draw(CASE, title="t", describe=words, caption="caption")
    assert group(svg, "Sign").findtext(f"{SVG}title") == "manualTask:审签"
    assert read(svg).findtext(f"{SVG}desc") == "caption"


KINDS = [
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
    "dataObjectReference",
    "dataStoreReference",
    "textAnnotation",
    "group",
]
TRIGGERS = [
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "terminate",
    "conditional",
    "link",
    "compensation",
    "cancel",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_shape_has_its_own_look(kind):
    def look(of: str) -> str:
        shape = group(draw(one("", of), title="t"), "X")
        return "".join(etree.tostring(child).decode() for child in shape if not child.tag.endswith("title"))

    others = {"transaction": "task"}.get(kind, "userTask" if kind != "userTask" else "task")
    assert look(kind) != look(others)


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("kind", ["startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent"])
def test_every_trigger_of_an_event_has_a_sign(kind, trigger):
    svg = draw(one(f"<{trigger}EventDefinition/>", kind, width=36, height=36), title="t")
    assert any("bpmn-sign" in g.get("class") for g in group(svg, "X").iter(f"{SVG}g"))


def test_an_event_that_does_not_interrupt_is_dashed():
    assert "stroke-dasharray" not in {k for c in group(draw(one("", "startEvent"), title="t"), "X") for k in c.attrib}
    dashed = group(draw(one("", "startEvent", 'isInterrupting="false"'), title="t"), "X")
    assert dashed.find(f"{SVG}circle").get("stroke-dasharray")


def test_a_file_without_a_diagram_is_laid_out_and_then_kept():
    laid = layout(CASE)
    assert layout(laid) == laid
    assert laid == layout(CASE)
    places = boxes(laid)
    order = [places[i][0] for i in ("Begin", "Fill", "Sign", "Ask", "Each", "Wait", "Done")]
    assert order == sorted(order)
    assert draw(laid, title="t") == draw(CASE, title="t")


def test_boxes_of_a_layout_do_not_overlap_and_stay_in_their_lane():
    places = boxes(layout(CASE))
    lanes = {"L1": ("Begin", "Fill", "Each", "Wait", "Done"), "L2": ("Sign", "Ask", "Call")}
    for lane, nodes in lanes.items():
        for node in nodes:
            assert places[lane][1] <= places[node][1]
            assert places[node][3] <= places[lane][3]
    for a, b in combinations([places[n] for nodes in lanes.values() for n in nodes], 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert places["Each"][0] < places["In"][0] < places["Out"][2] < places["Each"][2]
    assert places["Late"][1] < places["Each"][3] < places["Late"][3]


def test_steps_come_in_the_order_of_the_flow_with_lane_and_scope():
    listed = steps(CASE)
    first, then = ["Begin", "Fill", "Sign", "Ask", "Each", "In", "Reply", "Out"], ["Wait", "Done", "Late", "Call"]
    assert [s.element_id for s in listed] == first + then
    by_id = {s.element_id: s for s in listed}
    assert len(listed) == 12
    assert (by_id["Sign"].kind, by_id["Sign"].name, by_id["Sign"].lane_name) == ("manualTask", "审签", "负责人")
    assert (by_id["Reply"].scope, by_id["Reply"].lane_name) == ("Each", "经办")
    assert by_id["Each"].scope == "Main"


@pytest.mark.parametrize("xml", [b"", b"no xml", b"<a><b></a>", b"\xff\xfe\x00"])
def test_what_is_no_xml_is_refused_with_a_sentence(xml):
    with pytest.raises(Invalid):
        draw(xml, title="t")


BROKEN = ['x="nan" y="1" width="9" height="9"', 'x="1" y="1" width="-5" height="9"', 'x="1e300" y="1" width="9"', ""]


@pytest.mark.parametrize("bounds", BROKEN)
def test_broken_numbers_leave_the_shape_out(bounds):
    xml = one("").replace(b'x="10" y="20" width="100" height="80"', bounds.encode())
    assert read(draw(xml, title="t")).get("viewBox")


def test_entities_of_the_file_are_not_resolved():
    xml = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + one("<documentation>&e;</documentation>")
    assert "data-element" in draw(xml, title="t")


def test_a_long_chain_and_a_loop_are_drawn_without_recursion():
    nodes = "".join(f'<task id="T{i}"/>' for i in range(1500))
    flows = "".join(f'<sequenceFlow id="F{i}" sourceRef="T{i}" targetRef="T{(i + 1) % 1500}"/>' for i in range(1500))
    xml = f'<definitions xmlns="{MODEL}"><process id="P">{nodes}{flows}</process></definitions>'.encode()
    assert [s.element_id for s in steps(xml)] == [f"T{i}" for i in range(1500)]
    assert 'data-element="T1499"' in draw(xml, title="t")
