"""Names: of payers, of plans that payers exempt, of employers that somebody said are exempt."""

import re

SERVED = (
    *("regence", "bridgespan", "premera", "lifewise", "kaiser", "first-choice", "cigna", "aetna"),
    *("uhc", "lni", "pip", "va", "medicare", "apple-health"),
)
REGENCE = ("regence", "bridgespan")
PREMERA = ("premera", "lifewise")
CLAIM_PAYERS = ("lni", "pip")
NEVER_BILLED = ("lni", "va", "apple-health")
NO_NETWORK = ("pip", "medicare", "apple-health")
REGULATED = (*REGENCE, *PREMERA, "first-choice", "cigna", "aetna", "kaiser", "uhc")

PLAN_SPELLINGS = {
    "uniform medical plan": (
        *("Uniform Medical Plan", "UMP", "Regence Uniform", "UMP Classic", "UMP Select"),
        *("UMP CDHP", "UMP High Deductible", "UMP Plus", "UMP Achieve 1", "UMP Achieve 2"),
    ),
    "fep": ("Federal Employee Plan", "Federal Employee Program", "FEP"),
    "rga": ("RGA", "Regence Group Administrators"),
    "hma": (*("HMA", "Health Management Administrators", "Healthcare Management Administrators"),),
}
FEDERAL = PLAN_SPELLINGS["fep"]
EXEMPT = {
    "EX-01": ("Boeing", "The Boeing Company"),
    "EX-02": ("Medigap", "Regence Medigap", "Medicare Supplement"),
    "EX-03": ("Kent Fire", "Kent Fire Department"),
    "EX-04": ("KingCare", "King County", "Regence King County"),
    "EX-05": ("Pierce County",),
    "EX-06": ("City of Tacoma",),
    "EX-07": PLAN_SPELLINGS["uniform medical plan"],
    "EX-08": FEDERAL,
    "EX-10": (*PLAN_SPELLINGS["rga"], *PLAN_SPELLINGS["hma"]),
    "EX-11": ("BlueCard",),
    "EX-12": (
        *("AWC Employee Benefit Trust", "AWC Trust"),
        "Association of Washington Cities Employee Benefit Trust",
    ),
    "EX-14": ("Gates Foundation", "Seattle Children's", "Snohomish County"),
}
AWC_STAFF_GROUP = "10016119"
HEARSAY = {
    "PRM-01": (
        *("Amazon", "Expedia", "Zulily", "Microsoft", "Paccar", "Starbucks", "Univar", *FEDERAL),
    ),
    "PRM-02": ("Amazon", "Microsoft"),
}
ALIASES = {
    "regence blueshield": "regence",
    "regence blue shield": "regence",
    "premera blue cross": "premera",
    "premera bluecross": "premera",
    "group health cooperative": "kaiser",
    "first choice": "first-choice",
    "first choice health network": "first-choice",
    "cigna healthcare": "cigna",
    "united health care": "uhc",
    "labor and industries": "lni",
    "wa l&i": "lni",
    "group health": "kaiser",
    "kaiser permanente": "kaiser",
    "first choice health": "first-choice",
    "unitedhealthcare": "uhc",
    "united healthcare": "uhc",
    "labor & industries": "lni",
    "personal injury protection": "pip",
    "triwest": "va",
    "optum community care": "va",
    "medicaid": "apple-health",
    "molina apple health": "apple-health",
    "community health plan of washington": "apple-health",
    "coordinated care": "apple-health",
    "wellpoint": "apple-health",
}
#: Plans that stand as payers.
PLAN_PAYERS = {"uniform medical plan": "Uniform Medical Plan", "ump": "Uniform Medical Plan"} | {
    name.lower(): name for key in ("fep", "rga", "hma") for name in PLAN_SPELLINGS[key]
}


def lowered(name: str) -> str:
    return " ".join(name.lower().split())


def canonical(name: str | None) -> str | None:
    if name is None:
        return None
    plain = lowered(name)
    return "regence" if plain in PLAN_PAYERS else ALIASES.get(plain, plain)


def plan_of_payer(name: str | None) -> str | None:
    return PLAN_PAYERS.get(lowered(name or ""))


def squeezed(name: str) -> str:
    return "".join(name.lower().split())


def words(name: str) -> str:
    return " " + " ".join(re.findall(r"[a-z0-9]+", name.lower())) + " "


def listed(plan: str, spellings: tuple[str, ...]) -> bool:
    return squeezed(plan) in {squeezed(name) for name in spellings}


def within(plan: str, spellings: tuple[str, ...]) -> bool:
    return any(words(name) in words(plan) for name in spellings)


def spellings_of(plan: str) -> tuple[str, ...]:
    """All spellings of a plan that stands as a payer."""
    return next((s for s in PLAN_SPELLINGS.values() if listed(plan, s)), (plan,))
