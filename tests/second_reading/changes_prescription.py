"""Changes to the prescription."""

import copy
from datetime import date, timedelta

from .base import Draft
from .changes_shared import Change, drop, put
from .facts import add_months

CREDENTIALS = (
    *("MD", "DO", "ND", "DC", "DPM", "PA-C", "P.A.", "ARNP", "N.P.", "np", "RN", "PT", "DPT"),
    *("MD, PhD", "PhD", "LMT", "DDS", "OD", "r.n.", "PT, DPT", "PsyD", "md"),
)
FIELDS = (
    *("signed_on", "received_on", "signed", "diagnoses", "frequency", "duration", "visits"),
    *("pain", "loss_of_function", "purpose", "prescriber"),
)
CODE_SETS: tuple[list[str], ...] = (
    *([], [""], ["F41.1"], ["Z00.00"], ["R53.83"], ["F41.1", "M54.2"], ["G89.29"], ["I10"]),
    *(["G89.29", "M54.2"], ["G56.01"], ["G56.01", "F41.1"], ["I10", "F41.1"], ["XYZ"]),
    *(["XYZ", "M54.2"], ["M99.99"], ["S13.4"], ["S13.4XXA"], ["S13.4XXS"], ["S39.012A"]),
    *(["M54.5"], ["M54.50"], ["M79.1"], ["M79.18"], ["M54.5", "F41.1"], ["M75.101"]),
    *(["G89.29", "F41.1"], ["F41.1", "Z00.00"], ["R52"], ["M77.11", "M62.830"], ["R10.9"]),
    *(["R68.84"], ["R42"], ["R07.9"], ["R07.89"], ["R25.1"], ["R25.2"], ["R51.9"], ["G43.909"]),
    *(["Z47.1"], ["Z47.1", "M99.01"], ["Z48.89", "M17.11"], ["Z47.1", "F41.1"], ["M99.01"]),
    *(["M72.2"], ["I89.0"], ["Y93.01"], ["Z73.3", "R52"], ["m54.2"], ["G44.86"], ["D17.0"]),
)


def on_paper(change: Change) -> Change:
    """The same, where there is a prescription to change."""
    return lambda made: change(made) if made.request.get("prescriptions") else ""


def missing_field(made: Draft) -> str:
    return "rx " + drop(made.paper, made.rng.choice(FIELDS), made)


def wrong_field(made: Draft) -> str:
    key, value = made.rng.choice(
        (
            *(("signed", False), ("purpose", "maintenance"), ("purpose", "relaxation")),
            *(("pain", False), ("loss_of_function", False), ("loss_of_function", "")),
            ("frequency", {"times": 1, "per": "month"}),
            ("duration", {"count": 45, "unit": "day"}),
        )
    )
    return "rx " + put(made.paper, key, value)


def function_and_pain(made: Draft) -> str:
    pain = made.rng.choice((True, False, None))
    loss = made.rng.choice(("cannot walk a mile", False, None, ""))
    made.paper.update(pain=pain, loss_of_function=loss)
    return f"pain={pain} loss={loss!r}"


def diagnoses(made: Draft) -> str:
    return "rx " + put(made.paper, "diagnoses", list(made.rng.choice(CODE_SETS)))


def prescriber(made: Draft) -> str:
    if not made.paper.get("prescriber"):
        return ""
    person = made.paper["prescriber"]
    if made.rng.random() < 0.5:
        return put(person, "credential", made.rng.choice(CREDENTIALS))
    if made.rng.random() < 0.4:
        return "prescriber " + drop(person, made.rng.choice(("credential", "npi", "state")), made)
    if made.rng.random() < 0.5:
        return put(person, "npi", made.rng.choice(("1234567890", "123456789", "1245319599", "")))
    return put(person, "state", made.rng.choice(("OR", "WA", "ID", "")))


def age(made: Draft) -> str:
    """Signed around the end of its duration, or around 90 days ago."""
    paper = made.paper
    case = made.rng.choice(("weeks", "months", "ninety", "future"))
    if case == "weeks":
        count = made.rng.choice((2, 4, 6))
        paper["duration"] = {"count": count, "unit": "week"}
        paper["signed_on"] = made.ago(count * 7 + made.rng.choice((-1, 0, 1)))
    elif case == "months":
        signed = at_month(made, made.day)
        paper["duration"] = {"count": made.rng.choice((1, 2, 3)), "unit": "month"}
        paper["signed_on"] = signed.isoformat()
    elif case == "ninety":
        paper["signed_on"] = made.ago(made.rng.choice((89, 90, 91, 120)))
    else:
        paper["signed_on"] = made.ago(made.rng.choice((0, -1)))
    return f"signed_on={paper['signed_on']} duration={paper.get('duration')}"


def at_month(made: Draft, day: date) -> date:
    """A signing day such that a duration in months ends around the booking."""
    months = made.rng.choice((1, 2, 3))
    return add_months(day, -months) + timedelta(days=made.rng.choice((-2, -1, 0, 1)))


def received(made: Draft) -> str:
    return put(made.paper, "received_on", made.ago(made.rng.choice((0, 1, 3, 4, 5, 7))))


def ordered(made: Draft) -> str:
    """Few visits ordered, said outright or by frequency and duration."""
    if made.rng.random() < 0.6:
        return "rx " + put(made.paper, "visits", made.rng.choice((1, 2, 3, 4, 6, 8, 12)))
    made.paper["frequency"] = {"times": made.rng.choice((1, 2)), "per": "week"}
    made.paper["duration"] = {"count": made.rng.choice((42, 45, 48, 60)), "unit": "day"}
    if made.rng.random() < 0.4:
        made.paper["frequency"]["per"] = "month"
    return f"frequency={made.paper['frequency']} {drop(made.paper, 'visits', made)}"


def orders(made: Draft) -> str:
    pool: tuple[list[str], ...] = (
        ["massage"],
        ["manual-therapy"],
        ["physical-therapy"],
        [],
        ["acupuncture", "massage"],
    )
    return "rx " + put(made.paper, "orders", made.rng.choice(pool))


def several(made: Draft) -> str:
    """A second prescription, with one thing wrong in either; perhaps the booking names one."""
    second = copy.deepcopy(made.paper)
    second["id"] = "rx2"
    papers = made.request["prescriptions"]
    papers.append(second)
    worse = made.rng.choice(papers)
    flaw = made.rng.choice(("purpose", "signed", "old", "staff", "codes", "late", "few", "knee"))
    changes = {
        "purpose": {"purpose": "maintenance"},
        "signed": {"signed": False},
        "old": {"signed_on": made.ago(400)},
        "staff": {"staff_confirmed": False},
        "codes": {"diagnoses": ["F41.1"]},
        "late": {"received_on": made.ago(1)},
        "few": {"visits": made.rng.choice((1, 2, 4))},
        "knee": {"diagnoses": ["M25.561"], "signed_on": made.ago(made.rng.choice((20, 60)))},
    }
    worse.update(changes[flaw])
    return f"two prescriptions, {worse['id']} {flaw}; {booked_on(made)}"


def booked_on(made: Draft) -> str:
    """The prescription that the booking, and visits, were booked on."""
    names = ("rx1", "rx2", None, "rx9")
    for item in [*made.listed("visits"), *made.listed("upcoming")]:
        if made.rng.random() < 0.5:
            item["prescription"] = made.rng.choice(names)
    label = put(made.booking, "prescription", made.rng.choice(names[:3]))
    if made.rng.random() < 0.1:
        label = put(made.booking, "prescription", "rx9")
    return label


CHANGES = (missing_field, wrong_field, function_and_pain, diagnoses, prescriber, age, received)
PRESCRIPTION: tuple[Change, ...] = tuple(
    map(on_paper, (*CHANGES, diagnoses, ordered, orders, several, several, booked_on))
)
#: Of payers that ask for pain, or loss of function.
NECESSITY: tuple[Change, ...] = (on_paper(function_and_pain),)
