"""政策文件与规划资料提供: asked, checked for secrecy, given, lent, returned, refused, late (第九条(一))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.handing_over import handover_rows
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.notices import Notice
from processes.registers.materials import Delivery, MaterialRequest, open_loans, support_by
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

BUREAU = "bureau.clerk.500101"
ITEMS = [{"name": "国土空间分区规划文本", "purpose": "滨江片区咨询", "period": "2025年", "format": "电子"}]
LOAN = {"item": "地形图002号", "carrier": "纸质", "place": "档案室", "return_due": "2026-04-01"}
RECEIVED = {"received": True, "secrecy_promise": True, "use_note": "用于滨江片区咨询。"}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "material_request") as opened:
        opened.planner("丁一")
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "material_request") as opened:
        opened.planner("丁一")
        yield opened


def asked(desk, **more):
    case = desk.start("丁一", "material_request")
    given = {"unit_id": WANZHOU, "items": ITEMS, "classified": "否", "due": "2026-03-09"}
    desk.do("丁一", "ask_material", case, **{**given, **more})
    return case


def lent(desk):
    case = asked(desk, classified="是")
    desk.do(BUREAU, "reply_offline", answer="提供", offline=[LOAN])
    desk.do("丁一", "receive_material", **RECEIVED)
    return case


def request(desk):
    return only(desk.read(lambda session: list(session.scalars(select(MaterialRequest)))))


def delivery(desk):
    return only(desk.read(lambda session: list(session.scalars(select(Delivery)))))


def told(desk, login):
    mine = select(Notice).where(Notice.person_id == desk.person_id(login))
    return desk.read(lambda session: [each.message().params for each in session.scalars(mine)])


def test_material_is_asked_for_given_and_received(on_both):
    desk = on_both
    case = asked(desk)
    assert request(desk).due_on == desk.workdays(5)
    desk.do(BUREAU, "reply_open", secrecy="不涉密", answer="提供", files=["file:分区规划文本.pdf"])
    assert delivery(desk).kind == "file"
    desk.do("丁一", "receive_material", **RECEIVED)
    assert (desk.case(case).status, request(desk).status) == ("completed", "given")
    assert request(desk).received_on == clock.today()
    printed = desk.read(lambda s: letter_preview(desk.house.files.read(only(desk.documents("delivery_list")).file_id)))
    assert "分区规划文本.pdf" in printed
    assert only(desk.documents("secrecy_promise")).number == "保密承诺〔2026〕1号"


@pytest.mark.parametrize("classified", ["是", "不确定"])
def test_what_is_or_may_be_classified_is_handed_over_off_line_only(desk, classified):
    asked(desk, classified=classified)
    assert desk.open() == ["reply_offline"]
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_offline", answer="提供", files=["file:密图.pdf"])
    desk.do(BUREAU, "reply_offline", answer="提供", offline=[{**LOAN, "return_due": None}])
    found = delivery(desk)
    assert (found.kind, found.file_id, found.name) == ("handover", None, "地形图002号")


def test_what_proves_to_be_classified_is_not_uploaded(desk):
    asked(desk)
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_open", secrecy="涉密", answer="提供", files=["file:密图.pdf"])
    desk.do(BUREAU, "reply_open", secrecy="涉密", answer="提供", offline=[LOAN])
    assert request(desk).secrecy == "classified"


def test_a_loan_is_returned_after_a_reminder(on_both):
    desk = on_both
    case = lent(desk)
    assert [each.name for each in desk.read(lambda s: open_loans(s, desk.person_id("丁一")))] == ["地形图002号"]
    before = len(told(desk, "丁一"))
    desk.until(date(2026, 3, 28))
    assert len(told(desk, "丁一")) == before + 1
    desk.do(BUREAU, "register_return", return_result="已归还", returned_on="2026-03-28")
    assert desk.case(case).status == "completed"
    assert desk.read(lambda s: list(open_loans(s, desk.person_id("丁一")))) == []


def test_a_loan_that_is_late_is_told_to_the_city_bureau_too(desk):
    lent(desk)
    desk.until(date(2026, 4, 8))
    warned = select(Notice).where(Notice.role == "city_bureau.clerk", Notice.kind == "warning")
    assert desk.read(lambda s: s.scalars(warned).all())
    assert desk.open() == ["register_return"]


def test_a_loan_may_be__or_get_lost(desk):
    case = lent(desk)
    with pytest.raises(Invalid):
        desk.do(
            BUREAU,
            "register_return",
            return_result="续借",
            new_return_due="2026-03-20",
            return_note="项目仍在使用该图。" * 2,
        )
    desk.do(
        BUREAU,
        "register_return",
        return_result="续借",
        new_return_due="2026-05-06",
        return_note="项目仍在使用该图纸资料。",
    )
    assert delivery(desk).return_due == date(2026, 5, 6)
    desk.do(BUREAU, "register_return", return_result="遗失", return_note="搬运中遗失，已报保密部门处理。")
    assert (delivery(desk).lost, desk.case(case).status) == (True, "completed")


def test_open_loans_stand_on_the_handover_list(desk):
    lent(desk)
    rows = desk.read(lambda s: handover_rows(s, desk.person_id("丁一")))
    assert [row["item"] for row in rows] == ["归还资料：地形图002号（资料-2026-0001）"]


def test_a_refusal_has_a_reason_and_counts_in_the_support_of_the_district(desk):
    case = asked(desk)
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_open", secrecy="不涉密", answer="不提供")
    desk.do(BUREAU, "reply_open", secrecy="不涉密", answer="不提供", reason="该项资料尚未批准，暂不对外提供。")
    ended = desk.case(case)
    assert (ended.status, ended.outcome) == ("completed", "不予提供")
    support = desk.read(lambda s: support_by(s, WANZHOU, date(2026, 1, 1), date(2026, 3, 31), clock.today()))
    assert (support.asked, support.refused, support.late) == (1, 1, 0)


def test_part_of_it_may_be_given_with_a_reason(desk):
    asked(desk)
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_open", secrecy="不涉密", answer="部分提供", reason="现状数据正在更新，其余先行提供。")
    desk.do(
        BUREAU,
        "reply_open",
        secrecy="不涉密",
        answer="部分提供",
        reason="现状数据正在更新，其余先行提供。",
        offline=[LOAN],
    )
    assert request(desk).status == "partly"


def test_late_by_five_working_days_the_leader_is_told_by_ten_the_city_bureau_mediates(desk):
    asked(desk)
    due = request(desk).due_on
    desk.until(desk.house.calendar.add_workdays(due, 6))
    leader = select(Notice).where(Notice.role == "district_bureau.leader")
    assert only(desk.read(lambda s: list(s.scalars(leader)))).organization_id == f"bureau:{WANZHOU}"
    desk.until(desk.house.calendar.add_workdays(due, 10) + timedelta(days=1))
    assert desk.open() == ["mediate", "reply_open"]
    desk.do("clerk", "mediate", mediation="已与区局沟通，承诺两日内提供。")
    desk.do(BUREAU, "reply_open", secrecy="不涉密", answer="提供", files=["file:文本.pdf"])
    support = desk.read(lambda s: support_by(s, WANZHOU, date(2026, 1, 1), date(2026, 12, 31), clock.today()))
    assert (support.given, support.late) == (1, 1)
    assert request(desk).mediated_on


def test_the_right_is_towards_the_district_served(desk):
    with pytest.raises(Invalid):
        asked(desk, unit_id=FULING)
