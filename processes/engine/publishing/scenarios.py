"""Whether the scenarios of a draft pass; who runs them is told by the house."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from processes.engine.house import House, ScenarioVerdict
from processes.messages import message

SCENARIOS = "scenarios/"


def scenario_verdict(session: Session, house: House, draft_id: UUID, files: Mapping[str, bytes]) -> ScenarioVerdict:
    """A package without scenarios passes; one with scenarios passes when all of them do, with this very content."""
    count = sum(path.startswith(SCENARIOS) for path in files)
    if not count:
        return ScenarioVerdict(True, message("流程包中没有场景，无需运行。"))
    if house.scenarios is None:
        return ScenarioVerdict(None, message("本系统没有安装场景推演，%(count)s 个场景未运行。", count=count))
    return house.scenarios(session, draft_id, files)
