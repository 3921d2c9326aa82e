"""Claims of L&I and PIP, and L&I's progress reports."""

import re
from datetime import date
from decimal import Decimal

from .facts import Facts, Json, add_months, canonical, to_day
from .terms import costlier, episode, met, number, open_hold, resting_on, stand, unknown, unmet

LNI_NUMBER = re.compile(r"[A-Z][0-9]{6}|[A-Z]{2}[0-9]{5}")
CRIME_VICTIMS = "V"
PIP_MONTHS = 36
REPORT_EVERY = 6


def claim(facts: Facts) -> Json | None:
    if facts.payer not in ("lni", "pip"):
        return None
    checks = [claim_number(facts), claim_status(facts), injury(facts), money(facts)]
    return resting_on(costlier(*checks), facts.confirmed)


def claim_number(facts: Facts) -> Json:
    given = facts.claim.get("number")
    if given is None:
        return open_hold()
    if facts.payer == "lni" and not LNI_NUMBER.fullmatch(given):
        return open_hold()
    if facts.payer == "lni" and given.startswith(CRIME_VICTIMS):
        return open_hold()
    return met()


def claim_status(facts: Facts) -> Json:
    status = facts.claim.get("status")
    if status == "rejected":
        return unmet("block")
    closed_on = to_day(facts.claim.get("closed_on"))
    over = closed_on is not None and facts.day > closed_on
    if status == "allowed" or (status == "closed" and closed_on):
        return unmet("block") if over else met()
    if status == "open":
        return open_hold() if over else met()
    return open_hold()


def money(facts: Facts) -> Json:
    left = facts.claim.get("benefit", {}).get("left")
    return open_hold() if left is not None and Decimal(left) <= 0 else met()


def injury(facts: Facts) -> Json:
    day = to_day(facts.claim.get("date_of_injury"))
    if day is None:
        return open_hold() if facts.payer == "pip" else met()
    if facts.day < day:
        return open_hold()
    if facts.payer == "pip" and facts.day > add_months(day, PIP_MONTHS):
        return unmet("block")
    return met()


def triggers(facts: Facts, days: list[date]) -> list[tuple[date, date]]:
    """(Day from which the report is owed, day from which a report counts)."""
    by_month = (add_months(days[0], 1), days[0])
    return [by_month, *((day, day) for day in days[REPORT_EVERY - 1 :: REPORT_EVERY])]


def progress_report(facts: Facts) -> tuple[Json | None, set[str]]:
    """The requirement and the undetermined keys."""
    if facts.payer != "lni":
        return None, set()
    loose = {"progress-report"}
    if facts.done is None:
        return unknown(), set()
    days = episode(facts)
    if not any(day < facts.day and day <= facts.today for day in days):
        return stand("due", also=["met"], optional=True), loose
    visit, listed = number(facts) or len(days) + 1, facts.request.get("progress_reports")
    reports = [item for item in listed or [] if canonical(item.get("payer")) == "lni"]
    if visit > REPORT_EVERY:
        reports = [item for item in reports if item.get("improvement") is not None]
    found = owed(facts, triggers(facts, days), reports, listed is None)
    latest = max(reports, key=lambda item: str(item["on"]), default=None)
    if visit > REPORT_EVERY and latest and latest["improvement"] is False:
        found = open_hold()
    return found, set() if facts.upcoming_known else loose


def owed(facts: Facts, marks: list[tuple[date, date]], reports: list[Json], blank: bool) -> Json:
    sent = [day for item in reports if (day := to_day(item.get("on")))]
    left = [day for day, since in marks if not any(on >= since for on in sent)]
    if any(facts.today > day for day in left):
        return unknown() if blank else unmet("hold")
    if not left or sent:
        return stand("due" if left else "met", also=["due", "met"])
    only_month = len(marks) == 1 and (number(facts) or REPORT_EVERY) < REPORT_EVERY
    return stand("due", due=min(left) if only_month else None)
