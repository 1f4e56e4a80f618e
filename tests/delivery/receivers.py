"""A mail server and a web service on this machine, which keep what they are given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class MailSink(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP; refuses for a time as many as it is told to."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailTalk)
        self.mails: list[EmailMessage] = []
        self.refuse = 0


class _MailTalk(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self._say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part[1:] if part.startswith(b"..") else part)
                if self.server.refuse:
                    self.server.refuse -= 1
                    self._say("451 later")
                    continue
                self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self._say("250 taken")
            elif line.startswith(b"QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class HookSink(ThreadingHTTPServer):
    """Takes messages by HTTP and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HookTalk)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []


class _HookTalk(BaseHTTPRequestHandler):
    server: HookSink

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.server.taken.append((dict(self.headers), content))
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *given: object) -> None:
        pass


@contextmanager
def running(server: socketserver.TCPServer) -> Iterator[int]:
    """Let a server run for the length of a block; its port."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
