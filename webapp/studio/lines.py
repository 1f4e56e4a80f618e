"""A version of a diagram as a page shows it: steps, processes, forms, files, and what the deploy check says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import deployment
from processes.engine.check import Problem
from processes.engine.deadlines import WORKDAYS
from processes.engine.drawing import Step, steps
from processes.engine.drawing.words import KINDS
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.packages import Package, ProcessFacts
from processes.engine.spiff import Element
from processes.errors import DeskError, Invalid
from processes.forms.context import FormContext
from processes.forms.definition import FormDefinition
from processes.forms.wording import Option
from processes.messages import Message
from webapp.drawing import post_name
from webapp.language import current_language
from webapp.pages.diagrams import TOLD_KINDS

HUMAN = ("userTask", "manualTask")


@dataclass(frozen=True)
class StepLine:
    """One line of the table of steps."""

    id: str
    name: str
    kind: Message
    lane: str
    who: str
    """The post that works here, or the operation that a service task carries out."""
    due: str
    form_url: str
    form: str
    depth: int


@dataclass(frozen=True)
class ProcessLine:
    """What a process says about itself."""

    facts: ProcessFacts
    starters: list[str]


@dataclass(frozen=True)
class FormLine:
    """A form of the package and the steps that name it."""

    key: str
    form: FormDefinition
    steps: list[str]


@dataclass(frozen=True)
class Report:
    """What the deploy check says: problems, or the one sentence for a package that cannot even be read."""

    problems: Sequence[Problem]
    unreadable: Message | None = None

    @property
    def errors(self) -> int:
        """How many problems keep the package from being deployed."""
        return sum(each.severity == "error" for each in self.problems)

    @property
    def passed(self) -> bool:
        """Whether the package may be deployed."""
        return self.unreadable is None and not self.errors


def report(session: Session, house: House, files: Mapping[str, bytes]) -> Report:
    """The deploy check of a package in this installation as it is now."""
    try:
        return Report(deployment.found_problems(session, house, files))
    except Invalid as refused:
        return Report((), refused.text)


def step_lines(definition: Definition, of: Package) -> list[StepLine]:
    """The steps in flow order, those inside a sub-process after it."""
    found = [each for each in steps(of.bpmn) if each.kind in TOLD_KINDS]
    scopes = {each.element_id: each.scope for each in found}
    told = [each for each in found if each.name or each.kind in HUMAN]
    return [_line(definition, of, each, _depth(each, scopes)) for each in told]


def _line(definition: Definition, of: Package, step: Step, depth: int) -> StepLine:
    element = of.program.elements.get(step.element_id)
    properties = element.properties if element is not None else {}
    human = step.kind in HUMAN
    form = properties.get("form", "") if human else ""
    made = human and not form
    if form in of.forms:
        url = url_for("studio_versions.form", definition_id=definition.id, key=form)
    else:
        url = (
            url_for("studio_versions.task_form", definition_id=definition.id, element_id=step.element_id)
            if made
            else ""
        )
    return StepLine(
        id=step.element_id,
        name=step.name or step.element_id,
        kind=KINDS[step.kind],
        lane=step.lane_name,
        who=_who(of, element) if human and element is not None else properties.get("operation", ""),
        due=due_words(properties.get("due", "")),
        form_url=url,
        form=of.forms[form].title.text(current_language()) if form in of.forms else _("由变量生成") if made else "",
        depth=depth,
    )


def _depth(step: Step, scopes: Mapping[str, str]) -> int:
    count, here = 0, step.scope
    while here in scopes:
        count, here = count + 1, scopes[here]
    return count


def _who(of: Package, element: Element) -> str:
    """The post of a human task: its own, else that of the nearest lane around it that names one."""
    places, lane = [element.properties], of.program.lanes.get(element.lane or "")
    while lane is not None:
        places.append(lane.properties)
        lane = of.program.lanes.get(lane.parent or "")
    role = next((each["role"] for each in places if each.get("role")), "")
    if role:
        return post_name(role)
    return _("指定的人员") if any(each.get("person") for each in places) else ""


def due_words(text: str) -> str:
    """A time limit in words where it is plain; an expression stays as it is drawn."""
    counted = WORKDAYS.fullmatch(text.strip())
    return _("%(count)s 个工作日", count=int(counted[1])) if counted else text


def process_lines(of: Package) -> list[ProcessLine]:
    """The processes of the diagram, with the names of the posts that may start them."""
    return [ProcessLine(each, [post_name(role) for role in each.starters]) for each in of.processes.values()]


def form_lines(of: Package) -> list[FormLine]:
    """The forms of the package in the order in which its steps name them, unused ones last."""
    used: dict[str, list[str]] = {}
    for step in steps(of.bpmn):
        element = of.program.elements.get(step.element_id)
        key = element.properties.get("form", "") if element is not None else ""
        if key in of.forms:
            used.setdefault(key, []).append(step.name or step.element_id)
    order = [*used, *(key for key in of.forms if key not in used)]
    return [FormLine(key, of.forms[key], used.get(key, [])) for key in order]


def preview_context(session: Session, house: House, form: FormDefinition, language: str = "") -> FormContext:
    """What a form is drawn with when there is no case: the lists of the house, and no values."""
    return FormContext(
        today=clock.today(),
        add_workdays=house.calendar.add_workdays,
        options=_lists(session, house, form),
        language=language or current_language(),
    )


def _lists(session: Session, house: House, form: FormDefinition) -> dict[str, Sequence[Option]]:
    """What the lists of a form offer without a case; one that asks about the case offers nothing."""
    named = {each.options_from for field in form.fields for each in (field, *field.columns) if each.options_from}
    found: dict[str, Sequence[Option]] = {}
    for name in named & house.options.keys():
        try:
            found[name] = house.options[name](session, {})
        except DeskError:
            found[name] = ()
    return found


def problem_words(problem: Problem) -> str:
    """What is wrong and what to do about it, in the reader's language."""
    return problem.message_en if current_language() == "en" else problem.message_zh
