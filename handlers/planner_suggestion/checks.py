"""What the forms of surveys and suggestions must be checked for against the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.answers import identified, rows, text
from handlers.checking import Problems
from handlers.planner_suggestion.suggesting import CITY
from handlers.planner_suggestion.surveys import ONLY_SUGGEST
from handlers.registry import options, validator
from handlers.technical_consultation.words import moment_of
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.messages import message
from processes.registers.ledger import in_office
from processes.registers.suggestions import surveys_by

LONGEST_HOURS = 72
SURVEYS_SHOWN = timedelta(days=730)


@options("own_surveys")
def own_surveys(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The planner's surveys of the last two years."""
    day, person_id = clock.today(), variables.get("started_by")
    found = surveys_by(session, identified(person_id), day - SURVEYS_SHOWN, day) if person_id else []
    return [Option(str(each.id), f"{each.number} {each.subject}") for each in reversed(found)]


@validator("planner_suggestion.survey", zh="主动调研：日期在聘期内，附照片", en="Survey: in service, with a picture")
def survey(check: FormCheck) -> None:
    """A survey lies in the past and in service, once a day and district; guidance is shown by a picture."""
    problems, given = Problems(), check.answers
    person_id = identified(check.data["started_by"])
    if text(given, "doing") == ONLY_SUGGEST:
        if not in_office(check.session, person_id, clock.today()):
            problems.add("doing", message("您当前不在聘期内，不能提出工作建议。"))
        problems.refuse()
        return
    began, ended = moment_of(given["start_at"]), moment_of(given["end_at"])
    day = clock.local(began).date()
    if not timedelta(0) < ended - began <= timedelta(hours=LONGEST_HOURS):
        problems.add("end_at", message("结束时间应在开始之后，且不超过72小时。"))
    elif ended > check.now:
        problems.add("end_at", message("调研尚未结束，请在结束后登记。"))
    if not in_office(check.session, person_id, day):
        problems.add("start_at", message("调研当日不在聘期内，不能登记。"))
    if any(each.unit_id == given["unit_id"] for each in surveys_by(check.session, person_id, day, day)):
        problems.add("start_at", message("该区县当日的调研已登记，请勿重复登记。"))
    if given.get("asks_guidance") and not given.get("photos"):
        problems.add("photos", message("申请确认为实地指导的，应上传现场照片或签到。"))
    problems.refuse()


@validator("planner_suggestion.suggestion", zh="工作建议：送服务区县或市局", en="Suggestion: to the right office")
def suggestion(check: FormCheck) -> None:
    """The own district is written to; advice about another one goes to the city bureau (第八条(一))."""
    problems, given = Problems(), check.answers
    serving = in_office(check.session, identified(check.data["started_by"]), clock.today())
    own = given["unit_id"] in {each.unit_id for each in serving}
    to_city = text(given, "addressee") == CITY
    if not serving:
        problems.add("subject", message("您当前不在聘期内，不能提出工作建议。"))
    elif not own and not to_city:
        problems.add("addressee", message("该区县不是您的服务区县，对其他区县的建议请主送市规划自然资源局。"))
    elif own and to_city:
        problems.add("addressee", message("对服务区县的建议应主送区县政府或其规划自然资源局，可抄送市规划自然资源局。"))
    problems.refuse()


@validator("planner_suggestion.reply", zh="建议答复：采纳的写明措施", en="Reply: what is adopted has measures")
def reply(check: FormCheck) -> None:
    """What is adopted is followed by measures."""
    problems = Problems()
    if text(check.answers, "decision") in ("采纳", "部分采纳") and not rows(check.answers, "measures"):
        problems.add("measures", message("采纳或部分采纳的，请填写落实措施。"))
    problems.refuse()


@validator("planner_suggestion.measure", zh="落实措施：延续的写明新期限", en="Measure: what goes on has a new day")
def measure(check: FormCheck) -> None:
    """What goes on has a new day."""
    problems = Problems()
    if text(check.answers, "measure_state") == "推进中" and not check.answers.get("measure_due"):
        problems.add("measure_due", message("请填写新的完成期限。"))
    problems.refuse()
