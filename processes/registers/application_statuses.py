"""The life of an application, from the draft to the certificate."""

from __future__ import annotations

from enum import StrEnum

from processes.forms.wording import Wording
from processes.registers.history import life


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    EMPLOYER = "employer"
    REVIEW = "review"
    SUPPLEMENT = "supplement"
    ELIGIBLE = "eligible"
    RECOGNITION = "recognition"
    INELIGIBLE = "ineligible"
    EMPLOYER_REFUSED = "employer_refused"
    LAPSED = "lapsed"
    TOO_LATE = "too_late"
    FALSE_CERTIFICATE = "false_certificate"
    NOMINEE = "nominee"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    CONSULTING = "consulting"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


_S = ApplicationStatus
APPLICATION_STATUSES: dict[str, Wording] = {
    _S.DRAFT: Wording("草稿", "Draft"),
    _S.EMPLOYER: Wording("待单位意见", "With the employer"),
    _S.REVIEW: Wording("待审核", "Under review"),
    _S.SUPPLEMENT: Wording("待补正", "To be supplemented"),
    _S.ELIGIBLE: Wording("符合一般条件", "Meets the general conditions"),
    _S.RECOGNITION: Wording("提请认定", "Put forward for recognition"),
    _S.INELIGIBLE: Wording("不符合", "Not eligible"),
    _S.EMPLOYER_REFUSED: Wording("单位不同意", "Employer refused"),
    _S.LAPSED: Wording("逾期未办", "Lapsed"),
    _S.TOO_LATE: Wording("逾期不受理", "Too late"),
    _S.FALSE_CERTIFICATE: Wording("证书不实", "False certificate"),
    _S.NOMINEE: Wording("建议人选", "Nominee"),
    _S.RESERVE: Wording("备选人选", "Reserve"),
    _S.NOT_SELECTED: Wording("未入选", "Not selected"),
    _S.CONSULTING: Wording("征求意见中", "District consulted"),
    _S.CONFIRMED: Wording("已确定", "Confirmed"),
    _S.ACCEPTED: Wording("已签收", "Accepted"),
    _S.WITHDRAWN: Wording("已退出", "Withdrawn"),
    _S.CANCELLED: Wording("已终止", "Cancelled"),
}

UNSETTLED = frozenset({_S.DRAFT, _S.EMPLOYER, _S.REVIEW, _S.SUPPLEMENT})
"""The deliberation waits for these."""
SELECTABLE = frozenset(
    {_S.ELIGIBLE, _S.RECOGNITION, _S.NOMINEE, _S.RESERVE, _S.NOT_SELECTED, _S.CONSULTING, _S.CONFIRMED}
)
"""The panel may name these; a second deliberation may change what the first one named."""
ENDED = frozenset({_S.EMPLOYER_REFUSED, _S.LAPSED, _S.TOO_LATE, _S.WITHDRAWN, _S.CANCELLED})
"""Over without a finding: the person may apply again while the call is open."""

_CHOSEN = (_S.NOMINEE, _S.RESERVE, _S.NOT_SELECTED, _S.CONSULTING, _S.CONFIRMED)
_OUT = (_S.WITHDRAWN, _S.INELIGIBLE, _S.FALSE_CERTIFICATE, _S.CANCELLED)
_FOUND = (_S.ELIGIBLE, _S.RECOGNITION)
APPLICATION_LIFE = life(
    (_S.DRAFT, (_S.EMPLOYER, _S.REVIEW, _S.LAPSED, _S.TOO_LATE, _S.WITHDRAWN, _S.CANCELLED)),
    (_S.EMPLOYER, (_S.REVIEW, _S.EMPLOYER_REFUSED, _S.LAPSED, *_OUT)),
    (_S.REVIEW, (_S.EMPLOYER, _S.SUPPLEMENT, *_FOUND, _S.LAPSED, _S.EMPLOYER_REFUSED, *_OUT)),
    (_S.SUPPLEMENT, (_S.EMPLOYER, _S.REVIEW, _S.LAPSED, *_OUT)),
    (_S.INELIGIBLE, (_S.REVIEW, *_FOUND, _S.WITHDRAWN, _S.CANCELLED)),
    *((found, (_S.REVIEW, *_CHOSEN, *_OUT)) for found in _FOUND),
    *((chosen, (*_CHOSEN, _S.ACCEPTED, *_OUT)) for chosen in _CHOSEN),
    (_S.ACCEPTED, _OUT),
)
