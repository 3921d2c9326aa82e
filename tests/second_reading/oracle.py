"""The rule book read a second time, from its text alone: `decide(request)`."""

import calendar
from datetime import date
from typing import Any

from .facts import Facts, Json, canonical, read, served, to_day
from .oracle_authorization import clinic_approval, prior_authorization
from .oracle_claim import claim, progress_report
from .oracle_prescription import prescription_readings
from .terms import EFFECTS, KEYS, cost, met, number, ours, resting_on, stand, unknown, unmet

OF_THE_PLAN = ("prior-authorization", "claim", "benefit", "medical-necessity")
NO_NETWORK = ("pip",)
NO_PLAN_LIMITS = ("lni", "pip")
NOT_INSURERS = (None, "self-pay", "self_pay", "cash")


def decide(request: dict[str, Any]) -> dict[str, Any]:
    """The decision; where several prescriptions serve equally well, with the first of them."""
    return readings(request)[0]


def readings(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Every decision that the text bears out."""
    if request["booking"].get("self_pay") is True:
        return [self_pay(request)]
    facts = read(request)
    shared, waivers, actions, loose = apart_from_prescriptions(facts)
    return [
        decision(facts, {**shared, **more}, waivers, actions, loose | open_keys)
        for more, open_keys in prescription_readings(facts)
    ]


def self_pay(request: Json) -> Json:
    payer = canonical(request["booking"].get("payer"))
    lni = payer == "lni"
    return {
        "outcome": "hold" if lni else "allow",
        "payer": payer,
        "route": None if lni else "self-pay",
        "payment_at_visit": not lni,
        "self_pay_offered": False,
        "visit_number": None,
        "requirements": {},
        "waivers": {},
        "actions": set(),
        "undetermined": sorted(KEYS) if lni else [],
    }


def decision(
    facts: Facts, items: dict[str, Json], waivers: Json, actions: set[str], loose: set[str]
) -> Json:
    if "identity" in items:  # whoever it is, nobody is refused
        items = {k: at_most_held(i) for k, i in items.items()}
    if not facts.in_force:  # whatever plan it will be
        items = {k: at_most_held(i) if k in OF_THE_PLAN else i for k, i in items.items()}
    outcome = EFFECTS[max(cost(item) for item in items.values())]
    outcome = {"none": "allow", "warn": "allow"}.get(outcome, outcome)
    if facts.payer is None:
        loose = loose | (set(KEYS) - {"coverage"}) | {"self_pay_offered"}
    if facts.coverage is None:
        loose = loose | {"benefit", "cost-share"}
    return {
        "outcome": outcome,
        "payer": facts.payer,
        "route": route(facts),
        "payment_at_visit": route(facts) == "superbill" or at_the_visit(facts),
        "self_pay_offered": outcome != "allow" and facts.payer != "lni",
        "visit_number": number(facts),
        "requirements": dict(sorted(items.items())),
        "waivers": waivers,
        "actions": actions,
        "undetermined": sorted(loose),
    }


def at_most_held(item: Json) -> Json:
    return {**item, "effect": min(item["effect"], "hold", key=EFFECTS.index)}


def at_the_visit(facts: Facts) -> bool:
    """OQ-5: the clinic may let clients pay and claim from their PIP insurer themselves."""
    asked = facts.request.get("clinic", {}).get("pip_payment_at_visit")
    return facts.payer == "pip" and asked is True and facts.in_force


def route(facts: Facts) -> str | None:
    if not facts.in_force:
        return None
    if facts.payer == "pip":
        return "claim"
    if not served(facts.payer) or facts.network == "unknown":
        return None
    return "claim" if facts.network == "in" or facts.payer == "lni" else "superbill"


def apart_from_prescriptions(facts: Facts) -> tuple[dict[str, Json], Json, set[str], set[str]]:
    prior, waiver, actions, loose = prior_authorization(facts)
    report, open_report = progress_report(facts)
    items = {
        "coverage": coverage(facts),
        "network": network(facts),
        "intake": intake(facts),
        "guardian-consent": guardian(facts),
        "clinic-approval": clinic_approval(facts),
        "prior-authorization": prior,
        "claim": claim(facts),
        "progress-report": report,
        "same-day-care": same_day(facts),
        "benefit": benefit(facts),
        "cost-share": cost_share(facts),
    }
    if facts.request.get("patient", {}).get("identity") == "doubtful":
        items["identity"] = unknown()
    kept = {key: item for key, item in items.items() if item is not None}
    waivers = {"prior-authorization": waiver} if waiver else {}
    return kept, waivers, set(actions), loose | open_report


def coverage(facts: Facts) -> Json:
    if facts.coverage is None or not served(facts.payer):
        return unknown()
    if not facts.in_force:
        return unmet("hold")
    return resting_on(met(), facts.confirmed)


def network(facts: Facts) -> Json | None:
    if facts.payer in NO_NETWORK:
        return None
    if facts.network == "unknown":
        return unknown()
    if facts.network == "in":
        return met()
    return unmet("hold") if facts.payer == "lni" else stand("met", also=["unmet"])


def intake(facts: Facts) -> Json:
    received = facts.request.get("patient", {}).get("intake_received")
    if received is True:
        return met()
    due = facts.day - facts.lead
    if received is False:
        return stand("unmet", "hold", due)
    return stand("unknown", "hold", due, also=["unmet"])


def guardian(facts: Facts) -> Json | None:
    """Asked of whom is known to be under age on the day of the visit."""
    patient = facts.request.get("patient", {})
    born = to_day(patient.get("birth_date"))
    if born is None:
        return None
    year = born.year + facts.request.get("clinic", {}).get("adult_age", 18)
    leap_day = (born.month, born.day) == (2, 29) and not calendar.isleap(year)
    turns = date(year, 3, 1) if leap_day else born.replace(year=year)
    if turns <= facts.day:
        return None
    if patient.get("guardian_consent") is True:
        return met()
    status = "unknown" if patient.get("guardian_consent") is None else "unmet"
    return stand(status, "hold", facts.day - facts.lead)


def same_day(facts: Facts) -> Json:
    effect = "hold" if facts.network == "in" and facts.payer != "pip" else "warn"
    if any(not item.ours and item.payer not in NOT_INSURERS for item in facts.same_day):
        return unmet(effect)
    if not facts.upcoming_known:
        return unknown(effect)
    if facts.done is None:
        return unknown(effect, also=["met"])
    return met()


def benefit(facts: Facts) -> Json | None:
    if facts.payer in NO_PLAN_LIMITS:
        return None
    if facts.cover("massage_benefit") is False:
        return resting_on(unmet("block"), facts.confirmed)
    limit, used = facts.cover("visit_limit"), facts.cover("visits_used")
    if limit is None or used is None:
        return unknown("warn", also=["unmet"])
    standing = len(ours(facts, facts.before))
    if used + standing >= limit:
        return resting_on(unmet("block"), facts.confirmed)
    return resting_on(met() if facts.upcoming_known else unknown(), facts.confirmed)


def cost_share(facts: Facts) -> Json | None:
    if facts.payer in NO_PLAN_LIMITS:
        return None
    if facts.cover("cost_share") and facts.request.get("patient", {}).get("acknowledged_on"):
        return met()
    return unknown("warn", also=["unmet"])
