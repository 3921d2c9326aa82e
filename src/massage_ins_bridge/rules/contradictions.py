"""Facts that contradict each other, though both may have been written down in good faith: staff
is warned, with a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..api import (
    Action,
    Authorization,
    Case,
    Coverage,
    Patient,
    Prescription,
    ProgressReport,
    Requirement,
    Visit,
    in_words,
)
from ..domain.happened import to_come

KEY = "core.contradiction"
_NAMES: Mapping[type, str] = {
    Authorization: "An authorization",
    Coverage: "A coverage",
    Patient: "The client",
    Prescription: "A prescription",
    ProgressReport: "A progress report",
    Visit: "A visit",
}


def contradictions(case: Case) -> tuple[list[Requirement], list[Action]]:
    """One warning that names every contradiction, and the task to mend them; nothing where there
    is none."""
    papers = [*_prescriptions(case), *_to_come(case, case.prescriptions)]
    found = [*_authorizations(case), *_answers(case), *papers, *_coverage(case), *_plan_years(case)]
    for facts in (case.coverages, case.authorizations, case.visits, case.progress_reports):
        found += _to_come(case, facts)
    found += _to_come(case, (case.patient,))
    if not found:
        return [], []
    rule = case.rules["CP-CONTRADICTION"]
    kind = "review-prescription" if papers else "confirm-coverage"
    warning = [
        rule.unmet(
            KEY,
            "warn",
            " ".join(["Facts on file contradict each other.", *sorted(set(found))]),
            "Check these facts against the papers and mend the wrong one.",
            "",
        )
    ]
    return warning, [rule.action(kind, "Facts on file contradict each other: check them.")]


def _authorizations(case: Case) -> list[str]:
    """Visits that were done within approvals which have no room for them. Approvals whose dates
    overlap are an ordinary extension: each visit goes to the one that ends first and has a visit
    left."""
    counted = [
        a
        for a in case.authorizations or ()
        # L&I's kinds serve their own stretch of visits
        if a.status == "approved" and a.kind == "prior-authorization" and _is_full(a)
    ]
    if not counted or case.episode is None:
        return []
    visits = [entry for entry in case.episode.entries if entry.done]
    if all(len(visits) <= (a.visits or 0) for a in counted):
        return []  # each of them has room for all
    counted.sort(key=lambda a: (a.to or date.max, a.number or ""))
    left = [a.visits or 0 for a in counted]
    done = [0] * len(counted)
    over: set[int] = set()
    for entry in visits:
        covering = [n for n, a in enumerate(counted) if _covers(a, entry.day)]
        room = next((n for n in covering if left[n] > 0), None)
        for n in covering:
            done[n] += 1
        if room is not None:
            left[room] -= 1
        elif covering:
            over.add(covering[-1])
    return [
        f"{f'Authorization {a.number}' if a.number else 'An authorization'} approves fewer visits "
        f"({a.visits}) than are done ({n})."
        for a, n in (pair for i, pair in enumerate(zip(counted, done, strict=True)) if i in over)
    ]


def _is_full(item: Authorization) -> bool:
    return None not in (item.visits, item.from_, item.to)


def _covers(item: Authorization, day: date) -> bool:
    return item.from_ is not None and item.to is not None and item.from_ <= day <= item.to


def _answers(case: Case) -> list[str]:
    """What an authorization says of itself."""
    found = []
    for item in case.authorizations or ():
        if item.requested_on and item.decided_on and item.decided_on < item.requested_on:
            found.append(f"{_named(item)} was decided before it was requested.")
        approved = item.visits if item.status == "approved" else None
        if approved is not None and item.used is not None and item.used > approved:
            name = _named(item)
            found.append(f"{name} approves {approved} visits, and its payer counts {item.used}.")
    return found


def _prescriptions(case: Case) -> list[str]:
    found = []
    for rx in case.prescriptions or ():
        if rx.signed_on and rx.received_on and rx.received_on < rx.signed_on:
            name = f"Prescription {rx.id}" if rx.id else "A prescription"
            found.append(f"{name} came in before it was signed.")
        if rx.signed_on and case.patient.birth_date and rx.signed_on < case.patient.birth_date:
            found.append("A prescription was signed before the client was born.")
    return found


def _coverage(case: Case) -> list[str]:
    coverage = case.coverage
    if coverage is None:
        return []
    found = []
    if (
        coverage.visit_limit is not None
        and coverage.visits_used is not None
        and coverage.visits_used > coverage.visit_limit
    ):
        found.append(
            f"The plan allows fewer visits ({coverage.visit_limit}) than are used "
            f"({coverage.visits_used})."
        )
    if (
        coverage.claim is not None
        and coverage.claim.status != "closed"
        and coverage.claim.closed_on
    ):
        found.append("The claim has a closing date and is not marked closed.")
    return found


def _plan_years(case: Case) -> list[str]:
    """Of one plan on file twice, as a renewal is, one would begin its year on another day. Of two
    plans each may, as where a client changed their employer."""
    billed = case.payer.key if case.payer else None
    begins: dict[tuple[str, str], set[str]] = {}
    for item in case.coverages or ():
        if item.plan_year_start is not None and case.payers.key_of(item.payer) == billed:
            plan = " ".join((item.plan or "").split()).casefold()
            begins.setdefault((plan, item.group_number or ""), set()).add(item.plan_year_start)
    return [
        f"The plan year begins on {' and on '.join(sorted(days))}."
        for days in begins.values()
        if len(days) > 1
    ]


def _to_come(case: Case, facts: Sequence[Any] | None) -> list[str]:
    """What is said to have happened, on a day that is still to come."""
    return [
        f"{_named(fact)}: the day of {one.said}, {in_words(one.day)}, is still to come."
        for fact in facts or ()
        for one in to_come(fact, case.today)
    ]


def _named(fact: Any) -> str:
    if isinstance(fact, Authorization) and fact.number:
        return f"Authorization {fact.number}"
    if isinstance(fact, Prescription) and fact.id:
        return f"Prescription {fact.id}"
    return _NAMES[type(fact)]
