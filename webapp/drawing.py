"""What every template may use: the reader, the language, addresses, moments, and numbers of pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from processes import clock
from processes.identity.models import Organization
from processes.identity.posts import POSTS
from webapp.addresses import back_url
from webapp.desk import current_desk
from webapp.language import TAGS, current_language
from webapp.navigation import navigation_places
from webapp.pages.wording import named, unit_name, worded
from webapp.regulation.places import article_url
from webapp.visitors import visitor

KILO = 1024
AROUND = 2
"""Pages named on each side of the one that is shown."""


def here(**changes: Any) -> str:
    """The address of this page with some parameters changed; None takes one away."""
    kept = request.args.to_dict(flat=False)
    for name, value in changes.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = [str(value)]
    query = urlencode(kept, doseq=True)
    return request.script_root + request.path + ("?" + query if query else "")


def static_url(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it for long."""
    return url_for("static", filename=name, v=_print_of(Path(current_app.static_folder or "") / name))


def page_numbers(page: int, pages: int) -> Iterator[int | None]:
    """The numbers a pager shows: first, last, and those around the page; None stands for a gap."""
    before = 0
    for number in range(1, pages + 1):
        if number in (1, pages) or abs(number - page) <= AROUND:
            if number - before > 1:
                yield None
            yield number
            before = number


def moment(value: datetime | None) -> str:
    """A moment as the city's clocks show it, to the minute; the year only where it is not this one."""
    if value is None:
        return "—"
    local = clock.local(value)
    return local.strftime("%m-%d %H:%M" if local.year == clock.today().year else "%Y-%m-%d %H:%M")


def day(value: date | None) -> str:
    """A day as offices write it in lists."""
    return "—" if value is None else value.isoformat()


def file_size(size: int) -> str:
    """How large a file is, as people say it: bytes, then KB, then MB."""
    if size < KILO:
        return _("%(count)s 字节", count=size)
    if size < KILO * KILO:
        return f"{size / KILO:.1f} KB"
    return f"{size / KILO / KILO:.1f} MB"


def post_name(role: str) -> str:
    """The name of a post in the reader's language."""
    post = POSTS.get(role)
    if post is None:
        return role
    return post.en if current_language() == "en" else post.zh


def organization_name(organization: Organization) -> str:
    """The name of an organization in the reader's language, where it has one."""
    return (current_language() == "en" and organization.name_en) or organization.name


def install(app: Flask) -> None:
    """Give all this to the templates."""
    app.jinja_env.globals.update(
        here=here,
        article_url=article_url,
        back_url=back_url,
        static_url=static_url,
        page_numbers=page_numbers,
        organization_name=organization_name,
        navigation_places=navigation_places,
        operation_key=lambda: str(uuid4()),
        request_args=lambda name: request.args.get(name, ""),
    )
    app.jinja_env.filters.update(moment=moment, day=day, post_name=post_name, worded=worded, unit_name=unit_name)
    app.jinja_env.filters.update(file_size=file_size, named=named)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_about_the_reader)


def _about_the_reader() -> dict[str, Any]:
    actor = visitor()
    held = sorted(actor.holdings, key=lambda each: each.role == "applicant") if actor else []  # who applied now serves
    posts = list(dict.fromkeys(post_name(each.role) for each in held))
    return {
        "me": actor,
        "my_posts": _("、").join(posts),
        "my_first_post": posts[0] if posts else "",
        "language": current_language(),
        "language_tag": TAGS[current_language()],
        "demonstration": current_desk().settings.demonstration,
        "rehearsal": current_desk().settings.rehearsal,
        "search_url": url_for("cases.index") if "cases.index" in current_app.view_functions else None,
        "search_text": request.args.get("q", ""),
    }


@cache
def _print_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
