"""The guides of docs/ as pages of the desk: Markdown without HTML, and links that lead to the desk's own pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from processes.errors import NotFound
from processes.messages import message

FOLDER = Path(__file__).resolve().parent.parent / "docs"
GUIDES = ("staff", "managers", "process-owners", "administrators", "operators")
"""The guides that exist in both languages, as `guides/<name>.<language>.md`."""
BESIDE = {"appointment": "procedures/appointment.md", "bpmn-support": "bpmn-support.md"}
"""What the guides lead to besides, by file, in English alone: how the selection runs, what a diagram may hold."""
IMAGES = (
    *("apply.png", "case.png", "inbox.png", "modeler.png"),
    *("oversight.png", "studio.png", "task.png", "waiting.png"),
)
"""The pictures that may be fetched, whatever else lies in the folder."""
GUIDE_LINK = re.compile(rf"({'|'.join(GUIDES)})\.(zh|en)\.md")
IMAGE_LINK = re.compile(rf"\.\./images/({'|'.join(re.escape(each) for each in IMAGES)})")
OUTSIDE = re.compile(r"https?://|#")
_READER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """A section of a guide, to be reached from its list of contents."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Guide:
    """A guide as it is drawn: its title, its sections, and its text as safe HTML."""

    title: str
    language: str
    html: str
    sections: Sequence[Heading]


@cache
def guide(name: str, language: str) -> Guide:
    """A guide in a language, or `NotFound`; the files come with the program and change with it alone."""
    written = language if name in GUIDES else "en"
    path = FOLDER / (f"guides/{name}.{written}.md" if name in GUIDES else BESIDE.get(name, ""))
    if not path.is_file():
        raise NotFound(message("没有这份使用指南。"))
    return _drawn(path.read_text(encoding="utf-8"), written)


def image(name: str) -> bytes:
    """A picture of the guides, or `NotFound`."""
    path = FOLDER / "images" / name
    if name not in IMAGES or not path.is_file():
        raise NotFound(message("没有这幅图。"))
    return path.read_bytes()


def _drawn(text: str, language: str) -> Guide:
    tokens = _READER.parse(text)
    title = tokens[1].content if tokens and tokens[0].type == "heading_open" else ""
    tokens = tokens[3:] if title else tokens
    sections = _headings(tokens)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "list")
        token.attrs.pop("style", None)  # a page carries no styles of its own
        _lead_inside(token.children or [])
        if language == "zh":
            _join_lines(token.children or [])
    html = _READER.renderer.render(tokens, _READER.options, {})
    html = html.replace("<table", '<div class="list-box" tabindex="0"><table').replace("</table>", "</table></div>")
    return Guide(title, language, html, sections)


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    """Below the title of the page a guide in parts has its headings one level lower; sections get an anchor."""
    lower = 1 if any(token.type == "heading_open" and token.tag == "h1" for token in tokens) else 0
    found: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = int(token.tag[1:])
        token.tag = f"h{min(level + lower, 6)}"
        if token.type == "heading_open" and level <= 2:
            found.append(Heading(f"section-{len(found) + 1}", tokens[place + 1].content))
            token.attrSet("id", found[-1].anchor)
    return found


def _lead_inside(tokens: Sequence[Token]) -> None:
    """Let links between guides lead between their pages; one to a file that has no page is plain text."""
    inside = False
    for token in tokens:
        if token.type == "image":
            found = IMAGE_LINK.fullmatch(str(token.attrs.get("src", "")))
            token.attrSet("src", f"images/{found[1]}" if found else "")
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            target = _target(str(token.attrs.get("href", "")))
            inside = bool(target)
            token.attrs = {"href": target} if target else {}
            token.tag = "a" if target else "span"
        elif token.type == "link_close":
            token.tag = "a" if inside else "span"


def _target(address: str) -> str:
    """An address beside the pages of the guides, or nothing."""
    if found := GUIDE_LINK.fullmatch(address):
        return f"{found[1]}?lang={found[2]}"
    for name, file in BESIDE.items():
        if address == f"../{file}":
            return name
    return address if OUTSIDE.match(address) else ""


def _join_lines(tokens: Sequence[Token]) -> None:
    """Chinese has no spaces: where a line of the file ends between two Han characters, nothing stands."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.type == "softbreak" and not (before.content[-1:].isascii() and after.content[:1].isascii()):
            token.type, token.content = "text", ""
