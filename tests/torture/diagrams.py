"""Small procedures that the torture drives: wide, in a row, with a timer, by message, with steps that fail."""

from __future__ import annotations

from tests.engine.spiff.drawn import chain, multi, node, timer
from tests.engine.test_work import diagram, lane, properties

PLACES = 38
CLERK = "city_bureau.clerk"


def _drawn(body: str, *tasks: str, before: str = "", **given: str) -> bytes:
    lanes = lane("city", *tasks, role=CLERK)
    return diagram(body, lanes, before, title="{mark}", **given).encode()


WIDE = _drawn(
    '<startEvent id="s"/>'
    + node("userTask", "reply", multi("places", "place"), name="复函")
    + node("userTask", "sum_up", name="汇总")
    + '<endEvent id="e"/>'
    + chain("s", "reply", "sum_up", "e"),
    *("reply", "sum_up"),
    code="宽",
)
LINE = _drawn(
    '<startEvent id="s"/>'
    + "".join(node("userTask", name, name=name) for name in ("one", "two", "three"))
    + node(
        "intermediateThrowEvent",
        "send",
        properties(payload="mark") + '<messageEventDefinition messageRef="handed"/>',
    )
    + '<endEvent id="e"/>'
    + chain("s", "one", "two", "three", "send", "e"),
    *("one", "two", "three"),
    before='<message id="handed" name="handed over"/>',
    code="串",
)
RECEIVED = _drawn(
    '<startEvent id="s"><messageEventDefinition messageRef="handed"/></startEvent>'
    + node("userTask", "file", name="归档")
    + '<endEvent id="e"/>'
    + chain("s", "file", "e"),
    "file",
    before='<message id="handed" name="handed over"/>',
    code="收",
)
TIMED = _drawn(
    '<startEvent id="s"/>'
    + node("userTask", "before", name="先办")
    + node("intermediateCatchEvent", "pause", timer("timeDuration", "PT1S"))
    + node("userTask", "after", name="后办")
    + '<endEvent id="e"/>'
    + chain("s", "before", "pause", "after", "e"),
    *("before", "after"),
    code="时",
)
FAILING = _drawn(
    '<startEvent id="s"/>'
    + node("userTask", "before", name="先办")
    + node("serviceTask", "first", properties(operation="torture.sometimes"))
    + node("intermediateCatchEvent", "pause", timer("timeDuration", "PT1S"))
    + node("serviceTask", "second", properties(operation="torture.sometimes"))
    + node("userTask", "after", name="后办")
    + '<endEvent id="e"/>'
    + chain("s", "before", "first", "pause", "second", "after", "e"),
    *("before", "after"),
    code="险",
)
DAILY = _drawn(
    '<startEvent id="s"/>' + node("userTask", "file", name="日报") + '<endEvent id="e"/>' + chain("s", "file", "e"),
    "file",
    code="日",
)
PACKAGES = {
    "wide": WIDE, "line": LINE, "received": RECEIVED, "timed": TIMED, "failing": FAILING, "daily": DAILY,
}  # fmt: skip
BY_LOAD = {"wide": 1, "line": 4, "timed": 2}
"""How often each kind of case is begun by the clients of most scenarios."""


def variables(kind: str, mark: str) -> dict[str, object]:
    """What a case of a kind begins with; its title is the mark."""
    places = {"places": {f"place-{number:02}": number for number in range(PLACES)}} if kind == "wide" else {}
    return {"mark": mark, **places}
