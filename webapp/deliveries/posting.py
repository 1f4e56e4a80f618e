"""Web hooks: a notice as JSON, signed, with the key by which a receiver knows a repetition."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from processes.delivery.hooks import signature
from processes.delivery.models import NoticeDelivery, WebHook
from webapp.deliveries.words import said
from webapp.settings import Network

WAIT = 10.0
"""Seconds that a receiver may take."""
MOST_READ = 1_000


class NotTaken(OSError):
    """The receiver did not take a message; it is tried again."""


class NotAllowedThere(ValueError):
    """A message may not be sent to where the hook leads."""


def body(delivery: NoticeDelivery, address: str) -> bytes:
    """The message: what happened, in both languages, and where to look."""
    notice = delivery.notice
    text = notice.message()
    told = {
        "id": str(delivery.id),
        "at": notice.at.isoformat(),
        "kind": notice.kind,
        "text": {"zh": said(text, "zh"), "en": said(text, "en")},
        "case": str(notice.case_id) if notice.case_id else None,
        "task": str(notice.work_item_id) if notice.work_item_id else None,
        "post": notice.role,
        "organization": notice.organization_id,
        "desk": address or None,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def post(hook: WebHook, delivery: NoticeDelivery, address: str, allowed: Sequence[Network]) -> None:
    """Send one message; any answer but 2xx, a redirection too, is `NotTaken`.

    `NotAllowedThere`: addresses inside this machine and of link-local services, unless the installation allows them:
    who may enter a hook must not thereby reach what listens for this machine alone.
    """
    parts = urlsplit(hook.url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    content = body(delivery, address)
    place = _resolved(host, port, allowed)
    connection = _Fixed(host, port, place, parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "chief-planner",
        "Idempotency-Key": str(delivery.id),
        "X-Signature": signature(hook.secret, content),
    }
    try:
        connection.request("POST", path, content, headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
    except (OSError, http.client.HTTPException) as cause:
        raise NotTaken("no answer") from cause
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotTaken(f"answered {answer.status}")


def _resolved(host: str, port: int, allowed: Sequence[Network]) -> str:
    """The address that is connected to: looked up once, checked, and then used."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as cause:
        raise NotTaken("no such host") from cause
    for *_rest, place in found:
        address = ipaddress.ip_address(place[0])
        inside = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
        if not inside or any(address.version == each.version and address in each for each in allowed):
            return str(address)
    raise NotAllowedThere(host)


class _Fixed(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, place: str, secure: bool) -> None:
        super().__init__(host, port, timeout=WAIT)
        self._place = place
        self._secure = secure

    def connect(self) -> None:
        """Connect to the place that was checked; the certificate must be that of the name."""
        self.sock = socket.create_connection((self._place, self.port), WAIT)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
