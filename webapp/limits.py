"""How much one request may carry."""

MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 64 * MEGABYTE
"""Several files of 20 MB, the size at which each one is checked."""
LARGEST_FORM = 8 * MEGABYTE
"""All texts of a form together, without its files."""
MOST_PARTS = 10_000
"""Fields of a form: a table over all districts has many."""
