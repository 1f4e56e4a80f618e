"""差旅费与工作经费: who pays, what may be claimed, returned, refused, not paid; the year's funding (第九条)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.expenses.calendar import funds_due
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.notices import Notice
from processes.registers.activities import OWN_SURVEY, Activity, Scheme
from processes.registers.attendances import Attendance
from processes.registers.claims import TravelClaim, claimed_trips, unpaid
from processes.registers.meetings import Meeting, MeetingAttendance
from processes.registers.suggestions import Survey
from processes.registers.switches import Interpretation, set_switch
from processes.registers.work_funds import WorkFund
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

CLERK, LEADER, FINANCE = ("bureau.clerk.500101", "bureau.leader.500101", "bureau.finance.500101")
DAY = date(2026, 2, 26)
METHOD = "由按人平均改为按已确认咨询次数和实地指导次数分档核定，并设最低标准。"
TRAIN = {
    "origin": "重庆北",
    "goal": "万州北",
    "day": "2026-02-26",
    "vehicle": "高铁",
    "amount": 124_50,
    "invoice": "E0001",
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "expenses", "hr_consultation") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "expenses", "hr_consultation") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def served(
    desk, unit_id=WANZHOU, first=DAY, last=None, *, host_kind="district_bureau", record="confirmed", mode="on_site"
):
    """An activity that the planner attended; gives the key of the trip."""
    start = datetime(first.year, first.month, first.day, 9, tzinfo=clock.CITY)
    end = start + ((last or first) - first) + timedelta(hours=3)
    with desk.db.transaction() as session:
        activity = Activity(
            status="closed", number=f"咨询-{unit_id}-{first}-{host_kind}", host_kind=host_kind,
            host_id=f"bureau:{unit_id}",
            unit_id=unit_id, kind="planning", mode=mode, title=f"滨江片区咨询{first}", starts_at=start, starts_on=first,
            sent_on=first, created_at=start, schemes=[Scheme(place=1, name="城市设计")],
        )  # fmt: skip
        session.add(activity)
        session.flush()
        made = Attendance(
            activity_id=activity.id, person_id=desk.person_id("丁一"), appointment_id=desk.appointment_id,
            standing="attended", record=record, actual_start=start, actual_end=end,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return f"attendance:{made.id}"


def claimed(desk, key, case=None, **more):
    """A claim for a trip of one day by train."""
    given = {
        "doing": "填报报销", "trip_key": key, "first_day": "2026-02-26", "last_day": "2026-02-26", "trip_rows": [TRAIN],
        "invoices": ["file:发票.pdf"],
    }  # fmt: skip
    case = case or desk.start("丁一", "expenses", "travel_claim")
    desk.do("丁一", "fill_claim", case, **{**given, **more})
    return case


def paid(desk):
    desk.do(CLERK, "check_claim", decision="同意")
    desk.do(LEADER, "approve_claim", decision="同意")
    desk.do(FINANCE, "pay_claim", paid_on=clock.today().isoformat(), voucher="记-031")


def claim(desk):
    return only(desk.read(lambda s: list(s.scalars(select(TravelClaim)))))


def refused(desk, key, **more):
    with pytest.raises(Invalid) as found:
        claimed(desk, key, **more)
    return set(found.value.fields)


def test_what_a_claim_comes_to_and_who_pays_is_shown_while_it_is_filled_in(desk):
    key = served(desk)
    desk.start("丁一", "expenses", "travel_claim")
    empty = desk.counted("丁一", "fill_claim")
    assert [number for _, number in empty.figures] == ["0.00"] * 4
    assert str(empty.sentence) == "选择行程后显示付款单位。"
    typed = {"doing": "填报报销", "trip_key": key, "first_day": "2026-02-26", "last_day": "2026-02-26",
             "trip_rows": [TRAIN], "host_car": True}  # fmt: skip
    told = desk.counted("丁一", "fill_claim", **typed)
    assert [number for _, number in told.figures] == ["124.50", "100.00", "0.00", "224.50"]
    assert "第九条(五)" in str(told.sentence)


def test_the_served_district_pays_what_was_claimed_to_the_fen(on_both):
    desk = on_both
    case = claimed(desk, served(desk))
    found = claim(desk)
    assert (found.payer, found.payer_unit_id, found.payer_ground) == ("DPB", WANZHOU, "第九条(五)")
    assert (found.trip_fen, found.meal_fen, found.local_fen, found.total_fen) == (124_50, 100_00, 80_00, 304_50)
    paid(desk)
    desk.do("丁一", "confirm_receipt", arrived="已到账")
    assert (desk.case(case).status, desk.case(case).outcome, claim(desk).status) == (
        "completed",
        "报销完成",
        "received",
    )
    form = only(desk.documents("claim_form"))
    printed = desk.read(lambda s: letter_preview(desk.house.files.read(form.file_id)))
    assert "304.50" in printed
    assert "第九条(五)" in printed


def test_there_is_no_claim_without_a_confirmed_activity(desk):
    for key in (served(desk, record="submitted"), served(desk, first=DAY - timedelta(days=1), mode="online")):
        with pytest.raises(Invalid):
            claimed(desk, key)


def test_a_trip_is_claimed_once(desk):
    key = served(desk)
    claimed(desk, key)
    with pytest.raises(Invalid):
        claimed(desk, key, trip_rows=[{**TRAIN, "invoice": "E0002"}])


def test_an_invoice_number_stands_in_one_claim_only(desk):
    claimed(desk, served(desk))
    other = served(desk, FULING, date(2026, 2, 27))
    day = {"first_day": "2026-02-27", "last_day": "2026-02-27"}
    assert refused(desk, other, trip_rows=[{**TRAIN, "day": "2026-02-27"}], **day) == {"trip_rows.0.invoice"}


def test_an_invoice_number_is_not_used_twice_in_one_claim(desk):
    assert refused(desk, served(desk), trip_rows=[TRAIN, TRAIN]) == {"trip_rows.0.invoice", "trip_rows.1.invoice"}


def test_a_trip_to_two_districts_is_split_by_days_into_two_claims(desk):
    first, second = served(desk), served(desk, FULING, date(2026, 2, 27))
    claimed(desk, first)
    both = {"first_day": "2026-02-26", "last_day": "2026-02-27"}
    row = {**TRAIN, "invoice": "E0002", "day": "2026-02-27"}
    assert refused(desk, second, trip_rows=[row], **both) == {"first_day"}
    claimed(desk, second, trip_rows=[row], first_day="2026-02-27", last_day="2026-02-27")
    found = desk.read(lambda s: s.scalars(select(TravelClaim).order_by(TravelClaim.number)).all())
    assert [(each.payer_unit_id, each.meal_fen) for each in found] == [(WANZHOU, 100_00), (FULING, 100_00)]


def test_what_the_host_provided_is_not_paid(desk):
    key = served(desk)
    row = {"day": "2026-02-26", "nights": 1, "amount": 300_00, "invoice": "H1"}
    days = {"first_day": "2026-02-26", "last_day": "2026-02-27"}
    assert refused(desk, key, host_hotel=True, lodging_rows=[row], **days) == {"lodging_rows"}
    claimed(desk, key, host_meals=True, host_car=True)
    assert (claim(desk).meal_fen, claim(desk).local_fen, claim(desk).total_fen) == (0, 0, 124_50)


@pytest.mark.parametrize(("amount", "fields"), [(370_00, set()), (370_01, {"lodging_rows.0.amount"})])
def test_lodging_is_paid_up_to_the_standard(desk, amount, fields):
    row = {"day": "2026-02-26", "nights": 1, "amount": amount, "invoice": "H1"}
    given = {"lodging_rows": [row], "first_day": "2026-02-26", "last_day": "2026-02-27"}
    if fields:
        assert refused(desk, served(desk), **given) == fields
    else:
        claimed(desk, served(desk), **given)
        assert claim(desk).total_fen == 124_50 + 370_00 + 200_00 + 160_00


def test_a_standard_that_changes_in_mid_trip_holds_day_by_day(desk):
    desk.start("finance", "expenses", "travel_standard")
    desk.do(
        "finance",
        "set_standard",
        kind="伙食补助（元/天）",
        amount=120_00,
        valid_from="2026-02-27",
        basis="市财政局差旅标准调整通知。",
    )
    claimed(desk, served(desk), first_day="2026-02-26", last_day="2026-02-27")
    assert claim(desk).meal_fen == 220_00


@pytest.mark.parametrize("name", ["专家咨询费", "讲课费", "劳务报酬"])
def test_wages_and_fees_are_refused(desk, name):
    row = {"name": name, "day": "2026-02-26", "amount": 1000_00, "invoice": "W1"}
    assert refused(desk, served(desk), other_rows=[row]) == {"other_rows.0.name"}


def test_the_days_are_those_of_the_activity_and_one_around_it(desk):
    days = {"first_day": "2026-02-24", "last_day": "2026-02-26"}
    assert refused(desk, served(desk), **days) == {"first_day"}
    assert refused(desk, served(desk, first=date(2026, 2, 20)), trip_rows=[TRAIN], first_day="2026-02-20",
                   last_day="2026-02-20") == {"trip_rows.0.day"}  # fmt: skip


def test_a_late_claim_has_a_reason(desk):
    key = served(desk)
    desk.until(date(2026, 4, 1))
    assert refused(desk, key) == {"late_reason"}
    claimed(desk, key, late_reason="发票遗失后重新开具，故逾期填报。")
    assert claim(desk).late_reason


def test_a_claim_is_returned_twice_at_most(desk):
    key = served(desk)
    case = claimed(desk, key)
    for _ in range(2):
        desk.do(CLERK, "check_claim", decision="退回", decision_reason="请补充往返车票原件。")
        claimed(desk, key, case)
    with pytest.raises(Invalid):
        desk.do(CLERK, "check_claim", decision="退回", decision_reason="请补充往返车票原件。")
    desk.do(CLERK, "check_claim", decision="不予报销", decision_reason="两次退回仍未补齐票据。")
    assert (desk.case(case).outcome, claim(desk).status) == ("不予报销", "refused")


def test_a_returned_claim_comes_back_as_it_was_filled_in(desk):
    key = served(desk)
    claimed(desk, key)
    desk.do(CLERK, "check_claim", decision="退回", decision_reason="请补充往返车票原件。")
    shown = desk.form("丁一", "fill_claim").values
    assert (shown["trip_key"], shown["first_day"], shown["trip_rows"]) == (key, "2026-02-26", [TRAIN])
    assert len(shown["invoices"]) == 1
    assert shown["return_note"] == "请补充往返车票原件。"


def test_another_claim_of_the_same_planner_begins_empty(desk):
    claimed(desk, served(desk))
    desk.start("丁一", "expenses", "travel_claim")
    assert not desk.form("丁一", "fill_claim").values.get("trip_key")


def test_a_refused_claim_frees_trip_days_and_invoices(desk):
    key = served(desk)
    claimed(desk, key)
    desk.do(CLERK, "check_claim", decision="不予报销", decision_reason="票据不符合报销规定。")
    claimed(desk, key)
    assert desk.read(lambda s: claimed_trips(s, desk.person_id("丁一"))) == {key}


def test_a_returned_claim_may_be_withdrawn(desk):
    case = claimed(desk, served(desk))
    desk.do(CLERK, "check_claim", decision="同意")
    desk.do(LEADER, "approve_claim", decision="退回", decision_reason="请核对往返行程日期。")
    desk.do("丁一", "fill_claim", doing="撤回")
    assert (desk.case(case).outcome, claim(desk).status) == ("已撤回", "withdrawn")
    assert desk.read(lambda s: claimed_trips(s, desk.person_id("丁一"))) == set()


def test_a_claim_not_paid_in_thirty_working_days_is_listed_and_the_city_bureau_only_mediates(on_both):
    desk = on_both
    claimed(desk, served(desk))
    desk.do(CLERK, "check_claim", decision="同意")
    desk.until(desk.workdays(30) + timedelta(days=1))
    assert desk.open() == ["approve_claim", "mediate_payment"]
    assert [each.number for each in desk.read(lambda s: unpaid(s, WANZHOU))] == [claim(desk).number]
    assert "304.50" in desk.read(
        lambda s: letter_preview(desk.house.files.read(only(desk.documents("unpaid_list")).file_id))
    )
    desk.do("clerk", "mediate_payment", mediation="已致函区局，请于五日内支付。")
    told = select(Notice).where(Notice.role == "district_bureau.leader", Notice.kind == "warning")
    assert only(desk.read(lambda s: list(s.scalars(told)))).organization_id == f"bureau:{WANZHOU}"
    assert claim(desk).status == "submitted"


def test_money_that_has_not_arrived_is_looked_after_by_finance(desk):
    case = claimed(desk, served(desk))
    paid(desk)
    desk.do("丁一", "confirm_receipt", arrived="未到账", arrival_note="账户未收到该笔款项。")
    assert (desk.open(), claim(desk).status) == (["pay_claim"], "approved")
    desk.do(FINANCE, "pay_claim", paid_on=clock.today().isoformat(), voucher="记-032")
    desk.until(desk.workdays(6) + timedelta(days=1))
    assert (desk.case(case).status, claim(desk).status) == ("completed", "paid")


def survey(desk):
    start = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=clock.CITY)
    with desk.db.transaction() as session:
        made = Survey(
            status="no_guidance", number="调研-2026-0001", case_id=desk.round.id, person_id=desk.person_id("丁一"),
            unit_id=WANZHOU, day=DAY, started_at=start, ended_at=start + timedelta(hours=5), place="万州",
            kind="planning", subject="岸线调研", findings="", recorded_on=DAY,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return f"survey:{made.id}"


def test_an_own_survey_that_nobody_confirmed_is_paid_by_the_work_fund(desk):
    case = claimed(desk, survey(desk))
    assert (claim(desk).payer, claim(desk).payer_unit_id, claim(desk).payer_ground) == ("WORK_FUND", None, "第九条(六)")
    desk.do("clerk", "check_claim_by_fund", decision="同意")
    desk.do("leader", "approve_claim_by_fund", decision="同意")
    desk.do("finance", "pay_claim_by_fund", paid_on="2026-03-02", voucher="记-001")
    desk.do("丁一", "confirm_receipt_by_fund", arrived="已到账")
    assert desk.case(case).outcome == "报销完成"


def test_an_own_survey_that_the_district_confirmed_is_paid_by_it(desk):
    claimed(desk, served(desk, host_kind=OWN_SURVEY))
    assert (claim(desk).trip, claim(desk).payer) == ("own_survey", "DPB")


def test_the_switch_on_own_surveys_is_read_on_the_day_of_the_trip(desk):
    with desk.db.transaction() as session:
        ground = Interpretation(
            number="解释-2026-001", article="第九条(五)", question="调研差旅由谁承担？", answer="工作经费",
            agreed_on=DAY, recorded_by="张明", recorded_at=clock.now(),
        )  # fmt: skip
        session.add(ground)
        session.flush()
        set_switch(session, desk.actors["clerk"], "travel.own_survey", "fund", DAY, ground, "两局商定自当日起执行。")
    claimed(desk, served(desk, host_kind=OWN_SURVEY))
    assert (claim(desk).payer, claim(desk).readings_version) == ("WORK_FUND", 1)


def test_a_city_meeting_is_not_the_districts(desk):
    start = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=clock.CITY)
    with desk.db.transaction() as session:
        made = Meeting(
            status="held", kind="training", title="业务培训班", starts_at=start, starts_on=DAY, ends_at=start
        )
        made.attendances.append(MeetingAttendance(person_id=desk.person_id("丁一"), presence="there"))
        session.add(made)
        session.flush()
        key = f"meeting:{made.id}"
    claimed(desk, key)
    assert (claim(desk).trip, claim(desk).payer) == ("city_training", "WORK_FUND")


def funded(desk, amount=5000_00, **more):
    case = desk.start("clerk", "expenses", "work_fund")
    shown = desk.form("clerk", "propose_fund").values["fund_rows"]
    rows = [{"amount": amount if row["consultations"] else 0, "reason": "按工作量分配"} for row in shown]
    desk.do("clerk", "propose_fund", case, **{"fund_year": 2026, "budget": 5000_00, "fund_rows": rows, **more})
    return case


def fund(desk):
    return only(desk.read(lambda s: list(s.scalars(select(WorkFund)))))


def test_the_funding_of_a_year_rests_on_confirmed_work_and_is_approved_and_paid(on_both):
    desk = on_both
    desk.planner("戊二", FULING)
    served(desk)
    case = funded(desk)
    desk.do("leader", "approve_fund", fund_decision="同意")
    desk.do("finance", "pay_fund", paid_on="2026-03-02", voucher="拨-001")
    assert (desk.case(case).status, fund(desk).status, fund(desk).total_fen) == ("completed", "paid", 5000_00)
    shares = desk.read(
        lambda s: [
            (each.person.name, each.consultations, each.visits, each.fen)
            for each in s.scalars(select(WorkFund)).one().shares
        ]
    )
    assert shares == [("丁一", 1, 1, 5000_00), ("戊二", 0, 0, 0)]
    assert only(desk.documents("fund_table")).number == fund(desk).number


def test_one_fen_above_the_budget_is_refused(desk):
    served(desk)
    with pytest.raises(Invalid) as found:
        funded(desk, 5000_01)
    assert set(found.value.fields) == {"budget"}


def test_nobody_is_given_anything_without_confirmed_work(desk):
    with pytest.raises(Invalid) as found:
        funded(desk, fund_rows=[{"amount": 100_00, "reason": "按工作量分配"}])
    assert set(found.value.fields) == {"fund_rows.0.amount"}


def test_a_year_is_funded_once(desk):
    served(desk)
    funded(desk)
    desk.start("clerk", "expenses", "work_fund")
    with pytest.raises(Invalid):
        desk.do("clerk", "propose_fund", fund_year=2026, budget=5000_00, fund_rows=[{"amount": 1, "reason": "补充"}])


def test_a_funding_that_the_leader_returns_is_proposed_again(desk):
    served(desk)
    case = funded(desk)
    desk.do("leader", "approve_fund", fund_decision="退回", fund_reason="请按实地指导次数重新测算。")
    assert desk.open(case) == ["propose_fund"]
    desk.do(
        "clerk",
        "propose_fund",
        case,
        fund_year=2026,
        budget=5000_00,
        fund_rows=[{"amount": 4000_00, "reason": "按次数"}],
    )
    desk.do("leader", "approve_fund", fund_decision="同意")
    assert fund(desk).total_fen == 4000_00


def test_a_returned_funding_keeps_each_planners_amount_when_somebody_else_has_worked_meanwhile(desk):
    served(desk)
    case = funded(desk)
    desk.planner("丁甲", FULING)
    desk.do("leader", "approve_fund", fund_decision="退回", fund_reason="请按实地指导次数重新测算。")
    shown = desk.form("clerk", "propose_fund").values
    assert shown["budget"] == 5000_00
    amounts = {row["name"]: row.get("amount") for row in shown["fund_rows"]}
    assert amounts == {"丁一": 5000_00, "丁甲": None}
    kept = [{key: row[key] for key in ("amount", "reason") if key in row} for row in shown["fund_rows"]]
    desk.do("clerk", "propose_fund", case, fund_year=shown["fund_year"], budget=shown["budget"], fund_rows=kept)
    assert fund(desk).total_fen == 5000_00


def test_a_new_way_of_funding_is_put_to_the_hr_bureau(on_both):
    desk = on_both
    served(desk)
    case = funded(desk, method_changed=True, method=METHOD)
    assert desk.open(case) == []
    hr = only(desk.cases_of("hr_consultation", "hr_consultation"))
    shown = desk.form("clerk", "draft_matter").values
    put = {key: shown.get(key) for key in ("matter", "subject", "reply_wd")}
    desk.do("clerk", "draft_matter", hr.id, **put, matter_text=METHOD * 2)
    desk.do("leader", "sign_request", decision="签发")
    desk.do("hr.clerk", "study", opinion="同意")
    desk.do("hr.leader", "sign_reply", decision="签发")
    assert desk.open(case) == ["approve_fund"]
    assert fund(desk).matter_id
    assert desk.form("leader", "approve_fund").values["hr_says"].startswith("同意")


def test_the_funding_begins_in_december_unless_somebody_has_begun_it(desk):
    assert desk.read(lambda s: funds_due(s, date(2026, 11, 30))) == []
    assert only(desk.read(lambda s: funds_due(s, date(2026, 12, 1)))).period == "work_fund:2026"
    served(desk)
    funded(desk)
    assert desk.read(lambda s: funds_due(s, date(2026, 12, 1))) == []


def test_a_year_in_which_nobody_served_has_no_funding(desk):
    assert desk.read(lambda s: funds_due(s, date(2024, 12, 1))) == []
