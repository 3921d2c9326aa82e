"""One realistic booking, and variants of it that touch every rule measured: the facts of a check
request. Synthetic people only."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Facts = dict[str, Any]
ZONE = "America/Los_Angeles"
_DAYS = frozenset(
    {"signed_on", "received_on", "requested_on", "from", "to", "on", "acknowledged_on"}
)
_TIMES = frozenset({"start", "end", "as_of"})


def third_visit() -> Facts:
    """Regence, self-insured, third visit of the episode, within an approved authorization."""
    return {
        "as_of": "2026-12-01T09:00:00-08:00",
        "clinic": {
            "timezone": ZONE,
            "network": {"regence": [{"status": "in", "from": "2015-01-01"}]},
            "prior_approval": "always",
            "prescription_lead_days": 4,
        },
        "booking": {
            "start": "2026-12-08T10:00:00-08:00",
            "end": "2026-12-08T11:00:00-08:00",
            "service": "medical-massage",
            "self_pay": False,
            "payer": "regence",
        },
        "patient": {"intake_received": True, "acknowledged_on": "2026-11-02"},
        "coverages": [_coverage()],
        "prescriptions": [_prescription()],
        "authorizations": [
            {
                "payer": "regence",
                "kind": "prior-authorization",
                "number": "A123",
                "status": "approved",
                "requested_on": "2026-11-24",
                "visits": 4,
                "from": "2026-11-20",
                "to": "2027-01-20",
            },
            {"payer": "regence", "kind": "clinic-approval", "status": "approved"},
        ],
        "visits": [_visit("2026-11-22"), {**_visit("2026-03-02"), "provider": "other"}],
        "upcoming": [_upcoming("2026-12-04T10:00:00-08:00")],
    }


def _coverage() -> Facts:
    return {
        "payer": "regence",
        "plan": "Regence Innova",
        "group_number": "10012345",
        "member_id": "ZZZ123",
        "position": "primary",
        "funding": "self_insured",
        "staff_confirmed": True,
        "visit_limit": 16,
        "visits_used": 2,
        "cost_share": {"copay": "25.00"},
    }


def _prescription() -> Facts:
    return {
        "id": "rx1",
        "signed_on": "2026-11-20",
        "received_on": "2026-11-21",
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {
            "name": "Dr Example",
            "credential": "MD",
            "npi": "1234567893",
            "state": "WA",
        },
        "diagnoses": ["M54.50", "S16.1XXA"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "week"},
        "visits": 12,
        "pain": True,
        "loss_of_function": "cannot sit longer than 20 minutes",
        "purpose": "rehabilitation",
    }


def _visit(day: str) -> Facts:
    return {"on": day, "payer": "regence", "modality": "massage", "provider": "this-clinic"}


def _upcoming(start: str) -> Facts:
    return {"start": start, "payer": "regence", "modality": "massage", "provider": "this-clinic"}


Change = Callable[[Facts], object]


def _coverage_is(**values: Any) -> Change:
    return lambda facts: facts["coverages"][0].update(values)


def _prescription_is(**values: Any) -> Change:
    return lambda facts: facts["prescriptions"][0].update(values)


def _authorization_is(**values: Any) -> Change:
    return lambda facts: facts["authorizations"][0].update(values)


def _none_asked(first: str) -> Change:
    def change(facts: Facts) -> None:
        del facts["authorizations"][0]
        facts["visits"] = [_visit(first)]

    return change


_PRESCRIBER = third_visit()["prescriptions"][0]["prescriber"]
CHANGES: dict[str, Change] = {
    "as it is": lambda facts: facts.copy(),
    "intake missing": lambda facts: facts["patient"].update(intake_received=False),
    "network unknown": lambda facts: facts["clinic"].update(network={}),
    "out of network": lambda facts: facts["clinic"].update(
        network={"regence": [{"status": "out"}]}
    ),
    "no prescription, in time": lambda facts: facts.update(prescriptions=[]),
    "no prescription, too late": lambda facts: facts.update(
        prescriptions=[], as_of="2026-12-06T09:00:00-08:00"
    ),
    "unsigned": _prescription_is(signed=False),
    "no diagnosis": _prescription_is(diagnoses=[]),
    "diagnosis not reimbursable": _prescription_is(diagnoses=["F41.1"]),
    "no frequency": _prescription_is(frequency=None),
    "no duration": _prescription_is(duration=None),
    "prescriber not accepted": _prescription_is(prescriber={**_PRESCRIBER, "credential": "PT"}),
    "prescriber of another state": _prescription_is(prescriber={**_PRESCRIBER, "state": "OR"}),
    "prescription ran out": _prescription_is(duration={"count": 2, "unit": "week"}),
    "prescription older than 90 days": _prescription_is(
        signed_on="2026-08-20", duration={"count": 26, "unit": "week"}
    ),
    "ordered visits used": _prescription_is(visits=2),
    "prescription came late": _prescription_is(received_on="2026-12-05"),
    "maintenance": _prescription_is(purpose="maintenance"),
    "no loss of function": _prescription_is(loss_of_function=False),
    "clinic has not approved": lambda facts: facts["authorizations"].pop(),
    "authorization used up": _authorization_is(visits=2),
    "authorization of other dates": _authorization_is(to="2026-12-01"),
    "authorization requested": _authorization_is(status="requested", visits=None),
    "authorization denied": _authorization_is(status="denied"),
    "none asked, within 7 days": _none_asked("2026-11-26"),
    "none asked, 7 days passed": _none_asked("2026-11-22"),
    "first visit": lambda facts: facts.update(
        visits=[], upcoming=[], authorizations=[facts["authorizations"][1]]
    ),
    "exempt plan": lambda facts: (
        _coverage_is(plan="Boeing")(facts),
        _none_asked("2026-11-22")(facts),
    ),
    "exempt plan, not confirmed": lambda facts: (
        _coverage_is(plan="Boeing", staff_confirmed=False)(facts),
        _none_asked("2026-11-22")(facts),
    ),
    "fully insured": lambda facts: (
        _coverage_is(funding="fully_insured")(facts),
        _none_asked("2026-11-22")(facts),
    ),
    "same-day care": lambda facts: facts["upcoming"].append(
        {
            "start": "2026-12-08T15:00:00-08:00",
            "payer": "regence",
            "modality": "acupuncture",
            "provider": "other",
        }
    ),
    "benefit used": _coverage_is(visit_limit=3),
    "cost share unknown": _coverage_is(cost_share=None),
}


def variants() -> dict[str, Facts]:
    """The booking as it is and each change of it, by name."""
    found: dict[str, Facts] = {}
    for name, change in CHANGES.items():
        facts = third_visit()
        change(facts)
        found[name] = deepcopy(facts)
    return found


def with_read_dates(value: Any) -> Any:
    """The same facts with every date read already, as an engine without dates would be handed
    them: days as numbers, times as seconds with the clinic's day beside them."""
    if isinstance(value, list):
        return [with_read_dates(item) for item in value]
    if not isinstance(value, dict):
        return value
    made: Facts = {}
    for key, item in value.items():
        if key in _TIMES and isinstance(item, str):
            moment = datetime.fromisoformat(item)
            made[key] = moment.timestamp()
            made[f"{key}_day"] = _number(moment.astimezone(ZoneInfo(ZONE)).date())
        elif key in _DAYS and isinstance(item, str):
            made[key] = _number(date.fromisoformat(item))
        else:
            made[key] = with_read_dates(item)
    return made


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
