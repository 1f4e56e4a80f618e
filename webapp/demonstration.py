"""The log-ins that the demonstration shows on its log-in page, one or more for each post."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

DEMONSTRATION_PASSWORD = "demo"  # noqa: S105 # shown to everybody, in a demonstration alone


@dataclass(frozen=True)
class DemonstrationLogIn:
    """A log-in name and who is behind it."""

    login: str
    who: LazyString


DEMONSTRATION_LOG_INS: tuple[DemonstrationLogIn, ...] = (
    DemonstrationLogIn("city.clerk", _l("市规划自然资源局经办")),
    DemonstrationLogIn("city.section", _l("市规划自然资源局处室")),
    DemonstrationLogIn("city.leader", _l("市规划自然资源局领导")),
    DemonstrationLogIn("hr.clerk", _l("市人力社保局经办")),
    DemonstrationLogIn("hr.leader", _l("市人力社保局领导")),
    DemonstrationLogIn("gov.500101", _l("万州区政府经办")),
    DemonstrationLogIn("bureau.500101", _l("万州区规划自然资源局经办")),
    DemonstrationLogIn("planner.CP001", _l("首席规划师")),
    DemonstrationLogIn("applicant.AP001", _l("报名人选")),
    DemonstrationLogIn("employer.1", _l("所在单位人事经办")),
    DemonstrationLogIn("owner", _l("流程管理员")),
    DemonstrationLogIn("manager", _l("管理者")),
    DemonstrationLogIn("admin", _l("系统管理员")),
    DemonstrationLogIn("auditor", _l("监督")),
)
