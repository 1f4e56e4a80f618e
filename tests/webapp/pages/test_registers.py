from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO

import pytest

from processes.registers.catalogue import REGISTERS
from tests.webapp.pages.called import called


@pytest.fixture
def round_(desk):
    with called(desk) as found:
        yield found


def rows(answered) -> list[list[str]]:
    return list(csv.reader(StringIO(answered.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("name", list(REGISTERS))
def test_every_register_is_a_page_and_two_kinds_of_file(round_, visit, name):
    manager = visit("manager")
    assert manager.get(f"/registers/{name}").status_code == 200
    assert rows(manager.get(f"/registers/{name}.csv"))
    with zipfile.ZipFile(BytesIO(manager.get(f"/registers/{name}.xlsx").data)) as package:
        assert package.testzip() is None


def test_a_district_sees_the_rows_of_its_own_unit_alone(round_, visit):
    wanzhou = visit("gov.500101")
    page = wanzhou.get("/registers/needs").text
    assert "万州区" in page
    assert "涪陵区" not in page
    found = rows(wanzhou.get("/registers/needs.csv?unit_id=CQ-500102"))
    assert all("涪陵区" not in row for row in found)


@pytest.mark.parametrize("name", ["applications", "nominations", "experts", "deliberations"])
def test_candidates_are_not_shown_to_districts(round_, visit, name):
    for path in (f"/registers/{name}", f"/registers/{name}.csv"):
        assert visit("gov.500101").get(path).status_code == 403


@pytest.mark.parametrize(
    ("login", "status"), [("city.clerk", 200), ("hr.clerk", 200), ("auditor", 200), ("admin", 403)]
)
def test_registers_are_for_the_bureaus_and_those_who_watch_over_them(round_, visit, login, status):
    assert visit(login).get("/registers/").status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("q=涪陵", 1),
        ("unit_id=CQ-500101", 1),
        ("status=none-such", 0),
        ("sort=-posts", 2),
        ("sort=password", 2),
    ],
)
def test_a_register_is_narrowed_and_sorted_by_its_address_and_so_is_its_file(round_, visit, query, found):
    manager = visit("manager")
    assert f"共 {found} 条" in manager.get(f"/registers/needs?{query}").text
    assert len(rows(manager.get(f"/registers/needs.csv?{query}"))) == found + 1


@pytest.mark.parametrize("path", ["/registers/password", "/registers/needs?round_id=1"])
def test_what_does_not_exist_is_not_found(round_, visit, path):
    assert visit("manager").get(path).status_code == 404
