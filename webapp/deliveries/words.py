"""Sentences of the desk outside a request: in the language of the person they are sent to."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

from processes.messages import Message

FOLDER = Path(__file__).resolve().parent.parent / "translations"


def said(text: object, language: str) -> str:
    """A message in a language; any other value as it stands."""
    if not isinstance(text, Message):
        return str(text)
    sentence = _catalog(language).gettext(text.msgid)
    return sentence % {key: said(value, language) for key, value in text.params.items()} if text.params else sentence


@cache
def _catalog(language: str) -> NullTranslations:
    return NullTranslations() if language == "zh" else Translations.load(FOLDER, [language])
