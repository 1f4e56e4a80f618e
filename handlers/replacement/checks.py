"""What the forms of a replacement are checked for: nobody is replaced without a ground, nobody acts for too long."""

from __future__ import annotations

from handlers.answers import day, identified, text
from handlers.checking import Problems
from handlers.registry import validator
from handlers.replacement.vacancies import CHANGE, LEAVE, VACANT, latest_acting_day
from processes import clock
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.planner_posts import PostStatus, post_of

WAYS = {
    VACANT: ("补选（简易程序）", "邻区代理", "不再设岗", "保持空缺"),
    LEAVE: ("邻区代理", "仅登记休假"),
    CHANGE: ("维持现任", "邻区代理"),
}


@validator("replacement.occasion", zh="请假：有起止日期", en="Leave has a first and a last day")
def occasion(check: FormCheck) -> None:
    """Leave has a first and a last day."""
    problems = Problems()
    first, last = day(check.answers.get("first_day")), day(check.answers.get("last_day"))
    if first is not None and last is not None and last < first:
        problems.add("last_day", message("休假止不能早于休假起。"))
    problems.refuse()


@validator("replacement.way", zh="更换：有岗位需求和解聘依据", en="Replacement: needed, and grounded")
def way(check: FormCheck) -> None:
    """A post that is needed is not closed; a planner in office is not replaced without a ground of 第十五条."""
    problems = Problems()
    chosen, why = text(check.answers, "way"), str(check.data.get("occasion"))
    if chosen not in WAYS[why]:
        problems.add("way", message("“%(why)s”只能选择：%(ways)s。", why=why, ways="、".join(WAYS[why])))
    if chosen == "不再设岗" and check.data.get("need") != "不再需要":
        problems.add("way", message("区县没有提出不再需要，不能撤销岗位。"))
    if chosen == "补选（简易程序）":
        post = post_of(check.session, identified(check.data["post_id"]))
        if post.status != PostStatus.VACANT:
            problems.add("way", message("该岗位目前没有空缺，不能补选。"))
    problems.refuse()


@validator("replacement.acting", zh="代理：他人、不超过六个月", en="Acting: another, six months at most")
def acting(check: FormCheck) -> None:
    """Somebody else acts, from today at the earliest, for six months at most."""
    problems = Problems()
    first, last = day(check.answers["acting_from"]), day(check.answers["acting_until"])
    assert first is not None
    assert last is not None
    if not first <= last <= latest_acting_day(first):
        problems.add("acting_until", message("代理期限不超过6个月，且不早于代理起。"))
    if last < clock.today():
        problems.add("acting_until", message("代理期限已过。"))
    if str(check.answers["acting"]) == str(check.data.get("person_id")):
        problems.add("acting", message("不能由本人代理。"))
    problems.refuse()
