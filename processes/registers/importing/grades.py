"""考核等次: the grades of a year from a list, through the one function that keeps the ceiling on 优秀 (第十四条)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.errors import Invalid
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import Message, message
from processes.registers.appraisals import GRADES, Appraisal, AppraisalEntry, appraisal_on, entries_of, entry_for
from processes.registers.grading import Given, check_given, give_grades
from processes.registers.importing.offers import options_of, person_named
from processes.registers.importing.sheets import Import, SheetColumn, Values
from processes.rules.excellent import RollStatus

SHORTEST_REASON = 10
SOURCE = "import"


def _entry(session: Session, values: Values) -> AppraisalEntry:
    person = person_named(session, values)
    found = entry_for(session, person.id, values["year"])
    if found is None:
        problem = message("该人员不在%(year)s年度考核名册中。", year=values["year"])
        raise Invalid(problem, {"login": problem})
    return found


def _standing(session: Session, actor: Actor, values: Values) -> Values | None:
    entry = _entry(session, values)
    unchanged = {"reason": values.get("reason"), "votes": values.get("votes")} if entry.grade == values["grade"] else {}
    return {**unchanged, **{key: values[key] for key in ("year", "login", "name")}, "grade": entry.grade}


def _carry_out(session: Session, actor: Actor, values: Values) -> Sequence[Message]:
    """What a row says is looked at by itself; the ceiling is about the whole list and comes at last."""
    entry = _entry(session, values)
    check_given(entry, _given(values), SOURCE)
    if not entry.final:
        return ()
    if len(values.get("reason", "")) < SHORTEST_REASON:
        problem = message("该等次已生效，变更须用至少 %(count)s 个字说明理由。", count=SHORTEST_REASON)
        raise Invalid(problem, {"reason": problem})
    return (message("该等次已生效，导入后变更生效的等次。"),)


def _given(values: Values) -> Given:
    return Given(values["grade"], values.get("reason", ""), values.get("votes", ""))


def _at_last(session: Session, actor: Actor, rows: Sequence[Values]) -> None:
    """The grades of each year together: a swap of two planners is one list, in whatever order."""
    for year in sorted({each["year"] for each in rows}):
        appraisal = appraisal_on(session, year)
        assert appraisal is not None
        given = {_entry(session, each).id: _given(each) for each in rows if each["year"] == year}
        give_grades(session, actor, appraisal, given, SOURCE)


def _present(session: Session, actor: Actor) -> Sequence[Values]:
    """The roll of the newest appraisal, for the grades to be filled in."""
    newest = _newest(session)
    if newest is None:
        return []
    return [
        {"year": newest.year, "login": each.person.login, "name": each.person.name, "grade": each.grade}
        for each in entries_of(session, newest.id)
        if each.roll == RollStatus.GRADED
    ]


def _newest(session: Session) -> Appraisal | None:
    return session.scalars(select(Appraisal).order_by(Appraisal.year.desc()).limit(1)).first()


APPRAISAL_GRADES = Import(
    "grades",
    Wording("考核等次", "Grades of the year"),
    Wording(
        "按考核组评议结果登记等次。整张名单与优秀名额一并核对，超出上限的全部不导入；并列由人决定。",
        "Enters grades as the panel found them; the whole list is checked against the ceiling, or nothing is imported.",
    ),
    ("city_bureau.section",),
    (
        SheetColumn("year", Wording("年度", "Year"), "number", required=True),
        SheetColumn("login", Wording("登录名", "Log-in name"), required=True, longest=63),
        SheetColumn("name", Wording("姓名", "Name"), required=True, longest=60),
        SheetColumn("grade", Wording("等次", "Grade"), "choice", required=True, options=options_of(GRADES),
                    fields=("grades",)),
        SheetColumn("reason", Wording("理由", "Reason"), longest=1000,
                    hint=Wording("不称职的至少 50 个字；已生效的等次变更须填写",
                                 "50 characters at least for 不称职; needed to change a grade in force")),
        SheetColumn("votes", Wording("表决", "Votes"), longest=60),
    ),
    ("year", "login"),
    _standing,
    _carry_out,
    at_last=_at_last,
    present=_present,
    register="appraisal_entries",
)  # fmt: skip
"""Grades of a year."""
