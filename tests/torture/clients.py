"""Clients: threads that work at the desk over HTTP, retry with the same key, and write down what they were promised."""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.torture.diagrams import variables
from tests.torture.installation import Installation

BASE = "/api/v1"
PATIENCE = 90.0
"""Seconds for which an unanswered change is sent again."""
COME_AGAIN = frozenset({500, 502, 503, 504, 507})
ANSWER_WITHIN = 45.0
MOST_WAITING = 60
"""Tasks in the inbox above which no more cases are begun."""


class Journal:
    """What one client has sent and what it was told, a line each, on the disk before the client goes on."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, what: str, kind: str, key: str, **more: Any) -> None:
        """Append a line."""
        line = {"what": what, "kind": kind, "key": key, "at": time.monotonic(), **more}
        os.write(self._file, json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        """No more is written."""
        os.close(self._file)


@dataclass(frozen=True)
class Answer:
    """What the desk answered."""

    status: int
    content: Any
    replayed: bool = False


@dataclass
class Asking:
    """One person's way to the desk; `cut` is how often the client hangs up in the middle."""

    installation: Installation
    token: str
    cut: float = 0.0
    chance: random.Random = field(default_factory=random.Random)

    def once(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request, one answer; raises `OSError` or `HTTPException` when there is none."""
        given = {"Authorization": f"Bearer {self.token}", "Connection": "close", **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=ANSWER_WITHIN)
        try:
            if body is not None and self.chance.random() < self.cut:
                self._hang_up(connection, method, path, body, given)
            connection.request(method, BASE + path, body, given)
            answer = connection.getresponse()
            content = answer.read()
            is_json = "json" in (answer.getheader("Content-Type") or "")
            told = json.loads(content) if is_json and content else content.decode("utf-8", "replace")
            return Answer(answer.status, told, answer.getheader("Idempotency-Replayed") == "true")
        finally:
            connection.close()

    def _hang_up(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> None:
        """Send half of the request, or all of it, and do not wait for the answer."""
        if self.chance.random() < 0.5:
            connection.putrequest(method, BASE + path)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body[: len(body) // 2])
        else:
            connection.request(method, BASE + path, body, headers)
            time.sleep(self.chance.random() * 0.02)
        raise ConnectionAbortedError("hung up")

    def changed(self, path: str, content: Any, key: str, stop: threading.Event | None = None) -> tuple[Answer, int]:
        """A change, sent with the same key until it is answered; and how often it was sent again."""
        body = json.dumps(content).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        deadline, again, pause = time.monotonic() + PATIENCE, 0, 0.05
        while True:
            try:
                answer = self.once("POST", path, body, headers)
                if answer.status not in COME_AGAIN or time.monotonic() > deadline:
                    return answer, again
                last = answer
            except (OSError, http.client.HTTPException) as failure:
                last = Answer(0, type(failure).__name__)
            if time.monotonic() > deadline or (stop is not None and stop.is_set()):
                return last, again
            again += 1
            time.sleep(pause * (0.5 + self.chance.random()))
            pause = min(0.8, pause * 1.6)


class Client(threading.Thread):
    """One clerk at work: does what is in the inbox, and begins cases while there is little to do."""

    def __init__(
        self, installation: Installation, number: int, folder: Path, load: dict[str, int], *, cut: float = 0.0,
        seed: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(name=f"client-{number}", daemon=True)
        self.chance = random.Random(seed * 1000 + number)
        token = installation.clerks[number % len(installation.clerks)]
        self.asking = Asking(installation, token, cut, self.chance)
        self.journal = Journal(folder / f"client-{number}.jsonl")
        self.load = load
        self.begins = threading.Event()
        self.begins.set()
        self.stopped = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Work until stopped."""
        try:
            while not self.stopped.is_set():
                self._step()
        except BaseException as failure:  # the judge must hear of it
            self.failure = failure
            raise
        finally:
            self.journal.close()

    def stop(self) -> None:
        """No further task is taken up."""
        self.stopped.set()

    def _step(self) -> None:
        try:
            answer = self.asking.once("GET", "/tasks?view=todo&limit=40")
        except (OSError, http.client.HTTPException):
            self.stopped.wait(0.1)
            return
        if answer.status != 200:
            self.journal.write("listed", "list", "", status=answer.status)
            self.stopped.wait(0.1)
            return
        waiting = answer.content["items"]
        if self.begins.is_set() and answer.content["total"] < MOST_WAITING and self.chance.random() < 0.4:
            self._begin()
        elif waiting:
            self._complete(self.chance.choice(waiting)["id"])
        else:
            self.stopped.wait(0.1)

    def _begin(self) -> None:
        (kind,) = self.chance.choices(list(self.load), list(self.load.values()))
        key = uuid4().hex
        self._change("start", key, "/cases", {"process": kind, "variables": variables(kind, key)}, process=kind)

    def _complete(self, item: str) -> None:
        key = uuid4().hex
        self._change("complete", key, f"/tasks/{item}/complete", {"data": {"comment": key}}, item=item)

    def _change(self, kind: str, key: str, path: str, content: Any, **more: Any) -> None:
        self.journal.write("sent", kind, key, **more)
        began = time.monotonic()
        answer, again = self.asking.changed(path, content, key)
        if answer.status in (200, 201):
            what = "done"
        elif 400 <= answer.status < 500:
            what = "refused"
        else:
            what = "unanswered"
        took = time.monotonic() - began
        self.journal.write(what, kind, key, status=answer.status, again=again, replayed=answer.replayed, took=took)
