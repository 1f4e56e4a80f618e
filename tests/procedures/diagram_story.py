"""A round, an application or a consultation told on the diagram, with short answers for the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from processes import clock
from processes.clock import MovableClock
from processes.engine.language import evaluate, render
from processes.engine.spiff import Element, OpenTask, Program, Run, compile_program
from processes.rules.workdays import WorkCalendar

FOLDER = Path(__file__).parents[2] / "bpmn" / "appointment"
DIAGRAM = (FOLDER / "process.bpmn").read_bytes()
PROGRAM: Program = compile_program(DIAGRAM)
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday, nine o'clock in Chongqing."""
CALENDAR = WorkCalendar()

Answer = Mapping[str, Any] | Callable[[dict[str, Any]], Mapping[str, Any]]


class Desk:
    """Hooks of a story: what each operation leaves behind, and what was called."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.called: list[str] = []
        self.functions = {"today": clock.today, "workdays": workdays, "date": date.fromisoformat}

    def call_operation(self, element: Element, data: dict[str, Any]) -> dict[str, Any] | None:
        self.called.append(element.id)
        answer = self.answers.get(element.id, self.answers.get(element.properties["operation"], {}))
        status = {"settled_as": element.properties["status"]} if "status" in element.properties else {}
        return {**status, **(answer(data) if callable(answer) else answer)}


def workdays(count: int, start: date | str | None = None) -> date:
    """As expressions of a diagram count them."""
    return CALENDAR.add_workdays(
        date.fromisoformat(start[:10]) if isinstance(start, str) else start or clock.today(), count
    )


class Story:
    """One case on its way, on a clock that the teller moves."""

    def __init__(self, watch: MovableClock, desk: Desk, run: Run) -> None:
        self.watch = watch
        self.desk = desk
        self.run = run
        run.advance()

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.run.open_tasks())

    @property
    def called(self) -> list[str]:
        return self.desk.called

    def task(self, element: str, key: str | None = None) -> OpenTask:
        """The open task of an element, in the instance of a key."""
        found = [task for task in self.run.open_tasks() if task.element_id == element]
        found = [task for task in found if key is None or key in task.instance_path]
        assert len(found) == 1, f"{element} {key}: {self.open}"
        return found[0]

    def do(self, element: str, key: str | None = None, **answers: Any) -> None:
        """Somebody does a task."""
        self.run.complete(self.task(element, key).id, answers)
        self.run.advance()

    def due(self, element: str, key: str | None = None) -> Any:
        """What the task's `due` works out to."""
        text = PROGRAM.elements[element].properties["due"]
        return evaluate(text, self.task(element, key).data, self.desk.functions)

    def title(self, element: str, key: str | None = None) -> str:
        return render(PROGRAM.elements[element].properties["title"], self.task(element, key).data)

    def party(self, element: str, name: str, key: str | None = None) -> Any:
        """Whom a task is for: its `unit` or `person`, worked out."""
        return evaluate(PROGRAM.elements[element].properties[name], self.task(element, key).data)

    def wait_until(self, day: str) -> None:
        """Time passes to the last second of a day in the city; timers fire."""
        self.watch.move_to(datetime.fromisoformat(f"{day}T23:59:59+08:00"))
        self.run.fire_timers(self.watch.now())

    def waits(self) -> list[tuple[str, str, str]]:
        """Messages waited for: element, name, correlation."""
        found = []
        for wait in self.run.messages():
            text = PROGRAM.elements[wait.element_id].properties["correlation"]
            found.append((wait.element_id, wait.name, evaluate(text, wait.data)))
        return sorted(found)

    def hear(self, name: str, correlation: str, **data: Any) -> int:
        """A message comes from another case; how many waits took it."""
        taken = 0
        for wait in self.run.messages():
            text = PROGRAM.elements[wait.element_id].properties["correlation"]
            if wait.name == name and evaluate(text, wait.data) == correlation:
                self.run.deliver(wait.task_id, data)
                taken += 1
        return taken

    def told(self) -> list[tuple[str, str]]:
        """Messages sent since the last look: name, correlation."""
        found = []
        for thrown in self.run.take_thrown():
            text = PROGRAM.elements[thrown.element_id].properties["correlation"]
            found.append((thrown.name, evaluate(text, thrown.data)))
        return found

    def ended_on(self) -> list[str]:
        """End events reached, in order."""
        done = [change.element_id for change in self.run.changes() if change.kind == "completed"]
        return [each for each in done if PROGRAM.elements[each].kind == "endEvent"]

    @property
    def status(self) -> str:
        return self.run.status


@contextmanager
def telling(process: str, answers: Mapping[str, Answer], start: str | None = None, **variables: Any) -> Iterator[Story]:
    """A case that has just begun."""
    watch = MovableClock(MORNING)
    with clock.running_on(watch):
        desk = Desk(answers)
        yield Story(watch, desk, Run.start(PROGRAM, process, variables, desk, start))
