"""Where this installation keeps its data and how it is reached; read from the environment once."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

YES = frozenset({"1", "true", "yes", "on"})
DEMONSTRATION_MARK = "demonstration"
"""A file of this name in the data folder says that the installation is the demonstration."""


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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; the data folder and, the first time, a secret are made."""
        given = os.environ if environment is None else environment
        home = Path(given.get("CHIEF_PLANNER_HOME") or "var").resolve()
        home.mkdir(parents=True, exist_ok=True)
        return cls(
            home=home,
            database_url=given.get("DATABASE_URL") or f"sqlite:///{home / 'desk.db'}",
            secret=given.get("CHIEF_PLANNER_SECRET") or _kept_secret(home / "secret"),
            https=_is_yes(given.get("CHIEF_PLANNER_HTTPS")),
            demonstration=_is_yes(given.get("CHIEF_PLANNER_DEMONSTRATION")) or (home / DEMONSTRATION_MARK).exists(),
        )

    @property
    def audit_key(self) -> bytes:
        """Seals the audit trail; made from the secret, and so never in the database."""
        return hmac.digest(self.secret.encode(), b"audit trail", "sha256")

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
