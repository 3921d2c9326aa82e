"""Prescriptions: until when they run, what they order, and which visit uses which."""

from datetime import date, timedelta

from .facts import Facts, Json, add_months, to_day

DAYS = {"day": 1, "week": 7, "month": 30}


def frequency(paper: Json) -> tuple[int, int] | None:
    """Times, per how many days."""
    part = paper.get("frequency") or {}
    if part.get("times") is None or part.get("per") is None:
        return None
    return part["times"], DAYS[part["per"]]


def duration(paper: Json) -> tuple[int, str] | None:
    part = paper.get("duration") or {}
    if part.get("count") is None or part.get("unit") is None:
        return None
    return part["count"], part["unit"]


def last_day(paper: Json) -> date | None:
    """The last day on which it holds; None where it names no end."""
    signed, length = to_day(paper.get("signed_on")), duration(paper)
    if signed is None or length is None:
        return None
    count, unit = length
    return add_months(signed, count) if unit == "month" else signed + timedelta(count * DAYS[unit])


def ordered(paper: Json) -> int | None:
    if paper.get("visits") is not None:
        return int(paper["visits"])
    rate, length = frequency(paper), duration(paper)
    if rate is None or length is None:
        return None
    return rate[0] * length[0] * DAYS[length[1]] // rate[1]


def runs_on(paper: Json, day: date) -> bool:
    signed, last = to_day(paper.get("signed_on")), last_day(paper)
    return signed is not None and signed <= day and (last is None or day <= last)


def order(paper: Json) -> tuple[date, str, str]:
    """First the one that ends first, then the earlier signed, then by id."""
    last = last_day(paper) or date.max
    return last, paper.get("signed_on", ""), paper.get("id", "")


def used_up(facts: Facts, papers: list[Json]) -> dict[int, int]:
    """How many visits each prescription (by its place) has lost to visits before this booking."""
    used = dict.fromkeys(range(len(papers)), 0)
    here = [entry for entry in facts.entries if entry.massage and entry.ours]
    for entry in here:
        for place, paper in enumerate(papers):
            named = entry.prescription is not None and entry.prescription == paper.get("id")
            if named and (to_day(paper.get("signed_on")) or date.min) <= entry.day:
                used[place] += 1
    places = sorted(used, key=lambda place: order(papers[place]))
    for entry in here:
        if entry.prescription is not None:
            continue
        for place in places:
            limit = ordered(papers[place])
            if runs_on(papers[place], entry.day) and (limit is None or used[place] < limit):
                used[place] += 1
                break
    return used
