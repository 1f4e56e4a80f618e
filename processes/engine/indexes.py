"""The indexes of cases and tasks: each is the order of one list, so that a page reads its own rows and no others.

Those of open and of done work are partial: a task leaves the former when it is done, so that they stay as small as the
inboxes are, however much has been finished. Why each is there: `docs/decisions/0013-lists.md`.
"""

from __future__ import annotations

from sqlalchemy import Index, text


def _part(name: str, *columns: str, where: str) -> Index:
    """An index of those rows alone that a list is about; its last columns are there so that counting reads no row."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


OF_CASES = (
    _part("ix_process_case_next_due", "next_due", where="next_due IS NOT NULL"),
    Index("ix_process_case_started_at_id", "started_at", "id"),
    Index("ix_process_case_key_started_at_id", "key", "started_at", "id"),
    Index("ix_process_case_process_id_started_at_id", "process_id", "started_at", "id"),
    Index("ix_process_case_status_started_at_id", "status", "started_at", "id"),
    Index("ix_process_case_stage_started_at_id", "stage", "started_at", "id"),
    Index("ix_process_case_unit_id_started_at_id", "unit_id", "started_at", "id"),
    Index("ix_process_case_subject_id_started_at_id", "subject_id", "started_at", "id"),
    Index("ix_process_case_parent_id_started_at_id", "parent_id", "started_at", "id"),
    Index("ix_process_case_started_by_id_started_at_id", "started_by_id", "started_at", "id"),
    Index("ix_process_case_number_begins", "number", postgresql_ops={"number": "text_pattern_ops"}),
    _part("ix_process_case_going_on", "started_at", "id", where="ended_at IS NULL"),
    _part("ix_process_case_going_on_definition_id", "definition_id", where="ended_at IS NULL"),
    _part("ix_process_case_going_on_started_by_id", "started_by_id", "status", where="ended_at IS NULL"),
    _part(
        "ix_process_case_going_on_stage",
        *("key", "process_id", "stage", "id", "started_by", "ended_at"),
        where="ended_at IS NULL",
    ),
    _part("ix_process_case_failed", "started_at", "id", where="open_incidents > 0"),
    _part("ix_process_case_suspended", "id", "status", where="status = 'suspended'"),
)
OF_WORK_ITEMS = (
    _part(
        "ix_work_item_open_pool",
        *(
            "organization_id",
            "role",
            "due_at",
            "created_at",
            "id",
            "case_id",
            "person_id",
            "claimed_by_id",
            "status",
        ),
        where="status = 'open' AND person_id IS NULL AND claimed_by_id IS NULL",
    ),
    _part(
        "ix_work_item_open_person",
        *("person_id", "due_at", "created_at", "id", "case_id", "status"),
        where="status = 'open' AND person_id IS NOT NULL",
    ),
    _part(
        "ix_work_item_open_claimed",
        *("claimed_by_id", "due_at", "created_at", "id", "case_id", "person_id", "status"),
        where="status = 'open' AND claimed_by_id IS NOT NULL",
    ),
    _part("ix_work_item_open_created_at", "created_at", "id", "status", where="status = 'open'"),
    _part("ix_work_item_open_step", "element_id", "step", "created_at", "id", "status", where="status = 'open'"),
    _part("ix_work_item_open_due_at", "due_at", "created_at", "id", "status", where="status = 'open'"),
    _part(
        "ix_work_item_open_organization_id",
        "organization_id",
        "role",
        "element_id",
        "due_at",
        "status",
        where="status = 'open'",
    ),
    _part(
        "ix_work_item_open_load",
        *("organization_id", "unit_id", "person_id", "claimed_by_id", "case_id", "due_at", "created_at", "status"),
        where="status = 'open'",
    ),
    _part(
        "ix_work_item_held",
        *("claimed_by_id", "person_id", "due_at", "created_at", "id", "status"),
        where="status = 'held'",
    ),
    _part("ix_work_item_done", "completed_by_id", "completed_at", "id", "status", where="status = 'done'"),
    _part("ix_work_item_done_process", "process_key", "completed_at", "status", where="status = 'done'"),
    Index("ix_work_item_party", "organization_id", "role", "created_at", "case_id", "person_id"),
    _part("ix_work_item_party_person", "person_id", "created_at", "case_id", where="person_id IS NOT NULL"),
    Index("ix_work_item_case", "case_id", "status"),
    _part("ix_work_item_attached", "attached_to_id", where="attached_to_id IS NOT NULL"),
)
