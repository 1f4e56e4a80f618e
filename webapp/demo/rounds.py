"""One round of selection as its people live through it; the story and the rounds in progress are told so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.appointment.applying import begin_application, withdraw_application
from processes import clock
from processes.engine import cases
from processes.engine.models import Case, WorkItem
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.registers.applications import Application
from processes.registers.rounds import Round
from webapp.demo import answers
from webapp.demo.people import Candidate
from webapp.demo.player import Player


class PlayedRound:
    """A round that is being played."""

    def __init__(self, player: Player, name: str, units: Sequence[str] = ()) -> None:
        self.player = player
        self.name = name
        self.units = list(units)
        """The units surveyed; all that are served on the day where none is named."""
        self.case_id: UUID = UUID(int=0)
        self.round_id: UUID = UUID(int=0)
        self.logins: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        with player.desk.db.reading() as session:
            for unit in session.scalars(select(Unit)):
                self.logins[unit.id] = unit.division_code or unit.id.rsplit("-", 1)[-1]
                self.numbers[unit.id] = unit.place
        self.applications: dict[str, UUID] = {}
        """The case of each person's application, by the person's id in the story."""

    # survey

    def open(self, reply_due: date) -> None:
        """The owner opens the round, the clerk drafts the survey, the leader signs it."""
        variables = {"round_name": self.name}
        house = self.player.desk.house
        begun: Case = self.player.act(
            "owner", lambda session, owner: cases.start(session, house, owner, "appointment", "appointment", variables)
        )
        self.case_id = begun.id
        scope: dict[str, Any] = {"scope": "全部服务单元"}
        if self.units:
            scope = {"scope": "部分服务单元", "unit_ids": self.units}
        notice = {
            "round_name": self.name,
            "reply_due": reply_due.isoformat(),
            "contact": "陈思源",
            "phone": answers.PHONE,
            "body": "请各区县（自治县）人民政府及有关开发区管委会按时填报需求。",
        }
        self._do("city.clerk", "draft_survey", notice | scope)
        self._do("city.leader", "sign_survey", {"decision": "签发"})

    def unanswered(self) -> list[str]:
        """The units that have not answered the survey."""
        return [item.unit_id for item in self.player.open_items("state_need", self.case_id) if item.unit_id]

    def answer_need(self, unit: str, posts: int) -> None:
        """A district government states its need."""
        self._do(f"gov.{self.logins[unit]}", "state_need", answers.need(self.numbers[unit], posts))

    def hand_to_bureau(self, unit: str) -> None:
        """A district government lets its planning bureau draft the need."""
        given = {"handling": "交区县规划自然资源局起草", "drafting_note": "请结合明年重点项目提出需求。"}
        self._do(f"gov.{self.logins[unit]}", "state_need", given)

    def call_unit(self, finding: str, next_step: str = "继续等待") -> None:
        """The clerk calls a district that has not answered."""
        said = {"called_person": "政府办公室", "called_on": _today(), "finding": finding, "next_step": next_step}
        self._do("city.clerk", "call_unit", said)

    def fix_posts(self) -> None:
        """The clerk takes over what was asked for."""

        def as_asked(form: Any) -> dict[str, Any]:
            return {
                "need_rows": [
                    {"posts": row["posts"], "reason": row.get("reason") or None} for row in form.values["need_rows"]
                ]
            }

        self._do("city.clerk", "fix_posts", as_asked)

    # call and qualification

    def publish_call(self, until: date) -> None:
        """Applications are taken from today."""
        given = {"apply_from": _today(), "apply_until": until.isoformat(), "contact": "陈思源", "phone": answers.PHONE}
        self._do("city.clerk", "publish_call", given)
        with self.player.desk.db.reading() as session:
            self.round_id = session.scalars(select(Round.id).where(Round.case_id == self.case_id)).one()

    def register(self, candidate: Candidate) -> None:
        """Somebody begins an application on the public page."""
        house, round_id = self.player.desk.house, self.round_id
        begun: Case = self.player.act(
            candidate.login,
            lambda session, actor: begin_application(session, house, actor, round_id, f"employer:{candidate.employer}"),
        )
        self.applications[candidate.id] = begun.id
        self.player.now_and_then()

    def apply(
        self, candidate: Candidate, wishes: Sequence[str], *, assigned: bool = True, complete: bool = True
    ) -> None:
        """Somebody registers and sends the form."""
        self.register(candidate)
        self._of(candidate, candidate.login, "apply", answers.application(candidate, wishes, assigned, complete))

    def employer(self, candidate: Candidate, consents: bool = True) -> None:
        """The employer gives its opinion."""
        given = answers.consent() if consents else answers.refusal()
        self._of(candidate, f"employer.{candidate.employer}", "employer_opinion", given)

    def qualify(self, candidate: Candidate, result: str = "", supplement: Sequence[str] = ()) -> None:
        """The section checks the conditions; by default it finds what the rule says."""
        found = result or ("符合一般条件" if candidate.general else "建议按实践经验认定")
        self._of(candidate, "city.section", "qualify", answers.finding(found, supplement=supplement))

    def accepts_refusal(self, candidate: Candidate) -> None:
        """Somebody who was found not eligible does not ask for a second look."""
        self._of(candidate, candidate.login, "second_look", {"choice": "接受"})

    def withdraw(self, candidate: Candidate, reason: str) -> None:
        """Somebody withdraws the application."""
        house, case_id = self.player.desk.house, self.applications[candidate.id]

        def leave(session: Session, actor: Actor) -> None:
            mine = session.scalars(select(Application).where(Application.case_id == case_id)).one()
            withdraw_application(session, house, actor, mine.id, reason)

        self.player.act(candidate.login, leave)
        self.player.now_and_then()

    # deliberation, consultation, appointment

    def deliberate(
        self, nominees: Mapping[str, Sequence[str]], vacant: Mapping[str, str], unrecognised: Sequence[str] = ()
    ) -> None:
        """Both bureaus deliberate."""
        self._do("city.section", "deliberate", answers.deliberation(nominees, vacant, unrecognised))

    def hr_agrees(self) -> None:
        """The HR bureau agrees with the list."""
        self._do("hr.clerk", "hr_confirm", {"opinion": "同意"})

    def hr_objects(self, name: str, reason: str) -> None:
        """The HR bureau objects to one person."""

        def objection(form: Any) -> dict[str, Any]:
            nominee = next(each for each in form.context.options["nominees"] if each.text("zh").startswith(name))
            return {
                "opinion": "不同意",
                "reason": reason,
                "objected": [{"nominee": nominee.value, "reason": reason[:60]}],
            }

        self._do("hr.clerk", "hr_confirm", objection)

    def sign_letters(self, due: date) -> None:
        """The leader signs the consultation letters."""
        self._do("city.leader", "sign_letters", {"decision": "签发", "reply_due": due.isoformat()})

    def waiting_units(self) -> list[str]:
        """The districts that have not replied."""
        return [item.unit_id for item in self.player.open_items("reply", self.case_id) if item.unit_id]

    def reply(self, unit: str, opinion: str = "同意", advice: str = "", wish: str = "") -> None:
        """A district government replies to its letter."""
        self._do(f"gov.{self.logins[unit]}", "reply", answers.reply(opinion, advice, wish))

    def decide(self, meeting: str, start: date, end: date | None = None) -> None:
        """The leaders' meeting decides the list, for a term that begins on a day; it ends as usual, or earlier."""
        self._do("city.leader", "decide_list", answers.final_list(meeting, start, end))

    def publish(self) -> None:
        """The list is published and the certificates are made."""
        self._do("city.clerk", "publish_list", {"confirmed": True})

    def waiting_receipts(self) -> list[WorkItem]:
        """The certificates that wait for a signature."""
        return list(self.player.open_items("accept", self.case_id))

    def decline(self, item: WorkItem, reason: str) -> None:
        """One person declines."""
        assert item.person_id is not None
        given = {"accept": "不接受", "decline_reason": reason}
        self.player.do(self.player.login_of(item.person_id), "accept", given, item_id=item.id)

    def leader(self, step: str, given: Any) -> None:
        """The leader of the city bureau does a step."""
        self._do("city.leader", step, given)

    def clerk(self, step: str, given: Any) -> None:
        """The clerk of the city bureau does a step."""
        self._do("city.clerk", step, given)

    def accept(self, item: WorkItem) -> None:
        """One person accepts."""
        assert item.person_id is not None
        self.player.do(self.player.login_of(item.person_id), "accept", self._accepts(), item_id=item.id)

    def _accepts(self) -> dict[str, Any]:
        return {"accept": "接受", "received_on": _today()}

    def _do(self, login: str, step: str, given: Any) -> None:
        self.player.do(login, step, given, case_id=self.case_id)

    def _of(self, candidate: Candidate, login: str, step: str, given: Any) -> None:
        self.player.do(login, step, given, case_id=self.applications[candidate.id])


def _today() -> str:
    return clock.today().isoformat()
