"""Reasons that concern how the elements are connected."""

from __future__ import annotations

from typing import Literal

FLOW: dict[str, tuple[Literal["error", "warning"], str, str]] = {
    "flow-crosses-scope": (
        "error",
        "顺序流{it}跨越了泳池或子流程的边界；请改用消息，或接到子流程本身。",
        "Sequence flow {it} crosses a pool or sub-process boundary; use a message, or connect to the sub-process.",
    ),
    "no-start-event": (
        "error",
        "流程{it}没有开始事件；请画一个开始事件并连到第一步。",
        "Process {it} has no start event; draw one and connect it to the first step.",
    ),
    "no-end-event": (
        "error",
        "流程{it}没有结束事件；请在每条路径的末尾画一个结束事件。",
        "Process {it} has no end event; draw one at the end of every path.",
    ),
    "implicit-end": (
        "error",
        "{it}没有流出的顺序流，又不是结束事件；请连到下一步或结束事件。",
        "{it} has no outgoing flow and is not an end event; connect it to the next step or to an end event.",
    ),
    "implicit-split": (
        "error",
        "{it}有 {note} 条流出的顺序流；请用排他网关（选一）或并行网关（同时）分开。",
        "{it} has {note} outgoing flows; split with an exclusive gateway (one) or a parallel gateway (all).",
    ),
    "no-incoming-flow": (
        "error",
        "{it}没有流入的顺序流，永远不会执行；请连上前一步，或删去它。",
        "{it} has no incoming flow and can never run; connect it to the step before, or delete it.",
    ),
    "unreachable": (
        "error",
        "从开始事件到不了{it}，它永远不会执行；请连上前面的路径，或删去它。",
        "{it} cannot be reached from the start and can never run; connect it, or delete it.",
    ),
    "never-come-by": (
        "warning",
        "有连线通向{it}，但没有一种走法会到达它，例如前面的活动总是由错误、升级或取消离开；如非有意，请检查前面的路径。",
        "Flows lead to {it}, but no course comes by, for instance because the activity before it is always left by an "
        "error, escalation or cancel event. Check what is before it.",
    ),
    "second-plain-start": (
        "warning",
        "流程有不止一个不带触发条件的开始事件：案件总是从“{note}”开始，{it}不会被用到；请合并成一个，或给它加上消息、定时等触发。",
        'The process has more than one start event without a trigger: a case always begins at "{note}", {it} is never '
        "used. Make them one, or give this one a message, timer or other trigger.",
    ),
    "subprocess-start-events": (
        "error",
        "子流程{it}应当恰有一个开始事件，现有 {note} 个；请补画或删去多余的。",
        "Sub-process {it} needs exactly one start event, it has {note}; add one or delete the surplus.",
    ),
    "subprocess-no-end-event": (
        "error",
        "子流程{it}没有结束事件；请在每条路径的末尾画一个结束事件。",
        "Sub-process {it} has no end event; draw one at the end of every path.",
    ),
    "boundary-not-on-activity": (
        "error",
        "边界事件{it}没有附着在同一层的任务或子流程上；请把它拖到活动的边上。",
        "Boundary event {it} is not attached to an activity of the same level; drag it onto the border of one.",
    ),
    "gateway-flow-without-condition": (
        "error",
        "顺序流{it}从判断网关流出，但没有条件，也不是默认流；请写上条件，或设为默认流。",
        "Flow {it} leaves a decision gateway without a condition and is no default; write one or make it the default.",
    ),
    "condition-language": (
        "error",
        "{it}的条件无法执行：{note}；请写成 decision == '同意' 一类的形式。",
        "The condition of {it} cannot be executed: {note}; write it like decision == 'agreed'.",
    ),
    "foreign-notation": (
        "error",
        "{it}中的表达式是其他软件的写法：{note}。",
        "{it} holds an expression in the notation of another product: {note}.",
    ),
    "condition-not-on-gateway": (
        "error",
        "顺序流{it}的条件写在了判断网关之外（{note}）；条件只能放在排他或包容网关之后，请补画网关。",
        "The condition on flow {it} is not behind a decision gateway ({note}); draw an exclusive or inclusive gateway.",
    ),
    "link-unmatched": (
        "error",
        "链接事件{it}没有唯一的、同名的另一端（{note}）；抛出和捕获的链接要在同一层，名称相同，每个名称只有一个捕获。",
        "Link event {it} lacks one counterpart of the same name ({note}); links must be thrown and caught on the same "
        "level, with one catch event for each name.",
    ),
    "event-based-gateway-target": (
        "error",
        "事件网关{it}之后只能直接接等待事件或接收任务，且它们不得有别的入口、边界事件或循环标记（{note}）；请改接。",
        "Event-based gateway {it} may only lead to catch events, or to receive tasks, that have no other way in, no "
        "boundary event and no loop marker ({note}).",
    ),
    "event-based-gateway-outgoing": (
        "error",
        "事件网关{it}至少要有两条流出的顺序流；请补画，或去掉网关。",
        "Event-based gateway {it} needs at least two outgoing flows; add one or remove the gateway.",
    ),
    "nested-too-deep": (
        "error",
        "子流程{it}嵌套过深，超过 {note} 层；请减少层次，或改为调用另一个流程。",
        "Sub-process {it} is nested deeper than {note} levels; flatten it, or call another process.",
    ),
    "too-many-inclusive-gateways": (
        "error",
        "{it}中的包容网关过多（{note} 个）；请拆分成子流程。",
        "{it} has too many inclusive gateways ({note}); split it into sub-processes.",
    ),
    "deadlock": (
        "error",
        "{it}处会发生死锁：并非所有流入的分支都会到达；分开和合并请用同一种网关。",
        "Deadlock at {it}: not all incoming branches can arrive; split and join with the same kind of gateway.",
    ),
    "never-completes": (
        "error",
        "流程{it}无法结束；请检查循环有没有出口。",
        "Process {it} can never complete; see that its loops have a way out.",
    ),
    "livelock": (
        "error",
        "到了{it}，流程就再也无法结束；请给这里的循环画一个出口。",
        "From {it} on the process can no longer complete; give the loop a way out.",
    ),
    "lack-of-synchronization": (
        "warning",
        "并行的分支在{it}处没有合并，它可能执行多次；如非有意，请先用并行网关合并。",
        "Parallel branches meet unjoined at {it}, which may run several times; join them by a parallel gateway first.",
    ),
    "not-decided": (
        "warning",
        "流程{it}过于复杂，未能确定是否会死锁；请人工检查，或把并行部分拆成子流程。",
        "Process {it} is too complex to decide whether it can deadlock; look closely, or use sub-processes.",
    ),
    "starts-itself": (
        "warning",
        "流程{it}会发出启动它自己的消息或信号（{note}），每个案件都会再引出一个新案件；请确认。",
        "Process {it} sends the message or signal that starts it ({note}); every case will begin another one.",
    ),
    "automatic-loop": (
        "warning",
        "{it}所在的循环中没有人工任务，也没有等待，可能空转；请检查循环条件。",
        "The loop through {it} has no human task and no wait and may spin; check its condition.",
    ),
    "gateway-without-default": (
        "warning",
        "网关{it}没有默认流，条件都不成立时案件会停下；建议指定默认流。",
        "Gateway {it} has no default flow; a case stops when no condition holds. Name a default flow.",
    ),
    "conditions-overlap": (
        "warning",
        "网关{it}的两条出口条件相同（{note}），后一条永远不会走。",
        "Two ways out of gateway {it} have the same condition ({note}); the later is never taken.",
    ),
    "default-with-condition": (
        "warning",
        "默认流{it}写有条件，默认流的条件不起作用；请删去条件。",
        "Default flow {it} has a condition, which has no effect; remove it.",
    ),
    "bare-word-condition": (
        "warning",
        "顺序流{it}的条件只是一个词（{note}），将按变量名理解；如是说明文字，请写到名称里。",
        "The condition of flow {it} is a single word ({note}) and is read as a variable; a label belongs in the name.",
    ),
    "constant-condition": (
        "warning",
        "顺序流{it}的条件（{note}）不涉及任何变量，结果总是一样；如非有意，请写成 decision == '同意' 一类的形式。",
        "The condition of flow {it} ({note}) asks about no variable and always comes out the same; "
        "write it like decision == 'agreed' if that is not meant.",
    ),
    "condition-is-a-value": (
        "error",
        "顺序流{it}的条件（{note}）是一段文字或一个列表，不是判断，会总是成立；请写成 decision == '同意' 一类的形式。",
        "The condition of flow {it} ({note}) is a text or a list, no question, and would always hold; "
        "write it like decision == 'agreed'.",
    ),
    "repeated-flow": (
        "warning",
        "顺序流{it}与另一条的起点和终点都相同；请删去多余的一条。",
        "Sequence flow {it} has the same source and target as another; delete one of them.",
    ),
}
