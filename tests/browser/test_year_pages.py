from __future__ import annotations

import pytest

from tests.browser.conftest import SIZES
from tests.webapp.pages.test_warnings import moved  # noqa: F401 - a fixture

PAGES = {
    "warnings": ("city.clerk", "/warnings/"),
    "card": ("slow", "/card"),
    "unit": ("bureau.500101", "/card"),
    "year": ("city.leader", "/year"),
    "questions": ("city.clerk", "/questions/"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_year_are_usable_at_both_widths(moved, open_page, faults, name, size):  # noqa: F811
    login, path = PAGES[name]
    page = open_page(login, size)
    page.goto(path)
    assert faults(page, f"{name}-{size}") == []
