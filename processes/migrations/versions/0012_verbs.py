"""The verbs of a government desk: tasks asked of others first, stand-ins, copies, phrases, attachments, hand-overs.

Revision: 0012, after: 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("work_item") as table:
        table.add_column(sa.Column("opened_at", MOMENT, nullable=True))
        table.add_column(sa.Column("opened_by", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("on_behalf_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("attached_to_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("attached_as", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("visit_id", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("followed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_work_item_attached",
        "work_item",
        ["attached_to_id"],
        sqlite_where=sa.text("attached_to_id IS NOT NULL"),
        postgresql_where=sa.text("attached_to_id IS NOT NULL"),
    )
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("processes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["person.id"], name=op.f("fk_stand_in_principal_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stand_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index(op.f("ix_stand_in_principal_id"), "stand_in", ["principal_id"])
    op.create_index(op.f("ix_stand_in_person_id"), "stand_in", ["person_id"])
    op.create_table(
        "circulation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("passed_on_from", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["process_case.id"], name=op.f("fk_circulation_case_id")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_circulation_work_item_id")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_circulation_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_circulation_to_id")),
        sa.ForeignKeyConstraint(["passed_on_from"], ["circulation.id"], name=op.f("fk_circulation_passed_on_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulation")),
    )
    op.create_index("ix_circulation_to_id_at_id", "circulation", ["to_id", "at", "id"])
    op.create_index("ix_circulation_case_id_at", "circulation", ["case_id", "at"])
    op.create_index("ix_circulation_unread", "circulation", ["to_id", "kind", "read_at"])
    op.create_table(
        "phrase",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phrase_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
    )
    op.create_index(op.f("ix_phrase_person_id"), "phrase", ["person_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["process_case.id"], name=op.f("fk_attachment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"])
    op.create_table(
        "attachment_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_version_attachment_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_version_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attachment_version_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_version")),
        sa.UniqueConstraint("attachment_id", "number", name=op.f("uq_attachment_version_attachment_id_number")),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("leaver", sa.String(), nullable=False),
        sa.Column("successor", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_hand_over_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_hand_over_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("number", name=op.f("uq_hand_over_number")),
    )
    op.create_index(op.f("ix_hand_over_from_id"), "hand_over", ["from_id"])


def downgrade() -> None:
    for name in ("hand_over", "attachment_version", "attachment", "phrase", "circulation", "stand_in"):
        op.drop_table(name)
    op.drop_index("ix_work_item_attached", table_name="work_item")
    with op.batch_alter_table("work_item") as table:
        for name in ("followed", "visit_id", "attached_as", "attached_to_id", "on_behalf_id", "opened_by", "opened_at"):
            table.drop_column(name)
