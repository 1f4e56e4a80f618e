"""Where this installation keeps its data and how it is reached; read from the environment once."""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from processes.db import Pool
from processes.errors import Invalid
from processes.messages import message

YES = frozenset({"1", "true", "yes", "on"})
DEMONSTRATION_MARK = "demonstration"
"""A file of this name in the data folder says that the installation is the demonstration."""
LOGS = ("errors", "text", "json")
"""What is logged: faults alone; or every request too, as a line for people or as JSON for a log store."""
LOOPBACK = "127.0.0.1,::1"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


MAIL_SECURITIES = {"smtp": "plain", "smtp+starttls": "starttls", "smtps": "tls"}
"""Schemes of a mail server's address → how the way to it is protected."""


@dataclass(frozen=True)
class MailServer:
    """The server that takes the desk's mail."""

    host: str
    port: int
    security: str
    """`plain`, `starttls` or `tls`."""
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """The settings of one installation."""

    home: Path
    """Data folder: database, uploaded files, secret."""
    database_url: str = field(repr=False)
    secret: str = field(repr=False)
    """Signs cookies; whoever knows it can forge them."""
    https: bool = False
    """The desk stands behind a proxy that ends TLS: secure cookies, HSTS, the proxy's word on the visitor's address."""
    demonstration: bool = False
    """Log-ins and their passwords are shown on the log-in page."""
    proxies: tuple[Network, ...] = ()
    """Where the proxy is; what anybody else says about the visitor's address is not believed."""
    pool: Pool = field(default_factory=Pool)
    """Connections to PostgreSQL that one process may have."""
    threads: int = 8
    """Requests that one web process answers at the same time."""
    background: bool = True
    """One web process of each machine does the background work too; off where `chief-planner worker` runs."""
    log: str = "errors"
    """One of `LOGS`."""
    log_addresses: bool = False
    """A logged request says where it came from."""
    metrics_token: str = field(default="", repr=False)
    """Whoever shows it may read the metrics; without one, only this machine may, and no proxy."""
    rehearsal: str = ""
    """Set on the scratch desk of a rehearsal: the page from which it is led."""
    address: str = ""
    """The desk's own address as people type it, for links in mail; without one there are none."""
    mail: MailServer | None = field(default=None, repr=False)
    """None: the desk sends no mail."""
    hook_networks: tuple[Network, ...] = ()
    """Networks of this machine itself that a web hook may be sent to."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; the data folder and, the first time, a secret are made."""
        given = os.environ if environment is None else environment
        home = Path(given.get("CHIEF_PLANNER_HOME") or "var").resolve()
        home.mkdir(parents=True, exist_ok=True)
        https = _is_yes(given.get("CHIEF_PLANNER_HTTPS"))
        return cls(
            home=home,
            database_url=given.get("DATABASE_URL") or f"sqlite:///{home / 'desk.db'}",
            secret=given.get("CHIEF_PLANNER_SECRET") or _kept_secret(home / "secret"),
            https=https,
            demonstration=_is_yes(given.get("CHIEF_PLANNER_DEMONSTRATION")) or (home / DEMONSTRATION_MARK).exists(),
            proxies=_networks(given.get("CHIEF_PLANNER_PROXIES") or (LOOPBACK if https else "")),
            pool=Pool(
                kept=_number(given, "CHIEF_PLANNER_POOL", 10, 1, 200),
                extra=_number(given, "CHIEF_PLANNER_POOL_EXTRA", 10, 0, 200),
                wait=_number(given, "CHIEF_PLANNER_POOL_WAIT", 10, 1, 60),
            ),
            threads=_number(given, "CHIEF_PLANNER_THREADS", 8, 1, 64),
            background=_is_yes(given.get("CHIEF_PLANNER_BACKGROUND") or "1"),
            log=_one_of(given, "CHIEF_PLANNER_LOG", LOGS),
            log_addresses=_is_yes(given.get("CHIEF_PLANNER_LOG_ADDRESSES")),
            metrics_token=given.get("CHIEF_PLANNER_METRICS_TOKEN") or "",
            address=(given.get("CHIEF_PLANNER_ADDRESS") or "").rstrip("/"),
            mail=_mail_server(given.get("CHIEF_PLANNER_MAIL") or "", given.get("CHIEF_PLANNER_MAIL_FROM") or ""),
            hook_networks=_networks(given.get("CHIEF_PLANNER_HOOK_NETWORKS") or "", "CHIEF_PLANNER_HOOK_NETWORKS"),
        )

    @property
    def audit_key(self) -> bytes:
        """Seals the audit trail; made from the secret, and so never in the database."""
        return hmac.digest(self.secret.encode(), b"audit trail", "sha256")

    @property
    def pseudonym_key(self) -> bytes:
        """Turns a person into the mark that stands in the log; whoever has the log alone cannot turn it back."""
        return hmac.digest(self.secret.encode(), b"log", "sha256")

    @property
    def files_folder(self) -> Path:
        """Where uploaded and issued files are kept."""
        return self.home / "files"

    @property
    def fonts_folder(self) -> Path:
        """Where an office puts fonts of its own."""
        return self.home / "fonts"


def _is_yes(value: str | None) -> bool:
    return (value or "").strip().lower() in YES


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    value = (given.get(name) or str(usual)).strip()
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise Invalid(message("%(name)s 应为 %(least)s 至 %(most)s 的整数。", name=name, least=least, most=most))
    return int(value)


def _one_of(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = (given.get(name) or choices[0]).strip().lower()
    if value not in choices:
        raise Invalid(message("%(name)s 应为 %(choices)s 之一。", name=name, choices="、".join(choices)))
    return value


def _mail_server(text: str, sender: str) -> MailServer | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port or (465 if parts.scheme == "smtps" else 587 if parts.scheme == "smtp+starttls" else 25)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in MAIL_SECURITIES or not parts.hostname or "@" not in sender:
        raise Invalid(
            message(
                "CHIEF_PLANNER_MAIL 应为 smtp://、smtp+starttls:// 或 smtps:// 地址，并设置 CHIEF_PLANNER_MAIL_FROM。"
            )
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, MAIL_SECURITIES[parts.scheme], sender, user, password)


def _networks(text: str, name: str = "CHIEF_PLANNER_PROXIES") -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError as cause:
        raise Invalid(message("%(name)s 应为 IP 地址或网段，以逗号分隔。", name=name)) from cause


def _kept_secret(path: Path) -> str:
    """The secret in the data folder, made once and readable by the owner alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        made = secrets.token_urlsafe(48)
        file.write(made)
    return made
