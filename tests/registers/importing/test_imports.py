"""Each import does what the procedures do, refuses what they refuse, and leaves nothing half done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from processes import audit
from processes.errors import Conflict, NotAllowed
from processes.identity.models import Organization, Person, PostHolding
from processes.registers.activities import Activity
from processes.registers.appraisals import Appraisal, AppraisalEntry, GradeVersion
from processes.registers.attendances import Attendance, OutcomeEntry
from processes.registers.claims import TravelStandard, standards
from processes.registers.experts import Expert, ExpertNote, expert_for
from processes.registers.importing.activities import ACTIVITIES
from processes.registers.importing.all_imports import IMPORTS, import_named
from processes.registers.importing.experts import EXPERTS
from processes.registers.importing.grades import APPRAISAL_GRADES
from processes.registers.importing.organizations import ORGANIZATIONS
from processes.registers.importing.people import PEOPLE
from processes.registers.importing.posts import POSTS_HELD
from processes.registers.importing.running import examined, import_all
from processes.registers.importing.standards import TRAVEL_STANDARDS
from processes.registers.importing.template import template
from processes.registers.importing.workbook import read_sheet
from processes.registers.planner_posts import PlannerPost
from processes.registers.quarter_reports import QuarterReport
from processes.rules.allowances import Standard
from tests.factories import make_person
from tests.registers.importing.books import book_of
from tests.working_year.desk import BEGIN, FULING, WANZHOU, year_desk

HELD = BEGIN - timedelta(days=10)
TRIP = {
    "starts_on": HELD, "unit_id": "万州区", "host_id": "万州区规划和自然资源局", "kind": "规划编制", "mode": "实地",
    "title": "滨江片区现场指导", "planners": "丁一、戊二",
}  # fmt: skip
LONG = (
    "全年受邀十二次，无正当理由缺席四次，未按要求提出书面意见，经两次提醒仍未改正，区县多次反映其不履行职责，经核查。"
)


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path) as desk:
        yield desk


@pytest.fixture
def planners(desk):
    desk.planner("丁一")
    desk.planner("戊二")
    desk.planner("己三", FULING)
    return desk


def tried(desk, login, wanted, *rows):
    with desk.db.transaction() as session:
        return examined(session, desk.actors[login], wanted, book_of(wanted, *rows))


def imported(desk, login, wanted, *rows):
    book = book_of(wanted, *rows)
    with desk.db.transaction() as session:
        seen = examined(session, desk.actors[login], wanted, book).digest
    with desk.db.transaction() as session:
        return import_all(session, desk.actors[login], wanted, book, seen)


def count(desk, model):
    return desk.read(lambda session: session.scalar(select(func.count()).select_from(model)))


def said(report):
    return [(each.number, each.outcome.value, [(one.cell, str(one.text)) for one in each.problems])
            for each in report.rows]  # fmt: skip


def words(report):
    return "；".join(str(one.text) for each in report.rows for one in each.problems)


def test_an_import_is_for_the_posts_that_it_names(desk):
    for name, wanted in IMPORTS.items():
        with desk.db.reading() as session, pytest.raises(NotAllowed):
            examined(session, desk.actors["hr.clerk"], wanted, b"")
        with pytest.raises(NotAllowed):
            import_named(desk.actors["hr.clerk"], name)


def test_looking_at_a_file_changes_nothing(planners):
    desk = planners
    report = tried(desk, "bureau.clerk.500101", ACTIVITIES, TRIP)
    assert report.count("new") == 1
    assert count(desk, Activity) == count(desk, Attendance) == count(desk, OutcomeEntry) == 0
    assert desk.read(lambda session: audit.PENDING not in session.info)


def test_consultations_are_entered_and_confirmed_by_their_host(planners):
    desk = planners
    imported(desk, "bureau.clerk.500101", ACTIVITIES, TRIP)
    with desk.db.reading() as session:
        activity = session.scalars(select(Activity)).one()
        records = session.scalars(select(Attendance)).all()
        assert (activity.number, activity.status, activity.host_id) == ("咨询-2026-0001", "closed", f"bureau:{WANZHOU}")
        assert [(each.standing, each.record, each.confirmed_by) for each in records] == [
            ("attended", "confirmed", "万州区clerk")
        ] * 2
    again = tried(desk, "bureau.clerk.500101", ACTIVITIES, TRIP)
    assert said(again) == [(2, "refused", [("B2", "同日同名的活动已登记（咨询-2026-0001），请勿重复登记。")])]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"planners": "己三"}, ""),
        ({"planners": "庚四"}, "“庚四”在活动当日不在聘期内"),
        ({"starts_on": date(2024, 1, 1)}, "“丁一”在活动当日不在聘期内"),
        ({"starts_on": BEGIN + timedelta(days=1)}, "日期不能晚于今天"),
        ({"unit_id": "涪陵区"}, "区县单位只能登记服务于本区县的活动"),
        ({"host_id": "涪陵区规划和自然资源局"}, "不在可选项中（万州区规划和自然资源局）"),
        ({"mode": "电话"}, "“电话”不在可选项中（实地、线上、书面）"),
        ({"title": "@SUM(A1)"}, "不能以“@”开头"),
        ({"kind": None}, "请填写"),
    ],
)
def test_a_consultation_that_cannot_be_is_refused_with_its_cell(planners, changed, told):
    report = tried(planners, "bureau.clerk.500101", ACTIVITIES, {**TRIP, **changed})
    assert (told in words(report)) if told else not report.refused


def test_two_records_of_one_trip_are_one_too_many(planners):
    other = {**TRIP, "title": "同日又一次", "planners": "丁一"}
    report = tried(planners, "bureau.clerk.500101", ACTIVITIES, TRIP, other, TRIP)
    assert [each.outcome.value for each in report.rows] == ["new", "refused", "refused"]
    assert "同一行程不重复登记" in words(report)
    assert "与第 2 行重复" in words(report)


def test_a_record_after_the_quarters_report_is_a_supplement(planners):
    desk = planners
    with desk.db.transaction() as session:
        session.add(QuarterReport(unit_id=WANZHOU, quarter="2026Q1", status="sent", due_on=BEGIN, sent_on=BEGIN))
    (row,) = tried(desk, "bureau.clerk.500101", ACTIVITIES, TRIP).rows
    assert "将作为补报" in str(row.notes[0])


def test_one_refused_row_and_nothing_is_imported(planners):
    desk = planners
    book = book_of(ACTIVITIES, TRIP, {**TRIP, "title": "无此人", "planners": "庚四"})
    with desk.db.transaction() as session:
        seen = examined(session, desk.actors["bureau.clerk.500101"], ACTIVITIES, book).digest
    with pytest.raises(Conflict, match="未导入任何内容"), desk.db.transaction() as session:
        import_all(session, desk.actors["bureau.clerk.500101"], ACTIVITIES, book, seen)
    assert count(desk, Activity) == 0


def test_what_has_changed_since_the_preview_is_looked_at_again(planners):
    desk, book = (
        planners,
        book_of(TRAVEL_STANDARDS, {"kind": "住宿（元/晚）", "fen": 400, "valid_from": BEGIN, "basis": "甲"}),
    )
    with desk.db.transaction() as session:
        seen = examined(session, desk.actors["finance"], TRAVEL_STANDARDS, book).digest
    imported(desk, "finance", TRAVEL_STANDARDS,
             {"kind": "住宿（元/晚）", "fen": 380, "valid_from": BEGIN, "basis": "乙"})  # fmt: skip
    with pytest.raises(Conflict, match="预览之后台账已有变动"), desk.db.transaction() as session:
        import_all(session, desk.actors["finance"], TRAVEL_STANDARDS, book, seen)


def test_a_standard_is_money_and_says_what_it_changes(desk):
    row = {"kind": "住宿（元/晚）", "fen": "¥380.50", "valid_from": date(2026, 4, 1), "basis": "渝财行〔2026〕1号"}
    imported(desk, "finance", TRAVEL_STANDARDS, row)
    assert desk.read(lambda session: standards(session)[Standard.LODGING].on(date(2026, 4, 1))) == 38050
    (changed,) = tried(desk, "finance", TRAVEL_STANDARDS, {**row, "fen": 400}).rows
    assert [(each.before, each.after) for each in changed.changes] == [("¥380.50", "¥400.00")]
    (same,) = tried(desk, "finance", TRAVEL_STANDARDS, row).rows
    assert same.outcome == "same"
    assert count(desk, TravelStandard) == 1


def candidate(desk, login="candidate", name="寿松"):
    with desk.db.transaction() as session:
        desk.actors[login] = make_person(session, login, ("applicant", None), name=name)
    return {
        "login": login, "name": name, "employer_id": "渝江规划设计研究院（虚构）", "title_level": "副高级",
        "planner_cert": "注册城乡规划师", "specialties": "城市设计、村庄规划",
    }  # fmt: skip


def test_an_expert_is_entered_once_and_brought_up_to_date(desk):
    row = candidate(desk)
    imported(desk, "clerk", EXPERTS, row)
    report = imported(desk, "clerk", EXPERTS, {**row, "title_level": "正高级", "title_name": "正高级工程师"})
    assert [(each.column.zh, each.before, each.after) for each in report.rows[0].changes] == [
        ("职称级别", "副高级", "正高级"),
        ("职称", "—", "正高级工程师"),
    ]
    with desk.db.reading() as session:
        expert = expert_for(session, desk.person_id("candidate"))
        assert (expert.status, expert.route, expert.specialties) == ("candidate", "A", ["城市设计", "村庄规划"])
    assert (count(desk, Expert), count(desk, ExpertNote)) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"login": "nobody"}, "没有登录名为“nobody”的人员"),
        ({"name": "别人"}, "登录名“candidate”的姓名是“寿松”"),
        ({"login": "clerk", "name": "张明"}, "不是报名人选、首席规划师"),
        ({"title_level": "中级"}, "请用至少 10 个字写明认定依据"),
        ({"specialties": None}, "新入库的须填写"),
        ({"specialties": "造桥"}, "“造桥”不在可选项中"),
    ],
)
def test_who_may_not_be_in_the_library_is_refused(desk, changed, told):
    assert told in words(tried(desk, "clerk", EXPERTS, {**candidate(desk), **changed}))


@pytest.fixture
def appraised(desk):
    """An appraisal of four, so that one may be 优秀."""
    names = ("丁一", "戊二", "己三", "庚四")
    appointments = {name: desk.planner(name) for name in names}
    with desk.db.transaction() as session:
        appraisal = Appraisal(status="grading", year=2026, freeze_on=date(2026, 12, 31), readings_version=0)
        session.add(appraisal)
        session.flush()
        for name, appointment_id in appointments.items():
            session.add(AppraisalEntry(appraisal_id=appraisal.id, person_id=desk.person_id(name),
                                       appointment_id=appointment_id, roll="GRADED"))  # fmt: skip
    return desk


def graded(name, grade, **more):
    return {"year": 2026, "login": name, "name": name, "grade": grade, **more}


def test_a_list_above_the_ceiling_is_refused_as_a_whole(appraised):
    report = tried(appraised, "section", APPRAISAL_GRADES, graded("丁一", "优秀"), graded("戊二", "优秀"))
    assert [each.outcome.value for each in report.rows] == ["changed"] * 2
    assert "上限1人，拟评优秀2人，超出1人" in str(report.problems[0])
    assert report.refused
    assert count(appraised, GradeVersion) == 0


def test_a_swap_at_the_ceiling_is_one_list(appraised):
    imported(appraised, "section", APPRAISAL_GRADES, graded("丁一", "优秀"), graded("戊二", "称职"))
    swap = imported(appraised, "section", APPRAISAL_GRADES, graded("戊二", "优秀"), graded("丁一", "称职"))
    assert swap.count("changed") == 2
    with appraised.db.reading() as session:
        sources = {each.source for each in session.scalars(select(GradeVersion))}
        assert sources == {"import"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (graded("丁一", "良好"), "“良好”不在可选项中（优秀、称职、不称职）"),
        (graded("丁一", "不称职", reason="太差"), "理由不少于50个字"),
        (graded("clerk", "称职"), "登录名“clerk”的姓名是“张明”"),
        ({**graded("丁一", "称职"), "year": 2025}, "不在2025年度考核名册中"),
    ],
)
def test_a_grade_that_cannot_be_given_is_refused(appraised, row, told):
    assert told in words(tried(appraised, "section", APPRAISAL_GRADES, row))


def test_a_grade_in_force_is_changed_with_a_reason_alone(appraised):
    with appraised.db.transaction() as session:
        for entry in session.scalars(select(AppraisalEntry)):
            entry.grade, entry.final = "称职", True
    assert "已生效" in words(tried(appraised, "section", APPRAISAL_GRADES, graded("丁一", "优秀")))
    report = tried(appraised, "section", APPRAISAL_GRADES, graded("丁一", "不称职", reason=LONG))
    assert "变更生效的等次" in str(report.rows[0].notes[0])


def test_accounts_and_posts_are_made_together(desk):
    with desk.db.transaction() as session:
        desk.actors["admin"] = make_person(session, "admin", ("administrator", "city_bureau"), name="赵管")
    gov, bureau = "重庆市万州区人民政府", "万州区规划和自然资源局"
    rows = [
        {"login": "wz.gov1", "name": "李万", "role": "区县政府经办", "organization": gov, "valid_from": BEGIN},
        {"login": "wz.gov1", "name": "李万", "role": "区县政府领导", "organization": gov},
        {"login": "wz.b1", "name": "周州", "role": "区县规划自然资源局经办", "organization": bureau},
    ]
    report = imported(desk, "admin", PEOPLE, *rows)
    assert [each.outcome.value for each in report.rows] == ["new", "changed", "new"]
    with desk.db.reading() as session:
        who = session.scalars(select(Person).where(Person.login == "wz.gov1")).one()
        assert len(session.scalars(select(PostHolding).where(PostHolding.person_id == who.id)).all()) == 2
    assert not tried(desk, "admin", PEOPLE, *rows).changing
    wrong = [
        {"login": "wz.gov1", "name": "李千", "role": "管理者", "organization": "重庆市规划和自然资源局"},
        {"login": "x", "name": "单"},
        {"login": "wz.b2", "name": "周洲", "role": "区县政府经办", "organization": bureau},
        {"login": "admin", "name": "赵管", "role": "管理者", "organization": "重庆市规划和自然资源局"},
    ]
    refused = tried(desk, "admin", PEOPLE, *wrong)
    assert refused.count("refused") == 4
    for told in ("其姓名与表中不符", "登录名应为", "须设在相应类别的单位", "三员分立"):
        assert told in words(refused)


def test_employers_are_added_and_names_corrected(desk):
    report = imported(desk, "clerk", ORGANIZATIONS, {"name": "长江生态规划院"},
                      {"id": "employer:1", "name": "渝江规划设计研究院"})  # fmt: skip
    assert [each.outcome.value for each in report.rows] == ["new", "changed"]
    refused = tried(desk, "clerk", ORGANIZATIONS, {"id": "hr_bureau", "name": "别的局"})
    assert "其他单位由系统管理员办理" in words(refused)
    assert desk.read(lambda session: session.get_one(Organization, "employer:1").name) == "渝江规划设计研究院"


def test_a_vacancy_is_explained_and_no_post_is_made(desk):
    with desk.db.transaction() as session:
        session.add_all(
            [PlannerPost(round_id=desk.round.id, unit_id=WANZHOU, number=number, status=status)
             for number, status in ((1, "vacant"), (2, "filled"))]
        )  # fmt: skip
    row = {"round_id": "2025—2027聘期", "unit_id": "万州区", "number": 1, "vacancy_reason": "两次公告无人报名"}
    imported(desk, "clerk", POSTS_HELD, {**row, "next_step": "下一轮补选"})
    told = words(tried(desk, "clerk", POSTS_HELD, {**row, "number": 2}, {**row, "number": 3}))
    assert "不是空缺岗位" in told
    assert "不由导入新增" in told


@pytest.mark.parametrize("name", sorted(IMPORTS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_is_read_again_by_the_import_that_made_it(appraised, name, language):
    wanted = IMPORTS[name]
    role, organization = wanted.posts[0], "city_bureau"
    with appraised.db.transaction() as session:
        actor = make_person(session, f"keeper{language}", (role, organization))
        book = template(session, actor, wanted, language, filled=True)
        if wanted.present and list(wanted.present(session, actor)) and name != "grades":
            report = examined(session, actor, wanted, book)
            assert not report.changing, words(report)
            assert not report.refused, words(report)
        elif name == "grades":
            assert "请填写" in words(examined(session, actor, wanted, book))
        else:
            with pytest.raises(Exception, match="没有数据行"):
                read_sheet(book, wanted)


def test_what_was_imported_is_in_the_audit_trail(desk):
    with desk.db.transaction() as session:
        row = {"kind": "住宿（元/晚）", "fen": 400, "valid_from": BEGIN, "basis": "甲"}
        book = book_of(TRAVEL_STANDARDS, row)
        seen = examined(session, desk.actors["finance"], TRAVEL_STANDARDS, book).digest
        import_all(session, desk.actors["finance"], TRAVEL_STANDARDS, book, seen)
        (entry,) = session.info[audit.PENDING]
    assert (entry["action"], entry["subject"]) == ("register.import", "register:travel_standards")
    assert (entry["detail"]["new"], len(entry["detail"]["rows"]), len(entry["detail"]["sha256"])) == (1, 1, 64)
    assert "¥400.00" in entry["detail"]["rows"][0]


def test_a_whole_import_goes_through_on_both_databases(database, tmp_path):
    with year_desk(database, tmp_path) as desk:
        desk.planner("丁一")
        trips = [{**TRIP, "starts_on": HELD - timedelta(days=day), "planners": "丁一"} for day in range(5)]
        assert imported(desk, "bureau.clerk.500101", ACTIVITIES, *trips).count("new") == 5
        assert count(desk, Attendance) == 5
        mixed = tried(desk, "bureau.clerk.500101", ACTIVITIES, {**TRIP, "planners": "无人"}, *trips[1:],
                      {**TRIP, "title": "另一次", "mode": "线上", "planners": "丁一"})  # fmt: skip
        assert [each.outcome.value for each in mixed.rows] == ["refused"] * 5 + ["new"]
