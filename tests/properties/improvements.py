"""Pairs of one fact, worse and better, all else equal.

Each function takes a request and gives it twice, or nothing where the fact has no place in it.
What is left out, and why: network out or unknown to in (in network other care on the same day
holds instead of warning, and Kaiser blocks instead of holding); funding (a fully insured member
loses Regence's seven days, and Kaiser's hold, at visit 7); unknown to known-and-bad (an unknown
holds, a known "none" may block); the coverage's and the prescription's confirmation, which also
turn a hold into a block (``test_facts_monotone`` says what holds for them).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.properties.drawn import Json

Pair = tuple[Json, Json] | None
Improvement = Callable[[Json], Pair]
AGREED = "2035-01-01"


def both(request: Json, better: Callable[[Json], None], worse: Callable[[Json], None]) -> Pair:
    bad, good = copy.deepcopy(request), copy.deepcopy(request)
    worse(bad)
    better(good)
    return bad, good


def of_patient(key: str, worse: Any, better: Any) -> Improvement:
    def pair(request: Json) -> Pair:
        request = {**request, "patient": request.get("patient") or {}}
        return both(
            request,
            lambda r: r["patient"].update({key: better}),
            lambda r: r["patient"].update({key: worse}),
        )

    return pair


def of_paper(key: str, worse: Any, better: Any) -> Improvement:
    """On the first prescription; where there are several the best still decides."""

    def pair(request: Json) -> Pair:
        if not request.get("prescriptions"):
            return None
        return both(
            request,
            lambda r: r["prescriptions"][0].update({key: better}),
            lambda r: r["prescriptions"][0].update({key: worse}),
        )

    return pair


def of_prescriber(key: str, worse: Any, better: Any) -> Improvement:
    def pair(request: Json) -> Pair:
        if not request.get("prescriptions") or not request["prescriptions"][0].get("prescriber"):
            return None
        return both(
            request,
            lambda r: r["prescriptions"][0]["prescriber"].update({key: better}),
            lambda r: r["prescriptions"][0]["prescriber"].update({key: worse}),
        )

    return pair


def of_coverage(key: str, worse: Any, better: Any) -> Improvement:
    def pair(request: Json) -> Pair:
        if not request.get("coverages"):
            return None
        return both(
            request,
            lambda r: r["coverages"][0].update({key: better}),
            lambda r: r["coverages"][0].update({key: worse}),
        )

    return pair


def of_claim(key: str, worse: Any, better: Any) -> Improvement:
    def pair(request: Json) -> Pair:
        if not request.get("coverages") or not request["coverages"][0].get("claim"):
            return None
        return both(
            request,
            lambda r: r["coverages"][0]["claim"].update({key: better}),
            lambda r: r["coverages"][0]["claim"].update({key: worse}),
        )

    return pair


def one_more_code(request: Json) -> Pair:
    """A reimbursable code beside the others; with a claim's accepted conditions a fitting one."""
    if not request.get("prescriptions"):
        return None
    claim = ((request.get("coverages") or [{}])[0].get("claim")) or {}
    codes = [*(claim.get("accepted_diagnoses") or []), "M54.2"]
    papers = request["prescriptions"][0].get("diagnoses") or []
    return (
        both(
            request,
            lambda r: r["prescriptions"][0].update(diagnoses=[*papers, *codes[:1], "M54.2"]),
            lambda r: None,
        )
        if codes[0].startswith(("M54", "S16.1XX", "M25"))
        else None
    )


def added(place: str, item: Callable[[Json], Json | None]) -> Improvement:
    def pair(request: Json) -> Pair:
        more = item(request)
        if more is None or (place == "prescriptions" and request.get(place) is None):
            return None
        return both(
            request, lambda r: r.update({place: [*(r.get(place) or []), more]}), lambda r: None
        )

    return pair


def day(request: Json, back: int) -> str:
    start = datetime.fromisoformat(request["booking"]["start"])
    return (start - timedelta(days=back)).date().isoformat()


def approval(kind: str, **more: Any) -> Callable[[Json], Json | None]:
    """Covers the booking with visits to spare, so that no other approval's visits run short."""

    def made(request: Json) -> Json:
        dates = {"from": day(request, 900), "to": day(request, -90)}
        item = {"payer": payer_of(request), "kind": kind, "status": "approved", "visits": 900}
        return {**item, **dates, "requested_on": day(request, 30), **more}

    return made


def payer_of(request: Json) -> str | None:
    named: str | None = request["booking"].get("payer")
    covered = request.get("coverages") or [{}]
    return named or covered[0].get("payer")


def good_report(request: Json) -> Json:
    return {"on": AGREED, "payer": "lni", "improvement": True}


def good_paper(request: Json) -> Json | None:
    """A second prescription to which every payer says yes: signed a week ago, for 900 visits."""
    who = {"name": "Dr Good", "credential": "MD", "npi": "1234567893", "state": "WA"}
    said = {"pain": True, "loss_of_function": "cannot sit", "purpose": "rehabilitation"}
    course = {"frequency": {"times": 2, "per": "week"}, "duration": {"count": 60, "unit": "day"}}
    dates = {"signed_on": day(request, 7), "received_on": day(request, 7)}
    kept = {"id": "rx9", "signed": True, "staff_confirmed": True, "visits": 900}
    return {**kept, **dates, **said, **course, "prescriber": who, "diagnoses": ["M54.2"]}


def no_other_care(request: Json) -> Pair:
    """Nothing but massage here: other therapies and other clinics gone from the same day."""
    mine = [u for u in request.get("upcoming") or [] if u.get("provider") == "this-clinic"]
    if request.get("upcoming") is None or len(mine) == len(request["upcoming"]):
        return None
    return both(request, lambda r: r.update(upcoming=mine), lambda r: None)


def payer_alone_approves(request: Json) -> Pair:
    if not request.get("clinic"):
        return None
    return both(
        request,
        lambda r: r["clinic"].update(prior_approval="payer"),
        lambda r: r["clinic"].update(prior_approval="always"),
    )


LONG = {"count": 24, "unit": "month"}
IMPROVEMENTS: dict[str, Improvement] = {
    "intake false to true": of_patient("intake_received", False, True),
    "intake unknown to true": of_patient("intake_received", None, True),
    "acknowledgement": of_patient("acknowledged_on", None, "2020-01-01"),
    "signed unknown to true": of_paper("signed", None, True),
    "signed false to true": of_paper("signed", False, True),
    "purpose unknown": of_paper("purpose", None, "rehabilitation"),
    "purpose maintenance": of_paper("purpose", "maintenance", "rehabilitation"),
    "pain denied": of_paper("pain", False, True),
    "pain unknown": of_paper("pain", None, True),
    "function whole": of_paper("loss_of_function", False, "cannot walk"),
    "function unknown": of_paper("loss_of_function", None, "cannot walk"),
    "no codes": of_paper("diagnoses", [], ["M54.2", "S16.1XXD", "M25.511"]),
    "no payable code": of_paper("diagnoses", ["F41.1"], ["M54.2", "S16.1XXD", "M25.511"]),
    "frequency": of_paper("frequency", None, {"times": 7, "per": "week"}),
    "duration missing": of_paper("duration", None, LONG),
    "duration short": of_paper("duration", {"count": 1, "unit": "week"}, LONG),
    "few ordered": of_paper("visits", 1, 500),
    "received": of_paper("received_on", None, "2015-01-01"),
    "credential": of_prescriber("credential", "LMT", "MD"),
    "credential unknown": of_prescriber("credential", None, "MD"),
    "state": of_prescriber("state", "OR", "WA"),
    "npi": of_prescriber("npi", "1234567890", "1234567893"),
    "limit": of_coverage("visit_limit", 0, 900),
    "limit unknown": of_coverage("visit_limit", None, 900),
    "used": of_coverage("visits_used", 900, 0),
    "exempt plan": of_coverage("plan", "Regence Innova", "Boeing"),
    "claim open": of_claim("status", "pending", "open"),
    "claim not rejected": of_claim("status", "rejected", "open"),
    "claim known": of_claim("status", None, "open"),  # allowed and closed since is worse
    "claim closed later": of_claim("closed_on", None, AGREED),
    "nothing binds": of_claim("accepted_diagnoses", [], None),
    "a payable code more": one_more_code,
    "authorization": added("authorizations", approval("prior-authorization")),
    "not required": added("authorizations", approval("not-required")),
    "clinic approval": added("authorizations", approval("clinic-approval")),
    "L&I form": added("authorizations", approval("lni-f245-417")),
    "claim manager": added("authorizations", approval("lni-claim-manager")),
    "progress report": added("progress_reports", good_report),
    "a good prescription": added("prescriptions", good_paper),
    "no other care": no_other_care,
    "payer alone approves": payer_alone_approves,
}
