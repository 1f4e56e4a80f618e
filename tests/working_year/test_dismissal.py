"""解聘: five grounds, facts, a hearing, the HR bureau's view, a decision by people (第十五条)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from processes import clock
from processes.db import Base
from processes.documents.dates import chinese_date
from processes.documents.preview import letter_preview
from processes.engine.models import Submission
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import PostHolding
from processes.registers.activities import Activity, ActivityStatus
from processes.registers.appointments import Appointment, AppointmentStatus, end
from processes.registers.attendances import Attendance, Standing, stand
from processes.registers.dismissals import Dismissal, RestrictedFile, revoke
from processes.registers.experts import Expert
from processes.registers.history import changes_of
from processes.registers.planner_posts import PlannerPost
from processes.registers.reading import read
from tests.working_year.desk import WANZHOU, only, year_desk

DAYS = (date(2025, 11, 20), date(2025, 12, 18), date(2026, 1, 15))
"""Three absences in a row across New Year."""
REASON = "事实清楚、证据充分，市人力社保局同意。"
ABSENT, UNABLE, DISCIPLINE = (
    "（三）无正当理由多次不参加技术指导和咨询活动",
    "（二）不能履行职责",
    "（五）有违纪违法行为",
)
FACT = {"fact": "一年内连续3次无正当理由未参加技术咨询活动。", "doc": "咨询-2026-0001"}
SECRET = "因违纪受到处分的具体情节，仅供限制查阅，不向他人公开。"


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "dismissal") as opened:
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "dismissal") as opened:
        yield opened


def absent(desk, appointment_id, days=DAYS, standing=Standing.UNEXCUSED):
    """Absences that have been found; gives the attendances' ids."""
    made = []
    with desk.db.transaction() as session:
        appointment = session.get_one(Appointment, appointment_id)
        for day in days:
            at = datetime(day.year, day.month, day.day, 9, tzinfo=clock.CITY)
            activity = Activity(
                status=ActivityStatus.CLOSED, number=f"咨询-{day.isoformat()}", host_kind="district_bureau",
                host_id=f"bureau:{appointment.unit_id}", unit_id=appointment.unit_id, kind="plan", mode="on_site",
                title="滨江片区城市设计咨询", starts_at=at, starts_on=day, sent_on=day - timedelta(days=10),
                created_at=clock.now(),
            )  # fmt: skip
            session.add(activity)
            session.flush()
            one = Attendance(
                activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id,
                standing=Standing.PENDING,
            )  # fmt: skip
            session.add(one)
            session.flush()
            stand(session, SYSTEM, one, standing)
            made.append(str(one.id))
    return made


def reported(desk, name="丁一"):
    """A planner whose three absences in a row have reached the desk; the appointment and the case."""
    appointment_id = desk.planner(name)
    events = absent(desk, appointment_id)
    tell(desk, appointment_id, events)
    return appointment_id, desk.cases_of("dismissal")[-1].id


def tell(desk, appointment_id, events):
    desk.message("absence_trigger", str(appointment_id), appointment_id=str(appointment_id), kind="consecutive3",
                 trigger_event=events[-1], attendance_ids=events)  # fmt: skip


def wishes(desk, appointment_id, **more):
    desk.message("withdrawal_from_office", str(appointment_id), appointment_id=str(appointment_id),
                 withdrawal_id=str(UUID(int=7)), wished_on="2026-05-01", by_employer=False, **more)  # fmt: skip


def file_of(desk):
    return only(desk.read(lambda session: session.scalars(select(Dismissal)).all()))


def opened(desk, ground=ABSENT):
    desk.do("clerk", "check_ground", opening="立案")
    desk.do("section", "verify_facts", evidence=[{"ground": ground, **FACT}], proven="属实", proven_reason=REASON)


def heard(desk, name="丁一"):
    desk.do(name, "state", statement="本人因身体原因未能参加，未及时说明，愿意改正。")
    desk.do("gov.clerk.500101", "remark", remarks="对在编项目影响较小，请尽快补选。")


def answered(desk, opinion="同意", hr_reason=""):
    desk.message("hr_opinion", f"{file_of(desk).number}-1", opinion=opinion, hr_reason=hr_reason, matter_id="",
                 hr_silent=False)  # fmt: skip


def decided(desk, decision="解聘", **more):
    day = {"effective": "2026-05-04"} if decision == "解聘" else {}
    desk.do("leader", "decide", decision=decision, decision_reason=REASON, **day, **more)


def handed_over(desk, name="丁一"):
    desk.do(name, "hand_over", handover=[{"item": "滨江片区城市设计意见", "to": "万州区规划和自然资源局"}])
    desk.do("bureau.clerk.500101", "confirm_handover", handover_ok="已交接")


def state_of(desk, appointment_id):
    """How appointment, library and post stand."""

    def asked(session):
        found = session.get_one(Appointment, appointment_id)
        expert = session.scalars(select(Expert).where(Expert.person_id == found.person_id)).one()
        return found.status, expert.status, session.get_one(PlannerPost, found.post_id).status, found.end_item

    return desk.read(asked)


def everything_in(desk, table):
    """All that a table holds, as one text."""
    rows = desk.read(lambda session: session.execute(select(table)).all())
    return "".join(
        str(cell.decode(errors="replace") if isinstance(cell, bytes) else cell) for row in rows for cell in row
    )


def text_of(desk, key):
    letter = desk.documents(key)[-1]
    return desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))


def test_three_absences_in_a_row_across_new_year_end_in_dismissal(both_desk):
    desk = both_desk
    appointment_id, case = reported(desk)
    assert desk.open(case) == ["check_ground"]
    rows = {row["reading"]: row["result"] for row in file_of(desk).counted["rows"]}
    assert rows == {"任意连续十二个月（现行口径）": "构成", "公历年度": "不构成", "聘期年度": "构成"} or len(rows) == 3
    opened(desk)
    assert desk.open(case) == ["remark", "state"]
    heard(desk)
    answered(desk)
    decided(desk)
    desk.do("clerk", "serve", served_how="本人签收")
    handed_over(desk)
    assert state_of(desk, appointment_id)[0] == "in_office"
    desk.until(date(2026, 5, 5))
    assert state_of(desk, appointment_id) == ("dismissed", "dismissed", "vacant", 3)
    found = file_of(desk)
    assert (found.status, found.executed_item, found.statement[:2]) == ("closed", 3, "本人")
    assert desk.case(case).outcome == "结案"
    held = desk.read(lambda session: session.scalars(
        select(PostHolding.valid_to).where(PostHolding.person_id == found.person_id)).one())  # fmt: skip
    assert held == date(2026, 5, 3)
    assert "第十五条第（三）项" in text_of(desk, "dismissal_notice")
    assert "5个工作日内陈述意见" in text_of(desk, "proposal_notice")


def test_the_notice_says_the_day_on_which_the_planner_made_the_statement(desk):
    reported(desk)
    opened(desk)
    desk.do("丁一", "state", statement="本人因身体原因未能参加，未及时说明，愿意改正。")
    stated = clock.today()
    desk.until(desk.workdays(2))
    desk.do("gov.clerk.500101", "remark", remarks="对在编项目影响较小，请尽快补选。")
    answered(desk)
    decided(desk)
    assert file_of(desk).stated_on == stated
    notice = text_of(desk, "dismissal_notice")
    assert f"您于{chinese_date(stated)}提出的陈述意见已研究" in notice
    assert "未参加技术咨询活动（咨询-2026-0001）" in notice


def test_the_case_sheet_shows_all_three_readings_and_the_version(desk):
    reported(desk)
    found = file_of(desk)
    assert [(row["result"], row["ground"]) for row in found.counted["rows"]] == [
        ("构成", "第十五条(三)"), ("不构成", "第十五条(三)"), ("构成", "第十五条(三)"),
    ]  # fmt: skip
    assert found.readings_version == 0


def test_the_planner_who_makes_no_statement_in_time_holds_nothing_up(desk):
    _, case = reported(desk)
    opened(desk)
    desk.until(desk.workdays(6) + timedelta(days=1))
    answered(desk)
    assert desk.open(case) == ["decide"]
    decided(desk)
    assert "您未在期限内提出陈述意见" in text_of(desk, "dismissal_notice")


def test_nothing_is_opened_while_the_absences_are_disputed(desk):
    _, case = reported(desk)
    with pytest.raises(Invalid):
        desk.do("clerk", "check_ground", opening="立案", disputed=True)
    desk.do("clerk", "check_ground", opening="暂停等待", disputed=True, opening_reason="本人已申请更正其中一次记录。")
    assert desk.open(case) == []
    assert file_of(desk).status == "on_hold"
    desk.until(desk.workdays(5) + timedelta(days=1))
    assert desk.open(case) == ["check_ground"]
    desk.do("clerk", "check_ground", opening="立案")
    assert desk.open(case) == ["verify_facts"]


def test_an_absence_found_otherwise_during_the_case_closes_it(desk):
    appointment_id, case = reported(desk)
    opened(desk)
    with desk.db.transaction() as session:
        first = session.scalars(select(Attendance)).first()
        stand(session, SYSTEM, first, Standing.EXCUSED)
    desk.message("absence_changed", str(appointment_id))
    assert desk.case(case).status == "terminated"
    assert desk.open(case) == []
    assert file_of(desk).status == "unfounded"
    assert state_of(desk, appointment_id)[0] == "in_office"


def test_an_absence_found_otherwise_that_changes_nothing_lets_the_case_go_on(desk):
    appointment_id = desk.planner("丁一")
    events = absent(desk, appointment_id, (*DAYS, date(2026, 2, 10)))
    tell(desk, appointment_id, events)
    case = only(desk.cases_of("dismissal")).id
    opened(desk)
    with desk.db.transaction() as session:
        stand(session, SYSTEM, session.get_one(Attendance, UUID(events[0])), Standing.EXCUSED)
    desk.message("absence_changed", str(appointment_id))
    assert desk.open(case) == ["remark", "state"]


def test_what_is_not_proven_is_closed_and_the_planner_told(desk):
    appointment_id, case = reported(desk)
    desk.do("clerk", "check_ground", opening="立案")
    desk.do("section", "verify_facts", evidence=[{"ground": ABSENT, **FACT}], proven="不属实", proven_reason=REASON)
    assert desk.case(case).outcome == "不成立"
    assert file_of(desk).status == "unfounded"
    assert state_of(desk, appointment_id)[0] == "in_office"


def test_the_form_says_the_grounds_in_words_and_counts_for_every_ground(desk):
    appointment_id = desk.planner("丁一", WANZHOU)
    desk.start("section", "dismissal", planner_name="")
    finding = "因病长期住院，半年内不能履行职责，有医院证明。"
    desk.do("section", "propose", appointment_id=str(appointment_id), ground=UNABLE, finding=finding)
    drawn = desk.form("clerk", "check_ground").values
    assert drawn["grounds_say"] == UNABLE
    assert [row["result"] for row in drawn["count_rows"]] == ["不构成"] * 3


def test_every_ground_needs_a_fact_and_no_other_ground_is_listed(desk):
    reported(desk)
    desk.do("clerk", "check_ground", opening="立案")
    for ground in (UNABLE,):
        with pytest.raises(Invalid):
            desk.do("section", "verify_facts", evidence=[{"ground": ground, **FACT}], proven="属实",
                    proven_reason=REASON)  # fmt: skip


def test_decided_otherwise_the_same_events_open_no_other_case(desk):
    appointment_id, case = reported(desk)
    opened(desk)
    heard(desk)
    answered(desk)
    decided(desk, "不解聘")
    assert desk.case(case).outcome == "不解聘"
    tell(desk, appointment_id, file_of(desk).trigger_events)
    assert [each.outcome for each in desk.cases_of("dismissal")] == ["不解聘", "已处置或已离任"]
    assert file_of(desk).status == "not_dismissed"


def test_a_second_report_joins_the_case_that_goes_on(desk):
    appointment_id, _ = reported(desk)
    desk.message("unqualified_final", entry_id=str(UUID(int=3)), appointment_id=str(appointment_id), year=2025)
    assert [each.outcome for each in desk.cases_of("dismissal")][-1] == "并入在办案件"
    assert file_of(desk).items == [3, 4]


def test_a_final_grade_opens_a_case(desk):
    appointment_id = desk.planner("丁一")
    desk.message("unqualified_final", entry_id=str(UUID(int=3)), appointment_id=str(appointment_id), year=2025)
    assert file_of(desk).items == [4]
    opened(desk, "（四）考核不称职")


def test_where_the_hr_bureau_disagrees_both_views_are_in_the_file_first(desk):
    _, case = reported(desk)
    opened(desk)
    heard(desk)
    answered(desk, "不同意", "缺席原因尚需核实。")
    with pytest.raises(Invalid):
        decided(desk)
    decided(desk, both_views="市人力社保局建议再核实，市局认为事实清楚，两局领导会商后同意解聘。")
    assert "会商" in file_of(desk).both_views
    assert desk.open(case) == ["serve"]


def test_a_dismissal_is_never_backdated(desk):
    reported(desk)
    opened(desk)
    heard(desk)
    answered(desk)
    with pytest.raises(Invalid):
        desk.do("leader", "decide", decision="解聘", decision_reason=REASON, effective="2026-01-01")


def test_an_own_wish_needs_no_hearing_and_may_not_be_refused(both_desk):
    desk = both_desk
    appointment_id = desk.planner("丁一")
    wishes(desk, appointment_id)
    case = only(desk.cases_of("dismissal")).id
    answered(desk)
    assert desk.open(case) == ["decide"]
    with pytest.raises(Invalid):
        decided(desk, "不解聘")
    decided(desk)
    desk.do("clerk", "serve", served_how="本人签收")
    desk.until(date(2026, 5, 5))
    assert state_of(desk, appointment_id) == ("withdrawn", "withdrawn", "vacant", 1)
    assert "应您本人申请" in text_of(desk, "leaving_notice")
    assert desk.documents("proposal_notice") == []
    assert desk.documents("dismissal_notice") == []


def test_a_planner_who_withdraws_during_the_case_leaves_at_own_wish_and_the_facts_stay(desk):
    appointment_id, case = reported(desk)
    opened(desk)
    wishes(desk, appointment_id)
    assert desk.open(case) == []
    answered(desk)
    decided(desk)
    found = file_of(desk)
    assert (found.items, found.executed_item) == ([1, 3], 1)
    assert found.facts[0]["item"] == 3
    assert len(desk.cases_of("dismissal", "dismissal")) == 1


def test_a_request_taken_back_leaves_the_other_grounds(desk):
    appointment_id, case = reported(desk)
    opened(desk)
    wishes(desk, appointment_id)
    desk.message("withdrawal_taken_back", str(appointment_id))
    assert desk.open(case) == ["check_ground"]
    assert file_of(desk).items == [3]


def test_a_request_taken_back_ends_a_case_without_other_grounds(desk):
    appointment_id = desk.planner("丁一")
    wishes(desk, appointment_id)
    desk.message("withdrawal_taken_back", str(appointment_id))
    assert only(desk.cases_of("dismissal")).status == "completed"
    assert file_of(desk).status == "taken_back"
    assert state_of(desk, appointment_id)[0] == "in_office"


def test_an_employers_wish_is_a_finding_of_item_two_and_is_heard(desk):
    appointment_id = desk.planner("丁一")
    desk.message("withdrawal_from_office", str(appointment_id), appointment_id=str(appointment_id),
                 withdrawal_id=str(UUID(int=7)), wished_on="2026-05-01", by_employer=True)  # fmt: skip
    assert file_of(desk).items == [2]
    assert desk.open() == ["check_ground"]


def test_a_planner_who_cannot_be_reached_is_served_through_the_employer(desk):
    appointment_id, case = reported(desk)
    opened(desk)
    heard(desk)
    answered(desk)
    desk.do("leader", "decide", decision="解聘", decision_reason=REASON, effective=clock.today().isoformat())
    due = desk.workdays(10)
    desk.do("clerk", "serve", served_how="派出单位转送")
    assert desk.open(case) == ["hand_on"]
    assert file_of(desk).effective_on == due
    assert {each.number for each in desk.documents("dismissal_notice")} == {file_of(desk).notice_number}
    assert f"决定自{chinese_date(due)}起解除" in text_of(desk, "dismissal_notice")
    desk.until(due + timedelta(days=1))
    assert state_of(desk, appointment_id)[0] == "dismissed"
    desk.until(desk.workdays(25))
    assert file_of(desk).status == "closed"


def test_a_finding_needs_words_and_item_five_a_document(desk):
    appointment_id = str(desk.planner("丁一"))
    desk.start("section", "dismissal")
    with pytest.raises(Invalid):
        desk.do("section", "propose", appointment_id=appointment_id, ground=UNABLE, finding="听说")
    with pytest.raises(Invalid):
        desk.do("section", "propose", appointment_id=appointment_id, ground=DISCIPLINE, finding=SECRET)


def test_the_evidence_of_item_five_is_read_by_few(desk):
    appointment_id = str(desk.planner("丁一"))
    case = desk.start("section", "dismissal")
    desk.do("section", "propose", appointment_id=appointment_id, ground=DISCIPLINE, finding=SECRET,
            body="市纪委监委驻局纪检监察组", document_number="驻纪〔2026〕3号")  # fmt: skip
    desk.do("clerk", "check_ground", opening="立案")
    desk.do("section", "verify_facts", evidence=[{"ground": DISCIPLINE, "fact": SECRET, "doc": "驻纪〔2026〕3号"}],
            proven="属实", proven_reason=SECRET)  # fmt: skip

    def row(login):
        return desk.read(lambda session: only(read(session, desk.actors[login], "dismissals")[0]))

    for login in ("section", "leader", "hr.leader"):
        assert SECRET in row(login)["restricted_facts"]
    for login in ("clerk", "hr.clerk", "owner"):
        assert "restricted_facts" not in row(login)
        assert SECRET not in str(row(login))
    kept = {table.name for table in Base.metadata.sorted_tables if SECRET in everything_in(desk, table)}
    assert kept == {"restricted_file"}
    assert desk.read(lambda session: [each.answers["finding"] for each in session.scalars(
        select(Submission).where(Submission.form_key == "proposal"))]) == ["（限制查阅，见解聘卷宗）"]  # fmt: skip
    assert "驻纪" not in text_of(desk, "proposal_notice")
    assert SECRET not in str(desk.case(case).title)
    assert desk.read(lambda session: session.scalars(select(RestrictedFile)).one()).body.startswith("市纪委")


def test_a_decision_found_wrong_stays_in_the_file_as_revoked(desk):
    reported(desk)
    opened(desk)
    heard(desk)
    answered(desk)
    decided(desk)
    desk.do("clerk", "serve", served_how="本人签收")
    handed_over(desk)
    desk.until(date(2026, 5, 5))
    with desk.db.transaction() as session:
        found = session.scalars(select(Dismissal)).one()
        revoke(session, SYSTEM, found, "记录更正后不再构成")
        assert changes_of(session, found)[-1].reason == "记录更正后不再构成"
    assert file_of(desk).status == "revoked"


def test_a_late_case_is_told_and_goes_on(desk):
    _, case = reported(desk)
    opened(desk)
    heard(desk)
    desk.until(desk.workdays(20) + timedelta(days=1))
    assert desk.case(case).status == "running"
    answered(desk)
    assert desk.open(case) == ["decide"]


def test_the_unit_of_the_case_is_the_planners(desk):
    _, case = reported(desk)
    assert desk.case(case).unit_id == WANZHOU


def test_the_hr_bureau_is_asked_in_its_own_procedure(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "dismissal", "hr_consultation") as desk:
        _, case = reported(desk)
        opened(desk)
        heard(desk)
        asked = {"matter": "解聘", "subject": "解聘丁一同志首席规划师", "reply_wd": 5}
        says = "拟依据第十五条第（三）项解除聘任，事实和陈述见附件。" * 2
        desk.do("clerk", "draft_matter", only(desk.cases_of("hr_consultation")).id, **asked, matter_text=says)
        desk.do("leader", "sign_request", decision="签发")
        desk.do("hr.clerk", "study", opinion="同意")
        desk.do("hr.leader", "sign_reply", decision="签发")
        assert desk.open(case) == ["decide"]
        assert file_of(desk).opinion == "同意"


def test_what_the_hr_bureau_was_asked_is_given_up_with_the_case(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "dismissal", "hr_consultation") as desk:
        appointment_id = desk.planner("丁一")
        wishes(desk, appointment_id)
        asking = only(desk.cases_of("hr_consultation"))
        assert desk.open(asking.id) == ["draft_matter"]
        desk.message("withdrawal_taken_back", str(appointment_id))
        assert desk.open(asking.id) == []
        assert (desk.case(asking.id).status, desk.case(asking.id).outcome) == ("completed", "不再征求意见")


def test_a_case_that_begins_anew_asks_the_hr_bureau_anew(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "dismissal", "hr_consultation") as desk:
        appointment_id, case = reported(desk)
        opened(desk)
        heard(desk)
        first = only(desk.cases_of("hr_consultation")).id
        wishes(desk, appointment_id)
        second = only([each for each in desk.cases_of("hr_consultation") if each.id != first]).id
        assert (desk.open(first), desk.open(second)) == ([], ["draft_matter"])
        answered(desk)
        assert desk.open(case) == []


def test_whoever_has_left_already_is_not_dismissed_again(desk):
    appointment_id = desk.planner("丁一")
    with desk.db.transaction() as session:
        left = session.get_one(Appointment, appointment_id)
        end(session, SYSTEM, left, AppointmentStatus.EXPIRED, date(2026, 2, 1), "聘期届满不再续聘")
    desk.message("unqualified_final", entry_id=str(UUID(int=3)), appointment_id=str(appointment_id), year=2025)
    assert only(desk.cases_of("dismissal")).outcome == "已处置或已离任"


def dismissed(desk, name="丁一"):
    """A planner who has been dismissed for absences; the appointment and the case."""
    appointment_id, case = reported(desk, name)
    opened(desk)
    heard(desk, name)
    answered(desk)
    decided(desk)
    desk.do("clerk", "serve", served_how="本人签收")
    handed_over(desk, name)
    desk.until(date(2026, 5, 5))
    return appointment_id, case


def reviewed(desk, opinion="同意", **more):
    """The section has doubts, the HR bureau is asked, the leader decides."""
    case = desk.start("section", "dismissal", "dismissal_review")
    why = "经复查，12月18日的邀请函于活动前一日送达，通知不足，缺席不应计次。"
    desk.do("section", "propose_review", case, dismissal_id=str(file_of(desk).id), reason=why,
            evidence=["file:邀请函.pdf"])  # fmt: skip
    desk.message("hr_opinion", f"{desk.case(case).number}-1", opinion=opinion, hr_reason="", matter_id="",
                 hr_silent=False)  # fmt: skip
    given = {
        "decision": "撤销原决定",
        "decision_reason": "通知不足的缺席不计次，原决定依据不成立。",
        "back_how": "恢复原岗位",
    }
    desk.do("leader", "decide_review", case, **{**given, **more})
    return case


def newest(desk):
    """The latest appointment."""
    return desk.read(
        lambda session: session.scalars(select(Appointment).order_by(Appointment.created_at.desc())).first()
    )


def test_a_dismissal_found_wrong_is_revoked_and_the_planner_appointed_again(both_desk):
    desk = both_desk
    appointment_id, _ = dismissed(desk)
    case = reviewed(desk)
    assert file_of(desk).status == "revoked"
    desk.do("丁一", "accept_again", case, accept="接受")
    assert desk.case(case).outcome == "已重新聘任"
    again = newest(desk)
    assert (again.status, again.predecessor_id, again.term_start, again.term_end) == (
        "in_office", appointment_id, date(2026, 5, 5), date(2028, 1, 19),
    )  # fmt: skip
    old, library, post, item = state_of(desk, appointment_id)
    assert (old, library, post, item) == ("dismissed", "in_office", "filled", None)
    assert "解聘决定已撤销" in desk.read(lambda s: s.get_one(Appointment, appointment_id).end_ground)
    assert "决定予以撤销" in text_of(desk, "revocation_notice")
    held = desk.read(lambda s: s.scalars(select(PostHolding).where(PostHolding.role == "planner")).all())
    assert any(each.valid_to is None or each.valid_to > date(2026, 5, 5) for each in held)


def test_absences_of_a_revoked_dismissal_open_no_other_case(desk):
    dismissed(desk)
    events = file_of(desk).trigger_events
    case = reviewed(desk)
    desk.do("丁一", "accept_again", case, accept="接受")
    tell(desk, newest(desk).id, events)
    assert desk.cases_of("dismissal", "dismissal")[-1].outcome == "已处置或已离任"


def test_a_dismissal_may_be_kept_or_revoked_without_an_appointment(desk):
    appointment_id, _ = dismissed(desk)
    kept = reviewed(desk, decision="维持原决定", back_how=None)
    assert (desk.case(kept).outcome, file_of(desk).status) == ("维持解聘决定", "closed")
    only_revoked = reviewed(desk, back_how="不重新聘任")
    assert (desk.case(only_revoked).outcome, file_of(desk).status) == ("已撤销，不重新聘任", "revoked")
    assert newest(desk).id == appointment_id


def test_nobody_comes_back_to_a_post_that_is_taken(desk):
    dismissed(desk)
    with desk.db.transaction() as session:
        session.scalars(select(PlannerPost)).one().status = "filled"
    with pytest.raises(Invalid) as refused:
        reviewed(desk)
    assert set(refused.value.fields) == {"back_how"}


def test_a_planner_who_does_not_come_back_leaves_the_post_vacant(desk):
    appointment_id, _ = dismissed(desk)
    case = reviewed(desk)
    desk.do("丁一", "accept_again", case, accept="不接受", decline_reason="已另有工作安排。")
    assert desk.case(case).outcome == "本人未接受"
    assert (newest(desk).status, state_of(desk, appointment_id)[2]) == ("revoked", "vacant")


def test_a_revocation_against_the_view_of_the_hr_bureau_has_both_views(desk):
    dismissed(desk)
    with pytest.raises(Invalid) as refused:
        reviewed(desk, opinion="不同意")
    assert set(refused.value.fields) == {"both_views"}
