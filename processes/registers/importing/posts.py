"""岗位: specialties, reasons of vacancies and next steps of many posts at once (第六条(一)(五))."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.errors import Invalid, NotFound
from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.importing.experts import SPECIALTIES
from processes.registers.importing.offers import every_unit
from processes.registers.importing.sheets import Import, SheetColumn, Values
from processes.registers.planner_posts import PlannerPost, PostStatus, describe
from processes.registers.rounds import Round

_FACTS = ("specialties", "vacancy_reason", "next_step")


def _rounds(session: Session, actor: Actor) -> Sequence[Option]:
    known = session.execute(select(Round.id, Round.name).order_by(Round.opened_at.desc()))
    return [Option(str(row.id), row.name) for row in known]


def _post(session: Session, values: Values) -> PlannerPost:
    here = select(PlannerPost).join(PlannerPost.round).where(
        PlannerPost.unit_id == values["unit_id"], PlannerPost.number == values["number"]
    )  # fmt: skip
    found = next((each for each in session.scalars(here) if str(each.round_id) == values["round_id"]), None)
    if found is None:
        raise NotFound(message("该轮次没有这个岗位；岗位由需求核定产生，不由导入新增。"))
    return found


def _standing(session: Session, actor: Actor, values: Values) -> Values:
    return _as_row(_post(session, values))


def _as_row(post: PlannerPost) -> Values:
    return {"round_id": str(post.round_id), "unit_id": post.unit_id, "number": post.number,
            **{key: getattr(post, key) for key in _FACTS}}  # fmt: skip


def _carry_out(session: Session, actor: Actor, values: Values) -> None:
    post = _post(session, values)
    if post.status != PostStatus.VACANT and values.get("vacancy_reason", post.vacancy_reason) != post.vacancy_reason:
        problem = message("该岗位不是空缺岗位，没有空缺原因。")
        raise Invalid(problem, {"vacancy_reason": problem})
    describe(session, post, **{key: values[key] for key in _FACTS if key in values})


def _present(session: Session, actor: Actor) -> Sequence[Values]:
    known = select(PlannerPost).join(PlannerPost.round).where(PlannerPost.status != PostStatus.CLOSED)
    order = (Round.opened_at.desc(), PlannerPost.unit_id, PlannerPost.number)
    return [_as_row(each) for each in session.scalars(known.order_by(*order))]


POSTS_HELD = Import(
    "posts",
    Wording("首席规划师岗位", "Planner posts"),
    Wording(
        "更新已有岗位的专业方向、空缺原因和后续安排。岗位由需求核定产生，不由导入新增；状态由选聘程序登记。",
        "Brings specialties, reasons of vacancies and next steps of posts up to date; no post is added.",
    ),
    ("city_bureau.clerk",),
    (
        SheetColumn("round_id", Wording("轮次", "Round"), "choice", required=True, offered=_rounds),
        SheetColumn("unit_id", Wording("区县", "District"), "choice", required=True, offered=every_unit),
        SheetColumn("number", Wording("岗位序号", "Post no."), "number", required=True),
        SheetColumn("specialties", Wording("专业方向", "Specialties"), "choices", options=SPECIALTIES),
        SheetColumn("vacancy_reason", Wording("空缺原因", "Why vacant"), longest=300),
        SheetColumn("next_step", Wording("后续安排", "Next step"), longest=300),
    ),
    ("round_id", "unit_id", "number"),
    _standing,
    _carry_out,
    present=_present,
    register="posts",
)
"""Posts of planners."""
