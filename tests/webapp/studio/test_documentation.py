from __future__ import annotations

from pathlib import Path

import pytest

from processes.engine import definitions, tables
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from tests.webapp.pages import letters
from tests.webapp.studio.test_tables import LEVELS

FOLDER = Path(__file__).resolve().parents[3] / "bpmn"


@pytest.fixture
def version(desk):
    """The dismissal procedure as it is delivered, with a decision table beside it."""
    files = {**bundle_at(FOLDER / "dismissal"), "tables/levels.dmn": tables.write_table(LEVELS)}
    with desk.db.transaction() as session:
        return definitions.deploy(session, SYSTEM, "dismissal", files)


def test_a_version_is_told_on_one_page_that_can_be_printed(visit, version):
    page = visit("manager").get(f"/studio/versions/{version.id}/documentation").text
    assert "<svg" in page
    assert "data-print" in page
    for words in ("解聘", "市规划自然资源局经办", "个工作日", "第十五条", "（五）有违纪违法行为", "书面认定"):
        assert words in page
    for words in ("拟解聘告知书", "渝规资函〔{year}〕{n}号", "审批层级", "&gt;= 1000"):
        assert words in page


def test_conditions_and_limits_are_told_in_words(visit, desk):
    with desk.db.reading() as session:
        letter = definitions.active_definition(session, "letter")
    page = visit("owner").get(f"/studio/versions/{letter.id}/documentation").text
    assert "“意见”为不同意" in page
    assert "至少 10 个字" in page
    assert "不大于 99" in page
    assert letters.FORMS["reply"][0]["label"]["zh"] in page


def test_the_page_is_for_those_who_may_look_at_versions(visit, version):
    path = f"/studio/versions/{version.id}/documentation"
    assert visit("auditor").get(path).status_code == 200
    assert visit("city.clerk").get(path).status_code == 403
    assert visit("owner").get(path.replace(str(version.id), "00000000-0000-0000-0000-000000000001")).status_code == 404
