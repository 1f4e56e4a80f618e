"""Back to an earlier version: a draft with its content, which goes through the same gate."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from processes import audit
from processes.engine import definitions, drafts
from processes.engine.drafts import Draft
from processes.engine.publishing.submitting import MAY_SUBMIT
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import message


def roll_back(session: Session, actor: Actor, definition_id: UUID) -> Draft:
    """A draft with the content of an earlier version; published, it is that version which is in force again."""
    actor.need(*MAY_SUBMIT, text=message("只有流程管理员可以恢复流程的旧版本。"))
    wanted = definitions.definition(session, definition_id)
    if wanted.active:
        raise Conflict(message("第 %(version)s 版已是启用的版本。", version=wanted.version))
    title = message("%(title)s：恢复第 %(version)s 版", title=wanted.title, version=wanted.version)
    made = drafts.create(session, actor, wanted.key, base_id=wanted.id, title=str(title))
    audit.record(session, actor, "publication.roll_back", drafts.about(made), key=wanted.key, version=wanted.version)
    return made
