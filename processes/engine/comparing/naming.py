"""What the attributes of a diagram are called, and how an element is named in a sentence."""

from __future__ import annotations

import re

from processes.engine.comparing.model import Words
from processes.engine.comparing.reading import Part, Reading
from processes.engine.drawing.words import KINDS
from processes.messages import Message, message

NOTES = frozenset(
    {
        *("textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference"),
        *("category", "collaboration", "participant", "messageFlow", "itemDefinition", "definitions"),
    }
)
"""Kinds of elements that explain and are not executed."""
EXPLAINING = re.compile(r"documentation(\[\d+\])?(/@.*)?|text|@textFormat")
MORE_KINDS: dict[str, Message] = {
    "process": message("流程"),
    "sequenceFlow": message("连线"),
    "messageFlow": message("消息流"),
    "message": message("消息"),
    "signal": message("信号"),
    "error": message("错误"),
    "escalation": message("升级"),
    "association": message("关联线"),
    "category": message("分类"),
    "collaboration": message("协作图"),
    "itemDefinition": message("数据类型"),
    "dataStore": message("数据存储"),
    "definitions": message("流程图文件"),
}
FACTS: dict[str, Message] = {
    "kind": message("类型"),
    "scope": message("所在的流程或子流程"),
    "lane": message("泳道"),
    "order": message("出口的判断顺序"),
    "@name": message("名称"),
    "@value": message("名称"),
    "text": message("内容"),
    "documentation": message("说明"),
    "@isExecutable": message("是否执行"),
    "@default": message("默认出口"),
    "@sourceRef": message("起点"),
    "@targetRef": message("终点"),
    "@attachedToRef": message("附着的环节"),
    "@calledElement": message("调用的流程"),
    "@processRef": message("所指流程"),
    "@cancelActivity": message("触发时中断原环节"),
    "@isInterrupting": message("触发时中断"),
    "@triggeredByEvent": message("由事件触发"),
    "@messageRef": message("消息"),
    "@categoryValueRef": message("名称"),
    "@errorCode": message("错误代码"),
    "@escalationCode": message("升级代码"),
    "@gatewayDirection": message("网关方向"),
    "@associationDirection": message("方向"),
    "@isForCompensation": message("用于补偿"),
    "@implementation": message("实现方式"),
    "@scriptFormat": message("脚本语言"),
    "conditionExpression": message("条件"),
    "conditionExpression/@language": message("条件的语言"),
    "script": message("脚本"),
    "messageEventDefinition/@messageRef": message("消息"),
    "signalEventDefinition/@signalRef": message("信号"),
    "errorEventDefinition/@errorRef": message("错误"),
    "escalationEventDefinition/@escalationRef": message("升级"),
    "timerEventDefinition/timeDate": message("定时：到某一时刻"),
    "timerEventDefinition/timeDuration": message("定时：经过时长"),
    "timerEventDefinition/timeCycle": message("定时：周期"),
    "conditionalEventDefinition/condition": message("触发条件"),
    "linkEventDefinition/@name": message("链接名称"),
    "multiInstanceLoopCharacteristics/@isSequential": message("多实例逐个进行"),
    "multiInstanceLoopCharacteristics/@behavior": message("多实例触发方式"),
    "multiInstanceLoopCharacteristics/@collection": message("多实例的集合"),
    "multiInstanceLoopCharacteristics/@elementVariable": message("多实例的变量"),
    "multiInstanceLoopCharacteristics/loopCardinality": message("多实例的份数"),
    "multiInstanceLoopCharacteristics/loopDataInputRef": message("多实例的集合"),
    "multiInstanceLoopCharacteristics/loopDataOutputRef": message("多实例结果的变量"),
    "multiInstanceLoopCharacteristics/inputDataItem/@id": message("多实例的变量"),
    "multiInstanceLoopCharacteristics/inputDataItem/@name": message("多实例的变量名"),
    "multiInstanceLoopCharacteristics/outputDataItem/@id": message("每份的结果变量"),
    "multiInstanceLoopCharacteristics/outputDataItem/@name": message("每份的结果变量名"),
    "multiInstanceLoopCharacteristics/completionCondition": message("多实例的完成条件"),
    "multiInstanceLoopCharacteristics": message("多实例"),
    "standardLoopCharacteristics": message("循环"),
    "standardLoopCharacteristics/@testBefore": message("循环先判断后执行"),
    "standardLoopCharacteristics/@loopMaximum": message("循环次数上限"),
    "standardLoopCharacteristics/loopCondition": message("循环条件"),
    "+name_en": message("英文名称"),
    "+title": message("标题"),
    "+starters": message("可以发起的岗位"),
    "+code": message("案件编号简称"),
    "+stages": message("阶段"),
    "+stage": message("进入的阶段"),
    "+role": message("办理岗位"),
    "+unit": message("办理单位"),
    "+person": message("办理人"),
    "+form": message("表单"),
    "+check": message("提交校验"),
    "+carry": message("带入流程的答案"),
    "+due": message("办理时限"),
    "+remind": message("提醒"),
    "+escalate": message("逾期上报"),
    "+result": message("结果摘要"),
    "+operation": message("操作"),
    "+sign": message("签署方式"),
    "+pass": message("通过规则"),
    "+signers": message("签署人"),
    "+agree": message("何为同意"),
    "+return": message("可以退回"),
    "+reject": message("可以驳回"),
    "+again": message("退回后保留上次填写"),
    "+asks": message("发起时先填写标题中的变量"),
    "+tally": message("表单旁的即时统计"),
    "+payload": message("消息携带的变量"),
    "+correlation": message("消息的对应关系"),
    "+document": message("文书"),
    "+recall": message("撤回"),
    "+article": message("依据条款"),
}
"""Attributes by path; a `+` is a property of the desk, an `@` an attribute of the XML."""
_NUMBER = re.compile(r"\[\d+\]")


def fact_name(path: str, kind: str) -> Words:
    """What an attribute is called: by its name, as a parameter of an operation, or by its path."""
    known = FACTS.get(_NUMBER.sub("", path))
    if known is not None:
        return known
    if path.startswith("+"):
        if kind in ("serviceTask", "sendTask", "businessRuleTask"):
            return message("参数 %(name)s", name=path[1:])
        return message("属性 %(name)s", name=path[1:])
    if path.endswith("EventDefinition"):
        return message("触发方式 %(name)s", name=path.removesuffix("EventDefinition"))
    return message("属性 %(name)s", name=path.removeprefix("@"))


def kind_name(kind: str) -> Words:
    """What a kind of element is called."""
    return MORE_KINDS.get(kind) or KINDS.get(kind) or kind


def subject(part: Part, reading: Reading) -> Words:
    """An element as the subject of a sentence."""
    if part.kind == "definitions":
        return kind_name(part.kind)
    if part.kind in ("sequenceFlow", "messageFlow", "association"):
        return message("%(kind)s“%(name)s”", kind=kind_name(part.kind), name=flow_name(part, reading))
    name = " ".join((part.name or part.id).split())
    return message("%(kind)s“%(name)s”", kind=kind_name(part.kind), name=name if len(name) <= 60 else name[:59] + "…")


def flow_name(part: Part, reading: Reading) -> str:
    """A line by its ends, with its own name where it has one."""
    source, target = (reading.name_of(part.facts.get(end, "")) for end in ("@sourceRef", "@targetRef"))
    ends = f"{source} → {target}"
    return f"{part.name}（{ends}）" if part.name else ends


def is_note(part: Part) -> bool:
    """Whether an element only explains."""
    return part.kind in NOTES


def explains(path: str) -> bool:
    """Whether an attribute only explains."""
    return bool(EXPLAINING.fullmatch(path))
