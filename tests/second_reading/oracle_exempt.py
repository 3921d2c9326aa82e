"""Plans of Regence that need no prior authorization (EX-01 to EX-12)."""

import re

from .facts import Facts

AWC = (
    *("AWC Employee Benefit Trust", "AWC Trust"),
    "Association of Washington Cities Employee Benefit Trust",
)
LISTED = (
    *("Boeing", "The Boeing Company", "Medigap", "Regence Medigap", "Medicare Supplement"),
    *("Kent Fire", "Kent Fire Department", "KingCare", "King County", "Regence King County"),
    *("Pierce County", "City of Tacoma", "Uniform Medical Plan", "UMP", "Regence Uniform"),
    *("UMP Classic", "UMP Select", "UMP CDHP", "Federal Employee Plan", "FEP", "RGA", "HMA"),
    *("Federal Employee Program", "Regence Group Administrators", "BlueCard"),
    *("Health Management Administrators", "Healthcare Management Administrators"),
)
AWC_STAFF_GROUP = "10016119"


def squeezed(name: str) -> str:
    return "".join(name.lower().split())


def words(name: str) -> str:
    return " " + " ".join(re.findall(r"[a-z0-9]+", name.lower())) + " "


def listed(plan: str, names: tuple[str, ...]) -> bool:
    return squeezed(plan) in {squeezed(name) for name in names}


def within(plan: str, names: tuple[str, ...]) -> bool:
    return any(words(name) in words(plan) for name in names)


def exemption(facts: Facts) -> str | None:
    """Firm, doubtful or none."""
    if facts.payer != "regence" or facts.coverage is None:
        return None
    plan, group = facts.cover("plan") or "", facts.cover("group_number")
    sure = "firm" if facts.confirmed else "doubtful"
    if facts.cover("position") == "secondary" or listed(plan, LISTED):
        return sure
    if listed(plan, AWC) and group != AWC_STAFF_GROUP:
        return sure if group else "doubtful"
    if within(plan, LISTED):
        return "doubtful"
    if within(plan, AWC) and group != AWC_STAFF_GROUP:
        return "doubtful"
    return None
