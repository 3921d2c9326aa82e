"""Authorizations on record: which are one, which speak of this booking, what is left of them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from . import codes
from .counting import counted
from .facts import Json, holds_on, to_day
from .names import canonical
from .sides import Side

MASSAGE_CODES = {"97124", "97140", "97112"}
FORM, MANAGER, EMPLOYER = "lni-f245-417", "lni-claim-manager", "lni-self-insurer"
PRIOR, NOT_REQUIRED, REFERRAL = "prior-authorization", "not-required", "referral"
APPROVAL = "clinic-approval"
BARE = (REFERRAL, NOT_REQUIRED, APPROVAL)  # these need neither visits nor dates
STRICTNESS = {"approved": 0, "requested": 1, "pended": 1, "denied": 2, "void": 3}
ASKED = ("requested", "pended")


@dataclass(frozen=True)
class Record:
    """``status``: approved, denied, revoked or asked."""

    status: str
    item: Json

    @property
    def said_on(self) -> str | None:
        return self.item.get("decided_on") or self.item.get("requested_on")

    @property
    def last(self) -> date:
        return to_day(self.item.get("to")) or date.max

    @property
    def first(self) -> date:
        return to_day(self.item.get("from")) or date.min


def rank(item: Json) -> tuple[str, str, int]:
    said = item.get("decided_on") or item.get("requested_on") or ""
    return said, item.get("to") or "9999", item.get("visits") or 0


def one_number(group: list[Json]) -> list[Record]:
    """Several records of one number: the newest counts."""
    top = max(group, key=lambda item: (rank(item), STRICTNESS[item["status"]]))
    if top["status"] == "void":
        again = [item for item in group if item["status"] in ASKED]
        again = [item for item in again if (item.get("requested_on") or "9") >= rank(top)[0]]
        return [Record("asked", max(again, key=rank))] if again else []
    decided = [item for item in group if item["status"] in ("approved", "denied")]
    asked = [item for item in group if item["status"] in ASKED]
    if not decided:
        return [Record("asked", max(asked, key=rank))]
    last = max(decided, key=lambda item: (rank(item), STRICTNESS[item["status"]]))
    status: str = last["status"]
    if status == "denied" and any(item["status"] == "approved" for item in group):
        status = "revoked"
    said = Record(status, last).said_on
    later = [item for item in asked if (item.get("requested_on") or "9999") >= (said or "")]
    return [Record(status, last), *(Record("asked", item) for item in later)]


def on_record(side: Side, *kinds: str) -> list[Record] | None:
    """What is on record of these kinds and may speak of this episode; None where unknown."""
    listed = side.facts.request.get("authorizations")
    if listed is None:
        return None
    mine = [
        {"status": "pended", **item}
        for item in listed
        if item.get("kind") in kinds and canonical(item.get("payer")) == canonical(side.payer)
    ]
    named = sorted((i for i in mine if i.get("number")), key=name_of)
    found = [r for _, group in groupby(named, key=name_of) for r in one_number(list(group))]
    for item in mine:
        found += [] if item.get("number") else one_number([item])
    first = side.facts.day
    if side.facts.countable and side.served:
        first = min([entry.day for entry in counted(side)], default=first)
    return [record for record in found if record.last >= first]


def name_of(item: Json) -> tuple[str, str]:
    return item["kind"], "".join(item["number"].lower().split())


def fits(side: Side, item: Json) -> bool:
    """Whether it speaks of massage, and of what is on the prescription."""
    spoken = item.get("codes")
    if spoken and not MASSAGE_CODES & set(spoken):
        return False
    ours, theirs = (side.paper or {}).get("diagnoses"), item.get("diagnoses")
    return not ours or not theirs or codes.share(ours, theirs)


def complete(item: Json) -> bool:
    """Whether an approval says enough to be used."""
    dated, visits = bool(item.get("from") or item.get("to")), item.get("visits") is not None
    if item["kind"] == FORM or item["kind"] in BARE:
        return True
    return (dated or visits) if item["kind"] in (MANAGER, EMPLOYER) else (dated and visits)


def covers_day(side: Side, item: Json) -> bool:
    return holds_on(item, side.facts.day)


def left_over(side: Side, records: list[Record], days: list[date]) -> list[float]:
    """What is left of each once every visit went to the number that ends first and has one left.
    Visits to `used_on` are among those that the payer counts as used."""
    order = sorted(records, key=lambda r: (r.last, r.first, str(r.item.get("number"))))
    total: dict[int, float] = {}
    told: dict[int, int] = {}
    for record in order:
        visits, used = record.item.get("visits"), record.item.get("used") or 0
        total[id(record)] = float("inf") if visits is None else visits - used
        told[id(record)] = used
    for day in sorted(days):
        for record in order:
            if not record.first <= day <= record.last:
                continue
            if record.item.get("used") is not None and day <= used_on(side, record.item):
                if told[id(record)] <= 0:
                    continue
                told[id(record)] -= 1
                break
            if total[id(record)] > 0:
                total[id(record)] -= 1
                break
    return [total[id(record)] for record in records]


def used_on(side: Side, item: Json) -> date:
    return to_day(item.get("used_on")) or side.facts.today


def newer(asked: list[Record], lost: list[Record]) -> bool:
    """Whether something was asked for not before the last of these was said; undated is newer."""
    said: list[Any] = [record.said_on for record in lost if record.said_on is not None]
    if not said:
        return bool(asked)
    return any((r.item.get("requested_on") or "9999") >= max(said) for r in asked)
