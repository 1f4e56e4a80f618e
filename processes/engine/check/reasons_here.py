"""What is executed here although other engines ignore or refuse it: told as a warning, in other words than an error."""

from __future__ import annotations

HERE: dict[str, tuple[str, str]] = {
    "reserved-id": (
        "编号“{id}”在许多引擎中是保留字（Start、End、Root）；本系统照常执行，如要在其他引擎中使用，请改用别的编号。",
        'Id "{id}" is reserved in many engines (Start, End, Root); it is executed here, choose another id for others.',
    ),
    "node-without-id": (
        "元素{it}没有编号（id）；本系统自动编号并照常执行，建议在建模器中补上编号。",
        "Element {it} has no id; this desk gives it one and executes it. Better give it one in the modeler.",
    ),
    "sequence-flow-without-id": (
        "顺序流“{id}”没有编号（id），许多引擎会忽略它；本系统自动编号并照常执行，建议补上编号。",
        'The sequence flow "{id}" has no id and many engines ignore it; it is executed here. Better give it one.',
    ),
    "no-end-event": (
        "流程{it}没有结束事件；在本系统中，最后一步办完即结束，建议画出结束事件。",
        "Process {it} has no end event; here it ends with its last step. Better draw an end event.",
    ),
    "subprocess-no-end-event": (
        "子流程{it}没有结束事件；在本系统中，最后一步办完即结束，建议画出结束事件。",
        "Sub-process {it} has no end event; here it ends with its last step. Better draw an end event.",
    ),
    "implicit-end": (
        "{it}之后没有顺序流；在本系统中，这条路径到此结束，如非有意，请连到下一步，否则建议画出结束事件。",
        "{it} has no outgoing flow; here this path ends with it. Connect it to the next step, or draw an end event.",
    ),
    "implicit-split": (
        "{it}有 {note} 条流出的顺序流；在本系统中，没有条件的和条件成立的会同时走，如只应走一条，请改用排他网关。",
        "{it} has {note} outgoing flows; here all without a condition and all whose condition holds are taken at once. "
        "Use an exclusive gateway where only one should be.",
    ),
    "condition-not-on-gateway": (
        "顺序流{it}的条件写在了判断网关之外（{note}）；本系统按条件执行，建议改画判断网关，让人一看就懂。",
        "The condition on flow {it} is not behind a decision gateway ({note}); it is executed here, "
        "but a gateway is easier to read.",
    ),
    "foreign-notation": (
        "{it}中的表达式是其他软件的写法：{note}；本系统照常执行。",
        "{it} holds an expression in the notation of another product: {note}; it is executed here.",
    ),
    "multi-instance-incomplete": (
        "多实例（会签）任务{it}用其他软件的写法指定集合：{note}；本系统照常执行，建议填写集合（loopDataInputRef）。",
        "Multi-instance activity {it} names its collection in the way of another product: {note}; it is executed here.",
    ),
    "event-illegal-here": (
        "事件{it}画成了不中断（{note}）；BPMN 规定这类事件必须中断，本系统照此中断，请在属性中改为中断。",
        "Event {it} is drawn as non-interrupting ({note}); BPMN requires it to interrupt and so it does here.",
    ),
    "event-not-supported": (
        "事件{it}（{note}）在本系统中照常执行；许多其他引擎不支持，如要在那里使用，请换一种画法。",
        "Event {it} ({note}) is executed here; many other engines do not support it, draw it another way for them.",
    ),
    "event-definition-ref-ignored": (
        "事件{it}用 eventDefinitionRef 引用写在别处的定义；本系统照常执行，许多其他引擎会忽略。",
        "Event {it} uses eventDefinitionRef; it is executed here, many other engines ignore it.",
    ),
    "event-subprocess-interrupting-not-honoured": (
        "事件子流程的开始事件{it}会中断所在流程的其他步骤；本系统照此执行，许多其他引擎不会中断。",
        "Start event {it} of an event sub-process ends what runs around it; so it is done here, not in many engines.",
    ),
    "event-subprocess-nested": (
        "事件子流程{it}位于子流程之内；本系统照常执行，许多其他引擎不会触发它。",
        "Event sub-process {it} stands in a sub-process; it is executed here, many other engines never trigger it.",
    ),
    "data-store-without-implementation": (
        "数据存储{it}只作说明，不会读写；如要存取数据，请用服务任务的操作。",
        "Data store {it} is documentation only and is neither read nor written; use the operation of a service task.",
    ),
}
"""By code: Chinese, English."""
