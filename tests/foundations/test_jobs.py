"""The contract of background work, on both databases: nothing lost, nothing doubled, nothing in a hurry."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event, func, insert, select, text, update

from processes import clock, jobs
from processes.errors import Invalid
from processes.jobs import Job
from processes.jobs.doing import MOST_TAKEN, Killing
from processes.jobs.taking import AT_ONCE, Hand, remove, take
from processes.messages import message

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)


def enqueue(database, kind="note", args=None, **more):
    with database.transaction() as session:
        jobs.enqueue(session, kind, args or {}, **more)


def waiting(database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.due_at)))


def expire(database):
    """As time does it."""
    with database.transaction() as session:
        session.execute(update(Job).values(leased_until=datetime(2020, 1, 1, tzinfo=UTC)))


def note(done):
    return {"note": lambda session, job: done.append(job.args.get("n"))}


def test_a_job_goes_with_the_transaction_it_is_enqueued_in(database):
    def enqueue_and_fail():
        with database.transaction() as session:
            jobs.enqueue(session, "note", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enqueue_and_fail()
    assert waiting(database) == []
    enqueue(database, args={"n": 1})
    done = []
    assert jobs.run_all(database, note(done)) == 1
    assert done == [1]
    assert waiting(database) == []


def test_jobs_are_done_when_they_are_due_longest_due_first(database):
    moving = clock.MovableClock(NINE)
    with clock.running_on(moving):
        for minutes in (30, 10, 20):
            enqueue(database, args={"n": minutes}, due=NINE + timedelta(minutes=minutes))
        done = []
        assert jobs.run_all(database, note(done)) == 0
        with database.reading() as session:
            assert jobs.next_due(session) == NINE + timedelta(minutes=10)
        moving.advance(minutes=25)
        jobs.run_all(database, note(done))
        assert done == [10, 20]
        moving.advance(minutes=25)
        jobs.run_all(database, note(done))
    assert done == [10, 20, 30]


def test_a_key_that_waits_already_is_one_job_and_free_again_when_it_is_done(database):
    for n in (1, 2):
        enqueue(database, args={"n": n}, key="once")
    done = []
    jobs.run_all(database, note(done))
    enqueue(database, args={"n": 3}, key="once")
    jobs.run_all(database, note(done))
    assert done == [1, 3]


def test_two_transactions_that_enqueue_one_key_at_once_make_one_job(database):
    both = threading.Barrier(2)

    def one():
        both.wait()
        for n in range(20):
            enqueue(database, key=f"once:{n}")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waiting(database)) == 20


def test_what_a_job_enqueues_and_writes_is_one_commit_with_its_end(database):
    def fail_once(session, job):
        jobs.enqueue(session, "note", {"n": "after"})
        if job.attempts == 1:
            raise RuntimeError

    done, moving = [], clock.MovableClock(NINE)
    with clock.running_on(moving):
        enqueue(database, "first")
        handlers = {"first": fail_once, **note(done)}
        jobs.run_all(database, handlers)
        assert done == []
        moving.advance(minutes=1)
        jobs.run_all(database, handlers)
    assert done == ["after"]


def test_a_job_in_one_hand_is_not_taken_by_another_until_its_lease_has_run_out(database):
    enqueue(database)
    (first,) = take(database)
    assert take(database) == []
    with database.reading() as session:
        assert jobs.next_due(session) is None
    expire(database)
    (second,) = take(database)
    assert (second.id, second.attempts) == (first.id, 2)


def test_a_worker_that_wakes_up_after_its_lease_has_run_out_commits_nothing(database):
    enqueue(database, args={"n": 1})
    (late,) = take(database)
    expire(database)
    (now,) = take(database)
    with database.transaction() as session:
        assert not remove(session, late)
    with database.transaction() as session:
        assert remove(session, now)
    with database.transaction() as session:
        assert not remove(session, now), "nor twice"


def test_a_slow_job_is_made_outside_the_transaction_and_kept_only_by_its_owner(database):
    kept, taken_over = [], []

    def make(session, job):
        if not taken_over:
            expire(database)
            taken_over.extend(take(database))
            return "by the first, who was too late"
        return "by the second"

    handlers = {"slow": jobs.Slow(make, lambda session, job, made: kept.append(made))}
    enqueue(database, "slow")
    jobs.run_all(database, handlers)
    assert kept == []
    expire(database)
    jobs.run_all(database, handlers)
    assert kept == ["by the second"]
    assert waiting(database) == []


def test_leases_are_renewed_while_a_long_job_is_made(database):
    enqueue(database, "slow")
    short = timedelta(seconds=0.6)
    seen = []

    def make(session, job):
        for _ in range(8):
            threading.Event().wait(0.2)
            seen.extend(take(database, lease=short))

    jobs.do_some(database, {"slow": jobs.Slow(make, lambda session, job, made: None)}, lease=short)
    assert seen == [], "nobody else got it in 1.6 seconds, although the lease lasts 0.6"
    assert waiting(database) == []


def test_several_workers_share_the_work_and_none_does_what_another_has_done(database):
    with database.transaction() as session:
        for n in range(60):
            jobs.enqueue_new(session, "note", {"n": n})
        session.execute(text("CREATE TABLE effect (n integer)"))

    def effect(session, job):
        session.execute(text("INSERT INTO effect VALUES (:n)"), {"n": job.args["n"]})

    workers = [threading.Thread(target=jobs.run_all, args=(database, {"note": effect})) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    with database.reading() as session:
        assert sorted(session.scalars(text("SELECT n FROM effect"))) == list(range(60))
    assert waiting(database) == []


def test_what_fails_is_tried_again_after_pauses_that_grow_and_is_left_after_the_last(database):
    moving = clock.MovableClock(NINE)
    told = []

    def fail(session, job):
        raise RuntimeError("王海燕")

    def failed(session, job, failure, last):
        told.append(last)
        return False

    with clock.running_on(moving):
        enqueue(database, "fail")
        pauses = []
        for _ in range(jobs.MOST_ATTEMPTS):
            assert jobs.run_all(database, {"fail": fail}, failed) == 1
            (job,) = waiting(database)
            pauses.append((job.due_at - clock.now()).total_seconds())
            moving.move_to(max(job.due_at, clock.now()))
        assert jobs.run_all(database, {"fail": fail}, failed) == 0
    assert told == [False] * (jobs.MOST_ATTEMPTS - 1) + [True]
    assert job.status == "failed"
    for before, after in pairwise(pauses[:-1]):
        assert 1.9 < after / before < 2.1
    assert 3.7 < pauses[0] < 6.3


def test_jobs_that_failed_together_are_not_tried_again_at_the_same_moment(database):
    with clock.running_on(clock.MovableClock(NINE)):
        with database.transaction() as session:
            for _ in range(20):
                jobs.enqueue_new(session, "unknown", {})
        jobs.run_all(database, {})
    assert len({job.due_at for job in waiting(database)}) > 10


def test_a_kind_that_the_program_does_not_know_is_told_and_kept_for_one_that_does(database):
    told, done, moving = [], [], clock.MovableClock(NINE)

    def failed(session, job, failure, last):
        told.append(str(failure))
        return False

    with clock.running_on(moving):
        enqueue(database, "of.tomorrow")
        jobs.run_all(database, {}, failed)
        assert told == ["本版本的程序不认识后台工作“of.tomorrow”，请核对各服务器的程序版本后重试。"]
        moving.advance(minutes=1)
        jobs.run_all(database, {"of.tomorrow": lambda session, job: done.append(job.kind)}, failed)
    assert done == ["of.tomorrow"]


def test_a_job_that_kills_its_workers_is_left_to_a_person(database):
    enqueue(database, args={"n": 1})
    with database.transaction() as session:
        session.execute(update(Job).values(attempts=MOST_TAKEN))
    told, done = [], []

    def failed(session, job, failure, last):
        told.append((type(failure), last))
        return True

    jobs.run_all(database, note(done), failed)
    assert (told, done, waiting(database)) == ([(Killing, True)], [], [])


def test_somebody_may_take_care_of_a_failure_in_the_transaction_that_removes_the_job(database):
    def refuse(session, job):
        raise Invalid(message("不行"))

    def failed(session, job, failure, last):
        jobs.enqueue(session, "note", {"n": str(failure)})
        return True

    done = []
    enqueue(database, "refuse")
    jobs.run_all(database, {"refuse": refuse, **note(done)}, failed)
    assert done == ["不行"]


def test_a_worker_that_is_stopped_finishes_the_job_in_hand_and_gives_the_others_back(database):
    for n in range(5):
        enqueue(database, args={"n": n})
    done = []
    assert jobs.do_some(database, note(done), stopped=lambda: bool(done)) == 1
    left = waiting(database)
    assert len(left) == 4
    assert {(job.leased_until, job.attempts) for job in left} == {(None, 0)}
    jobs.run_all(database, note(done))
    assert len(done) == 5


def test_what_waits_behind_a_long_job_goes_back_for_others(database, monkeypatch):
    monkeypatch.setattr("processes.jobs.doing.HELD", 0.05)
    with clock.running_on(clock.MovableClock(NINE)):
        enqueue(database, "long", due=NINE - timedelta(minutes=1))
        for n in range(3):
            enqueue(database, args={"n": n})
        done = []
        jobs.do_some(database, {"long": lambda session, job: threading.Event().wait(0.1), **note(done)})
    assert done == []
    assert {job.leased_until for job in waiting(database)} == {None}


def test_what_a_job_costs(database):
    """One statement to put many on the list; one for taking ten; one for ending each, with its effect."""
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with database.transaction() as session:
        for n in range(AT_ONCE):
            jobs.enqueue_new(session, "note", {"n": n})
    assert len([each for each in seen if "INSERT" in each]) == 1
    seen.clear()
    jobs.do_some(database, note([]))
    about = [each for each in seen if "job" in each]
    assert len(about) == 2 + AT_ONCE, about


def test_an_idle_look_writes_nothing(database):
    seen = []
    database.after_commit.append(lambda: seen.append("commit"))
    assert jobs.run_all(database, {}) == 0
    assert seen == []


def test_due_jobs_are_found_by_their_index(database):
    with database.transaction() as session:
        session.execute(
            insert(Job),
            [
                {
                    "kind": "x",
                    "args": {},
                    "created_at": NINE,
                    "due_at": NINE + timedelta(minutes=n),
                    "status": "waiting",
                }
                for n in range(3000)
            ],
        )
    with clock.running_on(clock.MovableClock(NINE + timedelta(minutes=2))):
        assert "ix_job_due" in _plans(database, lambda: take(database))
        with database.reading() as session:
            found = _plans(database, lambda: jobs.next_due(session))
        assert "ix_job_due" in found
        assert "Seq Scan on job" not in found
        assert "SCAN job\n" not in found


def _plans(database, act) -> str:
    """How the database finds what the selecting statements of an act ask for."""
    statements = []
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))

    def note_it(connection, cursor, statement, parameters, context, many):
        statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note_it)
    act()
    event.remove(database.engine, "before_cursor_execute", note_it)
    prefix = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    lines = []
    with database.engine.begin() as connection:
        for statement, parameters in statements:
            if statement.startswith(("SELECT", "WITH")):
                lines += [str(row[-1]) for row in connection.exec_driver_sql(prefix + statement, parameters)]
    return "\n".join(lines) + "\n"


def test_leases_on_postgresql_run_by_the_clock_of_the_server(database):
    """The desk's own clock may be moved for a rehearsal; a lease is between machines."""
    with clock.running_on(clock.MovableClock(datetime(2031, 1, 1, tzinfo=UTC))):
        enqueue(database)
        take(database)
    (job,) = waiting(database)
    assert abs(job.leased_until - datetime.now(UTC) - jobs.LEASE) < timedelta(seconds=30)


def test_what_is_being_written_is_not_waited_for_by_a_renewal(database):
    """The renewal steps round the rows of other transactions, on PostgreSQL; SQLite has one writer anyway."""
    enqueue(database)
    taken = take(database)
    if database.dialect == "sqlite":
        Hand(database, taken)._renew()
    else:
        with database.transaction() as session:
            assert remove(session, taken[0])
            Hand(database, taken)._renew()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == (database.dialect == "sqlite")
