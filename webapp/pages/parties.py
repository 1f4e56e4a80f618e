"""Who has to do a task, in words: a person, or a post at an organization."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import WorkItem
from processes.engine.tracking import ItemFacts
from processes.identity.models import Organization, Person
from processes.identity.posts import POSTS


@dataclass(frozen=True)
class Party:
    """Whose task it is: the organization or the person, and the post if it is not one person's."""

    name: str
    post: str = ""


def parties(session: Session, items: Sequence[WorkItem | ItemFacts], language: str) -> dict[UUID, Party]:
    """For each task the organization with its post, or the person, in two queries for all."""
    places = {each.organization_id for each in items if each.organization_id and each.person_id is None}
    ids = {each.person_id for each in items if each.person_id}
    names = _organizations(session, places, language) if places else {}
    people = _people(session, ids) if ids else {}
    return {each.id: _party(each, names, people, language) for each in items}


def _organizations(session: Session, ids: Set[str], language: str) -> dict[str, str]:
    query = select(Organization.id, Organization.name, Organization.name_en).where(Organization.id.in_(ids))
    return {row.id: (row.name_en if language == "en" and row.name_en else row.name) for row in session.execute(query)}


def _people(session: Session, ids: Set[UUID]) -> dict[UUID, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def party(session: Session, item: WorkItem, language: str) -> Party:
    """Who has to do one task."""
    return parties(session, [item], language)[item.id]


def _party(item: WorkItem | ItemFacts, names: dict[str, str], people: dict[UUID, str], language: str) -> Party:
    if item.person_id is not None:
        return Party(people.get(item.person_id, ""))
    post = POSTS.get(item.role)
    title = "" if post is None else post.en if language == "en" else post.zh
    place = names.get(item.organization_id or "", "")
    return Party(place, title) if place else Party(title)
