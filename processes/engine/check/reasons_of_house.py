"""Reasons that concern what a diagram asks of this installation: posts, forms, operations, deadlines."""

from __future__ import annotations

from typing import Literal

HOUSE: dict[str, tuple[Literal["error", "warning"], str, str]] = {
    "role-unknown": (
        "error",
        "{it}的岗位“{note}”在本系统中不存在；请改正属性 role 等处的岗位名。",
        'The post "{note}" of {it} does not exist here; correct the name of the post.',
    ),
    "lane-unknown": (
        "warning",
        "泳道{it}没有岗位（role），其名称也不足以确定由哪个岗位、机构或人员办理；"
        "未另写 role、unit、person 的任务将由发起人办理。",
        "Lane {it} has no `role`, and its name does not say which post, bureau or person it is; tasks without `role`, "
        "`unit` or `person` of their own go to the starter.",
    ),
    "lane-without-name": (
        "warning",
        "泳道{it}没有名称，也没有岗位（role）；请填写。",
        "Lane {it} has neither a name nor a `role`; give it one.",
    ),
    "lane-repeated": (
        "warning",
        "{it}同时列在几条泳道中（{note}）；请只放在一条泳道里。",
        "{it} is listed in several lanes ({note}); put it in one.",
    ),
    "user-task-without-lane": (
        "warning",
        "人工任务{it}不在任何泳道中，也没有 role、unit、person，将由发起人办理。",
        "User task {it} is in no lane and has no `role`, `unit` or `person`; the starter will get it.",
    ),
    "form-unknown": (
        "error",
        "{it}的表单“{note}”不在此流程包中；请改正属性 form，或加入该表单。",
        'The form "{note}" of {it} is not in this package; correct the property `form` or add the form.',
    ),
    "document-unknown": (
        "error",
        "{it}的文书“{note}”不在此流程包中；请改正，或加入该文书。",
        'The document "{note}" of {it} is not in this package; correct it or add the document.',
    ),
    "table-unknown": (
        "error",
        "{it}的决策表“{note}”不在此流程包中；请改正属性 table，或加入该决策表。",
        'The decision table "{note}" of {it} is not in this package; correct the property `table` or add the table.',
    ),
    "check-unknown": (
        "error",
        "{it}的核验或合计规则“{note}”在本系统中不存在；请改正属性 check、tally。",
        'The rule "{note}" of {it} does not exist here; correct the property `check` or `tally`.',
    ),
    "form-invalid": ("error", "表单文件 {it} 有误：{note}。", "The form file {it} is wrong: {note}"),
    "document-invalid": ("error", "文书文件 {it} 有误：{note}。", "The document file {it} is wrong: {note}"),
    "table-invalid": ("error", "决策表文件 {it} 有误：{note}。", "The decision table {it} is wrong: {note}"),
    "file-invalid": ("error", "文件 {it} 有误：{note}。", "The file {it} is wrong: {note}"),
    "file-doubtful": ("warning", "文件 {it}：{note}。", "The file {it}: {note}"),
    "parameter-missing": (
        "error",
        "{it}缺少操作所需的参数 {note}；请在属性中补上。",
        "{it} lacks the parameter {note} that its operation needs; add it.",
    ),
    "parameter-unknown": (
        "warning",
        "{it}的属性 {note} 不是此操作的参数，不起作用；请检查拼写。",
        "The property {note} of {it} is no parameter of its operation and has no effect; check the spelling.",
    ),
    "property-unknown": (
        "warning",
        "{it}有本系统不认识的属性：{note}；它们不起作用，请检查拼写。",
        "{it} has properties unknown to this desk: {note}; they have no effect, check the spelling.",
    ),
    "due-malformed": (
        "error",
        "{it}的办理期限（due）不正确：{note}；请写 10wd（十个工作日）、P10D 或表达式。",
        "The deadline (`due`) of {it} is wrong: {note}; write 10wd (working days), P10D or an expression.",
    ),
    "remind-malformed": (
        "error",
        "{it}的催办（remind）不正确：{note}；请写 -3wd, 0wd, +3wd 一类的形式。",
        "The reminders (`remind`) of {it} are wrong: {note}; write them like -3wd, 0wd, +3wd.",
    ),
    "remind-without-due": (
        "warning",
        "{it}设了提醒或逾期上报，却没有办理期限，不起作用；请补上期限。",
        "{it} has reminders or an escalation but no deadline, so they have no effect; add a deadline.",
    ),
    "escalate-malformed": (
        "error",
        "{it}的升级提醒（escalate）不正确：{note}；请写 岗位@+5wd 一类的形式。",
        "The escalation (`escalate`) of {it} is wrong: {note}; write it like post@+5wd.",
    ),
    "sign-malformed": (
        "error",
        "{it}的会签方式（sign）或通过规则（pass）不正确：{note}；sign 可用 one、all、any、sequence，"
        "pass 可用 2/3、60% 或人数。",
        "The rule of signing (`sign`, `pass`) of {it} is wrong: {note}; `sign` is one, all, any or sequence, `pass` is "
        "2/3, 60% or a number.",
    ),
    "verb-rule-malformed": (
        "error",
        "{it}的退回或驳回规则不正确：{note}；return 可用 any、straight、no，reject 可用 yes、no，again 可用 keep。",
        "The rule of sending back or refusing of {it} is wrong: {note}; `return` is any, straight or no, `reject` is "
        "yes or no, `again` is keep.",
    ),
    "stages-malformed": (
        "error",
        "流程{it}的阶段（stages）不正确：{note}；请写 key:中文:English; … 的形式。",
        "The stages (`stages`) of process {it} are wrong: {note}; write key:中文:English; …",
    ),
    "stage-unknown": (
        "warning",
        "{it}的阶段“{note}”没有列在流程的 stages 中；请补上或改正。",
        'The stage "{note}" of {it} is not among the `stages` of the process; add or correct it.',
    ),
    "expression-invalid": (
        "error",
        "{it}的属性不是可用的表达式：{note}；请改正。",
        "A property of {it} is not a usable expression: {note}; correct it.",
    ),
    "template-invalid": (
        "error",
        "{it}的属性不是可用的模板：{note}；变量请写在大括号里，如 {{unit_name}}。",
        "A property of {it} is not a usable template: {note}; write variables in braces, such as {{unit_name}}.",
    ),
}
