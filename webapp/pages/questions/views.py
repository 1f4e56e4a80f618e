"""工作提问: the questions of a working day in the words of who asks them, and the pages that answer them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes import clock
from processes.errors import NotFound
from processes.messages import message
from processes.registers.switches import readings_on
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked
from webapp.pages.questions.answer import Answered, View
from webapp.pages.questions.answers import ANSWERS, READERS
from webapp.pages.questions.catalogue import ASKERS, asked_by
from webapp.pages.spreadsheets import XLSX, xlsx_file
from webapp.pages.tables import Links
from webapp.visitors import current_actor

blueprint = Blueprint("questions", __name__, url_prefix="/questions")


@blueprint.get("/")
@post_needed(*ASKERS)
def index() -> ResponseReturnValue:
    """The questions that the visitor's posts ask."""
    with current_desk().db.reading() as session:
        questions = asked_by(session, current_actor())
    return render_template("questions/index.html", questions=questions)


@blueprint.get("/<name>")
@post_needed(*READERS)
def answer(name: str) -> ResponseReturnValue:
    """One question answered: in a sentence, and by the records on which it rests."""
    found = ANSWERS.get(name)
    if found is None:
        raise NotFound(message("没有这个提问。"))
    actor, desk, wanted = current_actor(), current_desk(), asked(*found.narrowed_by)
    actor.need(*found.posts)
    with desk.db.reading() as session:
        day = clock.today()
        view = View(session, actor, day, readings_on(session, day), desk.house.calendar, Links(actor), wanted)
        answered = found.make(view)
        if request.args.get("format") == "xlsx":
            return _file(str(found.title), answered)
        page = wanted.page(answered.total) if answered.total is not None else None
        return render_template(
            "questions/answer.html", title=str(found.title), answered=answered, day=day, page=page, asked=wanted
        )


def _file(title: str, answered: Answered) -> Response:
    """The tables of an answer as one file, one below the other; of a paged one the page that is shown."""
    widest = max((len(table.head) for table in answered.tables), default=0)
    head = [_("表"), *([""] * (widest + 1))]
    lines = [[answered.sentence]]
    for table in answered.tables:
        lines += [[table.title, *table.head, _("依据")], *([table.title, *line] for line in table.lines())]
    return attachment(xlsx_file(title, head, lines), f"{title}.xlsx", XLSX)
