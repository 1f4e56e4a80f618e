"""The form of whoever is asked for an opinion and nothing else: agree or not, and why."""

from __future__ import annotations

from functools import cache

from processes.forms.definition import FormDefinition

OPINION = "$opinion"
"""Key of the form; no form of a package can have it."""
AGREED, AGAINST, RETURNED, REFUSED = "同意", "不同意", "退回", "驳回"
_ENGLISH = {AGREED: "Agree", AGAINST: "Disagree", RETURNED: "Sent back", REFUSED: "Refused"}


@cache
def opinion_form() -> FormDefinition:
    """What a signer who was added fills in."""
    return _form(AGREED, AGAINST)


@cache
def verdict_form() -> FormDefinition:
    """How the opinion of whoever has sent back or refused is kept."""
    return _form(AGREED, AGAINST, RETURNED, REFUSED)


def _form(*opinions: str) -> FormDefinition:
    options = [{"value": each, "label": {"zh": each, "en": _ENGLISH[each]}} for each in opinions]
    asked = {
        "key": "opinion",
        "type": "choice",
        "label": {"zh": "意见", "en": "Opinion"},
        "required": True,
        "options": options,
    }
    comment = {
        "key": "comment",
        "type": "textarea",
        "label": {"zh": "说明", "en": "Remarks"},
        "max_length": 2000,
        "required_if": {"key": "opinion", "in": list(opinions[1:])},
    }
    return FormDefinition.parse(
        {"key": "opinion", "title": {"zh": "签署意见", "en": "Opinion"}, "fields": [asked, comment]}
    )
