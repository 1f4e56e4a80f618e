"""法规库: the laws that planners have to know, with their files, and what is still to be read (第七条(一))."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.engine.definitions import active_definitions
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.registers import laws
from processes.registers.laws import LAW_KINDS, LAW_STATUSES
from processes.registers.reading import READS_ALL, READS_OWN, READS_PERSONAL
from webapp.access import post_needed, signed_in
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.pages.lists import asked
from webapp.regulation.places import places
from webapp.regulation.text import regulation as regulation_text
from webapp.visitors import current_actor

blueprint = Blueprint("laws", __name__, url_prefix="/laws")
READERS = (*READS_ALL, *READS_OWN, *READS_PERSONAL)
"""Posts that may look things up in the library."""


@blueprint.get("/")
@post_needed(*READERS)
def index() -> ResponseReturnValue:
    """The texts of the library, the newest first."""
    wanted, actor = asked("q", "kind", "status"), current_actor()
    with current_desk().db.reading() as session:
        rows, total = laws.laws(
            session, search=wanted.get("q"), kind=wanted.get("kind"), status=wanted.get("status"),
            offset=wanted.offset, limit=wanted.size,
        )  # fmt: skip
        return render_template(
            "laws/index.html",
            rows=rows,
            page=wanted.page(total),
            asked=wanted,
            kinds=_choices(LAW_KINDS),
            statuses=_choices(LAW_STATUSES),
            own=laws.readings_by_law(session, [each.id for each in rows], _planner(actor)),
            is_planner=_planner(actor) is not None,
            named=_named,
        )


@blueprint.get("/regulation")
@signed_in
def regulation() -> ResponseReturnValue:
    """The regulation itself, article by article, and where each is at work (第十七条)."""
    told, actor = regulation_text(), current_actor()
    with current_desk().db.reading() as session:
        procedures = {each.key: each for each in active_definitions(session)}
        at_work = {
            each.number: [(title, found) for title, found in places(each.number, actor, procedures) if found]
            for chapter in told.chapters
            for each in chapter.articles
        }
        return render_template(
            "laws/regulation.html",
            told=told,
            at_work=at_work,
            record=laws.text_in_force(session, told.title),
            may_open_records=actor.has(*READERS),
        )


@blueprint.get("/<uuid:law_id>")
@post_needed(*READERS)
def show(law_id: UUID) -> ResponseReturnValue:
    """One text: what matters in it, its files, and who has read it."""
    actor = current_actor()
    with current_desk().db.reading() as session:
        found = laws.law_of(session, law_id)
        mine = laws.readings_by_law(session, [found.id], _planner(actor)).get(found.id)
        readers = laws.readers_of(session, found.id) if actor.has(*READS_ALL) else None
        return render_template(
            "laws/show.html", law=found, mine=mine, readers=readers, is_planner=_planner(actor) is not None,
            named=_named, kinds=LAW_KINDS, statuses=LAW_STATUSES,
        )  # fmt: skip


def _planner(actor: Actor) -> UUID | None:
    return actor.person_id if actor.has(*READS_PERSONAL) else None


def _named(words: Mapping[str, Wording], key: str) -> str:
    return words[key].text(current_language())


def _choices(words: Mapping[str, Wording]) -> list[tuple[str, str]]:
    return [(key, _named(words, key)) for key in words]
