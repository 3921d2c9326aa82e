"""What a client has left: approved visits, prescribed visits, visits of the plan year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..domain.facts import Booking, Coverage, Prescription
from ..gate.authorizations import spoken_for
from ..gate.case import Case
from ..gate.counting import Entry
from ..rules.papers import last_day, ordered, used_of
from ..rules.plan_year import first_day, usage
from ..store.record import Record
from .client_file import ClientFile
from .installation import Installation

#: More than so many are told in words alone.
MOST_PIPS = 40


@dataclass(frozen=True, slots=True)
class Left:
    """Of ``total`` visits so many are ``used``, take place ``today`` and are ``booked``;
    ``unmarked``: some of those of today are of a day before, and nobody has said what became of
    them. ``until``: the last day; ``what``: what they are of; ``number``: the approval's;
    ``begins``: when they start again. ``told``: how many of those used the plan itself told of, on
    the day ``told_on``; visits here count from then on, and where no day is known from today on."""

    what: str
    total: int | None
    used: int
    today: int = 0
    booked: int = 0
    until: date | None = None
    number: str = ""
    payer: str = ""
    begins: date | None = None
    unmarked: bool = False
    told: int | None = None
    told_on: date | None = None

    @property
    def free(self) -> int:
        return max(0, (self.total or 0) - self.used - self.today - self.booked)

    @property
    def short(self) -> int:
        """How many booked visits there are too many."""
        if self.total is None:
            return 0
        return max(0, self.used + self.today + self.booked - self.total)

    @property
    def pips(self) -> tuple[str, ...]:
        """Each visit by what it is, as far as they can be drawn."""
        if self.total is None or self.total > MOST_PIPS:
            return ()
        kinds = ("used", "today", "kept", "free")
        numbers = (self.used, self.today, self.booked, self.free)
        drawn = [kind for kind, n in zip(kinds, numbers, strict=True) for _ in range(n)]
        return tuple(drawn[: self.total])


def left(installation: Installation, record: Record, file: ClientFile) -> tuple[Left, ...]:
    """What is left of everything that counts visits, approvals first."""
    return tuple(_all(installation, record, file))


def _all(installation: Installation, record: Record, file: ClientFile) -> Iterator[Left]:
    cases = list(_cases(installation, record, file))
    for case in cases:
        yield from _approvals(case)
    if cases:
        for prescription in file.facts["prescription"]:
            yield _prescribed(cases[0], prescription)
    for case in cases:
        if case.coverage is not None and case.coverage.visit_limit is not None:
            yield _plan_year(case, case.coverage)


def _cases(installation: Installation, record: Record, file: ClientFile) -> Iterator[Case]:
    """A case after everything that is on file, for each payer that the client has."""
    host = installation.host
    names = [c.payer for c in file.facts["coverage"]] + [
        a.payer for a in file.facts["authorization"]
    ]
    payers = dict.fromkeys(key for name in names if (key := host.payers.key_of(name)))
    end = max((held.row.start_at for held in file.bookings), default=record.now)
    start: datetime = max(end, record.now) + timedelta(minutes=1)
    for payer in payers or {"": None}:
        booking = Booking(start=start, payer=payer or None)
        yield host.case(file.chart_of_none(record, installation.settings.clinic_facts, booking))


def _split(case: Case, entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Those that are done, and those with what takes place today."""
    done = [entry for entry in entries if entry.done]
    return done, [*done, *(e for e in entries if not e.done and e.day <= case.today)]


def _approvals(case: Case) -> Iterator[Left]:
    entries = list(case.own_entries or ())
    done, by_today = _split(case, entries)
    counts = (spoken_for(case, some) for some in (done, by_today, entries))
    for (approval, used), (_, upto), (_, spoken) in zip(*counts, strict=True):
        if approval.visits is None or used is None or upto is None or spoken is None:
            continue
        yield Left(
            what="Approved visits" if approval.kind != "referral" else "Referral",
            total=approval.visits,
            used=used,
            today=upto - used,
            booked=spoken - upto,
            until=approval.to,
            number=approval.number or "",
            payer=case.payer.name if case.payer is not None else approval.payer or "",
            unmarked=_unmarked(case, by_today),
        )


def _prescribed(case: Case, rx: Prescription) -> Left:
    entries = [entry for entry in case.entries or () if entry.here]
    done, by_today = _split(case, entries)
    used = used_of(case, rx, done)
    upto = used_of(case, rx, by_today)
    spoken = used_of(case, rx, entries)
    by = rx.prescriber.name if rx.prescriber is not None and rx.prescriber.name else ""
    what = f"Prescription of {by}" if by else "Prescription"
    late = _unmarked(case, by_today)
    return Left(what, ordered(rx), used, upto - used, spoken - upto, last_day(rx), unmarked=late)


def _unmarked(case: Case, entries: Iterable[Entry]) -> bool:
    return any(not entry.done and entry.day < case.today for entry in entries)


def _plan_year(case: Case, coverage: Coverage) -> Left:
    now = usage(case, coverage)
    year = first_day(case.today, coverage.plan_year_start)
    begins = first_day(date(year.year + 1, year.month, year.day), coverage.plan_year_start)
    payer = case.payer.name if case.payer is not None else coverage.payer or ""
    return Left(
        "Plan year",
        coverage.visit_limit,
        now.done or 0,
        0,
        now.booked or 0,
        None,
        "",
        payer,
        begins,
        told=coverage.visits_used if now.said else None,
        told_on=coverage.visits_used_on,
    )
