"""The diagrams of the bench: two tasks in a row, one task for many places at once, one timer."""

from __future__ import annotations

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


SMALL, WIDE, TIMED = "small", "wide", "timed"
DIAGRAMS = {
    SMALL: _diagram(SMALL, '<userTask id="work" name="work"/>', "work"),
    WIDE: _diagram(WIDE, f'<userTask id="work" name="work">{_MANY}</userTask>', "work"),
    TIMED: _diagram(TIMED, _TIMER, "wait"),
}


def places(number: int) -> dict[str, dict[str, str]]:
    """The variables of a wide case."""
    return {"places": {f"place-{each:03}": f"place {each}" for each in range(number)}}
