"""Which property a kind of field may have, and what the property may say."""

from __future__ import annotations

from dataclasses import dataclass

from processes.forms import sayings
from processes.forms.kinds import CHOICES, DAYS, EVERY, FILES, INPUTS, LONGEST_EVER, MOST_ROWS_EVER, NUMBERS, TEXTS


@dataclass(frozen=True, slots=True)
class Rule:
    """The kinds that have a property, and what it may say."""

    kinds: frozenset[str]
    problem: sayings.Saying


_TABLE = frozenset({"table"})
_LISTED = frozenset({"multichoice", "units", "files"})

RULES: dict[str, Rule] = {
    "label": Rule(EVERY, sayings.words),
    "help": Rule(EVERY, sayings.words),
    "width": Rule(EVERY, sayings.one_of("full", "half", "third")),
    "show_if": Rule(EVERY, sayings.condition),
    "required": Rule(INPUTS, sayings.flag),
    "required_if": Rule(INPUTS, sayings.condition),
    "readonly": Rule(INPUTS, sayings.flag),
    "sensitive": Rule(INPUTS, sayings.flag),
    "default": Rule(INPUTS - FILES, sayings.anything),
    "default_from": Rule(INPUTS, sayings.name),
    "confirm": Rule(frozenset({"boolean"}), sayings.flag),
    "minimum": Rule(NUMBERS, sayings.amount),
    "maximum": Rule(NUMBERS, sayings.amount),
    "places": Rule(frozenset({"decimal"}), sayings.whole(0, 6)),
    "min_length": Rule(TEXTS, sayings.whole(0, LONGEST_EVER)),
    "max_length": Rule(TEXTS, sayings.whole(1, LONGEST_EVER)),
    "pattern": Rule(TEXTS | {"phone"}, sayings.pattern),
    "pattern_message": Rule(TEXTS | {"phone"}, sayings.words),
    "not_before": Rule(DAYS, sayings.bound),
    "not_after": Rule(DAYS, sayings.bound),
    "options": Rule(CHOICES, sayings.options),
    "options_from": Rule(CHOICES, sayings.name),
    "min_items": Rule(_LISTED, sayings.whole(0, 500)),
    "max_items": Rule(_LISTED, sayings.whole(1, 500)),
    "accept": Rule(FILES, sayings.kinds_of_file),
    "max_size_mb": Rule(FILES, sayings.size),
    "columns": Rule(_TABLE, sayings.anything),
    "min_rows": Rule(_TABLE, sayings.whole(0, MOST_ROWS_EVER)),
    "max_rows": Rule(_TABLE, sayings.whole(1, MOST_ROWS_EVER)),
    "rows_from": Rule(_TABLE, sayings.name),
    "fixed_rows": Rule(_TABLE, sayings.flag),
    "unique_by": Rule(_TABLE, sayings.names),
}
