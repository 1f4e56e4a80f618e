"""合议材料: who could serve at which post; a ranking aid by the criteria of the text, never a decision (第五条)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from processes.registers.applications import Application
from processes.registers.planner_posts import PlannerPost

NOT_WISHED = 99
"""Place in the order of a unit that was not wished for."""


@dataclass(frozen=True)
class Match:
    """A person who could serve at a post."""

    application: Application
    wish: int | None
    """Place of the unit among the person's wishes, 1 for the first; None: not wished for, may be assigned."""
    specialties: int
    """How many of the post's specialties the person has."""
    elsewhere: int
    """For how many posts of other units the person could be named as well."""
    rivals: tuple[str, ...] = ()
    """Other units for which the person comes first too: the conflict that the panel has to settle."""

    @property
    def order(self) -> tuple[int, int, int, str]:
        """First wish, specialties, who is needed least elsewhere; the number only keeps the listing steady."""
        return (self.wish or NOT_WISHED, -self.specialties, self.elsewhere, self.application.number)

    @property
    def line(self) -> str:
        """The person in a line of the book."""
        wish = f"第{self.wish}志愿" if self.wish else "服从统筹"
        conflict = f"；冲突：{'、'.join(self.rivals)}同为首位" if self.rivals else ""
        way = "待认定" if self.application.by_practice else "一般条件"
        return f"{self.application.name}（{wish}，专业匹配{self.specialties}项，{way}{conflict}）"


Book = dict[UUID, list[Match]]
"""The people who could serve at each post, the best placed first."""


def book(posts: Sequence[PlannerPost], applications: Sequence[Application]) -> Book:
    """Who could serve at which post.

    A person is not listed for a unit in which there is a conflict of interest, nor for one that was not wished for
    unless the person may be assigned.
    """
    possible = {post.id: [each for each in applications if _possible(post, each)] for post in posts}
    in_all = Counter(each.id for listed in possible.values() for each in listed)
    in_unit = Counter((post.unit_id, each.id) for post in posts for each in possible[post.id])
    listed = {
        post.id: sorted(
            (_match(post, each, in_all[each.id] - in_unit[post.unit_id, each.id]) for each in possible[post.id]),
            key=lambda match: match.order,
        )
        for post in posts
    }
    first = _firsts(posts, listed)
    return {
        post.id: [_with_rivals(post, each, place, first) for place, each in enumerate(listed[post.id])]
        for post in posts
    }


def conflicts(made: Book) -> int:
    """How many people come first for several units."""
    return len({each.application.id for listed in made.values() for each in listed if each.rivals})


def _possible(post: PlannerPost, application: Application) -> bool:
    avoided = {row.get("unit") for row in application.avoid_units if isinstance(row, dict)}
    wished = application.accept_assign or post.unit_id in application.units_wanted
    return wished and post.unit_id not in avoided


def _match(post: PlannerPost, application: Application, elsewhere: int) -> Match:
    wishes = list(application.units_wanted)
    wish = wishes.index(post.unit_id) + 1 if post.unit_id in wishes else None
    return Match(application, wish, len(set(post.specialties) & set(application.specialties)), elsewhere)


def _firsts(posts: Sequence[PlannerPost], listed: Book) -> dict[UUID, dict[str, str]]:
    """The units, id and name, for which each person comes first."""
    found: dict[UUID, dict[str, str]] = {}
    for post in posts:
        if listed[post.id]:
            found.setdefault(listed[post.id][0].application.id, {})[post.unit_id] = post.unit.name
    return found


def _with_rivals(post: PlannerPost, match: Match, place: int, first: dict[UUID, dict[str, str]]) -> Match:
    if place:
        return match
    others = [name for unit_id, name in first[match.application.id].items() if unit_id != post.unit_id]
    return replace(match, rivals=tuple(others))
