"""资格认定表: the conditions of 第四条 one by one, each with what the rule found, for people to decide on."""

from __future__ import annotations

from typing import Any

from processes.registers.applications import Application
from processes.rules.eligibility import SENIOR_TITLES, Eligibility, EligibilityResult, EligibilityRules, Flag

RESULTS = {
    Eligibility.MEETS_GENERAL: "符合一般条件",
    Eligibility.NEEDS_RECOGNITION: "须由合议认定",
    Eligibility.INCOMPLETE: "材料不全",
    Eligibility.NOT_ELIGIBLE: "不符合条件",
}
"""What R04 says, in words."""


def check_items(person: Application, found: EligibilityResult, rules: EligibilityRules) -> list[dict[str, Any]]:
    """One row a condition: the article, and what the rule found."""
    items = [
        ("遵纪守法、作风正派（第四条(一)）", _conduct(person)),
        ("自愿服务区县（第四条(一)、第五条(二)）", "已承诺" if person.volunteers else "未承诺"),
        ("职称（第四条(二)）", _title(person)),
        ("注册规划师资格（第四条(二)）", _certificate(person, rules)),
        ("实践经验、理论水准和影响力（第四条(二)）", _practice(person)),
        ("履职承诺（第四条(三)）", "已承诺" if person.duty_commitment else "未承诺"),
        ("所在单位同意、待遇不变（第九条(四)）", _employer(person, rules)),
        ("综合核验", _whole(found)),
    ]
    return [{"item": item, "system": system, "ok": None, "remark": ""} for item, system in items]


def _conduct(person: Application) -> str:
    if person.prior_dismissal_item:
        return f"曾因第十五条({'一二三四五'[person.prior_dismissal_item - 1]})被解聘"
    said = person.employer_opinion.get("conduct")
    note = person.employer_opinion.get("conduct_note")
    return f"单位意见：{said}{f'（{note}）' if note else ''}" if said else "待单位说明"


def _title(person: Application) -> str:
    senior = "副高级及以上" if person.title_level in SENIOR_TITLES else "不是副高级及以上"
    return f"{person.title_level or '未填'}（{senior}）"


def _certificate(person: Application, rules: EligibilityRules) -> str:
    accepted = person.planner_cert in rules.accepted_certs
    return f"{person.planner_cert or '未填'}（{'认可' if accepted else '不认可'}）"


def _practice(person: Application) -> str:
    if person.claimed_route != "B":
        return "未按实践经验申报"
    written = f"说明{len(person.practical_reasons.strip())}字"
    return f"{written}，业绩佐证{person.experience_evidence}件，影响力佐证{person.influence_evidence}件，须由人认定"


def _employer(person: Application, rules: EligibilityRules) -> str:
    if person.employer_consent is None:
        return "待单位意见"
    if person.employer_consent:
        return "同意"
    return "不同意" if rules.employer_consent_needed else "不同意（按现行口径不须经单位同意）"


def _whole(found: EligibilityResult) -> str:
    flagged = "；曾被解聘，须征求市人力社保局意见" if Flag.PRIOR_DISMISSAL in found.flags else ""
    missing = f"；缺：{'、'.join(MISSING.get(each, each) for each in found.missing)}" if found.missing else ""
    return f"{RESULTS[found.result]}（{found.ground}）{missing}{flagged}"


MISSING = {
    "duty_commitment": "履职承诺",
    "employer_consent": "单位同意",
    "practical_reasons": "实践经验说明（不少于50字）",
    "experience_evidence": "业绩佐证",
    "influence_evidence": "影响力佐证",
    "title_level": "副高级及以上职称",
    "planner_cert": "注册规划师资格",
    "volunteers": "自愿承诺",
    "discipline_record": "无违纪违法记录",
}
"""What R04 says is missing, in words."""
