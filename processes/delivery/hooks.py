"""Web hooks: which other systems are told of notices, kept by the administrator."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.delivery.models import WebHook
from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import message

MAY_KEEP = ("administrator",)
LONGEST = 500
MOST_HOOKS = 20


def hooks(session: Session, actor: Actor) -> Sequence[WebHook]:
    """All hooks by name."""
    actor.need(*MAY_KEEP)
    return session.scalars(select(WebHook).order_by(WebHook.name)).all()


def hook(session: Session, hook_id: UUID) -> WebHook:
    """One hook, or `NotFound`."""
    found = session.get(WebHook, hook_id)
    if found is None:
        raise NotFound(message("没有这个消息推送地址。"))
    return found


def make(session: Session, actor: Actor, name: str, url: str, kinds: Sequence[str]) -> tuple[WebHook, str]:
    """Make a hook; its secret is told once.

    Raises `Invalid` for a name that is empty or used, and for an address that is no web address.
    """
    actor.need(*MAY_KEEP)
    name, url = name.strip(), url.strip()
    errors = {}
    if not 0 < len(name) <= 60 or session.scalar(select(WebHook.id).where(WebHook.name == name)):
        errors["name"] = message("请填写名称（不超过 60 字，且不能重复）。")
    if not is_web_address(url):
        errors["url"] = message("请填写以 https:// 或 http:// 开头的完整地址，地址中不能含有用户名和密码。")
    if errors:
        raise Invalid(next(iter(errors.values())), errors)
    if len(hooks(session, actor)) >= MOST_HOOKS:
        raise Invalid(message("最多设置 %(most)s 个推送地址。", most=MOST_HOOKS))
    secret = secrets.token_urlsafe(32)
    made = WebHook(name=name, url=url, secret=secret, kinds=sorted(set(kinds)), made_at=clock.now(), made_by=actor.name)
    session.add(made)
    audit.record(session, actor, "hook.make", f"hook:{name}", host=urlsplit(url).hostname or "")
    session.flush()
    return made, secret


def turn(session: Session, actor: Actor, hook_id: UUID, *, active: bool) -> WebHook:
    """Let a hook be told, or no longer."""
    actor.need(*MAY_KEEP)
    found = hook(session, hook_id)
    found.active = active
    audit.record(session, actor, "hook.turn", f"hook:{found.name}", active=active)
    return found


def signature(secret: str, body: bytes) -> str:
    """What proves to the receiver that a message comes from this desk: `sha256=<hex>` over the body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_web_address(url: str) -> bool:
    """Whether a text is the address of a web service without a log-in in it."""
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
        return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
