"""What the forms of the appraisal must be checked for: the ceiling at every step, and reasons where they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from handlers.annual_appraisal.panel import CHOSEN
from handlers.annual_appraisal.reopening import reopened_entries
from handlers.annual_appraisal.roll import this_appraisal
from handlers.annual_appraisal.scoring import tied_ids
from handlers.answers import Row, identified, rows, text
from handlers.checking import Problems
from handlers.registry import validator
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.appraisals import Appraisal, AppraisalEntry, entry_of
from processes.registers.grading import REASON_AT_LEAST, above_the_ceiling, cap_standing, readings_of
from processes.rules.appraisal import Grade

SHORT_REASON = 10
"""Characters of a reason where the desk's suggestion, or the panel's grade, is not followed."""
BLOCKED = "block_suggestion"


@validator("annual_appraisal.grades", zh="考核组名单：优秀上限与理由", en="The panel's list: ceiling and reasons")
def grades(check: FormCheck) -> None:
    """The panel's list: ceiling, reasons; who stands equal at the line is left to the panel's vote on ties."""
    problems, appraisal = Problems(), this_appraisal(check)
    entries, listed = _listed(check), rows(check.answers, "grades")
    _reasons(problems, check, appraisal, entries, listed)
    _, tied = tied_ids(check.session, appraisal)
    for place, (entry, row) in enumerate(zip(entries, listed, strict=True)):
        newly = row["grade"] == Grade.EXCELLENT and entry.grade != Grade.EXCELLENT
        if newly and str(entry.id) in tied:
            problems.add(f"grades.{place}.grade", message("并列人员由考核组合议决定，请先评为称职。"))
    _ceiling(problems, check, appraisal, entries, listed)
    problems.refuse()


@validator("annual_appraisal.ties", zh="并列合议：不超过剩余名额", en="Ties: no more than there are places")
def ties(check: FormCheck) -> None:
    """Not more than there are places; fewer, or nobody, is allowed."""
    problems, left = Problems(), cap_standing(check.session, this_appraisal(check)).left
    chosen = sum(row["chosen"] == CHOSEN for row in rows(check.answers, "ties"))
    if chosen > left:
        problems.add(
            "ties", message("剩余优秀名额%(left)s个，选定%(chosen)s人；名额可以空缺。", left=left, chosen=chosen)
        )
    problems.refuse()


@validator(
    "annual_appraisal.decision",
    zh="审定：不超上限，改动和分歧写明理由",
    en="Decision under the ceiling, with reasons",
)
def decision(check: FormCheck) -> None:
    """Decided under the ceiling; what differs from the panel has a reason, a disagreement both views."""
    problems, appraisal = Problems(), this_appraisal(check)
    if text(check.answers, "decision") == "审定":
        entries, listed = _listed(check), rows(check.answers, "grades")
        _reasons(problems, check, appraisal, entries, listed)
        _changed(problems, entries, listed)
        _ceiling(problems, check, appraisal, entries, listed)
        if check.data.get("opinion") == "不同意" and not text(check.answers, "both_views"):
            problems.add("both_views", message("市人力社保局不同意的，请写明会商情况和双方意见（第十条）。"))
    problems.refuse()


@validator(
    "annual_appraisal.quality",
    zh="服务质量评价：无意见书可抽时写明依据",
    en="Quality assessed, with the ground where nothing could be sampled",
)
def quality(check: FormCheck) -> None:
    """Without an opinion to sample the assessment says why it is what it is."""
    problems = Problems()
    if check.data.get("sample_size") == 0 and len(text(check.answers, "quality_note")) < SHORT_REASON:
        problems.add("quality_note", message("没有可抽评的意见书，请说明评价依据（至少10个字）。"))
    problems.refuse()


@validator(
    "annual_appraisal.regrade",
    zh="重新评议：不超上限，异议不使等次变差",
    en="Grading again: under the ceiling, never worse by an objection",
)
def regrade(check: FormCheck) -> None:
    """Graded again under the ceiling of the whole list; an objection never makes it worse."""
    problems, entries, listed = Problems(), reopened_entries(check), rows(check.answers, "grades")
    _reasons(problems, check, entries[0].appraisal, entries, listed)
    _ceiling(problems, check, entries[0].appraisal, entries, listed)
    order = [Grade.INCOMPETENT, Grade.COMPETENT, Grade.EXCELLENT]
    for place, (entry, row) in enumerate(zip(entries, listed, strict=True)):
        own = check.data.get("grade_source") == "objection" and entry.grade
        if own and order.index(Grade(row["grade"])) < order.index(Grade(entry.grade)):
            problems.add(f"grades.{place}.grade", message("本人提出异议的，重新评议的等次不得低于原等次。"))
    problems.refuse()


@validator(
    "annual_appraisal.confirm_regrade",
    zh="重新评议：名册未变、上限未超",
    en="Grading again: the list has not moved on",
)
def confirm_regrade(check: FormCheck) -> None:
    """The list may have moved on since the panel met."""
    problems, entries = Problems(), reopened_entries(check)
    if text(check.answers, "decision") == "审定":
        _ceiling(problems, check, entries[0].appraisal, entries, check.data["proposal_rows"], "decision")
    problems.refuse()


@validator("annual_appraisal.reopen", zh="重新开启：选定同一年度的结果", en="Reopening: results of one year")
def reopen(check: FormCheck) -> None:
    """Results of one year; with none chosen there is nothing to open."""
    problems, chosen = Problems(), check.answers.get("reopened") or []
    if text(check.answers, "decision") == "重新启动":
        years = {entry_of(check.session, identified(each)).appraisal_id for each in chosen}
        if not chosen:
            problems.add("reopened", message("请选择需重新评议的人员。"))
        elif len(years) > 1:
            problems.add("reopened", message("请一次只选择同一年度的考核结果。"))
    problems.refuse()


def _listed(check: FormCheck) -> list[AppraisalEntry]:
    return [entry_of(check.session, identified(each)) for each in check.data["grade_ids"]]


def _reasons(
    problems: Problems, check: FormCheck, appraisal: Appraisal, entries: Sequence[AppraisalEntry], listed: Sequence[Row]
) -> None:
    barred = readings_of(check.session, appraisal).choice("excellent.require_visits") == BLOCKED
    for place, (entry, row) in enumerate(zip(entries, listed, strict=True)):
        said, cell = len(text(row, "reason")), f"grades.{place}.reason"
        short = barred and entry.inputs.get("visits", 0) < entry.inputs.get("visit_target", 0)
        if row["grade"] == Grade.INCOMPETENT and said < REASON_AT_LEAST:
            problems.add(cell, message("评定不称职，理由不少于%(least)s个字。", least=REASON_AT_LEAST))
        elif row["grade"] == Grade.EXCELLENT and short and said < SHORT_REASON:
            problems.add(cell, message("实地次数不足而评为优秀的，请说明理由（至少10个字）。"))
        elif entry.report_missing and said < SHORT_REASON:
            problems.add(cell, message("未提交报告而评定等次的，请说明理由（至少10个字）。"))


def _changed(problems: Problems, entries: Sequence[AppraisalEntry], listed: Sequence[Row]) -> None:
    for place, (entry, row) in enumerate(zip(entries, listed, strict=True)):
        said = text(row, "reason")
        own = len(said) >= SHORT_REASON and said not in {each.reason for each in entry.versions}
        if row["grade"] != entry.grade and not own:
            problems.add(f"grades.{place}.reason", message("与考核组评议等次不同的，请说明理由（至少10个字）。"))


def _ceiling(
    problems: Problems,
    check: FormCheck,
    appraisal: Appraisal,
    entries: Sequence[AppraisalEntry],
    listed: Sequence[Row],
    field: str = "grades",
) -> None:
    proposed: dict[UUID, str] = {each.id: row["grade"] for each, row in zip(entries, listed, strict=True)}
    problem = above_the_ceiling(cap_standing(check.session, appraisal, proposed))
    if problem is not None:
        problems.add(field, problem)
