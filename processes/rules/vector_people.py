"""The rules about people as the vectors ask them: JSON read into the rule's types, the result written back as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from processes.rules import absence, appraisal, benefits, dismissal, eligibility, excellent, renewal, visits
from processes.rules.travel import Trip, travel_payer
from processes.rules.vector_days import Answer, Rule, iso
from processes.rules.vector_inputs import VectorInput
from processes.rules.workdays import WorkCalendar

GRADES = {grade.value: grade for grade in appraisal.Grade}
END_REASONS = {reason.value: reason for reason in appraisal.EndReason}
TRIPS = {trip.value: trip for trip in Trip} | {"meeting": Trip.CITY_MEETING, "training": Trip.CITY_TRAINING}
NOT_COVERED = "不属于办法规定的报销范围"


def _excellent_cap(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    return {"cap": excellent.excellent_cap(given.whole("n"))}


def _excellent_check(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    check = excellent.check_excellent(given.whole("graded"), given.whole("excellent"))
    return {"ok": check.ok, "cap": check.cap, "over_by": check.over_by}


def _excellent_base(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    statuses = [row.member("status", excellent.RollStatus) for row in given.rows("people")]
    return {"n": excellent.excellent_base(statuses)}


def _excellent_select(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    candidates = [
        excellent.Candidate(
            row.text("id"),
            row.whole("score"),
            row.whole("quality", 0),
            row.whole("visits", 0),
            row.whole("consults", 0),
        )
        for row in given.rows("candidates")
    ]
    found = excellent.select_excellent(given.whole("graded"), candidates)
    return {
        "cap": found.cap,
        "selected": list(found.selected),
        "tied": list(found.tied),
        "slots_for_tied": found.slots_for_tied,
    }


def _practical(given: VectorInput) -> eligibility.PracticalClaim | None:
    if not given.has("practical"):
        return None
    claim = given.section("practical")
    return eligibility.PracticalClaim(
        claim.text("reasons", ""), claim.whole("experience_evidence", 0), claim.whole("influence_evidence", 0)
    )


def _eligibility(given: VectorInput, defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    applicant = eligibility.Applicant(
        volunteers=given.flag("volunteers"),
        duty_commitment=given.flag("duty_commitment"),
        employer_consent=given.flag("employer_consent"),
        title_level=given.maybe_text("title_level"),
        planner_cert=given.maybe_text("planner_cert"),
        practical=_practical(given),
        discipline_record=given.flag("discipline_record"),
        prior_dismissal_item=given.maybe_whole("prior_dismissal_item"),
    )
    usual = defaults.whole("min_reason_chars", eligibility.MIN_REASON_CHARS)
    rules = eligibility.EligibilityRules(min_reason_chars=given.whole("min_reason_chars", usual))
    found = eligibility.eligibility(applicant, rules)
    return {
        "result": found.result.value,
        "route": found.route.value if found.route else None,
        "missing": list(found.missing),
        "flags": [flag.value for flag in found.flags],
    }


def _visits(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    records = [
        visits.Visit(
            row.day("date"),
            row.text("unit"),
            row.text("mode"),
            row.text("status"),
            row.whole("schemes", 0),
            row.whole("opinions", 0),
        )
        for row in given.rows("visits")
    ]
    service = visits.Service(given.day("service_start"), given.maybe_day("service_end"))
    found = visits.count_visits(records, service, given.whole("year"))
    return {
        "count": found.count,
        "target": found.target,
        "met": found.met,
        "shortfall": found.shortfall,
        "missing_opinions": found.missing_opinions,
    }


def _absence(given: VectorInput, defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    usual, config = defaults.section("absence.config"), given.section("config")
    standard = absence.DEFAULT_RULES
    rules = absence.AbsenceRules(
        config.member("year_mode", absence.YearMode, usual.member("year_mode", absence.YearMode, standard.year_mode)),
        config.member(
            "excused_mode",
            absence.ExcusedMode,
            usual.member("excused_mode", absence.ExcusedMode, standard.excused_mode),
        ),
        given.maybe_day("term_start") or config.maybe_day("term_start"),
    )
    events = [
        absence.AttendanceEvent(row.text("id"), row.moment("at"), row.member("outcome", absence.Outcome))
        for row in given.rows("events")
    ]
    found = absence.count_absences(events, rules, given.maybe_day("as_of"))
    return {
        "trigger": found.trigger,
        "kind": found.kind.value if found.kind else None,
        "trigger_event": found.trigger_event,
        "consecutive_max": found.consecutive_max,
        "total_max": found.total_max,
        "current_run": found.current_run,
        "current_total": found.current_total,
        "pending": found.pending,
        "level": found.level.value,
    }


def _dismissal(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    findings = dismissal.Findings(
        voluntary_request=given.flag("voluntary_request"),
        unable_finding=given.flag("unable_finding"),
        absence_trigger=given.flag("absence_trigger"),
        absence_disputed=given.flag("absence_disputed"),
        grade=GRADES.get(given.text("grade", "")),
        grade_final=given.flag("grade_final"),
        discipline_finding=given.flag("discipline_finding"),
    )
    found = dismissal.dismissal(findings)
    return {"items": list(found.items), "hold": list(found.hold), "action": found.action.value}


def _benefits(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    # Whatever is written that is not one of the three grades (不确定等次 …) leaves the year ungraded.
    grades = {row.whole("year"): GRADES.get(row.text("grade", "")) for row in given.rows("grades")}
    record = benefits.ServiceRecord(
        start=given.day("start"),
        through=given.day("through"),
        grades=grades,
        suspended_days=given.whole("suspended_days", 0),
        outstanding=given.flag("outstanding"),
    )
    found = benefits.benefits(record)
    return {
        "full_years": found.full_years,
        "ce_waiver_years": found.ce_waiver_years,
        "title_priority": found.title_priority,
        "talent_recommend": found.talent_recommend,
    }


def _renewal(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    appraised = given.has("term_appraisal")
    case = renewal.TermEnd(
        end=given.day("end"),
        decision_date=given.day("decision_date"),
        term_appraisal=given.member("term_appraisal", renewal.TermGrade) if appraised else None,
        willing=given.maybe_flag("willing"),
        district_need=given.maybe_flag("district_need"),
        employer_consent=given.maybe_flag("employer_consent"),
        dismissal_open=given.flag("dismissal_open"),
    )
    found = renewal.renewal(case)
    return {
        "decision": found.decision.value,
        "new_start": iso(found.new_start),
        "gap_days": found.gap_days,
        "reasons": list(found.reasons),
    }


def _appraisal_status(given: VectorInput, defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    found = appraisal.appraisal_status(
        given.whole("year"),
        visits.Service(given.day("start"), given.maybe_day("end")),
        END_REASONS.get(given.text("end_reason", "")),
        given.whole("leave_days", 0),
        given.whole("min_months", defaults.whole("min_months", appraisal.MIN_MONTHS)),
    )
    return {"status": found.status.value, "why": found.why.value}


def _travel_payer(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    trip = TRIPS.get(given.text("activity"), Trip.OTHER)
    found = travel_payer(trip, given.maybe_text("unit"), given.flag("district_confirmed"))
    return {
        "payer": str(found) or None,
        "basis": str(found.ground) if found.ground else NOT_COVERED,
        "needs_approval": found.needs_approval,
    }


def _score(given: VectorInput, defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    usual, own = defaults.section("score.weights"), given.section("weights")
    standard = appraisal.DEFAULT_WEIGHTS
    weights = appraisal.Weights(
        counts=own.whole("counts", usual.whole("counts", standard.counts)),
        quality=own.whole("quality", usual.whole("quality", standard.quality)),
        visits=own.whole("visits", usual.whole("visits", standard.visits)),
        duties=own.whole("duties", usual.whole("duties", standard.duties)),
    )
    year = appraisal.Performance(
        attended=given.whole("attended", 0),
        invited=given.whole("invited", 0),
        quality=given.whole("quality"),
        visits=given.whole("visits", 0),
        visit_target=given.whole("visit_target", visits.VISITS_A_YEAR.on()),
        duties=given.whole("duties"),
    )
    found = appraisal.score(year, weights)
    return {
        "counts_pct": found.counts_pct,
        "visits_pct": found.visits_pct,
        "score_x100": found.score_x100,
        "suggest": found.suggest.value,
    }


ANSWERS: Mapping[str, Rule] = {
    "excellent_cap": _excellent_cap,
    "excellent_check": _excellent_check,
    "excellent_base": _excellent_base,
    "excellent_select": _excellent_select,
    "eligibility": _eligibility,
    "visits": _visits,
    "absence": _absence,
    "dismissal": _dismissal,
    "benefits": _benefits,
    "renewal": _renewal,
    "appraisal_status": _appraisal_status,
    "travel_payer": _travel_payer,
    "score": _score,
}
"""Rules about people by the name the vectors use."""
