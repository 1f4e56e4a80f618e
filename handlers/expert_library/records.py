"""状态调整、删除个人信息、合并重复记录: what is done with a record of the library, each with its trace (第十条)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from handlers.answers import answers, identified, text
from handlers.registry import operation
from processes.engine.house import Call
from processes.engine.models import Case
from processes.identity import people
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers import library
from processes.registers.experts import EXPERT_STATUSES, Expert, expert_for, expert_of, note
from processes.registers.history import change_status

Variables = dict[str, Any]


@operation("expert_library.take_status", zh="登记状态", en="Change the status")
def take_status(call: Call) -> Variables:
    """A record is made inactive, or a candidate again; the other statuses come from their own procedures."""
    given = answers(call)
    expert = expert_of(call.session, identified(given["expert"]))
    change_status(call.session, call.actor, expert, text(given, "new_status"), text(given, "status_reason"))
    status = EXPERT_STATUSES[expert.status].zh
    call.case.title = f"专家状态调整：{expert.name}（{status}）"
    told = message("您在专家库中的状态已调整为“%(status)s”。", status=status)
    notify(call.session, "result", told, person_id=expert.person_id, case_id=call.case.id)
    return {"expert_id": str(expert.id), "expert_name": expert.name}


@operation("expert_library.find_record", zh="查找库内记录", en="Find the record")
def find_record(call: Call) -> Variables:
    """The own record of who asks."""
    expert = expert_for(call.session, identified(call.data.get("started_by")))
    if expert is None or expert.minimised_on is not None:
        return {"expert_id": "", "expert_name": "", "status_words": "", "deletion_reason": ""}
    call.case.title, call.case.subject_id = f"删除个人信息：{expert.name}", expert.person_id
    status = EXPERT_STATUSES[expert.status].zh
    return {"expert_id": str(expert.id), "expert_name": expert.name, "status_words": status, "deletion_reason": ""}


@operation("expert_library.minimise", zh="停用并删减个人信息", en="Remove personal data")
def minimise(call: Call) -> Variables:
    """The record becomes inactive and keeps no personal data; what was done in office stays as official record."""
    expert = expert_of(call.session, identified(call.data["expert_id"]))
    library.minimise(call.session, call.actor, expert, text(call.data, "deletion_reason"))
    person = call.session.get_one(Person, expert.person_id)
    if not person.disabled:
        people.disable(call.session, call.actor, person)
    call.case.title = f"删除个人信息：{expert.name}"
    return {"expert_name": expert.name, "deletion_reason": ""}


@operation("expert_library.tell_kept", zh="告知暂缓理由", en="Tell why it is put off")
def tell_kept(call: Call) -> None:
    """The person reads why the deletion is put off, and may ask again."""
    expert = expert_of(call.session, identified(call.data["expert_id"]))
    why = text(call.data, "deletion_note")
    note(call.session, call.actor, expert, f"删除个人信息的申请暂缓：{why}")
    told = message("您删除个人信息的申请暂缓办理：%(why)s", why=why)
    notify(call.session, "result", told, person_id=expert.person_id, case_id=call.case.id)


@operation("expert_library.show_merge", zh="列出将移转的记录", en="List what moves")
def show_merge(call: Call) -> Variables:
    """What the registers hold about the second record, before anything is moved."""
    given = answers(call)
    keep, drop = (expert_of(call.session, identified(given[name])) for name in ("keep", "drop"))
    call.case.title = f"合并专家记录：{keep.name}"
    moving = library.records_about(call.session, drop.person_id)
    return {
        "keep": str(keep.id),
        "drop": str(drop.id),
        "expert_name": described(keep),
        "drop_name": described(drop),
        "merge_reason": text(given, "merge_reason"),
        "merge_rows": [{"register": each.register, "count": each.count} for each in moving],
    }


@operation("expert_library.merge", zh="合并并留痕", en="Merge")
def merge(call: Call) -> Variables:
    """The second record becomes inactive and points to the first; its account is closed, its cases follow."""
    keep, drop = (expert_of(call.session, identified(call.data[name])) for name in ("keep", "drop"))
    moved = library.merge(call.session, call.actor, keep, drop, text(call.data, "merge_reason"))
    follow = update(Case).where(Case.subject_id == drop.person_id, Case.id != call.case.id)
    call.session.execute(follow.values(subject_id=keep.person_id))
    person = call.session.get_one(Person, drop.person_id)
    if not person.disabled:
        people.disable(call.session, call.actor, person)
    return {"merged": [{"register": each.register, "count": each.count} for each in moved]}


def described(expert: Expert) -> str:
    """A record as it can be told from another of the same name."""
    employer = expert.employer.name if expert.employer else "单位未填"
    return f"{expert.name}（{employer}，{expert.person.login}，{EXPERT_STATUSES[expert.status].zh}）"
