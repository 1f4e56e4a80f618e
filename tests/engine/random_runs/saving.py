"""Cases in the middle of their course, as this version of the engine saves them, for later versions to load and finish.

python -m tests.engine.random_runs.saving tests/engine/random_runs/saved_cases/version_3.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from processes import clock
from processes.engine.spiff import Run, compile_program
from processes.engine.spiff.model import Apart
from tests.engine.random_runs.blocks import Block, diagram
from tests.engine.random_runs.twins import count_visit, picture
from tests.engine.spiff.drawn import House, Keeper, begin

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
LONG = "意见" * 60
GIVEN = {
    **{"a": True, "b": 1, "意见": "同意", "typename": {"typename": [1.0, "1", None]}, "again": 0, "list": [1, True]},
    "units": {"万州": 1, "涪陵": {"$map": [True]}, "长": [LONG]},
}
USER, SERVICE = Block("user"), Block("service")
CASES: dict[str, Block] = {
    "in turn, one done": Block("turns"),
    "at once, one done": Block("many", variant=1),
    "sub-processes at once": Block("many subs", (USER, SERVICE)),
    "sub-processes in turn": Block("subs in turn", (USER, Block("many"))),
    "inclusive join": Block("inclusive", (USER, Block("sub", (USER,)), USER)),
    "parallel join": Block("parallel", (USER, USER, Block("wait"))),
    "race of events": Block("race", variant=2),
    "cycle of reminders": Block("reminders of a sub", (USER, USER)),
    "rework": Block("rework", (SERVICE,)),
    "call activity": Block("call", (USER, Block("deadline"))),
    "error and terminate": Block("failing", (Block("terminating", (USER, USER)),)),
    "loop": Block("loop", variant=1),
    "cut many": Block("cut many", (USER, USER)),
}


def house() -> House:
    return House(lambda element, data: count_visit(element.id, data))


def go_on(run: Run, now: clock.MovableClock, step: int) -> None:
    """The next thing in the course of a saved case: a task, a message, a signal, or time."""
    if run.open_tasks():
        run.complete(run.open_tasks()[0].id, {"answer": step, "again": 0})
        run.advance()
    elif run.messages():
        run.deliver(run.messages()[0].task_id, {})
    elif run.signals():
        run.signal(run.signals()[0].name, {})
    else:
        now.move_to(max(now.now(), run.timers()[0].due))
        run.fire_timers(now.now())


def plain(run: Run) -> Any:
    """The picture of a case as JSON gives it back."""
    return json.loads(json.dumps(picture(run), default=datetime.isoformat))


def loaded(saved: Mapping[str, Any]) -> Keeper:
    """A keeper that holds what was saved."""
    keeper = Keeper(compile_program(saved["diagram"].encode()), house())
    keeper.skeleton = json.dumps(saved["skeleton"]).encode()
    keeper.values = {key: value.encode() for key, value in saved["values"].items()}
    for task_id, (activity, content) in saved.get("instances", {}).items():
        keeper.instances[task_id] = Apart(activity, content.encode())
    return keeper


def course(keeper: Keeper, now: clock.MovableClock) -> tuple[list[list[str]], Any]:
    """The open tasks after each step until the end, saved and loaded at every one, and the picture of the end."""
    run, steps = keeper.load(), []
    while run.status == "running" and len(steps) < 60:
        go_on(run, now, len(steps))
        run = keeper.reload(run)
        steps.append([task.element_id for task in run.open_tasks()])
    return steps, plain(run)


def _in_the_middle(name: str, now: clock.MovableClock) -> dict[str, Any]:
    xml = diagram(CASES[name])
    keeper = Keeper(compile_program(xml.encode()), house())
    run = keeper.reload(begin(keeper.program, keeper.house, **GIVEN))
    if name != "race of events":
        task = run.open_tasks()[0 if "in turn" in name else -1]
        again = int(name in ("rework", "loop"))
        run.complete(task.id, {"answer": {"typename": 1.0}, "v": LONG, "again": again})
        run.advance()
    if name == "cycle of reminders":
        now.advance(hours=25)
        run.fire_timers(now.now())
    assert run.status == "running", name
    keeper.save(run)
    saved = {
        "name": name,
        "at": now.now().isoformat(),
        "diagram": xml,
        "skeleton": json.loads(keeper.skeleton),
        "values": {key: value.decode() for key, value in keeper.values.items()},
        "instances": {key: [each.activity, each.content.decode()] for key, each in keeper.instances.items()},
        "picture": plain(keeper.load()),
    }
    saved["course"], saved["end"] = course(keeper, now)
    return saved


def main(path: str) -> None:
    lines = []
    for name in CASES:
        now = clock.MovableClock(MORNING)
        with clock.running_on(now):
            lines.append(json.dumps(_in_the_middle(name, now), ensure_ascii=False, sort_keys=True) + "\n")
    Path(path).write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
