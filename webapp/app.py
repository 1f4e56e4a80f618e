"""The web shell: one Flask application over one desk."""

from __future__ import annotations

from flask import Blueprint, Flask

from webapp import access, drawing, errors, language, logs, metrics, security, visitors
from webapp.api import routes as api
from webapp.desk import Desk
from webapp.limits import LARGEST_FORM, LARGEST_REQUEST, MOST_PARTS
from webapp.oversight import city_map, event_logs, forecasts, overview, replay, steps
from webapp.pages import (
    account,
    applications,
    apply,
    audit,
    batches,
    calendar_feed,
    cards,
    cases,
    circulations,
    definitions,
    documents,
    dossiers,
    files,
    guides,
    hand_overs,
    handing_on,
    health,
    home,
    hooks,
    imports,
    inbox,
    incidents,
    laws,
    log_in,
    monitoring,
    notices,
    organizations,
    people,
    phrases,
    registers,
    saved_views,
    sheets,
    stand_ins,
    start,
    switches,
    tasks,
    verbs,
    waiting,
    warnings,
)
from webapp.pages.questions import views as questions
from webapp.patience import Patience
from webapp.proxies import Proxies
from webapp.rehearsals import entry
from webapp.rehearsals.door import RehearsalDoor, Scratches
from webapp.studio import BLUEPRINTS as STUDIO

BLUEPRINTS: tuple[Blueprint, ...] = (
    *(home.blueprint, log_in.blueprint, account.blueprint, health.blueprint, guides.blueprint),
    monitoring.blueprint,
    *(inbox.blueprint, tasks.blueprint, handing_on.blueprint, cases.blueprint, waiting.blueprint),
    *(documents.blueprint, files.blueprint, dossiers.blueprint),
    *(batches.blueprint, verbs.blueprint, sheets.blueprint, circulations.blueprint, stand_ins.blueprint),
    *(phrases.blueprint, hand_overs.blueprint),
    *(registers.blueprint, switches.blueprint, incidents.blueprint, notices.blueprint, start.blueprint),
    *(apply.blueprint, applications.blueprint, warnings.blueprint, cards.blueprint, questions.blueprint),
    *(imports.blueprint, laws.blueprint),
    *(people.blueprint, organizations.blueprint, audit.blueprint, definitions.blueprint),
    *STUDIO,
    entry.blueprint,
    *(overview.blueprint, steps.blueprint, forecasts.blueprint, city_map.blueprint, event_logs.blueprint),
    *(replay.blueprint, saved_views.blueprint, calendar_feed.blueprint, hooks.blueprint),
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
    if not desk.settings.rehearsal:
        scratches = app.extensions["scratches"] = Scratches(desk, create_app)
        app.wsgi_app = Patience(RehearsalDoor(app.wsgi_app, scratches))  # type: ignore[method-assign, assignment]
    for part in (logs, metrics, visitors, security, access, language, drawing, errors):
        part.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
