"""证明: issued for one application (T24, T25), entered with the HR bureau, withdrawn with its grade (第十四条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import text
from handlers.benefits.asking import this_benefit
from handlers.benefits.conditions import check_conditions
from handlers.checking import Problems
from handlers.documents import issue
from handlers.registry import operation, validator
from processes import clock
from processes.documents.dates import chinese_date
from processes.documents.official_words import BUREAU
from processes.engine.house import Call, FormCheck
from processes.messages import message
from processes.notices import notify
from processes.registers.benefits import BENEFIT_KINDS, Benefit, BenefitKind, BenefitStatus
from processes.registers.experts import employer_of
from processes.registers.history import change_status
from processes.registers.ledger import service_of
from processes.registers.service_years import final_grades, served_appointments
from processes.registers.switches import readings_on

Variables = dict[str, Any]
PAPERS = {
    BenefitKind.WAIVER: "proof_waiver",
    BenefitKind.REPORT: "proof_report",
    BenefitKind.PRIORITY: "proof_priority",
    BenefitKind.RECOMMENDATION: "recommendation",
}
STANDS = "证明仍成立"


@operation("benefits.issue", zh="制作证明", en="Issue the proof")
def issue_proof(call: Call) -> Variables:
    """One of three proofs, or the letter of recommendation; it names the application it is for."""
    made = this_benefit(call)
    kind = BenefitKind(made.kind)
    values = _recommendation(call, made) if kind is BenefitKind.RECOMMENDATION else _proof(call, made, kind)
    document = issue(call, PAPERS[kind], values, subject_id=made.person_id)
    made.proof_number, made.issued_on, made.signed_by = document.number, clock.today(), call.actor.name
    change_status(call.session, call.actor, made, BenefitStatus.ISSUED)
    told = message("您的%(kind)s已签发：%(number)s。", kind=BENEFIT_KINDS[kind].zh, number=document.number)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {"proof_number": document.number}


def _proof(call: Call, made: Benefit, kind: BenefitKind) -> Variables:
    values: Variables = {
        "institution": made.institution,
        "planner": made.person.name,
        "served": _served(call, made),
        "years": made.full_years,
    }
    if kind is BenefitKind.REPORT:
        return {**values, "reports": "、".join(f"《{row['title']}》" for row in made.reports), "use": _use(made)}
    grades = "，".join(f"{year}年度考核结果为{grade}" for year, grade in sorted(made.grades.items()))
    values |= {"grades": grades, "use": _use(made)}
    return {**values, "waived": made.waived_years} if kind is BenefitKind.WAIVER else values


def _use(made: Benefit) -> str:
    return f"{made.application_year}年度{made.use}"


def _served(call: Call, made: Benefit) -> str:
    today = clock.today()
    parts = [
        f"{chinese_date(each.term_start)}至{chinese_date(min(today, service_of(each).end or today))}任{each.unit.name}"
        for each in served_appointments(call.session, made.person_id, today, readings_on(call.session))
    ]
    return "、".join(parts)


def _recommendation(call: Call, made: Benefit) -> Variables:
    employer, years = employer_of(call.session, made.person_id), sorted(made.grades)
    joint = f"{BUREAU}、{employer.name}" if made.joint and employer is not None else BUREAU
    return {
        "institution": made.institution,
        "planner": made.person.name,
        "first": int(years[0]),
        "last": int(years[-1]),
        "plan": made.use,
        "deeds": made.deeds,
        "signers": joint,
    }


@operation("benefits.take_note", zh="登记备案", en="Entered with the HR bureau")
def take_note(call: Call) -> Variables:
    """The HR bureau has it; where it said nothing in time the proof is as good."""
    made = this_benefit(call)
    made.noted_on = clock.today() if call.data.get("noted") else None
    return {}


def changed_grades(made: Benefit, now: dict[int, Any]) -> list[str]:
    """The years whose grade is no longer the one on which a proof rests."""
    return [
        f"{year}年度由{grade}变更为{now.get(int(year)) or '无生效等次'}"
        for year, grade in sorted(made.grades.items())
        if now.get(int(year)) != grade
    ]


@operation("benefits.look_again", zh="重新核验条件", en="Check the conditions again")
def look_again(call: Call) -> Variables:
    """The conditions as they were on the day of issue, with the grades as they are now."""
    made = this_benefit(call)
    found = check_conditions(call.session, made.person_id, made.kind, made.issued_on or clock.today())
    return {
        "person_id": str(made.person_id),
        "person_name": made.person.name,
        "kind": BENEFIT_KINDS[made.kind].zh,
        "proof_number": made.proof_number,
        "change_says": "；".join(changed_grades(made, final_grades(call.session, made.person_id))) or "等次已恢复",
        "check_rows": found.rows,
        "met": found.met,
    }


@validator("benefits.withdrawal", zh="撤销证明：条件已不具备", en="Proof withdrawn: its conditions are gone")
def withdrawal(check: FormCheck) -> None:
    """A proof whose conditions are gone cannot stand."""
    problems = Problems()
    if text(check.answers, "decision") == STANDS and not check.data["met"]:
        problems.add("decision", message("条件已不具备，证明应当撤回。"))
    problems.refuse()


@operation("benefits.withdraw", zh="书面撤回证明", en="Withdraw the proof by notice")
def withdraw(call: Call) -> Variables:
    """The notice goes to whoever received the proof; planner and HR bureau are told."""
    made = this_benefit(call)
    made.withdrawn_on, made.withdrawn_why = clock.today(), text(call.data, "finding")
    values = {
        "institution": made.institution,
        "planner": made.person.name,
        "proof": made.proof_number,
        "kind": BENEFIT_KINDS[made.kind].zh,
        "reason": made.withdrawn_why,
    }
    issue(call, "proof_withdrawn", values, subject_id=made.person_id)
    change_status(call.session, call.actor, made, BenefitStatus.WITHDRAWN, made.withdrawn_why)
    told = message("证明%(number)s已撤回：%(why)s", number=made.proof_number, why=made.withdrawn_why)
    case_id = call.case.id
    notify(call.session, "result", told, person_id=made.person_id, case_id=case_id)
    notify(call.session, "result", told, role="hr_bureau.clerk", organization_id="hr_bureau", case_id=case_id)
    return {}


@operation("benefits.keep_proof", zh="登记证明仍成立", en="The proof stands")
def keep_proof(call: Call) -> Variables:
    """The conditions hold with the grades as they are now; the proof rests on these from now on."""
    made = this_benefit(call)
    found = check_conditions(call.session, made.person_id, made.kind, made.issued_on or clock.today())
    made.grades, made.checked = found.grades, found.rows
    return {}
