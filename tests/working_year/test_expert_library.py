"""专家库: proposed, confirmed, admitted; checked each March; merged, emptied, never forgotten (第十条)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.expert_library.calendar import library_checks_due
from processes import clock
from processes.errors import Invalid
from processes.identity.models import Person
from processes.notices import Notice
from processes.registers.appointments import Appointment
from processes.registers.experts import Expert, ExpertStatus, expert_for
from processes.registers.library import REMOVED
from tests.factories import make_person
from tests.working_year.desk import only, year_desk

FACTS = {
    "employer_id": "employer:1",
    "title_level": "正高级",
    "title_name": "正高级工程师",
    "planner_cert": "注册城乡规划师",
    "planner_cert_no": "GH-1",
    "specialties": ["城市设计"],
}
PROPOSAL = {**FACTS, "merits": "长期主持城市设计和历史文化名城保护规划工作，成果突出。", "promises": True}


@pytest.fixture
def desk(database, tmp_path):
    with year_desk(database, tmp_path, "expert_library") as opened:
        yield opened


@pytest.fixture
def quick(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "expert_library") as opened:
        yield opened


def somebody(desk, name):
    """A person with an account, who is not in the library yet."""
    with desk.db.transaction() as session:
        desk.actors[name] = make_person(session, name, ("applicant", None), name=name)
    return str(desk.person_id(name))


def expert(desk, name):
    return desk.read(lambda session: expert_for(session, desk.person_id(name)))


def notes(desk, name):
    return desk.read(lambda session: [each.text for each in expert_for(session, desk.person_id(name)).notes])


def change(desk, name, **facts):
    """The record as it has become otherwise."""
    with desk.db.transaction() as session:
        found = expert_for(session, desk.person_id(name))
        for key, value in facts.items():
            setattr(found, key, value)


def candidate(desk, name, **facts):
    """Somebody who is in the library as a candidate."""
    somebody(desk, name)
    with desk.db.transaction() as session:
        known = {**FACTS, "status": ExpertStatus.CANDIDATE, "entered_at": clock.now(), "changed_at": clock.now()}
        session.add(Expert(person_id=desk.person_id(name), name=name, **{**known, **facts}))


def told(desk, name):
    """What somebody was told."""
    mine = select(Notice).where(Notice.person_id == desk.person_id(name))
    return [each.message().msgid % each.params for each in desk.read(lambda s: s.scalars(mine).all())]


# entry


def test_somebody_applies_and_is_admitted_as_a_candidate(desk):
    somebody(desk, "周礼")
    case = desk.start("周礼", "expert_library", "library_entry")
    desk.do("周礼", "propose", case, candidate=str(desk.person_id("周礼")), **PROPOSAL)
    assert desk.open(case) == ["admit"]
    desk.do("section", "admit", case, conflict="无", result="同意入库")
    found = expert(desk, "周礼")
    assert (found.status, found.route, found.planner_cert_no) == ("candidate", "A", "GH-1")
    assert desk.case(case).outcome == "已入库"
    assert "已入库" in told(desk, "周礼")[0]


def test_whom_an_employer_recommends_confirms_it_himself(desk):
    who = somebody(desk, "周礼")
    case = desk.start("employer", "expert_library", "library_entry")
    desk.do("employer", "propose", case, candidate=who, **PROPOSAL)
    assert desk.open(case) == ["confirm_own"]
    desk.do("周礼", "confirm_own", case, consent="同意")
    desk.do("section", "admit", case, conflict="无", result="同意入库")
    assert expert(desk, "周礼").status == "candidate"


def test_nobody_is_entered_against_the_own_will_or_without_an_answer(quick):
    who = somebody(quick, "周礼")
    case = quick.start("clerk", "expert_library", "library_entry")
    quick.do("clerk", "propose", case, candidate=who, **PROPOSAL)
    quick.do("周礼", "confirm_own", case, consent="不同意")
    silent = quick.start("clerk", "expert_library", "library_entry")
    quick.do("clerk", "propose", silent, candidate=who, **PROPOSAL)
    quick.until(quick.workdays(11))
    assert [quick.case(each).outcome for each in (case, silent)] == ["本人未确认", "本人未确认"]
    assert expert(quick, "周礼") is None


def test_a_proposal_is_supplemented_or_refused_with_a_reason(quick):
    somebody(quick, "周礼")
    case = quick.start("周礼", "expert_library", "library_entry")
    own = {"candidate": str(quick.person_id("周礼")), **PROPOSAL}
    quick.do("周礼", "propose", case, **own)
    with pytest.raises(Invalid):
        quick.do("section", "admit", case, conflict="无", result="需补正", reasons="")
    quick.do("section", "admit", case, conflict="无", result="需补正", reasons="请补充近五年主持的项目清单。")
    quick.do("周礼", "propose", case, **own)
    quick.do("section", "admit", case, conflict="无", result="不予入库", reasons="主要从事领域与规划咨询无关。")
    assert quick.case(case).outcome == "不予入库"
    assert expert(quick, "周礼") is None


def test_without_title_or_certificate_people_admit_with_a_reason_and_the_desk_says_so(quick):
    somebody(quick, "周礼")
    case = quick.start("周礼", "expert_library", "library_entry")
    given = {**PROPOSAL, "title_level": "中级", "planner_cert": "无"}
    given.pop("planner_cert_no")
    quick.do("周礼", "propose", case, candidate=str(quick.person_id("周礼")), **given)
    with pytest.raises(Invalid) as refused:
        quick.do("section", "admit", case, conflict="无", result="同意入库")
    assert set(refused.value.fields) == {"reasons"}
    quick.do("section", "admit", case, conflict="无", result="同意入库", reasons="实践经验丰富，行业影响较强。")
    assert expert(quick, "周礼").route == "B"


def test_nobody_is_entered_twice_and_an_inactive_record_becomes_active_again(quick):
    candidate(quick, "周礼")
    own = {"candidate": str(quick.person_id("周礼")), **PROPOSAL}
    case = quick.start("周礼", "expert_library", "library_entry")
    with pytest.raises(Invalid) as refused:
        quick.do("周礼", "propose", case, **own)
    assert "candidate" in refused.value.fields
    change(quick, "周礼", status=ExpertStatus.INACTIVE)
    quick.do("周礼", "propose", case, **own)
    quick.do("section", "admit", case, conflict="无", result="同意入库")
    assert expert(quick, "周礼").status == "candidate"
    assert len(quick.read(lambda session: session.scalars(select(Expert)).all())) == 1


def test_staff_are_not_offered_whom_the_library_holds_already(quick):
    candidate(quick, "周礼")
    change(quick, "周礼", status=ExpertStatus.INACTIVE)
    candidate(quick, "王堃")
    quick.start("clerk", "expert_library", "library_entry")
    offered = [each.text("zh") for each in quick.form("clerk", "propose").context.options["library_candidates"]]
    assert [each for each in offered if "周礼" in each]
    assert not [each for each in offered if "王堃" in each]


def test_who_was_dismissed_for_a_breach_of_law_is_not_taken(quick):
    appointment = quick.planner("丁一")
    with quick.db.transaction() as session:
        ended = session.get_one(Appointment, appointment)
        ended.status, ended.end_item, ended.ended_on = "dismissed", 5, clock.today()
        expert_for(session, ended.person_id).status = ExpertStatus.INACTIVE
    case = quick.start("clerk", "expert_library", "library_entry")
    with pytest.raises(Invalid):
        quick.do("clerk", "propose", case, candidate=str(quick.person_id("丁一")), **PROPOSAL)


# the yearly check


def year_begins(desk):
    return desk.start("section", "expert_library", "yearly_check")


def test_everybody_checks_the_own_record_in_march(desk):
    candidate(desk, "周礼")
    candidate(desk, "王堃")
    case = year_begins(desk)
    assert desk.open(case) == ["check_own", "check_own"]
    desk.do("周礼", "check_own", case, all_right="信息无误")
    proofs = {"proofs": ["file:证书.pdf"]}
    desk.do("王堃", "check_own", case, all_right="有变更", **{**FACTS, "specialties": ["建筑设计"]}, **proofs)
    assert desk.case(case).outcome == "年度核对办结"
    assert (expert(desk, "周礼").checked_on, expert(desk, "王堃").specialties) == (clock.today(), ["建筑设计"])
    assert "专业方向由“城市设计”改为“建筑设计”" in notes(desk, "王堃")[0]


def test_who_checks_the_own_record_sees_what_it_says(quick):
    candidate(quick, "周礼", title_level="副高级", specialties=["城市设计"])
    year_begins(quick)
    shown = {row["item"]: row["value"] for row in quick.form("周礼", "check_own").values["record_rows"]}
    assert (shown["职称级别"], shown["专业方向"]) == ("副高级", "城市设计")


def test_a_new_title_holds_once_the_city_bureau_has_verified_it(quick):
    candidate(quick, "周礼", title_level="副高级", title_name="高级工程师")
    case = year_begins(quick)
    with pytest.raises(Invalid) as refused:
        quick.do("周礼", "check_own", case, all_right="有变更", **FACTS)
    assert set(refused.value.fields) == {"proofs"}
    quick.do("周礼", "check_own", case, all_right="有变更", **FACTS, proofs=["file:职称证.pdf"])
    assert expert(quick, "周礼").title_level == "副高级"
    quick.do("clerk", "verify_change", case, verified="属实，更新")
    assert (expert(quick, "周礼").title_level, expert(quick, "周礼").title_name) == ("正高级", "正高级工程师")


def test_a_change_that_is_not_true_is_not_taken_over_and_told(quick):
    candidate(quick, "周礼", title_level="副高级")
    case = year_begins(quick)
    quick.do("周礼", "check_own", case, all_right="有变更", **FACTS, proofs=["file:职称证.pdf"])
    quick.do("clerk", "verify_change", case, verified="不予更新", verify_note="证书与查询结果不符")
    assert expert(quick, "周礼").title_level == "副高级"
    assert "证书与查询结果不符" in told(quick, "周礼")[0]


def test_an_expired_certificate_is_a_reminder_and_removes_nobody(quick):
    candidate(quick, "周礼", cert_valid_until=clock.today() - timedelta(days=1))
    case = year_begins(quick)
    quick.do("周礼", "check_own", case, all_right="信息无误")
    assert quick.case(case).status == "completed"
    assert expert(quick, "周礼").status == "candidate"
    assert "到期不影响在库" in told(quick, "周礼")[0]


def test_who_does_not_check_by_the_end_of_march_stays_and_is_noted(quick):
    candidate(quick, "周礼")
    case = year_begins(quick)
    quick.until(date(2026, 4, 1))
    assert quick.case(case).outcome == "年度核对办结"
    assert expert(quick, "周礼").status == "candidate"
    assert "未核对" in notes(quick, "周礼")[0]


def test_the_inactive_are_not_asked(quick):
    candidate(quick, "周礼", status=ExpertStatus.INACTIVE)
    assert quick.open(year_begins(quick)) == []


def test_the_check_begins_on_the_first_of_march_once_a_year(quick):
    def due(day):
        return [each.period for each in quick.read(lambda session: library_checks_due(session, day))]

    assert due(date(2027, 3, 1)) == []
    candidate(quick, "周礼", entered_at=clock.now())
    assert due(date(2027, 2, 28)) == []
    assert due(date(2027, 3, 1)) == ["library_check:2027"]
    assert due(date(2027, 9, 1)) == ["library_check:2027"]


# statuses, deletion, merging


def test_a_candidate_is_made_inactive_and_a_candidate_again(quick):
    candidate(quick, "周礼")
    identifier = str(expert(quick, "周礼").id)
    for status in ("inactive", "candidate"):
        case = quick.start("clerk", "expert_library", "library_status")
        given = {"expert": identifier, "new_status": status, "status_reason": "本人来函说明长期在国外进修"}
        quick.do("clerk", "change_status", case, **given)
        assert expert(quick, "周礼").status == status


def test_who_serves_is_not_made_inactive_by_hand(quick):
    quick.planner("丁一")
    case = quick.start("clerk", "expert_library", "library_status")
    with pytest.raises(Invalid):
        quick.do(
            "clerk", "change_status", case, expert=str(expert(quick, "丁一").id), new_status="inactive",
            status_reason="拟停用该专家记录",
        )  # fmt: skip


def test_personal_data_are_removed_at_the_person_s_wish(desk):
    candidate(desk, "周礼")
    case = desk.start("周礼", "expert_library", "data_deletion")
    desk.do("周礼", "ask_deletion", case, understood=True)
    desk.do("section", "decide_deletion", case, deletion_decision="同意")
    found = expert(desk, "周礼")
    assert (found.status, found.name, found.planner_cert_no, found.specialties) == ("inactive", REMOVED, "", [])
    person = desk.read(lambda session: session.get_one(Person, found.person_id))
    assert (person.disabled, person.mobile, person.name) == (True, "", REMOVED)


def test_what_was_done_in_office_stays_when_personal_data_go(quick):
    appointment = quick.planner("丁一")
    with quick.db.transaction() as session:
        session.get_one(Appointment, appointment).status = "expired"
        expert_for(session, quick.person_id("丁一")).status = ExpertStatus.EXPIRED
    case = quick.start("丁一", "expert_library", "data_deletion")
    quick.do("丁一", "ask_deletion", case, understood=True, deletion_reason="已退休")
    quick.do("section", "decide_deletion", case, deletion_decision="同意")
    kept = quick.read(lambda session: session.get_one(Appointment, appointment).certificate_number)
    assert (expert(quick, "丁一").name, expert(quick, "丁一").title_level) == ("丁一", "")
    assert kept == "渝规首聘〔2025〕丁一号"


def test_deletion_is_refused_in_office_and_may_be_put_off(quick):
    quick.planner("丁一")
    case = quick.start("丁一", "expert_library", "data_deletion")
    with pytest.raises(Invalid):
        quick.do("丁一", "ask_deletion", case, understood=True)
    candidate(quick, "周礼")
    other = quick.start("周礼", "expert_library", "data_deletion")
    quick.do("周礼", "ask_deletion", other, understood=True)
    note = "有一笔差旅费尚未结清，结清后办理。"
    quick.do("section", "decide_deletion", other, deletion_decision="暂缓", deletion_note=note)
    assert quick.case(other).outcome == "暂缓删除"
    assert expert(quick, "周礼").planner_cert_no == "GH-1"
    assert note in told(quick, "周礼")[0]


def test_who_is_not_in_the_library_has_nothing_to_delete(quick):
    somebody(quick, "周礼")
    case = quick.start("周礼", "expert_library", "data_deletion")
    assert quick.case(case).outcome == "不在专家库，无可删除的记录"


def two_records(desk):
    """One person with two records: in office under one account, a former term under the other."""
    desk.planner("丁一")
    former = desk.planner("丁一（旧）", start=date(2022, 1, 20), end=date(2025, 1, 19))
    with desk.db.transaction() as session:
        session.get_one(Appointment, former).status = "expired"
        expert_for(session, desk.person_id("丁一（旧）")).status = ExpertStatus.EXPIRED
        expert_for(session, desk.person_id("丁一")).planner_cert_no = "GH-9"
    return former, str(expert(desk, "丁一").id), str(expert(desk, "丁一（旧）").id)


def test_two_records_of_one_person_become_one_with_a_trace_in_both(desk):
    former, keep, drop = two_records(desk)
    why = "身份证号、单位、职称证书编号一致，系同一人两次登记。"
    case = desk.start("owner", "expert_library", "merge_records")
    desk.do("owner", "name_records", case, keep=keep, drop=drop, merge_reason=why)
    desk.do("owner", "confirm_merge", case, merge_decision="合并", cannot_undo=True)
    moved = desk.read(lambda session: session.get_one(Appointment, former).person_id)
    assert moved == desk.person_id("丁一")
    dropped = expert(desk, "丁一（旧）")
    assert (dropped.status, str(dropped.merged_into_id)) == ("inactive", keep)
    assert "聘任1条" in only(notes(desk, "丁一"))
    assert why in only(notes(desk, "丁一（旧）"))
    assert desk.read(lambda session: session.get_one(Person, desk.person_id("丁一（旧）"))).disabled


def test_a_merging_may_be_called_off_and_the_one_in_office_stays(quick):
    former, keep, drop = two_records(quick)
    given = {"merge_reason": "身份证号、单位、职称证书编号一致，系同一人两次登记。"}
    case = quick.start("owner", "expert_library", "merge_records")
    for wrong in ({"keep": drop, "drop": keep}, {"keep": keep, "drop": keep}):
        with pytest.raises(Invalid) as refused:
            quick.do("owner", "name_records", case, **wrong, **given)
        assert set(refused.value.fields) == {"drop"}
    quick.do("owner", "name_records", case, keep=keep, drop=drop, **given)
    quick.do("owner", "confirm_merge", case, merge_decision="取消")
    assert quick.case(case).outcome == "未合并"
    assert expert(quick, "丁一（旧）").status == "expired"
    assert quick.read(lambda session: session.get_one(Appointment, former).person_id) == quick.person_id("丁一（旧）")
