"""What every payer shares: coverage, coordination, network, intake, same day, clinic approval."""

import calendar
from dataclasses import replace
from datetime import date

from . import codes
from .facts import Json, holds_on, to_day
from .names import CLAIM_PAYERS, NO_NETWORK
from .oracle_lni import second_massage
from .records import APPROVAL, covers_day, newer, on_record
from .sides import Side, payer_of, primaries
from .terms import Item, costlier, met, open_hold, resting_on, unknown, unmet

RUNNING = ("open", "allowed", "pending", "reopening")
NOT_INSURERS = (None, "self-pay", "cash")
CONFIRM, SETTLE = "confirm-coverage", "settle-coordination"


def coverage(side: Side) -> Item:
    if side.stands != "met" or len(primaries(side)) > 1:
        held = unmet("hold") if side.stands == "unmet" else unknown()
        return replace(held, may=(CONFIRM,))
    item = resting_on(met(), confirmed=side.confirmed)
    return item if side.confirmed else replace(item, actions=((CONFIRM, None),))


def coordination(side: Side) -> Item | None:
    if side.payer in CLAIM_PAYERS or not side.served:
        return None
    found = costlier(injury(side), claims(side), secondary(side))
    item = resting_on(found, confirmed=side.confirmed or side.coverage is None)
    if found.status == "met":
        return replace(item, optional=not applies(side), may=(SETTLE,))
    return item


def applies(side: Side) -> bool:
    """Whether there is anything that might have to be settled."""
    second = side.get("position") == "secondary"
    return second or bool(side.facts.booking.get("injury")) or bool(running(side))


def running(side: Side) -> list[Json]:
    """Claims of coverages in force that may pay first."""
    return [
        item["claim"]
        for item in side.facts.request.get("coverages") or []
        if payer_of(item) in CLAIM_PAYERS
        and (item.get("claim") or {}).get("status") in RUNNING
        and holds_on(item, side.facts.day)
    ]


def injury(side: Side) -> Item:
    held = side.facts.booking.get("injury") in ("work", "auto")
    return unmet("hold", (SETTLE, None)) if held else met()


def claims(side: Side) -> Item:
    """A running claim for what may be the same part of the body."""
    if side.facts.booking.get("injury") == "neither":
        return met()
    given = (side.paper or {}).get("diagnoses")
    for said in running(side):
        accepted = said.get("accepted_diagnoses")
        if not given or not accepted or codes.share(given, accepted):
            return unmet("hold", (SETTLE, None))
    return met()


def secondary(side: Side) -> Item:
    if side.get("position") != "secondary" or not side.in_force:
        return met()
    first = primaries(side)
    sure = len(first) == 1 and first[0].confirmed and first[0].served
    return met() if sure else unknown("hold", (SETTLE, None))


def network(side: Side) -> Item | None:
    if side.payer in NO_NETWORK or side.payer is None:
        return None
    if side.network == "unknown":
        return unknown()
    if side.network == "in":
        return met()
    if side.payer in ("lni", "va"):
        return unmet("hold")
    return replace(met(), also=("unmet",))


def intake(side: Side) -> Item:
    facts, received = side.facts, side.facts.patient("intake_received")
    if received is True:
        return met()
    if received is False:
        return replace(unmet("hold"), due=facts.lead)
    return replace(unknown(), due=facts.lead, also=("unmet",))


def guardian(side: Side) -> Item | None:
    """Asked of whom is known to be under age on the day of the visit."""
    facts, born = side.facts, to_day(side.facts.patient("birth_date"))
    if born is None:
        return None
    year = born.year + facts.clinic("adult_age", 18)
    leap_day = (born.month, born.day) == (2, 29) and not calendar.isleap(year)
    if (date(year, 3, 1) if leap_day else born.replace(year=year)) <= facts.day:
        return None
    consent = facts.patient("guardian_consent")
    if consent is True:
        return met()
    return replace(unknown() if consent is None else unmet("hold"), due=facts.lead)


def same_day(side: Side) -> Item | None:
    facts = side.facts
    effect = "hold" if side.network == "in" and side.payer != "pip" else "warn"
    everything = [*facts.entries, *facts.other]
    elsewhere = any(
        e.day == facts.day and not e.ours and e.payer not in NOT_INSURERS for e in everything
    )
    second = second_massage(side)
    if elsewhere:
        return costlier(unmet(effect), second or met())
    if second is not None and (facts.countable or second.effect != "none"):
        return second
    return met() if facts.countable else None


def clinic_approval(side: Side) -> Item | None:
    if side.facts.clinic("prior_approval", "payer") != "always":
        return None
    may = ("request-authorization", "chase-authorization", "appeal")
    records = on_record(side, APPROVAL)
    if records is None:
        return unknown(may=may)
    good = [r for r in records if r.status == "approved"]
    if any(covers_day(side, r.item) for r in good):
        return met()
    denied = [
        r
        for r in records
        if r.status == "denied" and not any((g.said_on or "") > (r.said_on or "9999") for g in good)
    ]
    asked = [r for r in records if r.status == "asked"]
    if denied and not newer(asked, denied):
        return unmet("block", may=may)
    return open_hold(may=may)


def identity(side: Side) -> Item | None:
    return unknown() if side.facts.patient("identity") == "doubtful" else None
