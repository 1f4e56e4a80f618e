"""聘期考核与期满续聘: the end of a term, answered, appraised, decided, followed (第五条(三))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.leaving import leave_office
from handlers.term_renewal.calendar import renewals_due
from processes.documents.preview import letter_preview
from processes.engine.calendar_starts import begin, to_start
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.appointments import Appointment, AppointmentStatus, end
from processes.registers.dismissals import open_dismissal_case
from processes.registers.experts import Expert
from processes.registers.ledger import in_office
from processes.registers.planner_posts import PlannerPost, PostStatus, declare_vacant
from processes.registers.renewals import Renewal, terms_served
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

END = date(2028, 1, 19)
NINETY = END - timedelta(days=90)
REASON = "聘期内履职良好，各方意见一致。"
PAPER = ["file:答复.pdf"]


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "term_renewal", day=NINETY) as opened:
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "term_renewal", day=NINETY) as opened:
        yield opened


def begun(desk, name="丁一"):
    """A planner whose term ends in ninety days, and the case."""
    appointment_id = desk.planner(name)
    case = desk.start("section", "term_renewal")
    desk.do("section", "choose", appointment_id=str(appointment_id))
    return appointment_id, case


def told(desk, willing="愿意", need="继续需要", consent="同意", result="合格", name="丁一"):
    desk.do(name, "state_willing", willing=willing)
    desk.do("gov.clerk.500101", "state_need", need=need)
    desk.do("employer", "state_consent", consent=consent)
    desk.do("section", "appraise_term", term_result=result, term_reason=REASON)


def answered(desk, opinion="同意"):
    number = desk.cases_of("term_renewal", "term_renewal")[-1].number
    desk.message("hr_opinion", f"{number}-1", opinion=opinion, hr_reason="", matter_id="", hr_silent=False)


def decided(desk, decision="续聘", **more):
    term = {"new_start": "2028-01-20", "new_end": "2031-01-19"} if decision in ("续聘", "调整区县续聘") else {}
    desk.do("leader", "decide", decision=decision, decision_reason=REASON, **{**term, **more})


def record(desk):
    return only(desk.read(lambda session: session.scalars(select(Renewal)).all()))


def appointments_of(desk, name="丁一"):
    mine = select(Appointment).where(Appointment.person_id == desk.person_id(name)).order_by(Appointment.term_start)
    return desk.read(lambda session: session.scalars(mine).all())


def post_status(desk, appointment_id):
    return desk.read(
        lambda session: session.get_one(PlannerPost, session.get_one(Appointment, appointment_id).post_id).status
    )


def text_of(desk, key):
    letter = only(desk.documents(key))
    return desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))


def test_the_calendar_begins_ninety_days_before_the_end(desk):
    appointment_id = desk.planner("丁一")
    desk.planner("丁二", FULING, end=date(2029, 1, 19))

    def due(day):
        return desk.read(lambda session: [each.period for each in renewals_due(session, day)])

    assert due(NINETY - timedelta(days=1)) == []
    assert due(NINETY) == [f"renewal:{appointment_id}"]
    assert due(END + timedelta(days=1)) == []


def test_what_the_calendar_names_begins_once_and_goes_straight_to_the_answers(desk):
    house = replace(desk.house, calendars=(renewals_due,))
    desk.planner("丁一")
    for expected in (1, 0):
        with desk.db.transaction() as session:
            due = to_start(session, house, NINETY)
            assert len(due) == expected
            for each in due:
                begin(session, house, each)
    assert "state_willing" in desk.open(only(desk.cases_of("term_renewal", "term_renewal")).id)


def test_a_term_is_renewed_and_the_new_one_follows_the_old(both_desk):
    desk = both_desk
    appointment_id, case = begun(desk)
    assert desk.open(case) == ["appraise_term", "state_consent", "state_need", "state_willing"]
    told(desk)
    answered(desk)
    decided(desk)
    desk.do("丁一", "sign_receipt", accept="接受")
    assert [each.status for each in appointments_of(desk)] == ["in_office", "to_sign"]
    desk.until(date(2028, 1, 21))
    old, new = appointments_of(desk)
    assert (old.status, new.status, new.predecessor_id) == ("renewed", "in_office", appointment_id)
    assert (new.term_start, new.term_end) == (date(2028, 1, 20), date(2031, 1, 19))
    assert record(desk).status == "renewed"
    assert desk.case(case).outcome == "已续聘"
    assert post_status(desk, new.id) == "filled"
    assert desk.read(lambda session: terms_served(session, session.get_one(Appointment, new.id))) == 2
    assert "新聘期自2028年1月20日至2031年1月19日" in text_of(desk, "renewal_notice")
    assert "聘期考核结果：合格" in text_of(desk, "term_appraisal")
    assert only(desk.documents("certificate")).number.startswith("渝规首聘〔2027〕")


@pytest.mark.parametrize(
    "no", [{"willing": "不愿意"}, {"need": "不再需要"}, {"consent": "不同意"}, {"result": "不合格"}]
)
def test_one_no_and_the_term_is_not_renewed(desk, no):
    appointment_id, case = begun(desk)
    told(desk, **no)
    answered(desk)
    with pytest.raises(Invalid):
        decided(desk)
    decided(desk, "不续聘")
    assert appointments_of(desk)[0].status == "in_office"
    desk.until(END + timedelta(days=2))
    ended = only(appointments_of(desk))
    assert (ended.status, ended.ended_on) == ("expired", END)
    assert post_status(desk, appointment_id) == "vacant"
    assert desk.case(case).outcome == "期满离任"
    assert record(desk).status == "ended"
    assert "不再续聘" in text_of(desk, "renewal_notice")


def test_people_may_decide_against_a_renewal_that_the_rule_proposes(desk):
    begun(desk)
    told(desk)
    answered(desk)
    decided(desk, "不续聘")
    assert (record(desk).rule_result, record(desk).decision) == ("RENEW", "不续聘")


def test_where_the_district_wants_somebody_else_the_planner_goes_to_the_pool(desk):
    begun(desk)
    told(desk, need="希望更换")
    answered(desk)
    decided(desk, "不续聘")
    desk.until(END + timedelta(days=2))
    assert desk.read(lambda session: session.scalars(select(Expert)).one().status) == "candidate"


def test_an_open_dismissal_case_waits(desk):
    appointment_id, case = begun(desk)
    told(desk)
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, appointment_id)
        open_dismissal_case(session, SYSTEM, found, case_id=case, items=[3])
    answered(desk)
    assert record(desk).rule_reasons == ["dismissal_open"]
    for decision in ("续聘", "不续聘"):
        with pytest.raises(Invalid):
            decided(desk, decision)
    decided(desk, "暂缓决定")
    assert desk.open(case) == []
    desk.until(desk.workdays(5) + timedelta(days=1))
    assert desk.open(case) == ["decide"]


def test_whoever_left_otherwise_needs_no_decision(desk):
    appointment_id, case = begun(desk)
    told(desk)
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, appointment_id)
        end(session, SYSTEM, found, AppointmentStatus.DISMISSED, NINETY, "第十五条（三）", 3)
    answered(desk)
    assert desk.case(case).outcome == "已另行离任"
    assert appointments_of(desk)[0].status == "dismissed"


def test_a_renewal_is_never_backdated(desk):
    begun(desk)
    told(desk)
    answered(desk)
    with pytest.raises(Invalid):
        decided(desk, new_start="2028-01-10")


def test_a_late_decision_leaves_a_gap_that_is_shown(desk):
    begun(desk)
    told(desk)
    desk.until(date(2028, 2, 8))
    answered(desk)
    assert record(desk).gap_days == 19
    with pytest.raises(Invalid):
        decided(desk)
    decided(desk, new_start="2028-02-08", new_end="2031-02-07")
    desk.do("丁一", "sign_receipt", accept="接受")
    assert [each.status for each in appointments_of(desk)] == ["renewed", "in_office"]


def test_a_term_that_ends_undecided_is_on_hold_without_invitations(desk):
    begun(desk)
    told(desk)
    desk.until(END + timedelta(days=2))
    assert only(appointments_of(desk)).status == "to_renew"
    assert desk.open() == ["extend"]
    serving = desk.read(lambda session: in_office(session, desk.person_id("丁一"), END + timedelta(days=2)))
    assert serving == []


def test_the_leader_extends_office_for_sixty_days_at_most(desk):
    begun(desk)
    told(desk)
    desk.until(END + timedelta(days=2))
    with pytest.raises(Invalid):
        desk.do("leader", "extend", extend="延期履职", extended_until="2028-06-01", extension_reason=REASON)
    desk.do("leader", "extend", extend="延期履职", extended_until="2028-02-29", extension_reason=REASON)
    serving = desk.read(lambda session: in_office(session, desk.person_id("丁一"), date(2028, 2, 20)))
    assert len(serving) == 1
    assert record(desk).extended_until == date(2028, 2, 29)


def test_a_term_nobody_decides_on_lapses(desk):
    appointment_id, _ = begun(desk)
    told(desk)
    desk.until(END + timedelta(days=63))
    assert only(appointments_of(desk)).status == "expired"
    assert record(desk).status == "lapsed"
    assert post_status(desk, appointment_id) == "vacant"


def test_answers_that_do_not_come_are_entered_from_paper(desk):
    _, case = begun(desk)
    desk.do("section", "appraise_term", term_result="合格", term_reason=REASON)
    desk.until(desk.workdays(20) + timedelta(days=1))
    assert desk.open(case) == ["enter_consent", "enter_need", "enter_willing"]
    with pytest.raises(Invalid):
        desk.do("clerk", "enter_willing", willing="愿意")
    desk.do("clerk", "enter_willing", willing="愿意", paper=PAPER)
    desk.do("clerk", "enter_need", need="继续需要", paper=PAPER)
    desk.do("clerk", "enter_consent", consent="同意", availability="出国进修，2028年3月返回。", paper=PAPER)
    answered(desk)
    assert (record(desk).rule_result, record(desk).availability[:4]) == ("RENEW", "出国进修")


def test_a_planner_who_does_not_accept_leaves_at_the_end(desk):
    begun(desk)
    told(desk)
    answered(desk)
    decided(desk)
    desk.do("丁一", "sign_receipt", accept="不接受", decline_reason="个人原因不再续聘。")
    desk.until(END + timedelta(days=2))
    assert [each.status for each in appointments_of(desk)] == ["expired", "revoked"]


def vacant_in_fuling(desk):
    left = desk.planner("丁二", FULING)
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, left)
        end(session, SYSTEM, found, AppointmentStatus.WITHDRAWN, NINETY, "第十五条（一）", 1)
        declare_vacant(session, SYSTEM, found.post, "本人退出")
        return found.post_id


def test_a_planner_goes_on_in_another_district_that_agrees(both_desk):
    desk = both_desk
    _, case = begun(desk)
    post_id = vacant_in_fuling(desk)
    told(desk, need="不再需要")
    answered(desk)
    decided(desk, "调整区县续聘", new_post=str(post_id))
    assert "涪陵区" in text_of(desk, "opinion_request")
    desk.do("gov.clerk.500102", "reply", reply="同意")
    desk.do("丁一", "sign_receipt", accept="接受")
    desk.until(date(2028, 1, 21))
    old, new = appointments_of(desk)
    assert (old.status, new.status, new.unit_id) == ("renewed", "in_office", FULING)
    assert (post_status(desk, old.id), post_status(desk, new.id)) == (PostStatus.VACANT, PostStatus.FILLED)
    assert (record(desk).status, desk.case(case).outcome) == ("moved", "调整区县续聘")


def test_another_district_that_does_not_agree_leads_back_to_the_decision(desk):
    _, case = begun(desk)
    post_id = vacant_in_fuling(desk)
    told(desk, need="不再需要")
    answered(desk)
    decided(desk, "调整区县续聘", new_post=str(post_id))
    desk.do("gov.clerk.500102", "reply", reply="不同意", reply_reason="已有其他人选，暂不需要。")
    assert desk.open(case) == ["decide"]


def test_another_district_that_is_silent_has_not_agreed(desk):
    _, case = begun(desk)
    post_id = vacant_in_fuling(desk)
    told(desk, need="不再需要")
    answered(desk)
    decided(desk, "调整区县续聘", new_post=str(post_id))
    desk.until(desk.workdays(15) + timedelta(days=1))
    assert desk.open(case) == ["decide"]


def test_the_end_of_a_term_is_decided_once(desk):
    appointment_id, _ = begun(desk)
    desk.start("section", "term_renewal")
    with pytest.raises(Invalid):
        desk.do("section", "choose", appointment_id=str(appointment_id))
    assert desk.read(lambda session: session.get_one(Appointment, appointment_id).unit_id) == WANZHOU


def test_whoever_left_during_the_answers_is_not_asked_about_an_extension(desk):
    appointment_id, case = begun(desk)
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, appointment_id)
        end(session, SYSTEM, found, AppointmentStatus.DISMISSED, NINETY, "第十五条（三）", 3)
    desk.until(END + timedelta(days=2))
    assert "extend" not in desk.open()
    desk.until(END + timedelta(days=63))
    assert appointments_of(desk)[0].status == "dismissed"
    assert desk.case(case).outcome == "已另行离任"


def left(desk, appointment_id, status=AppointmentStatus.DISMISSED, item=5):
    """Somebody leaves office by another procedure meanwhile."""
    with desk.db.transaction() as session:
        found = session.get_one(Appointment, appointment_id)
        leave_office(session, SYSTEM, found, status, NINETY, "第十五条", item)


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "not signed"])
@pytest.mark.parametrize("how", [AppointmentStatus.DISMISSED, AppointmentStatus.WITHDRAWN])
def test_whoever_leaves_before_the_new_term_does_not_begin_it(desk, how, signed):
    appointment_id, case = begun(desk)
    told(desk)
    answered(desk)
    decided(desk)
    if signed:
        desk.do("丁一", "sign_receipt", accept="接受")
    left(desk, appointment_id, how)
    old, new = appointments_of(desk)
    assert (old.status, new.status) == (how, "revoked")
    assert desk.read(lambda session: session.scalars(select(Expert)).one().status) == how
    if not signed:
        desk.do("丁一", "sign_receipt", accept="接受")
    desk.until(END + timedelta(days=2))
    assert [each.status for each in appointments_of(desk)] == [how, "revoked"]
    assert (desk.case(case).outcome, record(desk).status) == ("已另行离任", "ended")
    assert post_status(desk, appointment_id) == "vacant"


def test_a_dismissal_case_that_began_after_the_proposal_waits_too(desk):
    appointment_id, case = begun(desk)
    told(desk)
    answered(desk)
    with desk.db.transaction() as session:
        open_dismissal_case(session, SYSTEM, session.get_one(Appointment, appointment_id), case_id=case, items=[3])
    with pytest.raises(Invalid):
        decided(desk)
    with pytest.raises(Invalid):
        decided(desk, "不续聘")


def test_whoever_left_while_the_decision_was_open_cannot_be_renewed(desk):
    appointment_id, case = begun(desk)
    told(desk)
    answered(desk)
    left(desk, appointment_id)
    with pytest.raises(Invalid):
        decided(desk)
    decided(desk, "不续聘")
    assert desk.case(case).outcome == "已另行离任"
    assert [each.status for each in appointments_of(desk)] == ["dismissed"]
    assert desk.documents("renewal_notice") == []


def test_a_certificate_that_nobody_signs_for_does_not_prolong_the_term(desk):
    appointment_id, case = begun(desk)
    told(desk)
    answered(desk)
    decided(desk)
    desk.until(END + timedelta(days=2))
    assert [each.status for each in appointments_of(desk)] == ["to_renew", "to_sign"]
    assert desk.open(case) == ["sign_receipt"]
    desk.until(END + timedelta(days=62))
    assert [each.status for each in appointments_of(desk)] == ["expired", "revoked"]
    assert (desk.case(case).outcome, post_status(desk, appointment_id)) == ("期满离任", "vacant")
    assert appointments_of(desk)[0].end_ground == "聘期届满，逾期未签收聘书"


def test_a_certificate_signed_for_after_the_term_begins_the_new_one(desk):
    _, case = begun(desk)
    told(desk)
    answered(desk)
    decided(desk)
    desk.until(END + timedelta(days=10))
    desk.do("丁一", "sign_receipt", accept="接受")
    assert [each.status for each in appointments_of(desk)] == ["renewed", "in_office"]
    assert desk.case(case).outcome == "已续聘"


def test_a_late_decision_takes_the_question_of_an_extension_back(desk):
    _, case = begun(desk)
    told(desk)
    desk.until(date(2028, 2, 8))
    answered(desk)
    assert desk.open() == ["decide", "extend"]
    decided(desk, new_start="2028-02-08", new_end="2031-02-07")
    desk.do("丁一", "sign_receipt", accept="接受")
    assert (desk.case(case).status, desk.case(case).outcome) == ("completed", "已续聘")


def test_an_extension_ends_where_the_new_term_begins(desk):
    begun(desk)
    told(desk)
    desk.until(date(2028, 2, 8))
    desk.do("leader", "extend", extend="延期履职", extended_until="2028-02-29", extension_reason=REASON)
    answered(desk)
    decided(desk, new_start="2028-02-15", new_end="2031-02-14")
    desk.do("丁一", "sign_receipt", accept="接受")
    desk.until(date(2028, 2, 16))
    assert [str(each.ended_on) for each in appointments_of(desk)] == ["2028-02-14", "None"]
    serving = desk.read(lambda session: in_office(session, desk.person_id("丁一"), date(2028, 2, 20)))
    assert len(serving) == 1


def test_a_move_that_the_other_district_refused_is_no_decision(desk):
    begun(desk)
    post_id = vacant_in_fuling(desk)
    told(desk, need="不再需要")
    answered(desk)
    decided(desk, "调整区县续聘", new_post=str(post_id))
    desk.do("gov.clerk.500102", "reply", reply="不同意", reply_reason="已有其他人选，暂不需要。")
    assert record(desk).decision == ""
    desk.until(END + timedelta(days=63))
    assert record(desk).status == "lapsed"
    assert appointments_of(desk)[0].end_ground == "聘期届满未及时决定续聘"
    assert desk.open() == []


def test_the_certificate_for_the_unit_that_follows_is_of_the_same_term(desk):
    second = after_a_dissolved_unit(desk)
    assert desk.read(lambda session: terms_served(session, session.get_one(Appointment, second))) == 1


def test_the_sum_of_a_term_begins_with_the_dissolved_unit(desk):
    second = after_a_dissolved_unit(desk)
    desk.start("section", "term_renewal")
    desk.do("section", "choose", appointment_id=str(second))
    assert [(each["year"], each["visits"].split("（")[0]) for each in record(desk).summary["years"]] == [
        *((2025, "0/10"), (2026, "0/10"), (2027, "0/10"))
    ]


def after_a_dissolved_unit(desk):
    """A planner with the certificate for the unit that followed; its id."""
    first = desk.planner("丁一")
    second = desk.also_serves("丁一", FULING, date(2026, 1, 25))
    with desk.db.transaction() as session:
        old, new = session.get_one(Appointment, first), session.get_one(Appointment, second)
        end(session, SYSTEM, old, AppointmentStatus.EXPIRED, date(2026, 1, 24), "服务单元撤并，换发聘书")
        new.predecessor_id = old.id
    return second


def test_a_post_of_a_dissolved_unit_is_not_offered(desk):
    begun(desk)
    post_id = vacant_in_fuling(desk)
    told(desk, need="不再需要")
    answered(desk)
    with desk.db.transaction() as session:
        session.get_one(Unit, FULING).valid_to = NINETY - timedelta(days=1)
    with pytest.raises(Invalid):
        decided(desk, "调整区县续聘", new_post=str(post_id))
