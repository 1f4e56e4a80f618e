from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.audit import PENDING
from processes.identity import log_in, people
from processes.identity.actor import SYSTEM
from processes.identity.models import FailedLogIn, LogInSession
from tests.identity.conftest import PASSWORD


@pytest.fixture
def enter(session, clerk):
    """Try to log in; the token, or the sentence why not."""

    def attempt(password=PASSWORD, login=clerk.login, address="10.1.1.1"):
        token, problem = log_in.log_in(session, login, password, address)
        return token or str(problem)

    return attempt


def test_the_right_password_opens_a_session(session, clerk, enter):
    assert log_in.session_person(session, enter()).person is clerk


def test_the_database_holds_only_the_hash_of_a_token(session, enter):
    token = enter()
    assert session.scalars(select(LogInSession.token_hash)).all() == [log_in.token_hash(token)]
    assert token not in log_in.token_hash(token)


def test_an_unknown_name_a_wrong_password_and_a_disabled_person_are_answered_alike(session, clerk, enter):
    wrong, unknown = enter("Yangtze-1948"), enter(login="nobody")
    people.disable(session, SYSTEM, clerk)
    assert wrong == unknown == enter() == "登录名或密码不正确。"


def test_the_fifth_wrong_password_in_a_row_locks_the_name_for_ten_minutes(time, enter):
    answers = [enter("wrong") for _ in range(5)]
    assert answers[:4] == ["登录名或密码不正确。"] * 4
    assert "已暂停登录 10 分钟" in answers[4]
    assert "已暂停登录" in enter()
    time.advance(minutes=9, seconds=59)
    assert "已暂停登录" in enter()
    time.advance(seconds=1)
    assert "登录" not in enter()


def test_a_name_that_nobody_has_is_locked_in_the_same_way(enter):
    answers = [enter("wrong", login="nobody") for _ in range(6)]
    assert [("暂停" in each) for each in answers] == [False] * 4 + [True] * 2


def test_one_locked_name_leaves_others_free(session, enter):
    people.create_person(session, SYSTEM, "li.cheng", "李程", PASSWORD)
    for _ in range(5):
        enter("wrong")
    assert "登录" not in enter(login="li.cheng", address="10.1.1.2")


def test_a_right_password_ends_the_counting(enter):
    for _ in range(2):
        for _ in range(4):
            enter("wrong")
        assert "登录" not in enter()


def test_a_wrong_password_an_hour_ago_no_longer_counts(time, enter):
    for _ in range(4):
        enter("wrong")
    time.advance(hours=1, seconds=1)
    assert enter("wrong") == "登录名或密码不正确。"


def test_thirty_wrong_passwords_lock_an_address_for_every_name(enter):
    for number in range(30):
        enter("wrong", login=f"nobody{number}", address="10.9.9.9")
    assert "已暂停登录" in enter(address="10.9.9.9")
    assert "登录" not in enter(address="10.1.1.1")


def test_a_lock_that_came_up_while_a_password_was_compared_wins(session, clerk, enter):
    tried = log_in.attempt(session, clerk.login, "10.1.1.1")
    for _ in range(5):
        enter("wrong")
    outcome = log_in.conclude(session, tried, tried.matches(PASSWORD))
    assert outcome.person_id is None


def test_old_failures_are_swept_away(session, time, enter):
    for number in range(5):
        enter("wrong", login=f"nobody{number}")
    time.advance(hours=2)
    enter("wrong", login="somebody")
    assert set(session.scalars(select(FailedLogIn.subject))) == {"login:somebody", "address:10.1.1.1"}


@pytest.mark.parametrize(("minutes", "is_open"), [(29, True), (30, False)])
def test_a_session_ends_after_half_an_hour_without_use(session, time, enter, minutes, is_open):
    token = enter()
    time.advance(minutes=minutes)
    assert (log_in.session_person(session, token) is not None) is is_open


def test_a_session_that_is_used_all_day_ends_after_twelve_hours(session, time, enter):
    token = enter()
    for _ in range(35):
        time.advance(minutes=20)
        assert log_in.session_person(session, token) is not None
        log_in.seen(session, token)
    time.advance(minutes=20)
    assert log_in.session_person(session, token) is None


def test_the_last_use_is_written_down_once_a_minute_at_most(session, time, enter):
    token = enter()
    time.advance(seconds=59)
    assert not log_in.session_person(session, token).is_stale
    time.advance(seconds=1)
    assert log_in.session_person(session, token).is_stale


def test_a_clock_set_back_does_not_lengthen_a_session(session, time, enter):
    token = enter()
    seen_at = log_in.session_person(session, token).seen_at
    time.advance(hours=-1)
    log_in.seen(session, token)
    assert log_in.session_person(session, token).seen_at == seen_at


def test_a_made_up_token_opens_nothing(session, enter):
    enter()
    assert log_in.session_person(session, "made-up") is None


def test_logging_out_ends_this_session_alone(session, enter):
    here, elsewhere = enter(), enter()
    log_in.log_out(session, here)
    assert log_in.session_person(session, here) is None
    assert log_in.session_person(session, elsewhere) is not None


def test_a_new_password_ends_all_sessions_but_the_one_that_stays(session, clerk, enter):
    here, elsewhere = enter(), enter()
    people.set_password(session, SYSTEM, clerk, "Jialing-1949", keep=here)
    assert log_in.session_person(session, here) is not None
    assert log_in.session_person(session, elsewhere) is None


def test_a_disabled_person_is_out_at_once(session, clerk, enter):
    token = enter()
    people.disable(session, SYSTEM, clerk)
    assert log_in.session_person(session, token) is None


def test_nobody_ends_the_session_of_another(session, clerk, enter):
    token = enter()
    other = people.create_person(session, SYSTEM, "li.cheng", "李程", PASSWORD)
    assert not log_in.end_session(session, other.id, log_in.token_hash(token))
    assert log_in.end_session(session, clerk.id, log_in.token_hash(token))


def test_the_sessions_of_a_person_are_those_still_open(session, time, clerk, enter):
    enter()
    time.advance(minutes=31)
    token = enter()
    assert [each.token_hash for each in log_in.sessions_of(session, clerk.id)] == [log_in.token_hash(token)]


def test_log_ins_and_refusals_stand_in_the_trail_without_passwords(session, enter):
    enter("a wrong one")
    enter()
    entries = [each for each in session.info[PENDING] if each["action"].startswith("person.log_in")]
    assert [(each["action"], each["subject"], each["ok"], each["address"]) for each in entries] == [
        ("person.log_in_refused", "person:wang.haiyan", False, "10.1.1.1"),
        ("person.log_in", "person:wang.haiyan", True, "10.1.1.1"),
    ]
    assert "a wrong one" not in str(entries)


def test_a_name_of_any_length_and_signs_is_just_a_wrong_one(enter):
    assert enter(login="'; DROP TABLE person; --" * 50) == "登录名或密码不正确。"


def test_large_and_small_letters_of_a_name_are_the_same(session, enter):
    people.create_person(session, SYSTEM, "planner.CP001", "李程", PASSWORD)
    for _ in range(4):
        enter("wrong", login="PLANNER.cp001")
    assert "登录" not in enter(login="planner.cp001")
