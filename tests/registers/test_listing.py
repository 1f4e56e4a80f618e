"""Every register as a list: searched, filtered, sorted, paged, personal columns masked."""

from __future__ import annotations

import pytest

from processes.errors import Invalid, NotFound
from processes.registers.catalogue import REGISTERS, register
from processes.registers.listing import masked
from tests.factories import UNITS

WANZHOU, FULING, _ = UNITS


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_every_register_can_be_listed_searched_and_sorted_by_every_column(session, world, name):
    shown = REGISTERS[name]
    rows, total = shown.listing(session)
    assert total == len(rows)
    assert all(set(row) == {column.key for column in shown.columns} for row in rows)
    assert shown.listing(session, search="没有这样的内容%_")[1] == 0
    for column in shown.columns:
        if column.kind != "list":
            assert shown.listing(session, sort=column.key)[1] == shown.listing(session, sort=f"-{column.key}")[1]


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_every_column_has_a_title_in_both_languages_and_every_status_its_words(name):
    for column in REGISTERS[name].columns:
        assert column.kind == "id" or (column.title.zh and column.title.en)
        assert (column.kind == "status") == bool(column.words)


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_no_register_shows_an_identity_number_or_a_whole_telephone_number(session, world, name):
    assert not {"id_no", "identity_number", "answers"} & {column.key for column in REGISTERS[name].columns}
    assert "13800001234" not in str(REGISTERS[name].listing(session)[0])


def test_rows_are_found_by_part_of_a_text(session, world):
    rows, total = register("units").listing(session, search="涪")
    assert (total, rows[0]["name"]) == (1, "涪陵区")
    assert register("applications").listing(session, search="阿依努尔")[1] == 1


def test_rows_are_filtered_by_one_value_or_several(session, world):
    needs = register("needs")
    assert needs.listing(session, filters={"unit_id": WANZHOU})[1] == 1
    assert needs.listing(session, filters={"unit_id": [WANZHOU, FULING]})[1] == 2
    assert needs.listing(session, filters={"unit_id": [WANZHOU, FULING], "status": "answered"})[1] == 1
    assert needs.listing(session, filters={"unit_id": []})[1] == 0


def test_rows_come_in_pages_with_the_number_of_all(session, world):
    first, total = register("needs").listing(session, limit=2)
    last, again = register("needs").listing(session, limit=2, offset=2)
    assert (total, again, len(first), len(last)) == (3, 3, 2, 1)
    assert not {row["id"] for row in first} & {row["id"] for row in last}


def test_rows_are_sorted_either_way(session, world):
    up = [row["name"] for row in register("units").listing(session, sort="name")[0]]
    down = [row["name"] for row in register("units").listing(session, sort="-name")[0]]
    assert up == down[::-1]


@pytest.mark.parametrize("ask", [{"sort": "nothing"}, {"filters": {"nothing": 1}}, {"sort": "specialties"}])
def test_a_column_that_is_not_there_or_cannot_be_sorted_is_told(session, world, ask):
    with pytest.raises(Invalid):
        register("needs").listing(session, **ask)


def test_a_register_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        register("nothing")


@pytest.mark.parametrize(("value", "shown"), [("13800001234", "138******34"), ("", ""), (None, ""), ("12345", "12345")])
def test_personal_values_show_their_ends_only(value, shown):
    assert masked(value) == shown
