"""What the forms of a request for material must be checked for: office, secrecy, days of return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import day, identified, needed_day, rows, text
from handlers.checking import Problems
from handlers.material_request.requests import asker
from handlers.registry import options, validator
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance, Standing
from processes.registers.ledger import in_office
from processes.registers.materials import delivery_of

_COMING = (Standing.INVITED, Standing.ACCEPTED, Standing.WRITTEN_ASKED, Standing.WRITTEN_ACCEPTED)


@options("own_activities")
def own_activities(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The activities to which the planner is invited and that are still to come."""
    person_id = variables.get("asker") or variables.get("started_by")
    if not person_id:
        return []
    mine = (Attendance.person_id == identified(person_id), Attendance.standing.in_(_COMING))
    found = select(Activity).join(Attendance).where(*mine, Activity.starts_on >= clock.today())
    return [Option(str(each.id), f"{each.number} {each.title}") for each in session.scalars(found)]


@validator("material_request.request", zh="资料申请：在聘且与区县有关", en="Request: in office, for a district served")
def request(check: FormCheck) -> None:
    """The right is a planner's in office, towards the district served or one to whose activity he is invited."""
    problems, given = Problems(), check.answers
    person_id = asker(check)
    serving = in_office(check.session, person_id, clock.today())
    if not serving:
        problems.add("unit_id", message("您当前不在聘期内，不能申请资料。"))
    elif given["unit_id"] not in {each.unit_id for each in serving} and not _invited_by(check, given):
        problems.add("unit_id", message("该区县不是您的服务区县；受邀到其他区县咨询的，请选择相应的咨询活动。"))
    problems.refuse()


def _invited_by(check: FormCheck, given: Mapping[str, Any]) -> bool:
    if not given.get("activity_id"):
        return False
    activity = check.session.get(Activity, identified(given["activity_id"]))
    return activity is not None and activity.unit_id == given["unit_id"]


@validator("material_request.reply", zh="资料提供：不含涉密，列明清单", en="Materials: nothing classified, listed")
def reply(check: FormCheck) -> None:
    """Nothing classified passes through the system; what is given is listed."""
    problems, given = Problems(), check.answers
    if given.get("files") and (text(given, "secrecy") == "涉密" or check.data.get("classified") != "否"):
        problems.add("files", message("涉密资料不得上传，请在“线下交接”中登记。"))
    if text(given, "answer") != "不提供" and not given.get("files") and not rows(given, "offline"):
        problems.add("answer", message("请上传资料或登记线下交接。"))
    problems.refuse()


@validator("material_request.return", zh="资料归还：晚于借出", en="Loan comes back after it was lent")
def returned(check: FormCheck) -> None:
    """A loan comes back after it was lent; lent further, it has a later day."""
    problems, given = Problems(), check.answers
    loan = delivery_of(check.session, identified(check.data["loan"]["delivery_id"]))
    if text(given, "return_result") == "已归还" and needed_day(given, "returned_on") < loan.given_on:
        problems.add("returned_on", message("归还日期不能早于借出日期。"))
    later = day(given.get("new_return_due"))
    if text(given, "return_result") == "续借" and (later is None or later <= (loan.return_due or loan.given_on)):
        problems.add("new_return_due", message("新的归还期限应晚于原期限。"))
    problems.refuse()
