"""All that diagrams and forms may name, gathered from the modules that offer it."""

from __future__ import annotations

from handlers import issuing, lists
from handlers.annual_appraisal import checks as annual_appraisal_checks
from handlers.annual_appraisal import deciding as annual_deciding
from handlers.annual_appraisal import panel, reopening, roll, scoring, supplementary, tallies, telling
from handlers.annual_appraisal import views as annual_views
from handlers.annual_report import checks as annual_report_checks
from handlers.annual_report import reporting as annual_reporting
from handlers.annual_summary import summaries
from handlers.appointment import application, application_checks, decision_checks, deliberation_checks
from handlers.appointment import calling as appointment_call
from handlers.appointment import certificates as appointment_certificates
from handlers.appointment import consultation as appointment_consultation
from handlers.appointment import decision as appointment_decision
from handlers.appointment import deliberation as appointment_deliberation
from handlers.appointment import letters as appointment_letters
from handlers.appointment import round_checks as appointment_checks
from handlers.appointment import survey as appointment_survey
from handlers.benefits import asking as benefits_asking
from handlers.benefits import proving
from handlers.correction import asking as correction_asking
from handlers.correction import carrying_out as correction_carrying_out
from handlers.correction import checks as correction_checks
from handlers.dismissal import checks as dismissal_checks
from handlers.dismissal import deciding, hearing, opening, reviewing
from handlers.dismissal import serving as dismissal_serving
from handlers.expenses import checks as expenses_checks
from handlers.expenses import claiming, funding, paying, reckoning, trips
from handlers.expert_library import checks as expert_library_checks
from handlers.expert_library import former, proposals, records, yearly
from handlers.hr_consultation import checks as hr_consultation_checks
from handlers.hr_consultation import interpretations, matters
from handlers.hr_consultation import readings as hr_consultation_readings
from handlers.material_request import checks as material_request_checks
from handlers.material_request import requests
from handlers.meetings_training import calling, planning, trainings
from handlers.meetings_training import checks as meetings_training_checks
from handlers.objection import checks as objection_checks
from handlers.objection import deciding as objection_deciding
from handlers.objection import filing
from handlers.planner_duties import assigning, laws
from handlers.planner_suggestion import checks as planner_suggestion_checks
from handlers.planner_suggestion import pace as planner_suggestion_pace
from handlers.planner_suggestion import suggesting, surveys
from handlers.quarterly_reporting import checks as quarterly_reporting_checks
from handlers.quarterly_reporting import city, district
from handlers.registry import NAMES, OPERATIONS, OPTIONS, TALLIES, TITLES, VALIDATORS
from handlers.replacement import acting, vacancies
from handlers.replacement import checks as replacement_checks
from handlers.technical_consultation import absences, answering, invitations, serving
from handlers.technical_consultation import checks as technical_consultation_checks
from handlers.term_renewal import checks as term_renewal_checks
from handlers.term_renewal import following, renewing, summing
from handlers.withdrawal import checks as withdrawal_checks
from handlers.withdrawal import leaving_stages

MODULES = (
    filing,
    objection_checks,
    objection_deciding,
    annual_appraisal_checks,
    annual_deciding,
    annual_views,
    panel,
    reopening,
    roll,
    scoring,
    supplementary,
    tallies,
    telling,
    benefits_asking,
    proving,
    following,
    renewing,
    summing,
    term_renewal_checks,
    correction_asking,
    correction_carrying_out,
    correction_checks,
    annual_report_checks,
    annual_reporting,
    acting,
    vacancies,
    replacement_checks,
    leaving_stages,
    withdrawal_checks,
    city,
    district,
    summaries,
    quarterly_reporting_checks,
    absences,
    answering,
    invitations,
    serving,
    technical_consultation_checks,
    application,
    application_checks,
    appointment_call,
    appointment_certificates,
    appointment_checks,
    appointment_consultation,
    appointment_decision,
    appointment_deliberation,
    appointment_letters,
    appointment_survey,
    decision_checks,
    deciding,
    deliberation_checks,
    dismissal_checks,
    dismissal_serving,
    hearing,
    expert_library_checks,
    former,
    proposals,
    records,
    yearly,
    hr_consultation_checks,
    hr_consultation_readings,
    interpretations,
    issuing,
    lists,
    matters,
    material_request_checks,
    requests,
    calling,
    meetings_training_checks,
    planning,
    trainings,
    claiming,
    expenses_checks,
    funding,
    paying,
    reckoning,
    trips,
    assigning,
    laws,
    planner_suggestion_checks,
    planner_suggestion_pace,
    suggesting,
    surveys,
    opening,
    reviewing,
)
"""The modules that offer operations, lists and checks."""

__all__ = ["MODULES", "NAMES", "OPERATIONS", "OPTIONS", "TALLIES", "TITLES", "VALIDATORS"]
