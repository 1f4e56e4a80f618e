"""English pages call procedures and steps by the English names of their diagrams; Chinese pages and the API do not."""

from __future__ import annotations

import pytest

from tests.webapp.pages import letters


@pytest.fixture
def case(desk):
    return letters.sent(desk)


def both(visitor, path):
    return visitor.get(path).text, visitor.get(path + ("&" if "?" in path else "?") + "lang=en").text


@pytest.mark.parametrize(
    ("login", "path", "zh", "en"),
    [
        ("city.clerk", "/inbox?view=done", ("征求意见函", "起草函件"), ("Consultation letter", "Draft a letter")),
        ("city.clerk", "/start/", ("征求意见函",), ("Consultation letter",)),
        ("city.clerk", "/cases/", ("征求意见函",), ("Consultation letter",)),
        ("city.clerk", "/cases/{case}", ("征求意见函", "起草函件"), ("Consultation letter", "Draft a letter")),
        ("city.clerk", "/cases/{case}/sheet", ("征求意见函", "起草函件"), ("Consultation letter", "Draft a letter")),
        (
            "manager",
            "/oversight/steps/?process=letter",
            ("征求意见函", "起草函件"),
            ("Consultation letter", "Draft a letter"),
        ),
        ("manager", "/oversight/", ("征求意见函",), ("Consultation letter",)),
    ],
)
def test_names_follow_the_language(desk, visit, case, login, path, zh, en):
    chinese, english = both(visit(login), path.format(case=case.id))
    for name in zh:
        assert name in chinese
    for name in en:
        assert name in english
        assert name not in chinese


def test_a_step_without_an_english_name_stays_chinese(visit, case):
    _chinese, english = both(visit("gov.500101"), "/inbox")
    assert "Consultation letter" in english
    assert ">复函<" in english


def test_programs_read_the_name_as_it_was_recorded(desk, visit, case):
    task = letters.item(desk, case, "draft")
    told = visit("city.clerk").get(f"/api/v1/tasks/{task.id}?lang=en")
    assert told.json["task"]["step"] == "起草函件"
