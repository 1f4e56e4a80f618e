"""Instances of a multi-instance task are kept with their work items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("work_item") as table:
        table.add_column(sa.Column("activity_id", sa.String(), nullable=True))
        table.add_column(sa.Column("instance", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("work_item") as table:
        table.drop_column("instance")
        table.drop_column("activity_id")
