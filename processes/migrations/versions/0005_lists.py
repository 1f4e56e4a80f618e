"""Indexes of the lists, one for each order in which they are read; notices are read up to a moment.

Revision: 0005, after: 0004. Why each index is there: docs/decisions/0013-lists.md.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DROPPED = (
    ("ix_letter_unit_id", "letter", ["unit_id"]),
    ("ix_notice_person_id_at", "notice", ["person_id", "at"]),
    ("ix_notice_role_organization_id_at", "notice", ["role", "organization_id", "at"]),
    ("ix_process_case_definition_id", "process_case", ["definition_id"]),
    ("ix_process_case_key_status_started_at", "process_case", ["key", "status", "started_at"]),
    ("ix_process_case_parent_id", "process_case", ["parent_id"]),
    ("ix_process_case_process_id", "process_case", ["process_id"]),
    ("ix_process_case_started_by_id", "process_case", ["started_by_id"]),
    ("ix_process_case_status_started_at", "process_case", ["status", "started_at"]),
    ("ix_process_case_subject_id", "process_case", ["subject_id"]),
    ("ix_process_case_unit_id", "process_case", ["unit_id"]),
    ("ix_work_item_claimed_by_id", "work_item", ["claimed_by_id"]),
    ("ix_work_item_person", "work_item", ["person_id", "status", "due_at"]),
    ("ix_work_item_pool", "work_item", ["organization_id", "role", "status", "due_at"]),
    ("ix_work_item_status_due_at", "work_item", ["status", "due_at"]),
    ("ix_work_item_unit_id", "work_item", ["unit_id"]),
    ("ix_work_item_done", "work_item", ["completed_by_id", "completed_at"]),
)
MADE = (
    ("ix_application_round_id_number", "application", ["round_id", "number"], ""),
    ("ix_audit_entry_action_seq", "audit_entry", ["action", "seq"], ""),
    ("ix_audit_entry_actor_seq", "audit_entry", ["actor", "seq"], ""),
    ("ix_audit_entry_at", "audit_entry", ["at", "seq"], ""),
    ("ix_audit_entry_failed", "audit_entry", ["seq", "ok"], "ok = 0"),
    ("ix_audit_entry_subject_seq", "audit_entry", ["subject", "seq"], ""),
    ("ix_expert_name", "expert", ["name", "id"], ""),
    ("ix_letter_sent_on_number", "letter", ["sent_on", "number"], ""),
    ("ix_letter_unit_id_sent_on_number", "letter", ["unit_id", "sent_on", "number"], ""),
    ("ix_notice_person_id_at_id", "notice", ["person_id", "at", "id"], ""),
    ("ix_notice_role_organization_id_at_id", "notice", ["role", "organization_id", "at", "id", "person_id"], ""),
    ("ix_person_name", "person", ["name"], ""),
    ("ix_process_case_failed", "process_case", ["started_at", "id"], "open_incidents > 0"),
    ("ix_process_case_going_on", "process_case", ["started_at", "id"], "ended_at IS NULL"),
    ("ix_process_case_going_on_definition_id", "process_case", ["definition_id"], "ended_at IS NULL"),
    ("ix_process_case_going_on_started_by_id", "process_case", ["started_by_id", "status"], "ended_at IS NULL"),
    ("ix_process_case_key_started_at_id", "process_case", ["key", "started_at", "id"], ""),
    ("ix_process_case_number_begins", "process_case", ["number"], ""),
    ("ix_process_case_parent_id_started_at_id", "process_case", ["parent_id", "started_at", "id"], ""),
    ("ix_process_case_process_id_started_at_id", "process_case", ["process_id", "started_at", "id"], ""),
    ("ix_process_case_stage_started_at_id", "process_case", ["stage", "started_at", "id"], ""),
    ("ix_process_case_started_at_id", "process_case", ["started_at", "id"], ""),
    ("ix_process_case_started_by_id_started_at_id", "process_case", ["started_by_id", "started_at", "id"], ""),
    ("ix_process_case_status_started_at_id", "process_case", ["status", "started_at", "id"], ""),
    ("ix_process_case_subject_id_started_at_id", "process_case", ["subject_id", "started_at", "id"], ""),
    ("ix_process_case_suspended", "process_case", ["id", "status"], "status = 'suspended'"),
    ("ix_process_case_unit_id_started_at_id", "process_case", ["unit_id", "started_at", "id"], ""),
    ("ix_round_opened_at", "round", ["opened_at", "id"], ""),
    ("ix_work_item_done", "work_item", ["completed_by_id", "completed_at", "id", "status"], "status = 'done'"),
    ("ix_work_item_open_claimed", "work_item", ["claimed_by_id", "due_at", "created_at", "id", "case_id", "person_id", "status"], "status = 'open' AND claimed_by_id IS NOT NULL"),
    ("ix_work_item_open_created_at", "work_item", ["created_at", "id", "status"], "status = 'open'"),
    ("ix_work_item_open_due_at", "work_item", ["due_at", "created_at", "id", "status"], "status = 'open'"),
    ("ix_work_item_open_organization_id", "work_item", ["organization_id", "role", "element_id", "due_at", "status"], "status = 'open'"),
    ("ix_work_item_open_person", "work_item", ["person_id", "due_at", "created_at", "id", "case_id", "status"], "status = 'open' AND person_id IS NOT NULL"),
    ("ix_work_item_open_pool", "work_item", ["organization_id", "role", "due_at", "created_at", "id", "case_id", "person_id", "claimed_by_id", "status"], "status = 'open' AND person_id IS NULL AND claimed_by_id IS NULL"),
    ("ix_work_item_open_step", "work_item", ["element_id", "step", "created_at", "id", "status"], "status = 'open'"),
    ("ix_work_item_party", "work_item", ["organization_id", "role", "created_at", "case_id", "person_id"], ""),
    ("ix_work_item_party_person", "work_item", ["person_id", "created_at", "case_id"], "person_id IS NOT NULL"),
)


def _make(name: str, table: str, columns: list[str], where: str = "") -> None:
    more = {}
    if where:
        more = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where.replace("ok = 0", "NOT ok"))}
    if name == "ix_process_case_number_begins":
        more["postgresql_ops"] = {"number": "text_pattern_ops"}
    op.create_index(name, table, columns, unique=False, **more)


def upgrade() -> None:
    for name, table, _columns in DROPPED:
        op.drop_index(name, table)
    for name, table, columns, where in MADE:
        _make(name, table, columns, where)
    op.create_table(
        "notices_seen",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notices_seen_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notices_seen")),
    )
    # Until now notices were always marked as read all at once, up to the moment of the click.
    op.execute("INSERT INTO notices_seen (person_id, until) SELECT person_id, max(at) FROM notice_read GROUP BY person_id")
    op.drop_table("notice_read")


def downgrade() -> None:
    op.create_table(
        "notice_read",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id_notice")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_read_person_id_person")),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_read")),
    )
    op.drop_table("notices_seen")
    for name, table, _columns, _where in MADE:
        op.drop_index(name, table)
    for name, table, columns in DROPPED:
        _make(name, table, columns)
