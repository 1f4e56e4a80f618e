"""Small makers of what tests need: people with posts, organizations, a house with operations, diagrams from lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from processes import clock
from processes.documents.fonts import FontFolder
from processes.engine.house import House, Operation, Parameter
from processes.files import FileStore
from processes.forms.wording import Wording
from processes.identity.actor import Actor, Holding
from processes.identity.models import Organization, Person, PostHolding, Unit
from processes.workcalendar import load_work_calendar

UNITS = {"CQ-500101": "万州区", "CQ-500102": "涪陵区", "CQ-500103": "渝中区"}


def make_house(folder: Path, operations: Mapping[str, Callable[..., Any]] | None = None) -> House:
    """A house with real files and calendar, and operations from plain functions."""
    return House(
        calendar=load_work_calendar(),
        files=FileStore(folder / "files"),
        fonts=FontFolder(),
        operations={
            name: Operation(name, Wording(name), run, _parameters(run)) for name, run in (operations or {}).items()
        },
    )


def _parameters(run: Callable[..., Any]) -> tuple[Parameter, ...]:
    names = getattr(run, "parameters", ())
    return tuple(Parameter(name, Wording(name)) for name in names)


def make_organizations(session: Session) -> None:
    """The city bureau, the HR bureau and three districts with their governments and bureaus."""
    session.add_all(
        [
            Organization(id="city_bureau", kind="city_bureau", name="重庆市规划和自然资源局"),
            Organization(id="hr_bureau", kind="hr_bureau", name="重庆市人力资源和社会保障局"),
        ]
    )
    for place, (unit_id, name) in enumerate(UNITS.items(), 1):
        unit = Unit(
            id=unit_id,
            division_code=unit_id[3:],
            name=name,
            short_name=name[:2],
            name_en=name,
            kind="区",
            zone="",
            place=place,
        )
        session.add(unit)
        session.flush()
        session.add_all(
            [
                Organization(
                    id=f"gov:{unit_id}", kind="district_government", name=f"重庆市{name}人民政府", unit_id=unit_id
                ),
                Organization(
                    id=f"bureau:{unit_id}", kind="district_bureau", name=f"{name}规划和自然资源局", unit_id=unit_id
                ),
            ]
        )
    session.flush()


def make_person(session: Session, login: str, *posts: tuple[str, str | None], name: str = "") -> Actor:
    """A person who holds posts, each as role and organization; the actor the desk makes of a log-in."""
    now = clock.now()
    person = Person(login=login, name=name or login, password_hash="-", created_at=now, password_set_at=now)
    session.add(person)
    session.flush()
    holdings = []
    for role, organization_id in posts:
        session.add(PostHolding(person_id=person.id, role=role, organization_id=organization_id))
        organization = session.get(Organization, organization_id) if organization_id else None
        holdings.append(Holding(role, organization_id, organization.unit_id if organization else None))
    session.flush()
    return Actor(person.id, person.name, login, tuple(holdings))
