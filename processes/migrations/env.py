"""What Alembic runs for each command: the tables of the desk on the connection it is given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from processes.db import Base, Moment
from processes.schema import load_models


def _render(kind: str, value: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A moment is a plain column type in a migration, so that old migrations need nothing of the program."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Moment) else False


def _run() -> None:
    load_models()
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


_run()
