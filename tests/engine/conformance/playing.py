"""A diagram played through the engine, saved and loaded after every act; operations leave the trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from processes import clock
from processes.clock import MovableClock
from processes.engine.check import Surroundings, check_diagram
from processes.engine.spiff import ErrorRaised, Run, compile_program
from tests.engine.spiff.drawn import House, Keeper, chain, document, node

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DECLARED = (
    '<message id="_m" name="M"/><message id="_m2" name="M2"/><signal id="_g" name="G"/><signal id="_g2" name="G2"/>'
    '<error id="_r" errorCode="R"/><error id="_r2" errorCode="R2"/>'
    '<escalation id="_x" escalationCode="X"/><escalation id="_x2" escalationCode="X2"/>'
)
EVENTS = {
    "message": '<messageEventDefinition messageRef="_m"/>',
    "message2": '<messageEventDefinition messageRef="_m2"/>',
    "signal": '<signalEventDefinition signalRef="_g"/>',
    "signal2": '<signalEventDefinition signalRef="_g2"/>',
    "timer": "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
    "timer2": "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>",
    "cycle": "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>",
    "conditional": "<conditionalEventDefinition><condition>met</condition></conditionalEventDefinition>",
    "error": '<errorEventDefinition errorRef="_r"/>',
    "error2": '<errorEventDefinition errorRef="_r2"/>',
    "any error": "<errorEventDefinition/>",
    "escalation": '<escalationEventDefinition escalationRef="_x"/>',
    "escalation2": '<escalationEventDefinition escalationRef="_x2"/>',
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="L"/>',
    "": "",
}
NAMED = (
    '<extensionElements><spiffworkflow:properties><spiffworkflow:property name="operation" value="log"/>'
    "</spiffworkflow:properties></extensionElements>"
)


def op(name: str, inner: str = "", /, **at: str) -> str:
    """A step that the engine does by itself and that leaves its name in the trace."""
    return node("serviceTask", name, NAMED + inner, **at)


def ops(*names: str) -> str:
    return "".join(op(name) for name in names)


def start(kind: str = "", name: str = "s", **at: str) -> str:
    return node("startEvent", name, EVENTS[kind], **at)


def end(kind: str = "", name: str = "e") -> str:
    return node("endEvent", name, EVENTS[kind])


def throw(kind: str, name: str) -> str:
    return node("intermediateThrowEvent", name, EVENTS[kind])


def catch(kind: str, name: str) -> str:
    return node("intermediateCatchEvent", name, EVENTS[kind])


def on(host: str, kind: str, name: str, *, interrupts: bool = True) -> str:
    return node("boundaryEvent", name, EVENTS[kind], attachedToRef=host, cancelActivity=str(interrupts).lower())


def inside(name: str, body: str, kind: str = "subProcess", /, **at: str) -> str:
    return node(kind, name, body, **at)


def handler(kind: str, name: str = "h", *, interrupts: bool = True, then: str = "hx") -> str:
    """An event sub-process of one operation."""
    body = start(kind, f"{name}s", isInterrupting=str(interrupts).lower()) + op(then) + end("", f"{name}e")
    return node("subProcess", name, body + chain(f"{name}s", then, f"{name}e"), triggeredByEvent="true")


def xml_of(body: str, more: str = "") -> bytes:
    return document(body, before=DECLARED, more=more)


def found(body: str, more: str = "") -> set[tuple[str, str]]:
    """What the check says keeps it from being deployed."""
    problems = check_diagram(xml_of(body, more), Surroundings(portable=False, operations={"log": ()}))
    return {(each.code, each.element) for each in problems if each.severity == "error"}


class Play:
    """One case of a diagram."""

    def __init__(self, body: str, more: str = "", begin: str | None = None, **data: object) -> None:
        self.program = compile_program(xml_of(body, more))
        self.fails: dict[str, str] = {}
        self.house = House(self._operation)
        self.keeper = Keeper(self.program, self.house)
        self.thrown: list[tuple[str, str]] = []
        self.clock = clock._installed[-1]
        run = Run.start(self.program, self.program.processes[0], data, self.house, begin)
        run.advance()
        self._rest(run)

    def _operation(self, element, data):
        if data.get("fails") == element.id:
            raise ErrorRaised(str(data.get("code", "R")))
        if element.id == "slow":
            self.clock.move_to(clock.now() + timedelta(days=float(data.get("takes", 0)), minutes=1))
        return None

    def _rest(self, run: Run) -> None:
        self.thrown += [(each.kind, each.name) for each in run.take_thrown()]
        self.run = self.keeper.reload(run)

    def act(self, what: str) -> None:
        """`do a`, `do a met=1`, `message M`, `signal G`, `days 1`."""
        kind, _, rest = what.partition(" ")
        run = self.run
        if kind == "do":
            name, *given = rest.split()
            task = next(each for each in run.open_tasks() if each.element_id == name)
            run.complete(task.id, {key: int(value) for key, value in (each.split("=") for each in given)})
            run.advance()
        elif kind == "message":
            run.deliver(next(each for each in run.messages() if each.name == rest).task_id, {"got": rest})
        elif kind == "signal":
            run.signal(rest, {})
        else:
            self.clock.move_to(clock.now() + timedelta(days=float(rest), minutes=1))
            run.fire_timers(clock.now())
        self._rest(run)

    @property
    def trace(self) -> list[str]:
        return self.house.called

    @property
    def open(self) -> list[str]:
        return sorted(each.element_id for each in self.run.open_tasks())


def played(body: str, acts: tuple[str, ...] = (), more: str = "", begin: str | None = None, **data: object) -> Play:
    """A case on which acts were done one after the other."""
    with clock.running_on(MovableClock(NOON)):
        case = Play(body, more, begin, **data)
        for each in acts:
            case.act(each)
    return case
