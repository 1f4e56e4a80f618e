from __future__ import annotations

from datetime import date

import pytest

from processes.engine.packages import Package
from processes.engine.rehearsing.reckoning import reckoned
from processes.workcalendar import load_work_calendar
from tests.engine.test_work import LETTER, REPLY

CALENDAR = load_work_calendar()


@pytest.mark.parametrize(
    ("rule", "day", "due", "reminded", "told"),
    [
        ("10wd", "2026-11-02", "2026-11-16", ["2026-11-11", "2026-11-16", "2026-11-19"], ["2026-11-23"]),
        ("3wd", "2026-09-29", "2026-10-09", ["2026-09-29", "2026-10-09", "2026-10-13"], ["2026-10-15"]),
        ("P5D", "2026-11-02", "2026-11-07", ["2026-11-04", "2026-11-07", "2026-11-11"], ["2026-11-13"]),
        ("due_day", "2026-11-02", None, [], []),
    ],
)
def test_a_deadline_is_reckoned_from_the_day_a_task_would_come_in(rule, day, due, reminded, told):
    files = {"process.bpmn": LETTER.replace('value="10wd"', f'value="{rule}"').encode(), "forms/reply.json": REPLY}
    [found] = reckoned(Package(files), date.fromisoformat(day), CALENDAR)
    assert (found.step, found.lane) == ("复函", "gov")
    assert found.due == (date.fromisoformat(due) if due else None)
    assert [each.isoformat() for each in found.reminders] == reminded
    assert [(role, each.isoformat()) for role, each in found.told] == [("city_bureau.leader", each) for each in told]
