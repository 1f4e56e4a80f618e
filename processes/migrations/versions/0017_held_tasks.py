"""Held tasks are a list of their own: few rows, found without reading those that are open or done.

Revision: 0017, after: 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

HELD = sa.text("status = 'held'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_work_item_held",
        "work_item",
        ["claimed_by_id", "person_id", "due_at", "created_at", "id", "status"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_work_item_held", table_name="work_item")
