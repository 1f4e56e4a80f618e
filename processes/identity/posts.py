"""The posts people hold and lanes name: `<kind of organization>.<rank>`, or a post of the desk itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """A post: its name in both languages and the kind of organization it belongs to."""

    zh: str
    en: str
    organization_kind: str | None
    """None: the person acts for himself, and a lane names the person."""


POSTS: dict[str, Post] = {
    "city_bureau.clerk": Post("市规划自然资源局经办", "City bureau clerk", "city_bureau"),
    "city_bureau.section": Post("市规划自然资源局处室", "City bureau section head", "city_bureau"),
    "city_bureau.leader": Post("市规划自然资源局领导", "City bureau leader", "city_bureau"),
    "city_bureau.finance": Post("市规划自然资源局财务", "City bureau finance", "city_bureau"),
    "hr_bureau.clerk": Post("市人力社保局经办", "HR bureau clerk", "hr_bureau"),
    "hr_bureau.leader": Post("市人力社保局领导", "HR bureau leader", "hr_bureau"),
    "district_government.clerk": Post("区县政府经办", "District government clerk", "district_government"),
    "district_government.leader": Post("区县政府领导", "District government leader", "district_government"),
    "district_bureau.clerk": Post("区县规划自然资源局经办", "District bureau clerk", "district_bureau"),
    "district_bureau.leader": Post("区县规划自然资源局领导", "District bureau leader", "district_bureau"),
    "district_bureau.finance": Post("区县规划自然资源局财务", "District bureau finance", "district_bureau"),
    "employer.clerk": Post("所在单位人事经办", "Employer's personnel clerk", "employer"),
    "panel.member": Post("合议（考核、复核）组成员", "Panel member", "city_bureau"),
    "planner": Post("区县首席规划师", "Chief planner", None),
    "applicant": Post("报名人选", "Applicant", None),
    "process_owner": Post("流程管理员", "Process owner", "city_bureau"),
    "manager": Post("管理者", "Manager", "city_bureau"),
    "administrator": Post("系统管理员", "Administrator", "city_bureau"),
    "auditor": Post("监督", "Auditor", "city_bureau"),
}

NOBODY = "none"
"""In place of the posts that may start a process: the calendar or another process begins it."""
APART = frozenset({"administrator", "auditor"})
"""Posts that one person may not hold together with any other (三员分立)."""
SEES_ALL_CASES = frozenset(
    {"manager", "process_owner", "auditor", "city_bureau.clerk", "city_bureau.section", "city_bureau.leader"}
)
"""Posts that may look at every case; all others see the cases they have a part in."""
