"""Random block-structured diagrams, random orders of work: saved after every step or never, the outcome is the same."""

from __future__ import annotations

from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.spiff.drawn import House, Keeper, begin, boundary, chain, drawn, flow, multi, node, user

BLOCKS = st.recursive(
    st.sampled_from([("user", []), ("service", []), ("many", []), ("turns", []), ("watched", []), ("cut", [])]),
    lambda inner: st.tuples(
        st.sampled_from(["sequence", "parallel", "inclusive", "exclusive", "sub", "many_sub"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=7,
)


class Pen:
    """Draws a block and gives its first and last node."""

    def __init__(self) -> None:
        self.numbers = count()

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def draw(self, block) -> tuple[str, str, str]:
        kind, inner = block
        if kind in ("user", "service", "many", "turns", "watched", "cut"):
            return self.leaf(kind)
        if kind == "sequence":
            parts = [self.draw(each) for each in inner]
            ways = "".join(flow(a[2], b[1]) for a, b in pairwise(parts))
            return "".join(part[0] for part in parts) + ways, parts[0][1], parts[-1][2]
        if kind in ("sub", "many_sub"):
            return self.sub(inner, kind == "many_sub")
        return self.split(kind, inner)

    def leaf(self, kind: str) -> tuple[str, str, str]:
        name = self.name(kind)
        if kind == "service":
            return node("serviceTask", name), name, name
        if kind in ("many", "turns"):
            loop = multi("units", f"i_{name}", f"r_{name}", "answer", isSequential=str(kind == "turns").lower())
            return user(name, loop), name, name
        if kind == "watched":
            late, more = self.name("late"), self.name("more")
            body = user(name) + boundary(late, name, '<messageEventDefinition messageRef="m"/>', False) + user(more)
            return body + chain(late, more), name, name
        if kind == "cut":
            stop, join = self.name("stop"), self.name("join")
            body = user(name) + boundary(stop, name, '<messageEventDefinition messageRef="m"/>')
            return body + node("exclusiveGateway", join) + chain(name, join) + chain(stop, join), name, join
        return user(name), name, name

    def sub(self, inner, many: bool) -> tuple[str, str, str]:
        name, start, end = self.name("sub"), self.name("s"), self.name("e")
        body, first, last = self.draw(("sequence", inner))
        body += node("startEvent", start) + node("endEvent", end) + chain(start, first) + chain(last, end)
        loop = multi("units", f"i_{name}", f"r_{name}", "answer") if many else ""
        return node("subProcess", name, body + loop), name, name

    def split(self, kind: str, inner) -> tuple[str, str, str]:
        fork, join = self.name("fork"), self.name("join")
        default = f"{fork}_default"
        given = {} if kind == "parallel" else {"default": default}
        body = node(f"{kind}Gateway", fork, **given) + node(f"{kind}Gateway", join)
        for place, each in enumerate(inner):
            drawing, first, last = self.draw(each)
            condition = None if kind == "parallel" else f"pick &gt; {place}"
            if kind != "parallel" and place == len(inner) - 1:
                condition = None
            body += drawing + flow(
                fork, first, condition, default if kind != "parallel" and condition is None else None
            )
            body += flow(last, join)
        return body, fork, join


def picture(run):
    """What of a case must not depend on having been saved; ids of tasks do."""
    tasks = [(t.element_id, t.instance_path, sorted(t.data.items(), key=str)) for t in run.open_tasks()]
    return run.status, tasks, run.progress(), sorted(run.data.items(), key=str), [m.element_id for m in run.messages()]


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=3), st.integers(0, 3), st.data())
def test_saving_after_every_step_makes_no_difference(blocks, pick, data):
    body, first, last = Pen().draw(("sequence", blocks))
    program = drawn(
        node("startEvent", "s") + body + node("endEvent", "e") + chain("s", first) + chain(last, "e"),
        '<message id="m" name="m"/>',
    )
    house = House(lambda element, values: {element.id: len(values)})
    keeper = Keeper(program, house)
    kept = begin(program, house, pick=pick, units={"x": 1, "y": [2]})
    saved = begin(program, house, pick=pick, units={"x": 1, "y": [2]})
    for step in range(60):
        saved = keeper.reload(saved)
        assert saved.freeze(apart=True).skeleton == keeper.skeleton
        looked_at = keeper.load()  # looking wakes instances that are at rest; the run that goes on leaves them there
        assert picture(looked_at) == picture(kept)
        tasks = {id(kept): kept.open_tasks(), id(saved): looked_at.open_tasks()}
        choices = len(kept.open_tasks())
        if not choices:
            break
        waiting = kept.messages()
        if waiting and step < 4 and data.draw(st.booleans()):
            for run in (kept, saved):
                run.deliver(run.messages()[0].task_id, {"n": step})
            continue
        place = data.draw(st.integers(0, choices - 1))
        told = []
        for run in (kept, saved):
            before = len(run.changes())
            run.complete(tasks[id(run)][place].id, {"answer": step, f"v{step % 3}": [step]})
            run.advance()
            told.append([(c.kind, c.element_id, c.instance_key) for c in run.changes()[before:]])
        assert told[0] == told[1]
    assert kept.status == saved.status == "completed"
