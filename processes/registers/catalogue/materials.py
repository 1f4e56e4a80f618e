"""The registers of material: requests, and what was given or lent (第九条(一))."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column, unit_columns
from processes.registers.listing import Register
from processes.registers.materials import (
    DELIVERY_KINDS,
    MATERIAL_STATUSES,
    SECRECY,
    Delivery,
    MaterialRequest,
)

_REQUESTS = Register(
    "material_requests",
    Wording("资料申请", "Requests for material"),
    (
        *ids(MaterialRequest, "id", "case_id", "person_id"),
        column("number", "编号", "No.", MaterialRequest.number, search=True),
        *unit_columns(),
        planner_column(),
        column("secrecy", "密级情况", "Secrecy", MaterialRequest.secrecy, "status", words=SECRECY),
        column("asked_on", "申请日期", "Asked", MaterialRequest.asked_on, "date"),
        column("due_on", "答复期限", "Due", MaterialRequest.due_on, "date"),
        status_column(MaterialRequest.status, MATERIAL_STATUSES),
        column("answered_on", "答复日期", "Answered", MaterialRequest.answered_on, "date"),
        column("reason", "理由", "Reasons", MaterialRequest.reason, "long", search=True),
        column("received_on", "签收日期", "Received", MaterialRequest.received_on, "date"),
        column("mediated_on", "协调日期", "Mediated", MaterialRequest.mediated_on, "date"),
    ),
    select(MaterialRequest).join(MaterialRequest.unit).join(MaterialRequest.person),
    (MaterialRequest.asked_on.desc(), MaterialRequest.id),
)

_DELIVERIES = Register(
    "deliveries",
    Wording("资料交接与借阅", "Material given and lent"),
    (
        *ids(Delivery, "id", "request_id"),
        id_column("person_id", MaterialRequest.person_id),
        column("number", "申请编号", "Request no.", MaterialRequest.number, search=True),
        *unit_columns(),
        planner_column(),
        column("item", "资料", "Material", Delivery.name, search=True),
        column("kind", "方式", "Way", Delivery.kind, "status", words=DELIVERY_KINDS),
        column("carrier", "载体", "Carrier", Delivery.carrier),
        column("where", "交接地点", "Where", Delivery.where),
        column("given_on", "提供日期", "Given", Delivery.given_on, "date"),
        column("return_due", "应归还日期", "To be returned", Delivery.return_due, "date"),
        column("returned_on", "归还日期", "Returned", Delivery.returned_on, "date"),
        column("lost", "遗失", "Lost", Delivery.lost, "boolean"),
        column("return_note", "说明", "Note", Delivery.return_note, "long"),
    ),
    select(Delivery)
    .join(Delivery.request)
    .join(Unit, MaterialRequest.unit_id == Unit.id)
    .join(Person, MaterialRequest.person_id == Person.id),
    (Delivery.given_on.desc(), Delivery.id),
)

MATERIALS = (_REQUESTS, _DELIVERIES)
"""The registers of material, in the order in which they are offered."""
