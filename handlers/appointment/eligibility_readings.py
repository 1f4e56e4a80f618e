"""What R04 is asked: an application as the register holds it, and the readings of the day (第四条、第十六条)."""

from __future__ import annotations

from processes.registers.applications import Application
from processes.registers.switches import Readings
from processes.rules.eligibility import Applicant, EligibilityRules, PracticalClaim


def rules_of(readings: Readings) -> EligibilityRules:
    """The readings of 第四条 as the rule takes them."""
    return EligibilityRules(
        accepted_certs=readings.items("eligibility.cert"),
        employer_consent_needed=readings.on("employer.consent"),
        after_dismissal=readings.by_key("redismissed"),
        influence_for_all=readings.choice("eligibility.influence") == "both_gate",
    )


def stated(person: Application) -> Applicant:
    """What an application says."""
    practical = PracticalClaim(person.practical_reasons, person.experience_evidence, person.influence_evidence)
    return Applicant(
        volunteers=person.volunteers,
        duty_commitment=person.duty_commitment,
        employer_consent=bool(person.employer_consent),
        title_level=person.title_level,
        planner_cert=person.planner_cert,
        practical=practical if person.claimed_route == "B" else None,
        discipline_record=person.discipline_record,
        prior_dismissal_item=person.prior_dismissal_item,
        influence_evidence=person.influence_evidence,
    )
