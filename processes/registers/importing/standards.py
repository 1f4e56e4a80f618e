"""差旅标准: standards from a list, each from its day on; none that stands is changed (第九条(五))."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.registers.claims import STANDARDS, TravelStandard, set_standard
from processes.registers.importing.offers import options_of
from processes.registers.importing.sheets import Import, SheetColumn, Values
from processes.rules.allowances import Standard


def _standing(session: Session, actor: Actor, values: Values) -> Values | None:
    same = select(TravelStandard).where(
        TravelStandard.kind == values["kind"], TravelStandard.valid_from == values["valid_from"]
    )
    found = session.scalars(same.order_by(TravelStandard.id.desc()).limit(1)).first()
    if found is None:
        return None
    return {"kind": found.kind, "valid_from": found.valid_from, "fen": found.fen, "basis": found.basis}


def _carry_out(session: Session, actor: Actor, values: Values) -> None:
    set_standard(session, actor, Standard(values["kind"]), values["fen"], values["valid_from"], values["basis"])


TRAVEL_STANDARDS = Import(
    "travel_standards",
    Wording("差旅标准", "Travel standards"),
    Wording(
        "登记差旅费各项标准。新标准自起用日期起适用，此前的日子仍按原标准。",
        "Enters standards of travel; each holds from its day on, days before keep theirs.",
    ),
    ("city_bureau.finance",),
    (
        SheetColumn("kind", Wording("项目", "Kind"), "choice", required=True, options=options_of(STANDARDS)),
        SheetColumn("fen", Wording("标准（元）", "Amount, yuan"), "money", required=True, fields=("amount",)),
        SheetColumn("valid_from", Wording("起用日期", "From"), "day", required=True),
        SheetColumn("basis", Wording("依据", "Basis"), required=True, longest=200),
    ),
    ("kind", "valid_from"),
    _standing,
    _carry_out,
    register="travel_standards",
)
"""Standards of travel."""
