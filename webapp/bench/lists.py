"""Lists: the inbox, the cases and a register, by how much work the desk holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from processes import clock
from processes.engine import inbox
from processes.engine.inbox import Page
from processes.identity import people, tokens
from processes.identity.actor import Actor
from processes.identity.models import Person
from webapp.bench import crowd
from webapp.bench.clients import Answer, Browser, Program, Wire, by_token
from webapp.bench.completions import Refused, small_case
from webapp.bench.figures import COMMIT, LISTS, REQUEST, Figure, middle
from webapp.bench.floors import request_floor
from webapp.bench.measuring import counted, milliseconds
from webapp.bench.office import Office
from webapp.bench.timers import look

PAGES = (
    ("page_inbox", "/inbox"),
    ("page_cases", "/cases/"),
    ("page_register", "/registers/applications"),
    ("page_oversight", "/oversight/"),
    ("page_steps", "/oversight/steps/?process=crowd_1"),
    ("page_forecast", "/oversight/forecast/"),
)
WARM = 3
Open = Callable[[], AbstractContextManager[Office]]


@dataclass
class _Beside:
    """The medians at the smallest size, which the larger ones are held against."""

    medians: dict[str, float] = field(default_factory=dict)

    def times(self, kind: str, taken: Sequence[float]) -> float:
        """How many times as long as at the smallest size; the first that comes of a kind is that one."""
        first = self.medians.setdefault(kind, middle(taken))
        return round(middle(taken) / max(first, 1e-6), 2)

    def shown(self, kind: str, size: int, found: Figure) -> Figure:
        """A figure of another kind, held against the same one at the smallest size."""
        return replace(found, kind=LISTS, more={"open_items": size, "times_of_smallest": self.times(kind, found.taken)})


def lists(open_another: Open, runs: int, sizes: Sequence[int], finished: int) -> Iterator[Figure]:
    """The same pages at each number of open tasks, each in a database of its own; `finished` belong to the largest."""
    beside = _Beside()
    for size in sizes:
        with open_another() as office:
            crowd.fill(office.desk.db, size, finished * size // max(sizes))
            yield from _at(office, runs, size, beside)


def _at(office: Office, runs: int, size: int, beside: _Beside) -> Iterator[Figure]:
    actor, token = _clerk(office)
    yield _by_engine(office, actor, runs, size, beside)
    browser = Browser(office.wire)
    browser.log_in(crowd.CITY_CLERK, crowd.PASSWORD)
    counting = Browser(office.direct)
    counting.log_in(crowd.CITY_CLERK, crowd.PASSWORD)
    for kind, path in PAGES:
        yield _page(office, kind, size, beside, runs, _reads(browser.get, path), _reads(counting.get, path))
    programs = [Program(wire, by_token(token)) for wire in _wires(office)]
    reads = [_reads(each.get, "/api/v1/tasks?limit=20") for each in programs]
    yield _page(office, "token_inbox", size, beside, runs, *reads)
    yield beside.shown("complete_small_case", size, small_case(office, f"complete_small_case_among_{size}", runs))
    yield beside.shown("timer_look", size, look(office, f"timer_look_among_{size}", runs))


def _wires(office: Office) -> tuple[Wire, Wire]:
    return office.wire, office.direct


def _clerk(office: Office) -> tuple[Actor, str]:
    """A clerk of the crowd with a large share of the work, and a token."""
    with office.desk.db.transaction() as session:
        who = session.scalars(select(Person).where(Person.login == crowd.CITY_CLERK)).one()
        actor = people.actor_of(session, who, clock.today())
        return actor, tokens.create(session, actor, "bench")


def _reads(get: Callable[[str], Answer], path: str) -> Callable[[], bytes]:
    def read() -> bytes:
        answer = get(path)
        if answer.status != 200:
            raise Refused(f"{path}: {answer.status}")
        return answer.body

    return read


def _by_engine(office: Office, actor: Actor, runs: int, size: int, beside: _Beside) -> Figure:
    def read() -> None:
        with office.desk.db.reading() as session:
            inbox.work(session, actor, "todo", page=Page(limit=20))

    taken, floors = [], []
    for _ in range(WARM):
        read()
    for _ in range(runs):
        taken.append(milliseconds(read))
        floors.append(office.floor.measure())
    counts = counted(office.desk.db, lambda: read)
    more = {"open_items": size, "times_of_smallest": beside.times("list_inbox", taken)}
    return Figure(f"list_inbox_{size}", office.database, taken, COMMIT, floors, counts=counts, more=more, kind=LISTS)


def _page(
    office: Office,
    kind: str,
    size: int,
    beside: _Beside,
    runs: int,
    read: Callable[[], bytes],
    count: Callable[[], bytes],
) -> Figure:
    request = request_floor(office.wire)
    page_bytes = [len(read()) for _ in range(WARM)][-1]
    taken, requests = [], []
    before = office.server.processor_ms()
    for _ in range(runs):
        taken.append(milliseconds(read))
        requests.append(request())
    used = (office.server.processor_ms() - before) / runs
    count()
    more = {"open_items": size, "page_bytes": page_bytes, "times_of_smallest": beside.times(kind, taken)}
    counts = counted(office.desk.db, lambda: count)
    return Figure(
        f"{kind}_{size}", office.database, taken, REQUEST, requests, requests, counts, used, more, LISTS
    )  # fmt: skip
