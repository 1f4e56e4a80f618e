"""Many cases moved in the background: one case a transaction, what became of each is kept."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from processes import audit, clock, jobs
from processes.engine import definitions
from processes.engine.house import House
from processes.engine.models import Case, Definition
from processes.engine.moving.carrying import CannotMove, move, need_right
from processes.engine.moving.models import REFUSED, WAITING, CaseMove, MoveBatch
from processes.engine.moving.stored import as_data, finding_data
from processes.engine.moving.target import target_of_definition
from processes.engine.reasons import need_reason
from processes.errors import DeskError, Invalid, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.jobs import Taken
from processes.messages import message
from processes.paging import Listing, Page, counted, listed

MOVE = "case.move"
MOST_AT_ONCE = 5000


def cases_on(session: Session, key: str, page: Page, *, definition_id: UUID | None = None) -> Listing[Row[Case, int]]:
    """Running and suspended cases of a key with the versions they run on; of one version, or all, oldest first."""
    query = (
        select(Case, Definition.version)
        .join(Definition, Definition.id == Case.definition_id)
        .where(Case.key == key, Case.status.in_(("running", "suspended")))
        .order_by(Case.started_at, Case.id)
    )
    if definition_id is not None:
        query = query.where(Case.definition_id == definition_id)
    rows = session.execute(query.offset(page.offset).limit(page.rows + 1)).all()
    ids = query.with_only_columns(Case.id)
    return listed(rows, page, lambda: counted(session, ids))


def begin_batch(
    session: Session, actor: Actor, definition_id: UUID, reason: str, case_ids: Sequence[UUID] | None = None,
    *, from_id: UUID | None = None,
) -> MoveBatch:  # fmt: skip
    """Have cases moved to a version in the background: those that are named, else all that run on other versions.

    A suspended case is taken along to be refused: whoever reads the list sees it there, with the reason.
    """
    need_right(actor)
    reason = need_reason(reason)
    target = definitions.definition(session, definition_id)
    wanted = _wanted(session, target, case_ids, from_id)
    made = MoveBatch(
        id=uuid4(), key=target.key, to_id=target.id, reason=reason, at=clock.now(), by=actor.name,
        by_id=actor.person_id, total=len(wanted),
    )  # fmt: skip
    session.add(made)
    session.flush()
    for case_id, version in wanted.items():
        record = CaseMove(
            id=uuid4(), batch_id=made.id, case_id=case_id, from_id=version, to_id=target.id, state=WAITING,
            at=made.at, by=actor.name, by_id=actor.person_id, reason=reason, said=[],
        )  # fmt: skip
        session.add(record)
        jobs.enqueue_new(session, MOVE, {"move": str(record.id)}, key=f"{MOVE}:{record.id}")
    audit.record(
        session, actor, "case.move_many", f"definition:{target.id}", key=target.key, version=target.version,
        cases=len(wanted), reason=reason,
    )  # fmt: skip
    session.flush()
    return made


def _wanted(
    session: Session, target: Definition, case_ids: Sequence[UUID] | None, from_id: UUID | None
) -> dict[UUID, UUID]:
    """The cases to be moved, each with the version it runs on; `Invalid` where there are none, or too many at once."""
    query = select(Case.id, Case.definition_id).where(
        Case.key == target.key, Case.status.in_(("running", "suspended")), Case.definition_id != target.id
    )
    if from_id is not None:
        query = query.where(Case.definition_id == from_id)
    found = {case_id: version for case_id, version in session.execute(query.order_by(Case.started_at, Case.id))}
    if case_ids is not None:
        found = {case_id: found[case_id] for case_id in dict.fromkeys(case_ids) if case_id in found}
    if not found:
        raise Invalid(message("没有可以迁移到这个版本的在办案件。"), {"cases": message("请选择要迁移的案件。")})
    if len(found) > MOST_AT_ONCE:
        raise Invalid(message("一次最多迁移 %(count)s 件，请分批进行。", count=MOST_AT_ONCE))
    return found


def move_one(session: Session, house: House, job: Taken, made: object = None) -> None:
    """One case of a batch; a refusal is kept with its reason and stops nothing else."""
    record = session.get(CaseMove, UUID(job.args["move"]))
    if record is None or record.state != WAITING:
        return
    person = session.get(Person, record.by_id) if record.by_id is not None else None
    if person is None:
        raise NotFound(message("没有这个人员。"))
    record_id = record.id
    try:
        with session.begin_nested():
            target = target_of_definition(session, record.to_id)
            actor = actor_of(session, person, clock.today())
            move(session, house, actor, record.case_id, target, record.reason, record)
    except DeskError as refused:
        session.expire_all()
        kept = session.get_one(CaseMove, record_id)
        kept.state, kept.at = REFUSED, clock.now()
        kept.said = (
            [finding_data(each) for each in refused.obstacles]
            if isinstance(refused, CannotMove)
            else [{"element": "", "step": "", "text": as_data(refused.text)}]
        )


def batch(session: Session, batch_id: UUID) -> MoveBatch:
    """A batch, or `NotFound`."""
    found = session.get(MoveBatch, batch_id)
    if found is None:
        raise NotFound(message("没有这次迁移。"))
    return found


def batches(session: Session, key: str, limit: int = 20) -> Sequence[MoveBatch]:
    """The newest batches of a key."""
    return session.scalars(
        select(MoveBatch).where(MoveBatch.key == key).order_by(MoveBatch.at.desc()).limit(limit)
    ).all()


def counts(session: Session, batch_id: UUID) -> dict[str, int]:
    """How many cases of a batch are in each state."""
    query = select(CaseMove.state, func.count()).where(CaseMove.batch_id == batch_id).group_by(CaseMove.state)
    return {state: count for state, count in session.execute(query)}


def batch_rows(session: Session, batch_id: UUID, page: Page, state: str = "") -> Listing[Row[CaseMove, Case]]:
    """The cases of a batch with what became of them, those that were refused first."""
    query = select(CaseMove, Case).join(Case, Case.id == CaseMove.case_id).where(CaseMove.batch_id == batch_id)
    if state:
        query = query.where(CaseMove.state == state)
    order = (CaseMove.state != REFUSED, CaseMove.state, Case.number)
    rows = session.execute(query.order_by(*order).offset(page.offset).limit(page.rows + 1)).all()
    ids = query.with_only_columns(CaseMove.id)
    return listed(rows, page, lambda: counted(session, ids))
