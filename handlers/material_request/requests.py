"""资料申请: asked, checked for secrecy, given or refused, received, lent and returned (第九条(一))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from handlers.answers import answers, day, file_ids, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.files import StoredFile
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.ledger import in_office
from processes.registers.materials import (
    DELIVERY_KINDS,
    Delivery,
    MaterialItem,
    MaterialRequest,
    MaterialStatus,
    delivery_of,
    material_request_of,
)
from processes.sequences import yearly_number

Variables = dict[str, Any]
REPLY_WD, REMIND_WD = 5, 3
"""Working days to reply; working days before the day of return on which the planner is reminded (D)."""
SECRECY_OF = {"否": "open", "是": "classified", "不确定": "unsure"}
_STATUS_OF = {"提供": MaterialStatus.GIVEN, "部分提供": MaterialStatus.PARTLY, "不提供": MaterialStatus.REFUSED}


@operation("material_request.prepare", zh="识别首席规划师", en="Find the planner")
def prepare(call: Call) -> Variables:
    """Who asks, by hand or out of a consultation to which he is coming, and the district that is asked."""
    person = call.session.get_one(Person, asker(call))
    serving = in_office(call.session, person.id, clock.today())
    own = str(call.data.get("material_unit") or "") or (serving[0].unit_id if serving else "")
    return {
        "asker": str(person.id),
        "for_activity": str(call.data.get("activity_id") or ""),
        "planner_name": person.name,
        "own_unit": own,
        "unit_id": own,
        "item_names": "资料",
        "loans": {},
    }


def asker(step: Call | FormCheck) -> UUID:
    """The planner whose right it is."""
    return identified(step.data.get("asker") or step.data.get("asking_person") or step.data.get("started_by"))


@operation("material_request.enter", zh="登记资料申请", en="Enter the request")
def enter_request(call: Call) -> Variables:
    """The district has five working days, or until the day that the planner wishes where it is later (D)."""
    given, today = answers(call), clock.today()
    due = max(call.house.calendar.add_workdays(today, REPLY_WD), needed_day(given, "due"))
    made = MaterialRequest(
        status=MaterialStatus.ASKED,
        number=yearly_number(call.session, "资料", "material_request", today.year),
        case_id=call.case.id,
        person_id=asker(call),
        unit_id=given["unit_id"],
        activity_id=identified(given["activity_id"]) if given.get("activity_id") else None,
        secrecy=SECRECY_OF[text(given, "classified")],
        asked_on=today,
        due_on=due,
    )
    listed = rows(given, "items")
    made.items = [
        MaterialItem(place=place, **{key: text(row, key) for key in ("name", "purpose", "period", "format")})
        for place, row in enumerate(listed, 1)
    ]
    enter(call.session, call.actor, made)
    call.case.unit_id = made.unit_id
    return {
        "request_id": str(made.id),
        "request_number": made.number,
        "reply_due": due.isoformat(),
        "item_rows": [dict(row) for row in listed],
        "item_names": "、".join(item.name for item in made.items)[:60],
    }


@operation("material_request.take_mediation", zh="登记协调情况", en="Record the mediation")
def take_mediation(call: Call) -> Variables:
    """The city bureau has pressed for the reply."""
    found = this_request(call)
    found.mediated_on, found.mediation = clock.today(), text(call.data, "mediation")
    return {}


@operation("material_request.take_reply", zh="登记答复和交接", en="Record the reply and what is given")
def take_reply(call: Call) -> Variables:
    """Files are given through the system, all else is a line of the off-line register; a list goes out."""
    found, given = this_request(call), answers(call)
    if text(given, "secrecy") == "涉密":
        found.secrecy = "classified"
    found.answered_on, found.answered_by = clock.today(), call.actor.name
    found.reason = text(given, "reason")
    _deliver(call, found, given)
    change_status(call.session, call.actor, found, _STATUS_OF[text(given, "answer")], found.reason)
    issue(call, "delivery_list", _list_values(found), unit_id=found.unit_id, subject_id=found.person_id)
    told = message("资料申请（%(number)s）已答复：%(answer)s。", number=found.number, answer=text(given, "answer"))
    notify(call.session, "result", told, person_id=found.person_id, case_id=call.case.id)
    return {
        "given_files": [str(each.file_id) for each in found.deliveries if each.file_id],
        "delivery_rows": [_row(each) for each in found.deliveries],
        "reason": found.reason,
        "loans": {str(each.id): {"delivery_id": str(each.id)} for each in found.deliveries if each.kind == "loan"},
    }


def _deliver(call: Call, found: MaterialRequest, given: Mapping[str, Any]) -> None:
    for file_id in file_ids(given.get("files")):
        name = call.session.get_one(StoredFile, file_id).name
        found.deliveries.append(
            Delivery(
                place=len(found.deliveries) + 1, kind="file", name=name, given_on=clock.today(), file_id=file_id,
                carrier="电子文件",
            )
        )  # fmt: skip
    for row in rows(given, "offline"):
        due = day(row.get("return_due"))
        found.deliveries.append(
            Delivery(
                place=len(found.deliveries) + 1, kind="loan" if due else "handover", name=text(row, "item"),
                carrier=text(row, "carrier"), where=text(row, "place"), given_on=clock.today(), return_due=due,
            )
        )  # fmt: skip
    call.session.flush()


def _row(delivery: Delivery) -> Variables:
    return {
        "name": delivery.name,
        "carrier": delivery.carrier,
        "place": delivery.where,
        "return_due": chinese_date(delivery.return_due) if delivery.return_due else "—",
    }


def _list_values(found: MaterialRequest) -> Variables:
    return {
        "unit": found.unit.name,
        "planner": found.person.name,
        "number": found.number,
        "answer": found.STATUSES[found.status].zh,
        "reason": found.reason or "无",
        "rows": [
            {"number": each.place, "name": each.name, "way": DELIVERY_KINDS[each.kind].zh, "carrier": each.carrier,
             "return_due": chinese_date(each.return_due) if each.return_due else "—"}
            for each in found.deliveries
        ],
    }  # fmt: skip


@operation("material_request.take_receipt", zh="登记签收", en="Record the receipt")
def take_receipt(call: Call) -> Variables:
    """The planner has received it and promised secrecy."""
    found = this_request(call)
    found.received_on, found.use_note = clock.today(), text(call.data, "use_note")
    values = {"unit": found.unit.name, "planner": found.person.name, "number": found.number}
    issue(call, "secrecy_promise", values, unit_id=found.unit_id, subject_id=found.person_id)
    return {}


@operation("material_request.show_loan", zh="出示借阅", en="Show the loan")
def show_loan(call: Call) -> Variables:
    """What the form of one loan shows, and the day of the reminder."""
    loan = _loan(call)
    return {
        "loan_name": loan.name,
        "return_due": _due(loan).isoformat(),
        "remind_on": call.house.calendar.add_workdays(_due(loan), -REMIND_WD).isoformat(),
    }


@operation("material_request.remind_return", zh="归还提醒", en="Remind of the return")
def remind_return(call: Call) -> Variables:
    """The planner is told; once it is late, the city bureau too."""
    loan = _loan(call)
    person_id, late = loan.request.person_id, clock.today() > _due(loan)
    told = message("借阅资料“%(name)s”应于%(due)s前归还。", name=loan.name, due=chinese_date(_due(loan)))
    if late:
        told = message("借阅资料“%(name)s”已逾期，应于%(due)s前归还。", name=loan.name, due=chinese_date(_due(loan)))
        notify(call.session, "warning", told, role="city_bureau.clerk", organization_id="city_bureau",
               case_id=call.case.id)  # fmt: skip
    notify(call.session, "reminder", told, person_id=person_id, case_id=call.case.id)
    loan.reminded_at = clock.now()
    return {}


@operation("material_request.take_return", zh="登记归还情况", en="Record the return")
def take_return(call: Call) -> Variables:
    """Returned, lent further, or lost."""
    loan, given = _loan(call), answers(call)
    result = text(given, "return_result")
    loan.return_note = text(given, "return_note")
    if result == "已归还":
        loan.returned_on = needed_day(given, "returned_on")
    elif result == "续借":
        loan.return_due = needed_day(given, "new_return_due")
    else:
        loan.lost = True
        told = message("借阅资料“%(name)s”登记为遗失：%(note)s", name=loan.name, note=loan.return_note)
        notify(call.session, "warning", told, role="city_bureau.clerk", organization_id="city_bureau",
               case_id=call.case.id)  # fmt: skip
    return {"return_result": result}


def this_request(call: Call) -> MaterialRequest:
    """The request that the case is about."""
    return material_request_of(call.session, identified(call.data["request_id"]))


def _loan(call: Call) -> Delivery:
    return delivery_of(call.session, identified(call.data["loan"]["delivery_id"]))


def _due(loan: Delivery) -> date:
    return loan.return_due or loan.given_on
