"""Changes that only some payers meet: funding, exempt plans, names, referrals."""

from .base import Draft
from .changes_shared import Change, drop, put
from .facts import Json

PLANS = (
    *("Boeing", "the boeing company", "Boeing Select Network", "MEDIGAP", "Medicare Supplement"),
    *("Kent  Fire", "Kent Fire Department", "Regence Kent Fire", "KingCare", "King County"),
    *("King County Library", "pierce county", "City of Tacoma", "Tacoma", "Uniform Medical Plan"),
    *("UMP", "ump classic", "UMP Achieve 2", "Trumpet Health", "Federal Employee Program", "FEP"),
    *("FEP Blue Focus", "RGA", "HMA", "Healthcare Management Administrators", "BlueCard"),
    *("BlueCard PPO", "Regence Group Administrators", "Regence Acme ASO", "Regence Innova"),
    *("Gates Foundation", "Seattle Children's", "Snohomish County"),
)
EMPLOYERS = (
    *("Amazon", "microsoft", "Amazon Web Services", "Starbucks", "Univar", "Amazonia Travel"),
    *("Federal Employee Program", "FEP", "premera plan"),
)
AWC_PLANS = (
    *("AWC Employee Benefit Trust", "AWC Trust", "awc trust"),
    *("Association of Washington Cities Employee Benefit Trust", "AWC Trust HealthFirst"),
)
ALIASES = {
    "regence": ("Regence BlueShield",),
    "kaiser": ("Group Health",),
    "lni": ("Labor & Industries",),
    "va": ("TriWest", "Optum community care"),
    "apple-health": ("Medicaid", "Molina Apple Health", "Coordinated Care", "Wellpoint"),
}
PLAN_NAMES = ("RGA", "HMA", "FEP", "UMP", "Uniform Medical Plan")


def funding(made: Draft) -> str:
    if not made.covered:
        return ""
    if made.rng.random() < 0.2:
        return drop(made.coverage, "funding", made)
    value = made.rng.choice(("self_insured", "self_insured", "self_insured", "unknown"))
    return put(made.coverage, "funding", value)


def plan(made: Draft) -> str:
    if not made.covered:
        return ""
    if made.rng.random() < 0.1:
        return drop(made.coverage, "plan", made)
    return put(made.coverage, "plan", made.rng.choice(PLANS))


def employer(made: Draft) -> str:
    """Of Premera: employers that somebody said were exempt."""
    return put(made.coverage, "plan", made.rng.choice(EMPLOYERS)) if made.covered else ""


def awc(made: Draft) -> str:
    if not made.covered:
        return ""
    label = put(made.coverage, "plan", made.rng.choice(AWC_PLANS))
    group = made.rng.choice(("10016119", "10016120", None, ""))
    return f"{label} {put(made.coverage, 'group_number', group)}"


def staff_group(made: Draft) -> str:
    return put(made.coverage, "group_number", "10016119") if made.covered else ""


def alias(made: Draft) -> str:
    """Another name of the payer, wherever a payer stands."""
    name = made.rng.choice(ALIASES[made.payer])
    spots = made.rng.sample(("coverage", "booking", "network", "visits", "authorizations"), 3)
    if "coverage" in spots and made.covered and made.coverage.get("payer") == made.payer:
        made.coverage["payer"] = name
    if "booking" in spots and made.booking.get("payer") == made.payer:
        made.booking["payer"] = name
    table = made.section("clinic").get("network") or {}
    if "network" in spots and made.payer in table:
        table[name] = table.pop(made.payer)
    for key in ("visits", "authorizations"):
        for item in made.listed(key) if key in spots else []:
            if item.get("payer") == made.payer:
                item["payer"] = name
    return f"alias {name} in {sorted(spots)}"


def plan_as_payer(made: Draft) -> str:
    """A plan's name where a payer stands, and perhaps as a key of the network."""
    if not made.covered or made.coverage.get("payer") != made.payer:
        return ""
    name = made.rng.choice(PLAN_NAMES)
    made.coverage.pop("plan", None)
    label = put(made.coverage, "payer", name)
    if made.rng.random() < 0.3:
        label += f" booked {put(made.booking, 'payer', name)}"
    if made.rng.random() < 0.3:
        key = made.rng.choice((name, made.rng.choice(PLAN_NAMES)))
        status = made.rng.choice(("in", "out"))
        table = made.section("clinic").get("network") or {}
        table[key] = [{"status": status, "from": "2015-01-01"}]
        made.section("clinic")["network"] = table
        label += f" network {key} {status}"
    return label


def referral(made: Draft) -> str:
    """Kaiser's referral: missing, asked for, denied, of another time, or with visits."""
    if made.request.get("authorizations") is None:
        return ""
    kept = [i for i in made.request["authorizations"] if i.get("kind") != "referral"]
    made.request["authorizations"] = kept
    status = made.rng.choice(("approved", "approved", "requested", "pended", "denied", None))
    if status is None:
        return "no referral"
    item: Json = {"payer": "kaiser", "kind": "referral", "status": status}
    item["requested_on"] = made.ago(max(made.gap, 50))
    if made.rng.random() < 0.5:
        first, last = made.rng.choice(((60, -60), (60, 0), (60, 1), (-1, -60)))
        item.update({"from": made.ago(first), "to": made.ago(last)})
    if made.rng.random() < 0.3:
        item["visits"] = made.rng.choice((1, 4, 12))
    kept.append(item)
    return f"referral {item}"


REGENCE: tuple[Change, ...] = (funding, funding, plan, awc, staff_group, alias, plan_as_payer)
BRIDGESPAN: tuple[Change, ...] = (funding, funding, plan, awc, staff_group)
UNIFORM: tuple[Change, ...] = (plan, plan, awc, awc, staff_group, plan_as_payer, alias)
PREMERA: tuple[Change, ...] = (funding, funding, employer)
KAISER: tuple[Change, ...] = (funding, funding, alias, referral, referral)
NAMED: tuple[Change, ...] = (alias,)
