"""A case of the appointment procedure without its diagram: operations and checks are called as the engine does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.documents import JOB_KINDS, MAKE
from handlers.operations import OPERATIONS, OPTIONS, VALIDATORS
from processes import clock
from processes.engine import definitions
from processes.engine.house import Call, FormCheck, House
from processes.engine.kinds_of_jobs import do_now
from processes.engine.models import Case, CaseDocument, Submission, WorkItem
from processes.engine.spiff import Element
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization, Person
from processes.jobs import Job
from processes.registers import applications
from processes.registers.applications import Application, application_of
from processes.registers.nominations import Nomination, nominations_of
from processes.registers.rounds import Round, round_of
from tests.factories import UNITS, make_house, make_organizations, make_person

DOCUMENTS = Path(__file__).parents[2] / "bpmn" / "appointment" / "documents"
WANZHOU, FULING, YUZHONG = UNITS
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<process id="appointment" name="选聘" isExecutable="true"><startEvent id="a"/><endEvent id="z"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"/></process></definitions>"""


class Stage:
    """One case in one transaction, with the people of all parties."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        base = make_house(folder)
        self.house = House(base.calendar, base.files, base.fonts, OPERATIONS, OPTIONS, VALIDATORS, job_kinds=JOB_KINDS)
        make_organizations(session)
        for number, name in ((1, "重庆大学"), (2, "山城规划院（虚构）")):
            session.add(Organization(id=f"employer:{number}", kind="employer", name=name))
        session.flush()
        self.clerk = make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="张明")
        self.section = make_person(session, "section", ("city_bureau.section", "city_bureau"), name="王喆")
        self.leader = make_person(session, "leader", ("city_bureau.leader", "city_bureau"), name="李建国")
        self.hr = make_person(session, "hr", ("hr_bureau.clerk", "hr_bureau"), name="赵昇")
        files = {f"documents/{path.name}": path.read_bytes() for path in DOCUMENTS.iterdir()}
        definition = definitions.deploy(session, SYSTEM, "appointment", {"process.bpmn": DIAGRAM.encode(), **files})
        self.definition_id = definition.id
        self.case = self.new_case("appointment")
        self.variables: dict[str, Any] = {}
        self.people: dict[str, Application] = {}

    def new_case(self, process_id: str) -> Case:
        """A case that runs."""
        now = clock.now()
        case = Case(
            number=f"试-{uuid4().hex[:8]}",
            definition_id=self.definition_id,
            key="appointment",
            process_id=process_id,
            title="试",
            status="running",
            started_by="试",
            started_at=now,
            changed_at=now,
            skeleton=b"",
        )
        self.session.add(case)
        self.session.flush()
        return case

    def send(
        self, form: str, answers: dict[str, Any], actor: Actor | None = None, case: Case | None = None
    ) -> Submission:
        """Somebody sends a form; the next operation is led to by it."""
        case, actor = case or self.case, actor or self.clerk
        item = WorkItem(
            case_id=case.id,
            task_id=uuid4().hex,
            element_id=form,
            process_key="appointment",
            step=form,
            title=form,
            form_key=form,
            status="done",
            created_at=clock.now(),
        )
        self.session.add(item)
        self.session.flush()
        made = Submission(
            case_id=case.id,
            work_item_id=item.id,
            form_key=form,
            form_version="1",
            answers=answers,
            person_id=actor.person_id,
            person=actor.name,
            at=clock.now(),
        )
        self.session.add(made)
        self.session.flush()
        self.variables["submission_id"] = str(made.id)
        return made

    def run(self, name: str, case: Case | None = None, actor: Actor | None = None, **extra: Any) -> dict[str, Any]:
        """A service task is carried out; what it gives become variables."""
        parameters = {"status": extra.pop("status")} if "status" in extra else {}
        call = Call(
            self.session,
            self.house,
            case or self.case,
            Element("step", "serviceTask", "步骤", "appointment", "appointment"),
            actor or self.clerk,
            clock.now(),
            {**self.variables, **extra},
            parameters,
        )
        given = OPERATIONS[name].run(call) or {}
        self.session.flush()
        self.variables.update(given)
        return dict(given)

    def check(self, name: str, answers: dict[str, Any], actor: Actor | None = None, **extra: Any) -> None:
        """A form is checked against the registers."""
        data = {**self.variables, **extra}
        VALIDATORS[name](
            FormCheck(self.session, self.house, self.case, actor or self.section, clock.now(), data, answers)
        )

    # the round, step by step

    @property
    def round(self) -> Round:
        """The round of the case."""
        return round_of(self.session, UUID(self.variables["round_id"]))

    def documents(self, key: str) -> list[CaseDocument]:
        """The documents of a kind, oldest first."""
        mine = select(CaseDocument).where(CaseDocument.key == key)
        return list(self.session.scalars(mine.order_by(CaseDocument.at, CaseDocument.number)))

    def make_files(self) -> None:
        """Make the files of all documents, as a worker does after the transaction."""
        for job in self.session.scalars(select(Job).where(Job.kind == MAKE)).all():
            do_now(self.session, self.house, job.kind, job.args, job.key, clock.now())
            self.session.delete(job)

    def open_round(self, name: str = "2025—2027聘期", units: list[str] | None = None) -> None:
        """The survey notice is drafted."""
        due = self.house.calendar.add_workdays(clock.today(), 10)
        chosen = {"unit_ids": units} if units else {}
        given = {"round_name": name, "reply_due": due.isoformat(), "contact": "张明", "phone": "023-60000000", **chosen}
        self.send("survey_notice", given)
        self.run("appointment.open_round")

    def posts(self, **wanted: int) -> None:
        """The units answer, posts are fixed as asked."""
        self.open_round()
        self.run("appointment.send_survey")
        for unit_id in UNITS:
            count = wanted.get(UNITS[unit_id], 0)
            self.send("need", {**need(count), "contact": "刘", "phone": "023-61000000"})
            self.run("appointment.record_need", party=self.variables["survey"][unit_id])
        rows = self.run("appointment.collect_needs")["need_rows"]
        self.send("fix_posts", {"need_rows": rows})
        self.run("appointment.create_posts")

    def call(self, days: int = 20) -> None:
        """The call is published."""
        first = clock.today()
        given = {"apply_from": first.isoformat(), "apply_until": (first + timedelta(days=days)).isoformat()}
        self.send("publish_call", given)
        self.run("appointment.open_call")

    def apply(self, name: str, **facts: Any) -> Application:
        """Somebody begins an application and sends the form."""
        actor = make_person(self.session, name, ("applicant", None), name=name)
        person = self.session.get(Person, actor.person_id)
        assert person is not None
        late = facts.pop("late", False)
        begun = applications.apply(self.session, actor, self.round, person, employer_id="employer:1", late=late)
        case = self.new_case("application")
        self.send("application", application(name, **facts), actor, case)
        self.run("application.check", case, actor, application_id=str(begun.id))
        self.people[name] = begun
        begun.case_id = case.id
        return begun

    def case_of(self, person: Application) -> Case:
        """The case of an application."""
        case = self.session.get(Case, person.case_id)
        assert case is not None
        return case

    def consent(self, person: Application, consent: str = "同意", reason: str = "") -> None:
        """The employer gives its opinion."""
        case = self.case_of(person)
        answers = {"consent": consent, "pay_kept": True, "conduct": "良好", "reason": reason}
        self.send("employer_opinion", answers, case=case)
        if consent == "同意":
            self.run("application.check", case, application_id=str(person.id))

    def find(self, person: Application, result: str, reasons: str = "", **more: Any) -> None:
        """The section gives its finding."""
        given = {"conflict": "无", "certificate_false": False, "result": result, "reasons": reasons, **more}
        self.send("qualification", given, self.section, self.case_of(person))

    def settle(self, person: Application, status: str) -> bool:
        """The application is settled; whether it was the last."""
        case = self.case_of(person)
        return self.run("application.settle", case, application_id=str(person.id), status=status)["all_settled"]

    def eligible(self, name: str, **facts: Any) -> Application:
        """Somebody is found fit, or put forward for recognition."""
        person = self.apply(name, **facts)
        self.consent(person)
        general = person.rule_result == "MEETS_GENERAL"
        self.find(
            person,
            "符合一般条件" if general else "建议按实践经验认定",
            "" if general else "长期主持历史文化名镇保护规划工作，成果突出。",
        )
        self.settle(person, "eligible" if general else "recognition")
        return person

    def deliberate(self, seats: dict[str, tuple[str, ...]], **more: Any) -> None:
        """The panel meets: for each post the nominee and the reserves by name; posts not named stay vacant."""
        self.send("deliberation", self.deliberation(seats, **more), self.section)
        self.run("appointment.record_deliberation", actor=self.section)

    def deliberation(self, seats: dict[str, tuple[str, ...]], **more: Any) -> dict[str, Any]:
        """What the panel's form holds."""
        rows = []
        for row in self.variables["post_rows"]:
            named = seats.get(row["post"])
            ids = [str(self.people[name].id) for name in named or ()]
            rows.append(
                {
                    **row,
                    "how": "建议人选" if named else "空缺",
                    **dict(zip(("nominee", "reserve1", "reserve2"), [*ids, None, None, None], strict=False)),
                    "votes": "同意5票" if named else "",
                    "reason": "" if named else "无合适人选",
                }
            )
        recognised = [
            {**row, "recognised": "认定", "reasons": "主持省部级项目，行业影响较强。", "votes": "同意5票"}
            for row in self.variables["route_b_rows"]
        ]
        return {**meeting(), "per_post": rows, "route_b": recognised, **more}

    def to_deliberation(self, *names: str, **wanted: int) -> None:
        """Posts, a call, people found fit, and the book."""
        self.posts(**wanted)
        self.call()
        for name in names:
            self.eligible(name)
        self.run("appointment.close_call")
        self.run("appointment.build_book")

    def letters(self) -> dict[str, Any]:
        """The letters are signed and sent; gives the parties by unit."""
        self.run("appointment.draft_letters")
        due = self.house.calendar.add_workdays(clock.today(), 10)
        self.send("sign_letters", {"decision": "签发", "reply_due": due.isoformat()}, self.leader)
        return self.run("appointment.issue_letters", actor=self.leader)["consultations"]

    def reply(self, party: dict[str, Any], opinion: str = "同意", advice: str = "", **more: Any) -> dict[str, Any]:
        """A district replies."""
        given = {
            "opinion": opinion,
            "advice": advice,
            "reply_date": clock.today().isoformat(),
            "reply_no": "万府函1号",
            **more,
        }
        self.send("reply", given)
        return self.run("appointment.record_reply", party=party)

    def decide(self, **changes: dict[str, Any]) -> dict[str, Any]:
        """The leader decides the list as it is proposed, with changes by post."""
        self.run("appointment.sum_replies")
        self.send("final_list", self.final_list(**changes), self.leader)
        return self.run("appointment.record_decision", actor=self.leader)

    def final_list(self, **changes: dict[str, Any]) -> dict[str, Any]:
        """What the leader's form holds."""
        rows = [{**row, **changes.get(row["post"], {})} for row in self.variables["final_rows"]]
        silent = [
            {**row, "decision": "仍按建议人选聘任", "reason": "多次催办无果"} for row in self.variables["silent_rows"]
        ]
        day = clock.today().isoformat()
        return {"meeting_name": "局长办公会", "meeting_date": day, "final": rows, "silent_units": silent}

    def publish(self) -> dict[str, Any]:
        """The list is published, certificates are made."""
        self.send("publish_list", {"remark": ""})
        self.run("appointment.send_list")
        return self.run("appointment.make_certificates")["appointees"]

    def accept(self, appointee: dict[str, Any]) -> dict[str, Any]:
        """A planner signs for the certificate."""
        self.send("receipt", {"accept": "接受", "received_on": clock.today().isoformat()})
        return self.run("appointment.enter_registers", appointee=appointee)

    def nomination(self, name: str) -> Nomination:
        """The latest nomination of a person."""
        mine = [each for each in nominations_of(self.session, self.round.id) if each.application.name == name]
        return mine[-1]

    def status(self, name: str) -> str:
        """How a person's application stands."""
        return application_of(self.session, self.people[name].id).status


def need(count: int) -> dict[str, Any]:
    """A need as the form sends it."""
    if not count:
        return {"handling": "直接填报", "has_need": "不需要", "reason": "本区县已有技术支撑单位"}
    return {
        "handling": "直接填报",
        "has_need": "需要",
        "posts": count,
        "specialties": ["城市设计", "历史文化保护"],
        "key_projects": [{"name": "滨江更新", "stage": "方案编制", "expected_time": "2025-06"}],
        "annual_demand": 12,
        "wish_person": "",
    }


def application(name: str, **facts: Any) -> dict[str, Any]:
    """An application on the general route as the form sends it."""
    return {
        "name": name,
        "gender": "男",
        "birth": "1975-04",
        "id_no": "50010119750401001X",
        "mobile": "13800001234",
        "employer": "employer:1",
        "position": "总规划师",
        "title_level": "正高级",
        "title_name": "正高级工程师",
        "title_cert_no": "ZG-1",
        "planner_cert": "注册城乡规划师",
        "planner_cert_no": "GH-1",
        "claimed_route": "A",
        "specialties": ["城市设计"],
        "units_wanted": [{"unit": WANZHOU}],
        "accept_assign": True,
        "avoid": "无",
        "avoid_units": [],
        "volunteers": True,
        "duty_commitment": True,
        **facts,
    }


PRACTICAL = {
    "title_level": "中级",
    "planner_cert": "无",
    "claimed_route": "B",
    "practical_reasons": "二十年来长期在基层从事历史文化名镇保护和乡村规划工作，"
    "主持完成多项省部级重点项目，多次获得奖励，形成较为系统的理论成果。",
    "experience_evidence": [str(uuid4())],
    "influence_evidence": [str(uuid4())],
}
"""Facts of an application on the practical route."""


def meeting() -> dict[str, Any]:
    """A meeting with a quorum."""
    bodies = ["市规划自然资源局"] * 3 + ["市人力社保局"] * 2
    members = [
        {"name": f"委员{place}", "body": body, "role": "", "conflict": "无", "conflict_with": None}
        for place, body in enumerate(bodies, start=1)
    ]
    place = {"place": "第三会议室", "chair": "李建国", "recorder": "孙堃", "observers": ""}
    return {"meet_at": "2026-11-20T09:30", **place, "members": members, "reserved": [], "minutes": None}
