"""Register rows of the crowd: rounds with their needs and posts, applications, letters and the library of experts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import case, insert, literal, select

from processes import clock
from processes.identity.models import Unit
from processes.registers.applications import Application
from processes.registers.experts import Expert
from processes.registers.letters import Letter
from processes.registers.needs import Need
from processes.registers.planner_posts import PlannerPost
from processes.registers.rounds import Round
from webapp.bench.series import Maker, one_of

ROUNDS = 60
DAY = 86_400


def write(maker: Maker, rows: int, people: list[dict[str, Any]]) -> None:
    """So many rows: three fifths applications, the others letters, needs, posts and experts."""
    now = int(clock.now().timestamp())
    _rounds(maker, now)
    unit_ids = list(maker.connection.scalars(select(Unit.id).order_by(Unit.place)))
    _needs(maker, now, unit_ids)
    ids = list(dict.fromkeys(each["person_id"] for each in people))
    _applications(maker, now, rows * 3 // 5, ids)
    _letters(maker, now, rows * 2 // 5, people)
    maker.connection.execute(insert(Expert), [_expert(each, number) for number, each in enumerate(ids)])


def _rounds(maker: Maker, now: int) -> None:
    n = (numbers := maker.numbers(1, ROUNDS)).c.n
    columns = {
        "id": maker.key(5, n),
        "name": literal("第").concat(maker.text(n, 3)).concat("轮（众）"),
        "status": literal("completed"),
        "opened_by": literal("众"),
        "opened_at": maker.moment(now - (ROUNDS - n) * 30 * DAY),
    }
    maker.write(Round, 1, ROUNDS, columns, numbers)


def _needs(maker: Maker, now: int, unit_ids: list[str]) -> None:
    count = ROUNDS * len(unit_ids)
    n = (numbers := maker.numbers(0, count - 1)).c.n
    of_both = {"round_id": maker.key(5, 1 + n % ROUNDS), "unit_id": one_of(n // ROUNDS, unit_ids)}
    maker.write(Need, 0, count - 1, {"id": maker.key(6, n), **of_both, "status": literal("answered")}, numbers)
    posts = {"id": maker.key(7, n), **of_both, "number": literal(1), "status": literal("vacant")}
    maker.write(PlannerPost, 0, count - 1, posts, numbers)


def _applications(maker: Maker, now: int, count: int, people: list[UUID]) -> None:
    n = (numbers := maker.numbers(1, count)).c.n
    columns = {
        "id": maker.key(8, n),
        "number": literal("众报").concat(maker.text(n, 8)),
        "round_id": maker.key(5, 1 + n % ROUNDS),
        "person_id": one_of(n, [literal(each, Application.person_id.type) for each in people[:50]]),
        "name": one_of(n, list("赵钱孙李周吴郑王冯陈")).concat(maker.text(n, 1)),
        "employer_id": literal("employer:crowd-").concat(maker.text(n % 36, 1)),
        "status": one_of(n, ["review", "eligible", "ineligible", "withdrawn"]),
        "submitted_at": maker.moment(now - (count - n) * 600),
        "created_at": maker.moment(now - (count - n) * 600),
    }
    maker.write(Application, 1, count, columns, numbers)


def _letters(maker: Maker, now: int, count: int, people: list[dict[str, Any]]) -> None:
    n = (numbers := maker.numbers(1, count)).c.n
    places = list({each["organization_id"]: each for each in people if each["unit_id"]}.values())[:40]
    columns = {
        "id": maker.key(9, n),
        "number": literal("众函").concat(maker.text(n, 8)),
        "kind": literal("consultation"),
        "organization_id": one_of(n, [each["organization_id"] for each in places]),
        "addressee": one_of(n, [f"{each['place']}人民政府" for each in places]),
        "unit_id": one_of(n, [each["unit_id"] for each in places]),
        "subject": literal("关于征求意见的函"),
        "sent_on": maker.day(now - (count - n) * 600),
        "due_on": case((n % 5 == 0, maker.day(now - (count - n) * 600 + 20 * DAY)), else_=maker.day(now)),
        "status": one_of(n, ["sent", "replied"]),
    }
    maker.write(Letter, 1, count, columns, numbers)


def _expert(person_id: UUID, number: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "person_id": person_id,
        "name": f"专家{number:04d}",
        "status": "candidate",
        "entered_at": now,
        "changed_at": now,
    }
