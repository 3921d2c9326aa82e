"""Pairs of one fact, worse and better, all else equal.

Each function takes a request and gives it twice, or nothing where the fact has no place in it.
What is left out, and why: network out or unknown to in (in network other care on the same day
holds instead of warning, and Kaiser blocks instead of holding); funding (a fully insured member
loses Regence's seven days, and Kaiser's hold, at visit 7); unknown to known-and-bad (an unknown
holds, a known "none" may block); the coverage's and the prescription's confirmation, which also
turn a hold into a block (``test_facts_monotone`` says what holds for them).
"""

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


def of(place: str, key: str, worse: Any, better: Any) -> Improvement:
    """One field at a dotted place, such as ``prescriptions.0.prescriber``. Of several
    prescriptions the best still decides."""

    def target(request: Json) -> Any:
        found: Any = request
        for step in place.split("."):
            found = found and (found[0] if step == "0" else found.get(step))
        return found

    def pair(request: Json) -> Pair:
        request = {**request, "patient": request.get("patient") or {}}
        if not target(request) and place != "patient":
            return None
        return both(
            request,
            lambda made: target(made).update({key: better}),
            lambda made: target(made).update({key: worse}),
        )

    return pair


PAPER, PRESCRIBER = "prescriptions.0", "prescriptions.0.prescriber"
COVERAGE, CLAIM = "coverages.0", "coverages.0.claim"


def one_more_code(request: Json) -> Pair:
    """A reimbursable code beside the others; with a claim's accepted conditions a fitting one."""
    if not request.get("prescriptions") or beside_a_claim(request):
        return None
    claim = ((request.get("coverages") or [{}])[0].get("claim")) or {}
    codes = [*(claim.get("accepted_diagnoses") or []), "M54.2"]
    papers = request["prescriptions"][0].get("diagnoses") or []
    if not codes[0].startswith(("M54", "S16.1XX", "M25")):
        return None
    more = [*papers, *codes[:1], "M54.2"]
    return both(request, lambda r: r["prescriptions"][0].update(diagnoses=more), lambda r: None)


def beside_a_claim(request: Json) -> bool:
    """Whether an injury claim is on file beside what is billed: what is prescribed then says whose
    matter the care is, too."""
    claims = [c for c in request.get("coverages") or [] if c.get("claim")]
    return any(c.get("payer") != payer_of(request) for c in claims)


def added(place: str, item: Callable[[Json], Json | None]) -> Improvement:
    """One more in a list that is known; of an unknown one it would say that there are no others."""

    def pair(request: Json) -> Pair:
        more = item(request)
        if more is None or request.get(place) is None:
            return None
        return both(request, lambda r: r.update({place: [*r[place], more]}), lambda r: None)

    return pair


def day(request: Json, back: int) -> str:
    start = datetime.fromisoformat(request["booking"]["start"])
    return (start - timedelta(days=back)).date().isoformat()


def approval(kind: str, **more: Any) -> Callable[[Json], Json]:
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
    if beside_a_claim(request):
        return None
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


def answered(worse: Json, better: Json) -> Improvement:
    """One more authorization of a number of its own, as good as ``approval`` but for what differs;
    of several answers of one number the newest counts."""

    def pair(request: Json) -> Pair:
        if request.get("authorizations") is None:
            return None
        made = approval("prior-authorization", number="N-77")(request)
        old = {**made, "status": "approved", "decided_on": day(request, 40)}

        def put(more: Json) -> Callable[[Json], None]:
            more = {**made, **more, "decided_on": day(request, 20)}
            return lambda r: r["authorizations"].extend([old, more])

        return both(request, put(better), put(worse))

    return pair


def minor(consent: bool | None) -> Improvement:
    """A client who is not of age, with a guardian's consent or without."""
    return lambda request: both(
        request,
        lambda r: _young(r).update(guardian_consent=True),
        lambda r: _young(r).update(guardian_consent=consent),
    )


def _young(request: Json) -> Json:
    request["patient"] = {**(request.get("patient") or {}), "birth_date": day(request, 3000)}
    young: Json = request["patient"]
    return young


def self_insurer(request: Json) -> Pair:
    """The approval of the self-insured employer who insures the claim."""
    covered = (request.get("coverages") or [{}])[0]
    if request.get("authorizations") is None or not covered.get("claim"):
        return None
    made = copy.deepcopy(request)
    made["coverages"][0]["claim"]["insurer_kind"] = "self_insured"
    more = approval("lni-self-insurer")(request)
    return both(made, lambda r: r["authorizations"].append(more), lambda r: None)


LONG = {"count": 24, "unit": "month"}
IMPROVEMENTS: dict[str, Improvement] = {
    "intake false to true": of("patient", "intake_received", False, True),
    "intake unknown to true": of("patient", "intake_received", None, True),
    "acknowledgement": of("patient", "acknowledged_on", None, "2020-01-01"),
    "signed unknown to true": of(PAPER, "signed", None, True),
    "signed false to true": of(PAPER, "signed", False, True),
    "purpose unknown": of(PAPER, "purpose", None, "rehabilitation"),
    "purpose maintenance": of(PAPER, "purpose", "maintenance", "rehabilitation"),
    "pain denied": of(PAPER, "pain", False, True),
    "pain unknown": of(PAPER, "pain", None, True),
    "function whole": of(PAPER, "loss_of_function", False, "cannot walk"),
    "function unknown": of(PAPER, "loss_of_function", None, "cannot walk"),
    "no codes": of(PAPER, "diagnoses", [], ["M54.2", "S16.1XXD", "M25.511"]),
    "no payable code": of(PAPER, "diagnoses", ["F41.1"], ["M54.2", "S16.1XXD", "M25.511"]),
    "frequency": of(PAPER, "frequency", None, {"times": 7, "per": "week"}),
    "duration missing": of(PAPER, "duration", None, LONG),
    "duration short": of(PAPER, "duration", {"count": 1, "unit": "week"}, LONG),
    "few ordered": of(PAPER, "visits", 1, 500),
    "received": of(PAPER, "received_on", None, "2015-01-01"),
    "credential": of(PRESCRIBER, "credential", "LMT", "MD"),
    "credential unknown": of(PRESCRIBER, "credential", None, "MD"),
    "state": of(PRESCRIBER, "state", "OR", "WA"),
    "npi": of(PRESCRIBER, "npi", "1234567890", "1234567893"),
    "limit": of(COVERAGE, "visit_limit", 0, 900),
    "limit unknown": of(COVERAGE, "visit_limit", None, 900),
    "used": of(COVERAGE, "visits_used", 900, 0),
    "exempt plan": of(COVERAGE, "plan", "Regence Innova", "Boeing"),
    "not covered": of(COVERAGE, "massage_benefit", False, True),
    "covered or not": of(COVERAGE, "massage_benefit", None, True),
    "ordered otherwise": of(PAPER, "orders", ["physical-therapy"], ["massage"]),
    "elsewhere": of("booking", "place", "home", "clinic"),
    "injured at work": of("booking", "injury", "work", "neither"),
    "injured in a car": of("booking", "injury", "auto", "neither"),
    "injured or not": of("booking", "injury", None, "neither"),
    "a guardian's consent": minor(None),
    "a guardian's refusal": minor(False),
    "approved, not denied": answered({"status": "denied"}, {}),
    "not used up": answered({"used": 900}, {"used": 0}),
    "for massage": answered({"codes": ["97110"]}, {"codes": ["97110", "97124"]}),
    "late ones wait": of("clinic", "late_authorization", "block", "hold"),
    "claim open": of(CLAIM, "status", "pending", "open"),
    "claim not rejected": of(CLAIM, "status", "rejected", "open"),
    "claim known": of(CLAIM, "status", None, "open"),  # allowed and closed since is worse
    "claim closed later": of(CLAIM, "closed_on", None, AGREED),
    "nothing binds": of(CLAIM, "accepted_diagnoses", [], None),
    "a payable code more": one_more_code,
    "authorization": added("authorizations", approval("prior-authorization")),
    "not required": added("authorizations", approval("not-required")),
    "clinic approval": added("authorizations", approval("clinic-approval")),
    "referral": added("authorizations", approval("referral")),
    "self-insurer": self_insurer,
    "L&I form": added("authorizations", approval("lni-f245-417")),
    "claim manager": added("authorizations", approval("lni-claim-manager")),
    "progress report": added("progress_reports", good_report),
    "a good prescription": added("prescriptions", good_paper),
    "no other care": no_other_care,
    "payer alone approves": of("clinic", "prior_approval", "always", "payer"),
}
