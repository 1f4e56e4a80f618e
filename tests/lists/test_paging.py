"""A page of a list: what is counted, and what only is known to go on."""

from __future__ import annotations

from processes.paging import Page, Total, listed


def never() -> Total:
    raise AssertionError("nothing is counted")


def test_a_list_that_ends_on_its_page_is_not_counted():
    found = listed(["a", "b"], Page(limit=2), size=never)
    assert (found.items, found.total, found.more) == (["a", "b"], 2, False)


def test_a_longer_list_is_counted():
    found = listed(["a", "b", "c"], Page(limit=2), size=lambda: Total(40))
    assert (found.items, found.total, found.total.more, found.more) == (["a", "b"], 40, False, True)


def test_a_first_glance_knows_only_that_there_is_more():
    found = listed(["a", "b", "c"], Page(limit=2, counted=False), size=never)
    assert (found.items, found.total, found.total.more, found.more) == (["a", "b"], 3, True, True)
