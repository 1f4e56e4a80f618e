"""Definitions: versions of a diagram with its forms and documents, each frozen under the hash of its content."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine.models import Case, Definition, DefinitionFile
from processes.engine.packages import Package, ProcessFacts
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.turns import take_turn


def deploy(
    session: Session, actor: Actor, key: str, files: Mapping[str, bytes], *, activate: bool = True
) -> Definition:
    """Keep a package as the newest version of a key; a content that is known already stays the version it is.

    Raises `Invalid` when the diagram cannot be executed or a form cannot be read.
    """
    made = Package(files)
    _take_turn(session, key)
    known = session.scalars(
        select(Definition).where(Definition.key == key, Definition.content_hash == made.content_hash)
    ).one_or_none()
    definition = known or _new_version(session, actor, key, made)
    if activate:
        make_active(session, definition)
    audit.record(
        session, actor, "definition.deploy", f"definition:{definition.id}", key=key, version=definition.version
    )
    return definition


def _new_version(session: Session, actor: Actor, key: str, made: Package) -> Definition:
    last = session.scalar(select(func.max(Definition.version)).where(Definition.key == key)) or 0
    definition = Definition(
        key=key,
        version=last + 1,
        title=_title(made),
        content_hash=made.content_hash,
        deployed_at=clock.now(),
        deployed_by=actor.name,
        active=False,
        processes=[_as_data(facts) for facts in made.processes.values()],
        files=[DefinitionFile(path=path, content=content) for path, content in made.files.items()],
    )
    session.add(definition)
    session.flush()
    return definition


def _title(made: Package) -> str:
    return next(iter(made.processes.values())).name


def _as_data(facts: ProcessFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "name": facts.name,
        "title": facts.title,
        "code": facts.code,
        "starters": list(facts.starters),
        "stages": [{"key": stage.key, "zh": stage.title.zh, "en": stage.title.en} for stage in facts.stages],
    }


def make_active(session: Session, definition: Definition) -> None:
    """Let new cases of a key start on this version."""
    _take_turn(session, definition.key)
    session.execute(
        update(Definition).where(Definition.key == definition.key, Definition.id != definition.id).values(active=False)
    )
    definition.active = True
    session.flush()


def _take_turn(session: Session, key: str) -> None:
    """Two who publish under one key do it one after the other: versions follow each other and one is active."""
    take_turn(session, f"definition:{key}")


def active_definition(session: Session, key: str) -> Definition:
    """The version on which new cases of a key start, or `NotFound`."""
    found = active_version(session, key)
    if found is None:
        raise NotFound(message("没有名为“%(key)s”的流程。", key=key))
    return found


def active_version(session: Session, key: str) -> Definition | None:
    """The version on which new cases of a key start, if there is such a key."""
    return session.scalars(
        select(Definition).where(Definition.key == key, Definition.active).order_by(Definition.version.desc()).limit(1)
    ).first()


def definition(session: Session, definition_id: UUID) -> Definition:
    """A definition, or `NotFound`."""
    found = session.get(Definition, definition_id)
    if found is None:
        raise NotFound(message("没有这个流程定义。"))
    return found


def active_definitions(session: Session) -> Sequence[Definition]:
    """All versions on which cases may start, by key."""
    return session.scalars(select(Definition).where(Definition.active).order_by(Definition.key)).all()


def versions(session: Session, key: str = "", *, only_active: bool = False) -> Sequence[Definition]:
    """All versions, newest first; of one key, or only those on which cases may start."""
    query = select(Definition).order_by(Definition.deployed_at.desc(), Definition.key, Definition.version.desc())
    if key:
        query = query.where(Definition.key == key)
    return session.scalars(query.where(Definition.active) if only_active else query).all()


def keys(session: Session, search: str = "", *, offset: int = 0, limit: int = 20) -> tuple[Sequence[str], int]:
    """Keys with a version whose key or title holds a text, in order, and how many there are in all."""
    wanted = select(Definition.key).distinct()
    if search:
        found = (Definition.key.icontains(search, autoescape=True), Definition.title.icontains(search, autoescape=True))
        wanted = wanted.where(or_(*found))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return session.scalars(wanted.order_by(Definition.key).offset(offset).limit(limit)).all(), total


def versions_of(session: Session, keys: Sequence[str]) -> dict[str, list[Definition]]:
    """All versions of some keys, newest first."""
    found: dict[str, list[Definition]] = {key: [] for key in keys}
    query = select(Definition).where(Definition.key.in_(keys)).order_by(Definition.version.desc())
    for each in session.scalars(query):
        found[each.key].append(each)
    return found


def running_cases(session: Session, definition_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many cases that have not ended run on each version; a version without any is left out."""
    query = (
        select(Case.definition_id, func.count())
        .where(Case.definition_id.in_(definition_ids), Case.ended_at.is_(None))
        .group_by(Case.definition_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def startable(session: Session, actor: Actor) -> list[tuple[Definition, dict[str, Any]]]:
    """The processes that a person may start by hand."""
    return [
        (each, process)
        for each in active_definitions(session)
        for process in each.processes
        if process["starters"] and actor.has(*process["starters"])
    ]


def process_path(key: str, process_id: str) -> str:
    """How a process is named so that no other is meant: two procedures may call their processes the same."""
    return f"{key}/{process_id}"


def process_named(session: Session, actor: Actor, name: str) -> tuple[Definition, str]:
    """The process that a program means: by `process_path`, by key of its definition, by its id, or `NotFound`.

    Of several processes under one key it is the one of that name, else the first that the actor may start; of one id
    in several definitions it is the one deployed last.
    """
    found = active_definitions(session)
    for each in found:
        for process in each.processes:
            if process_path(each.key, process["id"]) == name:
                return each, process["id"]
    keyed = next((each for each in found if each.key == name), None)
    if keyed is not None:
        ids = [process["id"] for process in keyed.processes]
        mine = [process["id"] for process in keyed.processes if actor.has(*process["starters"])]
        return keyed, next(each for each in (name, *mine, *ids) if each in ids)
    having = [each for each in found if any(process["id"] == name for process in each.processes)]
    if not having:
        raise NotFound(message("没有名为“%(key)s”的流程。", key=name))
    return max(having, key=lambda each: each.deployed_at), name
