"""One prescription on file: does it say what it must, does it still hold (RX, DX, OQ-9)."""

from __future__ import annotations

from ..api import Case, Prescription, Requirement, Rule, add_days, in_words
from .diagnosis import diagnosis
from .lead import by_when, cost, due_day, is_late, please
from .necessity import necessity
from .papers import last_day, ordered, used_of
from .prescriber import prescriber

NEW_ONE = "Ask the prescriber for a new prescription."
_WRITTEN = {
    what: (f"prescription.{what}", f"The {what} is on the prescription.")
    for what in ("frequency", "duration")
}


def judge(case: Case, rx: Prescription) -> list[Requirement]:
    """All requirements on one prescription. One that staff has not confirmed is one requirement:
    nothing on it counts yet."""
    said = fields_of(case, rx)
    return said if rx.staff_confirmed is True else [unconfirmed(case, said)]


def fields_of(case: Case, rx: Prescription) -> list[Requirement]:
    """The same by what stands on the paper, confirmed or not."""
    found = [
        case.rules["RX-05"].met("prescription", "A prescription is on file."),
        _signature(case, rx),
        *diagnosis(case, rx),
        _written(case.rules["RX-01"], "frequency", _is_frequent(rx)),
        _written(case.rules["RX-01"], "duration", _is_long(rx)),
        prescriber(case, rx),
        _current(case, rx),
        _visits(case, rx),
        _orders(case, rx),
        _purpose(case, rx),
        _lead_time(case, rx),
        necessity(case, rx),
    ]
    return [item for item in found if item is not None]


def unconfirmed(case: Case, found: list[Requirement]) -> Requirement:
    lacks = [item.message for item in found if item.effect in ("hold", "block")]
    noted = f" It seems to lack something. {' '.join(lacks)}" if lacks else ""
    return case.rules["RX-05"].unknown(
        "prescription",
        f"Staff has not confirmed the prescription yet.{noted}",
        "Check it against the paper and confirm it.",
        "We are checking your prescription.",
    )


def _signature(case: Case, rx: Prescription) -> Requirement:
    rule = case.rules["CP-SIGNATURE"]
    if rx.signed:
        return rule.met("prescription.signature", "The prescription is signed.")
    remedy = "Get the signed prescription from the prescriber, and record it."
    client = "Your prescription must be signed by your provider. Please ask for a signed one."
    if rx.signed is False:
        text = "The prescription is not signed."
        return rule.unmet("prescription.signature", "hold", text, remedy, client)
    text = "It is not recorded whether the prescription is signed."
    return rule.unknown(
        "prescription.signature", text, remedy, "We are checking your prescription."
    )


def _is_frequent(rx: Prescription) -> bool:
    often = rx.frequency
    return often is not None and None not in (often.times, often.per)


def _is_long(rx: Prescription) -> bool:
    return rx.duration is not None and None not in (rx.duration.count, rx.duration.unit)


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


def _current(case: Case, rx: Prescription) -> Requirement | None:
    key, rule, day = "prescription.current", case.rules["OQ-9"], case.date_of_service
    end = last_day(rx)
    client = "Your prescription does not cover the day of your visit."
    if end is not None and day > end:
        text = f"The prescription ends on {in_words(end)}, before the visit. {by_when(case)}"
        if not is_late(case):
            client = f"{client} {please(case, 'send us a new one')}"
        return rule.unmet(key, cost(case), text, NEW_ONE, client, due_day(case))
    if rx.signed_on is not None and day < rx.signed_on:
        text = f"The prescription is signed on {in_words(rx.signed_on)}, after the visit."
        ask = f"{client} We are checking its dates."
        return rule.unmet(key, "hold", text, "Check the dates with the prescriber.", ask)
    old = _too_old(case, rx)
    if old is not None:
        return old
    if not _is_long(rx):
        return None  # that the duration is lacking is said once
    if end is None:
        text = "It is not known from when the prescription is good."
        remedy = "Record the day it was signed."
        return rule.unknown(key, text, remedy, "We are checking the dates of your prescription.")
    return rule.met(key, f"The prescription is good until {in_words(end)}.")


def _too_old(case: Case, rx: Prescription) -> Requirement | None:
    payer = case.payer
    rule = case.payer_rule(payer.prescription_age_rule) if payer else None
    if payer is None or rule is None or rx.signed_on is None:
        return None
    days = int(rule.values["max_age_days"])
    if case.date_of_service <= add_days(rx.signed_on, days):
        return None
    return rule.unmet(
        "prescription.current",
        "hold",
        f"On the day of the visit the prescription is more than {days} days old. {payer.name} may "
        "not accept it.",
        NEW_ONE,
        "Your insurance may ask for a newer prescription. Please ask your provider for one.",
    )


def _visits(case: Case, rx: Prescription) -> Requirement | None:
    key, rule, number = "prescription.visits", case.rules["OQ-9"], ordered(rx)
    payer = case.payer
    named = case.payer_rule(payer.prescription_visits_rule) if payer else None
    if payer is not None and named is not None and rx.visits is None:
        return named.unmet(
            key,
            "hold",
            f"The prescription does not name the number of visits, which {payer.name} may ask for.",
            "Ask the prescriber to add the number of visits.",
            "Your prescription lacks the number of visits. Please ask your provider to add it.",
        )
    if number is None:
        return None  # what is lacking is said once
    if case.entries is None or rx.signed_on is None:
        return rule.unknown(
            key,
            "It cannot be counted how many of the ordered visits are left.",
            "Record the day of signing, the visits so far and the bookings.",
            "We are checking how many visits your prescription still allows.",
        )
    used = used_of(case, rx, case.entries)
    if used < number:
        text = f"Ordered visits used or booked before this one: {used} of {number}."
        return rule.met(key, text)
    client = "All visits on your prescription are used or booked."
    if not is_late(case):
        client = f"{client} {please(case, 'send us a new one')}"
    text = f"Visits that the prescription orders: {number}. Used or booked before this one: {used}."
    return rule.unmet(key, cost(case), f"{text} {by_when(case)}", NEW_ONE, client, due_day(case))


def _orders(case: Case, rx: Prescription) -> Requirement:
    key, rule = "prescription.orders", case.rules["CP-ORDERS"]
    known = {word.casefold().strip() for word in rx.orders or ()}
    if not known:
        return rule.met(key, "No orders are recorded: the paper is taken to be for massage.")
    if known & set(rule.values["massage"]):
        return rule.met(key, "Massage is ordered.")
    return rule.unmet(
        key,
        "hold",
        f"The prescription orders {', '.join(sorted(known)).replace('-', ' ')}, and no massage.",
        "Ask the prescriber for an order for massage.",
        "Your prescription is for another treatment. Please ask your provider for one for massage.",
    )


def _purpose(case: Case, rx: Prescription) -> Requirement:
    key, rule = "prescription.purpose", case.rules["DX-02"]
    if rx.purpose == "rehabilitation":
        return rule.met(key, "The prescription is for rehabilitation.")
    if rx.purpose is None:
        return rule.unknown(
            key,
            "It is not recorded what the prescription is for.",
            "Record the purpose: rehabilitation, maintenance or relaxation.",
            "We are checking what your prescription is for.",
        )
    return rule.unmet(
        key,
        "block",
        f"The prescription is for {rx.purpose}. As far as we know, health insurance does not cover "
        "that.",
        "Tell the client.",
        f"Your prescription is for {rx.purpose}. As far as we know, insurance does not cover that.",
    )


def _lead_time(case: Case, rx: Prescription) -> Requirement:
    key, rule, due = "prescription.lead-time", case.rules["RX-07"], due_day(case)
    if rx.received_on is None:
        text = "It is not recorded when the prescription came in."
        return rule.unknown(key, text, "Record the day it was received.", "", effect="warn")
    if rx.received_on > due:
        text = f"The prescription came in on {in_words(rx.received_on)}, close to the visit."
        return rule.unmet(key, "warn", text, "Check it before the visit.", "")
    return rule.met(key, f"The prescription came in on {in_words(rx.received_on)}, in time.")
