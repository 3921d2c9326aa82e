"""The small vocabulary of a decision, and counting of visits."""

from datetime import date
from typing import Any

from .facts import Entry, Facts, Json

EFFECTS = ("none", "warn", "hold", "block")
KEYS = (
    *("coverage", "network", "intake", "guardian-consent", "prescription"),
    *("diagnosis.reimbursable", "prescription.signature", "prescription.diagnosis"),
    *("prescription.frequency", "prescription.duration", "prescription.prescriber"),
    *("prescription.current", "prescription.visits", "prescription.lead-time"),
    *("medical-necessity", "clinic-approval", "identity"),
    *("prior-authorization", "claim", "progress-report", "same-day-care", "benefit", "cost-share"),
)
EPISODE_DAYS = 90


def stand(status: str, effect: str = "none", due: date | None = None, **more: Any) -> Json:
    """How a requirement stands. `also`: other statuses the text leaves open; `optional`: may be
    left out. A `due` of None means that the text names no date."""
    return {"status": status, "effect": effect, "due": due and due.isoformat(), **more}


def met() -> Json:
    return stand("met")


def unmet(effect: str, **more: Any) -> Json:
    return stand("unmet", effect, **more)


def unknown(effect: str = "hold", **more: Any) -> Json:
    return stand("unknown", effect, **more)


def open_hold(**more: Any) -> Json:
    """The text says hold and no more: unmet or unknown."""
    return unmet("hold", also=["unknown"], **more)


def cost(item: Json) -> int:
    return EFFECTS.index(item["effect"])


def costlier(*items: Json) -> Json:
    return max(items, key=cost)


def resting_on(item: Json, confirmed: bool) -> Json:
    """A requirement that rests on a fact the staff has or has not confirmed."""
    if confirmed:
        return item
    if item["status"] == "met":
        return unknown()
    if item["status"] == "unmet" and item["effect"] == "block":
        return {**item, "effect": "hold"}
    return item


def ours(facts: Facts, entries: list[Entry] | None) -> list[Entry]:
    """Massage at this clinic for the billed payer (and, where one is given, the claim)."""
    claim = facts.claim.get("number")
    return [
        item
        for item in entries or []
        if item.payer == facts.payer
        and item.massage
        and item.ours
        and (facts.payer != "lni" or claim is None or item.claim_number in (None, claim))
    ]


def run_back(days: list[date], last: date) -> list[date]:
    """The days that hang together with `last` without a gap of more than 90 days."""
    kept: list[date] = []
    for day in sorted(days, reverse=True):
        if (last - day).days > EPISODE_DAYS:
            break
        kept.append(day)
        last = day
    return sorted(kept)


def own_days(facts: Facts) -> list[date]:
    entries = (facts.done or []) + (facts.before or [])
    return sorted(item.day for item in ours(facts, entries))


def episode(facts: Facts) -> list[date]:
    """Days of this episode's visits before the booking."""
    days = own_days(facts)
    return days if facts.payer == "lni" else run_back(days, facts.day)


def number(facts: Facts) -> int | None:
    if not facts.countable or facts.payer is None:
        return None
    return len(episode(facts)) + 1


def chain_number(facts: Facts) -> int | None:
    """The law's count: massage anywhere, whoever paid."""
    if not facts.countable:
        return None
    entries = (facts.done or []) + (facts.before or [])
    return len(run_back([item.day for item in entries if item.massage], facts.day)) + 1
