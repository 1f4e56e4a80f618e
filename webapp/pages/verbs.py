"""The verbs on one task, each a page of its own: what it means, whom it concerns, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as NoSuchPage

from handlers import cancelling
from processes.engine import work
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, WorkItem
from processes.engine.task_forms import TaskForm, form_for
from processes.engine.verbs import asking, attachments, circulating, joining, moving, phrases, recalling, sending_back
from processes.engine.verbs.choosing import staff
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.task_parts import signing_choices
from webapp.pages.uploads import posted
from webapp.visitors import current_actor

blueprint = Blueprint("verbs", __name__, url_prefix="/tasks/<uuid:item_id>/verbs")
Act = Callable[[Session, Desk, Actor, UUID], Any]


REASON = _l("理由")


@dataclass(frozen=True)
class Verb:
    """A verb as its page shows it."""

    title: LazyString
    help: LazyString
    act: Act
    told: LazyString
    needs: str
    """Which of the task's actions it is."""
    people: str = ""
    """Whom it asks for: `one` colleague, `anybody`, or `many`."""
    text: str = "reason"
    """Name of its text; empty: none."""
    text_title: LazyString = REASON
    must: bool = True
    leads_to: str = "task"
    """Where one is led afterwards: to the `task`, the `inbox` or the `case`."""
    is_grave: bool = False


def _reason() -> str:
    return request.form.get("reason", "")


def _people() -> list[str]:
    given = request.form.getlist("to")
    return [part.strip() for each in given for part in each.replace("，", ",").split(",") if part.strip()]


def _first() -> str:
    return next(iter(_people()), "")


def _send_back(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
    to, _separator, way = request.form.get("to", "").partition("|")
    chosen: sending_back.Way = "straight" if way == "straight" else "again"
    return sending_back.send_back(session, desk.house, actor, item_id, to, chosen, _reason())


def _add(after: bool) -> Act:
    def act(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
        return asking.add_signers(session, desk.house, actor, item_id, _people(), _reason(), after=after)

    return act


def _sign_with(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
    is_next = request.form.get("place") == "next"
    return joining.sign_with(session, desk.house, actor, item_id, _people(), _reason(), is_next=is_next)


def _remove_signer(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
    signer = request.form.get("signer", "")
    if signer:
        return joining.leave_out(session, desk.house, actor, item_id, signer, _reason())
    return asking.remove_signer(session, desk.house, actor, item_id, _reason())


def _attach(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        problem = message("请选择文件。")
        raise Invalid(problem, {"file": problem})
    of, note, content = request.form.get("of", ""), _reason(), sent.read()
    if of:
        attachment_id = _uuid(of)
        return attachments.add_version(session, desk.house, actor, attachment_id, item_id, sent.filename, content, note)
    return attachments.add(session, desk.house, actor, item_id, sent.filename, content, note)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as cause:
        raise NoSuchPage() from cause


def _move(session: Session, desk: Desk, actor: Actor, item_id: UUID) -> object:
    to, _separator, whole = request.form.get("to", "").partition("|")
    return moving.move(session, desk.house, actor, item_id, to, _reason(), alone=whole != "whole")


VERBS: Mapping[str, Verb] = {
    "return": Verb(
        _l("退回"), _l("退回到此前的环节补正或重办；所填意见一直保留。"), _send_back, _l("已退回。"), "return",
        leads_to="inbox",
    ),
    "reject": Verb(
        _l("驳回"), _l("不予同意：案件到此结束，其他未办任务一并撤出。"),
        lambda session, desk, actor, item_id: cancelling.reject(session, desk.house, actor, item_id, _reason()),
        _l("已驳回，案件结束。"), "reject", leads_to="case", is_grave=True,
    ),
    "recall": Verb(
        _l("撤回"), _l("下一位办理人打开之前，可以把已提交的任务取回修改。"),
        lambda session, desk, actor, item_id: recalling.recall(session, desk.house, actor, item_id, _reason()),
        _l("已撤回，任务回到您的待办。"), "recall", must=False, leads_to="inbox",
    ),
    "delegate": Verb(
        _l("委派"), _l("请同单位的同事代为填写；办好后回到您这里，由您签署提交。"),
        lambda session, desk, actor, item_id: asking.delegate(
            session, desk.house, actor, item_id, _first(), _reason()
        ),
        _l("已委派。"), "delegate", people="one", leads_to="inbox",
    ),
    "sign-before": Verb(
        _l("前加签"), _l("请他人先签署意见，全部签署后回到您这里办理。"), _add(after=False), _l("已请其先签署意见。"),
        "sign-before", people="many", leads_to="inbox",
    ),
    "sign-after": Verb(
        _l("后加签"), _l("您提交之后，再请他人签署意见，全部签署后案件才进入下一环节。"), _add(after=True),
        _l("已加签，您提交后将请其签署。"), "sign-after", people="many",
    ),
    "sign-with": Verb(
        _l("并加签"), _l("请更多人一同会签；是否通过按增加后的人数计算。"), _sign_with, _l("已并加签。"), "sign-with",
        people="many",
    ),
    "remove-signer": Verb(
        _l("减签"), _l("此人不必再办；会签按剩余人员重新计算是否通过。"), _remove_signer, _l("已减签。"),
        "remove-signer", leads_to="case",
    ),
    "copy": Verb(
        _l("抄送"), _l("请他人阅知，不影响办理；能看到对方是否已阅。"),
        lambda session, desk, actor, item_id: circulating.copy_to(session, actor, item_id, _people(), _reason()),
        _l("已抄送。"), "copy", people="many", text_title=_l("附言（可不填）"), must=False,
    ),
    "ask": Verb(
        _l("沟通"), _l("向他人询问，不影响办理；问答记入办理记录。"),
        lambda session, desk, actor, item_id: circulating.ask(session, actor, item_id, _first(), _reason()),
        _l("已发出询问。"), "ask", people="anybody", text_title=_l("问题"),
    ),
    "attach": Verb(
        _l("上传附件"), _l("附件与案件一起保存；同名文件成为新版本，旧版本保留。"), _attach, _l("附件已保存。"),
        "attach", text_title=_l("说明（可不填）"), must=False,
    ),
    "move": Verb(
        _l("移动环节"), _l("仅用于纠正：把案件移到同一层流程的另一环节，须写明理由并记入审计日志。"), _move,
        _l("已移动。"), "move", leads_to="case", is_grave=True,
    ),
    "withdraw": Verb(
        _l("撤销案件"), _l("由发起人撤销：案件到此结束，所有未办任务撤出。"),
        lambda session, desk, actor, item_id: cancelling.withdraw(
            session, desk.house, actor, session.get_one(WorkItem, item_id).case_id, _reason()
        ),
        _l("案件已撤销。"), "withdraw", text_title=_l("附言"), leads_to="case", is_grave=True,
    ),
}  # fmt: skip
ORDER = tuple(VERBS)


def offered(task: TaskForm) -> list[tuple[str, Verb]]:
    """The verbs that may be used on a task now, in their order."""
    return [(name, VERBS[name]) for name in ORDER if VERBS[name].needs in task.actions]


@blueprint.get("/<verb>")
@signed_in
def show(item_id: UUID, verb: str) -> ResponseReturnValue:
    """The page of a verb."""
    return _page(_known(verb), verb, item_id)


@blueprint.post("/<verb>")
@signed_in
def use(item_id: UUID, verb: str) -> ResponseReturnValue:
    """Use it; what is refused is said beside what was filled in."""
    known, desk, actor = _known(verb), current_desk(), current_actor()
    try:
        with once() as operation:
            case_id = operation.session.get_one(WorkItem, item_id).case_id if known.leads_to == "case" else None
            known.act(operation.session, desk, actor, item_id)
            flash(str(known.told))
            return operation.done(_place(known, item_id, case_id))
    except (Invalid, Conflict, CaseFailed) as problem:
        fields = problem.fields if isinstance(problem, Invalid) else {}
        return _page(known, verb, item_id, problem=problem.text, fields=fields), problem.status


@blueprint.post("/phrase")
@signed_in
def insert_phrase(item_id: UUID) -> ResponseReturnValue:
    """Put a common phrase into the form of a task, for browsers without a script: it is kept as a draft."""
    desk, actor = current_desk(), current_actor()
    came = posted(desk, actor, item_id)
    with once() as operation:
        chosen = _uuid(request.form.get("_phrase", ""))
        text = next((each.text for each in phrases.phrases(operation.session, actor) if each.id == chosen), "")
        field = next((each.key for each in came.form.fields if each.type == "textarea" and each.answers), "")
        raw = phrases.with_phrase(came.raw, field, text) if field and text else came.raw
        work.save_draft(operation.session, desk.house, actor, item_id, raw)
        return operation.done(url_for("tasks.show", item_id=item_id, _anchor=f"f-{field}"))


def _known(verb: str) -> Verb:
    if verb not in VERBS:
        raise NoSuchPage()
    return VERBS[verb]


def _place(verb: Verb, item_id: UUID, case_id: UUID | None) -> str:
    if verb.leads_to == "inbox":
        return url_for("inbox.index")
    if case_id is not None:
        return url_for("cases.show", case_id=case_id)
    return url_for("tasks.show", item_id=item_id)


def _page(
    verb: Verb, name: str, item_id: UUID, *, problem: Message | None = None,
    fields: Mapping[str, Message] | None = None,
) -> str:  # fmt: skip
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id, current_language())
        allowed = verb.needs in task.actions
        return render_template(
            "verbs/show.html",
            verb=verb,
            name=name,
            item=task.item,
            case=task.case,
            allowed=allowed,
            problem=problem if problem is not None or allowed else _why_not(task),
            fields=dict(fields or {}),
            sent=request.form,
            people=staff(session, actor, near=verb.people == "one") if verb.people and allowed else [],
            near={each.organization_id for each in actor.holdings},
            **(_choices(session, desk, actor, name, task) if allowed else {}),
        )


def _why_not(task: TaskForm) -> Message:
    if task.case.status == "suspended":
        return message("案件已挂起，暂不能办理。")
    if task.item.status == "held":
        return message("该任务正在等待他人的意见（委派、加签或补正），办结后再继续。")
    return message("现在不能进行这项操作：任务已办结，或不由您办理。")


def _choices(session: Session, desk: Desk, actor: Actor, name: str, task: TaskForm) -> dict[str, Any]:
    """What else a verb lets choose from."""
    if name == "return":
        return {"targets": sending_back.targets(session, desk.house, actor, task.item.id)}
    if name == "move":
        return {"move_places": moving.places(session, desk.house, actor, task.item.id)}
    if name in ("sign-with", "remove-signer"):
        return signing_choices(session, desk, task)
    if name == "attach":
        return {"attachments": attachments.attachments(session, actor, session.get_one(Case, task.case.id).id)}
    return {}
