from __future__ import annotations

import threading
import time
from datetime import timedelta

from sqlalchemy import func, select

from processes import clock, jobs
from processes.jobs import Job
from webapp.locks import worker_lock
from webapp.worker import BUSY, POLL, Worker


def waiting(desk):
    with desk.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Job))


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_what_is_committed_is_done_at_once_and_what_is_due_later_when_it_is_due(desk, monkeypatch):
    monkeypatch.setattr("webapp.worker.POLL", 3_600.0)  # it does not look by itself: it is woken, or knows when
    done = []
    worker = Worker(desk)
    worker.background.handlers["note"] = lambda session, job: done.append(job.args["n"])
    worker.start()
    try:
        with desk.db.transaction() as session:
            jobs.enqueue(session, "note", {"n": 1})
            jobs.enqueue(session, "note", {"n": 2}, due=clock.now() + timedelta(seconds=0.3))
        assert until(lambda: done == [1])
        assert until(lambda: done == [1, 2])
    finally:
        worker.stop()
    assert waiting(desk) == 0
    assert worker.wake not in desk.db.after_commit


def test_a_look_that_fails_is_logged_without_what_it_was_about_and_made_again(desk, caplog, monkeypatch):
    worker = Worker(desk)
    looks = iter([RuntimeError("王海燕 13800001234")])

    def look(most):
        failure = next(looks, None)
        if failure is not None:
            raise failure
        return 0

    monkeypatch.setattr(worker.background, "work_off", look)
    assert worker.step() > POLL
    assert "RuntimeError" in caplog.text
    assert "王海燕" not in caplog.text
    assert worker.step() <= POLL
    worker.stop()


def test_one_process_alone_has_the_lock_of_the_worker(settings):
    first, second = worker_lock(settings), worker_lock(settings)
    assert first.take()
    assert first.take(), "it has it already"
    assert not second.take()
    first.leave()
    assert second.take()
    second.leave()


def test_its_own_commits_do_not_make_a_worker_look_again_and_those_of_others_do(desk):
    alone = Worker(desk)
    alone._own = threading.get_ident()
    with desk.db.transaction():
        pass
    assert not alone._wake.is_set()
    alone._own = None
    with desk.db.transaction():
        pass
    assert alone._wake.is_set()
    alone.stop()


def test_what_another_worker_has_in_hand_is_looked_at_now_and_then_not_all_the_time(desk, monkeypatch):
    worker = Worker(desk)
    monkeypatch.setattr(worker.background, "next_due", lambda session: clock.now() - timedelta(minutes=1))
    monkeypatch.setattr(worker.background, "work_off", lambda most: 0)
    assert worker.step() == BUSY
    worker.stop()


def test_a_worker_that_is_stopped_ends_after_the_job_in_hand(desk):
    done, begun = [], threading.Event()
    worker = Worker(desk)

    def slow(session, job):
        begun.set()
        time.sleep(0.2)
        done.append(job.args["n"])

    worker.background.handlers["slow"] = slow
    with desk.db.transaction() as session:
        for n in range(5):
            jobs.enqueue(session, "slow", {"n": n})
    worker.start()
    assert begun.wait(5)
    worker.stop()
    assert len(done) == 1
    assert waiting(desk) == 4
