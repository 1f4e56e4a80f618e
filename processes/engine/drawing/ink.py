"""SVG pieces as strings; all that comes from a file passes `escape`. No styles, no scripts: the CSP allows none."""

from __future__ import annotations

from html import escape as html_escape

from processes.engine.drawing.lettering import LINE, Lettering
from processes.engine.drawing.signs import LINE as OUTLINE
from processes.engine.drawing.signs import SOLID, Sign

INK, PAPER = "#22242a", "#ffffff"
"""Colours for a page that lacks the style sheet; `diagram.css` sets the real ones."""
UNSAFE = {code: None for code in [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]}


def escape(text: str) -> str:
    """Text fit for XML content and for attributes."""
    return html_escape(text.translate(UNSAFE), quote=True)


def num(value: float) -> str:
    """A coordinate with at most one digit after the point."""
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.05 else "0"


def tag(name: str, content: str = "", /, **attributes: str | float | None) -> str:
    """One element; underscores in attribute names stand for hyphens, `cls` for class."""
    out = [name]
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        key = "class" if key == "cls" else key.rstrip("_").replace("_", "-")
        out.append(f'{key}="{num(value) if isinstance(value, int | float) else escape(value)}"')
    return f"<{' '.join(out)}>{content}</{name}>" if content else f"<{' '.join(out)}/>"


def group(content: str, cls: str, **attributes: str | float | None) -> str:
    """Pieces that belong together."""
    return tag("g", content, cls=cls, **attributes)


def sign(parts: Sign, x: float, y: float, scale: float = 1.0, weight: float = 1.2) -> str:
    """A sign of `signs` with its middle at x, y."""
    out = ""
    for how, path in parts:
        if how == SOLID:
            out += tag("path", d=path, cls="bpmn-solid", fill=INK, stroke="none")
        else:
            fill = "none" if how == OUTLINE else None
            out += tag("path", d=path, cls="bpmn-line" if fill else "", fill=fill)
    place = f"translate({num(x)} {num(y)})" + (f" scale({scale:g})" if scale != 1 else "")
    return group(out, "bpmn-sign", transform=place, stroke_width=f"{weight / scale:.2g}",
                 stroke_linejoin="round", stroke_dasharray="none")  # fmt: skip


def letters(
    text: Lettering, x: float, y: float, cls: str = "bpmn-text", anchor: str = "middle", turn: bool = False
) -> str:
    """Lines of text; x, y is the middle of the block, or the middle of its left edge when anchored at the start."""
    if not text.lines:
        return ""
    step = text.size * LINE
    top = y - text.height / 2 + step * 0.5 + text.size * 0.35
    spans = "".join(tag("tspan", escape(line), x=x, y=top + i * step) for i, line in enumerate(text.lines))
    halo = {"stroke": "none"}
    if "bpmn-label" in cls:
        halo = {"paint_order": "stroke", "stroke": PAPER, "stroke_width": "3", "stroke_dasharray": "none"}
    return tag(
        "text",
        spans,
        cls=cls,
        fill=INK,
        font_size=text.size,
        text_anchor=anchor,
        transform=f"rotate(-90 {num(x)} {num(y)})" if turn else None,
        **halo,
    )
