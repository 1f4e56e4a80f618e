"""The diagrams of the bench: two tasks in a row, one task for many places at once, one timer; large ones to check."""

from __future__ import annotations

from itertools import pairwise

POST = "city_bureau.clerk"
_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bench">'
)
_MANY = (
    '<multiInstanceLoopCharacteristics><loopDataInputRef>places</loopDataInputRef><inputDataItem id="place"/>'
    "</multiInstanceLoopCharacteristics>"
)
_TIMER = (
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDate xsi:type="tFormalExpression">at</timeDate>'
    "</timerEventDefinition></intermediateCatchEvent>"
)


def _diagram(process: str, first: str, first_id: str) -> bytes:
    """From the start through a first node to the task «finish»."""
    nodes = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ("s", first_id, "finish", "e"))
    return (
        f'{_HEAD}<process id="{process}" name="{process}" isExecutable="true">'
        f'<laneSet id="lanes"><lane id="city" name="{POST}">{nodes}</lane></laneSet><startEvent id="s"/>{first}'
        '<userTask id="finish" name="finish"/><endEvent id="e"/>'
        f'<sequenceFlow id="a" sourceRef="s" targetRef="{first_id}"/>'
        f'<sequenceFlow id="b" sourceRef="{first_id}" targetRef="finish"/>'
        '<sequenceFlow id="c" sourceRef="finish" targetRef="e"/></process></definitions>'
    ).encode()


def _bare(nodes: list[str], flows: list[tuple[str, str]]) -> bytes:
    """A diagram without lanes, of XML and pairs of ids."""
    drawn = "".join(
        f'<sequenceFlow id="f{place}" sourceRef="{source}" targetRef="{target}"/>'
        for place, (source, target) in enumerate(flows)
    )
    return f'{_HEAD}<process id="p" isExecutable="true">{"".join(nodes)}{drawn}</process></definitions>'.encode()


def row(number: int) -> bytes:
    """So many tasks in a row."""
    names = ["s", *(f"t{each}" for each in range(number)), "e"]
    tasks = [f'<userTask id="{name}" name="{name}"/>' for name in names[1:-1]]
    return _bare(['<startEvent id="s"/>', *tasks, '<endEvent id="e"/>'], list(pairwise(names)))


def split(number: int, join: str) -> bytes:
    """So many tasks beside each other, behind a parallel gateway and before a gateway of any kind."""
    names = [f"t{each}" for each in range(number)]
    tasks = [f'<userTask id="{name}" name="{name}"/>' for name in names]
    around = ['<startEvent id="s"/>', '<parallelGateway id="g"/>', f'<{join} id="h"/>', '<endEvent id="e"/>']
    branches = [pair for name in names for pair in (("g", name), (name, "h"))]
    return _bare([*around, *tasks], [("s", "g"), *branches, ("h", "e")])


SMALL, WIDE, TIMED = "small", "wide", "timed"
DIAGRAMS = {
    SMALL: _diagram(SMALL, '<userTask id="work" name="work"/>', "work"),
    WIDE: _diagram(WIDE, f'<userTask id="work" name="work">{_MANY}</userTask>', "work"),
    TIMED: _diagram(TIMED, _TIMER, "wait"),
}


def places(number: int) -> dict[str, dict[str, str]]:
    """The variables of a wide case."""
    return {"places": {f"place-{each:03}": f"place {each}" for each in range(number)}}
