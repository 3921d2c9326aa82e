"""How the authorizations on file stand for one booking.

Source: contract rulings on authorizations. The answer is one of ``State``; what a state costs
is each payer's own rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from ..domain.facts import Authorization
from .case import Case
from .counting import Entry

State = Literal[
    "unknown",  # no list, or the count is missing
    "none",  # nothing asked, nothing answered
    "not-required",  # a recorded answer that none is needed
    "covered",  # an approval covers this booking
    "incomplete",  # an approval lacks its visits or dates
    "asked",  # requested or pended
    "denied",
    "used-up",  # an approval covers the day, but its visits are spoken for
    "uncovered",  # an approval's dates do not cover the day
]


class AuthorizationState(NamedTuple):
    """``approved`` visits on the day in question (on other days where no approval covers it),
    ``used`` by visits and standing bookings before it, ``completed`` of these. ``approved`` is
    ``None`` where no number of visits binds. ``after_denial``: what is asked was denied before.
    """

    state: State
    approved: int | None = None
    used: int = 0
    completed: int = 0
    after_denial: bool = False

    @property
    def ready_for_extension(self) -> bool:
        """Whether every approved visit is completed, so that more may be asked."""
        return self.approved is not None and self.approved > 0 and self.completed >= self.approved


Completeness = Callable[[Authorization], bool]


def full(authorization: Authorization) -> bool:
    """Visits and both dates are there."""
    return (
        authorization.visits is not None
        and authorization.from_ is not None
        and authorization.to is not None
    )


def authorization_state(
    case: Case,
    kinds: Collection[str],
    entries: Sequence[Entry] | None,
    *,
    complete: Completeness = full,
    counts_visits: bool = True,
    not_required_counts: bool = True,
) -> AuthorizationState:
    """How this payer's authorizations of ``kinds`` stand.

    ``entries`` are the visits that can use an approval up (``None``: they cannot be counted),
    ``complete`` tells which approvals say enough to be relied on.
    """
    excused = not_required_counts and _not_required(case)
    if case.authorizations is None or (entries is None and counts_visits):
        return AuthorizationState("not-required" if excused else "unknown")
    live = _live(case, case.authorizations, kinds)
    day = case.date_of_service
    approvals = [a for a in live if a.status == "approved" and a.kind is not None]
    over_day = [a for a in approvals if covers(a, day)]
    covering = [a for a in over_day if complete(a)]
    counted = covering or [a for a in approvals if complete(a)]
    spent = _spent(counted, entries or ()) if counts_visits else AuthorizationState("covered")
    if covering and (spent.approved is None or spent.used < spent.approved):
        return spent
    if excused:
        return AuthorizationState("not-required")
    if len(covering) < len(over_day) or any(None in (a.status, a.kind) for a in live):
        return AuthorizationState("incomplete")
    asks = [a for a in live if a.status in ("requested", "pended")]
    if not_required_counts:
        for a in _whether_required(case):
            if a.status is None:
                return AuthorizationState("incomplete")
            asks.append(a)
    return _without_cover(live, asks, covering, approvals, spent)


def _live(
    case: Case, authorizations: Iterable[Authorization], kinds: Collection[str]
) -> list[Authorization]:
    """Those of the kinds, or of a kind that nobody recorded, that were not withdrawn nor ended
    before the episode began."""
    first = case.episode.first if case.episode else case.date_of_service
    return [
        a
        for a in authorizations
        if (a.kind in kinds or a.kind is None)
        and a.status != "void"
        and (a.to is None or a.to >= first)
    ]


def _without_cover(
    live: list[Authorization],
    asks: list[Authorization],
    covering: list[Authorization],
    approvals: list[Authorization],
    spent: AuthorizationState,
) -> AuthorizationState:
    denials = [a for a in live if a.status == "denied"]
    if any(_newer(ask, denials + approvals) for ask in asks):
        return AuthorizationState(
            "asked", spent.approved, spent.used, spent.completed, after_denial=bool(denials)
        )
    if denials:
        return AuthorizationState("denied", spent.approved, spent.used, spent.completed)
    if covering:
        return AuthorizationState("used-up", spent.approved, spent.used, spent.completed)
    if approvals:
        return AuthorizationState("uncovered", spent.approved, spent.used, spent.completed)
    return AuthorizationState("none")


def covers(authorization: Authorization, day: date) -> bool:
    """Whether the dates that are given leave the day in."""
    starts = authorization.from_ is None or authorization.from_ <= day
    return starts and (authorization.to is None or day <= authorization.to)


def _not_required(case: Case) -> bool:
    day = case.date_of_service
    for a in case.authorizations or ():
        if a.kind == "not-required" and a.status == "approved" and covers(a, day):
            return True
    return False


def _whether_required(case: Case) -> list[Authorization]:
    """Questions whether an authorization is needed at all that have no answer on record."""
    day = case.date_of_service
    return [
        a
        for a in case.authorizations or ()
        if a.kind == "not-required" and a.status in (None, "requested", "pended") and covers(a, day)
    ]


def _newer(ask: Authorization, closed: list[Authorization]) -> bool:
    """Whether a request was made not earlier than every answer; undated counts as newer."""
    if ask.requested_on is None:
        return True
    return all(a.requested_on is None or ask.requested_on >= a.requested_on for a in closed)


def _spent(covering: list[Authorization], entries: Iterable[Entry]) -> AuthorizationState:
    approved: int | None = 0
    for a in covering:
        approved = None if approved is None or a.visits is None else approved + a.visits
    within = [e for e in entries if any(covers(a, e.day) for a in covering)]
    return AuthorizationState("covered", approved, len(within), sum([e.done for e in within]))
