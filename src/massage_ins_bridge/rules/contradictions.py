"""Facts that contradict each other, though both may have been written down in good faith: staff
is warned, with a task."""

from __future__ import annotations

from itertools import combinations

from ..api import Action, Authorization, Case, Requirement

KEY = "core.contradiction"


def contradictions(case: Case) -> tuple[list[Requirement], list[Action]]:
    """One warning that names every contradiction, and the task to mend them; nothing where there
    is none."""
    papers = _prescriptions(case)
    found = [*_authorizations(case), *papers, *_coverage(case)]
    if not found:
        return [], []
    rule = case.rules["CP-CONTRADICTION"]
    kind = "review-prescription" if papers else "confirm-coverage"
    warning = [
        rule.unmet(
            KEY,
            "warn",
            f"Facts on file contradict each other: {'; '.join(sorted(set(found)))}.",
            "Check these facts against the papers and mend the wrong one.",
            "",
        )
    ]
    return warning, [rule.action(kind, "Facts on file contradict each other: check them.")]


def _authorizations(case: Case) -> list[str]:
    found: list[str] = []
    approved = [a for a in case.authorizations or () if a.status == "approved"]
    for one, other in combinations(approved, 2) if len(approved) > 1 else ():
        if one.kind == other.kind and _overlap(one, other):
            names = " and ".join(sorted(a.number or "without number" for a in (one, other)))
            found.append(f"authorizations {names} overlap; their visits are added up")
    for item in approved:
        if item.visits is None or item.kind != "prior-authorization":
            continue  # L&I's kinds serve their own stretch of visits
        used = _used_within(case, item)
        if used > item.visits:
            name = item.number or "without number"
            found.append(f"authorization {name} approves {item.visits} visits and {used} are done")
    return found


def _overlap(one: Authorization, other: Authorization) -> bool:
    if one.from_ is None or one.to is None or other.from_ is None or other.to is None:
        return False
    return one.from_ <= other.to and other.from_ <= one.to


def _used_within(case: Case, item: Authorization) -> int:
    """Visits of the episode done within the authorization's dates; 0 where nothing can be
    counted."""
    first, last = item.from_, item.to
    if case.episode is None or first is None or last is None:
        return 0
    used = 0
    for entry in case.episode.entries:
        used += entry.done and first <= entry.day <= last
    return used


def _prescriptions(case: Case) -> list[str]:
    found = []
    for rx in case.prescriptions or ():
        if rx.signed_on and rx.received_on and rx.received_on < rx.signed_on:
            name = rx.id or "without id"
            found.append(f"prescription {name} came in before it was signed")
        if rx.signed_on and case.patient.birth_date and rx.signed_on < case.patient.birth_date:
            found.append("a prescription was signed before the client was born")
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
            f"the plan allows {coverage.visit_limit} visits and {coverage.visits_used} are used"
        )
    if (
        coverage.claim is not None
        and coverage.claim.status != "closed"
        and coverage.claim.closed_on
    ):
        found.append("the claim has a closing date and is not marked closed")
    return found
