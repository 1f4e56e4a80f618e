"""What random runs have found, each as a case of its own."""

from __future__ import annotations

import pytest

from tests.engine.random_runs.blocks import Block, diagram

GIVEN = {"a": True, "b": True, "意见": True, "typename": True, "again": 0, "units": {"万州": 1}, "list": [1]}


@pytest.mark.parametrize("inner", ["race", "receive", "recalled"])
def test_a_message_that_ends_another_wait_for_it_is_not_lost(twins, inner):
    """The sub-process ends by the message that something inside it waits for as well."""
    twin = twins(diagram(Block("recalled sub", (Block(inner),))), **GIVEN)
    twin.tell("message", "回函", {"reason": "撤回"})
    assert len(twin.open_tasks()) == 1
    assert twin.memory.messages() == []
    twin.answer(0, {})
    assert twin.memory.status == "completed"
