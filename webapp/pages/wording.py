"""Words of the registers on English pages: articles, closed lists of values, names of districts."""

from __future__ import annotations

import re
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.english_names import EnglishNames
from processes.forms.wording import Wording
from processes.identity.models import Unit
from processes.messages import Message
from processes.registers.planner_posts import PlannerPost
from webapp.language import current_language, say

_ARTICLE = re.compile(r"第([一二三四五六七八九十]+)条((?:[(（][一二三四五六七八九十]+[)）])*)")
_ITEM = re.compile(r"[(（]([一二三四五六七八九十]+)[)）]")
_DIGITS = {each: number for number, each in enumerate("一二三四五六七八九十", 1)}
LONGEST_TERM = 40
TERMS = (
    *(_l("优秀"), _l("称职"), _l("不称职"), _l("优秀候选"), _l("无异议"), _l("有异议"), _l("期满未提出")),
    *(_l("正高级"), _l("副高级"), _l("中级"), _l("初级"), _l("无"), _l("注册城乡规划师"), _l("注册规划师")),
    *(_l("注册城市规划师"), _l("条文解释")),
    *(_l("区"), _l("县"), _l("自治县"), _l("开发区"), _l("中心城区"), _l("主城新区"), _l("渝东北"), _l("渝东南")),
    *(_l("同意"), _l("不同意"), _l("有条件同意"), _l("无意见"), _l("未复"), _l("合格"), _l("不合格")),
    *(_l("续聘"), _l("不续聘"), _l("愿意"), _l("不愿意"), _l("符合"), _l("不符合"), _l("需补正"), _l("提请认定")),
    *(_l("总体规划"), _l("详细规划"), _l("村庄规划"), _l("城市设计"), _l("建筑设计"), _l("历史文化保护")),
    *(_l("交通市政"), _l("生态修复"), _l("其他"), _l("系统")),
    *(_l("建议名单"), _l("考核结果"), _l("解聘"), _l("续聘名单"), _l("制度修订"), _l("评分办法"), _l("工作经费办法")),
)
"""Values that the registers hold as words and whose English the catalog has."""


def number_of(chinese: str) -> int:
    """A Chinese number up to ninety-nine.

    >>> number_of("十五"), number_of("七"), number_of("二十")
    (15, 7, 20)
    """
    tens, ten, ones = chinese.partition("十")
    if not ten:
        return _DIGITS[chinese]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def in_english(text: str) -> str:
    """Articles as English pages name them.

    >>> in_english("第十五条（三）、第十二条")
    'Article 15 (3), Article 12'
    """
    named = _ARTICLE.sub(_named, text)
    return named if named == text else named.replace("、", ", ").replace("；", "; ")


def _named(found: re.Match[str]) -> str:
    items = "".join(f" ({number_of(each)})" for each in _ITEM.findall(found[2]))
    return f"Article {number_of(found[1])}{items}"


def worded(value: Any) -> Any:
    """A value of the registers in the reader's language; what has no English stays as it is."""
    if isinstance(value, Wording):
        return value.text(current_language())
    said = say(value) if isinstance(value, Message) else value
    if not isinstance(said, str) or current_language() != "en" or not said:
        return said
    known = _(said) if len(said) <= LONGEST_TERM else said
    return in_english(known) if known == said else known


def named(name: str, key: str | None = "") -> str:
    """A procedure, a step or a lane in the reader's language, where the diagram of that key gives an English name."""
    known: EnglishNames | None = g.get("english_names")
    return known.of(name, key or "") if known is not None else name


def unit_words(session: Session) -> dict[str, str]:
    """The English names of the districts by id, for an English page; registers hold the Chinese ones."""
    if current_language() != "en":
        return {}
    rows = session.execute(select(Unit.id, Unit.name_en).where(Unit.name_en != ""))
    return {row.id: row.name_en for row in rows}


def post_label(post: PlannerPost) -> str:
    """A planner's post as people call it, in the reader's language."""
    return _("%(unit)s岗位%(number)s", unit=unit_name(post.unit), number=post.number)


def unit_name(unit: Unit) -> str:
    """A district in the reader's language."""
    return (current_language() == "en" and unit.name_en) or unit.name
