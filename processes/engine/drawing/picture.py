"""A diagram file as an inline SVG picture, marked with where a case stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from processes.engine.drawing.arrange import arranged
from processes.engine.drawing.ink import INK, PAPER, escape, group, num, tag
from processes.engine.drawing.lettering import Lettering
from processes.engine.drawing.lines import line, name, name_box
from processes.engine.drawing.marks import Mark
from processes.engine.drawing.model import SUB_PROCESSES, Model, parse, read_model
from processes.engine.drawing.reading import Box, Edge, Plan, Shape, read_plan
from processes.engine.drawing.shapes import badges, body, outer_box
from processes.engine.drawing.words import spoken, summary

MARGIN = 14
"""Free space around the picture in pixels."""


def draw(
    xml: bytes,
    marks: Mapping[str, Mark] | None = None,
    *,
    title: str,
    describe: Callable[[Shape], str] | None = None,
    caption: str | None = None,
    anchor: str = "",
) -> str:
    """The picture as one `<svg>` element; `describe` gives the words read for a shape, `caption` those for the whole.

    With an `anchor` every element has the id `<anchor><its id>`, so that a link can lead to it.

    A file without a drawn diagram is laid out first. Raises `Invalid` when the file is no XML.
    """
    marks = marks or {}
    model = read_model(parse(xml))
    plan = read_plan(model)
    if not plan.shapes:
        model = read_model(arranged(model))
        plan = read_plan(model)
    words = describe or (lambda shape: spoken(shape, marks.get(shape.id)))
    content = "".join(_layers(model, plan, marks, words, anchor))
    frame = _frame(plan)
    head = tag("title", escape(title)) + tag("desc", escape(caption or summary(marks, len(plan.shapes))))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" class="bpmn-diagram" preserveAspectRatio="xMinYMin meet" '
        f'width="{num(frame.width)}" height="{num(frame.height)}" '
        f'viewBox="{num(frame.x)} {num(frame.y)} {num(frame.width)} {num(frame.height)}">{head}{content}</svg>'
    )


def _layers(
    model: Model, plan: Plan, marks: Mapping[str, Mark], words: Callable[[Shape], str], anchor: str
) -> Iterable[str]:
    """Containers below lines, lines below nodes, boundary events and names on top."""
    by_id = {shape.id: shape for shape in plan.shapes}
    order = {"participant": 0, "lane": 1, "group": 2, "boundaryEvent": 6}

    def level(shape: Shape) -> int:
        if shape.kind in SUB_PROCESSES and shape.expanded:
            return 3
        return order.get(shape.kind, 5)

    ranked = sorted(plan.shapes, key=lambda s: (level(s), -s.box.width * s.box.height if level(s) < 4 else 0))
    for shape in ranked:
        if level(shape) < 4:
            yield _shape(shape, marks, words, anchor)
    for edge in plan.edges:
        yield _edge(edge, by_id, model, marks, anchor)
    for shape in ranked:
        if level(shape) > 4:
            yield _shape(shape, marks, words, anchor)
    for edge in plan.edges:
        if edge.name:
            yield group(name(edge), "bpmn-name")


def _shape(shape: Shape, marks: Mapping[str, Mark], words: Callable[[Shape], str], anchor: str) -> str:
    mark = marks.get(shape.id)
    content = tag("title", escape(words(shape))) + body(shape) + (badges(shape, mark) if mark else "")
    state = f" is-{mark.state}" if mark else ""
    if mark and mark.heat:
        state += f" heat-{mark.heat}"
    own = " has-colour" if shape.fill else ""
    return group(
        content,
        f"bpmn-shape bpmn-{shape.kind}{state}{own}",
        id=f"{anchor}{shape.id}" if anchor else None,
        data_element=shape.id,
        data_state=mark.state if mark else None,
        fill=PAPER,
        stroke=INK,
        **_weight(mark),
    )


def _weight(mark: Mark | None) -> dict[str, str | float | None]:
    """The frame says the state too, on a page without the style sheet and on paper without colours."""
    if mark is None:
        return {"stroke_width": "1.5"}
    if mark.state in {"current", "late", "added", "changed"}:
        return {"stroke_width": "3"}
    if mark.state == "removed":
        return {"stroke_width": "2.5", "stroke_dasharray": "6 4"}
    if mark.state == "moved":
        return {"stroke_width": "2", "stroke_dasharray": "2 3"}
    if mark.state == "cancelled":
        return {"stroke_width": "1.5", "stroke_dasharray": "6 4"}
    return {"stroke_width": "1.5"}


def _edge(edge: Edge, shapes: Mapping[str, Shape], model: Model, marks: Mapping[str, Mark], anchor: str) -> str:
    mark = marks.get(edge.id)
    content = (tag("title", escape(edge.name)) if edge.name else "") + line(
        edge, shapes.get(edge.source), shapes.get(edge.target)
    )
    state = f" is-{mark.state}" if mark else ""
    weight = "2.5" if mark and mark.state in {"done", "added", "removed", "changed"} else "1.4"
    dashes = "6 4" if mark and mark.state == "removed" else None
    ident = edge.id if model.elements[edge.id].node.get("id") else None
    return group(
        content, f"bpmn-edge bpmn-{edge.kind}{state}", id=f"{anchor}{edge.id}" if anchor and ident else None,
        data_element=ident, fill="none", stroke=INK, stroke_width=weight, stroke_dasharray=dashes,
    )  # fmt: skip


def _frame(plan: Plan) -> Box:
    """The part of the plane that holds everything drawn."""
    boxes = [(s.box.x, s.box.y - (24 if s.kind == "group" else 0), s.box.right, s.box.bottom) for s in plan.shapes]
    boxes += [(x, y, x, y) for edge in plan.edges for x, y in edge.points]
    texts = [p for s in plan.shapes if (p := outer_box(s))] + [p for e in plan.edges if (p := name_box(e))]
    boxes += [_around(*placed) for placed in texts]
    if not boxes:
        return Box(0, 0, 100, 60)
    left, top = min(b[0] for b in boxes) - MARGIN, min(b[1] for b in boxes) - MARGIN
    right, bottom = max(b[2] for b in boxes) + MARGIN, max(b[3] for b in boxes) + MARGIN
    return Box(left, top, right - left, bottom - top)


def _around(text: Lettering, x: float, y: float) -> tuple[float, float, float, float]:
    return x - text.width / 2, y - text.height / 2, x + text.width / 2, y + text.height / 2
