"""The planners in office: the appointments of the 2025 round as the registers keep them, entered without playing it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.registers import experts
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.history import enter
from processes.registers.needs import Need, NeedStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round, RoundStatus
from webapp.demo.people import Candidate, candidates, data

IMPORTER = Actor(None, "历史数据导入")
ENDS = {"dismissed": AppointmentStatus.DISMISSED, "withdrawn": AppointmentStatus.WITHDRAWN}
GROUNDS = {"dismissed": "第十五条(三)", "withdrawn": "第十五条(一)"}


def enter_planners(session: Session, today: date) -> None:
    """The completed round of 2025 with its posts, appointments and people in the expert library."""
    told = data("story_2025.json")
    people = {each.name: each for each in candidates()}
    past = _round(session, told)
    posts = _posts(session, past, told)
    for row in data("planners.json"):
        person = session.scalars(select(Person).where(Person.login == f"planner.{row['id']}")).one()
        post = posts[row["unit"], row["post"]]
        _appointment(session, past, post, person, row, today)
        _expert(session, person, people[row["name"]], row)


def _round(session: Session, told: dict[str, str]) -> Round:
    start = date.fromisoformat(told["certificates"])
    past = Round(
        name=told["round_name"],
        status=RoundStatus.COMPLETED,
        reply_due=date.fromisoformat(told["survey_due"]),
        apply_from=date.fromisoformat(told["call_open"]),
        apply_until=date.fromisoformat(told["call_close"]),
        calls=1,
        term_start=start,
        term_end=date.fromisoformat(data("planners.json")[0]["end"]),
        decided_on=date.fromisoformat(told["decision"]),
        opened_by=IMPORTER.name,
        opened_at=clock.now(),
        ended_at=clock.now(),
    )
    enter(session, IMPORTER, past, "历史数据")
    return past


def _posts(session: Session, past: Round, told: dict[str, list[list[object]]]) -> dict[tuple[str, int], PlannerPost]:
    found: dict[tuple[str, int], PlannerPost] = {}
    for unit in session.scalars(select(Unit).order_by(Unit.place)).all():
        numbers = [int(str(number)) for unit_id, number in told["posts"] if unit_id == unit.id]
        if not numbers:
            continue
        need = Need(
            round_id=past.id,
            unit_id=unit.id,
            status=NeedStatus.ANSWERED,
            has_need=True,
            posts=len(numbers),
            posts_fixed=len(numbers),
        )
        enter(session, IMPORTER, need, "历史数据")
        for number in numbers:
            vacant = [unit.id, number] in told["vacant"]
            post = PlannerPost(
                round_id=past.id,
                need_id=need.id,
                unit_id=unit.id,
                number=number,
                status=PostStatus.VACANT if vacant else PostStatus.FILLED,
                vacancy_reason="没有合适人选" if vacant else "",
                next_step="再次遴选" if vacant else "",
            )
            enter(session, IMPORTER, post, "历史数据")
            found[unit.id, number] = post
    return found


def _appointment(
    session: Session, past: Round, post: PlannerPost, person: Person, row: dict[str, str], today: date
) -> None:
    start, end, why = date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), row["end_reason"]
    over = bool(why) or (post.unit.valid_to is not None and post.unit.valid_to < today)
    status = ENDS.get(why, AppointmentStatus.REVOKED if over else AppointmentStatus.IN_OFFICE)
    made = Appointment(
        person_id=person.id,
        unit_id=post.unit_id,
        post_id=post.id,
        round_id=past.id,
        status=status,
        term_start=start,
        term_end=past.term_end or end,
        certificate_number=f"渝规首聘〔{start.year}〕{int(row['id'][2:])}号",
        issued_on=start,
        received_on=start,
        ended_on=end if why else post.unit.valid_to if over else None,
        end_ground=GROUNDS.get(why, "服务单元撤并" if over else ""),
        created_at=clock.now(),
    )
    enter(session, IMPORTER, made, "历史数据")


def _expert(session: Session, person: Person, candidate: Candidate, row: dict[str, str]) -> None:
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
    experts.take_office(session, IMPORTER, expert, f"{row['start']}起聘任")
