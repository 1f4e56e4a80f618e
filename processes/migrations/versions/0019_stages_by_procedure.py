"""Cases that go on are counted by procedure and process: two procedures may call their processes the same.

Revision: 0019, after: 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_process_case_going_on_stage", "process_case"
GOING_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """The key comes before the process."""
    _replace("key", "process_id", "stage", "id", "started_by", "ended_at")


def downgrade() -> None:
    """As it was."""
    _replace("process_id", "stage", "id", "started_by", "ended_at")


def _replace(*columns: str) -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, list(columns), sqlite_where=GOING_ON, postgresql_where=GOING_ON)
