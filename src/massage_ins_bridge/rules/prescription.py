"""The prescription: is there one, does it say what it must, does it still hold (RX, DX, OQ-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..api import (
    Action,
    Case,
    Prescription,
    Requirement,
    Rule,
    add_days,
    add_duration,
    by_cost,
    ordered_visits,
    rest_on_hearsay,
)
from .diagnosis import diagnosis
from .necessity import necessity
from .prescriber import prescriber

_WRITTEN = {
    what: (f"prescription.{what}", f"The {what} is on the prescription.")
    for what in ("frequency", "duration")
}
#: Requirements that only the prescriber can mend.
_AT_PRESCRIBER = frozenset(
    {
        "prescription.diagnosis",
        "prescription.frequency",
        "prescription.duration",
        "prescription.signature",
        "prescription.prescriber",
        "prescription.current",
        "prescription.visits",
    }
)


def prescription(case: Case) -> tuple[list[Requirement], list[Action]]:
    """Every requirement that rests on a prescription, judged on the one that serves best."""
    if case.prescriptions is None:
        unknown = case.rules["RX-05"].unknown(
            "prescription",
            "It is not known whether a prescription is on file.",
            "Look for the prescription, or ask the client for it.",
            "We need a prescription for massage from your provider.",
            due_day(case),
        )
        return [unknown], []
    if not case.prescriptions:
        return [_none_on_file(case, due_day(case))], []
    judged = [(judge(case, rx), rx) for rx in case.prescriptions]
    best, rx = judged[0] if len(judged) == 1 else min(judged, key=lambda pair: _worth(*pair))
    actions = _actions(case, rx, best)
    *others, one, other = best
    if one.key == other.key:  # medical necessity was judged twice: the costlier stands
        best = [*others, max(one, other, key=by_cost)]
    return best, actions


def due_day(case: Case) -> date:
    """The last day on which prescription and intake form are in time (RX-07)."""
    days = case.clinic.prescription_lead_days
    if days is None:
        days = int(case.rules["RX-07"].values["lead_days"])
    return add_days(case.date_of_service, -days)


def _none_on_file(case: Case, due: date) -> Requirement:
    rule = case.rules["RX-05"]
    late = case.today > due
    return rule.unmet(
        "prescription",
        "block" if late else "hold",
        f"No prescription is on file; it was due by {due}."
        if late
        else f"No prescription is on file; it is due by {due}.",
        "Offer self-pay, or a later date once the prescription is here."
        if late
        else "Ask the client for the prescription (text, fax or e-mail).",
        "We have no prescription from your provider, and it is too late to get it for this date. "
        "You can pay for the visit yourself or choose a later date."
        if late
        else f"Please send us your prescription for massage by {due}, or ask your provider to.",
        due,
    )


def judge(case: Case, rx: Prescription) -> list[Requirement]:
    """All requirements on one prescription, those of medical necessity last. None is met until
    staff confirmed the paper."""
    often, long = rx.frequency, rx.duration
    rule = case.rules["RX-01"]
    found = [
        case.rules["RX-05"].met("prescription", "A prescription is on file."),
        _signature(case, rx),
        *diagnosis(case, rx),
        _written(rule, "frequency", often is not None and None not in (often.times, often.per)),
        _written(rule, "duration", long is not None and None not in (long.count, long.unit)),
        prescriber(case, rx),
        _current(case, rx),
        _visits(case, rx),
        _lead_time(case, rx),
        *necessity(case, rx),
    ]
    if rx.staff_confirmed is True:
        return found
    return [rest_on_hearsay(item) for item in found]


def _worth(found: list[Requirement], rx: Prescription) -> tuple[object, ...]:
    """Sorts prescriptions, the one that serves best first. What follows the costs only makes the
    order total."""
    costs = tuple(sorted((by_cost(item)[0] for item in found), reverse=True))  # type: ignore[type-var]
    newest = -(rx.signed_on.toordinal() if rx.signed_on else 0)
    plain = repr(replace(rx, diagnoses=tuple(sorted(rx.diagnoses or ()))))
    return (costs, sum(item.status != "met" for item in found), newest, rx.id or "", plain)


def _signature(case: Case, rx: Prescription) -> Requirement:
    rule = case.rules["CP-SIGNATURE"]
    if rx.signed:
        return rule.met("prescription.signature", "The prescription is signed.")
    text = (
        "The prescription is not signed."
        if rx.signed is False
        else "It is not recorded whether the prescription is signed."
    )
    remedy = "Get the signed prescription from the prescriber, and record it."
    patient = "Your prescription must be signed by your provider."
    if rx.signed is False:
        return rule.unmet("prescription.signature", "hold", text, remedy, patient)
    return rule.unknown("prescription.signature", text, remedy, patient)


def _written(rule: Rule, what: str, there: bool) -> Requirement:  # noqa: FBT001 - said by what
    key, text = _WRITTEN[what]
    if there:
        return rule.met(key, text)
    return rule.unmet(
        key,
        "hold",
        f"The prescription does not give the {what}.",
        f"Ask the prescriber to add the {what}.",
        f"Your prescription lacks the {what} of treatment. Please ask your provider to add it.",
    )


def last_day(rx: Prescription) -> date | None:
    """The last day that the prescription's own duration covers; ``None`` where unknown."""
    if rx.signed_on is None or rx.duration is None:
        return None
    return add_duration(rx.signed_on, rx.duration)


def _current(case: Case, rx: Prescription) -> Requirement:
    key = "prescription.current"
    rule = case.rules["OQ-9"]
    payer = case.payer
    day = case.date_of_service
    end = last_day(rx)
    renew = "Ask the prescriber for a new prescription."
    patient = "Your prescription does not cover the day of your visit. Please ask for a new one."
    if end is not None and day > end:
        return rule.unmet(key, "block", f"The prescription ran out on {end}.", renew, patient)
    if rx.signed_on is not None and day < rx.signed_on:
        text = f"The prescription is signed {rx.signed_on}, after the visit."
        return rule.unmet(key, "hold", text, "Check the dates with the prescriber.", patient)
    age_rule = case.payer_rule(payer.prescription_age_rule) if payer else None
    if age_rule is not None and rx.signed_on is not None:
        limit = add_days(rx.signed_on, int(age_rule.values["max_age_days"]))
        if day > limit:
            text = f"On the day of the visit the prescription is older than {limit} allows."
            return age_rule.unmet(key, "hold", text, renew, patient)
    if end is None:
        text = "It is not known until when the prescription is good."
        remedy = "Record the day it was signed and its duration."
        return rule.unknown(key, text, remedy, "We are checking the dates of your prescription.")
    return rule.met(key, f"The prescription is good until {end.isoformat()}.")


def _visits(case: Case, rx: Prescription) -> Requirement:
    key = "prescription.visits"
    rule = case.rules["OQ-9"]
    ordered = rx.visits if rx.visits is not None else ordered_visits(rx.frequency, rx.duration)
    known = case.entries if case.entries is not None else case.completed
    signed = rx.signed_on
    used = 0
    if known is not None and signed is not None:
        for entry in known:
            used += entry.here and entry.day >= signed
    if ordered is not None and used >= ordered and known is not None:
        return rule.unmet(
            key,
            "block",
            f"The prescription orders {ordered} visits; {used} are done or booked before this one.",
            "Ask the prescriber for a new prescription.",
            "All visits on your prescription are used or booked. Please ask for a new one.",
        )
    if ordered is None or case.entries is None or signed is None:
        return rule.unknown(
            key,
            "It cannot be counted how many of the ordered visits are left.",
            "Record the ordered visits (or frequency and duration), the day of signing and the "
            "visits so far.",
            "We are checking how many visits your prescription still allows.",
        )
    return rule.met(key, f"{used} of {ordered} ordered visits are used or booked before this one.")


def _lead_time(case: Case, rx: Prescription) -> Requirement:
    key = "prescription.lead-time"
    rule = case.rules["RX-07"]
    due = due_day(case)
    if rx.received_on is None:
        text = "It is not recorded when the prescription came in."
        return rule.unknown(key, text, "Record the day it was received.", "", effect="warn")
    if rx.received_on > due:
        text = f"The prescription came in on {rx.received_on}; {due} would have been in time."
        return rule.unmet(key, "warn", text, "Check it before the visit.", "")
    day = rx.received_on.isoformat()
    return rule.met(key, f"The prescription came in on {day}, in time.")


def _actions(case: Case, rx: Prescription, found: list[Requirement]) -> list[Action]:
    actions = []
    if rx.staff_confirmed is not True:
        text = "Check the prescription against the paper and confirm it."
        actions.append(case.rules["RX-05"].action("review-prescription", text))
    lacking = [r for r in found if r.status == "unmet" and r.key in _AT_PRESCRIBER]
    if lacking:
        names = ", ".join(sorted(r.key.partition(".")[2] for r in lacking))
        text = f"Back to the prescriber: {names}."
        actions.append(case.rules["RX-01"].action("ask-prescriber", text))
    return actions
