"""Reasons that concern one event, activity or construct."""

from __future__ import annotations

from typing import Literal

STEPS: dict[str, tuple[Literal["error", "warning"], str, str]] = {
    "event-not-supported": (
        "error",
        "事件{it}的类型不受支持：{note}；请改用消息、信号、定时、条件、错误、升级或终止事件。",
        "Event {it}: type not supported: {note}; use message, signal, timer, condition, error or terminate.",
    ),
    "event-illegal-here": (
        "error",
        "事件{it}不允许这样使用：{note}；请换一种事件，或移到允许的位置。",
        "Event {it} is not allowed like this: {note}; use another event or move it.",
    ),
    "event-definition-ref-ignored": (
        "error",
        "事件{it}用 eventDefinitionRef 引用别处的定义，引擎不执行；请把定义写在事件里。",
        "Event {it} uses eventDefinitionRef, which is not executed; write the definition inside the event.",
    ),
    "event-reference-missing": (
        "error",
        "事件{it}没有指定 {note}；请在属性中选择或新建。",
        "Event {it} names no {note}; choose or create one in its properties.",
    ),
    "catch-event-without-definition": (
        "error",
        "等待事件{it}没有说明等待什么；请设为消息、定时、条件或信号事件。",
        "Catch event {it} does not say what it waits for; make it a message, timer, condition or signal event.",
    ),
    "event-subprocess-interrupting-not-honoured": (
        "error",
        "事件子流程的开始事件{it}要求中断主流程，引擎不支持；请改用子流程上的边界事件。",
        "Start event {it} of an event sub-process is interrupting, which is not supported; use a boundary event.",
    ),
    "event-subprocess-nested": (
        "error",
        "子流程里的事件子流程{it}不受支持；请改用子流程上的边界事件。",
        "Event sub-process {it} nested in a sub-process is not supported; use a boundary event on the sub-process.",
    ),
    "event-subprocess-untyped-start": (
        "error",
        "事件子流程的开始事件{it}没有触发类型，且事件子流程不受支持；请改用边界事件。",
        "Start event {it} of an event sub-process has no trigger, and these are not supported; use a boundary event.",
    ),
    "timer-missing": (
        "error",
        "定时事件{it}没有填写时间；请填写，如 P5D（五天）或 2026-03-01T09:00:00+08:00。",
        "Timer event {it} has no time; write one such as P5D (five days) or 2026-03-01T09:00:00+08:00.",
    ),
    "timer-malformed": (
        "error",
        "定时事件{it}的时间格式不正确：{note}；请写成 P5D、R3/PT24H 或 2026-03-01T09:00:00+08:00 一类的形式。",
        "Timer event {it}: malformed time: {note}; write it like P5D, R3/PT24H or 2026-03-01T09:00:00+08:00.",
    ),
    "called-start-waits": (
        "warning",
        "调用活动{it}调用的流程只有带触发条件的开始事件（{note}）；被调用时不等待，立即开始，建议加一个普通开始事件。",
        "The process called by {it} has only start events with a trigger ({note}); when called it begins at once. "
        "Better give it a plain start event.",
    ),
    "timer-repeats": (
        "warning",
        "定时事件{it}在流程途中使用周期（{note}）：每到一轮就再往后走一次；如只应等一次，请改用时长（timeDuration）。",
        "Timer event {it} on the way has a cycle ({note}): what follows is done again in every round. "
        "Use a duration (timeDuration) to wait once.",
    ),
    "timer-language": (
        "error",
        "定时事件{it}的时间表达式无法执行：{note}；请写 ISO 8601 时间，或 workdays(5) 一类的表达式。",
        "Timer event {it}: the expression cannot be executed: {note}; write an ISO 8601 time or a plain expression.",
    ),
    "conditional-event-without-condition": (
        "error",
        "条件事件{it}没有条件；请填写条件表达式。",
        "Conditional event {it} has no condition; write one.",
    ),
    "element-not-supported": (
        "error",
        "{it}是不受支持的元素：{note}；请改用受支持的画法。",
        "{it}: element not supported: {note}; draw it another way.",
    ),
    "compensation-not-supported": (
        "error",
        "补偿活动{it}不受支持；请把补救步骤画成普通路径。",
        "Compensation activity {it} is not supported; draw the remedy as an ordinary path.",
    ),
    "service-task-unknown": (
        "error",
        "服务任务{it}没有本系统已知的操作（{note}）；请在属性 operation 中选择一个。",
        "Service task {it} has no operation known to this system ({note}); choose one in the property `operation`.",
    ),
    "business-rule-task-unknown": (
        "error",
        "规则任务{it}没有本系统已知的操作或决策表（{note}）；请在属性 operation 或 table 中选择一个。",
        "Business rule task {it} has no operation or decision table known here ({note}); name one of the package.",
    ),
    "script-language": (
        "error",
        "脚本任务{it}的脚本无法执行：{note}；请改写成本系统的脚本语言。",
        "Script task {it}: the script cannot be executed: {note}; write it in the script language of this system.",
    ),
    "script-missing": (
        "error",
        "脚本任务{it}没有脚本；请填写，或改用人工任务。",
        "Script task {it} has no script; write one or use a user task.",
    ),
    "call-activity-unknown-process": (
        "error",
        "调用活动{it}调用的流程不在此文件中：{note}；请改正编号，或把该流程放进同一文件。",
        "Call activity {it} calls a process that is not in this file: {note}; correct the id or add the process.",
    ),
    "call-activity-without-process": (
        "error",
        "调用活动{it}没有指定流程；请填写被调用流程的编号。",
        "Call activity {it} names no process; write the id of the process to call.",
    ),
    "call-activity-recursive": (
        "warning",
        "调用活动{it}直接或间接地调用它所在的流程；请确保总有一条路径不再调用。",
        "Call activity {it} calls, directly or not, the process it stands in; see that some path does not.",
    ),
    "message-task-without-message": (
        "error",
        "发送、接收任务{it}没有指定消息；请选择或新建消息。",
        "Send or receive task {it} names no message; choose or create one.",
    ),
    "message-without-name": (
        "error",
        "{note}“{id}”没有名称，无法匹配；请填写名称。",
        "{note} {id} has no name and cannot be matched; give it one.",
    ),
    "multi-instance-incomplete": (
        "error",
        "多实例（会签）任务{it}的设置不完整或无法执行：{note}；请填写集合（loopDataInputRef）或次数（loopCardinality）。",
        "Multi-instance activity {it} is incomplete or cannot be executed: {note}; give it a collection "
        "(loopDataInputRef) or a number (loopCardinality).",
    ),
    "multi-instance-counter-unknown": (
        "error",
        "多实例任务{it}的完成条件用到了未知的计数变量：{note}；可用 nrOfInstances、nrOfCompletedInstances、"
        "nrOfActiveInstances。",
        "The completion condition of {it} uses an unknown counter: {note}; known are nrOfInstances, "
        "nrOfCompletedInstances, nrOfActiveInstances.",
    ),
    "multi-instance-data-element": (
        "warning",
        "多实例任务{it}的集合写的是数据元素的编号（{note}），将按同名变量读取；请确认有这个变量。",
        "The collection of {it} is the id of a data element ({note}) and is read as the variable of that name.",
    ),
    "loop-incomplete": (
        "error",
        "循环任务{it}的条件或次数上限不可用（{note}）；请填写循环条件或次数。",
        "Loop activity {it} has no usable condition or maximum ({note}); write one.",
    ),
    "token-quantity-ignored": (
        "error",
        "{it}的 startQuantity 或 completionQuantity 不是 1，引擎不执行；请用并行网关画出。",
        "{it} has a startQuantity or completionQuantity other than 1, which is not executed; draw it with gateways.",
    ),
    "adhoc-without-completion-condition": (
        "error",
        "即席子流程{it}不受支持，且没有完成条件；请改用普通子流程。",
        "Ad-hoc sub-process {it} is not supported and has no completion condition; use an ordinary sub-process.",
    ),
    "data-store-without-implementation": (
        "error",
        "数据存储{it}没有实现；请删去，或改用文字注释说明。",
        "Data store {it} has no implementation; delete it or use a text annotation.",
    ),
    "data-mapping-ignored": (
        "error",
        "{it}的数据映射（assignment、transformation）不会执行；请改用脚本任务赋值。",
        "Data mapping (assignment, transformation) of {it} is not executed; assign in a script task.",
    ),
    "abstract-task": (
        "warning",
        "{it}没有指定任务类型，将作为人工任务办理。",
        "{it} is an abstract task and will be done by a person.",
    ),
}
