"""How authorizations of one kind stand for a booking."""

from dataclasses import dataclass
from datetime import date

from .facts import to_day
from .records import (
    NOT_REQUIRED,
    Record,
    complete,
    covers_day,
    fits,
    left_over,
    newer,
    on_record,
)
from .sides import Side


@dataclass(frozen=True)
class Stand:
    """``name``: unknown, not-required, covered, denied, denied-asked, revoked, asked, incomplete,
    unfit, used, none. ``unspent``: whether approved visits are left to be completed before more
    can be asked for; ``of_day``: whether one of them holds the day."""

    name: str
    unspent: bool = False
    of_day: bool = True


def stand(
    side: Side,
    kinds: tuple[str, ...],
    days: list[date],
    done: list[date],
    answer: tuple[str, ...] = (NOT_REQUIRED,),
) -> Stand:
    """``days``: the visits that use up what is approved; ``done``: those completed; ``answer``: the
    kind of record by which the payer says that none is needed."""
    records = on_record(side, *kinds, *answer)
    if records is None:
        return Stand("unknown")
    answers = [r for r in records if r.item["kind"] == NOT_REQUIRED]
    if any(r.status == "approved" and covers_day(side, r.item) for r in answers):
        return Stand("not-required")
    records = [r for r in records if r.item["kind"] != NOT_REQUIRED]
    approved = [r for r in records if r.status == "approved"]
    good = [r for r in approved if fits(side, r.item) and complete(r.item)]
    left = left_over(side, good, days)
    if any(rest > 0 and covers_day(side, r.item) for r, rest in zip(good, left, strict=True)):
        return Stand("covered")
    name = refused_or_asked(side, records, good)
    if name is None:
        partial = [r for r in approved if r not in good and covers_day(side, r.item)]
        if any(fits(side, r.item) for r in partial):
            name = "incomplete"
        else:
            name = "unfit" if partial else ("used" if good else "none")
    rest = left_over(side, good, done)
    today = side.facts.today
    unspent = any(n > 0 and r.last >= today for r, n in zip(good, rest, strict=True))
    return Stand(name, unspent, any(covers_day(side, r.item) for r in good))


def refused_or_asked(side: Side, records: list[Record], good: list[Record]) -> str | None:
    """A denial that no later approval supersedes; what was revoked; what was asked for."""
    asked = [r for r in records if r.status == "asked"]
    denied = [
        r
        for r in records
        if r.status == "denied" and fits(side, r.item) and not superseded(r, good)
    ]
    if denied:
        return "denied-asked" if newer(asked, denied) else "denied"
    if any(r.status == "revoked" and fits(side, r.item) for r in records):
        return "revoked"
    return "asked" if asked and newer(asked, good) else None


def superseded(denied: Record, good: list[Record]) -> bool:
    said = to_day(denied.said_on)
    return any(said and (to_day(r.said_on) or date.min) > said for r in good)
