"""What claims and funding must be checked for: days, standards, invoices, wages, the budget (第九条(四)(五)(六))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.answers import identified, needed_day, rows, text
from handlers.checking import Problems
from handlers.expenses.trips import TripFacts, payer_of, trips_of
from handlers.registry import validator
from processes import clock
from processes.engine.house import FormCheck
from processes.forms.display import yuan
from processes.messages import message
from processes.registers.claims import claim_of, claimed_trips, standards, taken_days, taken_invoices
from processes.registers.work_funds import fund_on
from processes.rules.allowances import Night, Standard, days_between, lodging_limit, over_limit

AROUND = timedelta(days=1)
"""Days before and after the activity that belong to the trip (D)."""
CLAIM_DAYS, MOST_RETURNS, LONGEST = 30, 2, 60
WAGES = ("工资", "薪", "津贴", "奖金", "劳务", "咨询费", "评审费", "讲课费", "专家费", "加班", "福利", "酬")
"""Words that name pay: it stays with the employer (第九条(四))."""
_TABLES = ("trip_rows", "lodging_rows", "other_rows")


@validator("expenses.claim", zh="差旅费：行程、票据与标准", en="Claim: trip, invoices, standards")
def claim(check: FormCheck) -> None:
    """One claim a person and trip, its days in the trip, each invoice once, nothing above the standard, no pay."""
    problems, given = Problems(), check.answers
    if text(given, "doing") == "撤回":
        return
    person_id = identified(check.data["started_by"])
    known = {each.key: each for each in trips_of(check.session, person_id)}
    trip = known.get(given["trip_key"])
    taken = claimed_trips(check.session, person_id) - {check.data.get("trip_key")}
    if trip is None or payer_of(check.session, trip).payer is None:
        problems.add("trip_key", message("没有可报销的已确认活动，不能报销。"))
    elif trip.key in taken:
        problems.add("trip_key", message("该行程已报销，一次行程只报销一次。"))
    else:
        _days(check, trip, problems)
        _lodging(check, problems)
    _invoices(check, problems)
    _no_wages(given, problems)
    problems.refuse()


def _days(check: FormCheck, trip: TripFacts, problems: Problems) -> None:
    given = check.answers
    first, last = needed_day(given, "first_day"), needed_day(given, "last_day")
    if last < first or (last - first).days > LONGEST:
        problems.add("last_day", message("截止日期应不早于起始日期。"))
        return
    earliest, latest = trip.first - AROUND, trip.last + AROUND
    if first < earliest or last > latest:
        problems.add("first_day", message("行程日期应在活动前后一日之内（%(first)s至%(last)s）。",
                                          first=earliest.isoformat(), last=latest.isoformat()))  # fmt: skip
    for key in _TABLES:
        for place, row in enumerate(rows(given, key)):
            if not first <= needed_day(row, "day") <= last:
                problems.add(f"{key}.{place}.day", message("日期应在本报销单的起止日期之内。"))
    person_id = identified(check.data["started_by"])
    found = taken_days(check.session, person_id, days_between(first, last), check.case.id)
    for day, number in sorted(found.items()):
        told = message("%(day)s已在报销单%(number)s中；一次行程到两个区县的，按日分别填报。",
                       day=day.isoformat(), number=number)  # fmt: skip
        problems.add("first_day", told)
    if clock.today() > last + timedelta(days=CLAIM_DAYS) and not text(given, "late_reason"):
        problems.add("late_reason", message("行程结束已超过30日，请说明理由。"))


def _lodging(check: FormCheck, problems: Problems) -> None:
    given = check.answers
    listed = rows(given, "lodging_rows")
    if listed and given.get("host_hotel"):
        problems.add("lodging_rows", message("主办方提供住宿的，不能报销住宿费。"))
        return
    nights = [Night(needed_day(row, "day"), row["nights"], row["amount"]) for row in listed]
    standard = standards(check.session)[Standard.LODGING]
    for place in over_limit(nights, standard):
        limit = lodging_limit(nights[place], standard)
        problems.add(f"lodging_rows.{place}.amount", message("超过住宿标准（%(limit)s元）。", limit=yuan(limit)))
    if sum(night.nights for night in nights) > (needed_day(given, "last_day") - needed_day(given, "first_day")).days:
        problems.add("lodging_rows", message("住宿晚数超过行程天数。"))


def _invoices(check: FormCheck, problems: Problems) -> None:
    places = [
        (f"{key}.{place}.invoice", text(row, "invoice"))
        for key in _TABLES
        for place, row in enumerate(rows(check.answers, key))
        if text(row, "invoice")
    ]
    counts = Counter(number for _, number in places)
    used = taken_invoices(check.session, counts, check.case.id)
    for path, number in places:
        if number in used:
            problems.add(path, message("该票据号码已在报销单%(number)s中使用。", number=used[number]))
        elif counts[number] > 1:
            problems.add(path, message("票据号码在本报销单中重复。"))


def _no_wages(given: Mapping[str, Any], problems: Problems) -> None:
    for key, column in (("other_rows", "name"), ("trip_rows", "vehicle")):
        for place, row in enumerate(rows(given, key)):
            if any(word in text(row, column) for word in WAGES):
                told = message("工资、劳务等报酬由所在单位发放，不在差旅费中报销（第九条（四））。")
                problems.add(f"{key}.{place}.{column}", told)


@validator("expenses.decide", zh="报销审核：最多退回两次", en="Claim returned twice at most")
def decide(check: FormCheck) -> None:
    """A claim is returned twice at most."""
    problems = Problems()
    found = claim_of(check.session, identified(check.data["claim_id"]))
    if text(check.answers, "decision") == "退回" and found.returns >= MOST_RETURNS:
        problems.add("decision", message("该报销单已退回两次，请同意或不予报销。"))
    problems.refuse()


@validator(
    "expenses.fund",
    zh="工作经费：每年一次，不超预算，凭已确认工作",
    en="Fund: once a year, in budget, for confirmed work",
)
def fund(check: FormCheck) -> None:
    """One funding a year, within the budget; nobody is given anything without confirmed work (第九条(六))."""
    problems, given = Problems(), check.answers
    listed = rows(given, "fund_rows")
    total = sum(row.get("amount") or 0 for row in listed)
    if given["fund_year"] != check.data["fund_year"]:
        problems.add("fund_year", message("核定依据是%(year)s年度的，请勿更改年度。", year=check.data["fund_year"]))
    known = fund_on(check.session, given["fund_year"])
    if known is not None and known.case_id != check.case.id:
        problems.add("fund_year", message("%(year)s年度工作经费已在办理或已核定。", year=given["fund_year"]))
    if total > given["budget"]:
        over = yuan(total - given["budget"])
        problems.add("budget", message("分配合计超过预算%(over)s元。", over=over))
    for place, (work, row) in enumerate(zip(check.data["fund_rows"], listed, strict=True)):
        if row.get("amount") and not work["consultations"] + work["visits"] + work["opinions"]:
            problems.add(f"fund_rows.{place}.amount", message("没有已确认的工作，不能分配工作经费。"))
        elif row.get("amount") and not text(row, "reason"):
            problems.add(f"fund_rows.{place}.reason", message("请填写分配理由。"))
    problems.refuse()
