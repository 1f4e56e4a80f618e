"""Two diagrams compared: every change of substance is told with before and after, what is only drawn is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from processes.engine.comparing import compare, in_language
from processes.engine.spiff.reading import MODEL

APPOINTMENT = Path("bpmn/appointment/process.bpmn").read_bytes()

SMALL = (Path(__file__).parent / "small.bpmn").read_text()


def told(before: str, after: str) -> list[str]:
    found = compare({"process.bpmn": before.encode()}, {"process.bpmn": after.encode()})
    return [str(in_language(each)) for each in found.sentences()]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('value="10wd"', 'value="5wd"', "用户任务“初审”：办理时限由“10 个工作日”改为“5 个工作日”"),
        ('value="-3wd, 0wd"', 'value="-1d"', "用户任务“初审”：提醒由“到期前 3 个工作日；到期当日”改为“到期前 1 天”"),
        ("P10D", "PT12H", "边界事件“超时”：定时：经过时长由“10 天”改为“12 小时”"),
        ("timeDuration", "timeDate", "边界事件“超时”：增加定时：到某一时刻“10 天”"),
        (">passed<", ">passed or late<", "连线“通过（是否通过 → 签批）”：条件由“passed”改为“passed or late”"),
        ("city_bureau.clerk", "applicant", "泳道“经办”：办理岗位由“市规划自然资源局经办”改为“报名人选”"),
        ('value="archive"', 'value="shred"', "服务任务“归档”：操作由“archive”改为“shred”"),
        ("today()", "workdays(3)", "服务任务“归档”：参数 until由“today()”改为“workdays(3)”"),
        ("n = n + 1", "n = n + 2", "脚本任务“计数”：脚本由“n = n + 1”改为“n = n + 2”"),
        ('name="replied"', 'name="answered"', "中间捕获事件“等回复”：消息由“replied”改为“answered”"),
        ('isSequential="false"', 'isSequential="true"', "用户任务“初审”：多实例逐个进行由“否”改为“是”"),
        (">parties<", ">units<", "用户任务“初审”：多实例的集合由“parties”改为“units”"),
        (
            'default="f4"',
            'default="f3"',
            "排他网关“是否通过”：默认出口由“是否通过 → 归档”改为“通过（是否通过 → 签批）”",
        ),
        ('attachedToRef="review"', 'attachedToRef="sign"', "边界事件“超时”：附着的环节由“初审”改为“签批”"),
        ('name="审查"', 'name="审核"', "流程“审核”：名称由“审查”改为“审核”"),
    ],
)  # fmt: skip
def test_a_change_of_one_attribute_is_told_with_before_and_after(old, new, sentence):
    assert sentence in told(SMALL, SMALL.replace(old, new))


def test_a_step_in_another_lane_is_told_as_such():
    ref = "<bpmn:flowNodeRef>review</bpmn:flowNodeRef>"
    after = SMALL.replace(ref, "").replace("<bpmn:flowNodeRef>sign<", ref + "<bpmn:flowNodeRef>sign<")
    assert told(SMALL, after) == ["用户任务“初审”：泳道由“经办”改为“领导”"]


def test_the_order_in_which_conditions_are_looked_at_counts():
    flows = re.findall(r'<bpmn:sequenceFlow id="f[35]".*?</bpmn:sequenceFlow>', SMALL, re.DOTALL)
    after = SMALL.replace(flows[0], "").replace(flows[1], flows[1] + flows[0])
    assert told(SMALL, after) == ["排他网关“是否通过”：出口的判断顺序由“通过；存疑；归档”改为“存疑；通过；归档”"]


def test_what_is_added_is_told_with_all_that_it_says():
    due = '<s:properties><s:property name="due" value="3wd"/></s:properties>'
    inside = f"<bpmn:extensionElements>{due}</bpmn:extensionElements>"
    task = f'<bpmn:userTask id="check" name="复核">{inside}</bpmn:userTask>'
    after = SMALL.replace("    <bpmn:endEvent", task + "<bpmn:endEvent")
    assert told(SMALL, after) == ["新增用户任务“复核”", "用户任务“复核”：办理时限为“3 个工作日”"]
    assert told(after, SMALL) == ["删除用户任务“复核”", "用户任务“复核”：办理时限为“3 个工作日”"]


def test_a_changed_documentation_is_a_note_and_no_change_of_substance():
    after = SMALL.replace(
        'name="签批"/>', 'name="签批"><bpmn:documentation>第六条</bpmn:documentation></bpmn:userTask>'
    )
    found = compare({"process.bpmn": SMALL.encode()}, {"process.bpmn": after.encode()})
    assert not found.of_substance
    assert [str(each) for each in found.sentences()] == ["用户任务“签批”：增加说明“第六条”"]


def test_what_is_only_drawn_elsewhere_is_moved_and_not_changed():
    after = SMALL.replace('x="100" y="100"', 'x="140" y="300"').replace('x="260" y="140"', 'x="300" y="140"')
    found = compare({"process.bpmn": SMALL.encode()}, {"process.bpmn": after.encode()})
    assert found.same
    assert found.moved == {"review", "f2"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bpmn:", "b:"),
        ('id="t1"', 'id="other"'),
        ("    <bpmn:endEvent", "\n\n<bpmn:endEvent"),
        ('id="m1" name', 'id="m1"   name'),
        (' xsi:type="bpmn:tFormalExpression"', ""),
        ('targetNamespace="t"', 'targetNamespace="t" exporter="other tool" exporterVersion="9"'),
        ('attachedToRef="review"', 'attachedToRef="review" cancelActivity="true"'),
        (' isSequential="false"', ""),
        ('id="review" name="初审">', 'id="review" name="初审"><bpmn:categoryValueRef>v</bpmn:categoryValueRef>'),
    ],
)
def test_what_another_program_writes_otherwise_is_no_change(old, new):
    after = SMALL.replace(old, new).replace("xmlns:bpmn=", "xmlns:b=") if old == "bpmn:" else SMALL.replace(old, new)
    found = compare({"process.bpmn": SMALL.encode()}, {"process.bpmn": after.encode()})
    assert found.same
    assert not found.moved


def _places() -> list[tuple[int, str | None]]:
    """Every attribute and text of the appointment diagram that is no drawing, no id and no inner technical id."""
    places: list[tuple[int, str | None]] = []
    for number, node in enumerate(etree.fromstring(APPOINTMENT).iter(etree.Element)):
        own = etree.QName(node)
        if own.namespace not in (MODEL, "http://spiffworkflow.org/bpmn/schema/1.0/core"):
            continue
        places += [
            (number, key)
            for key in node.attrib
            if key != "id" and not key.endswith("}type") and not (own.localname == "property" and key == "name")
        ]
        if (node.text or "").strip() and own.localname not in ("incoming", "outgoing", "flowNodeRef"):
            places.append((number, None))
    return places


def test_no_attribute_of_a_real_diagram_can_change_unnoticed():
    places = _places()
    assert len(places) > 1000
    for number, key in places[:: max(1, len(places) // 150)]:
        root = etree.fromstring(APPOINTMENT)
        node = next(each for place, each in enumerate(root.iter(etree.Element)) if place == number)
        if key is None:
            node.text = (node.text or "") + " or other"
        else:
            node.set(key, node.get(key) + "x")
        changed = etree.tostring(root)
        found = compare({"process.bpmn": APPOINTMENT}, {"process.bpmn": changed})
        assert not found.same, (node.tag, key)
