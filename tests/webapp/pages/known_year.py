"""A small year of which everything is known: one of each thing that somebody asks about, on 20 October 2026."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import select

from processes import clock
from processes.engine.models import Incident, Submission
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Person
from processes.registers.applications import Application
from processes.registers.appointments import Appointment
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.claims import TravelClaim
from processes.registers.experts import Expert
from processes.registers.letters import Letter
from processes.registers.matters import Matter
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.quarter_reports import QuarterNotification, QuarterReport
from processes.registers.rounds import Round, RoundStatus
from processes.registers.suggestions import Suggestion
from processes.registers.switches import interpret, set_switch
from processes.rules.travel import Payer
from tests.webapp.pages import letters
from tests.webapp.pages.test_warnings import FULING, WANZHOU, appoint, consult

TODAY = date(2026, 10, 20)
NAMES = ("丁慢", "戊缺", "己满", "庚优", "辛并", "壬列")


@contextmanager
def known_year(desk):
    """The desk on that day."""
    moving = clock.MovableClock(datetime.combine(TODAY, time(9), clock.CITY))
    with clock.running_on(moving):
        case = letters.begin(desk, "要补正的事")
        draft = letters.item(desk, case, "draft")
        with desk.db.transaction() as session:
            _selection(session, case, draft)
            served = _service(session)
            _appraisal(session, served)
            _dealings(session, case, served)
            _people(session)
        yield desk


def _selection(session, case, draft):
    over = Round(name="2025—2027聘期", status=RoundStatus.COMPLETED, opened_by="系统", opened_at=clock.now())
    call = Round(name="2027—2029聘期", status=RoundStatus.CALL, opened_by="系统",
                 opened_at=clock.now() - timedelta(days=40), apply_from=TODAY - timedelta(days=20),
                 apply_until=TODAY + timedelta(days=5))  # fmt: skip
    session.add_all([over, call])
    session.flush()
    session.add_all(
        PlannerPost(round_id=call.id, unit_id=unit, number=1, status=PostStatus.OPEN, specialties=["城市设计"])
        for unit in (WANZHOU, FULING)
    )
    session.add(PlannerPost(round_id=over.id, unit_id=WANZHOU, number=90, status=PostStatus.VACANT,
                            vacancy_reason="两次公告无人报名"))  # fmt: skip
    for login, name, status, case_id in (("ap1", "巴报", "review", None), ("ap2", "白补", "supplement", case.id)):
        who = people.create_person(session, SYSTEM, login, name, "demo", demonstration=True)
        session.add(
            Application(number=f"BM-{login}", round_id=call.id, person_id=who.id, case_id=case_id, name=name,
                        status=status, units_wanted=[WANZHOU], created_at=clock.now(), submitted_at=clock.now())
        )  # fmt: skip
    asked_for = {"result": "需补正", "supplement": [{"item": "职称证书原件扫描件", "due": "2026-10-23"}]}
    session.add(Submission(case_id=case.id, work_item_id=draft.id, form_key="qualification", form_version="1",
                           answers=asked_for, person="张明", at=clock.now()))  # fmt: skip


def _service(session):
    ends = {"己满": date(2026, 12, 1)}
    served = {}
    for number, name in enumerate(NAMES):
        unit = WANZHOU if name in ("丁慢", "庚优") else FULING
        served[name] = appoint(session, f"p{number}", name, unit, ends.get(name, date(2028, 1, 19)))
    for number in range(3):
        consult(session, served["丁慢"], date(2026, 8, 3) + timedelta(days=7 * number))
    consult(session, served["丁慢"], date(2026, 10, 9), "attended", "confirmed")
    consult(session, served["丁慢"], date(2026, 10, 19), "attended", "submitted")
    for number in range(2):
        consult(session, served["戊缺"], date(2026, 8, 4) + timedelta(days=number), "unexcused", "none")
    consult(session, served["戊缺"], date(2026, 10, 28), "invited", "none")
    consult(session, served["庚优"], date(2026, 10, 30), "invited", "none")
    waiting = served["壬列"]
    waiting.status = "to_sign"
    return served


def _appraisal(session, served):
    for year, final in ((2025, True), (2026, False)):
        appraisal = Appraisal(year=year, status="grading", freeze_on=date(year, 12, 31), readings_version=0)
        session.add(appraisal)
        session.flush()
        scores = {"庚优": 9500, "辛并": 9500, "壬列": 9200, "己满": 8000, "丁慢": 7000, "戊缺": 6000}
        for name, score in scores.items():
            session.add(
                AppraisalEntry(
                    appraisal_id=appraisal.id, person_id=served[name].person_id, appointment_id=served[name].id,
                    roll="GRADED", score_x100=score, suggestion="优秀候选" if score > 9000 else "称职",
                    inputs={"quality": 90, "visits": 10, "attended": 12, "visit_target": 10},
                    grade="优秀" if final and name == "庚优" else ("称职" if final else ""), final=final,
                    told_on=date(2026, 2, 1) if final else None,
                    filed_on=date(2026, 3, 1) if final and name != "丁慢" else None,
                )
            )  # fmt: skip


def _dealings(session, case, served):
    slow = served["丁慢"].person_id
    session.add_all([
        Letter(number="渝规资函〔2026〕8号", kind="consultation", organization_id=f"gov:{WANZHOU}",
               addressee="万州区人民政府", unit_id=WANZHOU, subject="征求意见", sent_on=date(2026, 9, 1),
               status="waiting"),
        QuarterReport(unit_id=WANZHOU, quarter="2026Q2", status="accepted", due_on=date(2026, 7, 10),
                      sent_on=date(2026, 7, 13), days_late=3),
        QuarterReport(unit_id=FULING, quarter="2026Q3", status="accepted", due_on=date(2026, 10, 12),
                      sent_on=date(2026, 10, 12)),
        QuarterReport(unit_id=WANZHOU, quarter="2026Q3", status="drafting", due_on=date(2026, 10, 12)),
        QuarterNotification(quarter="2026Q3", due_on=date(2026, 10, 20), sent_on=date(2026, 10, 19),
                            number="渝规资发〔2026〕30号", received_on=date(2026, 10, 20)),
        Suggestion(number="建议-2026-0001", case_id=uuid4(), person_id=slow, unit_id=WANZHOU,
                   subject="沿江步道应连通", problem="断点", proposal="补齐", addressee_id=f"gov:{WANZHOU}",
                   sent_on=date(2026, 9, 1), due_on=date(2026, 10, 1), status="sent"),
        Matter(case_id=case.id, reference="M-1", round=1, kind="考核结果", subject="2026年度考核方案征求意见", text="",
               asked_on=date(2026, 10, 12), due_on=date(2026, 10, 26), status="asked", created_at=clock.now()),
        Incident(case_id=case.id, at=clock.now(), status="open", element_id="send", step="发出函件",
                 text="邮局关门", action={"kind": "none"}),
    ])  # fmt: skip
    for place, (status, days, fen) in enumerate((("submitted", 40, 123450), ("approved", 3, 5000))):
        session.add(
            TravelClaim(
                number=f"差旅-2026-000{place}", case_id=uuid4(), person_id=slow, trip="consultation",
                trip_key=f"attendance:{place}", trip_title="现场指导", payer=Payer.DISTRICT_BUREAU,
                payer_unit_id=WANZHOU,
                payer_ground="第九条(五)", readings_version=0, first_day=TODAY, last_day=TODAY, total_fen=fen,
                submitted_on=TODAY - timedelta(days=days), status=status,
            )
        )  # fmt: skip
    ground = interpret(session, SYSTEM, number="解释-2026-001", article="第六条(四)", question="几日内复函？",
                       answer="十五个工作日。", agreed_on=date(2026, 9, 1), recorded_by="张明")  # fmt: skip
    set_switch(session, SYSTEM, "reply.limit_wd", 15, date(2026, 9, 1), ground, "两局一致，自九月起执行。")


def _people(session):
    session.add(Organization(id="employer:7", kind="employer", name="渝江规划设计研究院"))
    session.flush()
    clerk = people.create_person(session, SYSTEM, "employer.7", "沈人事", "demo", demonstration=True)
    people.hold(session, SYSTEM, clerk, "employer.clerk", session.get_one(Organization, "employer:7"))
    gone = people.create_person(session, SYSTEM, "gone", "柳离任", "demo", demonstration=True)
    bureau = session.get_one(Organization, "city_bureau")
    people.hold(session, SYSTEM, gone, "city_bureau.finance", bureau, date(2025, 1, 1), date(2026, 6, 30))
    for name in ("丁慢", "庚优"):
        person = session.scalars(select(Person).where(Person.name == name)).one()
        session.add(Expert(person_id=person.id, name=name, employer_id="employer:7", status="in_office",
                           entered_at=clock.now(), changed_at=clock.now()))  # fmt: skip


def appointment_of(session, name):
    """The appointment of a planner of the year."""
    return session.scalars(select(Appointment).join(Appointment.person).where(Person.name == name)).one()
