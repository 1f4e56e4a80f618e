"""Export of a whole case: read in one moment, packed without a transaction, told to the audit trail."""

from __future__ import annotations

import threading
from typing import BinaryIO
from uuid import UUID

from processes import audit
from processes.consistency.snapshot import snapshot
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import message
from webapp.desk import Desk
from webapp.dossier.contents import Exported
from webapp.dossier.gathering import gathered
from webapp.dossier.packing import pack

AT_ONCE = 2
"""Exports that one process makes at the same time: each takes a processor for some seconds."""
EXPORTED = "case.export"
_places = threading.BoundedSemaphore(AT_ONCE)


def export_case(desk: Desk, actor: Actor, case_id: UUID, target: BinaryIO) -> Exported:
    """Write the zip of a case to an open file; who took it away stands in the audit trail before anybody has it."""
    if not _places.acquire(blocking=False):
        raise Conflict(message("正在导出其他案卷，请稍后再试。"))
    try:
        with snapshot(desk.db) as session:
            dossier = gathered(session, desk, actor, case_id)
            session.expunge_all()  # what was read stays readable
        files = pack(dossier, desk.house.fonts, target)
    finally:
        _places.release()
    whole = list(dossier.whole())
    missing = sum(len(each.missing) for each in whole)
    with desk.db.transaction() as session:
        audit.record(session, actor, EXPORTED, f"case:{case_id}", files=files, cases=len(whole))
        for each in whole[1:]:
            audit.record(session, actor, EXPORTED, f"case:{each.case.id}", part_of=dossier.case.number)
    return Exported(dossier.case.id, dossier.case.number, files, len(whole), missing)
