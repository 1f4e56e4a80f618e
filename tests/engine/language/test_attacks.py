"""No text gets out of the language, hangs, fills the memory or leaves bad data."""

import json
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from processes.engine.language import (
    LanguageError,
    check_cell,
    check_expression,
    check_script,
    check_template,
    evaluate,
    execute,
    match_cell,
    render,
)
from tests.engine.language.attacks import (
    ATTACKING_CELLS,
    ATTACKING_SCRIPTS,
    ATTACKING_TEMPLATES,
    COSTLY_EXPRESSIONS,
    FORBIDDEN_EXPRESSIONS,
)

BYTES = 60_000_000
pytestmark = pytest.mark.timeout(60)  # what the limits allow takes some tenths of a second; without them, no end


class Stranger:
    """An object that should never have been among the data; it tells when anybody touches it."""

    name = "secret"

    def __call__(self) -> str:
        raise AssertionError("data was called")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("data was compared")

    def __bool__(self) -> bool:
        raise AssertionError("data was asked for its truth")

    __hash__ = None  # type: ignore[assignment]


def _twisted() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    return made


def _doubled() -> list[Any]:
    made: list[Any] = [1]
    for _ in range(40):
        made = [made, made]
    return made


def _called(*_: Any) -> None:
    raise AssertionError("data was called")


def world() -> dict[str, Any]:
    """Data with everything in it that an attacker could wish for."""
    return {
        "status": "approved",
        "unit": {"name": "巴南区", "method": _called, "secret": Stranger()},
        "items": [1, 2, 3],
        "ten": list(range(10)),
        "many": list(range(9000)),
        "other": list(range(9000)),
        "long": "a" * 90_000,
        "long_twin": "".join(["a"] * 90_000),
        "big": 10**300,
        "huge_decimal": Decimal("1E+999999"),
        "twisted": _twisted(),
        "twisted_twin": _twisted(),
        "doubled": _doubled(),
        "doubled_twin": _doubled(),
        "stranger": Stranger(),
        "callable_value": _called,
        "len": _called,
        "today": _called,
    }


FUNCTIONS: dict[str, Callable[..., Any]] = {"today": lambda: {"day": "2026-01-31"}}


def tried(work: Callable[..., Any], text: str) -> Any:
    """The result of a text, None when it was refused."""
    names = world()
    result = None
    with suppress(LanguageError):
        result = work(text, names, FUNCTIONS)
    return result


def weighed(work: Callable[..., Any], text: str) -> None:
    """Fails when a text needs too much memory."""
    names = world()
    tracemalloc.start()
    with suppress(LanguageError):
        work(text, names, FUNCTIONS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < BYTES


@pytest.mark.parametrize("text", FORBIDDEN_EXPRESSIONS, ids=lambda text: text[:40])
def test_a_forbidden_expression_is_refused_when_checked_and_when_run(text):
    assert check_expression(text, FUNCTIONS)
    assert tried(evaluate, text) is None
    with pytest.raises(LanguageError):
        evaluate(text, world(), FUNCTIONS)


@pytest.mark.parametrize("text", COSTLY_EXPRESSIONS, ids=lambda text: text[:40])
def test_a_costly_expression_is_stopped_early(text):
    result = tried(evaluate, text)
    assert len(json.dumps(result)) < 2_000_000
    weighed(evaluate, text)


@pytest.mark.parametrize("text", ATTACKING_SCRIPTS, ids=lambda text: text[:40])
def test_an_attacking_script_changes_nothing(text):
    check_script(text, FUNCTIONS)
    result = tried(execute, text)
    assert len(json.dumps(result)) < 2_000_000
    weighed(execute, text)


@pytest.mark.parametrize("text", ATTACKING_TEMPLATES, ids=lambda text: text[:40])
def test_an_attacking_template_is_refused_or_draws_little(text):
    check_template(text, FUNCTIONS)
    assert len(tried(render, text) or "") <= 100_000
    weighed(render, text)


@pytest.mark.parametrize("text", ATTACKING_CELLS, ids=lambda text: text[:40])
def test_an_attacking_cell_is_refused(text):
    def matched(cell: str, names: dict[str, Any], functions: dict[str, Any]) -> bool:
        return match_cell(cell, 5, names, functions)

    check_cell(text, FUNCTIONS)
    assert tried(matched, text) is None
    weighed(matched, text)


@pytest.mark.parametrize(
    "text",
    [
        "stranger",
        "[stranger]",
        "stranger == stranger",
        "unit.secret.name",
        "not stranger",
        "not unit.secret",
        "[1 for x in unit.values() if x]",
        "not unit['secret']",
    ],
)
def test_an_object_that_is_no_data_is_refused_and_never_asked(text):
    with pytest.raises(LanguageError):
        evaluate(text, world())


@pytest.mark.parametrize("text", ["{} and 1", "not " * 40 + "1", "1" + "+1" * 40, "[" * 40 + "]" * 40])
def test_deep_texts_within_the_limit_still_run(text):
    evaluate(text)
