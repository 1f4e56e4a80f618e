"""From a draft to a version: checked, replayed, compared, approved where the rule asks for it, published on its day."""

from processes.engine.publishing.approval import MAY_APPROVE, approval_needed, rules, set_approval_needed
from processes.engine.publishing.deciding import approve, send_back
from processes.engine.publishing.delivering import Delivered, deliver
from processes.engine.publishing.history import (
    acts,
    open_publication,
    publication,
    publication_of,
    publications,
    waiting_publications,
)
from processes.engine.publishing.models import (
    APPROVED,
    OPEN_STATES,
    PUBLISHED,
    SCHEDULED,
    SENT_BACK,
    SUBMITTED,
    WITHDRAWN,
    ApprovalRule,
    Publication,
    PublicationAct,
)
from processes.engine.publishing.releasing import PUBLISH, publish, publish_on_its_day, unschedule
from processes.engine.publishing.rolling_back import roll_back
from processes.engine.publishing.steps import Step, steps
from processes.engine.publishing.submitting import (
    comparison,
    is_seen,
    look_at_comparison,
    replay_again,
    submit,
    withdraw,
)

__all__ = [
    "APPROVED",
    "MAY_APPROVE",
    "OPEN_STATES",
    "PUBLISH",
    "PUBLISHED",
    "SCHEDULED",
    "SENT_BACK",
    "SUBMITTED",
    "WITHDRAWN",
    "ApprovalRule",
    "Delivered",
    "Publication",
    "PublicationAct",
    "Step",
    "acts",
    "approval_needed",
    "approve",
    "comparison",
    "deliver",
    "is_seen",
    "look_at_comparison",
    "open_publication",
    "publication",
    "publication_of",
    "publications",
    "publish",
    "publish_on_its_day",
    "replay_again",
    "roll_back",
    "rules",
    "send_back",
    "set_approval_needed",
    "steps",
    "submit",
    "unschedule",
    "waiting_publications",
    "withdraw",
]
