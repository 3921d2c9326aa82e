"""Changes to a valid request that any payer may meet. Each returns a label of what it did."""

from collections.abc import Callable
from datetime import UTC, date, timedelta

from .base import Draft, at
from .facts import Json, add_months

Change = Callable[[Draft], str]


def drop(target: Json, key: str, made: Draft) -> str:
    """Missing in one of the two ways of being missing."""
    if made.rng.random() < 0.5:
        target[key] = None
        return f"{key}=null"
    target.pop(key, None)
    return f"{key} missing"


def put(target: Json, key: str, value: object) -> str:
    target[key] = value
    return f"{key}={value}"


def top_list(made: Draft) -> str:
    key = made.rng.choice(("prescriptions", "authorizations", "visits", "upcoming", "visits"))
    if made.rng.random() < 0.3:
        return put(made.request, key, [])
    return drop(made.request, key, made)


def top_missing(made: Draft) -> str:
    key = made.rng.choice(("clinic", "patient", "coverages", "progress_reports"))
    return drop(made.request, key, made)


def intake(made: Draft) -> str:
    patient = made.request.get("patient") or {}
    made.request["patient"] = patient
    if made.rng.random() < 0.4:
        return put(patient, "intake_received", False)
    return drop(patient, made.rng.choice(("intake_received", "acknowledged_on")), made)


def clinic(made: Draft) -> str:
    clinic = made.request.get("clinic")
    if not clinic:
        return ""
    if made.rng.random() < 0.3:
        return drop(clinic, made.rng.choice(("prior_approval", "prescription_lead_days")), made)
    return put(clinic, "prescription_lead_days", made.rng.choice((0, 1, 3, 4, 5, 7)))


def network(made: Draft) -> str:
    clinic = made.request.get("clinic")
    if not clinic or "network" not in clinic:
        return ""
    day, eve = made.day.isoformat(), made.ago(1)
    rows = made.rng.choice(
        (
            *([{"status": "out", "from": "2015-01-01"}], [{"status": "out", "from": "2015-01-01"}]),
            [{"status": "in", "from": "2015-01-01", "to": eve}, {"status": "out", "from": day}],
            [{"status": "in", "from": "2015-01-01", "to": day}],
            *([{"status": "in", "from": "2015-01-01", "to": eve}], [{"status": "in", "from": day}]),
            [{"status": "in", "from": made.ago(-1)}],
            [{"status": "out", "from": "2015-01-01", "to": eve}, {"status": "in", "from": day}],
            [],
        )
    )
    if made.rng.random() < 0.1:
        return drop(clinic, "network", made)
    clinic["network"] = {made.payer: rows}
    return f"network={rows}"


def unconfirmed(made: Draft) -> str:
    pool = [*(made.request.get("coverages") or []), *(made.request.get("prescriptions") or [])]
    if not pool:
        return ""
    target = made.rng.choice(pool)
    kind = "prescription" if "signed_on" in target else "coverage"
    if made.rng.random() < 0.6:
        return f"{kind} {put(target, 'staff_confirmed', False)}"
    return f"{kind} {drop(target, 'staff_confirmed', made)}"


def zone(made: Draft) -> str:
    """The same instant, or another late hour, written in UTC."""
    start = at(made.day, made.rng.choice((0, 9, 23)), 30)
    made.booking["start"] = start.astimezone(UTC).isoformat()
    made.booking["end"] = (start + timedelta(minutes=20)).astimezone(UTC).isoformat()
    return f"start={made.booking['start']}"


def late_as_of(made: Draft) -> str:
    made.request["as_of"] = at(made.today, 23, 30).astimezone(UTC).isoformat()
    return f"as_of={made.request['as_of']}"


def same_day(made: Draft) -> str:
    if made.request.get("upcoming") is None:
        return ""
    payer = made.rng.choice((made.payer, "premera", "cigna", "medicare", None))
    day = made.day + timedelta(days=made.rng.choice((0, 0, 0, 1)))
    item = made.standing(at(day, made.rng.choice((8, 17, 23))), provider="other")
    item["payer"] = payer
    care = ("chiropractic", "acupuncture", "physical-therapy", "massage")
    item["modality"] = made.rng.choice(care)
    made.request["upcoming"].append(item)
    return f"elsewhere {item['start']} {item['modality']} {payer}"


def approval_always(made: Draft) -> str:
    clinic = made.request.get("clinic")
    if not clinic:
        return ""
    clinic["prior_approval"] = "always"
    statuses = ("approved", "approved", "requested", "pended", "denied", "void")
    added = []
    for _ in range(made.rng.choice((0, 1, 1, 1, 2))):
        item = {
            "payer": made.payer,
            "kind": "clinic-approval",
            "status": made.rng.choice(statuses),
            "requested_on": made.ago(made.rng.randint(25, 35)),
        }
        if made.rng.random() < 0.3:
            item["from"], item["to"] = made.ago(60), made.ago(made.rng.choice((-30, 0, 1, 20)))
        added.append(item)
    if made.request.get("authorizations") is not None:
        made.request["authorizations"] += added
    brief = [(item["status"], item.get("to")) for item in added]
    return f"prior_approval=always {brief}"


def which_coverage(made: Draft) -> str:
    coverages = made.request.get("coverages")
    if not coverages:
        return ""
    other = {"payer": "cigna" if made.payer != "cigna" else "aetna", "staff_confirmed": True}
    case = made.rng.choice(("unnamed", "two primary", "other primary", "not among", "empty"))
    if case == "unnamed":
        return drop(made.booking, "payer", made)
    if case == "two primary":
        coverages.append({**other, "position": "primary"})
        return "second primary, " + drop(made.booking, "payer", made)
    if case == "other primary":
        coverages.append({**other, "position": "primary"})
        return f"other primary, billed {put(coverages[0], 'position', 'secondary')}"
    if case == "not among":
        made.request["coverages"] = [{**other, "position": "primary"}]
        return "billed payer not among coverages"
    return put(made.request, "coverages", [])


def unserved(made: Draft) -> str:
    if not made.request.get("coverages"):
        return ""
    made.coverage["payer"] = made.booking["payer"] = "acme-health"
    return "payer=acme-health"


def self_pay(made: Draft) -> str:
    return put(made.booking, "self_pay", True)


def limits(made: Draft) -> str:
    if not made.request.get("coverages") or made.payer in ("lni", "pip"):
        return ""
    key = made.rng.choice(("visit_limit", "visits_used", "cost_share"))
    if made.rng.random() < 0.4:
        return drop(made.coverage, key, made)
    used = made.rng.randint(0, 14)
    made.coverage["visits_used"] = used
    made.coverage["visit_limit"] = used + made.rng.choice((-1, 0, 1, 1, 2, 3))
    made.coverage["visit_limit"] = max(made.coverage["visit_limit"], 0)
    return f"visits_used={used} of {made.coverage['visit_limit']}"


def young(made: Draft) -> str:
    """Around the day on which the client is of age."""
    patient = made.request.get("patient") or {}
    made.request["patient"] = patient
    years = made.rng.choice((18, 18, 18, 5, 40))
    born = date(made.day.year - years, made.day.month, min(made.day.day, 28))
    born += timedelta(days=made.rng.choice((-1, 0, 0, 1)))
    if made.rng.random() < 0.2:
        born = date(2008, 2, 29)
    born = min(born, made.today)
    patient["birth_date"] = born.isoformat()
    consent = made.rng.choice((True, False, None))
    if made.request.get("clinic") and made.rng.random() < 0.2:
        made.request["clinic"]["adult_age"] = made.rng.choice((16, 20, 21))
    return f"born={born} {put(patient, 'guardian_consent', consent)}"


def in_force(made: Draft) -> str:
    """A coverage that begins or ends around the day, alone or beside one that does not."""
    coverages = made.request.get("coverages")
    if not coverages:
        return ""
    key, days = made.rng.choice(("from", "to")), made.rng.choice((-1, 0, 1))
    made.coverage.pop("to" if key == "from" else "from", None)  # one made twice stays valid
    added = ""
    if made.rng.random() < 0.4:
        position = made.rng.choice(("primary", "secondary"))
        coverages.append({**made.coverage, "position": position})
        added = f" beside the same, {position}"
        if made.rng.random() < 0.5:
            coverages[-1]["payer"] = "cigna" if made.payer != "cigna" else "aetna"
            added += " " + drop(made.booking, "payer", made)
    return put(made.coverage, key, made.ago(days)) + added


def covered(made: Draft) -> str:
    if not made.request.get("coverages"):
        return ""
    return put(made.coverage, "massage_benefit", made.rng.choice((True, False, False)))


def narrow_network(made: Draft) -> str:
    """Entries by practitioner and plan."""
    clinic = made.request.get("clinic")
    if not clinic or not made.request.get("coverages"):
        return ""
    clinic["practitioners"] = [{"key": "ann"}, {"key": "bo"}]
    who = made.rng.choice(("ann", "bo", "cy", None))
    plan = made.rng.choice((made.coverage.get("plan"), "Acme PPO", " acme  ppo", None))
    made.booking["practitioner"], made.coverage["plan"] = who, plan
    named: tuple[Json, ...] = ({}, {"practitioners": ["ann"]}, {"practitioners": ["ann", "bo"]})
    plans: tuple[Json, ...] = ({}, {}, {"plans": ["Acme PPO"]}, {"plans": ["Other", "ACME PPO"]})
    rows = [
        {
            "status": made.rng.choice(("in", "out")),
            **made.rng.choice(named),
            **made.rng.choice(plans),
        }
        for _ in range(made.rng.randint(1, 3))
    ]
    clinic["network"] = {made.payer: rows}
    return f"practitioner={who} plan={plan} network={rows}"


def at_month(made: Draft, day: date) -> date:
    """A signing day such that a duration in months ends around the booking."""
    months = made.rng.choice((1, 2, 3))
    return add_months(day, -months) + timedelta(days=made.rng.choice((-2, -1, 0, 1)))


SHARED: tuple[Change, ...] = (
    *(top_list, intake, clinic, network, network, unconfirmed, zone, late_as_of, same_day),
    *(approval_always, limits, young, in_force, covered, narrow_network),
)
RARE: tuple[Change, ...] = (top_missing, which_coverage, unserved, self_pay)
