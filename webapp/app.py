"""The web shell: one Flask application over one desk."""

from __future__ import annotations

from flask import Blueprint, Flask

from webapp import access, drawing, errors, language, logs, metrics, security, visitors
from webapp.api import routes as api
from webapp.desk import Desk
from webapp.limits import LARGEST_FORM, LARGEST_REQUEST, MOST_PARTS
from webapp.pages import (
    account,
    applications,
    apply,
    audit,
    cards,
    cases,
    definitions,
    documents,
    dossiers,
    files,
    guides,
    health,
    home,
    inbox,
    incidents,
    log_in,
    monitoring,
    notices,
    organizations,
    people,
    publishing,
    questions,
    registers,
    start,
    switches,
    tasks,
    waiting,
    warnings,
)
from webapp.proxies import Proxies

BLUEPRINTS: tuple[Blueprint, ...] = (
    *(home.blueprint, log_in.blueprint, account.blueprint, health.blueprint, guides.blueprint),
    monitoring.blueprint,
    *(inbox.blueprint, tasks.blueprint, cases.blueprint, waiting.blueprint, documents.blueprint, files.blueprint),
    dossiers.blueprint,
    *(registers.blueprint, switches.blueprint, incidents.blueprint, notices.blueprint, start.blueprint),
    *(apply.blueprint, applications.blueprint, warnings.blueprint, cards.blueprint, questions.blueprint),
    *(people.blueprint, organizations.blueprint, audit.blueprint, definitions.blueprint, publishing.blueprint),
    api.blueprint,
)
"""Every part of the shell; each registers the routes of one kind of thing."""


def create_app(desk: Desk) -> Flask:
    """The application that serves a desk."""
    app = Flask("webapp")
    app.extensions["desk"] = desk
    app.config.update(
        SECRET_KEY=desk.settings.secret,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.wsgi_app = Proxies(app.wsgi_app, desk.settings.proxies)  # type: ignore[method-assign]
    for part in (logs, metrics, visitors, security, access, language, drawing, errors):
        part.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
