"""The check of the final list: every post settled, changes with reasons, silence decided on (第六条(四)、(五))."""

from __future__ import annotations

from uuid import UUID

from handlers.answers import Row, day, identified, rows, text, this_round
from handlers.appointment.consultation import AGREED_AFTER_TALKS, GO_ON
from handlers.appointment.decision import APPOINT
from handlers.appointment.final_rows import silent_units
from handlers.appointment.people_checks import Choice, unfit
from handlers.checking import Problems
from handlers.registry import validator
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.applications import application_of, applications_of
from processes.registers.letters import has_objected
from processes.registers.nominations import CURRENT, NominationStatus, for_post
from processes.registers.planner_posts import PlannerPost, posts_of
from processes.registers.switches import readings_on

HOLD = "暂不聘任"
WITHOUT_REPLY = frozenset({NominationStatus.SILENT, NominationStatus.CONSULTING})


@validator("appointment.final_list", zh="研究确定：名单可以确定", en="Final list: it can be decided")
def final_list(check: FormCheck) -> None:
    """A list can be decided."""
    problems = Problems()
    decided = this_round(check)
    posts = {post.label: post for post in posts_of(check.session, decided.id)}
    held = _check_silence(check, problems)
    recognised = {each.id for each in applications_of(check.session, decided.id) if each.recognised}
    choices: list[Choice] = []
    for place, row in enumerate(rows(check.answers, "final")):
        where, post = f"final.{place}", posts.get(str(row.get("post")))
        if post is None:
            problems.add(f"{where}.post", message("数据已变化，请刷新页面后重新填写"))
        elif row.get("settled") != APPOINT:
            _check_vacancy(where, row, problems)
        elif not row.get("person"):
            problems.add(f"{where}.person", message("请选择人选，或登记为空缺。"))
        else:
            person = application_of(check.session, identified(row["person"]))
            choices.append(Choice(f"{where}.person", post, person))
            _check_change(check, where, row, choices[-1], problems)
            _check_veto(check, choices[-1], problems)
            _check_term(check, where, row, problems)
            _check_held(check, where, post, held, problems)
    _check_people(check, choices, recognised, problems)
    problems.refuse()


@validator("appointment.silence", zh="未复函：按口径处理", en="Silence: as the bureaus read it")
def silence(check: FormCheck) -> None:
    """Where the bureaus read that a reply is always waited for, nobody goes on without one (switch `reply.silence`)."""
    problems = Problems()
    if check.answers.get("decision") == GO_ON and readings_on(check.session).choice("reply.silence") == "wait":
        problems.add("decision", message("按现行口径，未复函的应继续等待，不能视情推进（第六条(四)）。"))
    problems.refuse()


@validator(
    "appointment.mediation",
    zh="沟通协调：否决性意见不再提同一人选",
    en="Talks do not bring a refused person back",
)
def mediation(check: FormCheck) -> None:
    """Where an objection is read as a veto, talks cannot bring the same person back (switch `district.objection`)."""
    problems = Problems()
    if check.answers.get("agreement") == AGREED_AFTER_TALKS and _vetoes(check):
        problems.add("agreement", message("按现行口径，区县不同意的人选不再聘任，请改派备选或登记空缺（第六条(四)）。"))
    problems.refuse()


def _vetoes(check: FormCheck) -> bool:
    return readings_on(check.session).choice("district.objection") == "veto"


def _check_veto(check: FormCheck, choice: Choice, problems: Problems) -> None:
    """A person to whom the unit has objected is not appointed there under a veto; else with a reason alone."""
    if not _vetoes(check):
        return
    before = for_post(check.session, choice.post.id, NominationStatus.OBJECTED, NominationStatus.DROPPED)
    if any(each.application_id == choice.person.id and has_objected(check.session, each.id) for each in before):
        problems.add(choice.field, message("区县不同意该人选，按现行口径不再聘任（第六条(四)）。"))


def _check_silence(check: FormCheck, problems: Problems) -> set[str]:
    """Every silent unit is decided on with a reason; gives the units for which nobody is to be appointed yet."""
    given = {str(row.get("unit")): (place, row) for place, row in enumerate(rows(check.answers, "silent_units"))}
    for unit_id in silent_units(check.session, this_round(check)):
        if unit_id not in given:
            problems.add("silent_units", message("每个未复函区县都须研究处理并说明理由（第六条(四)）。"))
    for place, row in given.values():
        if not row.get("decision") or not text(row, "reason"):
            problems.add(
                f"silent_units.{place}.decision", message("未复函不视为同意，须由人决定并说明理由（第六条(四)）。")
            )
    return {unit_id for unit_id, (_, row) in given.items() if row.get("decision") == HOLD}


def _check_vacancy(where: str, row: Row, problems: Problems) -> None:
    if row.get("person"):
        problems.add(f"{where}.person", message("登记为空缺的岗位不能填写人选。"))
    if not text(row, "reason"):
        problems.add(f"{where}.reason", message("请说明空缺原因。"))
    if not text(row, "next_step"):
        problems.add(f"{where}.next_step", message("请选择空缺岗位的后续安排。"))


def _check_change(check: FormCheck, where: str, row: Row, choice: Choice, problems: Problems) -> None:
    """Another person than the one who stands, or a person to whom the district objects, needs a reason."""
    standing = [each.application_id for each in for_post(check.session, choice.post.id, *CURRENT)]
    if choice.person.id not in standing and not text(row, "reason"):
        problems.add(f"{where}.reason", message("与建议名单不一致，请说明理由（第六条(五)）。"))


def _check_term(check: FormCheck, where: str, row: Row, problems: Problems) -> None:
    start, end = day(row.get("term_start")), day(row.get("term_end"))
    if start is None or end is None:
        problems.add(f"{where}.term_start", message("请填写聘期起止日期（第五条(三)）。"))
        return
    if end < start:
        problems.add(f"{where}.term_end", message("聘期止不能早于聘期起。"))
    met = day(check.answers.get("meeting_date"))
    if met is not None and start < met:
        problems.add(f"{where}.term_start", message("聘期不能早于研究确定之日（%(day)s）。", day=met.isoformat()))


def _check_held(check: FormCheck, where: str, post: PlannerPost, held: set[str], problems: Problems) -> None:
    standing = for_post(check.session, post.id, *CURRENT)
    if post.unit_id in held and any(each.status in WITHOUT_REPLY for each in standing):
        problems.add(f"{where}.settled", message("该区县未复函且决定暂不聘任，应登记为空缺。"))


def _check_people(check: FormCheck, choices: list[Choice], recognised: set[UUID], problems: Problems) -> None:
    """People are fit, and at one post each unless the panel itself named them for two."""
    seen: dict[UUID, Choice] = {}
    for choice in choices:
        problem = unfit(check.session, choice, recognised)
        if problem is not None:
            problems.add(choice.field, problem)
        before = seen.setdefault(choice.person.id, choice)
        if before is not choice and not all(_stands(check, each) for each in (before, choice)):
            problems.add(choice.field, message("%(name)s已列入其他岗位，一人一岗。", name=choice.person.name))


def _stands(check: FormCheck, choice: Choice) -> bool:
    standing = for_post(check.session, choice.post.id, *CURRENT)
    return any(each.application_id == choice.person.id for each in standing)
