"""The log-ins that the demonstration shows on its log-in page, one or more for each post."""

from __future__ import annotations

from dataclasses import dataclass

from processes.messages import Message, message

DEMONSTRATION_PASSWORD = "demo"  # noqa: S105 # shown to everybody, in a demonstration alone


@dataclass(frozen=True)
class DemonstrationLogIn:
    """A log-in name and who is behind it."""

    login: str
    who: Message


DEMONSTRATION_LOG_INS: tuple[DemonstrationLogIn, ...] = (
    DemonstrationLogIn("city.clerk", message("市规划自然资源局经办")),
    DemonstrationLogIn("city.section", message("市规划自然资源局处室")),
    DemonstrationLogIn("city.leader", message("市规划自然资源局领导")),
    DemonstrationLogIn("panel.1", message("考核组成员")),
    DemonstrationLogIn("hr.clerk", message("市人力社保局经办")),
    DemonstrationLogIn("hr.leader", message("市人力社保局领导")),
    DemonstrationLogIn("gov.500101", message("万州区政府经办")),
    DemonstrationLogIn("bureau.500101", message("万州区规划自然资源局经办")),
    DemonstrationLogIn("planner.CP001", message("首席规划师")),
    DemonstrationLogIn("applicant.AP001", message("报名人选")),
    DemonstrationLogIn("employer.1", message("所在单位人事经办")),
    DemonstrationLogIn("owner", message("流程管理员")),
    DemonstrationLogIn("manager", message("管理者")),
    DemonstrationLogIn("admin", message("系统管理员")),
    DemonstrationLogIn("auditor", message("监督")),
)
