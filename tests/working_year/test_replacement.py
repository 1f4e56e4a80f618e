"""聘期内更换、增补: a vacant post is filled, somebody acts, or the post is closed (第二条、第六条)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.notices import Notice
from processes.registers.appointments import Appointment, AppointmentStatus, end
from processes.registers.history import change_status
from processes.registers.leaves import Leave, on_leave
from processes.registers.ledger import in_office
from processes.registers.materials import Delivery, MaterialRequest
from processes.registers.planner_posts import PlannerPost, PostStatus, declare_vacant
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

REASON = "区县答复继续需要，按程序办理。"
LEFT = date(2026, 3, 1)


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "replacement") as opened:
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "replacement") as opened:
        yield opened


def vacated(desk):
    """A post whose planner has left; its case, appointment and post."""
    appointment_id = desk.planner("丁一")
    with desk.db.transaction() as session:
        left = session.get_one(Appointment, appointment_id)
        end(session, SYSTEM, left, AppointmentStatus.WITHDRAWN, LEFT, "第十五条（一）", 1)
        declare_vacant(session, SYSTEM, left.post, "本人退出")
        post_id = left.post_id
    desk.message("post_vacant", str(post_id), post_id=str(post_id), unit_id=WANZHOU, appointment_id=str(appointment_id),
                 vacant_from="2026-03-02", reason="丁一离任（第十五条（一））")  # fmt: skip
    return only(desk.cases_of("replacement")).id, appointment_id, post_id


def needed(desk, need="继续需要"):
    desk.do("gov.clerk.500101", "state_need", need=need, wishes="希望熟悉城市设计。")


def chosen(desk, way):
    desk.do("clerk", "confirm_need", way=way, way_reason=REASON)


def on_leave_case(desk, last_day="2026-06-30"):
    """A planner in office goes on leave for some months."""
    appointment_id = desk.planner("丁一")
    case = desk.start("clerk", "replacement")
    desk.do("clerk", "state_occasion", appointment_id=str(appointment_id), occasion="休假", first_day="2026-03-02",
            last_day=last_day, occasion_reason="病假，已提交医院证明。")  # fmt: skip
    return case, appointment_id


def acting_named(desk, **more):
    desk.planner("丁二", FULING)
    desk.do("clerk", "name_acting", **{"acting": str(desk.person_id("丁二")), "acting_from": "2026-03-02",
                                       "acting_until": "2026-06-30", **more})  # fmt: skip


def agreed(desk, planner="同意", own="同意", neighbour="同意"):
    def said(key, answer):
        return {key: answer, **({f"{key}_reason": "任务较重，难以兼顾。"} if answer == "不同意" else {})}

    desk.do("丁二", "planner_agrees", **said("planner_consent", planner))
    desk.do("gov.clerk.500101", "own_agrees", **said("own_consent", own))
    desk.do("gov.clerk.500102", "neighbour_agrees", **said("neighbour_consent", neighbour))


def status_of(desk, appointment_id):
    return desk.read(lambda session: session.get_one(Appointment, appointment_id).status)


def succeeded(desk, post_id, term_end=date(2028, 1, 19)):
    """The short round has brought somebody: what P01 writes into the registers."""
    made = desk.planner("丁三", WANZHOU, start=clock.today(), end=term_end)
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, made)
        found.post_id = post_id
        post = session.get_one(PlannerPost, post_id)
        change_status(session, SYSTEM, post, PostStatus.PROPOSED)
        change_status(session, SYSTEM, post, PostStatus.DECIDED)
        change_status(session, SYSTEM, post, PostStatus.FILLED)
    return made


def round_ended(desk, post_id):
    """What P01 tells when the short round is over or was given up."""
    desk.message("round_ended", str(post_id), appointed_total=1, vacant_total=0)


def lent(desk, name):
    """Material that the planner has borrowed and not returned."""
    with desk.db.transaction() as session:
        asked = MaterialRequest(
            status="given", number="资料-2026-0001", case_id=uuid4(), person_id=desk.person_id("丁一"), unit_id=WANZHOU,
            secrecy="classified", asked_on=clock.today(), due_on=clock.today(),
        )  # fmt: skip
        asked.deliveries.append(
            Delivery(place=1, kind="loan", name=name, given_on=clock.today(), return_due=date(2026, 6, 1))
        )
        session.add(asked)


def test_a_vacancy_is_filled_by_a_short_round_and_handed_over(both_desk):
    desk = both_desk
    case, appointment_id, post_id = vacated(desk)
    needed(desk)
    chosen(desk, "补选（简易程序）")
    assert desk.open(case) == []
    made = succeeded(desk, post_id)
    round_ended(desk, post_id)
    assert desk.open(case) == ["hand_over"]
    desk.do("clerk", "hand_over", handover=[{"item": "无未结事项", "how": "移交继任者"}])
    assert desk.case(case).outcome == "已补选到岗"
    assert desk.read(lambda session: session.get_one(Appointment, made).predecessor_id) == appointment_id
    letter = only(desk.documents("handover_list"))
    text = desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))
    assert "移交人：丁一" in text
    assert "接收人：丁三" in text


def test_a_term_other_than_the_rest_is_told(desk):
    _, _, post_id = vacated(desk)
    needed(desk)
    chosen(desk, "补选（简易程序）")
    succeeded(desk, post_id, term_end=date(2029, 3, 1))
    round_ended(desk, post_id)
    desk.do("clerk", "hand_over", handover=[{"item": "无未结事项", "how": "移交继任者"}])
    told = desk.read(lambda session: [each.text for each in session.scalars(select(Notice))])
    assert any("聘期止与原聘期不一致" in each for each in told)


def test_a_post_that_is_not_needed_is_closed(desk):
    case, _, post_id = vacated(desk)
    needed(desk, "不再需要")
    chosen(desk, "不再设岗")
    assert desk.case(case).outcome == "不再设岗"
    assert desk.read(lambda session: session.get_one(PlannerPost, post_id).status) == "closed"


def test_a_post_that_is_needed_is_not_closed(desk):
    vacated(desk)
    needed(desk)
    with pytest.raises(Invalid):
        chosen(desk, "不再设岗")


def test_a_district_that_does_not_answer_holds_nothing_up(desk):
    case, _, _ = vacated(desk)
    desk.until(desk.workdays(15) + timedelta(days=1))
    assert desk.open(case) == ["confirm_need"]
    chosen(desk, "保持空缺")
    assert desk.case(case).outcome == "保持空缺"


def test_a_short_round_without_result_comes_back(desk):
    case, _, post_id = vacated(desk)
    needed(desk)
    chosen(desk, "补选（简易程序）")
    desk.until(desk.workdays(20))
    assert desk.open(case) == []
    round_ended(desk, post_id)
    assert desk.open(case) == ["confirm_need"]


def test_a_post_still_vacant_after_thirty_working_days_is_told_once(desk):
    _, _, post_id = vacated(desk)
    needed(desk)
    chosen(desk, "补选（简易程序）")
    desk.until(desk.workdays(45))
    told = desk.read(lambda session: [each for each in session.scalars(select(Notice)) if "三十个工作日" in each.text])
    assert sorted(each.role for each in told) == ["city_bureau.leader", "city_bureau.section"]
    desk.until(desk.workdays(60))
    again = desk.read(lambda session: [each for each in session.scalars(select(Notice)) if "三十个工作日" in each.text])
    assert len(again) == len(told)
    made = succeeded(desk, post_id)
    round_ended(desk, post_id)
    assert desk.open() == ["hand_over"]
    assert made is not None


def test_a_case_that_waits_for_a_round_does_not_wake_up_to_look(desk):
    case, _, _ = vacated(desk)
    needed(desk)
    chosen(desk, "补选（简易程序）")
    due = desk.case(case).next_due
    assert due is not None
    assert due.date() > clock.today() + timedelta(days=35)


def test_material_that_is_lent_stands_on_the_handover_list(desk):
    case, _, post_id = vacated(desk)
    lent(desk, "万州区国土空间分区规划文本")
    needed(desk)
    chosen(desk, "补选（简易程序）")
    succeeded(desk, post_id)
    round_ended(desk, post_id)
    rows = desk.form("clerk", "hand_over").context.values["open_rows"]
    assert any(row["item"].startswith("归还资料：万州区国土空间分区规划文本") for row in rows)
    assert desk.open(case) == ["hand_over"]


def test_a_neighbours_planner_acts_while_the_planner_is_away(both_desk):
    desk = both_desk
    case, appointment_id = on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    assert desk.open(case) == ["neighbour_agrees", "own_agrees", "planner_agrees"]
    agreed(desk)
    desk.do("leader", "approve_acting", approval="批准")
    assert status_of(desk, appointment_id) == "on_leave"
    leave = only(desk.read(lambda session: session.scalars(select(Leave)).all()))
    assert leave.acting_id == desk.person_id("丁二")
    assert desk.read(lambda session: on_leave(session, appointment_id, date(2026, 5, 1)))
    desk.until(desk.workdays(1) + timedelta(days=130))
    assert status_of(desk, appointment_id) == "in_office"
    assert desk.case(case).outcome == "代理结束，本人返岗"


def test_counts_stay_with_each_person(desk):
    on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    agreed(desk)
    desk.do("leader", "approve_acting", approval="批准")
    serving = desk.read(lambda session: [each.unit_id for each in in_office(session, desk.person_id("丁二"),
                                                                            clock.today())])  # fmt: skip
    assert serving == [FULING]


@pytest.mark.parametrize("who", ["planner", "own", "neighbour"])
def test_nobody_acts_without_everybodys_consent(desk, who):
    case, appointment_id = on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    agreed(desk, **{who: "不同意"})
    assert desk.open(case) == ["confirm_need"]
    assert status_of(desk, appointment_id) == "in_office"


def test_a_consent_that_does_not_come_is_none_and_holds_nothing_up(desk):
    case, appointment_id = on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    desk.do("丁二", "planner_agrees", planner_consent="同意")
    desk.do("gov.clerk.500101", "own_agrees", own_consent="同意")
    desk.until(desk.workdays(10) + timedelta(days=1))
    assert desk.open(case) == ["confirm_need"]
    said = "拟由丁二代理：本人同意，本区县同意，邻区逾期未答复"
    assert desk.form("clerk", "confirm_need").values["acting_says"] == said
    assert status_of(desk, appointment_id) == "in_office"


def test_the_leader_may_refuse(desk):
    case, _ = on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    agreed(desk)
    desk.do("leader", "approve_acting", approval="不批准", approval_reason="另行安排。")
    assert desk.open(case) == ["confirm_need"]


@pytest.mark.parametrize("until", ["2026-09-03", "2026-03-01"])
def test_nobody_acts_for_more_than_six_months_or_backwards(desk, until):
    on_leave_case(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    with pytest.raises(Invalid):
        acting_named(desk, acting_until=until)


def test_a_long_leave_offers_no_more_than_six_months_of_acting(desk):
    on_leave_case(desk, last_day="2026-12-31")
    needed(desk)
    chosen(desk, "邻区代理")
    assert str(desk.form("clerk", "name_acting").values["acting_until"]) == "2026-09-02"


def test_acting_for_a_vacant_post_ends_with_the_vacancy(desk):
    case, _, _ = vacated(desk)
    needed(desk)
    chosen(desk, "邻区代理")
    acting_named(desk)
    agreed(desk)
    desk.do("leader", "approve_acting", approval="批准")
    desk.do("clerk", "away", back_note="新任首席规划师即将确定。")
    assert desk.open(case) == ["confirm_need"]


def test_leave_alone_is_registered_and_the_planner_may_come_back_early(desk):
    case, appointment_id = on_leave_case(desk)
    needed(desk)
    chosen(desk, "仅登记休假")
    assert status_of(desk, appointment_id) == "on_leave"
    desk.until(date(2026, 4, 1))
    desk.do("clerk", "away", back_note="身体恢复，提前返岗。")
    assert status_of(desk, appointment_id) == "in_office"
    assert not desk.read(lambda session: on_leave(session, appointment_id, date(2026, 5, 1)))
    assert desk.case(case).outcome == "代理结束，本人返岗"


def test_a_planner_in_office_is_not_replaced_because_the_district_asks(desk):
    appointment_id = desk.planner("丁一")
    case = desk.start("clerk", "replacement")
    desk.do("clerk", "state_occasion", appointment_id=str(appointment_id), occasion="区县要求更换",
            occasion_reason="区县希望更换专业方向。")  # fmt: skip
    needed(desk)
    with pytest.raises(Invalid):
        chosen(desk, "补选（简易程序）")
    chosen(desk, "维持现任")
    assert (desk.case(case).outcome, status_of(desk, appointment_id)) == ("维持现任", "in_office")


def test_the_whole_way_from_dismissal_to_the_short_round(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "dismissal", "replacement", "appointment") as desk:
        appointment_id = desk.planner("丁一")
        desk.message("withdrawal_from_office", str(appointment_id), appointment_id=str(appointment_id),
                     withdrawal_id="00000000-0000-0000-0000-000000000007", wished_on="2026-03-02",
                     by_employer=False)  # fmt: skip
        desk.message("hr_opinion", "解聘-2026-0001-1", opinion="同意", hr_reason="", matter_id="", hr_silent=False)
        desk.do("leader", "decide", decision="解聘", decision_reason="尊重本人意愿，同意退出。",
                effective="2026-03-02")  # fmt: skip
        desk.do("clerk", "serve", served_how="本人签收")
        assert only(desk.cases_of("replacement")).unit_id == WANZHOU
        needed(desk)
        chosen(desk, "补选（简易程序）")
        assert only(desk.cases_of("appointment")).process_id == "appointment"


def test_leave_that_is_still_to_come_begins_on_its_first_day(desk):
    appointment_id = desk.planner("丁一")
    desk.start("clerk", "replacement")
    desk.do("clerk", "state_occasion", appointment_id=str(appointment_id), occasion="休假", first_day="2026-04-01",
            last_day="2026-06-30", occasion_reason="公派出国学习，已提交批件。")  # fmt: skip
    needed(desk)
    chosen(desk, "仅登记休假")
    assert status_of(desk, appointment_id) == "in_office"
    assert desk.read(lambda session: on_leave(session, appointment_id, date(2026, 4, 2)))
    desk.until(date(2026, 4, 2))
    assert status_of(desk, appointment_id) == "on_leave"
