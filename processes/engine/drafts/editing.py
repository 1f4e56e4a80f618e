"""Drafts are made, saved file by file, and discarded; what two people do at once is told, never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from processes import audit, clock
from processes.engine import definitions
from processes.engine.bundles import check_amount, check_path
from processes.engine.deployment import KEY, MAY_DEPLOY
from processes.engine.drafts.beginning import empty_diagram
from processes.engine.drafts.models import DISCARDED, OPEN, Draft, DraftFile
from processes.engine.packages import DIAGRAM, Package, package
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import Message, message

MAY_EDIT = MAY_DEPLOY
LONGEST_TITLE = 100
LONGEST_REASON = 1000


class SavedMeanwhile(Conflict):
    """Somebody else has saved the same file since it was opened."""

    code = "saved-meanwhile"

    def __init__(self, path: str, who: str, when: datetime, revision: int) -> None:
        shown = clock.local(when).strftime("%Y-%m-%d %H:%M:%S")
        super().__init__(
            message(
                "%(who)s 已于 %(when)s 保存了 %(path)s，您的修改尚未保存。请查看对方的内容后再决定保留哪一份。",
                who=who,
                when=shown,
                path=path,
            )
        )
        self.path, self.who, self.when, self.revision = path, who, when, revision


def create(
    session: Session,
    actor: Actor,
    key: str,
    *,
    base_id: UUID | None = None,
    files: Mapping[str, bytes] | None = None,
    title: str = "",
) -> Draft:
    """A new draft: from a version, from files as they are, or with neither from an empty sheet.

    The files may be broken: a draft is kept even when it cannot be checked.
    """
    _need_owner(actor)
    _check_key(key)
    base = None if base_id is None else definitions.definition(session, base_id)
    title = (title.strip() or (base.title if base else key))[:LONGEST_TITLE]
    if files is None:
        files = package(session, base.id).files if base else {DIAGRAM: empty_diagram(key, title)}
    _check_files(files)
    now = clock.now()
    made = Draft(
        key=key,
        title=title,
        base_id=base_id,
        made_at=now,
        made_by=actor.name,
        made_by_id=actor.person_id,
        changed_at=now,
        changed_by=actor.name,
        changed_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    for path, content in files.items():
        session.add(_file(made, path, content, actor))
    session.flush()
    audit.record(session, actor, "draft.create", about(made), key=key, title=title)
    return made


def draft(session: Session, draft_id: UUID) -> Draft:
    """A draft, or `NotFound`."""
    found = session.get(Draft, draft_id)
    if found is None:
        raise NotFound(message("没有这份流程草稿。"))
    return found


def locked(session: Session, draft_id: UUID) -> Draft:
    """A draft that nobody else changes until the transaction ends, or `NotFound`."""
    query = select(Draft).where(Draft.id == draft_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(message("没有这份流程草稿。"))
    return found


def kept_files(session: Session, draft_id: UUID) -> Sequence[DraftFile]:
    """The files of a draft without their contents, by path."""
    query = select(DraftFile).where(DraftFile.draft_id == draft_id, DraftFile.content.is_not(None))
    return session.scalars(query.order_by(DraftFile.path)).all()


def files(session: Session, draft_id: UUID) -> dict[str, bytes]:
    """The files of a draft, byte for byte as they were saved."""
    query = select(DraftFile.path, DraftFile.content).where(DraftFile.draft_id == draft_id).order_by(DraftFile.path)
    return {path: content for path, content in session.execute(query) if content is not None}


def file(session: Session, draft_id: UUID, path: str) -> bytes:
    """One file of a draft, or `NotFound`."""
    query = select(DraftFile.content).where(DraftFile.draft_id == draft_id, DraftFile.path == path)
    content = session.scalars(query).one_or_none()
    if content is None:
        raise NotFound(message("流程包中没有文件“%(path)s”。", path=path))
    return content


def save_files(
    session: Session, actor: Actor, draft_id: UUID, changes: Mapping[str, bytes | None], revision: int
) -> Draft:
    """Save files of an open draft; None takes a file away.

    `revision` is the one that the actor has seen. A file that somebody has saved since is not overwritten:
    `SavedMeanwhile` says who and when. What is there already counts as saved, so that a save may be sent twice.
    """
    _need_owner(actor)
    for path in changes:
        check_path(path)
    found = locked(session, draft_id)
    _need_open(found)
    known = _known(session, draft_id, changes)
    moved = {path: content for path, content in changes.items() if _differs(known.get(path), content)}
    for path in moved:
        before = known.get(path)
        if before is not None and before.revision > revision:
            raise SavedMeanwhile(path, before.changed_by, before.changed_at, found.revision)
    if not moved:
        return found
    if DIAGRAM in moved and moved[DIAGRAM] is None:
        raise Invalid(message("流程包中不能没有流程图文件 %(name)s。", name=DIAGRAM))
    found.revision += 1
    found.changed_at, found.changed_by, found.changed_by_id = clock.now(), actor.name, actor.person_id
    for path, content in moved.items():
        session.merge(_file(found, path, content, actor))
    session.flush()
    _check_whole(session, draft_id)
    audit.record(
        session, actor, "draft.save", about(found), paths=", ".join(sorted(moved)[:20]), revision=found.revision
    )
    return found


def rename(session: Session, actor: Actor, draft_id: UUID, title: str) -> Draft:
    """Give a draft another name."""
    _need_owner(actor)
    found, title = locked(session, draft_id), title.strip()
    _need_open(found)
    if not title or len(title) > LONGEST_TITLE:
        text = message("草稿名称应为 1 至 %(most)s 个字。", most=LONGEST_TITLE)
        raise Invalid(text, {"title": text})
    if title != found.title:
        audit.record(session, actor, "draft.rename", about(found), name=title, name_before=found.title)
        found.title = title
    return found


def discard(session: Session, actor: Actor, draft_id: UUID, reason: str) -> Draft:
    """Give an open draft up, for a reason; it stays readable."""
    _need_owner(actor)
    found, reason = locked(session, draft_id), reason.strip()
    _need_open(found)
    if not reason or len(reason) > LONGEST_REASON:
        text = message("请填写放弃草稿的理由（不超过 %(most)s 字）。", most=LONGEST_REASON)
        raise Invalid(text, {"reason": text})
    found.state, found.reason = DISCARDED, reason
    found.changed_at, found.changed_by, found.changed_by_id = clock.now(), actor.name, actor.person_id
    audit.record(session, actor, "draft.discard", about(found), key=found.key, reason=reason)
    return found


def package_of(session: Session, draft_id: UUID) -> Package:
    """The draft as a package that could run; `Invalid` while it is broken."""
    draft(session, draft_id)
    return Package(files(session, draft_id))


def about(found: Draft) -> str:
    """How the audit trail calls a draft."""
    return f"draft:{found.id}"


def _need_owner(actor: Actor) -> None:
    actor.need(*MAY_EDIT, text=message("只有流程管理员可以修改流程草稿。"))


def _need_open(found: Draft) -> None:
    if found.state != OPEN:
        raise Conflict(closed_words(found.state))


def closed_words(state: str) -> Message:
    """Why a draft that is not open cannot be changed."""
    words = {
        "submitted": message("草稿已提交审核，不能再修改；需要修改时请先撤回。"),
        "approved": message("草稿已通过审核，不能再修改；需要修改时请先撤回。"),
        "published": message("草稿已发布，不能再修改；请从新版本另建草稿。"),
        "discarded": message("草稿已放弃，不能再修改。"),
    }
    return words.get(state, message("草稿的状态已变化，不能再修改。"))


def _check_key(key: str) -> None:
    if not KEY.fullmatch(key):
        text = message("流程键应以字母或汉字开头，由字母、数字、汉字和 _ . - 组成，不超过 80 字。")
        raise Invalid(text, {"key": text})


def _check_files(given: Mapping[str, bytes]) -> None:
    for path in given:
        check_path(path)
    check_amount(len(given), sum(len(content) for content in given.values()))


def _check_whole(session: Session, draft_id: UUID) -> None:
    query = select(func.count(), func.coalesce(func.sum(DraftFile.size), 0))
    count, size = session.execute(query.where(DraftFile.draft_id == draft_id, DraftFile.content.is_not(None))).one()
    check_amount(count, size)


def _known(session: Session, draft_id: UUID, changes: Mapping[str, bytes | None]) -> dict[str, DraftFile]:
    query = select(DraftFile).where(DraftFile.draft_id == draft_id, DraftFile.path.in_(changes))
    found = session.scalars(query.options(undefer(DraftFile.content)).execution_options(populate_existing=True))
    return {each.path: each for each in found}


def _differs(before: DraftFile | None, content: bytes | None) -> bool:
    return (before.content if before is not None else None) != content


def _file(of: Draft, path: str, content: bytes | None, actor: Actor) -> DraftFile:
    return DraftFile(
        draft_id=of.id,
        path=path,
        content=content,
        size=len(content or b""),
        revision=of.revision or 1,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
