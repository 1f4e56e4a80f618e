"""Cases that earlier versions of the engine have saved in the middle of their course look the same and end the same."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from processes import clock
from processes.engine.spiff.skeleton import VERSION
from tests.engine.random_runs import saving
from tests.engine.random_runs.saving import course, loaded, plain

FOLDER = Path(__file__).parent / "saved_cases"
SAVED = [
    pytest.param(json.loads(line), id=f"{path.stem}: {json.loads(line)['name']}")
    for path in sorted(FOLDER.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("saved", SAVED)
def test_a_case_saved_by_an_earlier_version_takes_the_course_that_it_would_have_taken_then(saved):
    now = clock.MovableClock(datetime.fromisoformat(saved["at"]))
    with clock.running_on(now):
        keeper = loaded(saved)
        assert plain(keeper.load()) == saved["picture"]
        assert course(keeper, now) == (saved["course"], saved["end"])


def test_what_is_saved_today_can_be_kept_for_later_versions(tmp_path):
    saving.main(str(tmp_path / "now.jsonl"))
    cases = [json.loads(line) for line in (tmp_path / "now.jsonl").read_text("utf-8").splitlines()]
    assert {case["skeleton"]["version"] for case in cases} == {VERSION}
    for saved in cases:
        now = clock.MovableClock(datetime.fromisoformat(saved["at"]))
        with clock.running_on(now):
            assert course(loaded(saved), now) == (saved["course"], saved["end"])
