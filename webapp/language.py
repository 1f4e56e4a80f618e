"""The language of a page: Chinese unless the reader has chosen otherwise."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Babel, gettext

from processes.messages import Message
from webapp.programs import is_program

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
"""The language as people's settings name it → the locale. Chinese is the source and needs no catalog."""
TAGS = {"zh": "zh-CN", "en": "en"}
"""The language as HTML names it: without the region Han characters may be drawn in Japanese shapes."""
COOKIE = "language"


def current_language() -> str:
    """`zh` or `en`: what the address asks for, else the person's choice, else the cookie's, else Chinese.

    The browser's own setting is not asked: office machines often say English by accident. A program's is.
    """
    wanted = request.accept_languages.best_match(LANGUAGES) if is_program() else None
    for chosen in (request.args.get("lang"), wanted, g.get("person_language"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return "zh"


def say(text: object) -> str:
    """A sentence from below the shell in the reader's language; any other value as it stands."""
    if isinstance(text, Message):
        return gettext(text.msgid, **{key: say(value) for key, value in text.params.items()})
    return "" if text is None else str(text)


def in_english(text: object) -> str:
    """A sentence from below the shell in English, whoever reads it; other values as they stand."""
    if isinstance(text, Message):
        found: str = _english().ugettext(text.msgid)
        return found % {key: in_english(value) for key, value in text.params.items()} if text.params else found
    return "" if text is None else str(text)


@lru_cache(maxsize=1)
def _english() -> NullTranslations:
    return Translations.load(str(Path(__file__).parent / "translations"), ["en"])


def install(app: Flask) -> None:
    """Let pages be drawn in the reader's language."""
    app.config.update(BABEL_DEFAULT_LOCALE=LANGUAGES["zh"], BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    Babel(app, locale_selector=lambda: LANGUAGES[current_language()])
    app.jinja_env.filters["say"] = say
    app.jinja_env.filters["_say"] = say
