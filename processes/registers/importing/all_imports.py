"""Every import there is, by its name, and who may use it."""

from __future__ import annotations

from processes.errors import NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.importing.activities import ACTIVITIES
from processes.registers.importing.experts import EXPERTS
from processes.registers.importing.grades import APPRAISAL_GRADES
from processes.registers.importing.organizations import ORGANIZATIONS
from processes.registers.importing.people import PEOPLE
from processes.registers.importing.posts import POSTS_HELD
from processes.registers.importing.sheets import Import
from processes.registers.importing.standards import TRAVEL_STANDARDS

IMPORTS: dict[str, Import] = {
    each.name: each
    for each in (EXPERTS, POSTS_HELD, ACTIVITIES, APPRAISAL_GRADES, TRAVEL_STANDARDS, PEOPLE, ORGANIZATIONS)
}
"""Every import by its name."""
IMPORTERS = tuple(dict.fromkeys(post for each in IMPORTS.values() for post in each.posts))
"""The posts that may import anything."""


def import_named(actor: Actor, name: str) -> Import:
    """An import that the actor may use, `NotAllowed` or `NotFound`."""
    found = IMPORTS.get(name)
    if found is None:
        raise NotFound(message("没有名为“%(name)s”的导入。", name=name))
    if not actor.has(*found.posts):
        raise NotAllowed(message("您的岗位不能导入“%(title)s”。", title=found.title.zh))
    return found


def offered_to(actor: Actor) -> list[Import]:
    """The imports that the actor may use."""
    return [each for each in IMPORTS.values() if actor.has(*each.posts)]


def of_register(actor: Actor, register: str) -> Import | None:
    """The import that belongs to a register's page, where the actor may use it."""
    return next((each for each in offered_to(actor) if each.register == register), None)
