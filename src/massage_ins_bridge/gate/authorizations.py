"""How the authorizations on file stand for one booking.

Source: contract rulings on authorizations. What each ``State`` costs is the payer's own rule.
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
    """How a payer's authorizations stand for one booking.

    ``approved`` is the number of visits that the approvals covering the date of service give, or
    all approvals where none covers it; ``None`` means that no number binds. ``used`` of them are
    taken by visits and standing bookings before this one, ``completed`` of these are done.
    ``after_denial``: what is asked for now was denied before.
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


_COVERED = AuthorizationState("covered")
Completeness = Callable[[Authorization], bool]


def full(authorization: Authorization) -> bool:
    """Whether the authorization gives its visits and both dates."""
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
    """How the billed payer's authorizations of ``kinds`` stand for this booking.

    ``entries`` are the visits that can use an approval up; ``None`` means that they cannot be
    counted. ``complete`` tells whether an approval says enough to be relied on.
    ``counts_visits``: whether visits use an approval up at all. ``not_required_counts``: whether
    a recorded answer that none is required, or the question, matters.
    """
    if case.authorizations is None or (entries is None and counts_visits):
        excused = not_required_counts and _not_required(case)
        return AuthorizationState("not-required" if excused else "unknown")
    live, approvals, covering, lacking = _laid_out(case, case.authorizations, kinds, complete)
    spent = _COVERED
    if counts_visits:
        spent = _spent(covering or [a for a in approvals if complete(a)], entries or ())
    if covering and (spent.approved is None or spent.used < spent.approved):
        return spent
    if not_required_counts and _not_required(case):
        return AuthorizationState("not-required")
    if lacking:
        return AuthorizationState("incomplete")
    asks = [a for a in live if a.status in ("requested", "pended")]
    if not_required_counts:
        for a in _whether_required(case):
            if a.status is None:
                return AuthorizationState("incomplete")
            asks.append(a)
    return _without_cover(live, asks, covering, approvals, spent)


def state_after(case: Case, kinds: Collection[str]) -> AuthorizationState:
    """How they stand once the visit ``case.booking`` is done, for the visits that come after it: an
    approval that begins later covers those."""
    entries = case.own_entries
    if entries is not None:
        key = case.payer.key if case.payer is not None else None
        entries = (*entries, Entry(case.date_of_service, key, True, None, True))
    now = authorization_state(case, kinds, entries)
    if now.state not in ("used-up", "uncovered"):
        return now
    later = (a for a in case.authorizations or () if a.kind in kinds and a.status == "approved")
    begins = any(a.from_ is not None and a.from_ > case.date_of_service for a in later)
    return _COVERED if begins else now


def _laid_out(
    case: Case,
    authorizations: Iterable[Authorization],
    kinds: Collection[str],
    complete: Completeness,
) -> tuple[list[Authorization], list[Authorization], list[Authorization], bool]:
    """The authorizations that matter, three times over, and whether something is lacking.

    First all of ``kinds`` (or of a kind that nobody recorded) that were neither withdrawn nor
    ended before the episode began, then the approvals among them, then those of these that are
    complete and cover the date of service. One is lacking its kind, its answer or, where it
    covers the day, what makes it complete.
    """
    first = case.episode.first if case.episode else case.date_of_service
    live: list[Authorization] = []
    approvals: list[Authorization] = []
    covering: list[Authorization] = []
    lacking = False
    for a in authorizations:
        kind, status = a.kind, a.status
        if (kind is not None and kind not in kinds) or status == "void":
            continue
        if a.to is not None and a.to < first:
            continue
        live.append(a)
        if kind is None or status is None:
            lacking = True
        elif status == "approved":
            approvals.append(a)
            if covers(a, case.date_of_service):
                if complete(a):
                    covering.append(a)
                else:
                    lacking = True
    return live, approvals, covering, lacking


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
    """The open questions whether an authorization is needed at all."""
    day = case.date_of_service
    return [
        a
        for a in case.authorizations or ()
        if a.kind == "not-required" and a.status in (None, "requested", "pended") and covers(a, day)
    ]


def _newer(ask: Authorization, closed: list[Authorization]) -> bool:
    """Whether a request was made on the day of the latest answer or later. What has no date counts
    as later."""
    if ask.requested_on is None:
        return True
    return all(a.requested_on is None or ask.requested_on >= a.requested_on for a in closed)


def _spent(covering: list[Authorization], entries: Iterable[Entry]) -> AuthorizationState:
    approved: int | None = 0
    for a in covering:
        approved = None if approved is None or a.visits is None else approved + a.visits
    used = completed = 0
    for entry in entries:
        for a in covering:
            if covers(a, entry.day):
                used += 1
                completed += entry.done
                break
    return AuthorizationState("covered", approved, used, completed)
