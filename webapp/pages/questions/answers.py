"""Every answer that has a page of its own, by its name in the address."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from processes.identity.administration import MAY_ADMINISTER
from processes.registers.filings import KEEPERS
from processes.registers.reading import READS_ALL, READS_OWN
from webapp.pages.questions import appraisal, cases, quarters, rights, selection, service
from webapp.pages.questions.answer import Answer

ANSWERS: Mapping[str, Answer] = {
    "quarter-reports": Answer(_l("季度报告报送情况"), READS_ALL, quarters.reports, ("quarter",)),
    "own-quarter": Answer(
        _l("本区县本季度情况"), (*READS_ALL, *READS_OWN), quarters.own_quarter, ("quarter", "unit_id")
    ),
    "hr-bureau": Answer(_l("通报与征求意见"), READS_ALL, quarters.hr_bureau, ("quarter",)),
    "calls": Answer(_l("报名截止与无人报名的岗位"), READS_ALL, selection.calls),
    "supplements": Answer(_l("待补正事项"), READS_ALL, selection.to_supplement),
    "claims": Answer(_l("待审核、待支付的差旅费"), (*READS_ALL, *READS_OWN), service.claims),
    "filings": Answer(_l("派出人员与存档回执"), KEEPERS, service.filings),
    "excellent": Answer(_l("优秀名额与并列"), READS_ALL, appraisal.excellent, ("year",)),
    "deadlines": Answer(_l("改动时限会影响哪些在办任务"), cases.READERS, cases.deadlines, ("step", "days")),
    "out-of-course": Answer(_l("出错、挂起、改派与代办"), cases.READERS, cases.out_of_course),
    "rights": Answer(_l("权限、离任账号与备份"), MAY_ADMINISTER, rights.rights),
}
"""Each page that answers a question of a working day."""
READERS = tuple(dict.fromkeys(post for each in ANSWERS.values() for post in each.posts))
"""The posts that may open any of them."""
