"""From a cell of a register to the rows of another one that it is counted from, or that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from webapp.pages.card_tables import THERE
from webapp.pages.tables import Links

Row = Mapping[str, Any]
Way = Callable[[Links, Row], str | None]
NOT_SENT = "drafting,returned,missing"
SENT = "sent,accepted"


def cell_url(links: Links, register: str, column: str, row: Row) -> str | None:
    """Where a cell leads; None for one that leads nowhere, or to what the reader may not open."""
    way = WAYS.get((register, column))
    return way(links, row) if way and row.get(column) not in (None, "") else None


def _to(register: str, **keys: str) -> Way:
    """The rows of another register whose column has what a column of this row has."""

    def way(links: Links, row: Row) -> str | None:
        return links.register(register, **{theirs: row[ours] for theirs, ours in keys.items()})

    return way


def _card(links: Links, row: Row) -> str | None:
    return url_for("cards.planner", person_id=row["person_id"])


def _unit(links: Links, row: Row) -> str | None:
    return url_for("cards.unit", unit_id=row["id"])


def _of_year(register: str, **more: str) -> Way:
    """The rows of a planner's year."""

    def way(links: Links, row: Row) -> str | None:
        year = row["year"]
        return links.register(register, person_id=row["person_id"], first=f"{year}-01-01", last=f"{year}-12-31", **more)

    return way


def _reports(**more: str) -> Way:
    def way(links: Links, row: Row) -> str | None:
        return links.register("quarter_reports", quarter=row["quarter"], **more)

    return way


WAYS: Mapping[tuple[str, str], Way] = {
    ("units", "name"): _unit,
    ("rounds", "name"): _to("posts", round_id="id"),
    ("needs", "posts_fixed"): _to("posts", round_id="round_id", unit_id="unit_id"),
    ("experts", "name"): _to("appointments", person_id="person_id"),
    ("appointments", "name"): _card,
    ("activities", "number"): _to("attendances", activity_id="id"),
    ("attendances", "name"): _card,
    ("attendances", "status"): _to("opinions", attendance_id="id"),
    ("opinions", "number"): _to("opinion_items", opinion_id="id"),
    ("suggestions", "number"): _to("measures", suggestion_id="id"),
    ("travel_claims", "total_fen"): _to("claim_lines", claim_id="id"),
    ("work_funds", "consultations"): _of_year("attendances", record="confirmed", status=THERE),
    ("work_funds", "visits"): _of_year("attendances", record="confirmed", status="attended", mode="on_site"),
    ("work_funds", "opinions"): _of_year("opinions", record="confirmed"),
    ("appraisals", "title"): _to("appraisal_entries", appraisal_id="id"),
    ("appraisal_entries", "name"): _card,
    ("appraisal_entries", "grade"): _to("grade_versions", entry_id="id"),
    ("appraisal_entries", "score_x100"): _to("district_views", entry_id="id"),
    ("quarter_reports", "sent_on"): _to("quarter_snapshots", report_id="id"),
    ("quarter_notifications", "on_time"): _reports(status=SENT, days_late="0"),
    ("quarter_notifications", "late"): _reports(status=SENT),
    ("quarter_notifications", "missing"): _reports(status=NOT_SENT),
    ("interpretations", "number"): _to("switch_settings", interpretation_id="id"),
    ("material_requests", "number"): _to("deliveries", request_id="id"),
    ("meetings", "title"): _to("meeting_attendances", meeting_id="id"),
}
"""The cells that lead somewhere, by register and column."""
