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
from .numbers import Answers, answered_on, answers_of, fits, is_newer

State = Literal[
    "unknown",  # no list, or the count is missing
    "none",  # nothing asked, nothing answered
    "not-required",  # a recorded answer that none is needed
    "covered",  # an approval covers this booking
    "incomplete",  # an approval lacks its visits or dates
    "unfit",  # an approval is for other care, or for another condition
    "asked",  # requested or pended
    "denied",
    "revoked",  # a number once approved is denied now
    "used-up",  # an approval covers the day, but its visits are spoken for
    "uncovered",  # an approval's dates do not cover the day
]


class AuthorizationState(NamedTuple):
    """How a payer's authorizations stand for one booking.

    ``approved`` is the number of visits that the approvals covering the date of service give, or
    all approvals where none covers it; ``None`` means that no number binds. ``used`` of them are
    taken by visits and standing bookings before this one. ``ready_for_extension``: every approved
    visit is completed, or the approval has ended, so that more may be asked. ``number`` is that of
    the approval which a booking that is covered uses: of several the one that ends first.
    """

    state: State
    approved: int | None = None
    used: int = 0
    ready_for_extension: bool = False
    number: str | None = None

    @property
    def lacks(self) -> bool:
        """Whether nothing on file covers the visit, so that an answer has to come in time."""
        return self.state in ("none", "used-up", "uncovered")


Completeness = Callable[[Authorization], bool]


def full(authorization: Authorization) -> bool:
    """Whether the authorization gives its visits, and a date from or up to which it is good."""
    return authorization.visits is not None and dated(authorization)


def dated(authorization: Authorization) -> bool:
    """Whether it gives a date: of two ends the one that is missing is open."""
    return authorization.from_ is not None or authorization.to is not None


def some(authorization: Authorization) -> bool:
    """Whether it gives its visits or a date, one of which is enough for some payers."""
    return authorization.visits is not None or dated(authorization)


def anything(_: Authorization) -> bool:
    """For a kind of approval that needs neither visits nor dates."""
    return True


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
    a recorded answer that none is required matters.
    """
    if case.authorizations is None:
        return AuthorizationState("unknown")
    day = case.date_of_service
    first = case.episode.first if case.episode else day
    found = answers_of(case.authorizations, kinds, first)
    good = [a for a in found.approvals if fits(case, a)]
    covering = [a for a in good if covers(a, day)]
    whole = [a for a in covering if complete(a)]
    if entries is None and counts_visits:
        if not_required_counts and _not_required(case):
            return AuthorizationState("not-required")
        barred = not good and not found.asked and any(fits(case, a) for a in found.denials)
        return AuthorizationState("denied" if barred else "unknown")
    spent = _Spent(case, [a for a in good if complete(a)], entries if counts_visits else ())
    if any(spent.left(a) for a in whole):
        return spent.told("covered", whole, spent.serves(whole))
    if not_required_counts and _not_required(case):
        return AuthorizationState("not-required")
    return _without_cover(case, found, complete, spent)


def _without_cover(
    case: Case, found: Answers, complete: Completeness, spent: _Spent
) -> AuthorizationState:
    """How they stand where no approval covers the booking."""
    day = case.date_of_service
    good = [a for a in found.approvals if fits(case, a)]
    covering = [a for a in good if covers(a, day)]
    whole = [a for a in good if complete(a)]
    denials = [a for a in found.denials if fits(case, a) and not _is_superseded(a, whole)]
    asked = [a for a in found.asked if fits(case, a)]
    if denials:
        again = any(is_newer(ask, denials) for ask in asked)
        return spent.told("asked" if again else "denied", covering or good)
    if any(fits(case, a) for a in found.revoked):
        return AuthorizationState("revoked")
    if any(is_newer(ask, whole) for ask in asked):
        return spent.told("asked", covering or good)
    if found.lacking or any(not complete(a) for a in covering):
        return AuthorizationState("incomplete")
    if any(covers(a, day) and not fits(case, a) for a in found.approvals):
        return AuthorizationState("unfit")
    if covering:
        return spent.told("used-up", covering)
    return spent.told("uncovered", whole) if whole else AuthorizationState("none")


def _is_superseded(denial: Authorization, approvals: Iterable[Authorization]) -> bool:
    """Whether an approval was given on a later day. Of one without a day that is not known."""
    said = answered_on(denial)
    return said is not None and any((answered_on(a) or date.min) > said for a in approvals)


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
    return AuthorizationState("covered") if begins else now


def spoken_for(
    case: Case, entries: Sequence[Entry]
) -> tuple[tuple[Authorization, int | None], ...]:
    """Each approval of the billed payer that gives its visits, with how many of them the
    ``entries`` take, and those that the payer says are used; ``None`` where no number binds it."""
    known = answers_of(case.authorizations or (), _kinds(case), date.min).approvals
    spent = _Spent(case, [a for a in known if full(a)], entries)
    return tuple((a, spent.taken(a)) for a in sorted(filter(full, known), key=_first_to_end))


def _kinds(case: Case) -> set[str]:
    return {str(a.kind) for a in case.authorizations or ()} - {"not-required"}


def covers(authorization: Authorization, day: date) -> bool:
    """Whether the dates that are given leave the day in."""
    starts = authorization.from_ is None or authorization.from_ <= day
    return starts and (authorization.to is None or day <= authorization.to)


def _not_required(case: Case) -> bool:
    found = answers_of(case.authorizations or (), ("not-required",), date.min)
    return any(covers(a, case.date_of_service) for a in found.approvals)


def _first_to_end(a: Authorization) -> tuple[date, str, date, int]:
    return a.to or date.max, a.number or "", a.from_ or date.min, a.visits or 0


class _Spent:
    """How many visits of each approval are spoken for. A visit goes to the approval that ends first
    of those that cover its day and have one left; what the payer says is used comes off first, and
    stands for as many of the visits up to that day."""

    def __init__(
        self, case: Case, approvals: Iterable[Authorization], entries: Sequence[Entry] | None
    ):
        self._today = case.today
        order = sorted(approvals, key=_first_to_end)
        self._approvals = order
        self._left = {id(a): self._rest(a) for a in order}
        self._done = {id(a): a.used or 0 for a in order}
        self._told = dict(self._done)
        for entry in sorted(entries or (), key=lambda e: e.day):
            self._take(order, entry)

    def _rest(self, a: Authorization) -> int | None:
        return None if a.visits is None else a.visits - (a.used or 0)

    def _take(self, order: list[Authorization], entry: Entry) -> None:
        for a in order:
            if not covers(a, entry.day):
                continue
            if a.used is not None and entry.done and entry.day <= (a.used_on or self._today):
                if self._told[id(a)] <= 0:
                    continue  # the payer counted others on this one
                self._told[id(a)] -= 1
                return
            left = self._left[id(a)]
            if left is None:
                return
            if left > 0:
                self._left[id(a)] = left - 1
                self._done[id(a)] += entry.done
                return

    def left(self, a: Authorization) -> bool:
        """Whether an approval has a visit left."""
        left = self._left.get(id(a), 0)
        return left is None or left > 0

    def taken(self, a: Authorization) -> int | None:
        """How many visits of an approval are spoken for."""
        left = self._left[id(a)]
        return None if left is None or a.visits is None else a.visits - left

    def serves(self, approvals: Sequence[Authorization]) -> str | None:
        """The number of the approval of these that the booking uses."""
        able = (a for a in self._approvals if a in approvals and self.left(a))
        return next((a.number for a in able), None)

    def told(
        self, state: State, approvals: Sequence[Authorization], number: str | None = None
    ) -> AuthorizationState:
        """The state, with what these approvals give and how much of it is spoken for."""
        counted = [a for a in approvals if id(a) in self._left]
        rest = [self._left[id(a)] for a in counted]
        ready = bool(counted) and all(map(self._is_over, self._approvals))
        if not counted or None in rest:
            return AuthorizationState(state, None, 0, ready, number)
        approved = sum(a.visits or 0 for a in counted)
        used = approved - sum(n or 0 for n in rest)
        return AuthorizationState(state, approved, used, ready, number)

    def _is_over(self, a: Authorization) -> bool:
        """Whether all its visits are completed, or it has ended."""
        if a.to is not None and a.to < self._today:
            return True
        return a.visits is not None and self._done[id(a)] >= a.visits
