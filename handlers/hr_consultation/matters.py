"""重要事项征求意见: a letter to the HR bureau, its view or its silence, and what is made of it (第十条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, identified, text
from handlers.asking_hr import REPLY_WD
from handlers.documents import issue
from handlers.hr_consultation.readings import AGREED
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status
from processes.registers.matters import Matter, MatterKind, MatterStatus, latest_matter, matter_of, put_down

Variables = dict[str, Any]


@operation("hr_consultation.put_down", zh="登记征求意见事项", en="Enter the matter")
def enter_matter(call: Call) -> Variables:
    """The draft becomes a matter of the register; drafted again after 退回, the same one is brought up to date."""
    given = answers(call)
    facts = {"kind": given["matter"], "subject": text(given, "subject"), "text": text(given, "matter_text")}
    matter = latest_matter(call.session, call.case.id)
    if matter is not None and matter.status == MatterStatus.DRAFTED:
        for name, value in facts.items():
            setattr(matter, name, value)
    else:
        reference = call.data.get("reference") or call.case.number
        number = matter.round + 1 if matter is not None else 1
        matter = put_down(call.session, call.actor, case_id=call.case.id, reference=reference, round=number, **facts)
    return {"matter_id": str(matter.id), "matter_round": matter.round, "subject": matter.subject}


@operation("hr_consultation.ask", zh="发出征求意见函", en="Send the letter")
def ask(call: Call) -> Variables:
    """The letter (T04b) goes out; the day of the reply is fixed now and does not move."""
    matter = _matter(call)
    given_wd = call.data.get("reply_wd")
    due = call.house.calendar.add_workdays(clock.today(), given_wd if isinstance(given_wd, int) else REPLY_WD)
    values = {
        "subject": matter.subject,
        "text": matter.text,
        "round": "再次" if matter.round > 1 else "",
        "reply_by": chinese_date(due),
        "contact": call.data.get("contact") or call.actor.name,
        "phone": call.data.get("phone") or "",
    }
    matter.number = issue(call, "hr_request", values).number
    matter.asked_on, matter.due_on = clock.today(), due
    change_status(call.session, call.actor, matter, MatterStatus.ASKED)
    return {"reply_due": due.isoformat(), "letter_number": matter.number}


@operation("hr_consultation.record_view", zh="登记市人力社保局意见", en="Record the HR bureau's view")
def record_view(call: Call) -> Variables:
    """The view as its leader signed it."""
    matter = _matter(call)
    matter.opinion, matter.reason = text(call.data, "opinion"), text(call.data, "hr_reason")
    matter.answered_on, matter.answered_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, matter, MatterStatus.ANSWERED, matter.opinion)
    values = {
        "subject": matter.subject,
        "number": matter.number,
        "opinion": matter.opinion,
        "reason": matter.reason or "无其他意见",
    }
    issue(call, "hr_reply", values)
    return {"opinion": matter.opinion, "hr_reason": matter.reason, "hr_silent": False}


@operation("hr_consultation.record_silence", zh="登记未复及推进决定", en="Record the decision without a view")
def record_silence(call: Call) -> Variables:
    """Silence is no consent: a leader of the city bureau decides to go on, with a reason that the auditor sees."""
    matter = _matter(call)
    given = answers(call)
    matter.silence_reason, matter.silence_by = text(given, "silence_reason"), call.actor.name
    change_status(call.session, call.actor, matter, MatterStatus.SILENT, matter.silence_reason)
    return {"opinion": "", "hr_reason": "", "hr_silent": True}


@operation("hr_consultation.close", zh="办结事项", en="Close the matter")
def close(call: Call) -> Variables:
    """What became of the view is written down; whoever asked is told."""
    matter = _matter(call)
    matter.follow_up = text(call.data, "follow_up")
    change_status(call.session, call.actor, matter, MatterStatus.CLOSED, matter.follow_up)
    agreed = matter.kind == MatterKind.INTERPRETATION and matter.opinion in AGREED
    return {"reference": matter.reference, "to_interpret": agreed}


@operation("hr_consultation.drop", zh="终止征求意见", en="Give the consultation up")
def drop(call: Call) -> Variables:
    """The procedure that asked needs no view any more; an HR bureau that has the letter is told."""
    matter = latest_matter(call.session, call.case.id)
    if matter is not None and matter.status != MatterStatus.CLOSED:
        has_letter = matter.asked_on is not None
        change_status(call.session, call.actor, matter, MatterStatus.CLOSED, "提出事项的程序已办结或重新办理")
        if has_letter:
            told = message("“%(subject)s”（%(number)s）不再征求意见。", subject=matter.subject, number=matter.number)
            for role in ("hr_bureau.clerk", "hr_bureau.leader"):
                notify(call.session, "withdrawn", told, role=role, organization_id="hr_bureau", case_id=call.case.id)
    return {}


def _matter(call: Call) -> Matter:
    return matter_of(call.session, identified(call.data.get("matter_id")))
