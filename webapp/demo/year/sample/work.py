"""Consultations and quarter reports: spread over the year, as many of each kind as the parameters say."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from processes.rules.quarters import Quarter, quarter_days
from processes.workcalendar import load_work_calendar
from webapp.demo.year.story import (
    ATTENDED,
    CANCELLED,
    EXCUSED,
    MISSING,
    ON_SITE,
    ONLINE,
    UNEXCUSED,
    WRITTEN,
    Consultation,
    Event,
    Report,
    Service,
)

DUE_IN_TERM = timedelta(days=7)
"""Days of the term before the first consultation, and the last days of an appointment without one."""
FOUR = 4
"""Absences in all of somebody whose grade is 不称职: one more would open a case."""


class DrawnWork:
    """The consultations of a year."""

    def __init__(
        self, chance: random.Random, told: Mapping[str, Any], events: Sequence[Event], services: Sequence[Service]
    ) -> None:
        self.chance = chance
        self.told = told["activities"]
        self.events = events
        self.services = services
        self.special: Mapping[str, int] = told.get("visits_special", {})
        self.below = list(told.get("visits_below_10", ()))
        self.year = int(told["case_year"])
        self.taken: set[tuple[str, date]] = set()
        rows = sorted(self._rows(), key=lambda row: (row[1], row[0].planner))
        self.consultations = tuple(self._entered(list(enumerate(rows, 1))))

    # how many of what

    def _rows(self) -> Iterator[tuple[Service, date, str, str]]:
        yield from self._absences()
        unfit = {each.unit for each in self.events if each.kind == "objection" and each.asks != "优秀"}
        for service, count in self._visits().items():
            for place in range(count):
                between = service.unit in unfit and place < FOUR - 1
                day = self._free(service, _third(self.year, place, 25)) if between else self._day(service)
                yield service, day, ON_SITE, ATTENDED
        for mode, outcome in ((ONLINE, ATTENDED), (WRITTEN, ATTENDED), (ON_SITE, EXCUSED), (ON_SITE, CANCELLED)):
            for _ in range(int(self.told[mode if outcome == ATTENDED else outcome])):
                service = self.chance.choice(self._ordinary())
                yield service, self._day(service), mode, outcome

    def _ordinary(self) -> list[Service]:
        told = {event.unit for event in self.events if event.kind in ("dismiss", "withdraw", "objection", "leave")}
        return [each for each in self.services if each.unit not in told]

    def _visits(self) -> dict[Service, int]:
        """So many visits for each, together as many as the parameters say."""
        made: dict[Service, int] = {}
        first = min(each.start for each in self.services)
        for each in self.services:
            key = each.unit if each.start == first else f"{each.unit}#2"
            if each.unit not in {one.unit for one in self._ordinary()}:
                made[each] = int(self.special.get(key, 10))
        free = self._ordinary()
        self.chance.shuffle(free)
        for each, count in zip(free, self.below, strict=False):
            made[each] = int(count)
        free = free[len(self.below) :]
        left = int(self.told["on_site"]) - sum(made.values())
        if not free or left < 0:
            raise ValueError(f"on_site {self.told['on_site']} is less than the visits that are told")
        share, more = divmod(left, len(free))
        return made | {each: share + (place < more) for place, each in enumerate(free)}

    def _absences(self) -> Iterator[tuple[Service, date, str, str]]:
        """Those that the events tell, the four of whoever is found 不称职, the others one each."""
        left = int(self.told["unexcused"])
        for event in self.events:
            if event.kind == "absence_trigger":
                service = self._serving(event.unit)
                for day in self._days_told(event):
                    self.taken.add((service.planner, day))
                    left -= 1
                    yield service, day, ON_SITE, UNEXCUSED
            elif event.kind == "objection" and event.asks != "优秀":
                service = self._serving(event.unit)
                for place in range(FOUR):
                    left -= 1
                    yield service, self._free(service, _third(self.year, place, 1)), ON_SITE, UNEXCUSED
        if left < 0:
            raise ValueError("unexcused is less than the absences that are told")
        for service in self.chance.sample(self._ordinary(), left):
            yield service, self._day(service), ON_SITE, UNEXCUSED

    def _days_told(self, event: Event) -> list[date]:
        said = [date(self.year, int(month), int(day)) for month, day in re.findall(r"(\d+)月(\d+)日", event.text)]
        return said or [event.on - timedelta(days=70), event.on - timedelta(days=35), event.on]

    def _serving(self, unit: str) -> Service:
        return next(each for each in self.services if each.unit == unit)

    # days

    def _day(self, service: Service) -> date:
        """A working day of the service, by the weights of the months, away from leave and from the run of absences."""
        months = list(range(1, 13))
        for _ in range(2000):
            month = self.chance.choices(months, weights=self.told["month_weight"])[0]
            day = date(self.year, month, self.chance.randint(1, 28))
            if self._is_free(service, day):
                self.taken.add((service.planner, day))
                return day
        raise ValueError(f"no day is left for {service.planner}")

    def _free(self, service: Service, day: date) -> date:
        while not self._is_free(service, day):
            day += timedelta(days=1)
        self.taken.add((service.planner, day))
        return day

    def _is_free(self, service: Service, day: date) -> bool:
        if day.weekday() > FOUR or (service.planner, day) in self.taken:
            return False
        if not service.start + DUE_IN_TERM <= day <= service.end - DUE_IN_TERM:
            return False
        return not any(_closed(event, day) for event in self.events if event.unit == service.unit)

    def _entered(self, rows: Sequence[tuple[int, tuple[Service, date, str, str]]]) -> Iterator[Consultation]:
        attended = [number for number, row in rows if row[3] == ATTENDED]
        missing = set(self.chance.sample(attended, min(int(self.told["missing_opinions"]), len(attended))))
        kinds, shares = zip(*self.told["kind_share"].items(), strict=True)
        for number, (service, day, mode, outcome) in rows:
            kind = self.chance.choices(kinds, weights=shares)[0]
            if outcome == UNEXCUSED and kind == "其他法定规划":
                kind = kinds[0]  # declining what is optional is no absence (第八条(三))
            counts = self._counts(outcome, number in missing)
            name = f"ZX{self.year}-{number:04}"
            yield Consultation(name, service.planner, service.unit, day, kind, mode, outcome, *counts)

    def _counts(self, outcome: str, missing: bool) -> tuple[int, int, int, int]:
        if outcome != ATTENDED:
            return 0, 0, 0, 0
        schemes = self.chance.randint(*self.told["schemes_per_activity"])
        opinions = schemes - missing
        items = sum(self.chance.randint(*self.told["items_per_opinion"]) for _ in range(opinions))
        adopted = sum(self.chance.random() < self.told["adoption_rate"] for _ in range(items))
        return schemes, opinions, items, adopted


def _third(year: int, place: int, day: int) -> date:
    """A day of the second month of each quarter."""
    return date(year, 3 * place + 2, day)


def _closed(event: Event, day: date) -> bool:
    """Whether an event leaves no room for a consultation: leave, and the months of a run of absences."""
    if event.kind == "leave" and event.until is not None:
        return event.on <= day <= event.until
    return event.kind == "absence_trigger" and event.on - timedelta(days=75) <= day


def reports_of(
    chance: random.Random,
    told: Mapping[str, Any],
    units: Sequence[str],
    consultations: Sequence[Consultation],
    year: int,
) -> tuple[Report, ...]:
    """A report for each unit and quarter: so many late, so many never sent, the others in time."""
    counted = Counter((row.unit, str(Quarter.of(row.day))) for row in consultations if row.outcome != CANCELLED)
    owed = [(unit, Quarter(year, number)) for number in (1, 2, 3, 4) for unit in units]
    wanted = told["quarter_reports"]
    late, missing = int(wanted["late"]), int(wanted["missing"])
    chosen = chance.sample([each for each in owed if each[1].number < FOUR], late + missing)
    calendar = load_work_calendar(None)
    made = []
    for unit, quarter in owed:
        due = quarter_days(quarter.start, calendar=calendar).district_due
        activities = counted[unit, str(quarter)]
        if (unit, quarter) in chosen[:late]:
            days = chance.randint(*wanted["late_days"])
            sent: date | None = due + timedelta(days=days)
            status = "LATE"
        elif (unit, quarter) in chosen:
            sent, days, status = None, (date(year + 1, 2, 1) - due).days, MISSING
        else:
            sent, days, status = due - timedelta(days=chance.randint(1, 6)), 0, "ON_TIME"
        made.append(Report(unit, str(quarter), due, sent, status, days, activities, activities == 0))
    return tuple(made)
