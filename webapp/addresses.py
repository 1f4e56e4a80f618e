"""Addresses that came from outside: only those of the desk itself are followed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request


def own_address(wanted: str | None) -> str | None:
    """An address inside the desk as it was asked for, or None for any other."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return None
    if any(ord(each) < 0x20 or each == "\\" for each in wanted):
        return None
    return wanted


def this_address() -> str:
    """The address of the page that is asked for, as the browser names it."""
    return request.script_root + request.full_path.rstrip("?")


def back_url() -> str | None:
    """The page of the desk that the visitor came from."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host:
        return None
    wanted = own_address(came.path + ("?" + came.query if came.query else ""))
    return wanted if wanted != this_address() else None


def without_language(wanted: str | None) -> str | None:
    """An address without the language it may ask for, which would win over the one just chosen."""
    if wanted is None:
        return None
    parts = urlsplit(wanted)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "lang"])
    return parts.path + ("?" + query if query else "")
