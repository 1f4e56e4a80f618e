"""Checks of an application and of the finding on it (第四条、第六条(二))."""

from __future__ import annotations

from handlers.answers import file_ids, rows, text, this_application
from handlers.appointment.eligibility_readings import rules_of
from handlers.checking import Problems
from handlers.registry import validator
from processes import clock
from processes.engine.house import FormCheck
from processes.errors import Conflict, NotAllowed
from processes.messages import message
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application, other_application
from processes.registers.switches import readings_on
from processes.rules.eligibility import MIN_REASON_CHARS, SENIOR_TITLES, Eligibility

MOST_WISHES = 5
MIN_FINDING_CHARS = 20
MEETS, RECOGNISE, SUPPLEMENT, REFUSE = "符合一般条件", "建议按实践经验认定", "需补正", "不符合"
NOT_BETTER = {
    Eligibility.MEETS_GENERAL: {MEETS, RECOGNISE, SUPPLEMENT, REFUSE},
    Eligibility.NEEDS_RECOGNITION: {RECOGNISE, SUPPLEMENT, REFUSE},
    Eligibility.INCOMPLETE: {SUPPLEMENT, REFUSE},
    Eligibility.NOT_ELIGIBLE: {SUPPLEMENT, REFUSE},
}
"""The findings that are not better than what R04 says."""


@validator(
    "application.complete",
    zh="报名：在期限内、不重复、途径相符",
    en="Application: in time, once, by a fitting route",
)
def application_complete(check: FormCheck) -> None:
    """An application may be sent: in time, once a round, with a route that its facts bear."""
    person = this_application(check)
    if person.status == ApplicationStatus.WITHDRAWN:
        raise Conflict(message("该报名已退出，不能再提交。"))
    other = other_application(check.session, person.round_id, person.person_id, than=person.id)
    if other is not None:
        raise Conflict(message("您在本轮已有报名（%(number)s），不能重复报名。", number=other.number))
    if person.submitted_at is None and not person.late and not _in_time(person):
        raise Conflict(message("报名已截止。"))
    problems = Problems()
    _check_promises(check, problems)
    _check_route(check, problems)
    _check_units(check, problems)
    problems.refuse()


def _in_time(person: Application) -> bool:
    last = person.round.apply_until
    return last is not None and clock.today() <= last


def _check_promises(check: FormCheck, problems: Problems) -> None:
    for field in ("volunteers", "duty_commitment"):
        if not check.answers.get(field):
            problems.add(field, message("报名须由本人自愿作出承诺（第四条、第五条）。"))


def _check_route(check: FormCheck, problems: Problems) -> None:
    given, rules = check.answers, rules_of(readings_on(check.session))
    if given.get("claimed_route") == "A":
        if given.get("title_level") not in SENIOR_TITLES:
            problems.add("claimed_route", message("一般条件须同时具有副高级及以上职称和注册规划师资格（第四条(二)）。"))
        if given.get("planner_cert") not in rules.accepted_certs:
            problems.add("claimed_route", message("一般条件须同时具有副高级及以上职称和注册规划师资格（第四条(二)）。"))
        if rules.influence_for_all and not file_ids(given.get("influence_evidence")):
            problems.add("influence_evidence", message("按现行口径，一般条件也须提供行业影响力佐证（第四条(二)）。"))
        return
    if len(text(given, "practical_reasons")) < MIN_REASON_CHARS:
        problems.add("practical_reasons", message("至少 %(count)s 个字", count=MIN_REASON_CHARS))
    for field in ("experience_evidence", "influence_evidence"):
        if not file_ids(given.get(field)):
            problems.add(field, message("实践经验途径须提供业绩和影响力佐证各至少一件（第四条(二)）。"))


def _check_units(check: FormCheck, problems: Problems) -> None:
    wished = [row.get("unit") for row in rows(check.answers, "units_wanted")]
    avoided = {row.get("unit") for row in rows(check.answers, "avoid_units")}
    if len(wished) > MOST_WISHES:
        problems.add("units_wanted", message("意向区县最多填 %(count)s 个。", count=MOST_WISHES))
    for place, unit in enumerate(wished):
        if unit in avoided:
            problems.add(f"units_wanted.{place}.unit", message("该区县已列为需回避，不能作为意向。"))
        if unit in wished[:place]:
            problems.add(f"units_wanted.{place}.unit", message("与前面的意向重复。"))
    if not wished and not check.answers.get("accept_assign"):
        problems.add("units_wanted", message("未选择意向区县的，须服从统筹安排。"))


@validator(
    "application.qualification",
    zh="资格认定：不宽于条件，写明理由，回避本人",
    en="Finding on eligibility, with reasons, not about oneself",
)
def qualification(check: FormCheck) -> None:
    """A finding is not better than R04 says, has reasons, and is not about oneself."""
    person = this_application(check)
    if check.actor.person_id == person.person_id:
        raise NotAllowed(message("不能审核本人的报名。"))
    given = check.answers
    if given.get("conflict") == "有" or given.get("certificate_false"):
        return
    problems = Problems()
    result = text(given, "result")
    if result not in NOT_BETTER[Eligibility(person.rule_result)]:
        found = message("认定结果不能优于规则核验结果（%(ground)s）。", ground=person.ground)
        problems.add("result", found)
    if result != MEETS and len(text(given, "reasons")) < MIN_FINDING_CHARS:
        problems.add("reasons", message("至少 %(count)s 个字", count=MIN_FINDING_CHARS))
    if result == SUPPLEMENT and not rows(given, "supplement"):
        problems.add("supplement", message("请列明补正事项。"))
    if result == MEETS:
        for place, row in enumerate(rows(given, "check_items")):
            if row.get("ok") != "符合":
                problems.add(f"check_items.{place}.ok", message("认定为符合一般条件的，各项均应符合。"))
    problems.refuse()
