"""The work of the crowd: cases, tasks, history, audit trail and notices, each row out of its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from processes import clock
from processes.audit import AuditEntry, AuditHead
from processes.engine.models import Case, CaseEvent, Definition, Incident, WorkItem
from processes.notices import Notice
from webapp.bench.series import Maker, one_of

STEPS = ("起草", "审核", "复函", "会签", "汇总", "归档")
TOPICS = ("人选", "名单", "方案", "意见", "报告", "通知", "纪要")
DAY = 86_400
ITEMS_A_CASE = 3.3
MOST_SUSPENDED = 100
"""Of the running cases one in so many is suspended."""

SLOTS = Table(
    "crowd_slot",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("organization_id", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit_id", String),
    Column("place", String, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("person", String, nullable=False),
)
"""A thousand places where work may go, each with a person; those of the city bureau are a fifth of them."""


@dataclass(frozen=True)
class Sizes:
    """How much there is of everything."""

    open_items: int
    finished_items: int

    @property
    def running(self) -> int:
        return max(1, int(self.open_items / ITEMS_A_CASE))

    @property
    def ended(self) -> int:
        return max(1, int(self.finished_items / ITEMS_A_CASE))

    @property
    def items(self) -> int:
        return self.open_items + self.finished_items


@dataclass(frozen=True)
class Kind:
    """A process of the crowd and the engine state that all its cases share."""

    key: str
    code: str
    name: str
    definition_id: UUID
    skeleton: bytes


class Work:
    """Cases, tasks, history, audit trail and notices, each row out of its number."""

    def __init__(self, maker: Maker, sizes: Sizes, kinds: list[Kind]) -> None:
        self.maker, self.sizes, self.kinds = maker, sizes, kinds
        self.now = int(clock.now().timestamp())
        self.tonight = self.now - self.now % DAY + 16 * 3600
        self.places = SLOTS.alias()

    def write(self) -> None:
        sizes = self.sizes
        self._cases(1, sizes.running, ended=False)
        self._cases(sizes.running + 1, sizes.running + sizes.ended, ended=True)
        self._items(1, sizes.open_items, done=False)
        self._items(sizes.open_items + 1, sizes.items, done=True)
        self._history(sizes.finished_items * 2)
        self._audit(sizes.items * 5 // 11)
        self._notices(sizes.items * 2 // 11)
        self._incidents(min(300, sizes.running // 10 + 1))

    def _slot(self, number: Any) -> Any:
        """The place of a number: the same for a case, its tasks and its history by chance alone."""
        return (number * 7919) % 1000

    def _source(self, first: int, last: int, number: Any = None) -> tuple[Any, Any]:
        """Numbers, each with its place."""
        numbers = self.maker.numbers(first, last)
        return numbers.c.n, numbers.join(self.places, self.places.c.number == self._slot(numbers.c.n))

    def _started(self, number: Any) -> Any:
        """When a case began: a running one in the last 90 days, an ended one in the five years before."""
        age = case(
            (number <= self.sizes.running, (number * 7_919) % (90 * DAY)),
            else_=90 * DAY + (number * 104_729) % (1800 * DAY),
        )
        return self.now - age

    def _cases(self, first: int, last: int, *, ended: bool) -> None:
        maker = self.maker
        n, source = self._source(first, last)
        started = self._started(n)
        status = one_of(n, ["completed"] * 17 + ["cancelled", "terminated", "completed"])
        running = case((n % MOST_SUSPENDED == 0, "suspended"), else_="running")
        maker.write(
            Case,
            first,
            last,
            {
                "id": maker.key(1, n),
                "number": one_of(n, [each.code for each in self.kinds]).concat("-众-").concat(maker.text(n, 7)),
                "definition_id": self._of_kind(n, "definition_id"),
                "key": one_of(n, [each.key for each in self.kinds]),
                "process_id": one_of(n, [each.key for each in self.kinds]),
                "title": self._title(n),
                "status": status if ended else running,
                "stage": one_of(n, ["draft", "reply", "end"]),
                "outcome": literal("办结") if ended else literal(""),
                "unit_id": self.places.c.unit_id,
                "started_by_id": self.places.c.person_id,
                "started_by": self.places.c.person,
                "started_at": maker.moment(started),
                "ended_at": maker.moment(started + 60 * DAY) if ended else null(),
                "changed_at": maker.moment(started + 60 * DAY) if ended else maker.moment(started + 3600),
                "skeleton": self._of_kind(n, "skeleton"),
            },
            source,
        )

    def _of_kind(self, number: Any, name: str) -> Any:
        types = {"definition_id": Definition.id.type, "skeleton": Case.__table__.c.skeleton.type}
        return one_of(number, [literal(getattr(each, name), types[name]) for each in self.kinds])

    def _title(self, number: Any) -> Any:
        kind = one_of(number, [each.name for each in self.kinds])
        return literal("关于").concat(self.places.c.place).concat(one_of(number, TOPICS)).concat("的").concat(kind)

    def _case_of(self, number: Any, *, done: bool) -> Any:
        """The number of the case to which a task belongs; of the finished ones a twentieth are in running cases."""
        running = 1 + number % self.sizes.running
        if not done:
            return running
        return case((number % 20 == 0, running), else_=self.sizes.running + 1 + number % self.sizes.ended)

    def _items(self, first: int, last: int, *, done: bool) -> None:
        maker, places = self.maker, self.places
        n, source = self._source(first, last)
        of = self._case_of(n, done=done)
        created = self._started(of) + (n % 5) * 3600
        named, claimed = n % 20 == 7, n % 10 == 3
        due = self.tonight + ((n * 7_919) % 40 - 12) * DAY if not done else created + 14 * DAY
        columns: dict[str, Any] = {
            "id": maker.key(2, n),
            "case_id": maker.key(1, of),
            "task_id": maker.text(n, 9),
            "element_id": literal("step_").concat(maker.text(n % len(STEPS), 1)),
            "process_key": one_of(of, [each.key for each in self.kinds]),
            "step": one_of(n, STEPS),
            "title": one_of(n, STEPS).concat("：").concat(self._title(n)),
            "form_key": literal(""),
            "status": literal("done" if done else "open"),
            "role": places.c.role,
            "organization_id": places.c.organization_id,
            "unit_id": places.c.unit_id,
            "person_id": case((named, places.c.person_id), else_=null()),
            "created_at": maker.moment(created),
            "due_at": case((n % 10 == 9, null()), else_=maker.moment(due)),
        }
        if done:
            columns |= {
                "completed_at": maker.moment(created + (n % 240) * 3600),
                "completed_by_id": places.c.person_id,
                "completed_by": places.c.person,
                "result": one_of(n, ["同意", "不同意", "已阅"]),
            }
        else:
            columns |= {
                "claimed_by_id": case((claimed, places.c.person_id), else_=null()),
                "claimed_by": case((claimed, places.c.person), else_=""),
                "claimed_at": case((claimed, maker.moment(created + 60)), else_=null()),
            }
        maker.write(WorkItem, first, last, columns, source)

    def _history(self, count: int) -> None:
        """Two lines for each finished task; one in a thousand is of the first case, which has a long history."""
        n, source = self._source(1, count)
        of = case((n % 1000 == 0, literal(1, BigInteger)), else_=self._case_of(n, done=True))
        columns = {
            "case_id": self.maker.key(1, of),
            "at": self.maker.moment(self._started(of) + n % DAY),
            "kind": one_of(n, ["entered", "completed"]),
            "element_id": literal("step_").concat(self.maker.text(n % len(STEPS), 1)),
            "step": one_of(n, STEPS),
            "person_id": self.places.c.person_id,
            "person": self.places.c.person,
        }
        self.maker.write(CaseEvent, 1, count, columns, source)

    def _audit(self, count: int) -> None:
        connection = self.maker.connection
        before = connection.scalar(select(func.max(AuditEntry.seq))) or 0
        n, source = self._source(1, count)
        acts = ["work.complete"] * 10 + ["work.claimed"] * 5 + ["person.log_in"] * 4 + ["person.log_in_refused"]
        columns = {
            "seq": before + n,
            "at": self.maker.moment(self.now - (count - n) * 60),
            "actor": self.places.c.person,
            "action": one_of(n, acts),
            "subject": literal("crowd:").concat(self.maker.text(n % 50_000, 6)),
            "ok": n % 20 != 19,
            "mac": literal("-"),
        }
        self.maker.write(AuditEntry, 1, count, columns, source)
        connection.execute(delete(AuditHead))
        connection.execute(insert(AuditHead), [{"id": 1, "seq": before + count, "mac": "-"}])

    def _notices(self, count: int) -> None:
        n, source = self._source(1, count)
        to_post = n % 3 == 0
        columns = {
            "id": self.maker.key(3, n),
            "at": self.maker.moment(self.now - (count - n) * 60),
            "kind": one_of(n, ["reminder", "escalation", "result"]),
            "text": literal("请办理。"),
            "person_id": case((to_post, null()), else_=self.places.c.person_id),
            "role": case((to_post, self.places.c.role), else_=null()),
            "organization_id": case((to_post, self.places.c.organization_id), else_=null()),
        }
        self.maker.write(Notice, 1, count, columns, source)

    def _incidents(self, count: int) -> None:
        n = (numbers := self.maker.numbers(1, count)).c.n
        columns = {
            "id": self.maker.key(4, n),
            "case_id": self.maker.key(1, n),
            "at": self.maker.moment(self.now - n * 3600),
            "status": one_of(n, ["open", "resolved", "resolved"]),
            "element_id": literal("step_0"),
            "step": literal(STEPS[0]),
            "text": literal("步骤未能执行。"),
            "action": literal({"kind": "timers"}, Incident.__table__.c.action.type),
        }
        self.maker.write(Incident, 1, count, columns, numbers)
        hit = self.maker.key(1, n)
        ids = select(hit).select_from(numbers).where(n % 3 == 0)
        self.maker.connection.execute(update(Case).where(Case.id.in_(ids)).values(open_incidents=1))
