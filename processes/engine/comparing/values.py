"""The values of a diagram's attributes in words: time limits, posts, references and truth values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from processes.engine.comparing.model import Words
from processes.engine.comparing.naming import flow_name, kind_name
from processes.engine.comparing.reading import Reading
from processes.engine.deadlines import OFFSET, WORKDAYS
from processes.engine.packages import split
from processes.forms.wording import Wording
from processes.identity.posts import NOBODY, POSTS
from processes.messages import Message, message

SPAN = re.compile(r"[\"']?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?[\"']?")
CYCLE = re.compile(r"[\"']?R(\d*)/(P[0-9A-Z]+)[\"']?")
WORKDAYS_CALL = re.compile(r"workdays\((\d{1,3})\)")
TRUTHS = {"true": message("是"), "1": message("是"), "false": message("否"), "0": message("否")}
CHOICES = {
    ("+return", "any"): message("可以，逐步重走"),
    ("+return", "straight"): message("可以，改后直接送回"),
    ("+return", "no"): message("不可以"),
    ("+reject", "yes"): message("可以"),
    ("+reject", "no"): message("不可以"),
    ("+again", "keep"): message("是"),
    ("+asks", "none"): message("不填写"),
}
"""Values that are words of the desk, by path."""
TRUE_OR_FALSE = (
    *("@isExecutable", "@cancelActivity", "@isInterrupting", "@triggeredByEvent", "@isForCompensation"),
    *("@testBefore", "@isSequential"),
)
REFERENCES = ("scope", "lane", "@attachedToRef", "@calledElement", "@processRef", "@sourceRef", "@targetRef")


def in_words(path: str, raw: str, reading: Reading, texts: Callable[[str], Words | None]) -> Words:
    """A value as people read it; what has no better words stays as it is drawn. `texts` names forms and documents."""
    told = _told(path, raw, reading, texts)
    return raw if told is None else told


def _told(path: str, raw: str, reading: Reading, texts: Callable[[str], Words | None]) -> Words | None:
    if path == "kind":
        return kind_name(raw)
    if path in REFERENCES:
        return reading.name_of(raw)
    if path == "@default":
        flow = reading.parts.get(raw)
        return flow_name(flow, reading) if flow is not None else None
    if path == "order":
        return _order(raw, reading)
    if (path, raw) in CHOICES:
        return CHOICES[path, raw]
    if path.rsplit("/", 1)[-1] in TRUE_OR_FALSE:
        return TRUTHS.get(raw)
    if path in ("+role", "+starters"):
        return _posts(raw)
    if path == "+due":
        return limit(raw)
    if path in ("+remind", "+escalate"):
        return _joined([_reminder(each) if path == "+remind" else _escalation(each) for each in split(raw)])
    if path == "+form":
        return texts(f"forms/{raw}.json")
    if path.startswith("timerEventDefinition/"):
        return timer(raw)
    return None if raw else message("（空）")


def _order(raw: str, reading: Reading) -> str:
    flows = [reading.parts[each] for each in raw.split("\n") if each in reading.parts]
    return "；".join(each.name or reading.name_of(each.facts.get("@targetRef", "")) for each in flows)


def _posts(raw: str) -> Words:
    if raw == NOBODY:
        return message("不由人发起")
    known = [POSTS.get(each) for each in split(raw)]
    zh = [post.zh if post else role for post, role in zip(known, split(raw), strict=True)]
    en = [post.en if post else role for post, role in zip(known, split(raw), strict=True)]
    return Wording("、".join(zh), ", ".join(en))


def _joined(parts: Sequence[Words]) -> Words:
    """Several values one after the other."""
    if not parts:
        return message("（空）")
    whole = parts[0]
    for each in parts[1:]:
        whole = message("%(first)s；%(then)s", first=whole, then=each)
    return whole


def limit(raw: str) -> Words:
    """A time limit: working days, a length of time, or the expression as it is drawn."""
    counted = WORKDAYS.fullmatch(raw)
    if counted:
        return message("%(count)s 个工作日", count=int(counted[1]))
    return span(raw) or raw


def timer(raw: str) -> Words:
    """A timer in words where it is plain."""
    counted = WORKDAYS_CALL.fullmatch(raw)
    if counted:
        return message("%(count)s 个工作日后", count=int(counted[1]))
    round_ = CYCLE.fullmatch(raw)
    if round_:
        length = span(round_[2]) or round_[2]
        if round_[1]:
            return message("每隔%(span)s，共 %(count)s 次", span=length, count=int(round_[1]))
        return message("每隔%(span)s", span=length)
    return span(raw) or raw


def span(raw: str) -> Message | None:
    """A length of time by ISO 8601, None where it is something else."""
    found = SPAN.fullmatch(raw)
    if not found or not any(found.groups()):
        return None
    units: tuple[Callable[[int], Message], ...] = (
        lambda n: message("%(count)s 年", count=n),
        lambda n: message("%(count)s 个月", count=n),
        lambda n: message("%(count)s 周", count=n),
        lambda n: message("%(count)s 天", count=n),
        lambda n: message("%(count)s 小时", count=n),
        lambda n: message("%(count)s 分钟", count=n),
        lambda n: message("%(count)s 秒", count=n),
    )
    parts = [unit(int(count)) for unit, count in zip(units, found.groups(), strict=True) if count]
    whole = parts[0]
    for each in parts[1:]:
        whole = message("%(first)s %(then)s", first=whole, then=each)
    return whole


def _reminder(raw: str) -> Words:
    found = OFFSET.fullmatch(raw)
    if not found:
        return raw
    count, workdays = int(found[1]), (found[2] or "d").lower() == "wd"
    if count == 0:
        return message("到期当日")
    if workdays:
        return (
            message("到期前 %(count)s 个工作日", count=-count)
            if count < 0
            else message("逾期 %(count)s 个工作日", count=count)
        )
    return message("到期前 %(count)s 天", count=-count) if count < 0 else message("逾期 %(count)s 天", count=count)


def _escalation(raw: str) -> Words:
    role, _, when = raw.partition("@")
    return message("%(when)s报%(post)s", when=_reminder(when), post=_posts(role))
