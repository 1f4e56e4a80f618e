"""Every register that can be shown, by its name."""

from __future__ import annotations

from processes.errors import NotFound
from processes.messages import message
from processes.registers.catalogue.appointment import APPOINTMENT
from processes.registers.catalogue.appraisal import APPRAISAL
from processes.registers.catalogue.benefits import BENEFITS
from processes.registers.catalogue.corrections import CORRECTIONS
from processes.registers.catalogue.duties import DUTIES
from processes.registers.catalogue.expenses import EXPENSES
from processes.registers.catalogue.leaving import LEAVING
from processes.registers.catalogue.materials import MATERIALS
from processes.registers.catalogue.matters import MATTERS
from processes.registers.catalogue.meetings import MEETINGS
from processes.registers.catalogue.objections import OBJECTIONS
from processes.registers.catalogue.reports import REPORTS
from processes.registers.catalogue.service import SERVICE
from processes.registers.catalogue.suggestions import SUGGESTIONS
from processes.registers.listing import Register

_ALL = (
    *APPOINTMENT,
    *SERVICE,
    *APPRAISAL,
    *MATTERS,
    *LEAVING,
    *SUGGESTIONS,
    *MATERIALS,
    *MEETINGS,
    *EXPENSES,
    *REPORTS,
    *CORRECTIONS,
    *BENEFITS,
    *OBJECTIONS,
    *DUTIES,
)
REGISTERS: dict[str, Register] = {register.name: register for register in _ALL}
"""Every register by its name."""


def register(name: str) -> Register:
    """The register with this name, or `NotFound`."""
    found = REGISTERS.get(name)
    if found is None:
        raise NotFound(message("没有名为“%(name)s”的台账。", name=name))
    return found
