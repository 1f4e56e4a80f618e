"""法规库: a text is entered, put on the reading list, read and acknowledged (第七条(一))."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import answers, day, file_ids, identified, needed_day, text
from handlers.checking import Problems
from handlers.registry import names, operation, options, validator
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.forms.wording import Option
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.laws import LAW_KINDS, Law, LawFile, LawReading, LawStatus, law_of, reading_of, unread_laws
from processes.registers.ledger import appointments_in

Variables = dict[str, Any]
READ, MISSED = "已学习", "逾期未学习"


@options("laws_in_force")
def laws_in_force(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The texts of the library that are in force."""
    found = select(Law).where(Law.status == LawStatus.IN_FORCE).order_by(Law.entered_on.desc(), Law.title)
    return [Option(str(each.id), _named(each)) for each in session.scalars(found)]


@options("unread_laws")
def own_unread_laws(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """What the planner who asks has not acknowledged, the reading list first."""
    person_id = variables.get("started_by")
    listed = unread_laws(session, identified(person_id)) if person_id else []
    return [Option(str(each.id), f"{'必读：' if each.required else ''}{_named(each)}") for each in listed]


@names("laws_in_force", "unread_laws")
def law_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The texts chosen, in force or not."""
    found = session.scalars(select(Law).where(Law.id.in_([identified(each) for each in values])))
    return {str(each.id): _named(each) for each in found}


def _named(law: Law) -> str:
    return f"{law.title}（{law.number}）" if law.number else law.title


@validator("planner_duties.law", zh="法规登记：不重复，可查全文", en="Law: once, with its full text")
def law(check: FormCheck) -> None:
    """A text is entered once; its full text is somewhere to be found."""
    problems, given = Problems(), check.answers
    same = select(Law.id).where(Law.title == text(given, "title"), Law.number == text(given, "number"))
    if check.session.scalar(same.limit(1)) is not None:
        problems.add("title", message("法规库中已有同名同文号的文件。"))
    if not text(given, "source") and not given.get("files"):
        problems.add("source", message("请填写全文出处，或上传全文。"))
    problems.refuse()


@operation("planner_duties.publish_law", zh="列入法规库", en="Put it in the library")
def publish_law(call: Call) -> Variables:
    """The text is in the library; where it is to be read, every planner in office has it on the list."""
    given, today = answers(call), clock.today()
    replaced = law_of(call.session, identified(given["replaces"])) if given.get("replaces") else None
    required = bool(given.get("required"))
    made = Law(
        status=LawStatus.IN_FORCE, title=text(given, "title"), number=text(given, "number"), kind=given["kind"],
        issuer=text(given, "issuer"), in_force_on=needed_day(given, "in_force_on"), summary=text(given, "summary"),
        source=text(given, "source"), required=required, read_by=day(given.get("read_by")) if required else None,
        replaces_id=replaced.id if replaced else None, case_id=call.case.id, entered_on=today,
        entered_by=call.actor.name,
    )  # fmt: skip
    enter(call.session, call.actor, made)
    made.files = [LawFile(file_id=each, place=place) for place, each in enumerate(file_ids(given.get("files")), 1)]
    if replaced is not None and replaced.status == LawStatus.IN_FORCE:
        change_status(call.session, call.actor, replaced, LawStatus.REPEALED, f"由{_named(made)}代替")
    readers = _readers(call, made, today) if required else {}
    if not required:
        told = message("法规库新增：%(title)s。", title=_named(made))
        notify(call.session, "information", told, role="planner", case_id=call.case.id)
    return {"law_id": str(made.id), "law_title": made.title, "readers": readers}


def _readers(call: Call, made: Law, today: date) -> dict[str, Variables]:
    due = made.read_by or today
    found = {}
    for each in appointments_in(call.session, today, today):
        key = str(each.person_id)
        if key in found:
            continue
        call.session.add(LawReading(law_id=made.id, person_id=each.person_id, due_on=due))
        found[key] = {"person_id": key, "law_id": str(made.id), "due": due.isoformat()}
    call.session.flush()
    return found


@operation("planner_duties.show_law", zh="出示法规文件", en="Show the text")
def show_law(call: Call) -> Variables:
    """What the planner reads, and by when."""
    found = law_of(call.session, identified(call.data["reader"]["law_id"]))
    return {
        "law_title": found.title,
        "law_number": found.number or "—",
        "law_kind": LAW_KINDS[found.kind].zh,
        "law_in_force": chinese_date(found.in_force_on),
        "law_summary": found.summary,
        "law_source": found.source or "法规库",
        "read_by": call.data["reader"]["due"],
        "read_state": MISSED,
        "reading_note": "",
    }


@operation("planner_duties.note_reading", zh="登记学习", en="Note that it was read")
def note_reading(call: Call) -> Variables:
    """The planner's own acknowledgement, with the day."""
    reader = call.data["reader"]
    _acknowledge(call, reader["law_id"], reader["person_id"])
    return {"read_state": READ}


@operation("planner_duties.note_own_reading", zh="登记自主学习", en="Note reading on own motion")
def note_own_reading(call: Call) -> Variables:
    """A text that was in the library before the planner came, or is not on the list."""
    _acknowledge(call, call.data["law_id"], call.data["started_by"])
    return {"law_title": law_of(call.session, identified(call.data["law_id"])).title}


def _acknowledge(call: Call, law_id: Any, person_id: Any) -> None:
    found = reading_of(call.session, identified(law_id), identified(person_id))
    if found is None:
        found = LawReading(law_id=identified(law_id), person_id=identified(person_id))
        call.session.add(found)
    found.read_on = found.read_on or clock.today()
    found.note = text(call.data, "reading_note") or found.note
    call.session.flush()


@operation("planner_duties.sum_up_readings", zh="汇总学习情况", en="Sum up who has read it")
def sum_up_readings(call: Call) -> Variables:
    """The bureau is told who has not."""
    made = law_of(call.session, identified(call.data["law_id"]))
    rows = select(Person.name).join(LawReading, LawReading.person_id == Person.id)
    open_ones = rows.where(LawReading.law_id == made.id, LawReading.read_on.is_(None)).order_by(Person.name)
    missing = list(call.session.scalars(open_ones))
    told = message("“%(title)s”学习完毕，%(count)s人未学习：%(names)s。", title=made.title, count=len(missing),
                   names="、".join(missing) or "无")  # fmt: skip
    notify(call.session, "result", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=call.case.id)
    return {"unread_names": "、".join(missing)}
