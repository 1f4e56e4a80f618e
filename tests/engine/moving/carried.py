"""A case in memory, saved in one version and carried over to another."""

from __future__ import annotations

from processes.engine.moving.courses import Courses
from processes.engine.spiff import Finding, Run, compile_program
from processes.engine.spiff.moving import Plan, adopt, plan
from processes.engine.spiff.positions import positions
from tests.engine.spiff.drawn import House, Keeper, document


class Desk:
    """Saves a run of one version and goes on with it in another."""

    def __init__(self, body: str, before: str = "", house: House | None = None) -> None:
        self.before = before
        self.keeper = Keeper(compile_program(document(body, before)), house)

    def start(self, **data) -> Run:
        run = Run.start(self.keeper.program, "p", data, self.keeper.house)
        run.advance()
        return run

    def plan(self, run: Run, body: str, before: str | None = None) -> tuple[Plan, list[Finding]]:
        """What carrying over would mean, and all obstacles to it, those of the courses too."""
        self.keeper.save(run)
        xml = document(body, self.before if before is None else before)
        program = compile_program(xml)
        found = plan(self.keeper.skeleton, "p", self.keeper.program, program)
        obstacles = list(found.obstacles)
        if not obstacles:
            obstacles += Courses(xml).obstacles("p", positions(found.document, program))
        return found, obstacles

    def carry(self, run: Run, body: str, before: str | None = None) -> tuple[Run, list[str]]:
        """The case in the other version, and what there was to say."""
        found, obstacles = self.plan(run, body, before)
        assert not obstacles, [str(each.text) for each in obstacles]
        self.keeper.skeleton = found.skeleton
        self.keeper.program = compile_program(document(body, self.before if before is None else before))
        moved = self.keeper.load()
        listening = adopt(moved)
        moved.advance()
        moved = self.keeper.reload(moved)
        return moved, [each.element_id for each in (*found.remarks, *listening)]

    def refusals(self, run: Run, body: str, before: str | None = None) -> list[str]:
        """The elements for which the case cannot be carried over."""
        return [each.element_id for each in self.plan(run, body, before)[1]]
