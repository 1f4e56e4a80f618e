"""The guides as pages, for everybody: whoever cannot log in may read how."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from processes.errors import NotFound
from webapp import guides
from webapp.access import public
from webapp.language import current_language

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """The guides that came with the program."""
    found = []
    for name in guides.GUIDES:
        try:
            found.append((name, guides.guide(name, current_language())))
        except NotFound:  # a program that was installed without its documents
            continue
    return render_template("help/index.html", guides=found)


@blueprint.get("/<name>")
@public
def guide(name: str) -> ResponseReturnValue:
    """One guide in the reader's language."""
    return render_template("help/guide.html", guide=guides.guide(name, current_language()))


@blueprint.get("/images/<name>")
@public
def image(name: str) -> Response:
    """A picture of the guides."""
    return Response(guides.image(name), mimetype="image/png", headers={"Cache-Control": "public, max-age=3600"})
