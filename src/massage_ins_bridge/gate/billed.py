"""Who is billed: the payer and the coverage, or what keeps that from being known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..domain.facts import Chart, Coverage
from ..domain.payer import (
    Payer,
    PayerIndex,
    PayerMatch,
    is_mentioned,
    normal_plan,
    unserved,
)


class Billed(NamedTuple):
    """Who is billed and by which coverage. ``problem`` says what keeps that from being known;
    ``candidates`` are those who might be billed then."""

    payer: Payer | None
    coverage: Coverage | None
    problem: str
    candidates: tuple[Payer, ...] = ()


def in_force(coverage: Coverage, day: date) -> bool:
    """Whether a coverage is in force on a day; an end that is missing is open."""
    begun = coverage.from_ is None or coverage.from_ <= day
    return begun and (coverage.to is None or day <= coverage.to)


def find_billed(chart: Chart, payers: PayerIndex, day: date) -> Billed:
    """The coverage billed, of those in force on the day of service: the one that the booking names,
    else the primary, else the only one. Where none is in force, the one that would be billed."""
    coverages = chart.coverages
    if coverages:
        coverages = tuple([c for c in coverages if in_force(c, day)]) or coverages
    named = chart.booking.payer or None
    if named is not None:
        return _named(chart, payers, day, payers.find(named) or PayerMatch(unserved(named)))
    if not coverages:
        problem = "no coverage is on file" if coverages == () else "the coverage is not known"
        return Billed(None, None, problem)
    chosen = _one_of(coverages, payers)
    if chosen is None:
        primaries = sum(_is_primary(c, payers) for c in coverages)
        problem = "two coverages say primary" if primaries > 1 else "no coverage says primary"
        pool = [c for c in coverages if _is_primary(c, payers)] or coverages
        candidates = tuple([payer_of(c, payers) for c in pool if c.payer])
        problem = f"{problem} and the booking names no payer"
        if len({c.key for c in candidates}) == 1 and all(c.payer for c in pool):
            return Billed(candidates[0], None, problem, candidates)
        return Billed(None, None, problem, candidates)
    if not chosen.payer:
        return Billed(None, chosen, "the coverage names no payer")
    return _billed(payer_of(chosen, payers), chosen, payers)


def find_primary(chart: Chart, billed: Billed, payers: PayerIndex, day: date) -> list[Coverage]:
    """The primary coverages of other health plans in force beside the one that is billed, where
    that one is secondary."""
    coverage = billed.coverage
    if coverage is None or coverage.position != "secondary" or billed.payer is None:
        return []
    if not billed.payer.health_plan:
        return []
    return [
        with_plan(c, payers)
        for c in chart.coverages or ()
        if _is_primary(c, payers)
        and in_force(c, day)
        and payers.key_of(c.payer) not in (None, billed.payer.key)
    ]


def payer_of(coverage: Coverage, payers: PayerIndex) -> Payer:
    """The coverage's payer; one that nobody serves where no plugin knows its name. One that is
    filed under a plan's name, with a plan that names a payer, is that payer's: a federal employee's
    plan is Regence's, or Premera's."""
    known = payers.find(coverage.payer)
    if known and known.plan and coverage.plan:
        own = next((p for p in payers.payers if is_mentioned(coverage.plan, (p.name,))), None)
        return own or known.payer
    return known.payer if known else unserved(coverage.payer or "")


def with_plan(coverage: Coverage, payers: PayerIndex) -> Coverage:
    """The coverage, with the plan filled in where it is filed under a plan's name ("Uniform Medical
    Plan")."""
    match = None if coverage.plan else payers.find(coverage.payer)
    if match is None or match.plan is None:
        return coverage
    return replace(coverage, plan=match.plan)


def _named(chart: Chart, payers: PayerIndex, day: date, match: PayerMatch) -> Billed:
    match, same = _on_file(chart, payers, match)
    same = [c for c in same if in_force(c, day)] or same
    same = _of_plan(same, match, payers)
    chosen = same[0] if len(same) == 1 else None
    if chosen is None:
        problem = f"the booking bills {match.payer.name}, " + (
            "and two coverages of it compete" if same else "which is not on file"
        )
        return Billed(match.payer, None, problem, (match.payer,) if same else ())
    if match.plan and not with_plan(chosen, payers).plan:
        # the plan that the booking names is the client's word
        chosen = replace(chosen, plan=match.plan, staff_confirmed=False)
    return _billed(match.payer, chosen, payers)


def _on_file(
    chart: Chart, payers: PayerIndex, match: PayerMatch
) -> tuple[PayerMatch, list[Coverage]]:
    """The payer's coverages. Where the booking names a plan, and that plan is on file as another
    payer's, as a federal employee's is Premera's, that one is billed."""
    filed = [(c, payer_of(c, payers)) for c in chart.coverages or () if c.payer]
    same = [c for c, payer in filed if payer.key == match.payer.key]
    if same or match.plan is None:
        return match, same
    wanted = set(map(normal_plan, match.payer.names_of_plan(match.plan)))
    found = [
        (c, payer)
        for c, payer in filed
        if not wanted.isdisjoint(normal_plan(name) for name in (c.plan, c.payer) if name)
    ]
    if len({payer.key for _, payer in found}) != 1:
        return match, same
    return PayerMatch(found[0][1]), [c for c, _ in found]


def _billed(payer: Payer, coverage: Coverage, payers: PayerIndex) -> Billed:
    problem = "" if payer.served else f"no rules for {payer.name} are installed"
    return Billed(payer, with_plan(coverage, payers), problem)


def _of_plan(coverages: list[Coverage], match: PayerMatch, payers: PayerIndex) -> list[Coverage]:
    """Of several coverages those of the plan by whose name the booking names its payer."""
    if match.plan is None or len(coverages) < 2:
        return coverages
    wanted = set(map(normal_plan, match.payer.names_of_plan(match.plan)))
    named = [(c, with_plan(c, payers).plan) for c in coverages]
    return [c for c, own in named if own and normal_plan(own) in wanted] or coverages


def _is_primary(coverage: Coverage, payers: PayerIndex) -> bool:
    """Position is said among health plans; on an injury claim it decides nothing."""
    return coverage.position == "primary" and payer_of(coverage, payers).health_plan


def _one_of(coverages: Iterable[Coverage], payers: PayerIndex) -> Coverage | None:
    found = list(coverages)
    if len(found) == 1:
        return found[0]
    primaries = [c for c in found if _is_primary(c, payers)]
    return primaries[0] if len(primaries) == 1 else None
