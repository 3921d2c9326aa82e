"""Changes to claims of L&I and PIP, and to L&I's progress reports."""

from datetime import date, timedelta

from .base import Draft
from .changes_payer import alias
from .changes_shared import Change, drop, put
from .facts import Json, add_months

NUMBERS = ("A123456", "AB12345", "ABC1234", "V123456", "12345678", "A12345", "S123456", "")
STATUSES = (
    *("open", "allowed", "pending", "reopening", "rejected", "unknown", "closed", "exhausted"),
)
ATTENDING: tuple[Json, ...] = (
    {"name": "Dr Example", "npi": "1234567893"},
    {"name": "Dr Other", "npi": "1245319599"},
    {"name": "dr example"},
    {"name": "Dr Other"},
    {"npi": "1245319599"},
    {},
)
ACCEPTED: tuple[list[str], ...] = (
    ["M54.50"],
    ["M54.2", "S16.1XXA"],
    ["M25.511", "M54.2", "S16.1XXA"],
    ["I10"],
    [],
)


def claim(made: Draft) -> str:
    facts = made.coverage.get("claim") if made.covered else None
    if not facts:
        return ""
    case = made.rng.choice(("number", "status", "status", "closed", "drop", "injury", "accepted"))
    if case == "number":
        return put(facts, "number", made.rng.choice(NUMBERS))
    if case == "status":
        facts.pop("closed_on", None)
        return put(facts, "status", made.rng.choice(STATUSES))
    if case == "closed":
        facts.update(status="closed", closed_on=made.ago(made.rng.choice((-5, 0, 1, 30))))
        return f"closed_on={facts['closed_on']}"
    if case == "injury":
        return injury(made, facts)
    if case == "accepted":
        return put(facts, "accepted_diagnoses", list(made.rng.choice(ACCEPTED)))
    keys = ("number", "status", "date_of_injury", "insurer_kind", "accepted_diagnoses", "attending")
    if made.rng.random() < 0.2:
        return drop(made.coverage, "claim", made)
    return "claim " + drop(facts, made.rng.choice(keys), made)


def injury(made: Draft, facts: Json) -> str:
    """Around three years before the booking, or after it."""
    day = add_months(made.day, -36) + timedelta(days=made.rng.choice((-2, -1, 0, 1)))
    if made.rng.random() < 0.2:
        day = made.day + timedelta(days=made.rng.choice((0, 1)))
    if made.rng.random() < 0.1:
        day = date(2024, 2, 29)
    return put(facts, "date_of_injury", day.isoformat())


def insurer(made: Draft) -> str:
    if not made.covered or not made.coverage.get("claim"):
        return ""
    kind = made.rng.choice(("self_insured", "self_insured", "state_fund", None))
    return put(made.coverage["claim"], "insurer_kind", kind)


def attending(made: Draft) -> str:
    if not made.covered or not made.coverage.get("claim"):
        return ""
    return put(made.coverage["claim"], "attending", dict(made.rng.choice(ATTENDING)))


def money(made: Draft) -> str:
    """PIP: what is left of the benefit, around what standing and this visit cost."""
    if not made.covered or not made.coverage.get("claim"):
        return ""
    asked = made.today - timedelta(days=made.rng.choice((0, 1, 5, 20)))
    left = made.rng.choice(("0.00", "119.99", "120.00", "240.00", "360.00", "900.00"))
    benefit: Json = {"limit": "10000.00", "left": left, "asked_on": asked.isoformat()}
    if made.rng.random() < 0.2:
        benefit.pop("asked_on")
    made.coverage["claim"]["benefit"] = benefit
    if made.rng.random() < 0.8:
        made.section("clinic")["fees"] = {"pip": "120.00"}
    return f"left {left} asked {benefit.get('asked_on')}"


def claim_numbers(made: Draft) -> str:
    """Some visits belong to another claim."""
    found = [item for item in made.listed("visits") if item.get("payer") == "lni"]
    facts = (made.coverage.get("claim") or {}) if made.covered else {}
    if not found or facts.get("number") != "AB12345":
        return ""
    for item in found:
        item["claim_number"] = made.rng.choice(("AB12345", "AB12345", "ZZ99999"))
    return f"claim numbers {[item['claim_number'] for item in found]}"


def twice_a_day(made: Draft) -> str:
    """A massage of the claim on the same day, before or after this one."""
    if made.request.get("upcoming") is None:
        return ""
    when = made.start + timedelta(hours=made.rng.choice((-2, 0, 2)))
    made.request["upcoming"].append(made.standing(when))
    return f"another at {when}"


def agreed(made: Draft) -> str:
    """The claim manager, or the employer, approved for some days."""
    if made.request.get("authorizations") is None:
        return ""
    item: Json = {"payer": "lni", "status": made.rng.choice(("approved", "approved", "requested"))}
    item["kind"] = made.rng.choice(("lni-claim-manager", "lni-self-insurer"))
    item["requested_on"] = made.ago(max(made.gap, 20))
    if made.rng.random() < 0.8:
        item.update({"from": made.ago(30), "to": made.ago(made.rng.choice((-30, 0, 1)))})
    if made.rng.random() < 0.5:
        item["visits"] = made.rng.choice((1, 6, 12))
    made.request["authorizations"].append(item)
    return f"agreed {item}"


def report(made: Draft) -> str:
    """A progress report around the sixth visit, the first visit or today."""
    if made.request.get("progress_reports") is None:
        return ""
    days = sorted(item["on"] for item in made.listed("visits"))
    anchors = [made.today.isoformat(), *days[:1], *days[5:6], *days[11:12]]
    day = date.fromisoformat(made.rng.choice(anchors))
    day = min(day + timedelta(days=made.rng.choice((-1, 0, 1))), made.today)
    item: Json = {"on": day.isoformat(), "payer": "lni"}
    improvement = made.rng.choice((True, True, False, None))
    if improvement is not None:
        item["improvement"] = improvement
    if any(old["on"] == item["on"] for old in made.request["progress_reports"]):
        return ""
    made.request["progress_reports"].append(item)
    return f"report {item}"


PIP: tuple[Change, ...] = (claim, claim, money, money)
LNI: tuple[Change, ...] = (
    *(claim, claim, insurer, insurer, attending, claim_numbers, twice_a_day, agreed, agreed),
    *(report, report, report, alias),
)
