"""Changes to what the client is insured by: which coverages, from when to when, what they cover."""

from datetime import date, timedelta

from .base import Draft
from .changes_shared import Change, drop, put
from .facts import Json

CLAIMED = ("lni", "pip")


def other_payer(made: Draft) -> str:
    return "cigna" if made.payer != "cigna" else "aetna"


def which_coverage(made: Draft) -> str:
    if not made.covered:
        return ""
    coverages = made.request["coverages"]
    other = {"payer": other_payer(made), "staff_confirmed": True, "position": "primary"}
    case = made.rng.choice(("unnamed", "two", "other", "not among", "empty", "beside"))
    if case == "unnamed":
        return drop(made.booking, "payer", made)
    if case == "two":
        coverages.append(other)
        return "second primary, " + drop(made.booking, "payer", made)
    if case == "other":
        coverages.append(other)
        return f"other primary, billed {put(coverages[0], 'position', 'secondary')}"
    if case == "not among":
        made.request["coverages"] = [other]
        return "billed payer not among coverages"
    if case == "beside":
        coverages.append({**other, "payer": made.rng.choice(("va", "lni", "pip")), "claim": {}})
        return "another beside, " + drop(made.booking, "payer", made)
    return put(made.request, "coverages", [])


def unserved(made: Draft) -> str:
    if not made.covered:
        return ""
    made.coverage["payer"] = made.booking["payer"] = "Acme Health"
    return "payer=Acme Health"


def limits(made: Draft) -> str:
    """Used visits around the limit, told on a day around the turn of the plan year."""
    if not made.covered or made.payer in CLAIMED:
        return ""
    key = made.rng.choice(("visit_limit", "visits_used", "cost_share"))
    if made.rng.random() < 0.3:
        return drop(made.coverage, key, made)
    used = made.rng.randint(0, 14)
    made.coverage["visits_used"] = used
    made.coverage["visit_limit"] = max(used + made.rng.choice((-1, 0, 1, 1, 2, 3, 6)), 0)
    label = f"visits_used={used} of {made.coverage['visit_limit']}"
    told = made.rng.choice((0, 1, 10, 40, 120, 300, None))
    day = None if told is None else (made.today - timedelta(days=told)).isoformat()
    return f"{label} {put(made.coverage, 'visits_used_on', day)}"


def plan_year(made: Draft) -> str:
    """A plan year that begins around the day of the visit, or of today."""
    if not made.covered or made.payer in CLAIMED:
        return ""
    day = made.rng.choice((made.day, made.today)) + timedelta(days=made.rng.choice((-1, 0, 1, 2)))
    text = f"{day.month:02}-{min(day.day, 28):02}"
    label = put(made.coverage, "plan_year_start", made.rng.choice((text, text, "07-01")))
    return f"{label} {limits(made)}"


def shared_limit(made: Draft) -> str:
    """Other care uses up the same limit."""
    if not made.covered or made.payer in CLAIMED or made.request.get("visits") is None:
        return ""
    kind = made.rng.choice(("chiropractic", "physical-therapy"))
    made.coverage["limit_shared_with"] = made.rng.choice(([kind], ["acupuncture"], []))
    told = made.today - timedelta(days=20)
    made.coverage.update(visit_limit=8, visits_used=5, visits_used_on=told.isoformat())
    days = [made.today - timedelta(days=1 + 2 * n) for n in range(made.rng.randint(1, 4))]
    made.request["visits"] += [made.visit(d, modality=kind, provider="other") for d in days]
    return f"limit shared with {made.coverage['limit_shared_with']}, {len(days)} of {kind}"


def in_force(made: Draft) -> str:
    """A coverage that begins or ends around the day, alone or beside one that does not."""
    if not made.covered:
        return ""
    key, days = made.rng.choice(("from", "to")), made.rng.choice((-1, 0, 1))
    added = ""
    if made.rng.random() < 0.4:
        position = made.rng.choice(("primary", "secondary"))
        made.request["coverages"].append({**made.coverage, "position": position})
        added = f" beside the same, {position}"
        if made.rng.random() < 0.5 and made.payer not in CLAIMED:
            made.request["coverages"][-1]["payer"] = other_payer(made)
            added += " " + drop(made.booking, "payer", made)
    return put(made.coverage, key, made.ago(days)) + added


def massage_benefit(made: Draft) -> str:
    if not made.covered:
        return ""
    return put(made.coverage, "massage_benefit", made.rng.choice((True, True, False)))


def beside_a_claim(made: Draft) -> str:
    """A claim of the client beside the plan that is billed."""
    if not made.covered or made.payer in CLAIMED:
        return ""
    statuses = ("open", "allowed", "pending", "reopening", "closed", "rejected", "unknown", None)
    claim: Json = {"number": "AB12345", "status": made.rng.choice(statuses)}
    claim["date_of_injury"] = made.ago(200)
    claim["accepted_diagnoses"] = made.rng.choice((["M54.2"], ["M54.50"], ["S82.001A"], [], None))
    item = {"payer": made.rng.choice(CLAIMED), "staff_confirmed": True, "claim": claim}
    item["position"] = made.rng.choice(("primary", "secondary", None))
    if made.rng.random() < 0.2:
        item["to"] = made.ago(made.rng.choice((0, 1)))
    made.request["coverages"].append(item)
    return f"beside {item['payer']} {claim['status']} {claim['accepted_diagnoses']}"


def secondary(made: Draft) -> str:
    """Billed second, after a primary of another payer that is mostly on file."""
    if not made.covered:
        return ""
    label = put(made.coverage, "position", "secondary")
    for payer in made.rng.choice(
        (("premera",), ("kaiser",), ("regence",), ("aetna",), ("aetna", "uhc"), ())
    ):
        if payer == made.payer or made.payer in CLAIMED:
            continue
        first: Json = {"payer": payer, "position": "primary", "plan": f"{payer} plan"}
        first["staff_confirmed"] = made.rng.choice((True, True, True, False))
        first["funding"] = made.rng.choice(("fully_insured", "fully_insured", "self_insured"))
        if made.rng.random() < 0.15:
            first["to"] = made.ago(made.rng.choice((0, 1)))
        made.request["coverages"].append(first)
        table = made.section("clinic").get("network") or {}
        status = made.rng.choice(("in", "in", "in", "out", None))
        if status:
            table[payer] = [{"status": status, "from": "2015-01-01"}]
        made.section("clinic")["network"] = table
        label += f", primary {payer} {status} {first['funding']} {primary_facts(made, payer)}"
    return label


def primary_facts(made: Draft, payer: str) -> str:
    """Visits that the primary was billed for, and its papers."""
    count = made.rng.choice((0, 0, 1, 3, 6, 7))
    for place in range(count):
        day: date = made.day - timedelta(days=max(made.gap, 1) + 3 * place)
        made.listed("visits").append(made.visit(day, payer=payer))
    kind = made.rng.choice(("prior-authorization", "prior-authorization", "referral", None))
    status = made.rng.choice(("approved", "approved", "requested", "denied"))
    if kind:
        paper: Json = {"payer": payer, "kind": kind, "number": "P1", "status": status}
        paper.update({"requested_on": made.ago(max(made.gap, 30)), "from": made.ago(45)})
        paper.update(to=made.ago(-45), visits=made.rng.choice((4, 12)))
        made.listed("authorizations").append(paper)
    return f"{count} visits {kind} {status}"


COVERAGE: tuple[Change, ...] = (
    *(limits, limits, plan_year, shared_limit, in_force, massage_benefit, beside_a_claim),
    *(beside_a_claim, secondary, secondary),
)
RARE_COVERAGE: tuple[Change, ...] = (which_coverage, which_coverage, unserved)
