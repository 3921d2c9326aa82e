"""Bookings of December 8th, 2026, whose answers were worked out by hand from the text."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from .base import Draft, valid_request
from .facts import Json
from .oracle import decide

DAY = date(2026, 12, 8)
PRIOR = "prior-authorization"
A1: Json = {"number": "A1", "visits": 2, "from": "2026-10-01", "to": "2027-01-01"}
REFERRAL: Json = {"kind": "referral"}
FORM: Json = {"kind": "lni-f245-417", "number": "F1", "visits": 4}
EMPLOYER: Json = {"kind": "lni-self-insurer", "number": "E1", "visits": 12}
DENIED: Json = {"number": "B", "status": "denied", "decided_on": "2026-11-02"}
ASKED: Json = {"number": "C", "status": "requested", "requested_on": "2026-11-02"}
OLDER: Json = {**ASKED, "requested_on": "2026-11-01"}
REVOKED = [
    {**A1, "decided_on": "2026-11-02"},
    {**A1, "status": "denied", "decided_on": "2026-11-20"},
]


def asked(payer: str, seen: str, visits: int = 0, **changes: Any) -> Json:
    """Seen on a day of 2026; that many visits, the last of them on ``last`` or on that day."""
    today = date.fromisoformat(f"2026-{seen}")
    made = Draft(random.Random(1), payer, DAY, today)
    made.request = request = valid_request(made)
    last = date.fromisoformat(changes.pop("last", today.isoformat()))
    request["visits"] = [made.visit(last - timedelta(days=3 * place)) for place in range(visits)]
    if changes.pop("no_visits", False):
        request.pop("visits")
    usual: Json = {"payer": payer, "kind": PRIOR, "status": "approved"}
    usual["requested_on"] = "2026-11-01"
    papers = changes.pop("papers", None)
    if papers is not None:
        request["authorizations"] = [{**usual, **paper} for paper in papers]
    network = changes.pop("network", "in")
    request["clinic"]["network"] = {payer: [{"status": network}]} if network else {}
    claim = changes.pop("claim", {})
    request["coverages"][0].setdefault("claim", {}).update(claim)
    request["coverages"][0].update(changes)
    return request


SELF: Json = {"funding": "self_insured"}
LATE: Json = {"last": "2026-11-20", "papers": [], **SELF}
#: Name, request, how the requirement stands.
BY_AUTHORIZATION: list[tuple[str, Json, str]] = [
    (
        "kaiser, used up, last day",
        asked("kaiser", "12-03", 2, papers=[A1, REFERRAL], **SELF),
        "unmet/hold/2026-12-03",
    ),
    (
        "kaiser, used up, too late",
        asked("kaiser", "12-04", 2, papers=[A1, REFERRAL], **SELF),
        "unmet/block/2026-12-03",
    ),
    (
        "premera, visit 7, last day",
        asked("premera", "12-05", 6, papers=[]),
        "unmet/hold/2026-12-05",
    ),
    (
        "premera, visit 7, too late",
        asked("premera", "12-06", 6, papers=[]),
        "unmet/block/2026-12-05",
    ),
    (
        "premera, self-insured, used up",
        asked("premera", "12-07", 8, papers=[A1], **SELF),
        "unmet/hold/-",
    ),
    ("lni, form used up", asked("lni", "11-28", 10, papers=[FORM]), "unmet/hold/2026-11-28"),
    ("lni, form not used up", asked("lni", "11-28", 9, papers=[FORM]), "met/none/-"),
    ("lni, visit 13", asked("lni", "11-28", 12, papers=[FORM]), "unmet/hold/2026-11-28"),
    (
        "lni, insurer unknown",
        asked("lni", "11-28", 7, papers=[EMPLOYER], claim={"insurer_kind": None}),
        "met/none/-",
    ),
    ("revoked", asked("regence", "12-01", papers=REVOKED, **SELF), "unmet/hold/-"),
    (
        "denied, asked again",
        asked("regence", "12-01", 1, papers=[DENIED, ASKED], **SELF),
        "unmet/hold/-",
    ),
    (
        "denied, asked before",
        asked("regence", "12-01", 1, papers=[DENIED, OLDER], **SELF),
        "unmet/block/-",
    ),
    (
        "denied, not counted",
        asked("regence", "12-01", no_visits=True, papers=[DENIED], **SELF),
        "unmet/block/-",
    ),
    (
        "denied, the law may lift it",
        asked("regence", "12-01", no_visits=True, papers=[DENIED]),
        "unknown/hold/-",
    ),
    ("seven days gone", asked("regence", "12-01", 1, **LATE), "unmet/block/2026-11-27"),
    (
        "seven days gone, network unknown",
        asked("regence", "12-01", 1, network=None, **LATE),
        "unmet/hold/2026-11-27",
    ),
    (
        "AWC, group unknown",
        asked("regence", "12-01", 1, plan="AWC Trust", group_number=None, **SELF),
        "unknown/hold/2026-12-08",
    ),
    ("va, too late", asked("va", "12-04", papers=[]), "unmet/block/2026-12-03"),
]
TOLD: Json = {"visits_used": 3, "visit_limit": 4}
BY_OTHERS: list[tuple[str, Json, str, str]] = [
    (
        "limit reached since it was told",
        asked("aetna", "12-01", 1, visits_used_on="2026-11-30", **TOLD),
        *("benefit", "unmet/block/-"),
    ),
    (
        "told on the day of the visit",
        asked("aetna", "12-01", 1, visits_used_on="2026-12-01", **TOLD),
        *("benefit", "met/none/-"),
    ),
    (
        "three years from the injury",
        asked("pip", "12-01", claim={"date_of_injury": "2023-12-08"}),
        *("claim", "met/none/-"),
    ),
    (
        "three years and a day",
        asked("pip", "12-01", claim={"date_of_injury": "2023-12-07"}),
        *("claim", "unmet/block/-"),
    ),
]
CASES = [*((name, made, PRIOR, how) for name, made, how in BY_AUTHORIZATION), *BY_OTHERS]


@pytest.mark.parametrize(
    ("made", "key", "how"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_it_is_as_worked_out(made: Json, key: str, how: str) -> None:
    found = decide(made)
    item = found["requirements"][key, found["payer"]]
    assert f"{item['status']}/{item['effect']}/{item['due'] or '-'}" == how
