"""What the forms of the library offer and are checked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified, text
from handlers.checking import Problems
from handlers.expert_library.facts import stated
from handlers.expert_library.proposals import active
from handlers.expert_library.records import described
from handlers.registry import options, validator
from processes import clock
from processes.engine.house import FormCheck
from processes.engine.models import WorkItem
from processes.errors import NotAllowed
from processes.forms.wording import Option
from processes.identity.models import Person, PostHolding
from processes.messages import message
from processes.registers.appointments import Appointment, dismissal_item
from processes.registers.experts import EXPERT_STATUSES, Expert, ExpertStatus, expert_for, expert_of
from processes.registers.ledger import appointments_in
from processes.registers.library import application_going_on
from processes.registers.switches import readings_on

Variables = Mapping[str, Any]
OWN_POSTS = ("applicant", "planner")
ADMITTED = "同意入库"
SHORTEST_REASON = 10


@options("library_candidates")
def library_candidates(session: Session, variables: Variables) -> Sequence[Option]:
    """Who may be proposed: oneself, or everybody who logs in as an applicant or planner and is not in the library."""
    found = select(Person).join(PostHolding).where(PostHolding.role.in_(OWN_POSTS), Person.disabled.is_(False))
    if not variables.get("starter_organization") and variables.get("started_by"):
        found = found.where(Person.id == identified(variables["started_by"]))
    else:
        inside = select(Expert.person_id).where(Expert.status != ExpertStatus.INACTIVE)
        found = found.where(Person.id.not_in(inside))
    listed = session.scalars(found.distinct().order_by(Person.name, Person.login))
    return [Option(str(each.id), f"{each.name}（{each.login}）") for each in listed]


@options("library_experts")
def library_experts(session: Session, variables: Variables) -> Sequence[Option]:
    """Every record that is neither merged nor emptied."""
    found = select(Expert).where(Expert.merged_into_id.is_(None), Expert.minimised_on.is_(None))
    return [Option(str(each.id), described(each)) for each in session.scalars(found.order_by(Expert.name, Expert.id))]


@options("library_records")
def library_records(session: Session, variables: Variables) -> Sequence[Option]:
    """Records with people of the same name first, since those are looked for."""
    listed = list(library_experts(session, variables))
    names = [each.text("zh").split("（")[0] for each in listed]
    return sorted(listed, key=lambda each: names.count(each.text("zh").split("（")[0]) < 2)


@validator("expert_library.proposal", zh="推荐入库：不重复，无违法解聘", en="Proposal: not twice, no breach of law")
def proposal(check: FormCheck) -> None:
    """Nobody is entered twice, and nobody who was dismissed for a breach of law (第十五条(五))."""
    problems = Problems()
    person_id = identified(check.answers["candidate"])
    if active(expert_for(check.session, person_id)):
        problems.add("candidate", message("该人选已在专家库中，不能重复入库；信息有误的请在年度核对时更正。"))
    item = dismissal_item(check.session, person_id)
    if item is not None and readings_on(check.session).by_key("redismissed").get(str(item)) == "refuse":
        problems.add("candidate", message("该人选曾因第十五条(%(item)s)被解聘，按现行口径不予受理。",
                                          item="一二三四五"[item - 1]))  # fmt: skip
    problems.refuse()


@validator(
    "expert_library.admission",
    zh="入库审核：回避本人，例外写明理由",
    en="Admission: not oneself, exceptions with reasons",
)
def admission(check: FormCheck) -> None:
    """Nobody admits himself; admitting without title and qualification, or not admitting, needs a reason."""
    if str(check.actor.person_id) == str(check.data.get("candidate")):
        raise NotAllowed(message("不能审核本人的入库申请。"))
    problems = Problems()
    given = check.answers
    if text(given, "conflict") == "有":
        problems.add("conflict", message("有利害关系的，请转办他人审核。"))
    general = check.data.get("route") == "A"
    if not (text(given, "result") == ADMITTED and general) and len(text(given, "reasons")) < SHORTEST_REASON:
        problems.add("reasons", message("至少 %(count)s 个字", count=SHORTEST_REASON))
    problems.refuse()


@validator("expert_library.own_data", zh="本人资料：职称资格变更附证明", en="Own data: a changed title has a proof")
def own_data(check: FormCheck) -> None:
    """A changed title or qualification comes with a proof."""
    problems = Problems()
    if text(check.answers, "all_right") == "有变更":
        expert = expert_of(check.session, identified(check.data["party"]["expert_id"]))
        after = stated(check.answers)
        higher = after["title_level"] != expert.title_level or after["planner_cert_no"] != expert.planner_cert_no
        if higher and not check.answers.get("proofs"):
            problems.add("proofs", message("职称或资格有变更的，请上传证明。"))
    problems.refuse()


@validator("expert_library.status", zh="状态变更：在任者不得停用", en="Status follows from the one before")
def status(check: FormCheck) -> None:
    """Who serves is not made inactive by hand; a status follows from the one before."""
    problems = Problems()
    expert = expert_of(check.session, identified(check.answers["expert"]))
    wanted = text(check.answers, "new_status")
    if expert.status == ExpertStatus.IN_OFFICE:
        problems.add("expert", message("该专家在聘，状态由聘任、续聘、退出和解聘程序登记。"))
    elif wanted not in Expert.LIFE.get(expert.status, frozenset()):
        problems.add("new_status", message("当前状态为“%(old)s”，不能改为“%(new)s”。",
                                           old=EXPERT_STATUSES[expert.status].zh,
                                           new=EXPERT_STATUSES[wanted].zh))  # fmt: skip
    problems.refuse()


@validator("expert_library.deletion", zh="出库：不在任、无在办报名", en="Deletion: not in office, nothing open")
def deletion(check: FormCheck) -> None:
    """Not while in office or while an application is open; official records stay in any case."""
    if text(check.answers, "deletion_decision") == "暂缓":
        return
    problems = Problems()
    field = "deletion_decision" if "deletion_decision" in check.answers else "understood"
    expert = expert_of(check.session, identified(check.data["expert_id"]))
    if expert.status == ExpertStatus.IN_OFFICE:
        problems.add(field, message("在聘期间的履职信息不能删除，请在离任后申请。"))
    standing = application_going_on(check.session, expert.person_id)
    if standing is not None:
        problems.add(field, message("有未结的报名（%(number)s），请先退出或待办结后申请。", number=standing.number))
    problems.refuse()


@validator("expert_library.merge", zh="合并记录：两条不同，无在办事项", en="Merge: two records, nothing open")
def merge(check: FormCheck) -> None:
    """Two different records, the one in office stays, and the other has nothing open."""
    problems = Problems()
    keep, drop = (expert_of(check.session, identified(check.answers[name])) for name in ("keep", "drop"))
    if keep.id == drop.id:
        problems.add("drop", message("请选择两条不同的记录。"))
    elif drop.status == ExpertStatus.IN_OFFICE:
        problems.add("drop", message("在聘的记录应当保留；两条均在聘的，请先办理其中一条的聘任更正。"))
    elif _open_task(check, drop):
        problems.add("drop", message("该记录的账号尚有未办结的任务，请先办结或改派。"))
    elif _serves(check, drop):
        problems.add("drop", message("该记录名下有现行聘任，应当保留。"))
    problems.refuse()


def _open_task(check: FormCheck, expert: Expert) -> bool:
    mine = select(WorkItem.id).where(WorkItem.person_id == expert.person_id, WorkItem.status == "open")
    return check.session.scalar(mine.limit(1)) is not None


def _serves(check: FormCheck, expert: Expert) -> bool:
    today = clock.today()
    serving: Sequence[Appointment] = appointments_in(check.session, today, today)
    return any(each.person_id == expert.person_id for each in serving)
