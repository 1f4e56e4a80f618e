"""补考核: a planner who served in a decided year and has no grade is appraised alone, within the year's ceiling
(第十四条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.deciding import opinion_says
from handlers.annual_appraisal.reopening import regrade_rows, reopened_entries
from handlers.annual_appraisal.roll import items_of, mark_reports, put_on_roll, served_in, standing_of, this_appraisal
from handlers.annual_appraisal.scoring import ceiling, score_entry
from handlers.annual_appraisal.views import VIEW_WD, asked_views
from handlers.annual_appraisal.words import ROLL, UNGRADED, WHY, points
from handlers.answers import identified, rows, text
from handlers.asking_hr import UNANSWERED, put_to_hr
from handlers.checking import Problems
from handlers.registry import names, operation, options, validator
from processes import clock
from processes.engine.house import Call, FormCheck
from processes.errors import NotFound
from processes.forms.wording import Option
from processes.identity.models import Person
from processes.messages import message
from processes.registers.appointments import Appointment
from processes.registers.appraisals import Appraisal, AppraisalEntry, appraisal_of, entry_for
from processes.registers.grading import cap_standing, readings_of
from processes.registers.matters import MatterKind
from processes.rules.appraisal import Standing
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
REPORT_WD, QUALITY_WD = 10, 5
"""Working days for the report of the year and for assessing the opinions (D)."""
YEARS_OFFERED = 3


class Missed(NamedTuple):
    """A planner of a decided year who has no grade."""

    appraisal: Appraisal
    served: list[Appointment]
    entry: AppraisalEntry | None

    @property
    def title(self) -> str:
        """Who, and of which year."""
        return f"{self.served[-1].person.name}{self.appraisal.year}年度"

    @property
    def state(self) -> str:
        """How the planner stands on the roll."""
        if self.entry is None:
            return "未列入名册"
        if self.entry.roll == RollStatus.GRADED:
            return "漏评"
        return UNGRADED if self.entry.roll == RollStatus.NOT_GRADED else "不列入考核"


@options("supplementary_planners")
def supplementary_planners(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Planners who served in a year that is decided and have no grade for it."""
    decided = select(Appraisal).where(Appraisal.decided_on.is_not(None)).order_by(Appraisal.year.desc())
    found = (_missed(session, appraisal, None) for appraisal in session.scalars(decided.limit(YEARS_OFFERED)))
    return [
        Option(f"{each.appraisal.id}:{each.served[-1].person_id}", f"{each.title}（{each.state}）")
        for listed in found
        for each in listed
    ]


@names("supplementary_planners")
def supplementary_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The planners chosen, graded by now or not."""
    made = {}
    for each in values:
        appraisal_id, _, person_id = each.partition(":")
        person = session.get(Person, identified(person_id))
        year = appraisal_of(session, identified(appraisal_id)).year
        made[each] = f"{person.name if person else ''}{year}年度"
    return made


def _missed(session: Session, appraisal: Appraisal, person_id: Any) -> list[Missed]:
    made = []
    for served in served_in(session, appraisal.year):
        if person_id is None or served[-1].person_id == person_id:
            entry = entry_for(session, served[-1].person_id, appraisal.year)
            if entry is None or not entry.grade:
                made.append(Missed(appraisal, served, entry))
    return sorted(made, key=lambda each: each.title)


def _chosen(session: Session, who: Any) -> Missed:
    appraisal_id, _, person_id = str(who).partition(":")
    found = _missed(session, appraisal_of(session, identified(appraisal_id)), identified(person_id))
    if not found:
        raise NotFound(message("该人员该年度没有服务，或已有考核等次。"))
    return found[0]


def _standing(session: Session, missed: Missed) -> Standing:
    readings = readings_of(session, missed.appraisal)
    return standing_of(session, missed.served, missed.appraisal.year, readings)


@validator(
    "annual_appraisal.supplementary",
    zh="补充考核：只列应考核人员",
    en="Supplementary appraisal: only who is to be graded",
)
def supplementary(check: FormCheck) -> None:
    """Only who is to be graded by R17 as the records stand now."""
    problems, missed = Problems(), _chosen(check.session, check.answers["who"])
    standing = _standing(check.session, missed)
    if standing.status != RollStatus.GRADED:
        problems.add(
            "who",
            message("按现有聘任和休假登记，%(who)s仍为%(state)s（%(why)s），不能补考核；登记有误的请先更正。",
                    who=missed.title, state=ROLL[RollStatus(standing.status)], why=WHY[standing.why] or "—"),
        )  # fmt: skip
    problems.refuse()


@validator(
    "annual_appraisal.both_views",
    zh="两局意见不一致时，双方意见都在案",
    en="Both views are on file where the bureaus differ",
)
def both_views(check: FormCheck) -> None:
    """Where the HR bureau disagrees, both views are in the file (第十条)."""
    problems = Problems()
    decided = text(check.answers, "decision") == "审定"
    if decided and check.data.get("opinion") == "不同意" and not text(check.answers, "both_views"):
        problems.add("both_views", message("市人力社保局不同意的，请写明会商情况和双方意见（第十条）。"))
    problems.refuse()


@operation("annual_appraisal.examine_supplement", zh="核对服务情况和名额", en="Look at service and ceiling")
def examine(call: Call) -> Variables:
    """How the planner stands by the readings of that year, and what the ceiling becomes with one more to grade."""
    missed = _chosen(call.session, call.data["who"])
    standing, now = _standing(call.session, missed), cap_standing(call.session, missed.appraisal)
    call.case.subject_id = missed.served[-1].person_id
    return {
        "supplement_title": missed.title,
        "year": missed.appraisal.year,
        "appraisal_id": str(missed.appraisal.id),
        "roll_says": f"{missed.state} → {ROLL[RollStatus(standing.status)]}",
        "cap_line": now.sentence,
        "cap_after": f"考核人数{now.n}人增至{now.n + 1}人，优秀名额按增加后的人数计算（第十四条）",
    }


@operation("annual_appraisal.enter_supplement", zh="列入考核名册", en="Put the planner on the roll")
def enter_supplement(call: Call) -> Variables:
    """From now on the planner counts in the base of the ceiling; report, views and quality follow as for all others."""
    missed, add = _chosen(call.session, call.data["who"]), call.house.calendar.add_workdays
    entry = put_on_roll(call.session, missed.appraisal, missed.served, _standing(call.session, missed), missed.entry)
    call.session.flush()
    report_due = add(clock.today(), REPORT_WD)
    item = items_of(call.session, [entry])
    return {
        "planners": item, "graded": item, "reopened": [str(entry.id)], "grade_source": "decision", "hr_rounds": 0,
        "report_due": report_due.isoformat(),
        "reports_close": (report_due + timedelta(days=1)).isoformat(),
        "return_reason": "", "both_views": "",
    }  # fmt: skip


@operation("annual_appraisal.ask_late_views", zh="请区县提出评价意见", en="Ask the districts about one planner")
def ask_late_views(call: Call) -> Variables:
    """The districts that the planner served give their view, by a day of its own."""
    add = call.house.calendar.add_workdays
    due = add(clock.today(), VIEW_WD)
    asked = [each for entry in reopened_entries(call) for each in asked_views(call.session, entry, due)]
    return {
        "asked_views": asked,
        "view_due": due.isoformat(),
        "quality_due": add(due, QUALITY_WD).isoformat(),
    }


@operation("annual_appraisal.score_supplement", zh="计算建议分与名额", en="Score one planner")
def score_supplement(call: Call) -> Variables:
    """The same inputs and weights as for all others of the year."""
    entries, appraisal = reopened_entries(call), this_appraisal(call)
    mark_reports(call.session, entries)
    for entry in entries:
        score_entry(call.session, entry, readings_of(call.session, appraisal))
    call.session.flush()
    return {
        "regrade_rows": regrade_rows(call.session, entries),
        "panel_opinion": "",
        "votes": "",
        **ceiling(cap_standing(call.session, appraisal)),
    }


@operation("annual_appraisal.supplement_to_hr", zh="整理征求意见事项", en="Put the proposal to the HR bureau")
def supplement_to_hr(call: Call) -> Variables:
    """A result is an important matter, of one planner as of all (第十条)."""
    entries, number = reopened_entries(call), int(call.data["hr_rounds"]) + 1
    proposed = {
        each.id: text(row, "grade") for each, row in zip(entries, rows(call.data, "proposal_rows"), strict=True)
    }
    standing = cap_standing(call.session, this_appraisal(call), proposed).sentence
    listed = "、".join(
        f"{each.person.name}（建议分{points(each.score_x100)}，拟评{proposed[each.id]}）" for each in entries
    )
    return {
        "hr_rounds": number,
        **put_to_hr(
            MatterKind.APPRAISAL,
            f"{call.data['supplement_title']}区县首席规划师补考核结果",
            f"{standing}。{listed}。补考核理由：{text(call.data, 'reason')}。"
            f"考核组意见：{text(call.data, 'panel_opinion')}",
            reference=f"{call.case.number}-{number}",
        ),
        **UNANSWERED,
    }


@operation("annual_appraisal.take_hr_supplement", zh="登记市人力社保局意见", en="Take the HR bureau's view")
def take_hr_supplement(call: Call) -> Variables:
    """The leader decides with the view, or with the record that none was given."""
    return {"opinion_says": opinion_says(call)}
