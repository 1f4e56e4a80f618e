"""代理与交接: a neighbour's planner acts with everybody's consent; the successor's term and the handover list."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, day, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.handing_over import handover_rows
from handlers.registry import operation
from handlers.replacement.vacancies import LEAVE, latest_acting_day, successor
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.errors import Conflict
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.appointments import appointment_of
from processes.registers.leaves import begin_leave, end_leave, leave_of, register_leave
from processes.registers.ledger import in_office
from processes.registers.planner_posts import post_of
from processes.registers.switches import readings_on

Variables = dict[str, Any]


@operation("replacement.name_acting", zh="登记拟代理人", en="Name who is to act")
def name_acting(call: Call) -> Variables:
    """A planner in office elsewhere, and the government that has to agree as well."""
    given = answers(call)
    person = call.session.get_one(Person, identified(given["acting"]))
    serving = in_office(call.session, person.id, clock.today())
    if not serving:
        raise Conflict(message("拟代理人当前不在聘期内。"))
    return {
        "acting_id": str(person.id),
        "acting_name": person.name,
        "acting_unit": serving[0].unit_id,
        "acting_unit_name": serving[0].unit.name,
        "acting_from": needed_day(given, "acting_from").isoformat(),
        "acting_until": needed_day(given, "acting_until").isoformat(),
        "planner_consent": "",
        "own_consent": "",
        "neighbour_consent": "",
        "approval": "",
    }


@operation("replacement.enter_acting", zh="登记代理", en="Enter the acting")
def enter_acting(call: Call) -> Variables:
    """Leave and acting are registered; what is counted stays with each person (第八条(六)、第十五条(三))."""
    appointment = appointment_of(call.session, identified(call.data["appointment_id"]))
    made = register_leave(
        call.session, call.actor, appointment, first_day=day(call.data["acting_from"]),
        last_day=day(call.data["acting_until"]), reason=text(call.data, "reason"),
        acting_id=identified(call.data["acting_id"]),
    )  # fmt: skip
    values = {
        "planner": call.data["acting_name"],
        "unit": call.data["unit_name"],
        "absent": call.data["planner_name"],
        "from": chinese_date(made.first_day),
        "until": chinese_date(made.last_day) if made.last_day else "",
        "reason": made.reason,
    }
    issue(call, "acting_notice", values, unit_id=str(call.data["unit_id"]), subject_id=made.acting_id)
    return {"leave_id": str(made.id)}


@operation("replacement.enter_leave", zh="登记休假", en="Enter the leave")
def enter_leave(call: Call) -> Variables:
    """Leave without anybody who acts: invitations on these days are excused."""
    appointment = appointment_of(call.session, identified(call.data["appointment_id"]))
    first, last = day(call.data["vacant_from"]), day(call.data.get("leave_until"))
    made = register_leave(
        call.session, call.actor, appointment, first_day=first, last_day=last, reason=text(call.data, "reason")
    )
    until = last or latest_acting_day(made.first_day)
    return {
        "leave_id": str(made.id),
        "acting_from": made.first_day.isoformat(),
        "acting_until": until.isoformat(),
    }


@operation("replacement.begin_leave", zh="休假（代理）开始", en="The leave begins")
def start_leave(call: Call) -> Variables:
    """On the first day the appointment says 休假·代理."""
    begin_leave(call.session, call.actor, leave_of(call.session, identified(call.data["leave_id"])))
    return {}


@operation("replacement.end_acting", zh="结束代理或休假", en="End the acting")
def end_acting(call: Call) -> Variables:
    """The time is over, or the planner is back earlier."""
    leave = leave_of(call.session, identified(call.data["leave_id"]))
    end_leave(call.session, call.actor, leave, clock.today())
    told = message("%(unit)s首席规划师的休假（代理）已结束。", unit=call.data["unit_name"])
    role, here = "district_bureau.clerk", f"bureau:{call.data['unit_id']}"
    notify(call.session, "result", told, role=role, organization_id=here, case_id=call.case.id)
    return {"back": call.data.get("occasion") == LEAVE}


@operation("replacement.list_open", zh="列出未结事项", en="List what is open")
def list_open(call: Call) -> Variables:
    """Consultations that are open and material that is lent; each is finished, passed on or closed with a note."""
    listed = [{"item": row["item"]} for row in handover_rows(call.session, identified(call.data["person_id"]))]
    return {"open_rows": listed or [{"item": "无未结事项"}]}


@operation("replacement.take_handover", zh="登记交接、核对聘期", en="Take the handover, check the term")
def take_handover(call: Call) -> Variables:
    """The handover list; the successor follows the predecessor for the rest of the term, or a new one (switch)."""
    listed = [
        {"number": str(number), "item": text(row, "item"), "how": text(row, "how"), "note": text(row, "note") or "—"}
        for number, row in enumerate(rows(answers(call), "handover"), start=1)
    ]
    post = post_of(call.session, identified(call.data["post_id"]))
    before, after = appointment_of(call.session, identified(call.data["appointment_id"])), successor(call, post)
    if after is None:
        raise Conflict(message("继任者尚未到岗，不能交接。"))
    if after.predecessor_id is None:
        after.predecessor_id = before.id
    rest = readings_on(call.session).choice("replacement.term") == "rest"
    if rest and after.term_end != before.term_end:
        told = message("%(post)s继任者的聘期止与原聘期不一致，请核对（口径：接续原聘期）。", post=post.label)
        notify(call.session, "warning", told, role="city_bureau.clerk", organization_id="city_bureau",
               case_id=call.case.id)  # fmt: skip
    values = {"unit": post.unit.name, "before": before.person.name, "after": after.person.name, "items": listed}
    issue(call, "handover_list", values, unit_id=post.unit_id, subject_id=after.person_id)
    return {"successor_id": str(after.id), "term_as_read": not rest or after.term_end == before.term_end}
