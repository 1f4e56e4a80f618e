"""第五条(三): a term ends with an appraisal of the term, and with it goes the renewal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.switches import default_number
from processes.rules.years import DAY

NO_LIMIT = 0
"""The switch `renewal.max_terms` at 0 sets no limit."""


class TermGrade(StrEnum):
    """The result of the appraisal of a term."""

    PASS = "合格"  # noqa: S105 - a grade, not a password
    FAIL = "不合格"


class Renewal(StrEnum):
    """What the answers at the end of a term amount to."""

    RENEW = "RENEW"
    NOT_RENEW = "NOT_RENEW"
    WAIT = "WAIT"


@dataclass(frozen=True)
class TermEnd:
    """The answers at the end of a term; None where an answer is still open."""

    end: date
    decision_date: date
    term_appraisal: TermGrade | None = None
    willing: bool | None = None
    district_need: bool | None = None
    employer_consent: bool | None = None
    dismissal_open: bool = False
    terms_served: int = 1

    @property
    def answers(self) -> dict[str, bool | None]:
        passed = None if self.term_appraisal is None else self.term_appraisal is TermGrade.PASS
        return {
            "term_appraisal": passed,
            "willing": self.willing,
            "district_need": self.district_need,
            "employer_consent": self.employer_consent,
        }


@dataclass(frozen=True)
class RenewalResult:
    """The proposal, its reasons by name, and for a renewal the first day and the days without office before it."""

    decision: Renewal
    new_start: date | None
    gap_days: int | None
    reasons: tuple[str, ...]
    ground: Ground = field(default=Ground("第五条(三)"))


def renewal(case: TermEnd, max_terms: int = default_number("renewal.max_terms")) -> RenewalResult:
    """Renew, not renew or wait (第五条(三), R; the four answers and the first day D).

    One «no» settles it; an open answer or an open dismissal case waits. A renewal begins the day after the term, or on
    the day of a later decision: never backdated, so the gap is shown in natural days.

    >>> answers = dict(term_appraisal=TermGrade.PASS, willing=True, district_need=True, employer_consent=True)
    >>> renewal(TermEnd(date(2028, 1, 19), date(2028, 2, 8), **answers)).gap_days
    19
    """
    refusals = [name for name, answer in case.answers.items() if answer is False]
    if max_terms != NO_LIMIT and case.terms_served >= max_terms:
        refusals.append("max_terms")
    if refusals:
        return RenewalResult(Renewal.NOT_RENEW, None, None, tuple(refusals))
    waiting = [name for name, answer in case.answers.items() if answer is None]
    if case.dismissal_open:
        waiting.append("dismissal_open")
    if waiting:
        return RenewalResult(Renewal.WAIT, None, None, tuple(sorted(waiting)))
    seamless = case.end + DAY
    start = max(seamless, case.decision_date)
    return RenewalResult(Renewal.RENEW, start, (start - seamless).days, ())
