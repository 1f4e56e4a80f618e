"""条文解释: what both bureaus agree on is entered, foreseen, confirmed, and then obeyed (第十六条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, identified, needed_day, text
from handlers.documents import issue
from handlers.hr_consultation.changes import changes_under
from handlers.hr_consultation.readings import answered, asked_about, kept, the_switch
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.matters import Matter, matter_of
from processes.registers.switch_words import in_words
from processes.registers.switches import Interpretation, interpret, readings_on, set_switch
from processes.sequences import next_number

Variables = dict[str, Any]
CHANGES = "调整口径开关"


@operation("hr_consultation.draw_up", zh="整理解释口径", en="Draw up the interpretation")
def draw_up(call: Call) -> Variables:
    """What was entered, with what the form of the value has to show where a switch is changed."""
    given = answers(call)
    changes = given.get("changes") == CHANGES
    drawn = {key: text(given, key) for key in ("article", "question", "answer")}
    switch = the_switch(given) if changes else None
    matter = matter_of(call.session, identified(given["matter_id"]))
    call.case.title = f"解释口径：{matter.subject}"
    variables: Variables = {
        **drawn,
        "matter_id": str(matter.id),
        "subject": matter.subject,
        "changes": given.get("changes"),
        "switch_code": switch.code if switch else "",
        "valid_from": given.get("valid_from") if changes else None,
        "switch_reason": text(given, "switch_reason") if changes else "",
        "recorded_by": call.actor.name,
        "reason": "",
        "new_value": None,
        "new_words": "",
        "change_rows": [],
    }
    return {**variables, **(asked_about(call.session, switch) if switch else {"present": "", "switch_question": ""})}


@operation("hr_consultation.foresee", zh="预览影响", en="Foresee what changes")
def foresee(call: Call) -> Variables:
    """Which open cases and figures would change under the reading that was chosen, before anybody confirms it."""
    switch = the_switch(call.data)
    assert switch is not None
    value = answered(switch, answers(call))
    found = changes_under(call.session, call.house.calendar, switch.code, value, needed_day(call.data, "valid_from"))
    return {
        "new_value": list(value) if isinstance(value, tuple) else value,
        "new_words": in_words(switch, value).zh,
        "change_rows": [each.row() for each in found],
    }


@operation("hr_consultation.put_in_force", zh="登记解释并调整开关", en="Enter the interpretation, set the switch")
def put_in_force(call: Call) -> Variables:
    """The interpretation gets its number; the switch is set from the day named, and what was computed stays."""
    matter = matter_of(call.session, identified(call.data.get("matter_id")))
    made = _entered(call, matter)
    switch = the_switch(call.data)
    version = None
    if switch is not None:
        day = max(needed_day(call.data, "valid_from"), clock.today())
        value = kept(switch, call.data.get("new_value"))
        version = set_switch(call.session, call.actor, switch.code, value, day, made, call.data["switch_reason"]).id
    _issue(call, made, matter)
    _tell(call, made)
    return {"interpretation_number": made.number, "switch_version": version}


def _entered(call: Call, matter: Matter) -> Interpretation:
    year = clock.today().year
    number = f"解释-{year}-{next_number(call.session, f'interpretation:{year}'):03d}"
    facts = {key: text(call.data, key) for key in ("article", "question", "answer")}
    return interpret(
        call.session,
        call.actor,
        number=number,
        agreed_on=matter.answered_on or clock.today(),
        case_id=matter.case_id,
        recorded_by=text(call.data, "recorded_by") or call.actor.name,
        confirmed_by=call.actor.name,
        effects=list(call.data.get("change_rows") or ()),
        **facts,
    )


def _issue(call: Call, made: Interpretation, matter: Matter) -> None:
    switch = the_switch(call.data)
    settled = "本解释不调整口径开关。"
    if switch is not None:
        day = max(needed_day(call.data, "valid_from"), clock.today())
        before, after = text(call.data, "present"), in_words(switch, readings_on(call.session, day).values[switch.code])
        settled = f"口径开关“{switch.question_zh}”自{chinese_date(day)}起由“{before}”调整为“{after.zh}”；此前结果不变。"
    values = {
        "article": made.article,
        "question": made.question,
        "answer": made.answer,
        "matter_number": matter.number,
        "agreed_on": chinese_date(made.agreed_on),
        "settled": settled,
    }
    issue(call, "interpretation", values, number=made.number)


def _tell(call: Call, made: Interpretation) -> None:
    """Whoever runs the procedures hears of it."""
    told = message("已登记%(number)s（%(article)s）：%(answer)s",
                   number=made.number, article=made.article, answer=made.answer[:120])  # fmt: skip
    for role, organization in (
        ("city_bureau.clerk", "city_bureau"),
        ("city_bureau.section", "city_bureau"),
        ("hr_bureau.clerk", "hr_bureau"),
    ):
        notify(call.session, "result", told, role=role, organization_id=organization, case_id=call.case.id)
