"""What diagrams and forms may name: operations, lists to choose from, checks; each is offered where it is written."""

from __future__ import annotations

from collections.abc import Callable

from processes.engine.house import Namer, Operation, OptionSource, Parameter, TallySource, Validator
from processes.forms.wording import Wording

Run = Callable[..., object]
OPERATIONS: dict[str, Operation] = {}
"""What a service task may name."""
OPTIONS: dict[str, OptionSource] = {}
"""What a form's `options_from` may name."""
NAMES: dict[str, Namer] = {}
"""What values of such a list are called when a form that was sent is read."""
VALIDATORS: dict[str, Validator] = {}
"""What a user task's `check` may name."""
TALLIES: dict[str, TallySource] = {}
"""What a user task's `tally` may name: counted while the form is filled in."""

TITLES: dict[str, Wording] = {}
"""What checks and tallies are called in the modeler."""


def operation(name: str, *, zh: str, en: str, parameters: tuple[Parameter, ...] = ()) -> Callable[[Run], Run]:
    """Offer a function as the operation of a service task."""

    def registered(run: Run) -> Run:
        OPERATIONS[name] = Operation(name, Wording(zh, en), run, parameters)  # type: ignore[arg-type]  # gives variables
        return run

    return registered


def options(name: str) -> Callable[[OptionSource], OptionSource]:
    """Offer a function as a list to choose from."""

    def registered(source: OptionSource) -> OptionSource:
        OPTIONS[name] = source
        return source

    return registered


def names(*lists: str) -> Callable[[Namer], Namer]:
    """Offer a function that names what was chosen from lists."""

    def registered(namer: Namer) -> Namer:
        NAMES.update(dict.fromkeys(lists, namer))
        return namer

    return registered


def validator(name: str, *, zh: str, en: str) -> Callable[[Validator], Validator]:
    """Offer a function as a check of a user task, under the name that owners choose it by."""

    def registered(check: Validator) -> Validator:
        VALIDATORS[name] = check
        TITLES[name] = Wording(zh, en)
        return check

    return registered


def tally(name: str, *, zh: str, en: str) -> Callable[[TallySource], TallySource]:
    """Offer a function as the count beside the form of a user task, under the name that owners choose it by."""

    def registered(source: TallySource) -> TallySource:
        TALLIES[name] = source
        TITLES[name] = Wording(zh, en)
        return source

    return registered
