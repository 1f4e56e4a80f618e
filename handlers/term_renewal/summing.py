"""聘期汇总与聘期考核: the term in numbers, the answers of all sides, the appraisal (第五条(三))."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from handlers.answers import identified, text
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.appointments import Appointment, appointment_of
from processes.registers.appraisals import entry_for
from processes.registers.experts import employer_of
from processes.registers.ledger import absences_counted, totals
from processes.registers.planner_year import visits_owed
from processes.registers.renewals import Renewal, begin_renewal, of_the_same_term, renewal_for, renewal_of
from processes.registers.switches import readings_on
from processes.rules.terms import REMIND_DAYS

Variables = dict[str, Any]
APPRAISE_DAYS, DECIDE_DAYS, EXTEND_DAYS = 45, 15, 60
"""Days before the end for the appraisal and the decision; most days after it that office may be extended (D)."""


def this_renewal(call: Call) -> Renewal:
    """The record that the case is about."""
    return renewal_of(call.session, identified(call.data.get("renewal_id")))


@operation("term_renewal.find", zh="识别聘任", en="Find the appointment")
def find(call: Call) -> Variables:
    """The calendar names the appointment; whoever begins by hand chooses it."""
    return {"appointment_id": call.data.get("appointment_id") or "", "planner_name": ""}


@operation("term_renewal.sum_up", zh="汇总聘期情况", en="Sum up the term")
def sum_up(call: Call) -> Variables:
    """Grades, visits, opinions, adoption and absences of the term, and the days that its timers wait for."""
    appointment = appointment_of(call.session, identified(call.data.get("appointment_id")))
    made = renewal_for(call.session, appointment.id) or begin_renewal(
        call.session, call.actor, appointment, call.case.id
    )
    made.summary = _summary(call, appointment)
    employer = employer_of(call.session, appointment.person_id)
    end = appointment.term_end
    call.case.unit_id, call.case.subject_id = appointment.unit_id, appointment.person_id
    answer_due = call.house.calendar.add_workdays(clock.today(), 10)
    return {
        "renewal_id": str(made.id),
        "person_id": str(appointment.person_id),
        "planner_name": appointment.person.name,
        "unit_id": appointment.unit_id,
        "unit_name": appointment.unit.name,
        "employer_id": employer.id if employer else None,
        "post_id": str(appointment.post_id),
        "term_end": end.isoformat(),
        "term_says": f"{chinese_date(appointment.term_start)}至{chinese_date(end)}",
        "day_after": (end + timedelta(days=1)).isoformat(),
        "remind_60": (end - timedelta(days=REMIND_DAYS[1])).isoformat(),
        "remind_30": (end - timedelta(days=REMIND_DAYS[2])).isoformat(),
        "appraisal_due": (end - timedelta(days=APPRAISE_DAYS)).isoformat(),
        "decision_due": (end - timedelta(days=DECIDE_DAYS)).isoformat(),
        "lapse_on": (end + timedelta(days=EXTEND_DAYS + 1)).isoformat(),
        "answer_due": answer_due.isoformat(),
        "summary_rows": made.summary["years"],
        "absence_says": made.summary["absences"],
        "readings_version": made.summary["version"],
        "decision": "",
        "hr_rounds": 0,
        **dict.fromkeys(("willing", "need", "consent", "term_result", "reference"), ""),
    }


def _summary(call: Call, appointment: Appointment) -> Variables:
    readings = readings_on(call.session)
    rows = []
    whole = of_the_same_term(call.session, appointment)
    for year in range(whole[0].term_start.year, min(appointment.term_end, clock.today()).year + 1):
        first = max(whole[0].term_start, date(year, 1, 1))
        last = min(appointment.term_end, date(year, 12, 31))
        served = [each for each in whole if each.term_start <= last and (each.ended_on or each.term_end) >= first]
        made, owed, ground = visits_owed(call.session, served, year, readings)
        done = totals(call.session, first, last, person_ids=(appointment.person_id,))
        entry = entry_for(call.session, appointment.person_id, year)
        rows.append(
            {
                "year": year,
                "grade": (entry.grade if entry else "") or "—",
                "visits": f"{made}/{owed}（{ground}）",
                "opinions": sum(each.opinions for each in done),
                "adopted": f"{sum(each.adopted for each in done)}/{sum(each.items for each in done)}",
                "unexcused": sum(each.unexcused for each in done),
            }
        )
    absences = absences_counted(call.session, appointment, readings)
    says = f"最多连续{absences.consecutive_max}次，一年内最多{absences.total_max}次（{absences.ground}）"
    return {"years": rows, "absences": says, "version": readings.version}


@operation("term_renewal.remind", zh="届满提醒", en="Remind of the end of the term")
def remind(call: Call) -> Variables:
    """Sixty and thirty days before the end, planner and bureau are reminded; a decision in time prevents a gap."""
    told = message(
        "%(name)s（%(unit)s）聘期将于%(day)s届满，请按期办理。",
        name=call.data["planner_name"], unit=call.data["unit_name"], day=call.data["term_end"],
    )  # fmt: skip
    case_id = call.case.id
    notify(call.session, "reminder", told, person_id=identified(call.data["person_id"]), case_id=case_id)
    for role in ("city_bureau.clerk", "city_bureau.section"):
        notify(call.session, "reminder", told, role=role, organization_id="city_bureau", case_id=case_id)
    return {}


@operation("term_renewal.take_answers", zh="登记各方意见和聘期考核", en="Take answers and appraisal")
def take_answers(call: Call) -> Variables:
    """All four answers together make the appraisal form (T20)."""
    made = this_renewal(call)
    made.willing, made.need = text(call.data, "willing"), text(call.data, "need")
    made.consent, made.availability = text(call.data, "consent"), text(call.data, "availability")
    made.term_result, made.term_reason = text(call.data, "term_result"), text(call.data, "term_reason")
    rows = [{key: str(value) for key, value in row.items()} for row in made.summary["years"]]
    values = {
        "planner": call.data["planner_name"],
        "unit": call.data["unit_name"],
        "term": call.data["term_says"],
        "years": rows,
        "absences": made.summary["absences"],
        "need": made.need,
        "consent": made.consent,
        "willing": made.willing,
        "result": made.term_result,
        "reason": made.term_reason,
    }
    issue(call, "term_appraisal", values, unit_id=str(call.data["unit_id"]), subject_id=made.appointment.person_id)
    return {}
