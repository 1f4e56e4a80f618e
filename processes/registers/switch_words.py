"""Readings in words: how a switch and its value are told on screens, in letters and in the register (第十六条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from processes.forms.wording import Wording
from processes.rules.switch_kinds import Entries, OneOf, Parts, PerKey, Setting, Span, Switch, Unit

NAMES: Mapping[str, Wording] = {
    "counts": Wording("咨询次数", "Counts"),
    "quality": Wording("意见质量", "Quality"),
    "visits": Wording("实地指导", "Visits"),
    "duties": Wording("其他职责", "Other duties"),
    "objection": Wording("提出异议", "To object"),
    "review": Wording("复核", "To review"),
    **{
        str(number): Wording(f"第十五条({item})", f"Article 15 ({number})")
        for number, item in enumerate("一二三四五", 1)
    },
}
"""Parts and keys of switches."""
UNITS: Mapping[Unit, Wording] = {
    Unit.WORKDAYS: Wording("个工作日", " working days"),
    Unit.DAY_OF_MONTH: Wording("日", " (day of the month)"),
    Unit.MONTHS: Wording("个月", " months"),
    Unit.YEARS: Wording("年", " years"),
    Unit.TERMS: Wording("个聘期", " terms"),
    Unit.SERVICE_UNITS: Wording("个区县", " districts"),
    Unit.PERCENT: Wording("%", " %"),
}
NO_LIMIT = Wording("不限", "no limit")
GROUPS: tuple[tuple[Wording, tuple[str, ...]], ...] = (
    (
        Wording("选聘与区县意见（第四、五、六条）", "Selection (Articles 4 to 6)"),
        ("person.max_units", "employer.consent", "eligibility.", "redismissed", "reply.", "district."),
    ),
    (Wording("聘期与接任（第五条(三)）", "Terms (Article 5 (3))"), ("term.", "renewal.", "replacement.")),
    (Wording("实地指导次数（第八条(六)）", "Visits (Article 8 (6))"), ("visits.",)),
    (Wording("差旅费（第九条(五)）", "Travel (Article 9 (5))"), ("travel.",)),
    (Wording("重要事项（第十条）", "Important matters (Article 10)"), ("important_matters",)),
    (Wording("季度报告与通报（第十二、十三条）", "Quarters (Articles 12 and 13)"), ("quarter.",)),
    (
        Wording("年度考核与异议（第十四条）", "Appraisal (Article 14)"),
        ("excellent.", "appraisal.", "objection."),
    ),
    (Wording("政策待遇（第十四条(一)至(三)）", "Benefits (Article 14)"), ("ce_waiver.", "benefits.", "three_years.")),
    (Wording("缺席与解聘（第七条(三)、第十五条(三)）", "Absences (Article 15 (3))"), ("absence.",)),
    (Wording("新旧办法衔接（第十七条）", "The text of 2014 (Article 17)"), ("old_regime",)),
)
"""The switches by the part of the text they belong to; a name that ends in a point stands for all that begin so."""


def in_words(switch: Switch, value: object) -> Wording:
    """A value of a switch as people read it."""
    return Wording(_worded(switch.options, value, "zh"), _worded(switch.options, value, "en"))


def accepted_in_words(switch: Switch) -> Wording:
    """What a switch may be set to."""
    return Wording(_accepted(switch.options, "zh"), _accepted(switch.options, "en"))


def group_of(code: str) -> int:
    """The place of a switch's group."""
    for place, (_, codes) in enumerate(GROUPS):
        if any(code.startswith(each) if each.endswith(".") else code == each for each in codes):
            return place
    raise LookupError(f"the switch {code} belongs to no group")


def named(key: str) -> Wording:
    """A part or a key of a switch."""
    return NAMES.get(key, Wording(key, key))


def normal(switch: Switch, value: object) -> Setting:
    """A value as the rules hold it, whether it was just answered or read from the database."""
    if isinstance(switch.options, Entries) and isinstance(value, Sequence):
        return tuple(str(each) for each in value)
    return value  # type: ignore[return-value]  # the switch has accepted it


def _worded(options: OneOf | Span | Parts | Entries | PerKey, value: object, language: str) -> str:
    if isinstance(options, OneOf):
        return next(((each.zh if language == "zh" else each.en) for each in options.choices if each.value == value),
                    str(value))  # fmt: skip
    if isinstance(options, Span):
        return _counted(options.unit, value, language)
    between, colon = ("；", "：") if language == "zh" else ("; ", ": ")
    if isinstance(options, Entries):
        return ("、" if language == "zh" else ", ").join(map(str, value)) if isinstance(value, Sequence) else str(value)
    if not isinstance(value, Mapping):
        return str(value)
    keys = options.names if isinstance(options, Parts) else options.keys
    return between.join(
        f"{named(key).text(language)}{colon}{_worded(options.each, value.get(key), language)}" for key in keys
    )


def _counted(unit: Unit, value: object, language: str) -> str:
    """A number with what it counts; no terms at all stand for no limit."""
    if unit is Unit.TERMS and value == 0:
        return NO_LIMIT.text(language)
    return f"{value}{UNITS[unit].text(language)}"


def _accepted(options: OneOf | Span | Parts | Entries | PerKey, language: str) -> str:
    chinese = language == "zh"
    if isinstance(options, OneOf):
        return " / ".join(each.zh if chinese else each.en for each in options.choices)
    if isinstance(options, Span):
        return f"{options.low}—{options.high}{UNITS[options.unit].text(language)}"
    if isinstance(options, Entries):
        return "清单，可增删" if chinese else "a list that can be extended"
    if isinstance(options, PerKey):
        return ("逐项：" if chinese else "for each: ") + _accepted(options.each, language)
    each = ("各项" if chinese else "each ") + _accepted(options.each, language)
    total = "" if options.total is None else f"，合计{options.total}" if chinese else f", {options.total} in all"
    return each + total
