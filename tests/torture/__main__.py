"""`make torture`: every scenario in turn, and a table at the end; ends with 1 when a promise was broken."""

from __future__ import annotations

import sys
import time

from tests.torture import postgresql
from tests.torture.running import Result
from tests.torture.scenarios import all_scenarios, may_mount

COLUMNS = "{:18} {:11} {:>6} {:>7} {:>7} {:>8} {:>5} {:>7} {:>6}  {}"


def tell(text: str) -> None:
    """A line, at once."""
    print(text, flush=True)


def main() -> int:
    """Run all; how the program ends."""
    began = time.monotonic()
    results: list[Result] = []
    left_out: list[str] = []
    with postgresql.started() as server:
        for scenario in all_scenarios():
            name = f"{scenario.name} on {scenario.database}"
            if (scenario.database == "postgresql" and server is None) or (scenario.needs_disk and not may_mount()):
                left_out.append(name)
                continue
            tell(f"── {name}")
            result = scenario.run(server, tell)
            results.append(result)
            tell(f"   {result.harm}; {result.seconds:.0f} s; {result.verdict.figures}")
            for fault in result.verdict.faults:
                tell(f"   BROKEN: {fault}")
    table(results)
    for name in left_out:
        tell(f"left out, it cannot be had here: {name}")
    tell(f"{time.monotonic() - began:.0f} s in all")
    return 0 if results and all(each.passed for each in results) else 1


def table(results: list[Result]) -> None:
    """One line a scenario."""
    tell("")
    tell(COLUMNS.format("scenario", "database", "acked", "resent", "replay", "seconds", "lost", "doubled", "stuck", ""))
    for each in results:
        found = each.verdict
        tell(
            COLUMNS.format(
                each.scenario, each.database, each.done, each.sent_again, each.replayed, f"{each.seconds:.0f}",
                found.lost, found.doubled, found.stuck, "ok" if each.passed else "BROKEN",
            )
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
