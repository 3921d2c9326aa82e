"""Changes that only some payers meet: funding, exempt plans, claims, progress reports, aliases."""

from datetime import date, timedelta

from .base import Draft
from .changes_shared import Change, drop, put
from .facts import Json, add_months

PLANS = (
    *("Boeing", "the boeing company", "Boeing Select Network", "MEDIGAP", "Medicare Supplement"),
    *("Kent  Fire", "Kent Fire Department", "Regence Kent Fire", "KingCare", "King County"),
    *("King County Library", "pierce county", "City of Tacoma", "Tacoma", "Uniform Medical Plan"),
    *("UMP", "ump classic", "UMP Plus", "Trumpet Health", "Federal Employee Program", "FEP"),
    *("FEP Blue Focus", "RGA", "HMA", "Healthcare Management Administrators", "BlueCard"),
    *("BlueCard PPO", "Regence Group Administrators", "Regence Acme ASO", "Regence Innova"),
)
AWC_PLANS = (
    *("AWC Employee Benefit Trust", "AWC Trust", "awc trust"),
    *("Association of Washington Cities Employee Benefit Trust", "AWC Trust HealthFirst"),
)
ALIASES = {"regence": "Regence BlueShield", "kaiser": "Group Health", "lni": "Labor & Industries"}
NUMBERS = ("A123456", "AB12345", "ABC1234", "V123456", "12345678", "A12345", "S123456", "")


def covered(made: Draft) -> bool:
    return bool(made.request.get("coverages"))


def funding(made: Draft) -> str:
    if not covered(made):
        return ""
    if made.rng.random() < 0.2:
        return drop(made.coverage, "funding", made)
    value = made.rng.choice(("self_insured", "self_insured", "self_insured", "unknown"))
    return put(made.coverage, "funding", value)


def plan(made: Draft) -> str:
    if not covered(made):
        return ""
    if made.rng.random() < 0.1:
        return drop(made.coverage, "plan", made)
    return put(made.coverage, "plan", made.rng.choice(PLANS))


def awc(made: Draft) -> str:
    if not covered(made):
        return ""
    label = put(made.coverage, "plan", made.rng.choice(AWC_PLANS))
    group = made.rng.choice(("10016119", "10016120", None, ""))
    return f"{label} {put(made.coverage, 'group_number', group)}"


def staff_group(made: Draft) -> str:
    return put(made.coverage, "group_number", "10016119") if covered(made) else ""


def secondary(made: Draft) -> str:
    if not covered(made):
        return ""
    if made.rng.random() < 0.5:
        extra = {"payer": "premera", "position": "primary", "staff_confirmed": True}
        made.request["coverages"].append(extra)
    return put(made.coverage, "position", "secondary")


def alias(made: Draft) -> str:
    """Another name of the payer, wherever a payer stands."""
    name = made.rng.choice((ALIASES[made.payer],))
    spots = made.rng.sample(("coverage", "booking", "network", "visits", "authorizations"), 3)
    if "coverage" in spots and covered(made) and made.coverage.get("payer") == made.payer:
        made.coverage["payer"] = name
    if "booking" in spots and made.booking.get("payer") == made.payer:
        made.booking["payer"] = name
    table = (made.request.get("clinic") or {}).get("network") or {}
    if "network" in spots and made.payer in table:
        table[name] = table.pop(made.payer)
    for key in ("visits", "authorizations"):
        for item in made.request.get(key) or [] if key in spots else []:
            if item.get("payer") == made.payer:
                item["payer"] = name
    return f"alias {name} in {sorted(spots)}"


def uniform_alias(made: Draft) -> str:
    if not covered(made) or made.coverage.get("payer") != made.payer:
        return ""
    made.coverage.pop("plan", None)
    return put(made.coverage, "payer", "Uniform Medical Plan")


def claim(made: Draft) -> str:
    if not covered(made) or not made.coverage.get("claim"):
        return ""
    case = made.rng.choice(("number", "status", "status", "closed", "drop", "injury", "accepted"))
    facts = made.coverage["claim"]
    if case == "number":
        return put(facts, "number", made.rng.choice(NUMBERS))
    if case == "status":
        pool = ["open", "allowed", "pending", "reopening", "rejected", "unknown", "closed"]
        pool += ["exhausted"] if made.payer == "pip" else []
        return put(facts, "status", made.rng.choice(pool))
    if case == "closed":
        day = made.ago(made.rng.choice((-5, 0, 1, 30)))
        facts.update(status="closed", closed_on=max(day, facts.get("date_of_injury") or day))
        return f"closed_on={facts['closed_on']}"
    if case == "injury":
        return injury(made)
    if case == "accepted":
        codes = made.rng.choice(
            (["M54.50"], ["M54.2", "S16.1XXA"], ["M25.511", "M54.2", "S16.1XXA"], ["I10"], [])
        )
        return put(facts, "accepted_diagnoses", codes)
    keys = ("number", "status", "date_of_injury", "insurer_kind", "accepted_diagnoses")
    if made.rng.random() < 0.2:
        return drop(made.coverage, "claim", made)
    return "claim " + drop(facts, made.rng.choice(keys), made)


def injury(made: Draft) -> str:
    """Around three years before the booking, or after it; the claim never closed before."""
    facts = made.coverage["claim"]
    day = add_months(made.day, -36) + timedelta(days=made.rng.choice((-2, -1, 0, 1)))
    if made.rng.random() < 0.2:
        day = made.day + timedelta(days=made.rng.choice((0, 1)))
    if made.rng.random() < 0.1:
        day = date(2024, 2, 29)
    closed = facts.get("closed_on")
    if closed and closed < day.isoformat():
        return ""
    return put(facts, "date_of_injury", day.isoformat())


def claim_numbers(made: Draft) -> str:
    """Some visits belong to another claim."""
    found = [item for item in made.request.get("visits") or [] if item.get("payer") == "lni"]
    facts = (made.coverage.get("claim") or {}) if covered(made) else {}
    if not found or facts.get("number") != "AB12345":
        return ""
    for item in found:
        item["claim_number"] = made.rng.choice(("AB12345", "AB12345", "ZZ99999"))
    return f"claim numbers {[item['claim_number'] for item in found]}"


def report(made: Draft) -> str:
    """A progress report around the sixth visit, the first visit or today."""
    if made.request.get("progress_reports") is None:
        return ""
    days = sorted(item["on"] for item in made.request.get("visits") or [])
    anchors = [made.today.isoformat(), *days[:1], *days[5:6], *days[11:12]]
    day = date.fromisoformat(made.rng.choice(anchors))
    day = min(day + timedelta(days=made.rng.choice((-1, 0, 1))), made.today)
    item: Json = {"on": day.isoformat(), "payer": "lni"}
    improvement = made.rng.choice((True, True, False, None))
    if improvement is not None:
        item["improvement"] = improvement
    same = [old for old in made.request["progress_reports"] if old["on"] == item["on"]]
    if same:
        return ""
    made.request["progress_reports"].append(item)
    return f"report {item}"


REGENCE: tuple[Change, ...] = (funding, funding, plan, awc, staff_group, secondary, alias)
UNIFORM: tuple[Change, ...] = (plan, plan, awc, awc, staff_group, secondary, uniform_alias, alias)
CLAIMS: tuple[Change, ...] = (claim, claim, claim)
LNI: tuple[Change, ...] = (*CLAIMS, claim_numbers, report, report, report, alias)
