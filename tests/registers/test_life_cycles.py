"""How the records of the registers live, and that every step is kept."""

from __future__ import annotations

from datetime import date

import pytest

from processes import clock
from processes.errors import Conflict, Invalid, NotFound
from processes.registers import (
    applications,
    appointments,
    deliberations,
    experts,
    letters,
    needs,
    nominations,
    planner_posts,
    rounds,
)
from processes.registers.application_statuses import APPLICATION_LIFE, APPLICATION_STATUSES
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.deliberations import ReservedView
from processes.registers.experts import Expert, ExpertStatus
from processes.registers.history import change_status, changes_of
from processes.registers.letters import Letter, LetterKind
from processes.registers.needs import Need, NeedStatus
from processes.registers.nominations import Nomination
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round
from tests.factories import UNITS

WANZHOU, FULING, _ = UNITS
TERM = {"term_start": date(2025, 1, 20), "term_end": date(2028, 1, 19), "issued_on": date(2025, 1, 15)}


@pytest.mark.parametrize("kind", [Round, Need, PlannerPost, Nomination, Letter, Expert, Appointment])
def test_every_status_has_a_name_in_both_languages_and_no_unknown_one_follows(kind):
    assert all(words.zh and words.en for words in kind.STATUSES.values())
    known = set(kind.STATUSES)
    assert set(kind.LIFE) <= known
    assert {after for following in kind.LIFE.values() for after in following} <= known


def test_every_status_of_an_application_can_be_reached():
    reached = {after for following in APPLICATION_LIFE.values() for after in following}
    assert set(APPLICATION_STATUSES) - reached == {"draft"}


def test_a_change_is_written_down_with_who_when_from_to_and_why(session, clerk, world):
    change_status(session, clerk, world.post, PostStatus.VACANT, "无人报名")
    first, last = changes_of(session, world.post)
    assert (first.from_status, first.to_status) == ("", "open")
    assert (last.from_status, last.to_status, last.reason, last.person) == ("open", "vacant", "无人报名", "张明")
    assert last.person_id == clerk.person_id


def test_the_same_status_again_is_no_change(session, clerk, world):
    assert change_status(session, clerk, world.post, PostStatus.OPEN) is False
    assert len(changes_of(session, world.post)) == 1


def test_a_status_out_of_order_is_refused_in_words(session, clerk, world):
    with pytest.raises(Conflict, match="当前状态为“待遴选”，不能改为“已到岗”"):
        change_status(session, clerk, world.post, PostStatus.FILLED)


def test_a_round_s_name_is_its_own(session, clerk, world):
    with pytest.raises(Invalid):
        rounds.open_round(session, clerk, "2025—2027聘期")
    assert rounds.numbered_name(session, "2025—2027聘期") == "2025—2027聘期第2次"


def test_a_call_is_open_from_its_first_to_its_last_day(session, clerk, world):
    today = clock.today()
    rounds.open_call(session, clerk, world.round, today, today)
    assert rounds.open_calls(session) == [world.round]
    rounds.close_call(session, clerk, world.round)
    assert rounds.open_calls(session) == []
    assert world.round.call_closed_at is not None


def test_a_need_that_came_after_its_day_is_late(session, clerk, world):
    world.round.reply_due = date(2020, 1, 1)
    assert world.need.late
    world.round.reply_due = clock.today()
    assert not world.need.late


def test_a_closed_survey_may_still_be_answered(session, clerk, world):
    other = needs.need_of(session, world.round.id, FULING)
    needs.close_unanswered(session, clerk, other, "多次催办未果")
    assert other.status == NeedStatus.UNANSWERED_CLOSED
    needs.answer(session, clerk, other, has_need=False, reason="不需要")
    assert other.status == NeedStatus.ANSWERED


def test_a_person_has_one_open_application_a_round(session, clerk, world):
    with pytest.raises(Conflict, match=world.application.number):
        applications.apply(session, world.actor, world.round, world.person)
    change_status(session, clerk, world.application, "lapsed")
    again = applications.apply(session, world.actor, world.round, world.person)
    assert again.number != world.application.number


def _fit(session, clerk, application):
    for status in ("review", "eligible"):
        change_status(session, clerk, application, status)


def test_an_application_follows_its_nominations(session, clerk, world):
    _fit(session, clerk, world.application)
    named = nominations.nominate(session, clerk, world.post, world.application, 1)
    assert world.application.status == "reserve"
    assert nominations.move_up(session, clerk, world.post, "递补") is named
    assert world.application.status == "nominee"
    nominations.stand(session, clerk, named, "consulting")
    nominations.stand(session, clerk, named, "objected", "专业不符")
    assert world.application.status == "not_selected"
    assert changes_of(session, world.application)[-1].reason == "专业不符"


def test_nobody_moves_up_who_has_withdrawn(session, clerk, world):
    _fit(session, clerk, world.application)
    nominations.nominate(session, clerk, world.post, world.application, 1)
    change_status(session, clerk, world.application, "withdrawn")
    assert nominations.move_up(session, clerk, world.post, "递补") is None


def test_a_nomination_dropped_before_is_taken_up_again(session, clerk, world):
    _fit(session, clerk, world.application)
    named = nominations.nominate(session, clerk, world.post, world.application, 0)
    nominations.stand(session, clerk, named, "dropped")
    assert nominations.nominate(session, clerk, world.post, world.application, 0) is named
    assert nominations.nominations_of(session, world.round.id, *nominations.CURRENT) == [named]


def test_a_reserved_view_can_be_neither_changed_nor_removed(session, clerk, world):
    facts = {"met_on": date(2025, 3, 12), "members": []}
    meeting = deliberations.record_deliberation(session, clerk, world.round, facts, [("王喆", "建议另行考虑")])
    view = meeting.reserved_views[0]

    def change() -> None:
        with session.begin_nested():
            view.text = "没有意见"
            session.flush()

    def remove() -> None:
        with session.begin_nested():
            session.delete(session.get(ReservedView, view.id))
            session.flush()

    for attempt in (change, remove):
        with pytest.raises(Conflict, match="保留意见不得修改或删除"):
            attempt()
        session.expire_all()
    session.refresh(view)
    assert view.text == "建议另行考虑"


def _letter(session, clerk, world, named):
    government = session.get(type(world.application.employer), f"gov:{WANZHOU}")
    facts = {"number": "渝规资函〔2025〕35号", "subject": "征求意见", "sent_on": date(2025, 3, 20)}
    return letters.send_letter(
        session, clerk, government, [named], kind=LetterKind.CONSULTATION, round_id=world.round.id, **facts
    )


def test_a_letter_waits_is_replied_to_and_counts_its_objections(session, clerk, world):
    _fit(session, clerk, world.application)
    named = nominations.nominate(session, clerk, world.post, world.application, 0)
    letter = _letter(session, clerk, world, named)
    assert (letter.status, letter.addressee) == ("waiting", "重庆市万州区人民政府")
    assert letters.was_consulted(session, world.application.id, WANZHOU)
    assert not letters.was_consulted(session, world.application.id, FULING)
    letter.nominations[0].objected = True
    letters.receive_reply(session, clerk, letter, opinion="不同意", advice="专业不符")
    assert letter.status == "replied"
    assert letters.objections_to(session, world.post.id) == 1


def test_a_person_is_in_the_library_once_and_every_change_is_kept(session, clerk, world):
    first = experts.enter_library(session, clerk, world.person, "报名", title_level="副高级")
    again = experts.enter_library(session, clerk, world.person, "再次报名", title_level="正高级")
    assert again is first
    assert first.title_level == "正高级"
    experts.take_office(session, clerk, first, "聘书")
    change_status(session, clerk, first, ExpertStatus.EXPIRED, "届满")
    experts.deactivate(session, clerk, first, "本人申请")
    experts.take_office(session, clerk, first, "再次聘任")
    statuses = [each.to_status for each in changes_of(session, first)]
    assert statuses == ["candidate", "in_office", "expired", "inactive", "candidate", "in_office"]


def test_a_post_has_one_planner_at_a_time(session, clerk, world):
    made = appointments.appoint(session, clerk, world.post, world.person, certificate_number="1号", **TERM)
    with pytest.raises(Conflict, match="1号"):
        appointments.appoint(session, clerk, world.post, world.person, certificate_number="2号", **TERM)
    appointments.take_up(session, clerk, made, date(2025, 1, 20))
    appointments.end(session, clerk, made, AppointmentStatus.DISMISSED, date(2025, 10, 20), "第十五条(三)", 3)
    rest = {**TERM, "term_start": date(2025, 10, 21)}
    successor = appointments.appoint(session, clerk, world.post, world.person, certificate_number="2号", **rest)
    assert appointments.predecessor_of(session, world.post.id) is made
    assert successor.status == "to_sign"
    assert appointments.dismissal_item(session, world.person.id) == 3


def test_the_day_after_a_term_is_free(session, clerk, world):
    appointments.appoint(session, clerk, world.post, world.person, certificate_number="1号", **TERM)
    assert appointments.taken_by(session, world.post.id, date(2028, 1, 19), date(2029, 1, 1)) is not None
    assert appointments.taken_by(session, world.post.id, date(2028, 1, 20), date(2029, 1, 1)) is None


def test_a_term_does_not_end_before_it_begins(session, clerk, world):
    wrong = {**TERM, "term_end": date(2025, 1, 19)}
    with pytest.raises(Invalid):
        appointments.appoint(session, clerk, world.post, world.person, certificate_number="1号", **wrong)


@pytest.mark.parametrize(
    "find",
    [
        rounds.round_of,
        rounds.locked_round,
        planner_posts.post_of,
        applications.application_of,
        nominations.nomination_of,
        letters.letter_of,
        appointments.appointment_of,
    ],
)
def test_what_is_not_there_is_not_found(session, world, find):
    with pytest.raises(NotFound):
        find(session, world.person.id)
