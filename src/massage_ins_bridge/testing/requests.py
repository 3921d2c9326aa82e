"""Check requests for tests: a valid one per payer, changed field by field, and what came of it.

``request("regence", **{"prescriptions.0.signed": False}, visits=visits("regence", "2026-11-20"))``
is a booking on 2026-12-08, seen a week before, to which every rule says yes but for what is
changed, where the payer covers massage at all. ``...`` as a value removes the field.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ..api import Chart
from ..domain.declared import NO_WORDS
from ..domain.request import read_request
from ..hooks.host import Host
from ..hooks.loading import installed
from . import PATIENCE, raise_first

Json = dict[str, Any]

START, END = "2026-12-08T10:00:00-08:00", "2026-12-08T11:00:00-08:00"
AS_OF = "2026-12-01T09:00:00-08:00"
#: Payers that pay by claim: their coverage has a claim and no benefit.
CLAIM_NUMBERS = {"lni": "AB12345", "pip": "PIP-2026-77", "crime-victims": "VA12345"}
#: Payers that ask for an approval of each kind before the first visit.
APPROVALS = {"kaiser": ("prior-authorization", "referral"), "va": ("prior-authorization",)}
STATUSES = ("met", "waived", "due", "unknown", "unmet")
FIELDS = (
    "outcome",
    "payer",
    "route",
    "payment_at_visit",
    "visit_number",
    "self_pay_offered",
    "self_pay_terms",
    "rules_as_of",
    "ruleset",
)


def request(payer: str = "regence", **changes: Any) -> Json:
    """A check request that is allowed, with changes by dotted path (list places by number)."""
    made: Json = {
        "as_of": AS_OF,
        "clinic": {
            "network": {payer: [{"status": "in", "from": "2015-01-01"}]},
            "prior_approval": "payer",
            "prescription_lead_days": 4,
        },
        "booking": {
            "start": START,
            "end": END,
            "service": "medical-massage",
            "self_pay": False,
            "payer": payer,
        },
        "patient": {
            "name": "Test Patient",
            "birth_date": "1980-02-03",
            "intake_received": True,
            "acknowledged_on": "2026-11-20",
        },
        "coverages": [_coverage(payer)],
        "prescriptions": [_prescription()],
        "authorizations": [authorization(payer, kind) for kind in APPROVALS.get(payer, ())],
        "visits": [],
        "upcoming": [],
        "progress_reports": [],
    }
    for path, value in changes.items():
        change(made, path, value)
    return made


def _coverage(payer: str) -> Json:
    shared: Json = {
        "payer": payer,
        "plan": f"{payer} plan",
        "group_number": "10055555",
        "member_id": "ZZZ123",
        "position": "primary",
        "staff_confirmed": True,
    }
    if payer in CLAIM_NUMBERS:
        shared["claim"] = {
            "number": CLAIM_NUMBERS[payer],
            "status": "open",
            "date_of_injury": "2026-09-15",
            "insurer_kind": "state_fund",
            "attending": {"name": "Dr Example", "npi": "1234567893"},
        }
        return shared
    return shared | {
        "funding": "fully_insured",
        "visit_limit": 24,
        "visits_used": 0,
        "cost_share": {"copay": "20.00", "coinsurance_percent": "20", "deductible": "500.00"},
    }


def _prescription() -> Json:
    return {
        "id": "rx1",
        "signed_on": "2026-10-29",
        "received_on": "2026-11-08",
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {
            "name": "Dr Example",
            "credential": "MD",
            "npi": "1234567893",
            "state": "WA",
        },
        "diagnoses": ["M54.2"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "month"},
        "visits": 30,
        "pain": True,
        "loss_of_function": "cannot sit longer than 20 minutes",
        "purpose": "rehabilitation",
    }


def authorization(payer: str, kind: str = "prior-authorization", **more: Any) -> Json:
    """An approval of 30 visits around the booking; ``more`` changes it, ``from_`` is ``from``."""
    made = {
        "payer": payer,
        "kind": kind,
        "number": "A1",
        "status": "approved",
        "requested_on": "2026-11-01",
        "visits": 30,
        "from": "2026-10-01",
        "to": "2027-03-01",
    }
    made.update({key.rstrip("_"): value for key, value in more.items()})
    return {key: value for key, value in made.items() if value is not ...}


def visits(payer: str | None, *days: str, **more: Any) -> list[Json]:
    """Massages done at this clinic on these days; ``more`` changes each."""
    kept = {"payer": payer, "modality": "massage", "provider": "this-clinic"}
    return [{"on": day, **kept, **more} for day in days]


def bookings(payer: str | None, *starts: str, **more: Any) -> list[Json]:
    """Massages booked at this clinic at these times; ``more`` changes each."""
    kept = {"payer": payer, "modality": "massage", "provider": "this-clinic"}
    return [{"start": start, **kept, **more} for start in starts]


def days(count: int, first: int = 10) -> list[str]:
    """``count`` days of November 2026, one after the other, as texts."""
    return [f"2026-11-{first + place:02}" for place in range(count)]


def change(made: Json, path: str, value: Any) -> None:
    """Set the field at a dotted path; one place past a list's end appends, ``...`` removes."""
    *parents, last = path.split(".")
    target: Any = made
    for part in parents:
        if isinstance(target, list) and int(part) == len(target):
            target.append({})
        target = target[int(part)] if isinstance(target, list) else target.setdefault(part, {})
    if value is ...:
        target.pop(int(last)) if isinstance(target, list) else target.pop(last, None)
    elif isinstance(target, list):
        target[int(last) : int(last) + 1] = [copy.deepcopy(value)]
    else:
        target[last] = copy.deepcopy(value)


def host_of(
    *plugins: str,
    points: Iterable[Any] = (),
    overrides: Iterable[Mapping[str, Any]] = (),
    time_limit: float = PATIENCE,
) -> Host:
    """A host over the shared rules and these installed plugins alone, whatever else is there;
    ``points`` are entry points of more, or what stands for them."""
    wanted = {"core", *plugins}
    found = [point for point in installed() if point.name in wanted]
    missing = wanted - {point.name for point in found}
    if missing:
        raise LookupError(f"not installed: {', '.join(sorted(missing))}")
    return Host.load(points=[*found, *points], overrides=overrides, time_limit=time_limit)


@lru_cache(maxsize=32)
def small_host(*plugins: str) -> Host:
    """``host_of`` without overrides, made once per process."""
    return host_of(*plugins)


def finished(made: Json, host: Host) -> list[tuple[str, str | None]]:
    """What is owed once the booking is done: kinds of work, each with its day."""
    case = host.case(chart_of(made, host))
    actions, failed = host.visit_complete(case, host.decide_case(case))
    raise_first(failed)
    return [(item.kind, item.due.isoformat() if item.due else None) for item in actions]


def uploaded(made: Json, host: Host) -> tuple[dict[str, str], tuple[str, ...]]:
    """How each field of the request's first prescription stands (of several findings the worst),
    and the keys that it may cure."""
    case = host.case(chart_of(made, host))
    answer, failed = host.prescription_upload(case, (case.prescriptions or ())[0])
    raise_first(failed)
    worst_last = sorted(answer.findings, key=lambda item: STATUSES.index(item.status))
    return {item.field: item.status for item in worst_last}, answer.may_cure


def chart_of(made: Json, host: Host | None = None) -> Chart:
    """The request as a host takes it, with what its plugins declare where one is given."""
    return read_request(made, datetime.now(UTC), words=host.words if host else NO_WORDS)


def requirement(decision: Json, key: str) -> Json | None:
    """The requirement of that key, or nothing where it was left out."""
    found = [item for item in decision["requirements"] if item["key"] == key]
    return found[0] if found else None


def shown(decision: Json, name: str) -> Any:
    """What a decision says under a name: a field as it is; ``actions`` and ``waivers`` as sorted
    kinds and rules; ``due KEY``, ``rule KEY``, ``message KEY`` … of a requirement; under a
    requirement's key ``status/effect``, or ``-`` where it was left out."""
    if name in FIELDS:
        return decision[name]
    if name == "actions":
        return sorted({item["kind"] for item in decision["actions"]})
    if name == "waivers":
        return sorted(f"{item['rule']} {item['strength']}" for item in decision["waivers"])
    field, _, key = name.rpartition(" ")
    item = requirement(decision, key)
    if field:
        return item[field] if item else None
    return f"{item['status']}/{item['effect']}" if item else "-"


def told(decision: Json, names: Iterable[str]) -> Json:
    """``shown`` for each name, to be compared with a row of expectations."""
    return {name: shown(decision, name) for name in names}
