"""报名: an application is checked, settled, withdrawn; the rule decides nothing by itself (第四条、第六条(二))."""

from __future__ import annotations

from typing import Any

from handlers.answers import file_ids, last_sent, rows, sent, text, this_application
from handlers.appointment.deliberation import enter_library
from handlers.appointment.eligibility_items import check_items
from handlers.appointment.eligibility_readings import rules_of, stated
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call, Parameter
from processes.engine.models import Submission
from processes.errors import Conflict
from processes.forms.wording import Wording
from processes.messages import message
from processes.notices import notify
from processes.registers import experts
from processes.registers.application_statuses import ENDED, UNSETTLED, ApplicationStatus
from processes.registers.applications import Application, unsettled
from processes.registers.appointments import dismissal_item
from processes.registers.history import change_status
from processes.registers.letters import LetterStatus, letters_about
from processes.registers.nominations import CURRENT, NominationStatus, nominations_of, stand
from processes.registers.rounds import locked_round
from processes.registers.switches import readings_on
from processes.registers.work_relations import works_for
from processes.rules.eligibility import EligibilityResult, eligibility

Variables = dict[str, Any]
_S = ApplicationStatus
SETTLED = ("eligible", "recognition", "ineligible", "lapsed", "employer_refused", "too_late")
"""How an application may be settled: statuses of the register."""
STILL_IN = frozenset({"eligible", "recognition"})
"""Settled so, an application waits for the result of the round."""
TO_SUPPLEMENT = "需补正"


@operation("application.check", zh="核验报名条件", en="Check the conditions (R04)")
def check(call: Call) -> Variables:
    """Write down what was sent and what R04 says about it; people decide."""
    person = this_application(call)
    submission = sent(call)
    person.case_id = call.case.id
    _note_finding(call, person)
    if submission.form_key == "application":
        _write(call, person, submission)
    if submission.form_key == "employer_opinion":
        write_employer_opinion(person, submission)
    rules = rules_of(readings_on(call.session))
    found = judge(call, person)
    needed = rules.employer_consent_needed
    consented = person.employer_answered_at is not None and (person.employer_consent is not False or not needed)
    change_status(call.session, call.actor, person, _S.REVIEW if consented else _S.EMPLOYER)
    return {
        "rule_result": person.rule_result,
        "route": person.route,
        "missing": list(person.missing),
        "flags": list(person.flags),
        "check_items": check_items(person, found, rules),
        "employer_id": person.employer_id,
        "consent_needed": needed,
    }


def _write(call: Call, person: Application, submission: Submission) -> None:
    """What the applicant has sent last; the identity number stays with the form."""
    given = submission.answers
    again = person.submitted_at is not None
    for name in ("name", "gender", "birth", "mobile", "position", "title_level", "title_name", "title_cert_no"):
        setattr(person, name, text(given, name))
    for name in ("planner_cert", "planner_cert_no", "claimed_route", "practical_reasons"):
        setattr(person, name, text(given, name))
    person.employer_id = text(given, "employer") or person.employer_id
    person.dispatching_id = text(given, "dispatch_org") or person.employer_id
    person.experience_evidence = len(file_ids(given.get("experience_evidence")))
    person.influence_evidence = len(file_ids(given.get("influence_evidence")))
    person.specialties = list(given.get("specialties") or ())
    person.units_wanted = [row["unit"] for row in rows(given, "units_wanted")]
    person.accept_assign = bool(given.get("accept_assign"))
    person.avoid_units = [dict(row) for row in rows(given, "avoid_units")]
    person.volunteers, person.duty_commitment = bool(given.get("volunteers")), bool(given.get("duty_commitment"))
    person.answers = {key: value for key, value in given.items() if key != "id_no"}
    person.submitted_at = submission.at
    person.supplement_rounds += again
    person.prior_dismissal_item = dismissal_item(call.session, person.person_id)
    late = last_sent(call.session, call.case, "late_decision")
    person.late_reason = text(late.answers, "reason") if late else ""


def write_employer_opinion(person: Application, submission: Submission) -> None:
    """What the employer says (第九条(四))."""
    person.employer_consent = submission.answers.get("consent") == "同意"
    person.employer_opinion = dict(submission.answers)
    person.employer_answered_at = submission.at


def judge(call: Call, person: Application) -> EligibilityResult:
    """What R04 says about an application as it stands in the register."""
    found = eligibility(stated(person), rules_of(readings_on(call.session)))
    person.rule_result, person.route = found.result.value, found.route.value if found.route else ""
    person.missing, person.flags = list(found.missing), [flag.value for flag in found.flags]
    person.ground = str(found.ground)
    call.session.flush()
    return found


def _note_finding(call: Call, person: Application) -> None:
    """Write down the reviewer's latest finding, if it is not in the register yet."""
    submission = last_sent(call.session, call.case, "qualification")
    new = submission is not None and (person.reviewed_at is None or submission.at > person.reviewed_at)
    if submission is None or not new or submission.answers.get("conflict") == "有":
        return
    given = submission.answers
    person.finding, person.finding_reasons = text(given, "result"), text(given, "reasons")
    person.reviewer_id, person.reviewer, person.reviewed_at = submission.person_id, submission.person, submission.at
    person.same_employer = works_for(call.session, submission.person_id, person.employer_id)
    if person.finding == TO_SUPPLEMENT and person.status == _S.REVIEW:
        change_status(call.session, call.actor, person, _S.SUPPLEMENT, person.finding_reasons)


@operation("application.ask_supplement", zh="登记补正要求", en="Enter what is to be supplemented")
def ask_supplement(call: Call) -> Variables:
    """Enter that an application is to be supplemented, and for which time (第六条(二))."""
    _note_finding(call, this_application(call))
    return {"rounds": int(call.data.get("rounds") or 0) + 1}


_STATUS = Parameter("status", Wording("办结状态", "Status"), kind="choice", choices=SETTLED)


@operation("application.settle", zh="登记报名结果", en="Settle the application", parameters=(_STATUS,))
def settle(call: Call) -> Variables:
    """Settle an application; tells whether it was the last one that the deliberation waited for."""
    status = str(call.parameters["status"])
    person = this_application(call)
    called = locked_round(call.session, person.round_id)
    _note_finding(call, person)
    if status == "employer_refused":
        write_employer_opinion(person, sent(call))
    if status == "ineligible" and _false_certificate(call):
        status = _S.FALSE_CERTIFICATE
    reason = _reason(call, person, status)
    change_status(call.session, call.actor, person, status, reason)
    person.settled_as = status
    if status == "eligible":
        enter_library(call, person)
    if status not in STILL_IN:
        _tell(call, person, reason)
    return {"all_settled": _was_last(call, called.id), "settled_as": str(call.parameters["status"])}


def _false_certificate(call: Call) -> bool:
    submission = last_sent(call.session, call.case, "qualification")
    return submission is not None and bool(submission.answers.get("certificate_false"))


def _reason(call: Call, person: Application, status: str) -> str:
    if status == "employer_refused":
        return text(person.employer_opinion, "reason")
    if status == "too_late":
        late = last_sent(call.session, call.case, "late_decision")
        person.late_reason = text(late.answers, "reason") if late else ""
        return person.late_reason
    if status == "lapsed":
        return "逾期未补正" if person.submitted_at else "报名截止时未提交"
    return person.finding_reasons


def _tell(call: Call, person: Application, reason: str) -> None:
    label = person.STATUSES[person.status].zh
    told = message(
        "您的报名（%(number)s）结果：%(result)s。%(reason)s", number=person.number, result=label, reason=reason
    )
    notify(call.session, "result", told, person_id=person.person_id, case_id=call.case.id)


def _was_last(call: Call, round_id: Any) -> bool:
    """Whether the closed call has just lost its last unsettled application; said once."""
    called = locked_round(call.session, round_id)
    if called.call_closed_at is None or called.settled_at is not None or unsettled(call.session, round_id):
        return False
    called.settled_at = clock.now()
    return True


@operation("application.note_false_certificate", zh="登记证书不实", en="Note a false certificate")
def note_false_certificate(call: Call) -> None:
    """A false certificate is noted in the expert library and told to the HR bureau."""
    person = this_application(call)
    reasons = text(call.data, "reasons")
    expert = experts.expert_for(call.session, person.person_id) or enter_library(call, person)
    experts.note(call.session, call.actor, expert, f"报名{person.number}证书不实：{reasons}")
    experts.deactivate(call.session, call.actor, expert, "证书不实")
    told = message("报名人%(name)s（%(number)s）提供的证书不实：%(reasons)s",
                   name=person.name, number=person.number, reasons=reasons)  # fmt: skip
    notify(call.session, "result", told, role="hr_bureau.clerk", organization_id="hr_bureau", case_id=call.case.id)


@operation("application.record_employer", zh="登记新单位意见", en="Record the new employer's opinion")
def record_employer(call: Call) -> Variables:
    """The applicant has changed employers during the round: the new one is asked as well."""
    person = this_application(call)
    person.employer_id = person.dispatching_id = str(call.data.get("employer_id") or person.employer_id)
    write_employer_opinion(person, sent(call))
    call.session.refresh(person, ["employer"])
    judge(call, person)
    needed = readings_on(call.session).on("employer.consent")
    return {"consent_lost": needed and person.employer_consent is False}


@operation("application.withdraw", zh="登记退出", en="Withdraw the application")
def withdraw(call: Call) -> Variables:
    """The applicant withdraws, at whatever stage (第五条(二)、第十五条(一)); whoever waits for the person is told."""
    person = this_application(call)
    called = locked_round(call.session, person.round_id)
    if person.status == _S.ACCEPTED:
        raise Conflict(message("您已受聘，请按退出程序办理。"))
    waited_for = person.status in UNSETTLED
    reason = "新单位不同意" if call.data.get("consent_lost") else text(call.data, "reason") or "本人退出"
    person.settled_as = "withdrawn"
    if person.status not in ENDED:
        change_status(call.session, call.actor, person, _S.WITHDRAWN, reason)
    nomination_id, letter_id = _leave_posts(call, person, reason)
    last = waited_for and _was_last(call, called.id)
    return {"nomination_id": nomination_id, "letter_id": letter_id, "all_settled": last}


def _leave_posts(call: Call, person: Application, reason: str) -> tuple[str, str]:
    """Withdraw all nominations; gives the one that stood, and its letter that still waits, or empty texts."""
    stood, letter = "", ""
    for nomination in nominations_of(call.session, person.round_id, *CURRENT, NominationStatus.RESERVE):
        if nomination.application_id != person.id:
            continue
        if nomination.status in CURRENT:
            stood = str(nomination.id)
            waiting = [one for one in letters_about(call.session, nomination.id) if one.status == LetterStatus.WAITING]
            letter = str(waiting[0].id) if waiting else ""
        stand(call.session, call.actor, nomination, NominationStatus.WITHDRAWN, reason)
    return stood, letter
