"""Every reason the check can give: how grave it is, and what is wrong and what to do about it, in both languages.

`{it}` is the element as people know it, `{id}` its id, `{note}` what the file says there.
"""

from __future__ import annotations

from typing import Literal

from processes.engine.check.reasons_here import HERE
from processes.engine.check.reasons_of_flow import FLOW
from processes.engine.check.reasons_of_house import HOUSE
from processes.engine.check.reasons_of_steps import STEPS

FILE: dict[str, tuple[Literal["error", "warning"], str, str]] = {
    "file-too-large": (
        "error",
        "文件超过 {note} 字节的上限，请拆分流程图或删去内嵌的图片等内容。",
        "The file is larger than {note} bytes; split the diagram or remove embedded pictures.",
    ),
    "file-too-complex": (
        "error",
        "文件中的元素超过 {note} 个的上限；请拆分成几个流程图。",
        "The file holds more than {note} elements; split it into several diagrams.",
    ),
    "scripts-too-long": (
        "error",
        "文件中的脚本、条件等表达式合计超过 {note} 字的上限；请拆分成几个流程图，或改用服务任务的操作。",
        "The scripts, conditions and other expressions of the file are longer than {note} characters together; "
        "split the diagram, or use operations of service tasks.",
    ),
    "xml-not-wellformed": (
        "error",
        "文件不是有效的 XML：{note}。请用流程图软件重新导出。",
        "The file is not well-formed XML: {note}. Export it again from the modeler.",
    ),
    "dtd-or-entity": (
        "error",
        "文件含有 DTD 或实体声明，出于安全原因不接受；请删去 <!DOCTYPE …> 部分。",
        "The file contains a DTD or entity declaration, refused for security; remove the <!DOCTYPE …> part.",
    ),
    "not-bpmn-definitions": (
        "error",
        "文件的根元素不是 BPMN 2.0 的 definitions（{note}）；请导出为 BPMN 2.0 XML。",
        "The root element is not BPMN 2.0 definitions ({note}); export the diagram as BPMN 2.0 XML.",
    ),
    "no-process": (
        "error",
        "文件中没有流程（只有协作或编排），无法部署；请至少画一个流程。",
        "The file holds no process (only a collaboration or choreography); draw at least one process.",
    ),
    "empty-process": (
        "error",
        "流程{it}中没有任何节点；请画出开始事件、任务和结束事件。",
        "Process {it} contains no element; draw a start event, tasks and an end event.",
    ),
    "process-not-executable": (
        "error",
        "流程{it}未标记为可执行，部署后什么也不会发生；请在流程属性中勾选“可执行”。",
        "Process {it} is not marked executable, nothing would be deployed; tick “executable” in its properties.",
    ),
    "duplicate-id": (
        "error",
        "编号“{id}”被多个元素重复使用；请给每个元素不同的编号。",
        'Id "{id}" is used by more than one element; give each element an id of its own.',
    ),
    "id-not-portable": (
        "error",
        "编号“{id}”含有中文、空格等字符或以数字开头，浏览器建模器会丢弃该元素；请改用字母开头的英文字母、数字和下划线。",
        'Id "{id}" has non-ASCII characters or blanks or begins with a digit, and the browser modeler would drop the '
        "element; use ASCII letters, digits and underscores, beginning with a letter.",
    ),
    "text-too-long": (
        "error",
        "{it}的编号或名称过长（{note} 字）；请缩短，说明文字请写到文档（documentation）里。",
        "The id or name of {it} is too long ({note} characters); shorten it, explanations belong in the documentation.",
    ),
    "reserved-id": (
        "error",
        "编号“{id}”是引擎保留字（Start、End、Root），在许多引擎中该元素会被忽略；请改用别的编号。",
        'Id "{id}" is reserved (Start, End, Root), many engines ignore the element; choose another id.',
    ),
    "node-without-id": (
        "error",
        "元素{it}没有编号（id），无法指明和跟踪；请补上编号。",
        "Element {it} has no id and cannot be referred to; give it one.",
    ),
    "sequence-flow-without-id": (
        "error",
        "顺序流“{id}”没有编号（id），许多引擎会忽略它，流程在此中断；请补上编号。",
        'The sequence flow "{id}" has no id; many engines ignore it and the process stops there. Give it one.',
    ),
    "dangling-reference": (
        "error",
        "{it}引用了不存在或类型不符的元素：{note}；请改正引用，或补上被引用的元素。",
        "{it} refers to something that does not exist or is of another kind: {note}; correct the reference.",
    ),
    "internal": (
        "error",
        "检查程序未能读完此文件（{note}），因此不能部署；请把文件交给系统管理员。",
        "The check itself could not finish this file ({note}), so it cannot be deployed; give it to the administrator.",
    ),
    "engine-refuses": (
        "error",
        "引擎不接受{it}：{note}",
        "The engine refuses {it}: {note}",
    ),
    "not-covered": (
        "error",
        "{it}（{note}）编译后不见了，引擎不会执行它；请把文件交给系统管理员。",
        "{it} ({note}) is missing after compilation and would not be executed; give the file to the administrator.",
    ),
    "more-alike": (
        "warning",
        "还有更多同类问题未逐一列出（{note}）；请先改正已列出的。",
        "There are more problems of this kind that are not listed ({note}); correct those listed first.",
    ),
    "picture-missing": (
        "warning",
        "{it}没有图形，浏览器中看不到；请在建模器中补画或自动布局。",
        "{it} is not drawn and cannot be seen in the browser; draw it or use automatic layout.",
    ),
    "no-diagram": (
        "warning",
        "流程{it}没有图形信息（DI），将自动布局。",
        "Process {it} has no diagram information (DI); it will be laid out automatically.",
    ),
    "picture-dangling": (
        "warning",
        "图形中有部分引用了不存在的元素：{note}；可在建模器中重新保存。",
        "Parts of the drawing refer to elements that do not exist: {note}; save the file again in the modeler.",
    ),
    "picture-id": (
        "warning",
        "图形元素的编号重复或不规范：{note}；浏览器建模器可能丢弃该图形。",
        "Ids in the drawing are repeated or not portable: {note}; the browser modeler may drop these shapes.",
    ),
    "reference-dangling": (
        "warning",
        "{it}中有引用找不到对象：{note}；执行不受影响，请在建模器中重新保存。",
        "{it} holds references to nothing: {note}; this is not executed, save the file again in the modeler.",
    ),
    "unknown-attribute": (
        "warning",
        "{it}有 BPMN 2.0 没有的属性：{note}；引擎不会理会，请检查是否拼写有误。",
        "{it} has attributes that BPMN 2.0 does not know: {note}; they are not executed, check the spelling.",
    ),
    "black-box-pool": (
        "warning",
        "泳池{it}只作说明，不会执行。",
        "Pool {it} is documentation only and is not executed.",
    ),
    "message-flow-not-executed": (
        "warning",
        "消息流{it}只作说明；实际收发靠消息事件和消息名称。",
        "Message flow {it} is documentation only; messages travel by message events and message names.",
    ),
    "not-executed": (
        "warning",
        "{it}（{note}）只作说明，不会执行。",
        "{it} ({note}) is documentation only and is not executed.",
    ),
    "vendor-extension-not-executed": (
        "warning",
        "{it}带有其他软件的扩展，不会执行：{note}；请改用本系统的属性。",
        "{it} carries extensions of another product that are not executed: {note}; use the properties of this desk.",
    ),
    "vendor-worker": (
        "warning",
        "{it}用其他软件的写法指定办理人或表单（{note}）；本系统按名称找岗位、机构、人员和表单，"
        "找不到的由发起人办理，用自动表单，请确认名称，或改用 role、unit、person、form。",
        "{it} names its worker or form in the way of another product ({note}); posts, organizations, people and forms "
        "are looked for by that name, else the starter gets it. Check the names, or use role, unit, person, form.",
    ),
    "resource-role-not-executed": (
        "warning",
        "{it}的执行人设置（{note}）不会执行；请用泳道的岗位或属性 role、unit、person 指定办理人。",
        "The resource roles of {it} ({note}) are not executed; say who works by the lane or by role, unit, person.",
    ),
    "data-association-not-executed": (
        "warning",
        "{it}的数据输入、输出关联只作说明；案件中的变量处处可用。",
        "The data associations of {it} are documentation only; the variables of a case are known everywhere.",
    ),
}

__all__ = ["HERE", "REASONS"]

REASONS = FILE | FLOW | STEPS | HOUSE
"""By code: severity, Chinese, English."""
