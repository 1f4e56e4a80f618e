from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from webapp.locks import worker_lock
from webapp.settings import Settings


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def started(*arguments):
    command = [sys.executable, "-c", "from webapp.commands import main; main()", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ))


def fetched(url, seconds=20):
    end = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@pytest.fixture
def served(installed):
    port = free_port()
    process = started("serve", "--port", str(port))
    yield process, port
    process.kill()
    process.communicate()


def test_the_desk_is_served_and_stops_when_told(served, run):
    process, port = served
    assert fetched(f"http://127.0.0.1:{port}/readyz") == "ok\n"
    assert not worker_lock(Settings.from_environment()).take(), "its thread does the background work"
    second = run("serve", "--port", str(free_port()))
    assert (second.status, "另一个" in second.err) == (1, True)
    assert run("worker").status == 1
    taken = run("serve", "--port", str(port))
    assert (taken.status, str(port) in taken.err) == (1, True)
    process.send_signal(signal.SIGTERM)
    out, _err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == f"工作台：http://127.0.0.1:{port}\n"


def test_a_worker_alone_starts_and_stops_when_told(installed):
    process = started("worker")
    assert process.stdout is not None
    assert "后台办理" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
