"""Who may be a chief planner: the conditions of 第四条 and what is still missing from an application."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.switches import default_choice, default_items, default_map, default_on

SENIOR_TITLES = frozenset({"副高级", "正高级"})
"""«副高级及以上专业技术职称» (第四条(二))."""

MIN_REASON_CHARS = 50
"""Characters of the written reasons for the practical route, blanks at both ends not counted (D)."""


class Eligibility(StrEnum):
    """What the check of an application says; recognition itself is people's."""

    MEETS_GENERAL = "MEETS_GENERAL"
    NEEDS_RECOGNITION = "NEEDS_RECOGNITION"
    INCOMPLETE = "INCOMPLETE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"


class Route(StrEnum):
    """第四条(二): title and qualification (A), or practice, theory and influence (B)."""

    GENERAL = "A"
    PRACTICAL = "B"


class Flag(StrEnum):
    """Something that people must look at before they decide."""

    PRIOR_DISMISSAL = "PRIOR_DISMISSAL"


@dataclass(frozen=True)
class PracticalClaim:
    """What an applicant puts forward for the practical route; evidence counted in pieces."""

    reasons: str = ""
    experience_evidence: int = 0
    influence_evidence: int = 0


@dataclass(frozen=True)
class Applicant:
    """What an application says; whatever is not stated counts as not there."""

    volunteers: bool = False
    duty_commitment: bool = False
    employer_consent: bool = False
    title_level: str | None = None
    planner_cert: str | None = None
    practical: PracticalClaim | None = None
    discipline_record: bool = False
    prior_dismissal_item: int | None = None
    influence_evidence: int = 0


@dataclass(frozen=True)
class EligibilityRules:
    """The readings in force: accepted certificates, the employer's consent, former dismissals (D, 第十六条)."""

    accepted_certs: Collection[str] = default_items("eligibility.cert")
    employer_consent_needed: bool = default_on("employer.consent")
    after_dismissal: Mapping[str, str] = field(default_factory=lambda: default_map("redismissed"))
    influence_for_all: bool = default_choice("eligibility.influence") == "both_gate"
    min_reason_chars: int = MIN_REASON_CHARS

    def treatment(self, item: int | None) -> str:
        """`free`, `flag` or `refuse` for a former dismissal on an item of 第十五条."""
        if item is None:
            return "free"
        if str(item) not in self.after_dismissal:
            raise ValueError(f"第十五条 has no item {item}")
        return self.after_dismissal[str(item)]


@dataclass(frozen=True)
class EligibilityResult:
    """The finding on an application: route, what is missing in a fixed order, what to look at, and the article."""

    result: Eligibility
    route: Route | None
    missing: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    ground: Ground = field(default=Ground("第四条(二)"))


DEFAULT_RULES = EligibilityRules()


def eligibility(applicant: Applicant, rules: EligibilityRules = DEFAULT_RULES) -> EligibilityResult:
    """Check an application against 第四条; no one passes the practical route without people (R; consent, length D).

    `ValueError` if the former dismissal names an item that 第十五条 does not have.

    >>> willing = dict(volunteers=True, duty_commitment=True, employer_consent=True)
    >>> eligibility(Applicant(**willing, title_level="副高级", planner_cert="注册城市规划师")).result.value
    'MEETS_GENERAL'
    """
    refusal = _refusal(applicant, rules)
    if refusal is not None:
        return refusal
    flags = (Flag.PRIOR_DISMISSAL,) if rules.treatment(applicant.prior_dismissal_item) == "flag" else ()
    papers = _missing_papers(applicant, rules)
    lacking = _lacking_qualification(applicant, rules)
    if not lacking:
        papers += _missing_influence(applicant, rules)
        return EligibilityResult(_general_result(papers, flags), Route.GENERAL, papers, flags)
    if applicant.practical is not None:
        missing = papers + _missing_practical(applicant.practical, rules)
        result = Eligibility.INCOMPLETE if missing else Eligibility.NEEDS_RECOGNITION
        return EligibilityResult(result, Route.PRACTICAL, missing, flags)
    return EligibilityResult(Eligibility.NOT_ELIGIBLE, None, lacking, flags)


def _refusal(applicant: Applicant, rules: EligibilityRules) -> EligibilityResult | None:
    item = applicant.prior_dismissal_item
    if applicant.discipline_record:
        missing, article = "discipline_record", "第四条(一)"
    elif rules.treatment(item) == "refuse":
        missing, article = f"prior_dismissal_item_{item}", f"第四条(一)、第十五条({'一二三四五'[int(item or 1) - 1]})"
    elif not applicant.volunteers:
        missing, article = "volunteers", "第四条(一)、第五条(二)"
    else:
        return None
    return EligibilityResult(Eligibility.NOT_ELIGIBLE, None, (missing,), ground=Ground(article))


def _general_result(papers: tuple[str, ...], flags: tuple[Flag, ...]) -> Eligibility:
    if papers:
        return Eligibility.INCOMPLETE
    return Eligibility.NEEDS_RECOGNITION if flags else Eligibility.MEETS_GENERAL


def _missing_papers(applicant: Applicant, rules: EligibilityRules) -> tuple[str, ...]:
    present = {
        "duty_commitment": applicant.duty_commitment,
        "employer_consent": applicant.employer_consent or not rules.employer_consent_needed,
    }
    return tuple(name for name, there in present.items() if not there)


def _missing_influence(applicant: Applicant, rules: EligibilityRules) -> tuple[str, ...]:
    return ("influence_evidence",) if rules.influence_for_all and applicant.influence_evidence < 1 else ()


def _lacking_qualification(applicant: Applicant, rules: EligibilityRules) -> tuple[str, ...]:
    # The text joins title and qualification with «和»: one of the two is not enough.
    lacking = () if applicant.title_level in SENIOR_TITLES else ("title_level",)
    return lacking if applicant.planner_cert in rules.accepted_certs else (*lacking, "planner_cert")


def _missing_practical(claim: PracticalClaim, rules: EligibilityRules) -> tuple[str, ...]:
    present = {
        "practical_reasons": len(claim.reasons.strip()) >= rules.min_reason_chars,
        "experience_evidence": claim.experience_evidence >= 1,
        "influence_evidence": claim.influence_evidence >= 1,
    }
    return tuple(name for name, there in present.items() if not there)
