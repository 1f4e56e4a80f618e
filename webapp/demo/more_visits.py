"""Visits of the living year beyond those of the year before: some catch up, and who has taken office is invited too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from webapp.demo.year.story import ATTENDED, ON_SITE, Consultation, Service, YearStory

DAYS = ((3, 12), (4, 16), (5, 14), (6, 11), (7, 9), (9, 10))
"""Month and day of them: working Thursdays of the year after the story."""
MORE: Mapping[str, int] = {
    "CP007": 1, "CP018": 1, "CP019": 1, "CP029": 1, "CP039": 1, "CP016": 2, "CP033": 2, "CP041": 2, "CP034": 3,
    "CP044": 3, "CP045": 3, "CP047": 6, "CP031": 5, "CP046": 4, "CP002": 1, "CP010": 1, "CP013": 1,
}  # fmt: skip
"""How many each planner has; those who are not here are as busy as the year before."""
PATTERNS = 7
"""One in so many consultations of the story lends its kind and its figures."""


def more_visits(told: YearStory, serving: Sequence[Service], until: date) -> Iterator[Consultation]:
    """Consultations on site of the year after the story, up to a day, with numbers behind those of the story."""
    now = {each.planner: each for each in serving}
    held = [row for row in told.consultations if row.outcome == ATTENDED and row.mode == ON_SITE]
    whole = [row for row in held if row.opinions == row.schemes][::PATTERNS]
    number, year = len(told.consultations), told.year + 1
    for planner, count in MORE.items():
        for month, day in DAYS[:count]:
            number += 1
            on, service = date(year, month, day), now.get(planner)
            if service is not None and service.start <= on <= until:
                pattern = whole[number % len(whole)]
                yield replace(pattern, id=f"ZX{year}-{number:04}", planner=planner, unit=service.unit, day=on)
