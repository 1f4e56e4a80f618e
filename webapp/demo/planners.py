"""The planners in office: the appointments of the 2025 round as the registers keep them, entered without playing it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.registers import experts
from processes.registers.appointments import Appointment, AppointmentStatus, predecessor_of
from processes.registers.history import enter
from processes.registers.needs import Need, NeedStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round, RoundStatus
from processes.rules.years import DAY
from webapp.demo.people import Candidate, candidates
from webapp.demo.year.afterwards import DISMISSED, MOVED, UNFIT, services_after
from webapp.demo.year.reading import own_story
from webapp.demo.year.story import Service, YearStory

IMPORTER = Actor(None, "历史数据导入")
ENDS = {
    DISMISSED: (AppointmentStatus.DISMISSED, "第十五条(三)"),
    UNFIT: (AppointmentStatus.DISMISSED, "第十五条(四)"),
    "withdrawn": (AppointmentStatus.WITHDRAWN, "第十五条(一)"),
    MOVED: (AppointmentStatus.EXPIRED, "服务单元撤并，换发聘书"),
}


def enter_planners(session: Session) -> list[Service]:
    """The completed round of the story with its posts, appointments and people in the expert library; who served."""
    told = own_story()
    services = services_after(told)
    people = {each.name: each for each in candidates()}
    past = _round(session, told)
    posts = _posts(session, past, told, services)
    for service in sorted(services, key=lambda each: each.start):
        person = session.scalars(select(Person).where(Person.login == service.login)).one()
        _appointment(session, past, posts[service.unit, service.post], person, service)
    for login, service in {each.login: each for each in services}.items():
        person = session.scalars(select(Person).where(Person.login == login)).one()
        _expert(session, person, people[service.name], service)
    return services


def _round(session: Session, told: YearStory) -> Round:
    past = Round(
        name=told.round_name,
        status=RoundStatus.COMPLETED,
        reply_due=told.day("survey_due"),
        apply_from=told.day("call_open"),
        apply_until=told.day("call_close"),
        calls=1,
        term_start=told.term[0],
        term_end=told.term[1],
        decided_on=told.day("decision"),
        opened_by=IMPORTER.name,
        opened_at=clock.now(),
        ended_at=clock.now(),
    )
    enter(session, IMPORTER, past, "历史数据")
    return past


def _posts(
    session: Session, past: Round, told: YearStory, services: list[Service]
) -> dict[tuple[str, int], PlannerPost]:
    """The posts as they stand now: filled, vacant with the reason, or closed where the unit was abolished."""
    asked = dict.fromkeys([(unit, number) for unit, number, _ in told.posts])
    asked |= dict.fromkeys((each.unit, each.post) for each in services)
    latest = {(each.unit, each.post): each for each in sorted(services, key=lambda each: each.start)}
    needs: dict[str, Need] = {}
    found: dict[tuple[str, int], PlannerPost] = {}
    places = {unit.id: unit.place for unit in session.scalars(select(Unit))}
    for unit, number in sorted(asked, key=lambda each: (places[each[0]], each[1])):
        if unit not in needs:
            count = sum(each[0] == unit for each in asked)
            needs[unit] = Need(round_id=past.id, unit_id=unit, status=NeedStatus.ANSWERED, has_need=True, posts=count,
                               posts_fixed=count)  # fmt: skip
            enter(session, IMPORTER, needs[unit], "历史数据")
        status, reason = _standing(latest.get((unit, number)))
        post = PlannerPost(
            round_id=past.id, need_id=needs[unit].id, unit_id=unit, number=number, status=status, vacancy_reason=reason,
            next_step="再次遴选" if status == PostStatus.VACANT else "",
        )  # fmt: skip
        enter(session, IMPORTER, post, "历史数据")
        found[unit, number] = post
    return found


def _standing(latest: Service | None) -> tuple[PostStatus, str]:
    if latest is None:
        return PostStatus.VACANT, "没有合适人选"
    if latest.end_reason == MOVED:
        return PostStatus.CLOSED, ENDS[MOVED][1]
    if latest.end_reason:
        return PostStatus.VACANT, f"{latest.name}离任（{ENDS[latest.end_reason][1]}）"
    return PostStatus.FILLED, ""


def _appointment(session: Session, past: Round, post: PlannerPost, person: Person, service: Service) -> None:
    status, ground = ENDS.get(service.end_reason, (AppointmentStatus.IN_OFFICE, ""))
    series = "" if service.start == past.term_start else f"-{service.start:%m%d}"
    made = Appointment(
        person_id=person.id,
        unit_id=post.unit_id,
        post_id=post.id,
        round_id=past.id,
        status=status,
        term_start=service.start,
        term_end=past.term_end or service.end,
        certificate_number=f"渝规首聘〔{service.start.year}〕{int(service.planner[2:])}{series}号",
        issued_on=service.start,
        received_on=service.start,
        ended_on=service.end if service.end_reason else None,
        end_ground=ground,
        predecessor_id=_before(session, post, person, service),
        created_at=clock.now(),
    )
    enter(session, IMPORTER, made, "历史数据")


def _before(session: Session, post: PlannerPost, person: Person, service: Service) -> UUID | None:
    """Whom the planner follows at the post; the own certificate, where that was for a unit since dissolved."""
    own = select(Appointment.id).where(Appointment.person_id == person.id, Appointment.ended_on == service.start - DAY)
    before = predecessor_of(session, post.id)
    return session.scalar(own) or (before.id if before else None)


def _expert(session: Session, person: Person, candidate: Candidate, service: Service) -> None:
    expert = experts.enter_library(
        session,
        IMPORTER,
        person,
        "历史数据",
        employer_id=f"employer:{candidate.employer}",
        title_level=candidate.title_level,
        title_name="高级规划师",
        planner_cert=candidate.planner_cert,
        route="A" if candidate.general else "B",
    )
    experts.take_office(session, IMPORTER, expert, f"{service.start}起聘任")
