"""即时名额: what the ceiling on 优秀 leaves while grades are being ticked; the check decides (第十四条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from handlers.annual_appraisal.panel import CHOSEN
from handlers.annual_appraisal.reopening import reopened_entries
from handlers.annual_appraisal.roll import this_appraisal
from handlers.annual_appraisal.scoring import tied_ids
from handlers.answers import identified, rows, text
from handlers.registry import tally
from processes.engine.house import FormCheck, Tally
from processes.messages import Message, message
from processes.registers.appraisals import Appraisal, AppraisalEntry, AppraisalStatus, entry_of
from processes.registers.grading import CapStanding, above_the_ceiling, cap_standing
from processes.rules.appraisal import Grade


def ceiling_tally(standing: CapStanding, remarks: Sequence[Message] = ()) -> Tally:
    """The numbers of the ceiling, and why the list could not be saved as it stands."""
    problem = above_the_ceiling(standing)
    figures = (
        (message("考核人数"), standing.n),
        (message("优秀名额"), standing.cap),
        (message("已用"), standing.used),
        (message("剩余"), standing.left),
    )
    return Tally(figures, problem or standing.told, problem is not None, remarks)


@tally("annual_appraisal.ceiling", zh="优秀名额：上限、已用、剩余", en="Excellent: cap, used, left")
def ceiling(check: FormCheck) -> Tally:
    """The list of the panel, or of the leader, with whom the line leaves to a vote and how many have no grade yet."""
    appraisal, proposed = this_appraisal(check), _proposed(check)
    return ceiling_tally(cap_standing(check.session, appraisal, proposed), _remarks(check, appraisal, proposed))


@tally("annual_appraisal.ties", zh="并列合议：名额与已选", en="Ties: places and chosen")
def ties(check: FormCheck) -> Tally:
    """Who stands equal at the line, as they are being chosen."""
    chosen = zip(check.data["tie_ids"], rows(check.answers, "ties"), strict=False)
    proposed = {identified(key): Grade.EXCELLENT.value for key, row in chosen if row.get("chosen") == CHOSEN}
    return ceiling_tally(cap_standing(check.session, this_appraisal(check), proposed))


@tally("annual_appraisal.regrade", zh="重新评议：全年名单合计", en="Grading again: the list of the year")
def regrade(check: FormCheck) -> Tally:
    """Those who are graded again, within the list of the whole year."""
    entries = reopened_entries(check)
    proposed = _given(entries, check)
    return ceiling_tally(cap_standing(check.session, entries[0].appraisal, proposed))


@tally("annual_appraisal.proposal", zh="考核组建议：等次合计与名额", en="The panel's proposal: grades and places")
def proposal(check: FormCheck) -> Tally:
    """The panel's proposal as it would stand if it were decided now."""
    entries = reopened_entries(check)
    listed = zip(entries, rows(check.data, "proposal_rows"), strict=False)
    proposed = {each.id: text(row, "grade") for each, row in listed}
    return ceiling_tally(cap_standing(check.session, entries[0].appraisal, proposed))


def _proposed(check: FormCheck) -> dict[UUID, str]:
    return _given([entry_of(check.session, identified(each)) for each in check.data["grade_ids"]], check)


def _given(entries: Sequence[AppraisalEntry], check: FormCheck) -> dict[UUID, str]:
    """The grades that are ticked; a row that says nothing has none."""
    return {each.id: text(row, "grade") for each, row in zip(entries, rows(check.answers, "grades"), strict=False)}


def _remarks(check: FormCheck, appraisal: Appraisal, proposed: Mapping[UUID, str]) -> list[Message]:
    said = []
    open_ones = sum(not each for each in proposed.values())
    if open_ones:
        said.append(message("还有%(count)s人未评定等次。", count=open_ones))
    if appraisal.status != AppraisalStatus.GRADING:
        return said  # the panel has voted; the leader reads the outcome in each row
    _, tied = tied_ids(check.session, appraisal)
    names = [
        each.person.name
        for each in (entry_of(check.session, key) for key in proposed)
        if str(each.id) in tied and proposed[each.id] != Grade.EXCELLENT
    ]
    if names:
        said.append(
            message("名额线上并列%(count)s人：%(names)s，由考核组合议。", count=len(names), names="、".join(names))
        )
    return said
