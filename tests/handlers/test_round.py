"""A round from the survey to the certificates, operation by operation."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from handlers.leaving import leave_office
from processes import clock
from processes.engine.models import CaseEvent
from processes.errors import Conflict, Invalid
from processes.files import FileStore
from processes.identity.actor import SYSTEM
from processes.identity.models import PostHolding
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.experts import expert_for
from processes.registers.history import changes_of
from processes.registers.letters import Letter, LetterKind, consultation_letters, letter_of
from processes.registers.needs import needs_of
from processes.registers.nominations import for_post
from processes.registers.planner_posts import posts_of
from tests.handlers.stage import FULING, PRACTICAL, WANZHOU, Stage


def content(stage: Stage, key: str, place: int = -1) -> str:
    """The text of a document."""
    stage.make_files()
    files: FileStore = stage.house.files
    data = files.read(stage.documents(key)[place].file_id)
    if key == "certificate":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", "")
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_a_whole_round_ends_with_appointments_certificates_and_a_full_register(stage):
    stage.to_deliberation("欧阳喆", "王堃", 万州区=1, 涪陵区=1)
    stage.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    for party in stage.letters().values():
        assert stage.reply(party)["outcome"]["result"] == "agreed"
    assert stage.decide()["unconsulted"] == {}
    appointees = stage.publish()
    assert {each["name"] for each in appointees.values()} == {"欧阳喆", "王堃"}
    for appointee in appointees.values():
        assert stage.accept(appointee)["receipt"]["result"] == "appointed"
    ended = stage.run("appointment.close_round")
    assert (ended["appointed_total"], ended["vacant_total"], len(ended["open_applications"])) == (2, 0, 2)
    assert stage.round.status == "completed"
    assert {post.status for post in posts_of(stage.session, stage.round.id)} == {"filled"}
    assert stage.status("王堃") == "accepted"
    expert = expert_for(stage.session, stage.people["王堃"].person_id)
    assert [change.to_status for change in changes_of(stage.session, expert)] == ["candidate", "in_office"]
    appointment = stage.session.scalars(select(Appointment)).first()
    assert appointment.status == "in_office"
    assert appointment.certificate_number.startswith(f"渝规首聘〔{clock.today().year}〕")


def test_every_document_of_a_round_is_filled_in_and_numbered(stage):
    stage.posts(万州区=1, 涪陵区=1)
    stage.call()
    stage.eligible("欧阳喆")
    stage.eligible("阿依努尔·买买提", **PRACTICAL)
    stage.run("appointment.close_call")
    stage.run("appointment.build_book")
    reserved = [{"member": "委员2", "text": "建议优先考虑山地经验。"}]
    stage.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("阿依努尔·买买提",)}, reserved=reserved)
    for party in stage.letters().values():
        stage.reply(party)
    stage.decide()
    stage.publish()
    year = clock.today().year
    draft, notice = stage.documents("need_survey_notice")
    assert (draft.number, notice.number) == ("", f"渝规资发〔{year}〕1号")
    assert "023-60000000" in content(stage, "need_survey_notice")
    assert "城市设计、历史文化保护" in content(stage, "registration_notice")
    assert stage.documents("registration_notice")[0].number == f"渝规资函〔{year}〕1号"
    assert "阿依努尔·买买提" in content(stage, "nomination_list")
    minutes = content(stage, "selection_minutes")
    assert "委员2：建议优先考虑山地经验。" in minutes
    assert "主持省部级项目" in minutes
    assert {each.number for each in stage.documents("opinion_request")} == {f"渝规资函〔{year}〕{n}号" for n in (2, 3)}
    letter = content(stage, "opinion_request", 0)
    assert "重庆市万州区人民政府" in letter
    assert "13800001234" not in letter
    assert "50010119750401001X" not in letter
    assert f"渝规资函〔{year}〕2号" in content(stage, "opinion_reply", 0)
    assert "阿依努尔·买买提" in content(stage, "appointment_notice")
    assert "首席规划师" in content(stage, "certificate")
    told = stage.session.scalars(select(CaseEvent).where(CaseEvent.kind == "document")).all()
    assert len(told) == 12
    assert {document.unit_id for document in stage.documents("certificate")} == {WANZHOU, FULING}


def test_the_survey_asks_every_unit_served_today_unless_some_are_chosen(small_stage):
    small_stage.open_round(units=[WANZHOU])
    assert set(small_stage.variables["survey"]) == {WANZHOU}
    small_stage.open_round()
    assert len(needs_of(small_stage.session, small_stage.round.id)) == 3


def test_a_notice_that_was_sent_back_brings_the_same_round_up_to_date(small_stage):
    small_stage.open_round()
    first = small_stage.variables["round_id"]
    small_stage.open_round("2025—2028聘期", units=[WANZHOU, FULING])
    assert small_stage.variables["round_id"] == first
    assert small_stage.round.name == "2025—2028聘期"
    assert [each.unit_id for each in needs_of(small_stage.session, small_stage.round.id)] == [WANZHOU, FULING]


def test_two_rounds_cannot_have_one_name(small_stage):
    small_stage.open_round()
    with pytest.raises(Invalid) as refused:
        small_stage.check("appointment.survey_notice", {"round_name": "2025—2027聘期"}, round_id=None)
    assert "round_name" in refused.value.fields
    small_stage.check("appointment.survey_notice", {"round_name": "2025—2027聘期"})


def test_every_government_gets_the_survey_and_none_of_the_bureaus(small_stage):
    small_stage.open_round()
    small_stage.run("appointment.send_survey")
    letters = small_stage.session.scalars(select(Letter).where(Letter.kind == LetterKind.NEED_SURVEY)).all()
    assert {each.organization_id for each in letters} == {f"gov:{unit}" for unit in small_stage.variables["survey"]}
    assert len({each.number for each in letters}) == 1


def test_a_unit_without_an_answer_is_closed_by_a_person_with_a_reason(small_stage):
    small_stage.open_round()
    party = small_stage.variables["survey"][WANZHOU]
    small_stage.send("close_unanswered", {"decision": "关闭", "reason": "多次联系仍未答复"})
    assert small_stage.run("appointment.record_unanswered", party=party)["answer"]["state"] == "closed"
    rows = small_stage.run("appointment.collect_needs")["need_rows"]
    assert (rows[0]["state"], rows[0]["posts"]) == ("未答复", 0)
    need = needs_of(small_stage.session, small_stage.round.id)[0]
    assert changes_of(small_stage.session, need)[-1].reason == "多次联系仍未答复"


def test_the_need_of_a_dissolved_unit_goes_to_its_successor(small_stage):
    small_stage.open_round(units=[WANZHOU])
    given = small_stage.run(
        "appointment.reissue_survey",
        party=small_stage.variables["survey"][WANZHOU],
        successor=FULING,
        decision="由承接单位填报",
        reason="行政区划调整",
    )
    assert given["refill"] is True
    assert given["party"]["unit_id"] == FULING
    assert [row["state"] for row in small_stage.run("appointment.collect_needs")["need_rows"]] == ["已并入", "未答复"]


def test_a_round_in_which_nobody_needs_a_planner_ends(small_stage):
    small_stage.posts()
    assert small_stage.variables["posts_total"] == 0
    assert small_stage.variables["no_need_total"] == 3
    assert small_stage.round.status == "no_posts"


def test_posts_carry_the_specialties_of_the_need_and_first_posts_come_before_second_ones(small_stage):
    small_stage.posts(万州区=2, 涪陵区=1)
    posts = posts_of(small_stage.session, small_stage.round.id)
    assert [post.label for post in posts] == ["万州区岗位1", "涪陵区岗位1", "万州区岗位2"]
    assert posts[0].specialties == ["城市设计", "历史文化保护"]


def test_a_second_call_is_for_the_open_posts_alone(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1, 涪陵区=1)
    given = small_stage.deliberation({"万州区岗位1": ("欧阳喆",)})
    given["per_post"][1] |= {"how": "二次报名", "reason": "无人报名"}
    small_stage.send("deliberation", given)
    told = small_stage.run("appointment.record_deliberation")
    assert told["second_call"] is True
    assert (told["nominees_total"], told["vacant_total"]) == (1, 0)
    small_stage.call(days=10)
    notice = content(small_stage, "registration_notice")
    assert "涪陵区" in notice
    assert "万州区" not in notice
    small_stage.eligible("王堃")
    assert small_stage.run("appointment.close_call")["pending"] == 0
    small_stage.run("appointment.build_book")
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    assert small_stage.variables["second_call"] is False
    assert small_stage.nomination("欧阳喆").deliberation_id != small_stage.nomination("王堃").deliberation_id


def test_the_hr_bureau_s_objection_brings_the_reserve_up_and_keeps_the_reason(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    objected = [{"nominee": str(small_stage.nomination("欧阳喆").id), "reason": "近三年考核不佳"}]
    small_stage.send(
        "hr_opinion", {"opinion": "不同意", "reason": "个别人选不宜", "objected": objected}, small_stage.hr
    )
    told = small_stage.run("appointment.apply_hr_objection", actor=small_stage.hr)
    assert told["hr_rounds"] == 1
    assert told["post_rows"][0]["nominee"] == str(small_stage.people["王堃"].id)
    assert (small_stage.status("欧阳喆"), small_stage.status("王堃")) == ("not_selected", "nominee")
    assert small_stage.nomination("欧阳喆").hr_reason == "近三年考核不佳"


@pytest.mark.parametrize(
    ("city", "hr", "result", "standing"),
    [
        ("维持建议名单", "维持建议名单", "keep", "欧阳喆"),
        ("改用备选人选", "改用备选人选", "reserve", "王堃"),
        ("维持建议名单", "改用备选人选", "apart", "欧阳喆"),
    ],
)
def test_the_leaders_views_are_kept_and_followed_where_they_agree(small_stage, city, hr, result, standing):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    objected = [{"nominee": str(small_stage.nomination("欧阳喆").id), "reason": "近三年考核不佳"}]
    small_stage.send(
        "hr_opinion", {"opinion": "不同意", "reason": "个别人选不宜", "objected": objected}, small_stage.hr
    )
    views = {"city_view": city, "hr_view": hr, "city_reason": "综合考虑后的意见", "hr_reason": "综合考虑后的意见"}
    told = small_stage.run("appointment.record_leaders", **views)
    assert told["leaders_result"] == result
    assert told["post_rows"][0]["nominee"] == str(small_stage.people[standing].id)
    assert [view["view"] for view in small_stage.nomination("欧阳喆").views] == [city, hr]


def test_a_reserve_stands_in_for_a_nominee_who_withdrew_before_the_letters(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    gone = small_stage.people["欧阳喆"]
    small_stage.run("application.withdraw", small_stage.case_of(gone), application_id=str(gone.id), reason="工作调动")
    rows = small_stage.run("appointment.draft_letters")["letter_rows"]
    assert [row["name"] for row in rows] == ["王堃"]


def test_a_person_about_whom_the_unit_was_not_asked_goes_back_to_consultation(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1, 涪陵区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    for party in small_stage.letters().values():
        small_stage.reply(party)
    changed = {"settled": "聘任", "person": str(small_stage.people["王堃"].id), "reason": "统筹安排"}
    term = {"term_start": "2026-12-01", "term_end": "2029-11-30"}
    assert small_stage.decide(涪陵区岗位1={**changed, **term})["unconsulted"] == {FULING: "涪陵区"}
    assert small_stage.round.status == "consultation"
    parties = small_stage.letters()
    assert set(parties) == {FULING}
    small_stage.reply(parties[FULING])
    assert small_stage.decide()["unconsulted"] == {}
    assert small_stage.round.status == "appointment"
    assert {each["name"] for each in small_stage.publish().values()} == {"欧阳喆", "王堃"}


def test_a_nominee_who_declines_is_followed_by_the_reserve_after_a_letter_of_its_own(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    (appointee,) = small_stage.publish().values()
    small_stage.send("receipt", {"accept": "不接受", "decline_reason": "身体原因"})
    told = small_stage.run("appointment.record_decline", appointee=appointee)
    assert told["has_reserve"] is True
    assert small_stage.nomination("欧阳喆").status == "declined"
    party = small_stage.run("appointment.issue_reserve_letter")["party"]
    assert len(consultation_letters(small_stage.session, small_stage.round.id)) == 2
    small_stage.reply(party)
    again = small_stage.run("appointment.make_certificate")["appointee"]
    assert again["name"] == "王堃"
    assert again["certificate_number"] != appointee["certificate_number"]
    small_stage.accept(again)
    statuses = {each.person.name: each.status for each in small_stage.session.scalars(select(Appointment))}
    assert statuses == {"欧阳喆": "revoked", "王堃": "in_office"}
    assert letter_of(small_stage.session, consultation_letters(small_stage.session, small_stage.round.id)[0].id)


def test_a_post_that_nobody_takes_up_stays_vacant_with_reason_and_next_step(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    (appointee,) = small_stage.publish().values()
    small_stage.send("receipt", {"accept": "不接受", "decline_reason": "身体原因"})
    assert small_stage.run("appointment.record_decline", appointee=appointee)["has_reserve"] is False
    told = small_stage.run("appointment.leave_vacant", appointee=appointee, reason="无备选", next_step="再次遴选")
    assert told["receipt"]["result"] == "vacant"
    (post,) = posts_of(small_stage.session, small_stage.round.id)
    assert (post.status, post.vacancy_reason, post.next_step) == ("vacant", "无备选", "再次遴选")


def test_there_are_no_two_certificates_for_one_post_and_period(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    small_stage.publish()
    with pytest.raises(Conflict, match="已由欧阳喆任职"):
        small_stage.run("appointment.make_certificates")


def test_a_vacancy_opens_a_short_round_that_begins_with_the_call(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({})
    (post,) = posts_of(small_stage.session, small_stage.round.id)
    told = small_stage.run("appointment.open_short_round", post_id=str(post.id), reason="无合适人选")
    assert small_stage.round.short
    assert "万州区岗位1" in told["round_name"]
    small_stage.call()
    assert "万州区" in content(small_stage, "registration_notice")
    assert small_stage.round.takes_applications


def test_a_short_round_names_a_successor_for_a_post_whose_planner_has_left(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    (appointee,) = small_stage.publish().values()
    small_stage.accept(appointee)
    (post,) = posts_of(small_stage.session, small_stage.round.id)
    left = small_stage.session.scalars(select(Appointment)).one()
    leave_office(small_stage.session, SYSTEM, left, AppointmentStatus.WITHDRAWN, clock.today(), "第十五条（一）", 1)
    small_stage.run("appointment.open_short_round", post_id=str(post.id), reason="欧阳喆离任")
    small_stage.call()
    small_stage.eligible("王堃")
    small_stage.run("appointment.close_call")
    small_stage.run("appointment.build_book")
    small_stage.deliberate({"万州区岗位1": ("王堃",)})
    named = for_post(small_stage.session, post.id)
    assert [each.application.name for each in named] == ["王堃"]


def test_who_takes_up_office_holds_the_planner_s_post(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    (appointee,) = small_stage.publish().values()
    small_stage.accept(appointee)
    made = small_stage.session.scalars(select(Appointment)).one()
    held = select(PostHolding).where(PostHolding.person_id == made.person_id, PostHolding.role == "planner")
    assert small_stage.session.scalars(held).one().valid_from == made.term_start


def test_everybody_who_was_found_fit_is_told_the_result_even_one_who_declined(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", "钱赟", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    (appointee,) = small_stage.publish().values()
    small_stage.send("receipt", {"accept": "不接受", "decline_reason": "身体原因"})
    small_stage.run("appointment.record_decline", appointee=appointee)
    small_stage.run("appointment.leave_vacant", appointee=appointee, reason="无备选", next_step="再次遴选")
    gone = small_stage.people["王堃"]
    small_stage.run("application.withdraw", small_stage.case_of(gone), application_id=str(gone.id), reason="个人原因")
    told = small_stage.run("appointment.close_round")["open_applications"]
    assert set(told) == {str(small_stage.people[name].id) for name in ("欧阳喆", "钱赟")}
    assert (small_stage.status("欧阳喆"), small_stage.status("钱赟")) == ("withdrawn", "not_selected")


def test_a_reserve_serves_the_rest_of_the_term_that_was_decided(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    small_stage.reply(small_stage.letters()[WANZHOU])
    today = clock.today().isoformat()
    small_stage.decide(万州区岗位1={"term_start": today, "term_end": "2031-05-31"})
    (appointee,) = small_stage.publish().values()
    small_stage.run("appointment.record_decline", appointee=appointee)
    small_stage.reply(small_stage.run("appointment.issue_reserve_letter")["party"])
    reserve = small_stage.run("appointment.make_certificate")["appointee"]
    assert (reserve["term_start"], reserve["term_end"]) == (today, "2031-05-31")
