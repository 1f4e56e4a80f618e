"""Who acts: always an argument, never a global."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from processes.errors import NotAllowed
from processes.messages import Message


@dataclass(frozen=True)
class Holding:
    """A post as it is held now."""

    role: str
    organization_id: str | None
    unit_id: str | None


@dataclass(frozen=True)
class StandingIn:
    """Somebody whose work one does meanwhile (代理)."""

    person_id: UUID
    name: str
    holdings: tuple[Holding, ...]
    processes: frozenset[str] = frozenset()
    """Keys of the definitions it is limited to; empty: all."""

    def covers(self, process: str) -> bool:
        """Whether it is for this procedure."""
        return not self.processes or process in self.processes


@dataclass(frozen=True)
class Actor:
    """A person with the posts held at this moment, or the desk itself."""

    person_id: UUID | None
    name: str
    login: str = ""
    holdings: tuple[Holding, ...] = ()
    address: str = ""
    """Where the request came from, for the audit trail."""
    standing_in: tuple[StandingIn, ...] = ()
    """For whom the person acts today besides himself; it goes no further than that."""

    @property
    def is_system(self) -> bool:
        """Whether the desk acts by itself: timers, jobs, messages."""
        return self.person_id is None

    def has(self, *roles: str) -> bool:
        """Whether one of the posts is held, at whatever organization."""
        return any(holding.role in roles for holding in self.holdings)

    def need(self, *roles: str, text: Message | None = None) -> None:
        """Raise `NotAllowed` unless one of the posts is held."""
        if not self.is_system and not self.has(*roles):
            raise NotAllowed(text)

    def units(self, *roles: str) -> frozenset[str]:
        """The units for whose organizations one of the posts is held."""
        return frozenset(each.unit_id for each in self.holdings if each.unit_id and (not roles or each.role in roles))


SYSTEM = Actor(None, "系统")
"""The desk itself."""
