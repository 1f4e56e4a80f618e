"""合议材料: in which order people are listed for a post, and where two districts want one person."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from processes.registers.matching import book, conflicts


def post(unit: str, number: int = 1, specialties: tuple[str, ...] = ("城市设计",)):
    return SimpleNamespace(
        id=uuid4(), unit_id=unit, unit=SimpleNamespace(name=unit), number=number, specialties=list(specialties)
    )


def person(
    name: str, *wishes: str, specialties: tuple[str, ...] = (), assign: bool = True, avoid: tuple[str, ...] = ()
):
    return SimpleNamespace(
        id=uuid4(),
        name=name,
        number=name,
        units_wanted=list(wishes),
        specialties=list(specialties),
        accept_assign=assign,
        avoid_units=[{"unit": unit, "reason": ""} for unit in avoid],
        by_practice=False,
    )


def names(made, at):
    return [match.application.name for match in made[at.id]]


def test_the_first_wish_comes_before_the_better_match():
    here = post("万州")
    people = [person("A", "涪陵", "万州", specialties=("城市设计",)), person("B", "万州")]
    assert names(book([here, post("涪陵")], people), here) == ["B", "A"]


def test_the_better_match_comes_before_the_one_who_is_needed_less_elsewhere():
    here, there = post("万州"), post("涪陵")
    free = person("A", "万州", assign=False)
    able = person("B", "万州", specialties=("城市设计",))
    assert names(book([here, there], [free, able]), here) == ["B", "A"]


def test_among_equals_the_one_without_another_district_comes_first():
    here, there = post("万州"), post("涪陵")
    wanted, free = person("A", "万州"), person("B", "万州", assign=False)
    assert names(book([here, there], [wanted, free]), here) == ["B", "A"]


@pytest.mark.parametrize(
    ("one", "listed"),
    [
        (person("A", "涪陵", assign=False), []),
        (person("A", "涪陵", assign=True), ["A"]),
        (person("A", "万州", avoid=("万州",)), []),
        (person("A", assign=False), []),
    ],
)
def test_who_did_not_wish_or_has_a_conflict_of_interest_is_not_listed(one, listed):
    here = post("万州")
    assert names(book([here], [one]), here) == listed


def test_two_districts_that_want_one_person_are_marked_and_two_posts_of_one_district_are_not():
    here, second, there = post("万州"), post("万州", 2), post("涪陵")
    made = book([here, second, there], [person("A", "万州", "涪陵")])
    assert conflicts(made) == 1
    assert made[here.id][0].rivals == ("涪陵",)
    assert "冲突：涪陵同为首位" in made[here.id][0].line
    assert conflicts(book([here, second], [person("A", "万州")])) == 0
