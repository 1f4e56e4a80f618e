"""Incidents of background work, which may belong to no case; the day of the last look at the calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("note", sa.String(), server_default="", nullable=False))
    op.create_table(
        "calendar_look",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_look")),
    )


def downgrade() -> None:
    op.drop_table("calendar_look")
    op.execute("DELETE FROM incident WHERE case_id IS NULL")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("note")
        batch_op.alter_column("case_id", existing_type=sa.Uuid(), nullable=False)
