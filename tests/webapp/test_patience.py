"""A visitor who stops in the middle of a request is given up; one who is only slow is served."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from itertools import repeat

import pytest
from flask import Flask, request
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader
from werkzeug.test import EnvironBuilder, run_wsgi_app

from webapp.patience import Patience


@pytest.fixture
def counting():
    app = Flask("counting")
    app.post("/")(lambda: str(len(request.get_data())))
    return app


def sent(app, size, parts, *, every, stall):
    """A body that is sent part by part; status, answer, whether all was sent by then, and the connection's patience."""
    here, there = socket.socketpair()
    body = Body(LengthReader(SocketUnreader(here, 8192), size))
    environ = EnvironBuilder(method="POST", path="/").get_environ()
    environ |= {"CONTENT_LENGTH": str(size), "wsgi.input": body, "gunicorn.socket": here}

    answered, all_sent = threading.Event(), threading.Event()

    def send():
        with suppress(OSError):  # the desk has given up
            for part in parts:
                there.sendall(part)
                if answered.wait(every):
                    return
            all_sent.set()

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    answer, status, _headers = run_wsgi_app(Patience(app, stall=stall, speed=1_000_000), environ)
    whole = all_sent.is_set()
    answered.set()
    sender.join()
    timeout = here.gettimeout()
    here.close()
    there.close()
    return status[:3], b"".join(answer), whole, timeout


def test_what_comes_in_time_is_read_whole_and_the_connection_waits_as_before(counting):
    status, answer, _, timeout = sent(counting, 30, [b"a" * 10] * 3, every=0.05, stall=30)
    assert (status, answer, timeout) == ("200", b"30", None)


@pytest.mark.parametrize(("parts", "every"), [([b"a"], 60), (repeat(b"a", 600), 0.1)], ids=["stops", "drips"])
def test_a_body_that_does_not_come_is_given_up_and_not_waited_for(counting, parts, every):
    status, _, whole, _ = sent(counting, 1_000, parts, every=every, stall=0.3)
    assert status == "400"
    assert not whole
