"""A definition as it is used: diagram compiled, forms read, once for all cases and threads."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import DefinitionFile
from processes.engine.plain_forms import form_of_task
from processes.engine.spiff import Element, Program, compile_program
from processes.engine.tables import DMN, TABLES, Table, read_table
from processes.engine.verbs.opinion_form import OPINION, opinion_form
from processes.errors import Invalid, NotFound
from processes.forms.definition import FormDefinition
from processes.forms.wording import Wording
from processes.identity.posts import APART, NOBODY, POSTS
from processes.messages import message

DIAGRAM = "process.bpmn"
FORMS, JSON = "forms/", ".json"
MOST_CACHED = 64
_NAMED = re.compile(r"\{\s*(\w+)")
STAFF = tuple(role for role, post in POSTS.items() if post.organization_kind is not None and role not in APART)
"""Posts that may start a diagram that does not say who may."""


@dataclass(frozen=True)
class Stage:
    """A phase of a procedure, in the order in which it is reached."""

    key: str
    title: Wording


@dataclass(frozen=True)
class ProcessFacts:
    """What a process says about itself."""

    id: str
    name: str
    title: str
    """Template of the case title."""
    code: str
    """Short name for case numbers."""
    starters: tuple[str, ...]
    stages: tuple[Stage, ...]

    @property
    def named(self) -> frozenset[str]:
        """The variables that the title names."""
        return frozenset(_NAMED.findall(self.title))


class Package:
    """All files of one definition; never changed after it was made."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        if DIAGRAM not in files:
            raise Invalid(message("流程包中缺少流程图文件 %(name)s。", name=DIAGRAM))
        self.files = dict(files)
        self.bpmn = self.files[DIAGRAM]
        self.forms = {
            path[len(FORMS) : -len(JSON)]: FormDefinition.parse(content)
            for path, content in self.files.items()
            if path.startswith(FORMS) and path.endswith(JSON)
        }
        self.program: Program = _with_forms(compile_program(self.bpmn), self.forms)
        self.processes = {id_: _facts(self.program, id_) for id_ in self.program.processes}

    def form(self, key: str, element: Element) -> FormDefinition:
        """The form of a task: the one it names, or one made from the variables of the diagram."""
        if key == OPINION:
            return opinion_form()
        if not key:
            return form_of_task(self.bpmn, self.program, element)
        if key not in self.forms:
            raise NotFound(message("没有表单“%(key)s”。", key=key))
        return self.forms[key]

    def table(self, key: str) -> Table:
        """A decision table by its key, or `NotFound`."""
        for path in (f"{TABLES}{key}{DMN}", f"{key}{DMN}"):
            if path in self.files:
                return read_table(self.files[path])
        raise NotFound(message("没有决策表“%(key)s”。", key=key))

    def file(self, path: str) -> bytes:
        """One file of the package, or `NotFound`."""
        if path not in self.files:
            raise NotFound(message("流程包中没有文件“%(path)s”。", path=path))
        return self.files[path]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over the names and contents of all files."""
        return content_hash(self.files)


def _with_forms(program: Program, forms: Mapping[str, FormDefinition]) -> Program:
    """A task that names a form of the package in the way of another tool has that form."""
    elements = dict(program.elements)
    for element in program.elements.values():
        if element.foreign_form in forms and not element.properties.get("form"):
            named = {**element.properties, "form": element.foreign_form}
            elements[element.id] = replace(element, properties=named)
    return replace(program, elements=elements)


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents: equal packages have equal hashes."""
    whole = sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{len(files[path])}\0".encode())
        whole.update(files[path])
    return whole.hexdigest()


_cache: OrderedDict[UUID, Package] = OrderedDict()
_lock = threading.Lock()


def package(session: Session, definition_id: UUID) -> Package:
    """The package of a definition; a definition never changes, so it is read and compiled once."""
    with _lock:
        found = _cache.get(definition_id)
        if found is not None:
            _cache.move_to_end(definition_id)
            return found
    rows = session.scalars(select(DefinitionFile).where(DefinitionFile.definition_id == definition_id)).all()
    if not rows:
        raise NotFound(message("没有这个流程定义。"))
    made = Package({row.path: bytes(row.content) for row in rows})
    with _lock:
        _cache[definition_id] = made
        if len(_cache) > MOST_CACHED:
            _cache.popitem(last=False)
    return made


def _facts(program: Program, process_id: str) -> ProcessFacts:
    own = program.elements[process_id]
    given = own.properties
    return ProcessFacts(
        id=process_id,
        name=own.name or process_id,
        title=given.get("title", ""),
        code=given.get("code") or own.name or process_id,
        starters=_starters(program, given.get("starters", "")),
        stages=tuple(_stage(part) for part in given.get("stages", "").split(";") if part.strip()),
    )


def _starters(program: Program, given: str) -> tuple[str, ...]:
    if not _names_starters(program):
        return STAFF
    return tuple(role for role in split(given) if role != NOBODY)


def _names_starters(program: Program) -> bool:
    """Whether any process of a diagram says who may start it; where none does, any member of staff starts them."""
    return any(program.elements[each].properties.get("starters", "").strip() for each in program.processes)


def _stage(text: str) -> Stage:
    key, zh, en, *_ = [*(part.strip() for part in text.split(":")), "", ""]
    return Stage(key, Wording(zh or key, en))


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma list."""
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())
