"""In which network the clinic is, by payer, day, practitioner and plan (NET-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..domain.clinic import Clinic, NetworkSpan
from ..domain.facts import Coverage
from ..domain.payer import Payer, PayerIndex, normal_name, normal_plan
from ..domain.vocabulary import Network


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose network status is asked for: of which practitioner, under which coverage."""

    practitioner: str | None = None
    coverage: Coverage | None = None

    def plans(self, payers: PayerIndex) -> frozenset[str]:
        """What the plan is called, in the form in which plans are compared: in its own words, and
        by a payer's name that is a plan's."""
        if self.coverage is None:
            return frozenset()
        match = payers.find(self.coverage.payer)
        names = (self.coverage.plan, match.plan if match else None)
        return frozenset(normal_plan(name) for name in names if name)


def network_on(
    clinic: Clinic, payer: Payer | None, day: date, payers: PayerIndex, whose: Whose
) -> Network | None:
    """The clinic's network status with the payer on a day, by the narrowest entry that fits: one
    that names practitioner and plan, else the practitioner, else the plan, else neither. ``None``
    where it is unknown: nothing fits, entries that are equally narrow disagree, or those that might
    fit do whose practitioner or plan is not known here."""
    if payer is None or not clinic.network or _is_unlisted(clinic, whose.practitioner):
        return None
    plans = whose.plans(payers)
    spans = _fitting(_of_payer(clinic, payer, day, payers), whose.practitioner, plans)
    unsure = (not plans and any(s.plans is not None for s in spans)) or (
        whose.practitioner is None and any(s.practitioners is not None for s in spans)
    )
    if not unsure:
        narrowest = max(map(_narrowness, spans), default=(False, False))
        spans = [s for s in spans if _narrowness(s) == narrowest]
    found = {span.status for span in spans}
    return found.pop() if len(found) == 1 else None


def _is_unlisted(clinic: Clinic, key: str | None) -> bool:
    people = clinic.practitioners
    return key is not None and people is not None and key not in [p.key for p in people]


def _of_payer(clinic: Clinic, payer: Payer, day: date, payers: PayerIndex) -> Iterable[NetworkSpan]:
    """The payer's entries of that day. One that stands under a plan's name is of that plan, by
    whatever name it goes, where it names none itself."""
    for name, spans in (clinic.network or {}).items():
        match = payers.find(name)
        if match is None or match.payer.key != payer.key:
            if normal_name(name) != normal_name(payer.key):
                continue
            match = None
        for span in spans:
            starts = span.from_ is None or span.from_ <= day
            if starts and (span.to is None or day <= span.to):
                plan = match.plan if match and span.plans is None else None
                yield replace(span, plans=payer.names_of_plan(plan)) if plan else span


def _fitting(
    spans: Iterable[NetworkSpan], who: str | None, plans: frozenset[str]
) -> Sequence[NetworkSpan]:
    """Those that fit, or might: what is not known here rules nothing out."""
    return [
        span
        for span in spans
        if (span.practitioners is None or who is None or who in span.practitioners)
        and (span.plans is None or not plans or not plans.isdisjoint(map(normal_plan, span.plans)))
    ]


def _narrowness(span: NetworkSpan) -> tuple[bool, bool]:
    return span.practitioners is not None, span.plans is not None
