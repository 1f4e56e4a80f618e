"""Running numbers: one after the other, none twice, none lost."""

from __future__ import annotations

import threading

import pytest

from processes.sequences import next_number, yearly_number


def test_each_name_counts_for_itself(database):
    with database.transaction() as session:
        assert [next_number(session, "渝规资函:2026") for _ in range(3)] == [1, 2, 3]
        assert next_number(session, "渝规资函:2027") == 1


def test_a_series_begins_anew_each_year(sqlite_database):
    with sqlite_database.transaction() as session:
        given = [yearly_number(session, "待遇", "benefit", year) for year in (2026, 2026, 2027)]
    assert given == ["待遇-2026-0001", "待遇-2026-0002", "待遇-2027-0001"]


def test_a_transaction_that_fails_gives_its_number_back(database):
    def fail() -> None:
        with database.transaction() as session:
            assert next_number(session, "函") == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.transaction() as session:
        assert next_number(session, "函") == 1


def test_many_offices_at_once_get_different_numbers_without_gaps(database):
    given: list[int] = []

    def work() -> None:
        for _ in range(10):
            with database.transaction() as session:
                given.append(next_number(session, "聘书:2026"))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 61))
