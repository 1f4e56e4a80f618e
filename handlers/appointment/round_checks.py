"""Checks of the round's forms that need the registers (第六条)."""

from __future__ import annotations

from handlers.answers import day, identified, rows, text, this_round
from handlers.checking import Problems
from handlers.registry import validator
from processes.engine.house import FormCheck
from processes.errors import Invalid
from processes.messages import message
from processes.registers.appointments import appointment_for
from processes.registers.letters import letter_of
from processes.registers.rounds import round_of, unused_name

MIN_ADVICE_CHARS = 10
MOST_POSTS = 3
ANSWERED = frozenset({"需要", "不需要"})


@validator("appointment.survey_notice", zh="需求调查：轮次名称不重复", en="Survey: the round has a name of its own")
def survey_notice(check: FormCheck) -> None:
    """A round has a name of its own."""
    known = check.data.get("round_id")
    unused_name(
        check.session, text(check.answers, "round_name"), round_of(check.session, identified(known)) if known else None
    )


@validator("appointment.posts_fixed", zh="确定岗位：与需求不同的写明理由", en="Posts rest on a need, or a reason")
def posts_fixed(check: FormCheck) -> None:
    """Posts rest on a need; whoever fixes other numbers than were asked for says why (第二条、第六条(一))."""
    problems = Problems()
    for place, row in enumerate(rows(check.answers, "need_rows")):
        count, asked = int(row.get("posts") or 0), int(row.get("asked") or 0)
        where = f"need_rows.{place}"
        if not 0 <= count <= MOST_POSTS:
            problems.add(f"{where}.posts", message("每个区县0至%(count)s个岗位。", count=MOST_POSTS))
        if text(row, "reason"):
            continue
        if count and row.get("state") not in ANSWERED:
            problems.add(f"{where}.reason", message("未登记需求而设岗的，请说明理由（第二条）。"))
        elif count != asked:
            problems.add(f"{where}.reason", message("与区县提出的人数不一致，请说明理由。"))
    problems.refuse()


@validator("appointment.reply", zh="复函：不早于发函，意见写明内容", en="Reply: after the letter, with words")
def reply(check: FormCheck) -> None:
    """A reply is not older than its letter; advice and objections come with words (第六条(四))."""
    letter = letter_of(check.session, identified(check.data["party"]["letter_id"]))
    problems = Problems()
    replied = day(check.answers.get("reply_date"))
    if replied is not None and replied < letter.sent_on:
        problems.add("reply_date", message("复函日期不能早于发函日期（%(day)s）。", day=letter.sent_on.isoformat()))
    if check.answers.get("opinion") != "同意" and len(text(check.answers, "advice")) < MIN_ADVICE_CHARS:
        problems.add("advice", message("至少 %(count)s 个字", count=MIN_ADVICE_CHARS))
    asked = {str(each.nomination_id) for each in letter.nominations}
    if set(check.answers.get("objected") or ()) - asked:
        problems.add("objected", message("只能选择来函所列人选。"))
    problems.refuse()


@validator(
    "appointment.hr_opinion",
    zh="市人力社保局意见：逐人说明不同意的理由",
    en="HR bureau: each disagreement with its reason",
)
def hr_opinion(check: FormCheck) -> None:
    """The HR bureau names each person it disagrees with once, with a reason."""
    problems = Problems()
    listed = [row.get("nominee") for row in rows(check.answers, "objected")]
    for place, nominee in enumerate(listed):
        if nominee in listed[:place]:
            problems.add(f"objected.{place}.nominee", message("与前面的人选重复。"))
    if check.answers.get("opinion") == "不同意" and not listed:
        problems.add("objected", message("请列明不同意的人选和理由。"))
    problems.refuse()


@validator("appointment.receipt", zh="签收：不早于聘书签发日", en="Receipt: not before the certificate")
def receipt(check: FormCheck) -> None:
    """A certificate is received on or after the day it was issued."""
    made = appointment_for(check.session, identified(check.data["appointee"]["nomination_id"]))
    received = day(check.answers.get("received_on"))
    if made is not None and received is not None and received < made.issued_on:
        problem = message("领取日期不能早于颁发日期（%(day)s）。", day=made.issued_on.isoformat())
        raise Invalid(problem, {"received_on": problem})


@validator(
    "appointment.publish_call",
    zh="报名通知：轮次有效、起止日期正确",
    en="Call: the round stands, the days are in order",
)
def publish_call(check: FormCheck) -> None:
    """The round must still be there, and the call must not close before it opens."""
    this_round(check)
    first, last = day(check.answers.get("apply_from")), day(check.answers.get("apply_until"))
    if first is not None and last is not None and last < first:
        problem = message("报名截止不能早于报名开始。")
        raise Invalid(problem, {"apply_until": problem})
