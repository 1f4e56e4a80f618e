"""历史聘任: service under the text of 2014 is entered, checked and never changed (第十七条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified, last_sent, needed_day, rows, text
from handlers.checking import Problems
from handlers.expert_library.records import described
from handlers.registry import names, operation, options, validator
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.errors import NotFound
from processes.forms.wording import Option
from processes.identity.models import Person
from processes.messages import message
from processes.registers.experts import Expert
from processes.registers.former_services import FormerService, former_services
from processes.registers.switches import readings_on

Variables = dict[str, Any]
COUNTS, COUNTS_NOT = "计入服务年限和待遇", "只作历史，不计入服务年限和待遇"


@options("library_people")
def library_people(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Everybody in the library, by person."""
    found = select(Expert).where(Expert.merged_into_id.is_(None), Expert.minimised_on.is_(None))
    listed = session.scalars(found.order_by(Expert.name, Expert.id))
    return [Option(str(each.person_id), described(each)) for each in listed]


@options("former_services")
def entered_before(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """Entries that stand."""
    replaced = select(FormerService.replaces_id).where(FormerService.replaces_id.is_not(None))
    found = select(FormerService).where(FormerService.id.not_in(replaced)).join(FormerService.person)
    return [Option(str(each.id), said(each)) for each in session.scalars(found.order_by(Person.name))]


@names("former_services")
def former_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The entries chosen, replaced or not."""
    found = session.scalars(select(FormerService).where(FormerService.id.in_([identified(each) for each in values])))
    return {str(each.id): said(each) for each in found}


def said(each: FormerService) -> str:
    """An entry in one line."""
    return f"{each.person.name} {each.unit_name} {each.first_day}—{each.last_day}（{each.certificate}）"


@validator("expert_library.former_service", zh="以往任职：时段不重叠", en="Former service: spans do not cross")
def former_service(check: FormCheck) -> None:
    """A span that does not lie across another one of the same person, with grades of its own years."""
    problems, given = Problems(), check.answers
    first, last = needed_day(given, "first_day"), needed_day(given, "last_day")
    if last < first:
        problems.add("last_day", message("聘期止不能早于聘期起。"))
    replaced = str(given.get("replaces") or "")
    for other in former_services(check.session, identified(given["person"])):
        if str(other.id) != replaced and other.first_day <= last and first <= other.last_day:
            problems.add("first_day", message("与已登记的历史聘任（%(which)s）重叠。", which=said(other)))
    for place, row in enumerate(rows(given, "grades")):
        if not first.year <= int(row["year"]) <= last.year:
            problems.add(f"grades.{place}.year", message("年度不在聘期内。"))
    if replaced and check.session.get_one(FormerService, identified(replaced)).person_id != identified(given["person"]):
        problems.add("replaces", message("被更正的登记属于其他人员。"))
    problems.refuse()


def _entered(call: Call) -> Mapping[str, Any]:
    found = last_sent(call.session, call.case, "former_service")
    if found is None:
        raise NotFound(message("未找到本步骤的表单。"))
    return found.answers


@operation("expert_library.show_former", zh="整理登记内容", en="Show what was entered")
def show_former(call: Call) -> Variables:
    """What the section checks, with the reading in force."""
    given = _entered(call)
    person = call.session.get_one(Person, identified(given["person"]))
    counts = readings_on(call.session).choice("old_regime") == "count"
    grades = "、".join(f"{row['year']}年度{row['grade']}" for row in rows(given, "grades")) or "无"
    replaced = given.get("replaces")
    first, last = needed_day(given, "first_day"), needed_day(given, "last_day")
    return {
        "former_name": person.name,
        "former_unit": text(given, "unit_name"),
        "former_term": f"{chinese_date(first)}至{chinese_date(last)}",
        "former_certificate": text(given, "certificate"),
        "former_grades": grades,
        "former_replaces": said(call.session.get_one(FormerService, identified(replaced))) if replaced else "否",
        "former_reading": COUNTS if counts else COUNTS_NOT,
    }


@operation("expert_library.enter_former", zh="登记历史聘任", en="Enter the former service")
def enter_former(call: Call) -> Variables:
    """Written once; the reading in force decides each time whether it counts."""
    given = _entered(call)
    replaced = given.get("replaces")
    made = FormerService(
        person_id=identified(given["person"]), unit_id=given.get("unit_id") or None, unit_name=text(given, "unit_name"),
        first_day=needed_day(given, "first_day"), last_day=needed_day(given, "last_day"),
        certificate=text(given, "certificate"),
        grades={str(row["year"]): str(row["grade"]) for row in rows(given, "grades")},
        replaces_id=identified(replaced) if replaced else None, case_id=call.case.id, entered_by=call.actor.name,
        entered_at=clock.now(),
    )  # fmt: skip
    call.session.add(made)
    call.session.flush()
    return {"former_id": str(made.id)}
