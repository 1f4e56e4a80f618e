"""申请待遇: told when a right is reached, asked for with its use, checked, found by people (第十四条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from handlers.answers import answers, day, identified, rows, text
from handlers.benefits.conditions import KIND_OF, Check, check_conditions
from handlers.checking import Problems
from handlers.registry import operation, validator
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.benefits import (
    BENEFIT_KINDS,
    Benefit,
    BenefitKind,
    BenefitStatus,
    ask_for_benefit,
    benefit_of,
    waived_already,
    waiver_used,
)
from processes.registers.experts import employer_of
from processes.registers.history import change_status

Variables = dict[str, Any]


def _begin(call: Call, person_id: UUID, kind: str) -> Variables:
    person = call.session.get_one(Person, person_id)
    employer = employer_of(call.session, person.id)
    return {
        "person_id": str(person.id),
        "person_name": person.name,
        "employer_id": employer.id if employer else None,
        "has_employer": employer is not None,
        "kind": kind,
        "this_year": clock.today().year,
        "decision": "",
        "finding": "",
        "found_says": "—",
        "deeds": "",
        "joint": "",
        "report_rows": [],
        "met": False,
    }


@operation("benefits.begin", zh="建立待遇申请", en="Begin a request")
def begin(call: Call) -> Variables:
    """A planner asks by hand."""
    return _begin(call, identified(call.data["started_by"]), "")


@operation("benefits.take_right", zh="告知可以申请待遇", en="Tell of a right that is reached")
def take_right(call: Call) -> Variables:
    """The final grade has earned something; nobody but the planner asks for it."""
    given = str(call.data.get("kind") or "")
    kind = BENEFIT_KINDS[given].zh if given in BENEFIT_KINDS else given if given in KIND_OF else ""
    person_id = identified(call.data["person_id"])
    told = message("您已具备申请政策待遇的条件：%(kind)s（第十四条）。", kind=kind or "政策待遇")
    notify(call.session, "result", told, person_id=person_id, case_id=call.case.id)
    return _begin(call, person_id, kind)


@validator("benefits.application", zh="政策待遇：条件与次数", en="Benefit: conditions and number")
def application(check: FormCheck) -> None:
    """One waiver for a year; a report has been accepted by somebody."""
    problems, given = Problems(), check.answers
    kind, year = KIND_OF[text(given, "kind")], int(given["application_year"])
    if kind == BenefitKind.WAIVER:
        used = waiver_used(check.session, identified(check.data["person_id"]), year)
        if used is not None:
            problems.add("application_year", waived_already(used))
    problems.refuse()


@operation("benefits.check", zh="条件核验", en="Check the conditions")
def check(call: Call) -> Variables:
    """The request is entered with the conditions as they stand today."""
    given, person_id = answers(call), identified(call.data["person_id"])
    kind = KIND_OF[text(given, "kind")]
    found = check_conditions(call.session, person_id, kind, clock.today())
    made = ask_for_benefit(
        call.session, call.actor, case_id=call.case.id, person_id=person_id, kind=kind,
        application_year=int(given["application_year"]), institution=text(given, "institution"),
        use=text(given, "use"), reports=_reports(given), deeds=text(given, "deeds"), **_facts(found),
    )  # fmt: skip
    return {
        "benefit_id": str(made.id),
        "institution": made.institution,
        "use": f"{made.application_year}年度：{made.use}",
        "deeds": made.deeds,
        "report_rows": made.reports,
        "check_rows": found.rows,
        "met": found.met,
        "finding": "" if found.met else f"条件不具备：{found.missing}",
    }


def _facts(found: Check) -> Variables:
    return {
        "checked": found.rows,
        "full_years": found.full_years,
        "waived_years": found.waived_years,
        "grades": found.grades,
        "readings_version": found.readings_version,
    }


def _reports(given: Mapping[str, Any]) -> list[dict[str, str]]:
    keys = ("title", "report_kind", "problem", "authors", "accepted_by")
    return [
        {**{key: text(row, key) for key in keys}, "accepted_on": str(day(row.get("accepted_on")) or "")}
        for row in rows(given, "reports")
    ]


def this_benefit(step: Call | FormCheck) -> Benefit:
    """The request that the case is about."""
    return benefit_of(step.session, identified(step.data.get("benefit_id")))


@operation("benefits.take_finding", zh="登记认定", en="Take the finding")
def take_finding(call: Call) -> Variables:
    """业绩突出, or that a report qualifies: found by people, with their reasons."""
    made, given = this_benefit(call), answers(call)
    made.finding = (
        f"{call.actor.name}（{chinese_date(clock.today())}）：{text(given, 'decision')}。{text(given, 'finding')}"
    )
    return {"found_says": made.finding}


@operation("benefits.take_recommendation", zh="登记推荐意见", en="Take the employer's recommendation")
def take_recommendation(call: Call) -> Variables:
    """The employer recommends with the bureau, or leaves it to the bureau (第十四条(三))."""
    made, given = this_benefit(call), answers(call)
    made.joint, made.deeds = text(given, "joint") == "联合推荐", text(given, "deeds") or made.deeds
    made.finding = f"{call.actor.name}：{text(given, 'joint')}"
    return {"found_says": made.finding, "deeds": made.deeds}


@operation("benefits.refuse", zh="登记不予办理", en="Refuse the request")
def refuse(call: Call) -> Variables:
    """The planner reads what is missing, or why it was not found."""
    made = this_benefit(call)
    made.refused_why = text(call.data, "finding")
    change_status(call.session, call.actor, made, BenefitStatus.REFUSED, made.refused_why)
    told = message("您的政策待遇申请（%(number)s）不予办理：%(why)s", number=made.number, why=made.refused_why)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {}
