"""The names of BPMN's shapes and of the states of a case, as they are read to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from processes.engine.drawing.marks import Mark
from processes.engine.drawing.reading import Shape
from processes.messages import Message, message

KINDS: dict[str, Message] = {
    "participant": message("参与方"),
    "lane": message("泳道"),
    "task": message("任务"),
    "userTask": message("用户任务"),
    "manualTask": message("手工任务"),
    "serviceTask": message("服务任务"),
    "scriptTask": message("脚本任务"),
    "sendTask": message("发送任务"),
    "receiveTask": message("接收任务"),
    "businessRuleTask": message("规则任务"),
    "callActivity": message("调用流程"),
    "subProcess": message("子流程"),
    "transaction": message("事务子流程"),
    "adHocSubProcess": message("自由子流程"),
    "startEvent": message("开始事件"),
    "endEvent": message("结束事件"),
    "intermediateCatchEvent": message("中间捕获事件"),
    "intermediateThrowEvent": message("中间抛出事件"),
    "boundaryEvent": message("边界事件"),
    "exclusiveGateway": message("排他网关"),
    "parallelGateway": message("并行网关"),
    "inclusiveGateway": message("包容网关"),
    "eventBasedGateway": message("事件网关"),
    "complexGateway": message("复杂网关"),
    "textAnnotation": message("注释"),
    "group": message("分组"),
    "dataObjectReference": message("数据对象"),
    "dataObject": message("数据对象"),
    "dataStoreReference": message("数据存储"),
    "dataInput": message("输入数据"),
    "dataOutput": message("输出数据"),
}
STATES: dict[str, Message] = {
    "done": message("已完成"),
    "current": message("办理中"),
    "late": message("已逾期"),
    "cancelled": message("已取消"),
    "coming": message("未到达"),
    "added": message("新增"),
    "removed": message("删除"),
    "changed": message("修改"),
    "moved": message("仅位置变化"),
}


def spoken(shape: Shape, mark: Mark | None) -> str:
    """What is read for a shape when the page gives no words of its own."""
    kind = str(KINDS.get(shape.kind, message("图形")))
    parts = [str(message("%(name)s（%(kind)s）", name=shape.name, kind=kind)) if shape.name else kind]
    if mark:
        if mark.state in STATES:
            parts.append(str(STATES[mark.state]))
        if mark.count is not None:
            parts.append(str(message("%(count)s 件", count=mark.count)))
        if mark.note:
            parts.append(mark.note)
    return "，".join(parts)


def summary(marks: Mapping[str, Mark], shapes: int) -> str:
    """What is read for the whole picture: how many elements, and how many in each state."""
    counts: Counter[str] = Counter(mark.state for mark in marks.values())
    parts = [str(message("流程图，共 %(count)s 个图形", count=shapes))]
    parts += [
        str(message("%(state)s %(count)s 个", state=str(word), count=counts[state]))
        for state, word in STATES.items()
        if counts.get(state)
    ]
    return "；".join(parts)
