"""What a story must say to be played; everything that is wrong is told at once, each in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.errors import Invalid
from processes.messages import Message, message
from processes.registers.quarter_reports import quarter_named
from webapp.demo.year.catalogue import short_names
from webapp.demo.year.story import (
    ATTENDED,
    CANCELLED,
    EXCUSED,
    MISSING,
    ON_SITE,
    ONLINE,
    UNEXCUSED,
    WRITTEN,
    Consultation,
    Event,
    Report,
    YearStory,
)

KINDS = ("规划编制", "规划实施", "重要建筑设计", "其他法定规划")
OPTIONAL = KINDS[-1]
"""What may be declined (第八条(三))."""
MODES, OUTCOMES = (ON_SITE, ONLINE, WRITTEN), (ATTENDED, EXCUSED, UNEXCUSED, CANCELLED)
DAYS = ("survey_sent", "survey_due", "call_open", "call_close", "qualification_done", "deliberation", "letters_sent",
        "letters_due", "decision", "certificates", "summary_meeting")  # fmt: skip
"""Days that the timeline must name, all but the last in this order."""
WITH_AN_END = ("leave", "withdraw")
MOST_TOLD = 20


def check_story(story: YearStory) -> None:
    """Refuse a story that cannot be played."""
    found = [*_of_timeline(story), *_of_services(story), *_of_consultations(story)]
    found += [*_of_reports(story), *_of_gradings(story), *_of_events(story)]
    if found:
        told = {str(place): each for place, each in enumerate(found[:MOST_TOLD], 1)}
        raise Invalid(message("故事文件有%(count)s处错误，不能演示。", count=len(found)), told)


def _of_timeline(story: YearStory) -> Iterator[Message]:
    missing = [name for name in (*DAYS, "term", "survey_late") if name not in story.timeline]
    if missing:
        yield message("timeline 缺少：%(names)s。", names="、".join(missing))
        return
    days = [story.day(name) for name in DAYS[:-1]]
    for before, after, earlier, later in zip(DAYS, DAYS[1:-1], days, days[1:], strict=False):
        if later < earlier:
            yield message("timeline 中 %(after)s 早于 %(before)s。", after=after, before=before)
    if story.term[0].year != story.year:
        yield message("聘期起始年份应是 %(year)s 年。", year=story.year)


def _of_services(story: YearStory) -> Iterator[Message]:
    units, names = set(short_names()), {each.name for each in story.applicants}
    posts = {(unit, number) for unit, number, _ in story.posts}
    for name in ("objects", "silent"):
        if story.letters.get(name) and story.letters[name] not in units:
            yield message("没有服务单元“%(unit)s”。", unit=story.letters[name])
    for each in story.services:
        if each.unit not in units:
            yield message("没有服务单元“%(unit)s”。", unit=each.unit)
        elif (each.unit, each.post) not in posts:
            yield message("%(who)s：%(unit)s没有岗位%(post)s。", who=each.name, unit=each.unit, post=each.post)
        if each.name not in names:
            yield message("首席规划师%(who)s不在报名人员中。", who=each.name)
        if each.end < each.start:
            yield message("%(who)s的聘期止早于聘期起。", who=each.name)
    for name, count in Counter(each.name for each in story.applicants).items():
        if count > 1:
            yield message("报名人员“%(name)s”出现%(count)s次，姓名应各不相同。", name=name, count=count)


def _of_consultations(story: YearStory) -> Iterator[Message]:
    for row in story.consultations:
        service = story.service_of.get(row.planner)
        if service is None:
            yield message("活动%(id)s：没有首席规划师“%(who)s”。", id=row.id, who=row.planner)
        elif not service.start < row.day <= service.end:
            yield message("活动%(id)s：%(who)s在%(day)s不在聘期内。", id=row.id, who=service.name, day=row.day)
        else:
            yield from _of_numbers(row)
        if row.day.year != story.year:
            yield message("活动%(id)s不在 %(year)s 年。", id=row.id, year=story.year)


def _of_numbers(row: Consultation) -> Iterator[Message]:
    if row.kind not in KINDS or row.mode not in MODES or row.outcome not in OUTCOMES:
        yield message("活动%(id)s：类别、方式或结果不是规定的值。", id=row.id)
    if row.outcome == ATTENDED and row.schemes < 1:
        yield message("活动%(id)s：参加的活动至少有一个项目。", id=row.id)
    if row.outcome == UNEXCUSED and row.kind == OPTIONAL:
        yield message(
            "活动%(id)s：“%(kind)s”可以婉拒，不能记为无正当理由缺席（第八条（三））。", id=row.id, kind=OPTIONAL
        )
    if not row.adopted <= row.items or row.opinions > row.schemes or row.opinions > row.items:
        yield message("活动%(id)s：意见份数、条数或采纳条数不一致。", id=row.id)


def _of_reports(story: YearStory) -> Iterator[Message]:
    for row in story.reports:
        what = f"{row.unit} {row.quarter}"
        if not row.quarter.startswith(str(story.year)):
            yield message("季度报告%(what)s不在 %(year)s 年。", what=what, year=story.year)
        if (row.submitted is None) != (row.status == MISSING):
            yield message("季度报告%(what)s：未报送的没有报送日期，已报送的有。", what=what)
        elif row.submitted is not None and not _in_time_to_count(row):
            yield message("季度报告%(what)s：应在季度结束之后、下一季度结束之前报送。", what=what)
        elif row.submitted is not None and (row.submitted > row.due) != (row.status == "LATE"):
            yield message("季度报告%(what)s：报送日期与是否迟报不一致。", what=what)


def _in_time_to_count(row: Report) -> bool:
    """Before the quarter is over there is nothing to send; at the end of the next one it is closed as missing."""
    quarter = quarter_named(row.quarter)
    return row.submitted is not None and quarter.end < row.submitted <= quarter.next().end


def _of_gradings(story: YearStory) -> Iterator[Message]:
    for each in story.gradings:
        if each.planner not in story.service_of:
            yield message("考核表：没有首席规划师“%(who)s”。", who=each.planner)
    if len(story.gradings) != story.limits["graded"]:
        told = {"listed": len(story.gradings), "graded": story.limits["graded"]}
        yield message("考核表有%(listed)s人，参数说%(graded)s人。", **told)
    excellent = story.grades()["优秀"]
    if excellent > story.limits["cap"]:
        yield message("优秀%(count)s人，超过名额%(cap)s人（第十四条）。", count=excellent, cap=story.limits["cap"])


def _of_events(story: YearStory) -> Iterator[Message]:
    units = set(short_names())
    for event in story.events:
        for unit in (*event.units, *([event.by] if event.by else ())):
            if unit not in units:
                yield message("事件%(day)s：没有服务单元“%(unit)s”。", day=event.on, unit=unit)
        if event.kind in WITH_AN_END and event.until is None:
            yield message("事件%(day)s（%(kind)s）没有结束日期 until。", day=event.on, kind=event.kind)
        if event.kind == "leave":
            yield from _of_leave(story, event)
        if event.kind in (*WITH_AN_END, "dismiss") and story.serving(event.unit, event.on) is None:
            yield message("事件%(day)s（%(kind)s）：该单元当日没有首席规划师。", day=event.on, kind=event.kind)


def _of_leave(story: YearStory, event: Event) -> Iterator[Message]:
    """Registered leave excuses by itself: nobody attends meanwhile, or stays away without reason."""
    for row in story.consultations:
        away = row.unit == event.unit and event.on <= row.day <= (event.until or event.on)
        if away and row.outcome not in (EXCUSED, CANCELLED):
            yield message("活动%(id)s在登记的休假期间，不能参加或记为缺席。", id=row.id)
