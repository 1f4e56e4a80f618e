"""The words of the editor of decision tables."""

from __future__ import annotations

from flask_babel import gettext as _


def policies() -> dict[str, str]:
    """How many rules may apply, and which of them counts."""
    return {
        "UNIQUE": _("唯一：只能有一条规则适用"),
        "FIRST": _("首条：适用的第一条算数"),
        "ANY": _("任一：可有多条适用，结果须相同"),
        "RULE ORDER": _("全部：按规则顺序列出各条结果"),
        "COLLECT": _("汇集：列出或汇总各条结果"),
    }


def aggregations() -> dict[str, str]:
    """What is made of the results that are collected."""
    return {"": _("列出"), "SUM": _("求和"), "MIN": _("最小"), "MAX": _("最大"), "COUNT": _("计数")}


def types() -> dict[str, str]:
    """Types of columns."""
    return {"string": _("文字"), "number": _("数字"), "boolean": _("是否"), "date": _("日期")}


def words() -> dict[str, str]:
    """All other words, in the reader's language."""
    return {
        "rule": _("规则"),
        "ruleAt": _("第 {place} 条规则"),
        "input": _("输入"),
        "output": _("输出"),
        "note": _("备注"),
        "label": _("名称"),
        "expression": _("取值（变量或表达式）"),
        "variable": _("变量名"),
        "type": _("类型"),
        "left": _("左移"),
        "right": _("右移"),
        "up": _("上移"),
        "down": _("下移"),
        "remove": _("删除"),
        "duplicate": _("复制"),
        "move": _("拖动排序：{name}"),
        "moved": _("“{name}”已移到第 {place} 位，共 {count} 位"),
        "removed": _("已删除“{name}”，可按“撤销”恢复"),
        "undone": _("已撤销"),
        "redone": _("已重做"),
        "cell": _("{column}，第 {place} 条规则"),
        "trialCell": _("{column}，第 {place} 个用例"),
        "newInput": _("输入"),
        "newOutput": _("输出"),
        "newNote": _("依据"),
        "trial": _("用例"),
        "trialName": _("用例名称"),
        "expected": _("应为 {name}"),
        "outcome": _("结果"),
        "passed": _("✓ 相符"),
        "failed": _("✗ 实为 {got}"),
        "byRules": _("规则 {rules}"),
        "noRule": _("没有规则适用"),
        "waiting": _("先更正表中的问题"),
        "noProblems": _("表格没有问题"),
        "problems": _("{count} 处需要更正"),
        "problemAt": _("{place}：{text}"),
        "noGaps": _("没有遗漏，规则之间没有冲突。"),
        "gaps": _("没有规则适用的情形"),
        "overlaps": _("规则同时适用的情形"),
        "rulesMeet": _("规则 {rules}"),
        "unused": _("永远用不到的规则：{rules}"),
        "trialsPassed": _("{count} 个用例全部相符"),
        "trialsFailed": _("{count} 个用例不相符，发布前须更正"),
        "comma": _("、"),
        "conflict": _("{who} 已于 {when} 保存了这张决策表，您的修改尚未保存。"),
        "loadFailed": _("无法载入决策表：{text}"),
    }
