"""Backups of an installation: made while it runs, checked, put back on an empty place, drilled."""
