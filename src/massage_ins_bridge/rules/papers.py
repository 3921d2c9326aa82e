"""How many visits of each prescription are spoken for.

Source: contract rulings on time: a visit that names its prescription uses that one; one that names
none uses, of those that are valid on its day, the one that ends first and has a visit left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..api import Case, Entry, Prescription, add_duration, ordered_visits


def last_day(rx: Prescription) -> date | None:
    """The last day that the prescription's own duration covers; ``None`` where unknown."""
    if rx.signed_on is None or rx.duration is None:
        return None
    return add_duration(rx.signed_on, rx.duration)


def ordered(rx: Prescription) -> int | None:
    """How many visits it orders, in so many words or by frequency and duration."""
    return rx.visits if rx.visits is not None else ordered_visits(rx.frequency, rx.duration)


def used_of(case: Case, rx: Prescription, entries: Sequence[Entry]) -> int:
    """How many of the massages before this one at this clinic use the prescription up, whoever
    paid."""
    papers = list(case.prescriptions or ())
    own = next((p for p in papers if p is rx), None) or next((p for p in papers if p == rx), rx)
    if not any(p is own for p in papers):
        papers.append(own)  # one that is only being filed
    here = sorted((e for e in entries if e.here), key=lambda e: e.day)
    if len(papers) == 1:
        return sum(_alone(rx, e) for e in here)
    papers.sort(key=lambda p: (last_day(p) or date.max, p.signed_on or date.max, p.id or ""))
    used = {id(paper): 0 for paper in papers}
    by_id = {paper.id: paper for paper in reversed(papers) if paper.id}
    for entry in here:
        if entry.prescription is None:
            continue
        named = by_id.get(entry.prescription)
        if named is not None and _begun(named, entry.day):
            used[id(named)] += 1
    for entry in here:
        if entry.prescription is None:
            _take(papers, used, entry.day)
    return used[id(own)]


def _alone(rx: Prescription, entry: Entry) -> bool:
    """Whether a visit uses the only prescription on file."""
    if entry.prescription is not None and entry.prescription != rx.id:
        return False
    if entry.prescription is not None:
        return _begun(rx, entry.day)
    return _is_valid(rx, entry.day)


def _take(papers: list[Prescription], used: dict[int, int], day: date) -> None:
    for paper in papers:
        if not _is_valid(paper, day):
            continue
        limit = ordered(paper)
        if limit is None or used[id(paper)] < limit:
            used[id(paper)] += 1
            return


def _begun(rx: Prescription, day: date) -> bool:
    return rx.signed_on is not None and rx.signed_on <= day


def _is_valid(rx: Prescription, day: date) -> bool:
    end = last_day(rx)
    return _begun(rx, day) and (end is None or day <= end)
