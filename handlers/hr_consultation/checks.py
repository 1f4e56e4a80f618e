"""Checks of the forms of the HR bureau's consultation that need more than the form."""

from __future__ import annotations

from handlers.answers import text
from handlers.checking import Problems
from handlers.hr_consultation.readings import agreed, answered, field_of, kept, the_switch
from handlers.registry import validator
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.matters import MatterKind
from processes.registers.switch_words import accepted_in_words
from processes.registers.switches import readings_on


@validator("hr_consultation.matter", zh="重要事项：类别不变", en="Matter stays of its kind")
def matter(check: FormCheck) -> None:
    """A matter that another procedure put stays of its kind."""
    problems = Problems()
    asked = check.data.get("reference") and check.data.get("matter")
    if asked in set(MatterKind) and text(check.answers, "matter") != asked:
        problems.add("matter", message("该事项由办理中的程序提出，类别应为“%(kind)s”。", kind=asked))
    problems.refuse()


@validator("hr_consultation.interpretation", zh="口径登记：两局一致", en="Interpretation: both bureaus agree")
def interpretation(check: FormCheck) -> None:
    """It rests on what both bureaus agree on; a reading that the text settles is not changed (第十六条)."""
    problems = Problems()
    if text(check.answers, "matter_id") not in {str(each.id) for each in agreed(check.session)}:
        problems.add("matter_id", message("解释口径须以两局意见一致的条文解释事项为依据（第十六条）。"))
    switch = the_switch(check.answers)
    if switch is not None and switch.locked:
        problems.add("switch_code", message("该口径由条文本身确定，不能调整（%(article)s）。", article=switch.article))
    problems.refuse()


@validator("hr_consultation.reading", zh="口径取值：有效且与现行不同", en="Reading: valid and another than now")
def reading(check: FormCheck) -> None:
    """The value is one that the switch accepts, and another than the present one."""
    problems = Problems()
    switch = the_switch(check.data)
    assert switch is not None
    value, field = answered(switch, check.answers), field_of(switch)
    if not switch.accepts(value):
        problems.add(field, message("取值不符合要求，可取值：%(accepted)s。", accepted=accepted_in_words(switch).zh))
    elif kept(switch, readings_on(check.session).values[switch.code]) == value:
        problems.add(field, message("与现行口径相同，无须调整。"))
    problems.refuse()
