"""The studio: where a process owner changes a procedure, and publishes what has passed the gate."""

from __future__ import annotations

from flask import Blueprint

from webapp.studio import (
    beginning,
    check,
    comparing,
    documentation,
    documents,
    draft_page,
    drafts,
    files,
    forms,
    modeler,
    moving,
    publishing,
    rehearsing,
    tables,
    versions,
    zip,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    drafts.blueprint,
    beginning.blueprint,
    draft_page.blueprint,
    files.blueprint,
    forms.blueprint,
    tables.blueprint,
    documents.blueprint,
    documentation.blueprint,
    zip.blueprint,
    modeler.blueprint,
    check.blueprint,
    rehearsing.blueprint,
    *(comparing.blueprint, publishing.blueprint, moving.blueprint, versions.blueprint),
)
"""Every part of the studio, one line each; the application registers them all."""
