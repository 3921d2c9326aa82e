"""``place`` and ``same-day-care`` of an L&I booking: care away from the clinic, and a second
massage of one day, each by the claim manager's leave (LNI-07)."""

from __future__ import annotations

from massage_ins_bridge.api import Action, Case, Requirement, authorization_state, dated

from .authorization import MANAGER, SELF_INSURER, insurer_kind

Found = tuple[list[Requirement], list[Action]]
_NONE = "It needs an approval of {who}, and none on file covers the day."
_LACKS = {
    "asked": "It needs an approval of {who}, which is asked for and not answered yet.",
    "denied": "It was denied by {who}.",
    "revoked": "It was approved by {who}, and denied later.",
    "incomplete": "The approval of {who} on file lacks its dates.",
    "unfit": "The approval of {who} on file is for other care or for another condition.",
}
CLIENT = "L&I or your employer has to agree to this visit first. We will tell you when they have."


def place(case: Case) -> Found:
    """``place``, where the visit is not at the clinic."""
    where = case.booking.place
    if where in (None, "clinic"):
        return [], []
    said = "at home" if where == "home" else "elsewhere than at the clinic"
    return _by_leave(case, "place", f"The visit is {said}.")


def second_of_day(case: Case) -> Found:
    """``same-day-care``, where another massage of that day is billed to L&I before this one."""
    key, day = case.payer.key if case.payer else None, case.date_of_service
    known = (*(case.completed or ()), *(case.booked or ()))
    if not any(e.day == day and e.payer == key for e in known):
        return [], []
    return _by_leave(case, "same-day-care", "This is the second massage on one day.")


def _by_leave(case: Case, key: str, what: str) -> Found:
    rule = case.rules["LNI-07"]
    who, state = _who(case), _leave(case)
    if state == "covered":
        return [rule.met(key, f"{what} It was agreed to by {who}.")], []
    kind, ask = (
        "request-authorization",
        f"Ask {who} to agree, and record the answer with its dates.",
    )
    if state == "asked":
        kind, ask = (
            "chase-authorization",
            f"Ask {who} for the answer, and record it with its dates.",
        )
    owed = [rule.action(kind, ask, cures=key)]
    text = f"{what} {_LACKS.get(state, _NONE).format(who=who)}"
    if case.authorizations is None:
        return [rule.unknown(key, text, ask, CLIENT)], owed
    return [rule.unmet(key, "hold", text, ask, CLIENT)], owed


def _who(case: Case) -> str:
    return {
        "state_fund": "the claim manager",
        "self_insured": "the self-insured employer",
    }.get(insurer_kind(case) or "", "the claim manager or the self-insured employer")


def _leave(case: Case) -> str:
    """How the leave stands on the day of the visit: a state of ``AuthorizationState``."""
    kinds = {"state_fund": (MANAGER,), "self_insured": (SELF_INSURER,)}.get(
        insurer_kind(case) or "", (MANAGER, SELF_INSURER)
    )
    now = authorization_state(
        case, kinds, None, complete=dated, counts_visits=False, not_required_counts=False
    )
    return now.state
