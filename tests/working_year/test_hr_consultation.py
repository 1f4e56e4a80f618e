"""重要事项征求意见: asked, answered, silent, disagreed with (第十条)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.notices import Notice
from processes.registers.matters import Matter
from tests.working_year.desk import only, year_desk

TEXT = "参加2025年度考核42人，拟评优秀12人、称职29人、不称职1人，优秀名额上限为12名。" * 2
MATTER = {"matter": "考核结果", "subject": "2025年度考核结果", "matter_text": TEXT, "reply_wd": 5}
REASON = "建议补充荣昌区缺席情况的说明。"


@pytest.fixture
def desk(database, tmp_path):
    with year_desk(database, tmp_path, "hr_consultation") as opened:
        yield opened


def asked(desk, **more):
    """A matter that has reached the HR bureau."""
    case = desk.start("clerk", "hr_consultation")
    desk.do("clerk", "draft_matter", **{**MATTER, **more})
    desk.do("leader", "sign_request", decision="签发")
    return case


def matters(desk):
    return desk.read(lambda session: session.scalars(select(Matter).order_by(Matter.round)).all())


def test_the_hr_bureau_agrees_and_the_matter_is_filed(desk):
    case = asked(desk)
    assert desk.open(case) == ["study"]
    desk.do("hr.clerk", "study", opinion="同意")
    desk.do("hr.leader", "sign_reply", decision="签发")
    ended = desk.case(case)
    assert (ended.status, ended.outcome) == ("completed", "意见已归档")
    found = only(matters(desk))
    assert (found.status, found.opinion, found.round, found.reference) == ("closed", "同意", 1, ended.number)
    assert found.due_on == desk.house.calendar.add_workdays(clock.today(), 5)


def test_the_letter_says_the_matter_and_the_day_of_the_reply(desk):
    asked(desk)
    letter = only(desk.documents("hr_request"))
    text = desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))
    assert letter.number.startswith("渝规资函〔2026〕")
    assert "关于征求2025年度考核结果意见的函" in text
    assert "2026年3月9日前函复" in text


def test_the_leader_sends_a_draft_back(desk):
    case = desk.start("clerk", "hr_consultation")
    desk.do("clerk", "draft_matter", **MATTER)
    desk.do("leader", "sign_request", decision="退回修改", reason="请补充名额情况")
    assert desk.open(case) == ["draft_matter"]
    desk.do("clerk", "draft_matter", **{**MATTER, "subject": "2025年度考核等次"})
    assert [each.subject for each in matters(desk)] == ["2025年度考核等次"]


def test_silence_is_no_consent_and_a_leader_decides_with_a_reason(desk):
    case = asked(desk)
    desk.until(desk.workdays(7) + timedelta(days=1))
    assert desk.open(case) == ["decide_silence", "study"]
    desk.do("leader", "decide_silence", silence_decision="继续等待", silence_reason="对方来电说明正在研究")
    assert desk.open(case) == ["study"]
    desk.until(desk.workdays(3) + timedelta(days=1))
    desk.do("leader", "decide_silence", silence_decision="视情推进", silence_reason="两次催办未复，按期审定考核结果")
    assert desk.case(case).status == "completed"
    found = only(matters(desk))
    assert (found.opinion, found.silence_by) == ("", "李建国")
    assert "两次催办未复" in found.silence_reason


def test_a_late_view_counts_while_nobody_has_decided(desk):
    case = asked(desk)
    desk.until(desk.workdays(7) + timedelta(days=1))
    desk.do("hr.clerk", "study", opinion="同意")
    desk.do("hr.leader", "sign_reply", decision="签发")
    assert desk.case(case).status == "completed"


def test_advice_is_followed_up_in_words(desk):
    case = asked(desk)
    desk.do("hr.clerk", "study", opinion="同意并提出建议", hr_reason=REASON)
    desk.do("hr.leader", "sign_reply", decision="签发")
    desk.do("clerk", "follow_up", handling="采纳", follow_up="已补充缺席情况说明并附记录。")
    assert desk.case(case).status == "completed"
    assert only(matters(desk)).follow_up == "已补充缺席情况说明并附记录。"


def test_a_disagreement_is_asked_about_once_more_and_then_goes_to_the_leaders(desk):
    case = asked(desk)
    for number in (1, 2):
        desk.do("hr.clerk", "study", opinion="不同意", hr_reason=REASON)
        desk.do("hr.leader", "sign_reply", decision="签发")
        desk.do("clerk", "follow_up", handling="再次征求意见", follow_up="拟修改材料后再次征求意见。")
        if number == 1:
            desk.do("clerk", "draft_matter", **MATTER)
            desk.do("leader", "sign_request", decision="签发")
    assert desk.open(case) == ["leaders_talk"]
    desk.do(
        "leader",
        "leaders_talk",
        talk_on=clock.today().isoformat(),
        talk_people="李建国、孙丽",
        follow_up="双方同意按原名单办理。",
    )
    assert desk.case(case).status == "completed"
    assert [(each.round, each.opinion) for each in matters(desk)] == [(1, "不同意"), (2, "不同意")]
    assert "关于再次征求" in desk.read(
        lambda session: letter_preview(desk.house.files.read(desk.documents("hr_request")[1].file_id))
    )


def test_a_matter_of_another_procedure_keeps_its_kind(desk):
    desk.message("hr_view_wanted", matter="解聘", subject="解聘丁某", matter_text=TEXT, reference="解聘-1", reply_wd=5)
    with pytest.raises(Invalid):
        desk.do("clerk", "draft_matter", **MATTER)
    desk.do("clerk", "draft_matter", **{**MATTER, "matter": "解聘"})
    assert only(matters(desk)).reference == "解聘-1"


def test_what_is_no_longer_wanted_is_closed_and_the_hr_bureau_told(desk):
    desk.message("hr_view_wanted", matter="解聘", subject="解聘丁某", matter_text=TEXT, reference="解聘-1", reply_wd=5)
    desk.message("hr_view_wanted", matter="解聘", subject="解聘戊某", matter_text=TEXT, reference="解聘-2", reply_wd=5)
    one, other = (each.id for each in desk.cases_of("hr_consultation"))
    desk.do("clerk", "draft_matter", one, **{**MATTER, "matter": "解聘"})
    desk.do("leader", "sign_request", decision="签发")
    desk.message("hr_view_not_wanted", "解聘-1")
    assert (desk.open(one), desk.open(other)) == ([], ["draft_matter"])
    assert only(matters(desk)).status == "closed"
    told = select(Notice.role).where(Notice.kind == "withdrawn")
    assert set(desk.read(lambda session: session.scalars(told).all())) == {"hr_bureau.clerk", "hr_bureau.leader"}
