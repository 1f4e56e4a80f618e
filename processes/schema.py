"""All tables together: importing this module makes every model known to the one metadata."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import Engine

import processes
from processes.db import Base

_WITHOUT_TABLES = tuple(
    f"processes.{name}"
    for name in (
        *("migrations", "rules", "forms", "documents"),
        *("engine.check", "engine.language", "engine.spiff", "engine.drawing"),
    )
)


def load_models() -> None:
    """Import every module of `processes` that may hold a model."""
    for found in pkgutil.walk_packages(processes.__path__, "processes."):
        if not found.name.startswith(_WITHOUT_TABLES):
            importlib.import_module(found.name)


def create_tables(engine: Engine) -> None:
    """Make all tables at once, for tests; an installation is made by the migrations."""
    load_models()
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
