"""What a district answers, what is decided without an answer, and what follows from an objection."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.documents.preview import letter_preview
from processes.engine.models import CaseDocument
from processes.errors import Invalid
from processes.identity.models import Unit
from processes.registers.applications import Application
from processes.registers.history import changes_of
from processes.registers.letters import consultation_letters, letter_of
from processes.registers.nominations import nominations_of
from processes.registers.planner_posts import posts_of
from tests.handlers.stage import FULING, WANZHOU, YUZHONG


@pytest.fixture
def asked(small_stage):
    """One post, a nominee and a reserve; the district has the letter."""
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    small_stage.variables["party"] = small_stage.letters()[WANZHOU]
    return small_stage


def object_to(stage, advice="希望选派山地灾害防治方面的专家"):
    return stage.reply(stage.variables["party"], "不同意", advice)


def test_a_letter_goes_to_the_government_and_shows_no_personal_data(asked):
    letter = consultation_letters(asked.session, asked.round.id)[0]
    assert letter.organization_id == f"gov:{WANZHOU}"
    assert letter.status == "waiting"
    assert set(asked.variables["party"]["nominee_rows"][0]) == {
        "post",
        "name",
        "organization",
        "title_level",
        "specialties",
    }


def test_a_letter_about_somebody_without_a_title_says_on_what_the_panel_relied(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    person = small_stage.session.scalars(select(Application)).one()
    person.title_name, person.title_level = "", "无"
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.letters()
    issued = select(CaseDocument).where(CaseDocument.code == "T04")
    letter = small_stage.session.scalars(issued).one()
    small_stage.make_files()
    text = letter_preview(small_stage.house.files.read(letter.file_id))
    assert "经实践经验认定" in text
    assert "，，" not in text


def test_advice_is_kept_and_the_person_goes_on(asked):
    told = asked.reply(asked.variables["party"], "同意并提出建议", "建议增加历史文化名镇方面的咨询")
    assert (told["outcome"]["result"], told["objections"]) == ("agreed", 0)
    assert asked.nomination("欧阳喆").status == "agreed"
    asked.run("appointment.sum_replies")
    assert asked.variables["final_rows"][0]["reply"].startswith("同意并提出建议")


def test_an_objection_leads_to_the_reserve_with_a_new_letter_to_that_district_only(asked):
    assert object_to(asked)["outcome"]["result"] == "objected"
    asked.send("mediate", {"agreement": "改派备选", "reason": "区县坚持另派"})
    assert asked.run("appointment.record_mediation")["outcome"]["result"] == "reserve"
    assert asked.run("appointment.use_reserve")["has_reserve"] is True
    old = asked.variables["party"]["letter_id"]
    asked.run("appointment.issue_reserve_letter")
    first, second = consultation_letters(asked.session, asked.round.id)
    assert (first.status, first.superseded_by_id) == ("superseded", second.id)
    assert asked.variables["party"]["letter_id"] != old
    assert asked.reply(asked.variables["party"])["outcome"]["result"] == "agreed"
    assert [asked.status(name) for name in ("欧阳喆", "王堃")] == ["not_selected", "consulting"]


def test_the_second_objection_to_a_post_is_counted(asked):
    assert object_to(asked)["objections"] == 1
    asked.send("mediate", {"agreement": "改派备选", "reason": "区县坚持另派"})
    asked.run("appointment.record_mediation")
    asked.run("appointment.use_reserve")
    asked.run("appointment.issue_reserve_letter")
    assert object_to(asked, "仍希望选派山地灾害防治专家")["objections"] == 2
    assert asked.run("appointment.use_reserve")["has_reserve"] is False
    assert asked.run("appointment.record_vacancy")["outcome"]["result"] == "vacant"
    (post,) = posts_of(asked.session, asked.round.id)
    assert post.status == "vacant"
    assert "仍希望选派山地灾害防治专家" in post.vacancy_reason


def test_talks_may_bring_the_district_to_agree(asked):
    object_to(asked)
    asked.send("mediate", {"agreement": "区县同意原人选", "reason": "说明情况后同意"}, asked.clerk)
    assert asked.run("appointment.record_mediation")["outcome"]["result"] == "agreed"
    assert asked.nomination("欧阳喆").status == "agreed"
    asked.run("appointment.sum_replies")
    assert asked.variables["final_rows"][0]["reply"].startswith("不同意，经协调同意")


def test_silence_is_never_consent_but_a_decision_with_a_reason(asked):
    asked.send("silent_decision", {"decision": "视情推进", "reason": "经多次催办仍未复函"}, asked.leader)
    assert asked.run("appointment.record_silence", actor=asked.leader)["outcome"]["result"] == "silent"
    letter = letter_of(asked.session, consultation_letters(asked.session, asked.round.id)[0].id)
    assert (letter.opinion, letter.silence_by, letter.silence_reason) == ("", "李建国", "经多次催办仍未复函")
    asked.run("appointment.sum_replies")
    assert asked.variables["silent_total"] == 1
    assert asked.variables["final_rows"][0]["reply"] == "未复函"
    assert [row["unit"] for row in asked.variables["silent_rows"]] == [WANZHOU]
    given = asked.final_list()
    given["silent_units"] = []
    with pytest.raises(Invalid) as refused:
        asked.check("appointment.final_list", given)
    assert "silent_units" in refused.value.fields
    asked.decide()
    assert asked.nomination("欧阳喆").status == "confirmed"
    assert letter.list_decision.startswith("仍按建议人选聘任：多次催办无果")


def test_waiting_on_ends_nothing(asked):
    asked.send("silent_decision", {"decision": "继续等待", "reason": "区县正在开会研究"}, asked.leader)
    asked.run("appointment.record_silence", actor=asked.leader)
    assert consultation_letters(asked.session, asked.round.id)[0].status == "waiting"
    assert asked.reply(asked.variables["party"])["outcome"]["result"] == "agreed"


def test_a_late_reply_still_counts_after_the_decision_to_go_on(asked):
    asked.send("silent_decision", {"decision": "视情推进", "reason": "经多次催办仍未复函"}, asked.leader)
    asked.run("appointment.record_silence", actor=asked.leader)
    asked.reply(asked.variables["party"])
    assert asked.nomination("欧阳喆").status == "agreed"


def test_a_leader_may_use_the_reserve_instead_of_waiting(asked):
    asked.send("silent_decision", {"decision": "改派备选", "reason": "区县口头表示不合适"}, asked.leader)
    assert asked.run("appointment.record_silence", actor=asked.leader)["outcome"]["result"] == "reserve"
    assert asked.run("appointment.use_reserve")["has_reserve"] is True
    assert (asked.nomination("欧阳喆").status, asked.nomination("王堃").status) == ("dropped", "proposed")


def test_a_nominee_who_withdraws_gives_the_letter_to_the_reserve(asked):
    gone = asked.people["欧阳喆"]
    told = asked.run("application.withdraw", asked.case_of(gone), application_id=str(gone.id), reason="工作调动")
    assert told["letter_id"] == asked.variables["party"]["letter_id"]
    assert told["nomination_id"] == str(asked.nomination("欧阳喆").id)
    assert asked.run("appointment.use_reserve")["has_reserve"] is True
    asked.run("appointment.issue_reserve_letter")
    assert [row["name"] for row in asked.variables["party"]["nominee_rows"]] == ["王堃"]


def test_without_a_reserve_the_post_stays_vacant(asked):
    for name in ("王堃", "欧阳喆"):
        gone = asked.people[name]
        asked.run("application.withdraw", asked.case_of(gone), application_id=str(gone.id), reason="工作调动")
    assert asked.run("appointment.use_reserve")["has_reserve"] is False
    asked.run("appointment.record_vacancy")
    (post,) = posts_of(asked.session, asked.round.id)
    assert post.vacancy_reason == "人选退出，无备选人选"


def test_one_letter_may_be_answered_differently_for_two_people(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", "钱赟", 万州区=2)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "钱赟"), "万州区岗位2": ("王堃",)})
    party = small_stage.variables["party"] = small_stage.letters()[WANZHOU]
    objected = [str(small_stage.nomination("欧阳喆").id)]
    told = small_stage.reply(party, "不同意", "第一位人选专业方向不合适", objected=objected)
    assert (told["outcome"]["result"], told["objections"]) == ("objected", 1)
    assert small_stage.nomination("王堃").status == "agreed"
    told = small_stage.run("appointment.use_reserve")
    assert told["moved_up"] == [str(small_stage.nomination("钱赟").id)]
    assert small_stage.nomination("王堃").status == "agreed"


def test_when_one_of_two_withdraws_the_other_is_asked_about_again_with_the_reserve(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", "钱赟", 万州区=2)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "钱赟"), "万州区岗位2": ("王堃",)})
    small_stage.variables["party"] = small_stage.letters()[WANZHOU]
    gone = small_stage.people["欧阳喆"]
    small_stage.run("application.withdraw", small_stage.case_of(gone), application_id=str(gone.id), reason="工作调动")
    small_stage.run("appointment.use_reserve")
    small_stage.run("appointment.issue_reserve_letter")
    assert [row["name"] for row in small_stage.variables["party"]["nominee_rows"]] == ["钱赟", "王堃"]
    assert consultation_letters(small_stage.session, small_stage.round.id)[0].status == "superseded"


def test_one_reserve_does_not_serve_two_districts(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", "钱赟", 万州区=1, 涪陵区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "钱赟"), "涪陵区岗位1": ("王堃", "钱赟")})
    parties = small_stage.letters()
    for unit, has_reserve in ((WANZHOU, True), (FULING, False)):
        small_stage.variables["party"] = parties[unit]
        object_to(small_stage)
        assert small_stage.run("appointment.use_reserve")["has_reserve"] is has_reserve


@pytest.mark.parametrize("said", [{"successor_unit_id": YUZHONG}, {}], ids=["by the message", "by the register"])
def test_the_letter_of_a_dissolved_unit_is_sent_to_its_successor(asked, said):
    asked.session.get_one(Unit, WANZHOU).successor_id = YUZHONG
    asked.run("appointment.reissue_to_successor", **said)
    assert asked.variables["party"]["unit_id"] == YUZHONG
    letters = {each.unit_id: each.status for each in consultation_letters(asked.session, asked.round.id)}
    assert letters == {WANZHOU: "superseded", YUZHONG: "waiting"}
    assert asked.reply(asked.variables["party"])["outcome"] == {"unit_id": YUZHONG, "result": "agreed"}
    assert asked.decide()["unconsulted"] == {}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"opinion": "同意", "reply_date": "2020-01-01"}, "reply_date"),
        ({"opinion": "不同意", "advice": "太短"}, "advice"),
        ({"opinion": "不同意", "advice": "理由充分并且写得足够长", "objected": ["x"]}, "objected"),
    ],
)
def test_a_reply_is_checked_against_its_letter(asked, answers, field):
    with pytest.raises(Invalid) as refused:
        asked.check("appointment.reply", answers)
    assert set(refused.value.fields) == {field}


def test_what_became_of_a_nominee_can_be_read_from_the_history(asked):
    object_to(asked)
    first, _reserve = nominations_of(asked.session, asked.round.id)
    told = [(change.to_status, change.reason) for change in changes_of(asked.session, first)]
    number = consultation_letters(asked.session, asked.round.id)[0].number
    assert told == [("proposed", ""), ("consulting", number), ("objected", "希望选派山地灾害防治方面的专家")]
