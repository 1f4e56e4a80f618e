"""Who serves after the year of the story: certificates issued anew, a dismissal that followed, a post filled again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from processes.rules.years import DAY
from webapp.demo.year.story import Service, YearStory

DISMISSED, UNFIT, MOVED = "dismissed", "unfit", "moved"
FILLED_AGAIN = (3, 2)
"""Month and day of the next year on which the post of whoever was dismissed is filled again."""
ELIGIBLE = "route_A_ok"


def services_after(story: YearStory) -> list[Service]:
    """All appointments up to the present, those of the year among them."""
    return [*_ended(story), *_moved(story), *_filled_again(story)]


def _ended(story: YearStory) -> Iterator[Service]:
    """The appointments of the year, with what became of them."""
    unfit = {event.unit: event.until for event in story.of_kind("objection") if event.until and event.asks != "优秀"}
    gone = {unit: event.until for event in story.of_kind("boundary") for unit in event.units}
    for each in story.services:
        if not each.end_reason and each.unit in unfit:
            yield replace(each, end=unfit[each.unit] or each.end, end_reason=UNFIT)
        elif not each.end_reason and (moved_on := gone.get(each.unit)) is not None:
            yield replace(each, end=moved_on - DAY, end_reason=MOVED)
        else:
            yield each


def _moved(story: YearStory) -> Iterator[Service]:
    """New certificates of those whose unit was abolished, for the unit that follows it."""
    for event in story.of_kind("boundary"):
        if event.until is None or not event.by:
            continue
        staying = [each for each in story.services if each.unit in event.units and not each.end_reason]
        for number, each in enumerate(staying, 1):
            yield replace(each, unit=event.by, post=number, start=event.until, end=story.term[1])


def _filled_again(story: YearStory) -> Iterator[Service]:
    """The successor of whoever was dismissed in the year: somebody who was eligible and served nowhere."""
    known = {each.name for each in story.services}
    spare = iter([each for each in story.applicants if each.outcome == ELIGIBLE and each.name not in known])
    for number, event in enumerate(story.of_kind("dismiss"), len(story.services) + 1):
        before, follower = story.serving(event.unit, event.on), next(spare, None)
        if before is not None and follower is not None:
            start = date(story.year + 1, *FILLED_AGAIN)
            yield replace(
                before, planner=f"CP{number:03}", name=follower.name, start=start, end=story.term[1], end_reason=""
            )
