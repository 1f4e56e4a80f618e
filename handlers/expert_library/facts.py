"""What the library knows of a person, as forms show it and as it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import day, text
from handlers.appointment.eligibility_items import RESULTS
from processes.engine.house import Call
from processes.identity.models import Organization
from processes.registers.experts import EXPERT_STATUSES, Expert
from processes.registers.switches import Readings
from processes.rules.eligibility import SENIOR_TITLES, Eligibility

Variables = dict[str, Any]
TEXTS = ("title_level", "title_name", "planner_cert", "planner_cert_no")
NO_CERTIFICATE = "无"
LABELS: Mapping[str, str] = {
    "employer_id": "所在单位",
    "title_level": "职称级别",
    "title_name": "职称名称",
    "planner_cert": "注册规划师资格",
    "planner_cert_no": "资格证书编号",
    "cert_valid_until": "注册证书有效期",
    "specialties": "专业方向",
}
VERIFIED = frozenset({"title_level", "title_name", "planner_cert", "planner_cert_no", "cert_valid_until"})
"""What the city bureau verifies when it changes."""


def stated(given: Mapping[str, Any]) -> Variables:
    """The facts that a form holds, as the register keeps them."""
    return {
        "employer_id": given.get("employer_id"),
        **{name: text(given, name) for name in TEXTS},
        "cert_valid_until": day(given.get("cert_valid_until")),
        "specialties": list(given.get("specialties") or ()),
    }


def known(expert: Expert) -> Variables:
    """The facts that the register holds."""
    return {name: getattr(expert, name) for name in LABELS}


def shown(expert: Expert) -> Variables:
    """The facts that the register holds, as variables of a case."""
    until = expert.cert_valid_until
    return {
        **known(expert),
        "planner_cert": expert.planner_cert or NO_CERTIFICATE,
        "cert_valid_until": until.isoformat() if until else "",
        "specialties": list(expert.specialties),
        "expert_id": str(expert.id),
        "expert_name": expert.name,
        "status_words": EXPERT_STATUSES[expert.status].zh,
    }


def in_words(call: Call, name: str, value: Any) -> str:
    """One fact as people read it."""
    if name == "employer_id":
        found = call.session.get(Organization, value) if value else None
        return found.name if found else "—"
    if isinstance(value, list):
        return "、".join(value) or "—"
    return str(value) if value else "—"


def conditions(facts: Mapping[str, Any], readings: Readings) -> tuple[str, str]:
    """What 第四条(二) says of title and qualification, and the route; recognition itself is people's."""
    senior = facts["title_level"] in SENIOR_TITLES
    accepted = facts["planner_cert"] in readings.items("eligibility.cert")
    general = senior and accepted
    result = RESULTS[Eligibility.MEETS_GENERAL if general else Eligibility.NEEDS_RECOGNITION]
    said = (
        f"职称：{facts['title_level'] or '未填'}（{'副高级及以上' if senior else '不是副高级及以上'}）；"
        f"注册规划师资格：{facts['planner_cert'] or '未填'}（{'认可' if accepted else '不认可'}）；"
        f"结论：{result}（第四条(二)）"
    )
    return said, "A" if general else "B"
