"""核实、告知、陈述: facts for every ground, the planner told and heard, the district asked (第十五条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.answers import answers, rows, text
from handlers.asking_hr import no_longer_wanted
from handlers.dismissal.opening import hide, this_dismissal
from handlers.dismissal.words import DISCIPLINE, ITEM_OF, spoken_items
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.engine.models import Submission, WorkItem
from processes.messages import message
from processes.notices import notify
from processes.registers.dismissals import Dismissal, DismissalStatus, restrict
from processes.registers.history import change_status

Variables = dict[str, Any]
STATEMENT_TASK = "state"
STATEMENT_WD = 5
"""Working days the planner has to make a statement (D)."""
SETTLED_ELSEWHERE = "有权机关已作出认定，相关文书按规定限制查阅"
"""What letters say of item 5: the outcome and nothing else."""


@operation("dismissal.take_facts", zh="登记事实与证据", en="Take the facts")
def take_facts(call: Call) -> Variables:
    """Facts of items 1 to 4 go into the file, those of item 5 into its restricted part, away from the form."""
    made, given = this_dismissal(call), answers(call)
    open_rows: list[dict[str, Any]] = []
    closed: list[dict[str, Any]] = []
    for row in rows(given, "evidence"):
        item = ITEM_OF[row["ground"]]
        fact = {"item": item, "fact": text(row, "fact"), "doc": text(row, "doc")}
        (closed if item == DISCIPLINE else open_rows).append(fact)
    made.facts = open_rows
    if closed:
        lines = "\n".join(f"{each['fact']}（{each['doc']}）" for each in closed)
        restrict(call.session, call.actor, made, facts=lines)
        hide(call, "evidence")
    if DISCIPLINE in made.items:
        hide(call, "proven_reason")
    proven = text(call.data, "proven") == "属实"
    return {"result": "" if proven else "不成立", "facts_say": facts_text(made)}


def facts_text(made: Dismissal) -> str:
    """The facts as letters list them."""
    said = [(each["fact"].rstrip("。"), each["doc"]) for each in made.facts]
    listed = [f"{fact}（{doc}）" if doc else fact for fact, doc in said]
    if DISCIPLINE in made.items:
        listed.append(SETTLED_ELSEWHERE)
    return "；".join(each.rstrip("。") for each in listed) or made.finding


@operation("dismissal.tell", zh="告知拟解聘事由", en="Tell the planner")
def tell(call: Call) -> Variables:
    """The planner is told the ground and the facts (T19) and has five working days; not for an own wish."""
    made = this_dismissal(call)
    due = call.house.calendar.add_workdays(clock.today(), STATEMENT_WD)
    values = {
        "planner": made.person.name,
        "item": spoken_items(made.items),
        "facts": facts_text(made),
        "statement_wd": STATEMENT_WD,
        "evidence": "、".join(each["doc"] for each in made.facts if each["doc"]) or "见解聘卷宗",
    }
    issue(call, "proposal_notice", values, unit_id=None, subject_id=made.person_id)
    made.told_on = clock.today()
    call.case.subject_id = made.person_id
    change_status(call.session, call.actor, made, DismissalStatus.TOLD)
    return {"statement_due": due.isoformat(), "facts_say": facts_text(made), "statement": "", "remarks": ""}


@operation("dismissal.take_hearing", zh="登记陈述与说明", en="Take statement and remarks")
def take_hearing(call: Call) -> Variables:
    """No statement in time counts as none and holds nothing up."""
    made = this_dismissal(call)
    made.statement, made.remarks = text(call.data, "statement"), text(call.data, "remarks")
    made.stated_on = _stated_on(call) if made.statement else None
    change_status(call.session, call.actor, made, DismissalStatus.HEARD)
    return {}


def _stated_on(call: Call) -> date:
    """The day on which the planner made the statement, which waits here for the district's remarks."""
    sent = (
        select(Submission.at)
        .join(WorkItem, Submission.work_item_id == WorkItem.id)
        .where(Submission.case_id == call.case.id, WorkItem.element_id == STATEMENT_TASK)
    )
    last = call.session.scalars(sent.order_by(Submission.at.desc())).first()
    return clock.local(last).date() if last else clock.today()


@operation("dismissal.close_unfounded", zh="不成立办结", en="Close as unfounded")
def close_unfounded(call: Call) -> Variables:
    """Not proven, not opened, or the count fell away: the planner is told where he knew of it."""
    made, result = this_dismissal(call), text(call.data, "result") or "缺席重新认定后不再构成"
    taken_back = result == "本人撤回"
    status = DismissalStatus.TAKEN_BACK if taken_back else DismissalStatus.UNFOUNDED
    change_status(call.session, call.actor, made, status, result)
    no_longer_wanted(call.session, made.number)
    if made.told_on is not None or taken_back or result == "不成立":
        told = message("关于您的解聘核查已办结：%(result)s。", result=result)
        notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {"result": result}


@operation("dismissal.tell_late", zh="提醒超期", en="Tell that the case is late")
def tell_late(call: Call) -> Variables:
    """The whole case should take twenty working days (D)."""
    told = message("解聘案%(number)s已超过二十个工作日，请督办。", number=call.data.get("dismissal_number", ""))
    for role in ("city_bureau.section", "city_bureau.leader"):
        notify(call.session, "escalation", told, role=role, organization_id="city_bureau", case_id=call.case.id)
    return {}
