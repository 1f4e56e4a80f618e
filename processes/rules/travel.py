"""第九条(五)(六): who pays for a trip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.switches import default_choice

BY_DISTRICT = Ground("第九条(五)")
BY_FUND = Ground("第九条(六)")


class Trip(StrEnum):
    """What a planner travelled for."""

    CONSULTATION = "consultation"
    ON_SITE_GUIDANCE = "on_site_guidance"
    OWN_SURVEY = "own_survey"
    CITY_MEETING = "city_meeting"
    CITY_TRAINING = "city_training"
    OTHER = "other_project"


class Payer(StrEnum):
    """Who pays; a bureau only for the unit it serves."""

    DISTRICT_BUREAU = "DPB"
    WORK_FUND = "WORK_FUND"


class OwnSurvey(StrEnum):
    """Who pays for a planner's own survey (switch `travel.own_survey`)."""

    DISTRICT_IF_CONFIRMED = "district_if_confirmed"
    FUND = "fund"


DEFAULT_OWN_SURVEY = OwnSurvey(default_choice("travel.own_survey"))


@dataclass(frozen=True)
class TravelPayer:
    """The payer and the article; no payer and no ground where the regulation pays for nothing of the kind."""

    payer: Payer | None
    unit: str | None
    needs_approval: bool
    ground: Ground | None

    def __str__(self) -> str:
        return f"{self.payer}:{self.unit}" if self.payer is Payer.DISTRICT_BUREAU else str(self.payer or "")


def travel_payer(
    trip: Trip,
    unit: str | None = None,
    district_confirmed: bool = False,
    own_survey: OwnSurvey = DEFAULT_OWN_SURVEY,
) -> TravelPayer:
    """Who pays for a trip: the bureau of the unit served or the work fund (第九条(五)(六), R; surveys, meetings D).

    `ValueError` if the district is to pay and no unit is named.

    >>> str(travel_payer(Trip.CONSULTATION, "CQ-500240")), travel_payer(Trip.OTHER).payer
    ('DPB:CQ-500240', None)
    """
    served = trip in (Trip.CONSULTATION, Trip.ON_SITE_GUIDANCE)
    confirmed = trip is Trip.OWN_SURVEY and district_confirmed and own_survey is OwnSurvey.DISTRICT_IF_CONFIRMED
    if served or confirmed:
        if not unit:
            raise ValueError("a trip for a district names the unit served")
        return TravelPayer(Payer.DISTRICT_BUREAU, unit, not served, BY_DISTRICT)
    if trip in (Trip.OWN_SURVEY, Trip.CITY_MEETING, Trip.CITY_TRAINING):
        return TravelPayer(Payer.WORK_FUND, None, True, BY_FUND)
    return TravelPayer(None, None, True, None)
