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


def said_to(port, request):
    """What the server answers to some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_what_is_no_request_is_refused_with_a_sentence_in_both_languages(served):
    process, port = served
    fetched(f"http://127.0.0.1:{port}/readyz")
    for request, status, sentence in (
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "网址过长"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=" + b"b" * 9_000 + b"\r\n\r\n", 431, "请求头过大"),
        (b"hand me <the> keys\r\n\r\n", 400, "不符合 HTTP 格式"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "不符合 HTTP 格式"),
    ):
        head, _, page = said_to(port, request).partition("\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ")
        assert f"Content-Length: {len(page.encode())}" in head
        assert sentence in page
        assert '<p lang="en">' in page
        assert "keys" not in page
    process.send_signal(signal.SIGTERM)
    out, _err = process.communicate(timeout=30)
    assert "keys" not in out


def test_a_worker_alone_starts_and_stops_when_told(installed):
    process = started("worker")
    assert process.stdout is not None
    assert "后台办理" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
