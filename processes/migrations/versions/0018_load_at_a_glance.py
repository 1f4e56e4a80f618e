"""The overview counts all open work: by indexes that hold what it counts, without reading tasks and cases themselves.

Revision: 0018, after: 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open'")
GOING_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(
        "ix_work_item_open_load",
        "work_item",
        ["organization_id", "unit_id", "person_id", "claimed_by_id", "case_id", "due_at", "created_at", "status"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_process_case_going_on_stage",
        "process_case",
        ["process_id", "stage", "id", "started_by", "ended_at"],
        sqlite_where=GOING_ON,
        postgresql_where=GOING_ON,
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_process_case_going_on_stage", table_name="process_case")
    op.drop_index("ix_work_item_open_load", table_name="work_item")
