"""政策待遇: what 第十四条 gives for good service, proved for one application, withdrawn where the grade changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.benefits.calendar import proofs_due
from handlers.benefits.conditions import check_conditions
from processes import clock
from processes.documents.preview import letter_preview
from processes.engine import tracking
from processes.engine.models import Case
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.benefits import Benefit
from processes.registers.leaves import Leave
from processes.registers.service_years import service_record
from processes.registers.switches import readings_on
from tests.working_year.desk import WANZHOU, only, year_desk

REPORT = {"title": "滨江片区消落区治理研究", "report_kind": "解决区县规划难题的技术报告", "problem": "消落区利用",
          "authors": "丁一", "accepted_by": "万州区规划和自然资源局", "accepted_on": "2026-01-15"}  # fmt: skip
DEEDS = "三年来完成技术咨询四十余次，提出的意见多数被采纳，解决滨江片区难题。"


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "benefits") as opened:
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "benefits") as opened:
        yield opened


def serving(desk, start=date(2025, 1, 20), **grades):
    """丁一 in office since a day, with final grades such as y2025="称职"."""
    appointment_id = desk.planner("丁一", start=start, end=date(2031, 1, 19))
    for year, grade in grades.items():
        grade_of(desk, appointment_id, int(year[1:]), grade)
    return appointment_id


def grade_of(desk, appointment_id, year, grade, final=True):
    with desk.db.transaction() as session:
        appraisal = Appraisal(status="filed", year=year, freeze_on=date(year, 12, 31), readings_version=0)
        session.add(appraisal)
        session.flush()
        session.add(
            AppraisalEntry(appraisal_id=appraisal.id, person_id=desk.person_id("丁一"), appointment_id=appointment_id,
                           roll="GRADED" if grade else "NOT_GRADED", grade=grade, final=final)
        )  # fmt: skip


def ask(desk, kind, case=None, **more):
    case = case or desk.start("丁一", "benefits")
    given = {
        "kind": kind,
        "application_year": 2026,
        "institution": "重庆市工程技术职称改革办公室",
        "use": "申报正高级规划师",
    }
    desk.do("丁一", "apply", case, **{**given, **more})
    return case


def sign_and_note(desk, case):
    desk.do("leader", "sign", case, decision="签发")
    desk.do("hr.clerk", "note", case, noted=True)


def benefit(desk):
    return only(desk.read(lambda session: session.scalars(select(Benefit)).all()))


def words(desk, key):
    document = only(desk.documents(key))
    return desk.read(lambda session: letter_preview(desk.house.files.read(document.file_id)))


def conditions(desk, kind):
    person = desk.person_id("丁一")
    return desk.read(lambda session: check_conditions(session, person, kind, clock.today()))


def test_a_year_of_good_service_waives_a_year_of_training(both_desk):
    desk = both_desk
    serving(desk, y2025="称职")
    case = ask(desk, "继续教育减免")
    assert desk.open(case) == ["sign"]
    sign_and_note(desk, case)
    assert desk.case(case).outcome == "证明已发"
    text = words(desk, "proof_waiver")
    assert "2025年度考核结果为称职" in text
    assert "2026年度申报正高级规划师" in text
    made = benefit(desk)
    assert (made.status, made.full_years, made.grades, made.noted_on) == (
        "issued", 1, {"2025": "称职"}, clock.today(),
    )  # fmt: skip


def test_what_is_missing_is_listed(desk):
    serving(desk, start=date(2025, 6, 1), y2025="不称职")
    case = ask(desk, "继续教育减免")
    assert desk.case(case).outcome == "条件不具备"
    stages = desk.read(lambda session: tracking.stages(session, session.get_one(Case, case)))
    assert [each.state for each in stages] == ["done", "ahead", "ahead", "ahead"]
    made = benefit(desk)
    assert made.status == "refused"
    assert "服务期满1年（满0年）" in made.refused_why
    assert "2025年度：不称职" in made.refused_why


def test_a_second_waiver_for_one_year_is_refused(desk):
    serving(desk, y2025="称职")
    ask(desk, "继续教育减免")
    with pytest.raises(Invalid) as refused:
        ask(desk, "继续教育减免")
    assert "application_year" in refused.value.fields
    ask(desk, "继续教育减免", application_year=2027)


@pytest.mark.parametrize(
    ("grades", "final", "met"),
    [("称职", True, True), ("优秀", True, True), ("不称职", True, False), ("称职", False, False), ("", True, False)],
    ids=["competent", "excellent", "incompetent", "not final", "not graded"],
)
def test_the_waiver_needs_a_final_grade_that_is_good(desk, grades, final, met):
    appointment_id = serving(desk)
    grade_of(desk, appointment_id, 2025, grades, final)
    assert conditions(desk, "ce_waiver").met is met


def test_a_report_is_found_by_people_to_count(both_desk):
    desk = both_desk
    serving(desk)
    case = ask(desk, "技术报告业绩", reports=[REPORT], report_files=["file:报告.pdf"])
    desk.do("section", "find", case, decision="认定", finding="报告解决了区县规划难题，已被采纳，符合规定。")
    sign_and_note(desk, case)
    assert "《滨江片区消落区治理研究》" in words(desk, "proof_report")


def test_no_proof_for_a_report_nobody_accepted(desk):
    serving(desk)
    with pytest.raises(Invalid):
        ask(desk, "技术报告业绩", reports=[{**REPORT, "accepted_by": ""}], report_files=["file:报告.pdf"])


def test_outstanding_achievements_are_a_finding_of_people(desk):
    serving(desk, start=date(2023, 1, 20), y2023="称职", y2024="优秀", y2025="称职")
    case = ask(desk, "优先评聘证明", deeds=DEEDS)
    assert desk.open(case) == ["find"]
    desk.do("section", "find", case, decision="不予认定", finding="现有材料不足以认定业绩突出，可补充后再申请。")
    assert desk.case(case).outcome == "不予认定"
    assert benefit(desk).status == "refused"


def test_priority_after_three_years_with_one_excellent_grade(desk):
    serving(desk, start=date(2023, 1, 20), y2023="称职", y2024="优秀", y2025="称职")
    case = ask(desk, "优先评聘证明", deeds=DEEDS)
    desk.do("section", "find", case, decision="认定", finding="三年间咨询次数和意见质量居前，认定业绩突出。")
    sign_and_note(desk, case)
    assert "2024年度考核结果为优秀" in words(desk, "proof_priority")


@pytest.mark.parametrize(
    ("kind", "start", "grades", "missing"),
    [
        ("title_priority", date(2024, 1, 20), {"y2024": "优秀", "y2025": "优秀"}, "服务期满3年（满2年）"),
        ("title_priority", date(2022, 1, 20), {"y2024": "称职", "y2025": "称职"}, "有1次考核为优秀"),
        ("talent_recommend", date(2022, 1, 20), {"y2023": "优秀", "y2024": "称职", "y2025": "优秀"}, "连续3年"),
        ("talent_recommend", date(2022, 1, 20), {"y2022": "优秀", "y2023": "优秀", "y2025": "优秀"}, "连续3年"),
    ],
    ids=["two years", "never excellent", "interrupted", "a year left out"],
)
def test_each_benefit_has_its_own_conditions(desk, kind, start, grades, missing):
    serving(desk, start=start, **grades)
    found = conditions(desk, kind)
    assert not found.met
    assert missing in found.missing


THREE = {"y2023": "优秀", "y2024": "优秀", "y2025": "优秀"}


def test_bureau_and_employer_recommend_together(both_desk):
    desk = both_desk
    serving(desk, start=date(2023, 1, 20), **THREE)
    case = ask(desk, "优先推荐", deeds=DEEDS, institution="重庆市人才工作领导小组办公室", use="重庆英才计划")
    desk.do("employer", "recommend", case, joint="联合推荐", deeds=DEEDS)
    sign_and_note(desk, case)
    text = words(desk, "recommendation")
    assert "2023年至2025年连续三年" in text
    assert "渝江规划设计研究院" in text


def test_an_employer_that_is_silent_does_not_hold_it_up(desk):
    serving(desk, start=date(2023, 1, 20), **THREE)
    case = ask(desk, "优先推荐", deeds=DEEDS)
    desk.until(desk.workdays(7))
    assert desk.open(case) == ["sign"]
    sign_and_note(desk, case)
    assert "渝江规划设计研究院" not in words(desk, "recommendation")


def test_a_right_that_is_reached_is_told_and_asked_for_by_the_planner_alone(desk):
    serving(desk, y2025="称职")
    desk.message("right_acquired", person_id=str(desk.person_id("丁一")), person_name="丁一", kind="ce_waiver",
                 year=2025)  # fmt: skip
    case = only(desk.cases_of("benefits")).id
    assert desk.open(case) == ["apply"]
    ask(desk, "继续教育减免", case)
    assert desk.open(case) == ["sign"]


def test_a_right_nobody_asks_for_stays(desk):
    serving(desk, y2025="称职")
    desk.message("right_acquired", person_id=str(desk.person_id("丁一")), person_name="丁一", kind="ce_waiver",
                 year=2025)  # fmt: skip
    desk.until(desk.workdays(60) + timedelta(days=1))
    assert only(desk.cases_of("benefits")).outcome == "未申请，资格保留"


def test_the_leader_may_refuse_to_sign(desk):
    serving(desk, y2025="称职")
    case = ask(desk, "继续教育减免")
    desk.do("leader", "sign", case, decision="不予签发", finding="申报年度与用途不符，请重新申请。")
    assert desk.case(case).outcome == "不予签发"
    assert benefit(desk).proof_number == ""


def test_an_hr_bureau_that_is_silent_does_not_take_the_proof_away(desk):
    serving(desk, y2025="称职")
    case = ask(desk, "继续教育减免")
    desk.do("leader", "sign", case, decision="签发")
    desk.until(desk.workdays(7))
    assert desk.case(case).outcome == "证明已发"
    assert benefit(desk).noted_on is None


def changed_to(desk, grade):
    """A proof has been issued, then the grade behind it changes; gives the case that begins."""
    serving(desk, y2025="称职")
    sign_and_note(desk, ask(desk, "继续教育减免"))
    assert desk.read(lambda session: proofs_due(session, clock.today())) == []
    with desk.db.transaction() as session:
        session.scalars(select(AppraisalEntry)).one().grade = grade
    due = only(desk.read(lambda session: proofs_due(session, clock.today())))
    desk.actors["system"] = SYSTEM
    return desk.start("system", due.key, due.process_id, **due.variables)


def test_a_proof_is_withdrawn_by_notice_where_its_grade_has_changed(both_desk):
    desk = both_desk
    case = changed_to(desk, "不称职")
    with pytest.raises(Invalid):
        desk.do("section", "decide_proof", case, decision="证明仍成立", finding="等次变更不影响证明。")
    desk.do("section", "decide_proof", case, decision="撤回证明", finding="2025年度考核等次变更为不称职。")
    assert desk.case(case).outcome == "证明已撤回"
    assert benefit(desk).status == "withdrawn"
    assert benefit(desk).proof_number in words(desk, "proof_withdrawn")


def test_a_proof_whose_conditions_still_hold_may_stand(desk):
    case = changed_to(desk, "优秀")
    desk.do("section", "decide_proof", case, decision="证明仍成立", finding="变更为优秀，条件仍然具备。")
    assert desk.case(case).outcome == "证明仍成立"
    assert benefit(desk).grades == {"2025": "优秀"}
    assert desk.read(lambda session: proofs_due(session, clock.today())) == []


def test_days_of_leave_are_no_service(desk):
    appointment_id = serving(desk, y2025="称职")
    with desk.db.transaction() as session:
        session.add(Leave(appointment_id=appointment_id, first_day=date(2025, 3, 1), last_day=date(2025, 6, 30),
                          reason="援派", recorded_by="张明", recorded_at=clock.now()))  # fmt: skip
    assert "满0年" in conditions(desk, "ce_waiver").missing


def test_where_both_bureaus_read_it_so_service_in_the_centre_does_not_count(desk):
    serving(desk, y2025="称职")
    with desk.db.transaction() as session:
        session.get_one(Unit, WANZHOU).zone = "中心城区"
    person = desk.person_id("丁一")

    def read(session, zone):
        readings = readings_on(session)
        changed = type(readings)(readings.day, 0, {**readings.values, "benefits.zone_filter": zone})
        return service_record(session, person, clock.today(), changed)

    assert desk.read(lambda session: read(session, "outside_centre")) is None
    assert desk.read(lambda session: read(session, "all")) is not None
