"""The questions of a working day, in the words of who asks them, each with the page that answers it (`domain` §7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from processes.engine.definitions import versions
from processes.identity.actor import Actor
from processes.registers.reading import READS_OWN, readable_registers
from processes.registers.warnings.scope import READERS
from webapp.access import access_of
from webapp.pages.questions.answers import ANSWERS

CLERKS = ("city_bureau.clerk", "city_bureau.section")
DISTRICTS = ("district_government.clerk", "district_bureau.clerk", "district_bureau.leader")
LEADERS = ("city_bureau.leader", "city_bureau.section", "manager")
OWNERS = ("process_owner", "manager")
OWN_UNIT, OWN_PERSON = "unit_id", "person_id"
ASKERS = tuple(dict.fromkeys((*READERS, "employer.clerk", "administrator")))
ANSWER = "questions.answer"
SELECTION = "appointment"


@dataclass(frozen=True)
class Question:
    """A question: its number, who asks it, in which words, and the page that answers it."""

    number: int
    posts: tuple[str, ...]
    text: LazyString
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    own: str = ""
    """Which part of the address is the asker's own: the unit or the person."""
    about: str | None = None
    """Key of the procedure it is about; not asked where there is none."""


QUESTIONS = (
    Question(1, CLERKS, _l("哪些区县还没有复征求意见函，已经等了几天，逾期几个工作日？"), "warnings.show",
             {"name": "letters"}),
    Question(2, CLERKS, _l("本季度哪些区县没有报送情况报告？上季度迟报了几天？"), ANSWER, {"name": "quarter-reports"}),
    Question(3, CLERKS, _l("哪些首席规划师按进度今年达不到10次实地指导？还差几次？"), "warnings.show",
             {"name": "visits"}),
    Question(4, CLERKS, _l("谁连续缺席2次或总计4次，再缺一次就触发解聘？下一次邀请是哪天？"), "warnings.show",
             {"name": "absences"}),
    Question(5, CLERKS, _l("哪些咨询结束超过5个工作日还没有书面意见？"), "warnings.show", {"name": "opinions"}),
    Question(6, CLERKS, _l("哪些记录区县还没确认，会影响本季度汇总？"), "warnings.show", {"name": "records"}),
    Question(7, CLERKS, _l("今天我手上有哪些任务，哪些今天到期？"), "inbox.index", {"sort": "due"}),
    Question(8, CLERKS, _l("报名截止还有几天，哪些岗位没有人报？"), ANSWER, {"name": "calls"}),
    Question(9, CLERKS, _l("哪些人需要补正材料，缺什么？"), ANSWER, {"name": "supplements"}),
    Question(10, CLERKS, _l("哪些聘书还没有签收？"), "registers.show", {"name": "appointments", "status": "to_sign"}),
    Question(11, DISTRICTS, _l("我们邀请的首席规划师答复了吗？谁还没答复？"), "registers.show",
             {"name": "attendances", "status": "invited"}),
    Question(12, DISTRICTS, _l("本季度我区共咨询几次、实地几次、采纳几条，报告还差什么？"), ANSWER,
             {"name": "own-quarter"}),
    Question(13, (*DISTRICTS, "district_bureau.finance"), _l("哪些差旅费待审核、待支付，超过30天的有几笔？"), ANSWER,
             {"name": "claims"}),
    Question(14, DISTRICTS, _l("首席规划师提的建议哪些还没答复？"), "registers.show",
             {"name": "suggestions", "status": "sent,received,unanswered"}),
    Question(15, ("planner",), _l("我今年实地几次、缺席几次、意见几份、采纳几条，离要求差多少？"), "cards.planner",
             own=OWN_PERSON),
    Question(16, ("planner",), _l("我的年度工作报告里的数字是怎么来的？能点开看到每一条吗？"), "cards.planner",
             {"_anchor": "year"}, OWN_PERSON),
    Question(17, ("planner",), _l("我能享受哪些待遇，还差什么条件？"), "cards.planner", {"_anchor": "rights"},
             OWN_PERSON),
    Question(18, ("employer.clerk",), _l("我单位派出几人，考核结果存档回执交了吗？"), ANSWER, {"name": "filings"}),
    Question(19, ("hr_bureau.clerk", "hr_bureau.leader"),
             _l("本季度通报收到了吗？哪些区县没报？有哪些事项在等我们的意见，还有几天？"), ANSWER,
             {"name": "hr-bureau"}),
    Question(20, OWNERS, _l("选聘流程平均用了多少天，卡在哪一步？"), "step_figures.index", {"process": SELECTION},
             about=SELECTION),
    Question(21, OWNERS, _l("改动时限（如复函由10日改为15日）会影响哪些在办实例？"), ANSWER, {"name": "deadlines"}),
    Question(22, OWNERS, _l("哪些口径开关改过，谁改的，依据哪份解释？"), "switches.changes"),
    Question(23, OWNERS, _l("哪些实例出错、挂起、跳步、代办或手工改派？"), ANSWER, {"name": "out-of-course"}),
    Question(24, LEADERS, _l("本年度优秀名额是多少，还剩几个，有无并列？"), ANSWER, {"name": "excellent"}),
    Question(25, LEADERS, _l("全市空缺岗位有几个，空了多久，为什么？"), "warnings.show", {"name": "vacancies"}),
    Question(26, LEADERS, _l("今年咨询量、采纳率、区县覆盖比去年怎样？哪些区县一次都没请？"), "cards.overview"),
    Question(27, LEADERS, _l("未来90天有哪些聘期届满、待续聘？"), "warnings.show", {"name": "terms"}),
    Question(28, ("administrator",), _l("谁有哪些权限，离任人员的账号停了吗？昨晚备份成功了吗？"), ANSWER,
             {"name": "rights"}),
)  # fmt: skip
"""All of them; the numbers are those of the catalogue of questions."""


def asked_by(session: Session, actor: Actor) -> list[tuple[Question, str]]:
    """The questions that the posts of somebody ask, each with the address of its answer."""
    offered = [(each, url) for each in QUESTIONS if (url := _answer(actor, each)) is not None]
    return [(each, url) for each, url in offered if each.about is None or versions(session, each.about)]


def _answer(actor: Actor, question: Question) -> str | None:
    """Where the answer stands; None for a question of others, or one whose page the asker may not open."""
    if not actor.has(*question.posts) or not _may_open(actor, question):
        return None
    values = dict(question.values)
    if question.own == OWN_PERSON:
        values[OWN_PERSON] = actor.person_id
    elif question.own == OWN_UNIT:
        values[OWN_UNIT] = min(actor.units(*READS_OWN))
    return url_for(question.endpoint, **values)


def _may_open(actor: Actor, question: Question) -> bool:
    access = access_of(current_app.view_functions.get(question.endpoint))
    if access is None or (access.posts and not actor.has(*access.posts)):
        return False
    if question.own == OWN_UNIT and not actor.units(*READS_OWN):
        return False
    name = question.values.get("name")
    if question.endpoint == ANSWER:
        return actor.has(*ANSWERS[str(name)].posts)
    return question.endpoint != "registers.show" or name in {each.name for each in readable_registers(actor)}
