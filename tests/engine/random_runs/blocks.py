"""Random well-formed diagrams: blocks inside blocks, drawn as BPMN in which every path comes to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, pairwise

from hypothesis import strategies as st

from tests.engine.spiff.drawn import HEAD, boundary, chain, flow, multi, node, timer, user
from tests.engine.test_work import properties

MESSAGE, OTHER_MESSAGE = '<messageEventDefinition messageRef="m"/>', '<messageEventDefinition messageRef="n"/>'
SIGNAL, ERROR = '<signalEventDefinition signalRef="g"/>', '<errorEventDefinition errorRef="x"/>'
ESCALATION, TERMINATE = '<escalationEventDefinition escalationRef="y"/>', "<terminateEventDefinition/>"
NAMED = (
    '<message id="m" name="回函"/><message id="n" name="催办"/><signal id="g" name="暂停"/>'
    '<error id="x" errorCode="退件"/><escalation id="y" escalationCode="上报"/>'
)
DAY, WEEK, ROUNDS = timer("timeDuration", "P1D"), timer("timeDuration", "P7D"), timer("timeCycle", "R3/P1D")
CONDITIONS = ("a == 1", "b", "意见 == '同意'", "a == '1'", "not b", "typename == a")
"""Of variables that every case begins with and any answer may change to anything."""
COUNT = properties(operation="count")
ANSWERED = properties(carry="*")


@dataclass(frozen=True)
class Block:
    """A part of a diagram with one way in and one way out; `variant` picks its conditions and collections."""

    kind: str
    inner: tuple[Block, ...] = ()
    variant: int = 0


Part = tuple[str, str, str]
"""The drawing of a block, its first and its last node."""


class Pen:
    """Draws blocks; every element gets a name of its own, kind and number."""

    def __init__(self) -> None:
        self.numbers = count()
        self.called: list[str] = []
        """Processes that call activities name."""

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def draw(self, block: Block) -> Part:
        return DRAWN[block.kind](self, block)

    def task(self, kind: str = "user", inner: str = "") -> Part:
        name = self.name(kind)
        return user(name, ANSWERED + inner), name, name

    def one(self, tag: str, kind: str, inner: str = "", **attributes: str) -> Part:
        name = self.name(kind)
        return node(tag, name, inner, **attributes), name, name

    def row(self, parts: list[Part]) -> Part:
        """Parts one after the other."""
        ways = "".join(flow(before[2], after[1]) for before, after in pairwise(parts))
        return "".join(part[0] for part in parts) + ways, parts[0][1], parts[-1][2]

    def inside(self, blocks: tuple[Block, ...]) -> str:
        """The content of a process or sub-process."""
        start, end = self.one("startEvent", "start"), self.one("endEvent", "end")
        return self.row([start, *map(self.draw, blocks), end])[0]

    def watched(self, host: Part, definition: str, *, interrupts: bool, then: Part) -> Part:
        """An activity with a boundary event; where it interrupts, its path meets the usual one again."""
        event = self.name("event")
        body = host[0] + boundary(event, host[2], definition, interrupts) + then[0] + flow(event, then[1])
        if not interrupts:
            end = self.one("endEvent", "end")
            return body + end[0] + flow(then[2], end[1]), host[1], host[2]
        meet = self.one("exclusiveGateway", "meet")
        return body + meet[0] + flow(host[2], meet[1]) + flow(then[2], meet[1]), host[1], meet[2]

    def forked(self, kind: str, parts: list[Part], conditions: list[str | None]) -> Part:
        """Ways beside each other between two gateways; a way without condition is the default."""
        fork, join = self.name("fork"), self.name("join")
        default = {} if kind == "parallel" else {"default": f"{fork}_default"}
        body = node(f"{kind}Gateway", fork, **default) + node(f"{kind}Gateway", join)
        for part, condition in zip(parts, conditions, strict=True):
            own_id = f"{fork}_default" if kind != "parallel" and condition is None else f"{fork}_{part[1]}"
            body += part[0] + flow(fork, part[1], condition, own_id) + flow(part[2], join)
        return body, fork, join


def _several(pen: Pen, block: Block, *, in_turn: bool, inner: str | None = None) -> Part:
    kind, tag = ("task", "userTask") if inner is None else ("sub", "subProcess")
    name = pen.name(kind)
    enough = "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>" if block.variant == 3 else ""
    collection = ("units", "list")[block.variant % 2]
    loop = multi(
        collection, f"i_{name}", f"r_{name}", "answer", enough, isSequential=str(in_turn).lower()
    )  # the result stays out of the form, whoever completes the task may leave it unset
    return node(tag, name, (ANSWERED if inner is None else inner) + loop), name, name


def _sub(pen: Pen, block: Block, inner: str = "") -> Part:
    return pen.one("subProcess", "sub", pen.inside(block.inner) + inner)


def _gateway(kind: str) -> Callable[[Pen, Block], Part]:
    def drawn(pen: Pen, block: Block) -> Part:
        parts = [pen.draw(each) for each in block.inner]
        conditions: list[str | None] = [None] * len(parts)
        if kind != "parallel":
            conditions = [CONDITIONS[(block.variant + place) % len(CONDITIONS)] for place in range(len(parts) - 1)]
            conditions.append(None)
        return pen.forked(kind, parts, conditions)

    return drawn


def _race(pen: Pen, block: Block) -> Part:
    """An event-based gateway: whichever comes first of two deadlines, a message and a signal."""
    fork, meet = pen.one("eventBasedGateway", "race"), pen.one("exclusiveGateway", "meet")
    body = fork[0] + meet[0]
    for definition in (DAY, MESSAGE, WEEK, SIGNAL)[: 2 + block.variant % 3]:
        catch = pen.one("intermediateCatchEvent", "catch", definition)
        after = pen.task()
        body += catch[0] + after[0] + flow(fork[2], catch[1]) + flow(catch[2], after[1]) + flow(after[2], meet[1])
    return body, fork[1], meet[2]


def _rework(pen: Pen, block: Block) -> Part:
    """Back to the beginning as long as somebody says so."""
    meet, ask = pen.one("exclusiveGateway", "meet"), pen.name("ask")
    inner = pen.row([meet, pen.task(), *map(pen.draw, block.inner)])
    back = flow(ask, meet[1], "again == 1", f"{ask}_back")
    leave = pen.one("intermediateThrowEvent", "leave")
    body = inner[0] + node("exclusiveGateway", ask, default=f"{ask}_on") + flow(inner[2], ask) + back
    return body + leave[0] + flow(ask, leave[1], None, f"{ask}_on"), meet[1], leave[2]


def _loop(pen: Pen, block: Block) -> Part:
    loop = node("standardLoopCharacteristics", pen.name("loop"), "<loopCondition>again == 1</loopCondition>")
    loop = loop.replace(" id=", ' loopMaximum="3" id=') if block.variant % 2 else loop
    return pen.task(inner=loop)


def _call(pen: Pen, block: Block) -> Part:
    called = pen.name("called")
    pen.called.append(node("process", called, pen.inside(block.inner), isExecutable="true"))
    return pen.one("callActivity", "call", calledElement=called)


def _failing(pen: Pen, block: Block) -> Part:
    """A sub-process that one of its ways ends with an error, which its boundary catches."""
    start, task, fork = pen.one("startEvent", "start"), pen.task(), pen.name("fork")
    inner = pen.row([*map(pen.draw, block.inner), pen.one("endEvent", "end")])
    end = pen.one("endEvent", "end", ESCALATION if block.variant == 3 else ERROR)
    body = start[0] + task[0] + inner[0] + end[0] + node("exclusiveGateway", fork, default=f"{fork}_on")
    body += chain(start[1], task[1], fork) + flow(fork, inner[1], None, f"{fork}_on")
    body += flow(fork, end[1], CONDITIONS[block.variant % len(CONDITIONS)])
    caught = ESCALATION if block.variant == 3 else ERROR
    return pen.watched(pen.one("subProcess", "sub", body), caught, interrupts=True, then=pen.task())


def _terminating(pen: Pen, block: Block) -> Part:
    """A sub-process of two ways beside each other, of which the one that ends first ends the other."""
    start, fork = pen.one("startEvent", "start"), pen.one("parallelGateway", "fork")
    one = pen.row([*map(pen.draw, block.inner), pen.one("endEvent", "end")])
    two = pen.row([pen.task(), pen.one("endEvent", "end", TERMINATE)])
    body = start[0] + fork[0] + one[0] + two[0] + chain(start[1], fork[1]) + flow(fork[2], one[1])
    return pen.one("subProcess", "sub", body + flow(fork[2], two[1]))


def _boundary(definition: str, *, interrupts: bool, sub: bool = False) -> Callable[[Pen, Block], Part]:
    def drawn(pen: Pen, block: Block) -> Part:
        host = _sub(pen, block) if sub else pen.task()
        return pen.watched(host, definition, interrupts=interrupts, then=pen.task())

    return drawn


def _cut_many(pen: Pen, block: Block) -> Part:
    """A multi-instance sub-process that a message or deadline ends."""
    host = _several(pen, block, in_turn=block.variant == 2, inner=pen.inside(block.inner))
    return pen.watched(host, (MESSAGE, DAY)[block.variant % 2], interrupts=True, then=pen.task())


def _catch(definition: str) -> Callable[[Pen, Block], Part]:
    return lambda pen, block: pen.one("intermediateCatchEvent", "catch", definition)


LEAVES: dict[str, Callable[[Pen, Block], Part]] = {
    "user": lambda pen, block: pen.task(),
    "service": lambda pen, block: pen.one("serviceTask", "count", COUNT),
    "many": lambda pen, block: _several(pen, block, in_turn=False),
    "turns": lambda pen, block: _several(pen, block, in_turn=True),
    "loop": _loop,
    "race": _race,
    "wait": _catch(DAY),
    "receive": _catch(MESSAGE),
    "receive task": lambda pen, block: pen.one("receiveTask", "receive", messageRef="n"),
    "listen": _catch(SIGNAL),
    "send": lambda pen, block: pen.one("intermediateThrowEvent", "send", MESSAGE),
    "call out": lambda pen, block: pen.one("intermediateThrowEvent", "send", SIGNAL),
    "deadline": _boundary(DAY, interrupts=True),
    "reminder": _boundary(DAY, interrupts=False),
    "reminders": _boundary(ROUNDS, interrupts=False),
    "recalled": _boundary(MESSAGE, interrupts=True),
    "asked after": _boundary(OTHER_MESSAGE, interrupts=False),
    "signalled": _boundary(SIGNAL, interrupts=True),
}
COMPOUNDS: dict[str, Callable[[Pen, Block], Part]] = {
    "sequence": lambda pen, block: pen.row([pen.draw(each) for each in block.inner]),
    "parallel": _gateway("parallel"),
    "inclusive": _gateway("inclusive"),
    "exclusive": _gateway("exclusive"),
    "sub": _sub,
    "many subs": lambda pen, block: _several(pen, block, in_turn=False, inner=pen.inside(block.inner)),
    "subs in turn": lambda pen, block: _several(pen, block, in_turn=True, inner=pen.inside(block.inner)),
    "rework": _rework,
    "call": _call,
    "failing": _failing,
    "terminating": _terminating,
    "deadline of a sub": _boundary(WEEK, interrupts=True, sub=True),
    "recalled sub": _boundary(MESSAGE, interrupts=True, sub=True),
    "reminders of a sub": _boundary(ROUNDS, interrupts=False, sub=True),
    "cut many": _cut_many,
}
DRAWN = LEAVES | COMPOUNDS

PARTIES = 4
"""For how many a part of a diagram is done at most, side by side or in turn."""


def most_acts(block: Block) -> int:
    """How many acts a block may take: what is inside it once for each party."""
    return PARTIES * (sum(map(most_acts, block.inner)) or 1)


VARIANTS = st.integers(0, 3)
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.builds(Block, st.sampled_from(list(LEAVES)), st.just(()), VARIANTS),
    lambda inner: st.builds(
        Block, st.sampled_from(list(COMPOUNDS)), st.lists(inner, min_size=1, max_size=3).map(tuple), VARIANTS
    ),
    max_leaves=8,
)


def diagram(*blocks: Block) -> str:
    """The blocks one after the other as a process that a clerk may start."""
    pen = Pen()
    own = properties(starters="city_bureau.clerk", code="随")
    body = node("process", "p", own + pen.inside(blocks), isExecutable="true")
    return f"{HEAD}{NAMED}{body}{''.join(pen.called)}</definitions>"
