"""Accounts that applicants open for themselves on the public page, a limited number a day from one address."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.orm import Session

from processes import audit, clock
from processes.errors import DeskError, Invalid
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.messages import Message, message
from processes.sequences import next_number

MOST_A_DAY = 30
"""Accounts that one address may try to open in a day; a whole institute may share it."""
CONSENT = "2026-11"
"""Version of the notice on personal data that a person agrees to; kept in the audit trail."""
MOBILE = re.compile(r"1[3-9][0-9]{9}")


class TooMany(DeskError):
    """The address has asked too often today."""

    status = 429
    code = "too-many"

    def __init__(self) -> None:
        super().__init__(message("此网络今日注册次数过多，请明日再试，或联系市规划自然资源局。"))


def count_registration(session: Session, address: str) -> None:
    """Count an attempt from an address; raises `TooMany` beyond the day's number."""
    if next_number(session, f"registration:{address}:{clock.today().isoformat()}") > MOST_A_DAY:
        raise TooMany()


def register(
    session: Session, name: str, login: str, mobile: str, password: str, repeated: str, *, consents: bool
) -> UUID:
    """Open an account with the applicant's post; `Invalid` names every field to be corrected."""
    problems = _problems(name, login, mobile, password, repeated, consents)
    if problems:
        raise Invalid(message("有 %(count)s 处需要更正", count=len(problems)), problems)
    person = people.create_person(session, SYSTEM, login.strip() or mobile, name.strip(), password, mobile=mobile)
    people.hold(session, SYSTEM, person, "applicant")
    audit.record(session, SYSTEM, "person.consent", f"person:{person.login}", notice=CONSENT)
    return person.id


def _problems(name: str, login: str, mobile: str, password: str, repeated: str, consents: bool) -> dict[str, Message]:
    found: dict[str, Message] = {}
    if not 2 <= len(name.strip()) <= 30:
        found["name"] = message("请填写真实姓名，2 至 30 个字。")
    if not MOBILE.fullmatch(mobile):
        found["mobile"] = message("请填写11位手机号码。")
    if login.strip() and not people.LOGIN.fullmatch(login.strip()):
        found["login"] = message("登录名应为 2 至 63 个英文字母、数字或 . _ -，以字母或数字开头。")
    if not password:
        found["password"] = message("请设置密码。")
    elif password != repeated:
        found["repeated"] = message("两次输入的密码不一致。")
    if not consents:
        found["consents"] = message("须阅读并同意个人信息处理告知，才能注册。")
    return found
