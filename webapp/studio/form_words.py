"""What the form editor knows beforehand: kinds of field, what each kind may say about itself, and its own words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from processes.forms.checking import NOT_IN_COLUMNS
from processes.forms.field_rules import RULES
from processes.forms.kinds import COLUMNS, DEFAULT_OPTIONS, FILE_KINDS, LONGEST, USUAL_FILES

ORDER = (
    *("text", "textarea", "integer", "decimal", "money", "date", "datetime", "month", "boolean", "choice"),
    *("multichoice", "person", "organization", "unit", "units", "phone", "identity_number", "file", "files"),
    *("table", "note"),
)
"""Kinds of field in the order in which they are offered."""


def kinds() -> list[dict[str, Any]]:
    """Every kind of field: its name, whether a column may have it, and its properties."""
    names = kind_names()
    return [
        {
            "value": kind,
            "title": names[kind],
            "column": kind in COLUMNS,
            "properties": [name for name, rule in RULES.items() if kind in rule.kinds],
            "list": DEFAULT_OPTIONS.get(kind, ""),
            "longest": LONGEST.get(kind, 0),
        }
        for kind in ORDER
    ]


def limits() -> dict[str, Any]:
    """What else the editor offers."""
    return {
        "notInColumns": sorted(NOT_IN_COLUMNS),
        "fileKinds": sorted(FILE_KINDS),
        "usualFiles": list(USUAL_FILES),
    }


def kind_names() -> dict[str, str]:
    """What the kinds of field are called."""
    return {
        "text": _("单行文字"),
        "textarea": _("多行文字"),
        "integer": _("整数"),
        "decimal": _("小数"),
        "money": _("金额"),
        "date": _("日期"),
        "datetime": _("日期和时间"),
        "month": _("月份"),
        "boolean": _("是否"),
        "choice": _("单选"),
        "multichoice": _("多选"),
        "person": _("人员"),
        "organization": _("单位"),
        "unit": _("区县（服务单元）"),
        "units": _("区县排序"),
        "phone": _("电话"),
        "identity_number": _("身份证号"),
        "file": _("一个文件"),
        "files": _("多个文件"),
        "table": _("表格"),
        "note": _("说明文字"),
    }


def words() -> dict[str, str]:
    """The words of the editor in the reader's language."""
    return {**_of_properties(), **_of_conditions(), **_of_acts(), **_of_messages()}


def _of_properties() -> dict[str, str]:
    return {
        "form": _("表单本身"),
        "field": _("表单项"),
        "column": _("列"),
        "key": _("变量名"),
        "formKey": _("表单标识"),
        "keyHelp": _("英文字母开头，办结后成为案件变量；发布后不要随意改名。"),
        "type": _("类型"),
        "label": _("名称"),
        "labelText": _("说明内容"),
        "title": _("标题"),
        "help": _("填写提示"),
        "chinese": _("中文"),
        "english": _("英文"),
        "width": _("宽度"),
        "full": _("整行"),
        "half": _("二分之一"),
        "third": _("三分之一"),
        "required": _("必填"),
        "no": _("否"),
        "yes": _("是"),
        "byCondition": _("按条件必填"),
        "readonly": _("只供查看，值来自案件"),
        "sensitive": _("敏感信息，列表中遮盖"),
        "confirm": _("确认框：必须勾选才算填写"),
        "minimum": _("最小值"),
        "maximum": _("最大值"),
        "inYuan": _("{label}（元）"),
        "ofOne": _("{kind}：{name}"),
        "comma": _("、"),
        "semicolon": _("；"),
        "places": _("小数位数"),
        "min_length": _("最少字数"),
        "max_length": _("最多字数"),
        "pattern": _("格式（正则表达式）"),
        "patternHelp": _("整段文字须符合，如 [A-Z]{2}[0-9]{6}；不支持环视和反向引用，因此不会失控。"),
        "pattern_message": _("不符合格式时的提示"),
        "not_before": _("不早于"),
        "not_after": _("不晚于"),
        "boundHelp": _("today、today+5wd（5个工作日后）、today-3d，或另一日期项的变量名"),
        "default": _("默认值"),
        "default_from": _("默认值取自变量"),
        "rowsDefault": _("默认的行（JSON）"),
        "options": _("选项"),
        "fixedOptions": _("固定选项"),
        "optionsFrom": _("取自清单或变量"),
        "optionValue": _("值"),
        "optionLabel": _("显示为"),
        "min_items": _("最少几项"),
        "max_items": _("最多几项"),
        "accept": _("文件格式"),
        "max_size_mb": _("每个文件最大（MB）"),
        "columns": _("列"),
        "min_rows": _("最少几行"),
        "max_rows": _("最多几行"),
        "rows_from": _("行取自变量"),
        "fixed_rows": _("行是固定的，只能填写，不能增减"),
        "unique_by": _("各行不得相同的列"),
    }


def _of_conditions() -> dict[str, str]:
    return {
        "show_if": _("何时显示"),
        "required_if": _("何时必填"),
        "all": _("全部满足"),
        "any": _("满足任意一条"),
        "is": _("等于"),
        "isNot": _("不等于"),
        "values": _("值（用逗号隔开）"),
        "valuesOf": _("值"),
        "addCondition": _("添加一条"),
        "complexCondition": _("此条件有多层，请以 JSON 修改。"),
    }


def _of_acts() -> dict[str, str]:
    return {
        "addField": _("添加表单项"),
        "addColumn": _("添加一列"),
        "addOption": _("添加选项"),
        "duplicate": _("复制"),
        "remove": _("删除"),
        "up": _("上移"),
        "down": _("下移"),
        "move": _("拖动排序：{name}"),
        "undo": _("撤销"),
        "redo": _("重做"),
        "save": _("保存"),
        "apply": _("应用 JSON"),
        "choose": _("请选择"),
        "close": _("关闭"),
    }


def _of_messages() -> dict[str, str]:
    return {
        "moved": _("“{name}”已移到第 {place} 位，共 {count} 位"),
        "removed": _("已删除“{name}”，可按“撤销”恢复"),
        "duplicated": _("已复制为“{name}”"),
        "added": _("已添加第 {place} 项"),
        "undone": _("已撤销"),
        "redone": _("已重做"),
        "noProblems": _("表单没有问题"),
        "problems": _("{count} 处需要更正"),
        "problemAt": _("{place}：{text}"),
        "badJson": _("不是有效的 JSON：{text}"),
        "applied": _("已应用"),
        "required_mark": _("必填"),
        "conditional": _("有条件"),
        "untitled": _("（未命名）"),
        "previewPart": _("有问题的表单项暂不显示在预览中。"),
        "previewNone": _("更正问题后显示预览。"),
        "conflict": _("{who} 已于 {when} 保存了这张表单，您的修改尚未保存。"),
        "conflictSame": _("对方的内容与您的相同。"),
        "conflictFields": _("不同之处：{fields}"),
        "removedKept": _("有问题的表单也可以先保存，改好后再发布。"),
        "newLabel": _("新表单项"),
        "newColumn": _("新列"),
        "newOption": _("选项"),
        "loadFailed": _("无法载入表单：{text}"),
    }
