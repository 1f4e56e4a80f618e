"""The working year completed: laws and who read them, tasks of the city bureau, service under the text of 2014.

Revision: 0013, after: 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from processes.registers.only_growing import guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GUARDED = ("former_service",)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Five tables, and whether staying away from a meeting would count."""
    _former_service()
    _laws()
    _assignments()
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("countable", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.alter_column("countable", server_default=None)
    for table in GUARDED:
        guard(op.get_bind(), table)


def _former_service() -> None:
    op.create_table(
        "former_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("grades", sa.JSON(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        _refers("former_service", "person_id", "person.id"),
        _refers("former_service", "replaces_id", "former_service.id"),
        _refers("former_service", "unit_id", "unit.id"),
        _key("former_service"),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_former_service_replaces_id")),
    )
    for column in ("case_id", "person_id", "unit_id"):
        op.create_index(op.f(f"ix_former_service_{column}"), "former_service", [column])


def _laws() -> None:
    op.create_table(
        "law",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("read_by", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        _refers("law", "replaces_id", "law.id"),
        _key("law"),
    )
    for column in ("case_id", "entered_on", "status"):
        op.create_index(op.f(f"ix_law_{column}"), "law", [column])
    op.create_table(
        "law_file",
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _refers("law_file", "file_id", "stored_file.id"),
        _refers("law_file", "law_id", "law.id"),
        _key("law_file", "law_id", "file_id"),
    )
    op.create_index(op.f("ix_law_file_file_id"), "law_file", ["file_id"])
    op.create_table(
        "law_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        _refers("law_reading", "law_id", "law.id"),
        _refers("law_reading", "person_id", "person.id"),
        _key("law_reading"),
        sa.UniqueConstraint("law_id", "person_id", name=op.f("uq_law_reading_law_id_person_id")),
    )
    op.create_index(op.f("ix_law_reading_person_id"), "law_reading", ["person_id"])


def _assignments() -> None:
    op.create_table(
        "assignment",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        _refers("assignment", "person_id", "person.id"),
        _key("assignment"),
        sa.UniqueConstraint("number", name=op.f("uq_assignment_number")),
    )
    op.create_index(op.f("ix_assignment_case_id"), "assignment", ["case_id"])
    op.create_index(op.f("ix_assignment_status"), "assignment", ["status"])
    op.create_index("ix_assignment_person_id_due_on", "assignment", ["person_id", "due_on"])


def downgrade() -> None:
    """The tables go; what meetings counted is forgotten."""
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.drop_column("countable")
    for table in ("assignment", "law_reading", "law_file", "law", "former_service"):
        op.drop_table(table)
