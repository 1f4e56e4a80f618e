"""The kinds of field and what each kind may say about itself."""

from __future__ import annotations

TEXTS = frozenset({"text", "textarea"})
NUMBERS = frozenset({"integer", "decimal", "money"})
DAYS = frozenset({"date", "datetime", "month"})
PARTIES = frozenset({"person", "unit", "organization"})
CHOICES = frozenset({"choice", "multichoice", "units"}) | PARTIES
FILES = frozenset({"file", "files"})
LISTS = frozenset({"multichoice", "units", "files"})
"""Kinds whose answer is a list of texts."""

COLUMNS = TEXTS | NUMBERS | DAYS | PARTIES | {"boolean", "choice", "phone", "identity_number"}
"""Kinds a column of a table may have."""
INPUTS = COLUMNS | LISTS | {"file", "table"}
EVERY = INPUTS | {"note"}

DEFAULT_OPTIONS = {"unit": "units", "units": "units", "person": "people", "organization": "organizations"}
"""Where the options come from when the definition does not say."""

FILE_KINDS = frozenset({"pdf", "ofd", "jpg", "png", "docx", "xlsx"})
USUAL_FILES = ("pdf", "ofd", "jpg", "png", "docx")
"""File kinds taken when the definition does not say."""

LONGEST = {"text": 200, "textarea": 5_000}
"""Characters of a text when the definition does not say."""
LONGEST_EVER = 20_000
MOST_FILES = 20
MOST_ROWS = 200
"""Rows of a table when the definition does not say."""
MOST_ROWS_EVER = 500
MOST_FIELDS = 200
LARGEST_NUMBER = 10**15 - 1
"""Whole numbers, and fen, stay exact in every program up to here."""
