"""What the decision at the end of a term is checked for (第五条(三))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import day, identified, text
from handlers.checking import Problems
from handlers.registry import names, options, validator
from handlers.term_renewal.renewing import END, MOVE, RENEW, proposal, proposal_says
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.identity.units import is_served
from processes.messages import message
from processes.registers.appointments import CURRENT
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.renewals import renewal_for, renewal_of
from processes.rules.renewal import Renewal

Variables = Mapping[str, Any]


@options("vacant_posts")
def vacant_posts(session: Session, variables: Variables) -> Sequence[Option]:
    """Posts without a planner, of units that are still served."""
    found = session.scalars(select(PlannerPost).where(PlannerPost.status == PostStatus.VACANT)).all()
    served = [each for each in found if is_served(each.unit, clock.today())]
    in_order = sorted(served, key=lambda post: (post.unit.place, post.number))
    return [Option(str(each.id), each.label) for each in in_order]


@names("vacant_posts")
def post_names(session: Session, values: Any) -> Mapping[str, str]:
    """The posts chosen, vacant or not."""
    chosen = select(PlannerPost).where(PlannerPost.id.in_([identified(each) for each in values]))
    return {str(each.id): each.label for each in session.scalars(chosen)}


@validator(
    "term_renewal.decision",
    zh="续聘决定：同意、无未结事项、不追溯",
    en="Renewal: agreed, nothing open, not backdated",
)
def decision(check: FormCheck) -> None:
    """No renewal against a «no», of nobody who has left, none while something is open, never backdated (R16).

    The rule is asked again: a dismissal case may have begun, or ended, since the form was made.
    """
    problems = Problems()
    chosen = text(check.answers, "decision")
    made = renewal_of(check.session, identified(check.data["renewal_id"]))
    if made.appointment.status not in CURRENT:
        if chosen in (RENEW, MOVE):
            problems.add("decision", message("本人已不在聘，不能续聘；请选择“不续聘”办结。"))
        problems.refuse()
        return
    found = proposal(made, check.session, clock.today())
    said = proposal_says(found)
    if chosen == RENEW and found.decision is not Renewal.RENEW:
        problems.add("decision", message("规则核算为“%(said)s”，不能续聘。", said=said))
    if chosen == MOVE and (found.decision is Renewal.WAIT or not set(found.reasons) <= {"district_need"}):
        problems.add("decision", message("规则核算为“%(said)s”，不能调整区县续聘。", said=said))
    if chosen == END and found.decision is Renewal.WAIT:
        problems.add("decision", message("规则核算为“%(said)s”，请暂缓决定。", said=said))
    if chosen in (RENEW, MOVE):
        _new_term(check, problems)
    problems.refuse()


def _new_term(check: FormCheck, problems: Problems) -> None:
    start, end = day(check.answers.get("new_start")), day(check.answers.get("new_end"))
    term_end = day(check.data.get("term_end"))
    assert start is not None
    assert end is not None
    assert term_end is not None
    if start < max(term_end + timedelta(days=1), clock.today()):
        problems.add("new_start", message("新聘期自原聘期届满次日或决定之日起，不得追溯。"))
    if end <= start:
        problems.add("new_end", message("新聘期止应晚于新聘期起。"))


@validator("term_renewal.extension", zh="延期履职：最长六十日", en="Extension: sixty days at most")
def extension(check: FormCheck) -> None:
    """Sixty days at most after the term."""
    problems = Problems()
    until, latest = day(check.answers.get("extended_until")), day(check.data.get("extend_latest"))
    if until is not None and latest is not None and not clock.today() <= until <= latest:
        problems.add("extended_until", message("延期履职不超过聘期届满后60日。"))
    problems.refuse()


@validator("term_renewal.choice", zh="到期选择：一个聘期一次", en="The end of a term is decided once")
def choice(check: FormCheck) -> None:
    """The end of a term is decided once."""
    problems = Problems()
    if renewal_for(check.session, identified(check.answers["appointment_id"])) is not None:
        problems.add("appointment_id", message("该聘任的续聘事项已经发起。"))
    problems.refuse()
