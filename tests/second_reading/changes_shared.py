"""Changes to a valid request that any payer may meet. Each returns a label of what it did."""

from collections.abc import Callable
from datetime import UTC, date, timedelta

from .base import Draft, at
from .facts import Json

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
    patient = made.section("patient")
    if made.rng.random() < 0.4:
        return put(patient, "intake_received", False)
    return drop(patient, made.rng.choice(("intake_received", "acknowledged_on")), made)


def young(made: Draft) -> str:
    """Around the day on which the client is of age."""
    patient = made.section("patient")
    years = made.rng.choice((18, 18, 18, 5, 40))
    born = date(made.day.year - years, made.day.month, min(made.day.day, 28))
    born += timedelta(days=made.rng.choice((-1, 0, 0, 1)))
    if made.rng.random() < 0.2:
        born = date(2008, 2, 29)
    patient["birth_date"] = min(born, made.today).isoformat()
    label = put(patient, "guardian_consent", made.rng.choice((True, False, None)))
    if made.rng.random() < 0.2:
        label += " " + put(made.section("clinic"), "adult_age", made.rng.choice((16, 20, 21)))
    return f"born={patient['birth_date']} {label}"


def doubtful(made: Draft) -> str:
    return put(made.section("patient"), "identity", made.rng.choice(("doubtful", "sure")))


def clinic(made: Draft) -> str:
    part = made.section("clinic")
    if made.rng.random() < 0.3:
        return drop(part, made.rng.choice(("prior_approval", "prescription_lead_days")), made)
    return put(part, "prescription_lead_days", made.rng.choice((0, 1, 3, 4, 5, 7)))


def late(made: Draft) -> str:
    return put(made.section("clinic"), "late_authorization", made.rng.choice(("hold", "block")))


def network(made: Draft) -> str:
    part = made.section("clinic")
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
        return drop(part, "network", made)
    part["network"] = {made.payer: rows}
    return f"network={rows}"


def narrow_network(made: Draft) -> str:
    """Entries by practitioner and plan."""
    part = made.section("clinic")
    if not made.covered:
        return ""
    part["practitioners"] = [{"key": "ann"}, {"key": "bo"}]
    who = made.rng.choice(("ann", "bo", "cy", None))
    plan = made.rng.choice((made.coverage.get("plan"), "Acme PPO", " acme  ppo", None))
    made.booking["practitioner"], made.coverage["plan"] = who, plan
    named: tuple[Json, ...] = ({}, {"practitioners": ["ann"]}, {"practitioners": ["ann", "bo"]})
    plans: tuple[Json, ...] = ({}, {}, {"plans": ["Acme PPO"]}, {"plans": ["Other", "ACME PPO"]})
    rows = [
        {"status": made.rng.choice(("in", "out")), **made.rng.choice(named)}
        | made.rng.choice(plans)
        for _ in range(made.rng.randint(1, 3))
    ]
    part["network"] = {made.payer: rows}
    return f"practitioner={who} plan={plan} network={rows}"


def unconfirmed(made: Draft) -> str:
    pool = [*made.listed("coverages"), *made.listed("prescriptions")]
    if not pool:
        return ""
    target = made.rng.choice(pool)
    kind = "prescription" if "prescriber" in target else "coverage"
    if made.rng.random() < 0.6:
        return f"{kind} {put(target, 'staff_confirmed', False)}"
    return f"{kind} {drop(target, 'staff_confirmed', made)}"


def zone(made: Draft) -> str:
    """The same day at another hour, written in UTC."""
    start = at(made.day, made.rng.choice((0, 9, 23)), 30)
    made.booking["start"] = start.astimezone(UTC).isoformat()
    made.booking["end"] = (start + timedelta(minutes=20)).astimezone(UTC).isoformat()
    return f"start={made.booking['start']}"


def late_as_of(made: Draft) -> str:
    made.request["as_of"] = at(made.today, 23, 30).astimezone(UTC).isoformat()
    return f"as_of={made.request['as_of']}"


def same_day(made: Draft) -> str:
    """Care elsewhere, around the day, mostly insured."""
    key = made.rng.choice(("upcoming", "upcoming", "visits"))
    if made.request.get(key) is None or (key == "visits" and made.gap):
        return ""
    payer = made.rng.choice((made.payer, "premera", "cigna", "medicare", "cash", None))
    day = made.day + timedelta(days=made.rng.choice((0, 0, 0, 1)) if key == "upcoming" else 0)
    care = made.rng.choice(("chiropractic", "acupuncture", "physical-therapy", "massage"))
    more = {"provider": "other", "modality": care, "payer": payer}
    when = at(day, made.rng.choice((8, 17, 23)))
    item = made.standing(when, **more) if key == "upcoming" else made.visit(day, **more)
    made.request[key].append(item)
    return f"elsewhere {when} {care} {payer}"


def injury(made: Draft) -> str:
    return put(made.booking, "injury", made.rng.choice(("work", "auto", "neither", "neither")))


def place(made: Draft) -> str:
    return put(made.booking, "place", made.rng.choice(("clinic", "home", "other")))


def approval_always(made: Draft) -> str:
    made.section("clinic")["prior_approval"] = "always"
    statuses = ("approved", "approved", "requested", "pended", "denied", "void")
    added = []
    for _ in range(made.rng.choice((0, 1, 1, 1, 2))):
        asked = made.gap + made.rng.randint(0, 30)
        item: Json = {
            "payer": made.payer,
            "kind": "clinic-approval",
            "status": made.rng.choice(statuses),
            "requested_on": made.ago(asked),
        }
        if item["status"] in ("approved", "denied") and made.rng.random() < 0.5:
            item["decided_on"] = made.ago(made.rng.randint(made.gap, asked))
        if made.rng.random() < 0.3:
            item["from"], item["to"] = made.ago(60), made.ago(made.rng.choice((-30, 0, 1, 20)))
        added.append(item)
    made.listed("authorizations").extend(added)
    return f"prior_approval=always {[(i['status'], i.get('to')) for i in added]}"


def self_pay(made: Draft) -> str:
    if made.rng.random() < 0.3:
        made.booking.pop("payer", None)
    return put(made.booking, "self_pay", True)


SHARED: tuple[Change, ...] = (
    *(top_list, intake, clinic, late, late, network, network, narrow_network, unconfirmed, zone),
    *(late_as_of, same_day, young, doubtful, injury, place, approval_always),
)
RARE: tuple[Change, ...] = (top_missing, self_pay)
