"""The words of the forms of a consultation, and what the registers call them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes import clock
from processes.documents.dates import chinese_date
from processes.forms.wording import Wording
from processes.registers.activities import SERVICE_KINDS, VISIT_MODES
from processes.registers.opinions import ADOPTIONS, LEVELS, OVERALL


def _keys(words: Mapping[str, Wording]) -> dict[str, str]:
    return {wording.zh: str(key) for key, wording in words.items()}


KIND_OF, MODE_OF = _keys(SERVICE_KINDS), _keys(VISIT_MODES)
LEVEL_OF, ADOPTION_OF, OVERALL_OF = _keys(LEVELS), _keys(ADOPTIONS), _keys(OVERALL)
THERE = ("按时参加", "迟到")
LEAVE, WRITE, DECLINE = "请假", "改为书面意见", "婉拒"
WRITTEN = "以书面意见参加"
NOT_COUNTED = "不计（通知过迟或活动取消）"


def moment_of(value: Any) -> datetime:
    """A moment of a form, which the city's clocks show."""
    found = datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=clock.CITY)


def spoken(moment: datetime) -> str:
    """A moment as people say it.

    >>> spoken(datetime.fromisoformat("2026-03-09T09:30:00+08:00"))
    '2026年3月9日09:30'
    """
    local = clock.local(moment)
    return f"{chinese_date(local.date())}{local:%H:%M}"
