from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from processes import clock
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from processes.registers.activities import Activity, Scheme
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance
from processes.registers.history import change_status
from processes.registers.letters import Letter
from processes.registers.needs import Need
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round, RoundStatus
from processes.registers.switches import readings_on
from processes.registers.warnings.planners import absences, paces, serving
from processes.registers.warnings.records import unconfirmed, unwritten
from processes.registers.warnings.scope import Scope
from processes.registers.warnings.units import unanswered, vacancies
from processes.rules.workdays import PLAIN_WEEKENDS

DAY = date(2026, 9, 30)
WANZHOU, FULING = "CQ-500101", "CQ-500102"


def appoint(session, login, name, unit_id=WANZHOU, end=date(2028, 1, 19)):
    who = people.create_person(session, SYSTEM, login, name, "demo", demonstration=True)
    people.hold(session, SYSTEM, who, "planner", None)
    round_ = session.scalars(select(Round)).first()
    number = len(session.scalars(select(PlannerPost).where(PlannerPost.unit_id == unit_id)).all()) + 1
    post = PlannerPost(round_id=round_.id, unit_id=unit_id, number=number, status=PostStatus.FILLED)
    session.add(post)
    session.flush()
    made = Appointment(
        status="in_office", person_id=who.id, unit_id=unit_id, post_id=post.id, term_start=date(2025, 1, 20),
        term_end=end, issued_on=DAY, certificate_number=f"证{name}", created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def consult(session, appointment, day, standing="attended", record="confirmed"):
    moment = datetime.combine(day, time(9), clock.CITY)
    place = len(session.scalars(select(Activity.id)).all())
    activity = Activity(
        number=f"咨询-{place}", host_kind="district_bureau", host_id=f"bureau:{appointment.unit_id}",
        unit_id=appointment.unit_id, kind="planning", mode="on_site", title=f"活动{place}", starts_at=moment,
        starts_on=day, sent_on=day, status="held", created_at=moment,
    )  # fmt: skip
    activity.schemes.append(Scheme(place=1, name="滨江片区"))
    session.add(activity)
    session.flush()
    session.add(Attendance(activity_id=activity.id, person_id=appointment.person_id, appointment_id=appointment.id,
                           standing=standing, record=record))  # fmt: skip


@pytest.fixture
def moved(desk):
    """The last day of September, with three planners: one behind, one absent, one whose term ends."""
    moving = clock.MovableClock(datetime.combine(DAY, time(9), clock.CITY))
    with clock.running_on(moving):
        with desk.db.transaction() as session:
            session.add(Round(name="2025—2027聘期", status=RoundStatus.COMPLETED, opened_by="系统",
                              opened_at=clock.now()))  # fmt: skip
            session.flush()
            slow, absent = appoint(session, "slow", "丁慢"), appoint(session, "absent", "戊缺", FULING)
            appoint(session, "ending", "己满", FULING, date(2026, 12, 1))
            for number in range(3):
                consult(session, slow, date(2026, 8, 3) + timedelta(days=7 * number))
            for number in range(2):
                consult(session, absent, date(2026, 8, 4) + timedelta(days=number), "unexcused", "none")
            consult(session, absent, date(2026, 10, 20), "invited", "none")
            consult(session, slow, date(2026, 9, 29), "attended", "submitted")
            round_ = session.scalars(select(Round)).one()
            session.add(PlannerPost(round_id=round_.id, unit_id=WANZHOU, number=90, status=PostStatus.VACANT,
                                    vacancy_reason="无人报名"))  # fmt: skip
            session.add(Need(round_id=round_.id, unit_id=WANZHOU, status="answered", contact="周敏", phone="58120001"))
            session.add(Letter(number="渝规资函〔2026〕8号", kind="consultation", organization_id=f"gov:{WANZHOU}",
                               addressee="万州区人民政府", unit_id=WANZHOU, subject="征求意见", round_id=round_.id,
                               sent_on=date(2026, 9, 1), status="waiting"))  # fmt: skip
        yield desk


def person_id(desk, login):
    with desk.db.reading() as session:
        return session.scalars(select(Person.id).where(Person.login == login)).one()


def test_the_city_bureau_sees_what_is_about_to_be_missed(moved, visit):
    page = visit("city.clerk").get("/warnings/").text
    people = ("丁慢", "戊缺", "己满", "周敏 58120001")
    for words in (*people, "2026-10-20", "再缺一次即达解聘情形", "渝规资函〔2026〕8号", "无人报名"):
        assert words in page
    assert "第十五条(三)" in page


def test_a_district_sees_its_own_unit_and_a_planner_the_own_rows(moved, visit):
    wanzhou = visit("bureau.500101").get("/warnings/").text
    assert "丁慢" in wanzhou
    assert "戊缺" not in wanzhou
    own = visit("absent").get("/warnings/").text
    assert "再缺一次即达解聘情形" in own
    assert "丁慢" not in own
    assert "渝规资函" not in own


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_planners(moved, visit, queries):
    clerk = visit("city.clerk")

    def more(first):
        with moved.db.transaction() as session:
            for number in range(first, first + 12):
                consult(session, appoint(session, f"more{number}", f"多{number}"), date(2026, 8, 3))

    more(0)
    clerk.get("/warnings/")
    with queries() as few:
        clerk.get("/warnings/")
    more(12)
    with queries() as many:
        clerk.get("/warnings/")
    assert len(many) == len(few)
    with moved.db.reading() as session, queries() as asked:
        running = serving(session, Scope(), DAY)
        readings = readings_on(session, DAY)
        paces(session, running, readings, DAY)
        absences(session, running, readings, DAY)
        unwritten(session, Scope(), DAY, PLAIN_WEEKENDS)
        unconfirmed(session, Scope(), DAY, readings, PLAIN_WEEKENDS)
        unanswered(session, Scope(), DAY, readings, PLAIN_WEEKENDS)
        vacancies(session, Scope(), DAY)
    assert len(asked) <= 15


@pytest.mark.parametrize(
    "name", ["visits", "absences", "opinions", "records", "terms", "benefits", "letters", "vacancies"]
)
def test_every_table_is_a_file(moved, visit, name):
    assert visit("manager").get(f"/warnings/{name}.xlsx").data.startswith(b"PK")


def test_each_kind_of_warning_has_pages_and_says_how_many_there_are(moved, visit):
    with moved.db.transaction() as session:
        for number in range(25):
            consult(session, appoint(session, f"late{number}", f"迟{number}"), date(2026, 8, 3))
    clerk = visit("city.clerk")
    index = clerk.get("/warnings/").text
    assert "此处列出前 10 条" in index
    assert 'href="/warnings/opinions"' in index
    first, second = (clerk.get(f"/warnings/opinions?page={page}").text for page in (1, 2))
    assert "共 28 条，第 1 / 2 页" in first
    assert first.count('data-label="活动"') == 20
    assert second.count('data-label="活动"') == 8
    with ZipFile(BytesIO(clerk.get("/warnings/opinions.xlsx").data)) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<row>") == 29
    assert clerk.get("/warnings/nothing").status_code == 404


def test_benefits_within_reach_are_a_list_for_the_bureau_and_for_the_planner(moved, visit):
    page = visit("city.clerk").get("/warnings/benefits").text
    assert "继续教育减免" in page
    assert "尚无考核等次" in page
    own = visit("slow").get("/warnings/benefits").text
    assert "丁慢" in own
    assert "戊缺" not in own


def test_a_planner_has_no_table_of_letters(moved, visit):
    assert visit("slow").get("/warnings/letters.xlsx").status_code == 404
    assert visit("admin").get("/warnings/").status_code == 403


def test_a_card_is_for_the_planner_the_district_and_the_city_bureau(moved, visit):
    path = f"/planners/{person_id(moved, 'slow')}/card"
    for login, status in (("slow", 200), ("bureau.500101", 200), ("city.clerk", 200), ("hr.clerk", 200),
                          ("absent", 403), ("gov.500102", 403), ("admin", 403)):  # fmt: skip
        assert visit(login).get(path).status_code == status, login
    assert "3／10次" in visit("slow").get(path).text


def test_every_number_of_the_own_card_leads_to_the_own_rows_of_a_register(moved, visit):
    slow = visit("slow")
    page = slow.get("/card", follow_redirects=True).text
    links = [part.split('"', 1)[0].replace("&amp;", "&") for part in page.split('href="/registers/')[1:]]
    narrowed = [each for each in links if "person_id" in each]
    assert len(narrowed) >= 8
    for each in narrowed:
        assert slow.get(f"/registers/{each}").status_code == 200
    visits = next(each for each in narrowed if "mode=on_site" in each)
    assert "共 3 条" in slow.get(f"/registers/{visits}").text
    strange = slow.get(f"/registers/attendances?person_id={person_id(moved, 'absent')}").text
    assert "戊缺" not in strange


def test_the_leaders_page_names_the_districts_that_never_asked(moved, visit):
    page = visit("city.leader").get("/year").text
    never = page.split('id="never"', 1)[1].split("</p>", 1)[0]
    assert "渝中区" in never
    assert "万州区" not in never
    assert visit("bureau.500101").get("/year").status_code == 403


def test_a_districts_card_is_for_itself_and_the_bureaus(moved, visit):
    assert "丁慢" in visit("bureau.500101").get(f"/units/{WANZHOU}/card").text
    assert visit("bureau.500101").get(f"/units/{FULING}/card").status_code == 403
    assert visit("hr.clerk").get(f"/units/{FULING}/card").status_code == 200


@pytest.mark.parametrize("login", ["city.clerk", "bureau.500101", "slow", "owner", "city.leader", "hr.clerk", "admin"])
def test_every_question_leads_to_a_page_that_the_asker_may_open(moved, visit, login):
    asker = visit(login)
    page = asker.get("/questions/").text.split('class="notice-list"', 1)[1].split("</ul>", 1)[0]
    links = [part.split('"', 1)[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    assert links
    for each in links:
        assert asker.get(each.split("#")[0]).status_code == 200, each


def test_a_post_is_vacant_from_the_day_after_its_planner_s_last_whenever_that_was_entered(moved):
    with moved.db.transaction() as session:
        never = session.scalars(select(PlannerPost).where(PlannerPost.status == PostStatus.VACANT)).one()
        session.get_one(Round, never.round_id).decided_on = date(2025, 1, 13)
        gone = appoint(session, "gone", "己离", FULING)
        gone.status, gone.ended_on = "dismissed", date(2026, 3, 20)
        post = session.get_one(PlannerPost, gone.post_id)
        change_status(session, SYSTEM, post, PostStatus.VACANT, "历史数据")
        session.flush()
        found = {each.post.id: (each.since, each.days) for each in vacancies(session, Scope(), DAY)}
        assert found == {never.id: (date(2025, 1, 13), 625), post.id: (date(2026, 3, 21), 193)}


def test_a_post_that_was_never_filled_is_vacant_without_a_day(moved):
    with moved.db.reading() as session:
        assert [each.since for each in vacancies(session, Scope(), DAY)] == [None]
