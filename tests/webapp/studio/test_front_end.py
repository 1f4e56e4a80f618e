"""What the studio in the browser is made of: words in both languages, pinned packages, free licences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FRONTEND = ROOT / "webapp" / "frontend"
SOURCES = sorted([*FRONTEND.glob("src/**/*.js"), *FRONTEND.glob("src/**/*.jsx")])
SAID = re.compile(r'(?<![\w$])_\(\s*"((?:[^"\\]|\\.)*)"')
ENGLISH = re.compile(r'^\s*"((?:[^"\\]|\\.)*)":\s*"((?:[^"\\]|\\.)*)",$', re.MULTILINE)
PLACE = re.compile(r"\{\w+\}", re.ASCII)
FREE = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "CC0", "SEE LICENSE IN LICENSE"}
"""The last is the licence of bpmn.io: MIT, and its mark must stay visible."""
BUILT = ROOT / "webapp" / "static" / "studio" / "THIRD-PARTY.txt"


@pytest.fixture(scope="module")
def english():
    text = (FRONTEND / "src" / "words" / "english.js").read_text(encoding="utf-8")
    return dict(ENGLISH.findall(re.sub(r":\n\s+", ": ", text)))


@pytest.fixture(scope="module")
def said():
    texts = [each.read_text(encoding="utf-8") for each in SOURCES]
    return {sentence for text in texts if "words/words.js" in text for sentence in SAID.findall(text)}


def test_every_sentence_of_the_studio_has_its_english(said, english):
    assert said - set(english) == set()


def test_no_english_is_left_over(said, english):
    assert set(english) - said == set()


def test_places_are_the_same_in_both_languages(english):
    for zh, en in english.items():
        assert set(PLACE.findall(en)) == set(PLACE.findall(zh)), zh
        assert not re.search("[一-龥]", en.replace("同意", "")), en


def test_packages_are_pinned_and_the_lock_names_no_registry():
    wanted = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "http" not in re.sub(r'"(url|funding)": "[^"]*"', "", lock)


def test_every_package_has_a_licence_that_lets_it_be_handed_on():
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    licences = {name: each.get("license") for name, each in lock["packages"].items() if name}
    strange = {name: licence for name, licence in licences.items() if licence not in FREE and licence is not None}
    assert strange == {}


@pytest.mark.skipif(not BUILT.is_file(), reason="the studio is not built: make setup")
def test_the_licences_are_handed_on_with_what_was_built():
    text = BUILT.read_text(encoding="utf-8")
    for name in ("bpmn-js", "diagram-js", "bpmn-js-token-simulation", "preact"):
        assert re.search(rf"^{re.escape(name)} \d+\.", text, re.MULTILINE), name
    assert "bpmn.io" in text


def test_what_draws_the_menus_of_the_modeler_is_there_once():
    """Two copies of it draw nothing for each other: the menus of an element stay empty."""
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    assert [each for each in packages if each.endswith("node_modules/preact")] == ["node_modules/preact"]
