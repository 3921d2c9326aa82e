"""``referral``: the plan's own paper, by its primary care provider (KPW-01). No law waives it."""

from __future__ import annotations

from massage_ins_bridge.api import Action, Case, Requirement, anything, authorization_state

KEY = "referral"
Found = tuple[tuple[Requirement, ...], tuple[Action, ...]]
SAID = {
    "asked": "is asked for and not answered yet",
    "denied": "was denied",
    "revoked": "was approved and denied later",
    "used-up": "has no visit left",
    "uncovered": "does not cover the day of the visit",
    "unfit": "is for other care or for another condition",
}


def referral(case: Case) -> Found:
    """Whether the plan's referral is on file, where the clinic is in network."""
    if case.network == "out":
        return (), ()
    rule = case.rules["KPW-01"]
    ask = "Ask the client's primary care provider for a referral to massage, and record it."
    client = "Your plan asks for a referral by your primary care provider. Please ask for one."
    if case.network is None or case.authorizations is None:
        text = "It is not known whether the plan's referral is needed and on file."
        return (rule.unknown(KEY, text, ask, client),), ()
    state = _state(case)
    if state == "covered":
        return (rule.met(KEY, "The plan's referral is on file."),), ()
    owed = rule.action("request-referral", ask, cures=KEY)
    if state in ("unknown", "incomplete"):
        text = "The referral on file lacks something, or the visits on it cannot be counted."
        return (rule.unknown(KEY, text, ask, client),), (owed,)
    text = f"The plan's referral {SAID.get(state, 'is not on file')}."
    return (rule.unmet(KEY, "hold", text, ask, client),), (owed,)


def _state(case: Case) -> str:
    """Its dates bind, and its visits where it gives them."""
    counted = any(
        a.kind == KEY and a.status == "approved" and a.visits is not None
        for a in case.authorizations or ()
    )
    return authorization_state(
        case,
        (KEY,),
        case.own_entries,
        complete=anything,
        counts_visits=counted,
        not_required_counts=False,
    ).state
