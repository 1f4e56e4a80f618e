"""Lists that forms offer, and what diagrams may name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from handlers.operations import NAMES, OPERATIONS, OPTIONS, VALIDATORS
from processes.identity.models import Unit
from processes.registers.applications import Application
from processes.registers.nominations import Nomination
from tests.handlers.stage import WANZHOU


def values(stage, name, **variables):
    return {
        option.value: option.text("zh") for option in OPTIONS[name](stage.session, {**stage.variables, **variables})
    }


def test_only_units_served_today_are_offered(small_stage):
    assert values(small_stage, "units")[WANZHOU] == "万州区"
    small_stage.session.get(Unit, WANZHOU).valid_to = date(2020, 1, 1)
    assert WANZHOU not in values(small_stage, "units")


def test_employers_are_organizations_of_that_kind(small_stage):
    assert values(small_stage, "employers") == {"employer:1": "重庆大学", "employer:2": "山城规划院（虚构）"}
    assert "city_bureau" in values(small_stage, "organizations")


def test_candidates_are_those_found_fit_and_nominees_those_of_the_letter(small_stage):
    assert values(small_stage, "candidates") == {}
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1, 涪陵区=1)
    assert set(values(small_stage, "candidates").values()) == {"欧阳喆（重庆大学）", "王堃（重庆大学）"}
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    party = small_stage.letters()[WANZHOU]
    assert set(values(small_stage, "nominees", party=party).values()) == {"欧阳喆（万州区岗位1）"}
    assert len(values(small_stage, "nominees")) == 2
    assert "欧阳喆" in values(small_stage, "people").values()


def test_who_was_chosen_keeps_the_name_when_the_list_no_longer_offers_the_person(small_stage):
    small_stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    chosen = values(small_stage, "candidates")
    small_stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    nominated = values(small_stage, "nominees")
    for application in small_stage.session.scalars(select(Application)):
        application.status = "withdrawn"
    for nomination in small_stage.session.scalars(select(Nomination)):
        nomination.status = "withdrawn"
    small_stage.session.flush()
    assert values(small_stage, "candidates") == {}
    assert NAMES["candidates"](small_stage.session, list(chosen)) == chosen
    assert NAMES["nominees"](small_stage.session, [*nominated, "not-an-id"]) == nominated


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_in_both_languages_what_it_does(name):
    operation = OPERATIONS[name]
    assert operation.title.zh
    assert operation.title.en
    assert operation.run.__doc__


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_every_check_says_what_it_is_for(name):
    assert VALIDATORS[name].__doc__


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_every_list_can_be_read_where_nothing_is_known_of_the_case(sqlite_database, name):
    """A page of what was sent before names the values of its lists without the case's variables."""
    with sqlite_database.reading() as session:
        assert list(OPTIONS[name](session, {})) is not None
