"""Records of one number are one authorization: what was said of it, and what it is now.

Source: contract rulings and settlements on numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ..domain.facts import Authorization
from ..domain.payer import normal_name
from .case import CORE, Case


class Answers(NamedTuple):
    """What a payer's authorizations say, one entry for each number: approvals, denials, approvals
    that were ``revoked`` and what is ``asked`` for. ``lacking``: something on file lacks its kind
    or its answer."""

    approvals: tuple[Authorization, ...]
    denials: tuple[Authorization, ...]
    revoked: tuple[Authorization, ...]
    asked: tuple[Authorization, ...]
    lacking: bool


NOTHING = Answers((), (), (), (), lacking=False)


def answers_of(
    authorizations: Iterable[Authorization], kinds: Collection[str], first: date
) -> Answers:
    """Sorts the authorizations of ``kinds``, each as its newest record has it. What ended before
    ``first`` is left out."""
    live = [a for a in authorizations if a.kind is None or a.kind in kinds]
    if not live:
        return NOTHING
    approvals: list[Authorization] = []
    denials: list[Authorization] = []
    revoked: list[Authorization] = []
    asked: list[Authorization] = []
    alone = {"approved": approvals, "denied": denials, "requested": asked, "pended": asked}
    for same in _by_number(live):
        if len(same) == 1:  # as most are
            if same[0].status in alone:
                alone[same[0].status].append(same[0])
            continue
        answered = [a for a in same if a.status in ("approved", "denied", "void")]
        open_ = [a for a in same if a.status in ("requested", "pended")]
        open_ = [a for a in open_ if is_newer(a, answered)]
        asked += [max(open_, key=_order)] if open_ else []
        if not answered:
            continue
        newest = max(map(_newness, answered))
        equal = sorted([a for a in answered if _newness(a) == newest], key=_order)
        said = {a.status: a for a in equal}
        if "denied" in said:
            was = any(a.status == "approved" for a in answered)
            (revoked if was else denials).append(said["denied"])
        elif "void" not in said and "approved" in said:
            approvals.append(said["approved"])
    lacking = [a for a in live if a.status is None or (a.kind is None and a.status != "void")]
    return Answers(
        _going(approvals, first),
        _going(denials, first),
        _going(revoked, first),
        _going(asked, first),
        bool(_going(lacking, first)),
    )


def _going(authorizations: Iterable[Authorization], first: date) -> tuple[Authorization, ...]:
    """Those that had not ended before the episode began."""
    return tuple([a for a in authorizations if a.to is None or a.to >= first])


def _by_number(authorizations: Sequence[Authorization]) -> Iterable[Sequence[Authorization]]:
    named: dict[tuple[str | None, str], list[Authorization]] = {}
    for a in authorizations:
        if a.kind is None:
            continue
        key = normal_name(a.number) if a.number else ""
        if key:
            named.setdefault((a.kind, key), []).append(a)
        else:
            yield (a,)
    yield from named.values()


def answered_on(a: Authorization) -> date | None:
    """The day of the answer, or where it is not known that of the question."""
    return a.decided_on or a.requested_on


def is_newer(ask: Authorization, answered: Iterable[Authorization]) -> bool:
    """Whether a request was made on the day of the latest answer or later. What has no date counts
    as later."""
    if ask.requested_on is None:
        return True
    days = [answered_on(a) for a in answered]
    return all(day is None or ask.requested_on >= day for day in days)


def _newness(a: Authorization) -> tuple[date, date, int]:
    """Of two records of one number the later answered counts, else the one that is good for longer,
    else the one for more visits."""
    return (answered_on(a) or date.min, a.to or date.max, a.visits or 0)


def _order(a: Authorization) -> tuple[object, ...]:
    """Of records that are equally new the same one is taken in whatever order they stand."""
    return (_newness(a), repr(a))


def fits(case: Case, a: Authorization) -> bool:
    """Whether an authorization speaks of this care: of massage, and of a condition that is
    prescribed for. What it does not name it does not narrow."""
    if a.codes and not set(a.codes).intersection(
        case.all_rules[CORE]["CP-CODES"].values["massage"]
    ):
        return False
    rx = case.prescription
    if not a.diagnoses or rx is None or not rx.diagnoses:
        return True
    return share_category(case, a.diagnoses, rx.diagnoses)


def share_category(case: Case, some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two of the ICD-10-CM codes, one of each, are of one category."""
    length = case.all_rules[CORE]["CP-CATEGORY"].values["characters"]
    found = {_plain(code)[:length] for code in some}
    return any(_plain(code)[:length] in found for code in others)


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()
