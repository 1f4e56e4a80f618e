"""Every sentence for people has its English, with the same places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "message": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ROOT / "webapp/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    with (ROOT / "webapp/babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: set[str] = set()
    for folder in ("processes", "handlers", "webapp"):
        for _, _, text, _, _ in extract_from_dir(ROOT / folder, methods, options, KEYWORDS):
            found.add(text if isinstance(text, str) else text[0])
    return found


def test_every_sentence_is_translated(english, sentences):
    assert sorted(each for each in sentences if not english.get(each) or not english.get(each).string) == []


def test_no_translation_is_left_over(english, sentences):
    assert sorted(str(each.id) for each in english if each.id and each.id not in sentences) == []


def test_places_are_the_same_in_both_languages(english):
    wrong = [
        each.id
        for each in english
        if each.id and set(PLACE.findall(str(each.id))) != set(PLACE.findall(str(each.string)))
    ]
    assert wrong == []


def test_english_is_english(english):
    assert [each.id for each in english if each.id and HAN.search(str(each.string))] == []
