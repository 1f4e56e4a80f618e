"""What a program sends: published at once, or, where a second pair of eyes is needed, submitted like anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes.engine import deployment, drafts
from processes.engine.definitions import active_version
from processes.engine.deployment import Checked
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.publishing.approval import approval_needed
from processes.engine.publishing.models import Publication
from processes.engine.publishing.submitting import submit
from processes.identity.actor import Actor
from processes.messages import message


@dataclass(frozen=True)
class Delivered:
    """What became of it."""

    checked: Checked
    definition: Definition | None = None
    publication: Publication | None = None
    """Set where it waits for an approval."""


def deliver(
    session: Session, house: House, actor: Actor, files: Mapping[str, bytes], key: str = "", reason: str = ""
) -> Delivered:
    """Deploy a package, or submit it where a manager must approve; `Rejected` when the check finds errors.

    A content that is in force already needs no approval.
    """
    actor.need(*deployment.MAY_DEPLOY, text=message("只有流程管理员可以部署流程。"))
    if not approval_needed(session):
        definition, checked = deployment.deploy(session, house, actor, files, key)
        return Delivered(checked, definition)
    checked = deployment.checked(session, house, files, key)
    active = active_version(session, checked.key)
    if active is not None and active.content_hash == checked.package.content_hash:
        return Delivered(checked, active)
    base = active.id if active is not None else None
    title = next(iter(checked.package.processes.values())).name
    draft = drafts.create(session, actor, checked.key, base_id=base, files=checked.package.files, title=title)
    why = reason.strip() or str(message("由程序提交。"))
    return Delivered(checked, None, submit(session, house, actor, draft.id, why, by_program=True))
