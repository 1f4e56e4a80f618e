"""Short-hand for diagrams in tests, and a keeper that stores a case as a database would."""

from __future__ import annotations

from itertools import pairwise

from processes.engine.spiff import Apart, Frozen, Program, Run, compile_program

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="test">'
)


def flow(source: str, target: str, condition: str | None = None, flow_id: str | None = None) -> str:
    given = f' id="{flow_id or f"{source}_{target}"}"'
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow{given} sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def chain(*names: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(names))


def node(kind: str, name: str, inner: str = "", /, **attributes: str) -> str:
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{kind} id="{name}"{given}>{inner}</{kind}>'


def user(name: str, inner: str = "", /, **attributes: str) -> str:
    return node("userTask", name, inner, **attributes)


def boundary(name: str, host: str, definition: str, interrupts: bool = True) -> str:
    return node("boundaryEvent", name, definition, attachedToRef=host, cancelActivity=str(interrupts).lower())


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def multi(
    collection: str, item: str = "item", output: str = "results", result: str = "answer", extra: str = "", **at
) -> str:
    given = "".join(f' {key}="{value}"' for key, value in at.items())
    return (
        f"<multiInstanceLoopCharacteristics{given}><loopDataInputRef>{collection}</loopDataInputRef>"
        f"<loopDataOutputRef>{output}</loopDataOutputRef>"
        f'<inputDataItem id="{item}"/><outputDataItem id="{result}"/>{extra}</multiInstanceLoopCharacteristics>'
    )


def document(body: str, before: str = "", process: str = "p", more: str = "") -> bytes:
    return f'{HEAD}{before}<process id="{process}" isExecutable="true">{body}</process>{more}</definitions>'.encode()


def drawn(body: str, before: str = "", more: str = "") -> Program:
    return compile_program(document(body, before, more=more))


class House:
    """Hooks of a test: records operations and lends functions."""

    def __init__(self, operation=None, **functions) -> None:
        self.operation = operation or (lambda element, data: None)
        self.functions = functions
        self.called: list[str] = []

    def call_operation(self, element, data):
        self.called.append(element.id)
        return self.operation(element, data)


class Keeper:
    """Saves and loads a case, instances that wait for people apart; counts what is written and fetched."""

    def __init__(self, program: Program, house: House | None = None) -> None:
        self.program, self.house = program, house or House()
        self.values: dict[str, bytes] = {}
        self.skeleton = b""
        self.fetched: list[str] = []
        self.written: dict[str, bytes] = {}
        self.instances: dict[str, Apart] = {}
        self.written_instances: list[str] = []
        self.fetched_instances: list[str] = []

    def save(self, run: Run) -> Frozen:
        frozen = run.freeze(apart=True)
        assert all(self.values.get(key, raw) == raw for key, raw in frozen.values.items())
        self.values.update(frozen.values)
        self.skeleton, self.written = frozen.skeleton, dict(frozen.values)
        assert frozen.used <= self.values.keys()
        self.instances.update(frozen.instances)
        self.written_instances = list(frozen.instances)
        return frozen

    def one(self, task_id):
        self.fetched_instances.append(task_id)
        return self.instances.get(task_id)

    def all(self, activity):
        found = {task_id: each.content for task_id, each in self.instances.items() if each.activity == activity}
        self.fetched_instances.extend(found)
        return found

    def fetch(self, keys):
        self.fetched.extend(keys)
        return {key: self.values[key] for key in keys}

    def load(self) -> Run:
        self.fetched, self.fetched_instances = [], []
        return Run.thaw(self.program, self.program.processes[0], self.skeleton, self.fetch, self.house, self)

    def reload(self, run: Run) -> Run:
        self.save(run)
        return self.load()


def begin(program: Program, house: House | None = None, start: str | None = None, **data) -> Run:
    run = Run.start(program, program.processes[0], data, house or House(), start)
    run.advance()
    return run


def names(run: Run) -> list[str]:
    return [task.element_id for task in run.open_tasks()]


def do(run: Run, name: str, key=None, **variables) -> None:
    """Complete the first open task of an element (of an instance) and advance."""
    task = next(t for t in run.open_tasks() if t.element_id == name and (key is None or t.instance_key == key))
    run.complete(task.id, variables)
    run.advance()
