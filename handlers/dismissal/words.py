"""What the forms of a dismissal say, and which item of 第十五条 it means."""

from __future__ import annotations

from processes.rules.absence import YearMode

ITEM_WORDS = {
    1: "（一）本人主动要求退出",
    2: "（二）不能履行职责",
    3: "（三）无正当理由多次不参加技术指导和咨询活动",
    4: "（四）考核不称职",
    5: "（五）有违纪违法行为",
}
ITEM_OF = {word: item for item, word in ITEM_WORDS.items()}
NUMERALS = {item: numeral for item, numeral in enumerate("一二三四五", start=1)}
YEAR_WORDS = {
    YearMode.ROLLING: "任意连续十二个月",
    YearMode.CALENDAR: "公历年度",
    YearMode.SERVICE: "聘期年度",
}
OWN_WISH, UNABLE, ABSENT, UNQUALIFIED, DISCIPLINE = 1, 2, 3, 4, 5
RESTRICTED = "（限制查阅，见解聘卷宗）"
DISMISS, KEEP = "解聘", "不解聘"


def spoken_items(items: list[int]) -> str:
    """The items as letters name them: «（二）、（三）»."""
    return "、".join(f"（{NUMERALS[item]}）" for item in items)
