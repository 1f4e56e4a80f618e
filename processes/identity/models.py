"""Who works where: service units, organizations, people, the posts they hold, and their sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from processes.db import Base


class Unit(Base):
    """A district or development zone that is served (第二条); its division code may change or be used again."""

    __tablename__ = "unit"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Opaque and stable, e.g. `CQ-500101`; never parsed."""
    division_code: Mapped[str | None]
    """GB/T 2260 code; development zones have none."""
    name: Mapped[str]
    short_name: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    """区, 县, 自治县 or 开发区."""
    zone: Mapped[str]
    """Part of the city: 中心城区, 主城新区 …"""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """Last day as a service unit."""
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    place: Mapped[int]
    """Order in lists."""
    note: Mapped[str] = mapped_column(default="")


class Organization(Base):
    """A bureau, a government or an employer in which people work."""

    __tablename__ = "organization"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Opaque and stable: `city_bureau`, `hr_bureau`, `gov:<unit>`, `bureau:<unit>`, `employer:<n>`."""
    kind: Mapped[str] = mapped_column(index=True)
    """`city_bureau`, `hr_bureau`, `district_government`, `district_bureau` or `employer`."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody has checked the name; those of districts were formed by one rule."""


class Person(Base):
    """Somebody who logs in."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    password_set_at: Mapped[datetime]
    password_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the password was made by the administrator: the person changes it before anything else."""

    holdings: Mapped[list[PostHolding]] = relationship(back_populates="person", order_by="PostHolding.role")
    stands_in: Mapped[list[StandIn]] = relationship(
        foreign_keys="StandIn.person_id", back_populates="person", order_by="StandIn.created_at"
    )


class PostHolding(Base):
    """A person holds a post at an organization for a time; several posts a person, several people a post."""

    __tablename__ = "post_holding"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organization_id", "valid_from"),
        Index("ix_post_holding_role_organization_id", "role", "organization_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    """A key of `processes.identity.posts.POSTS`, e.g. `city_bureau.clerk`."""
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    """None for planners and applicants, who act for themselves."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="holdings")
    organization: Mapped[Organization | None] = relationship()


class StandIn(Base):
    """A person does the work of another for a time (代理); only the other's own work, never what he stands in for."""

    __tablename__ = "stand_in"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """Whose work it is."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """Who does it meanwhile."""
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    """Last day."""
    processes: Mapped[list[str]]
    """Keys of the definitions it is limited to; empty: all."""
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    """When it was ended before its last day."""

    principal: Mapped[Person] = relationship(foreign_keys=[principal_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="stands_in")


class LogInSession(Base):
    """A log-in that lasts; the cookie holds the token, the database its hash."""

    __tablename__ = "log_in_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")


class FailedLogIn(Base):
    """Wrong passwords in a row, for one login name or one address."""

    __tablename__ = "failed_log_in"

    subject: Mapped[str] = mapped_column(primary_key=True)
    """`login:<name>` or `address:<ip>`."""
    count: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class ApiToken(Base):
    """A bearer token of a person for the HTTP API; only its hash is kept."""

    __tablename__ = "api_token"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Preference(Base):
    """A small setting of one person, such as a saved filter."""

    __tablename__ = "preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
