"""The prescription: is there one, which one serves, and what somebody has to mend (RX, DX)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, get_args

from ..api import Action, Case, Cost, Prescription, Requirement
from .lead import by_when, cost, due_day, is_late, please
from .paper import judge

KEY = "prescription"
#: From the mildest on.
COSTS = get_args(Cost)
#: What the prescriber alone can mend, in the words of a task.
AT_PRESCRIBER = {
    "prescription.diagnosis": "the diagnosis code",
    "prescription.frequency": "the frequency",
    "prescription.duration": "the duration",
    "prescription.signature": "the signature",
    "prescription.prescriber": "an order by an accepted prescriber",
    "prescription.current": "a new prescription",
    "prescription.visits": "more visits",
    "prescription.orders": "an order for massage",
}
#: What is asked for even where it is only not known.
_ASKED_WHERE_UNKNOWN = frozenset({"prescription.signature"})


class Judged(NamedTuple):
    """What the prescriptions on file say of a booking, and the one that serves it."""

    requirements: list[Requirement]
    actions: list[Action]
    serves: Prescription | None


def prescription(case: Case) -> Judged:
    """Every requirement that rests on a prescription, judged on the one that the booking names,
    else on the one that serves best."""
    if case.prescriptions is None:
        unknown = case.rules["RX-05"].unknown(
            KEY,
            "It is not known whether a prescription is on file.",
            "Look for the prescription, or ask the client for it.",
            "We need a prescription for massage from your provider. Please send it to us.",
        )
        return Judged([unknown], [], None)
    if not case.prescriptions:
        return _none_on_file(case)
    candidates = list(case.prescriptions)
    named = case.booking.prescription
    if case.beside and case.prescription is not None:
        candidates = [case.prescription]  # the one that serves what is billed
    elif named is not None:
        candidates = [rx for rx in candidates if rx.id == named]
        if not candidates:
            return _not_found(case)
    judged = [(judge(case, rx), rx) for rx in candidates]
    best, rx = judged[0] if len(judged) == 1 else min(judged, key=lambda pair: _worth(*pair))
    return Judged(best, _actions(case, rx, best), rx)


def _none_on_file(case: Case) -> Judged:
    rule, late = case.rules["RX-05"], is_late(case)
    client = "We have no prescription from your provider."
    if late:
        client = f"{client} It is too late to get one for this date. Please choose a later one."
    else:
        client = f"{client} {please(case, 'send it to us')}"
    lacking = rule.unmet(
        KEY,
        cost(case),
        f"No prescription is on file. {by_when(case)}",
        "Offer a later date, once the prescription is here."
        if late
        else "Ask the client for the prescription (text, fax or e-mail).",
        client,
        due_day(case),
    )
    ask = rule.action("ask-prescriber", "Ask for the prescription.", due_day(case), cures=KEY)
    return Judged([lacking], [] if late else [ask], None)


def _not_found(case: Case) -> Judged:
    unknown = case.rules["RX-05"].unknown(
        KEY,
        f"The booking is made on prescription {case.booking.prescription}, which is not on file.",
        "Name the right prescription on the booking, or record this one.",
        "We are checking which prescription your visit belongs to.",
    )
    return Judged([unknown], [], None)


def _worth(found: list[Requirement], rx: Prescription) -> tuple[object, ...]:
    """Sorts prescriptions, the one that serves best first: the least effect, then the fewest
    requirements that cost, then the newest. What follows only makes the order total."""
    costs = [COSTS.index(item.effect) for item in found]
    costly = sum(item.effect in ("hold", "block") for item in found)
    newest = -(rx.signed_on.toordinal() if rx.signed_on else 0)
    plain = repr(replace(rx, diagnoses=tuple(sorted(rx.diagnoses or ()))))
    return (max(costs), costly, newest, rx.id or "", plain)


def _actions(case: Case, rx: Prescription, found: list[Requirement]) -> list[Action]:
    rule = case.rules["RX-01"]
    if rx.staff_confirmed is not True:
        text = "Check the prescription against the paper and confirm it."
        return [case.rules["RX-05"].action("review-prescription", text)]
    lacking = [
        r
        for r in found
        if r.key in AT_PRESCRIBER and (r.status == "unmet" or r.key in _ASKED_WHERE_UNKNOWN)
    ]
    lacking = [r for r in lacking if r.effect != "none"]
    if not lacking:
        return []
    names = ", ".join(AT_PRESCRIBER[r.key] for r in lacking)
    days = [r.due for r in lacking if r.due is not None and r.effect != "block"]
    text = f"Ask the prescriber for {names}."
    return [rule.action("ask-prescriber", text, min(days, default=None))]
