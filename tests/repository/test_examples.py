"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    path.relative_to(ROOT)
    for package in ("processes", "handlers", "webapp")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_examples_of_a_module_are_true(path):
    found = doctest.testmod(importlib.import_module(".".join(path.with_suffix("").parts)))
    assert (found.failed, found.attempted > 0) == (0, True)
