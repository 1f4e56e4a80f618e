"""征求意见、研究决定: the HR bureau is asked (第十条), then people decide; reasons and views stay in the file."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, needed_day, text
from handlers.asking_hr import next_reference, put_to_hr, view_says
from handlers.dismissal.hearing import facts_text
from handlers.dismissal.opening import this_dismissal
from handlers.dismissal.words import DISMISS, spoken_items
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.dismissals import DismissalStatus
from processes.registers.history import change_status
from processes.registers.matters import MatterKind

Variables = dict[str, Any]


@operation("dismissal.prepare_request", zh="拟征求意见内容", en="Prepare the HR bureau's letter")
def prepare_request(call: Call) -> Variables:
    """Dismissal is an important matter: what is put to the HR bureau."""
    made = this_dismissal(call)
    number = int(call.data.get("hr_rounds") or 0) + 1
    heard = made.statement or ("本人未在期限内陈述意见" if made.told_on else "本人主动要求退出，无须陈述")
    says = (
        f"拟依据《重庆市区县首席规划师管理办法》第十五条第{spoken_items(made.items)}项，解除对{made.person.name}同志的"
        f"{made.unit.name}首席规划师聘任。事实：{facts_text(made)}。本人陈述：{heard}。"
        f"区县意见：{made.remarks or '无'}。请予研究。"
    )
    change_status(call.session, call.actor, made, DismissalStatus.ASKED)
    return {
        "hr_rounds": number,
        **put_to_hr(
            MatterKind.DISMISSAL,
            f"解聘{made.person.name}同志首席规划师",
            says,
            reference=next_reference(call.session, made.number),
        ),
    }


@operation("dismissal.take_view", zh="登记市人力社保局意见", en="Take the HR bureau's view")
def take_view(call: Call) -> Variables:
    """The view, or that there was none."""
    made = this_dismissal(call)
    made.opinion, made.hr_reason = text(call.data, "opinion"), text(call.data, "hr_reason")
    return {"opinion_says": view_says(made.opinion, made.hr_reason), "statement": made.statement}


@operation("dismissal.take_decision", zh="登记决定", en="Take the decision")
def take_decision(call: Call) -> Variables:
    """Who decided what, why and from when; decided otherwise, the same events open no other case."""
    made, given = this_dismissal(call), answers(call)
    made.decision_reason, made.both_views = text(given, "decision_reason"), text(given, "both_views")
    made.decided_by, made.decided_on = call.actor.name, clock.today()
    if text(given, "decision") == DISMISS:
        made.executed_item = made.items[0]
        made.effective_on = needed_day(given, "effective")
        change_status(call.session, call.actor, made, DismissalStatus.DISMISSED, made.decision_reason)
        return {"result": DISMISS, "effective_on": made.effective_on.isoformat()}
    change_status(call.session, call.actor, made, DismissalStatus.NOT_DISMISSED, made.decision_reason)
    told = message("经研究，决定对您不予解聘。")
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {"result": "不解聘"}
