"""Everything that a booking's row on a page rests on, gathered for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..store import day as rows
from ..store.bookings import LIVE, Details, called_off_late
from ..store.models import BookingRow, WordRow, WriteRow
from ..store.record import Record
from .accounts import Account
from .after_refusal import refusing_word
from .coming import Coming, coming, refused_at
from .first_look import Progress, progress
from .installation import Installation
from .opened import Opened, Reason, Why
from .staff_words import OVERRIDES, StaffWords, in_force, open_words


@dataclass(frozen=True, slots=True)
class Saying:
    """A member of staff's word that counts: who said it, why, and when."""

    kind: str
    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """One booking with all that is shown of it. ``first_look``: of its account, where that is not
    complete; ``next``: what will be done by itself; ``refused_at``: when a refusal that waits is
    carried out; ``tries``: a write that the
    platform did not take so far; ``moved_from``: the time at which it was before; ``tasks``: the
    kinds of the open tasks about it; ``late``: it was called off late; ``refused_by``: the word by
    which a person refused it, once it has ended."""

    row: BookingRow
    details: Details
    client: str
    payer: str
    why: Why | None
    said: StaffWords
    word: Saying | None
    writes: tuple[WriteRow, ...]
    account: Account | None
    first_look: Progress | None
    moved_from: datetime | None
    tasks: frozenset[str]
    now: datetime
    next: Coming | None = None
    late: bool = False
    refused_by: Saying | None = None

    @property
    def live(self) -> bool:
        return self.row.platform_status in LIVE

    @property
    def by_hand(self) -> bool:
        """Whether no platform knows it."""
        return not self.row.account

    @property
    def watching(self) -> bool:
        """Whether nothing is written to its platform."""
        return not self.by_hand and (self.account is None or not self.account.enforces)

    @property
    def only_watched(self) -> bool:
        """Whether its account observes."""
        return self.account is not None and not self.account.enforces

    @property
    def begun(self) -> bool:
        return self.row.start_at <= self.now

    @property
    def over(self) -> bool:
        """Whether its time has passed."""
        return (self.row.end_at or self.row.start_at) <= self.now

    @property
    def cause(self) -> Reason | None:
        """The one reason that matters most."""
        return self.why.reasons[0] if self.why is not None and self.why.reasons else None

    @property
    def refused_at(self) -> datetime | None:
        return refused_at(self.next)

    @property
    def tries(self) -> WriteRow | None:
        return next((w for w in self.writes if w.state == "queued" and w.detail), None)

    @property
    def ended_by_bridge(self) -> WriteRow | None:
        """The write by which the bridge refused it."""
        done = (w for w in reversed(self.writes) if w.kind == "block" and w.state == "done")
        return next((w for w in done if w.reached not in ("manual", "unsupported")), None)

    @property
    def platform(self) -> str:
        """The platform as people call it, to begin a sentence with."""
        return "The platform" if self.account is None else self.account.platform

    @property
    def platform_within(self) -> str:
        """The same within a sentence."""
        return "the platform" if self.account is None else self.account.platform_within


def sights(
    installation: Installation, record: Record, opened: Opened, found: Sequence[BookingRow]
) -> list[Sight]:
    """What is shown of the bookings, in their order."""
    ids = [row.id for row in found]
    names = opened.names(record, {row.patient_id for row in found})
    decisions = opened.decisions(record, ids)
    writes, words = rows.platform_writes(record, ids), record.words.of_bookings(ids)
    moved, kinds = rows.moved_from(record, ids), rows.open_kinds(record, ids)
    looks = _first_looks(installation, record)
    hours = installation.settings.tasks.late_cancel_hours

    def sight(row: BookingRow) -> Sight:
        details = opened.details(record, row.details_sealed)
        said = words.get(row.id, [])
        return Sight(
            row=row,
            details=details,
            client=names.get(row.patient_id, ""),
            payer=payer_name(installation, details),
            why=decisions.get(row.id),
            said=in_force(said, record.now),
            word=_word(record, opened, row.outcome, said),
            writes=tuple(writes.get(row.id, ())),
            account=installation.accounts.get(row.account),
            first_look=looks.get(row.account),
            moved_from=moved.get(row.id),
            tasks=frozenset(kinds.get(row.id, ())),
            now=record.now,
            next=coming(row, said, writes.get(row.id, ()), record.now, record.zone),
            late=called_off_late(row, hours),
            refused_by=_refused_by(record, opened, row, said, writes.get(row.id, ())),
        )

    return [sight(row) for row in found]


def payer_name(installation: Installation, details: Details) -> str:
    """Who is billed, as people call them; in quotes where a client's words name nobody."""
    if details.self_pay:
        return "Pays without insurance"
    return payer_called(installation, details.billed or details.payer) or "Insurer not known"


def payer_called(installation: Installation, said: str | None) -> str:
    """The payer as people call it; what names nobody in quotes, and nothing for nothing."""
    match = installation.host.payers.find(said)
    if match is not None:
        return match.payer.name
    return f"\u201c{said[:60]}\u201d" if said else ""


def _first_looks(installation: Installation, record: Record) -> dict[str, Progress]:
    """By account, the first look where it is not complete."""
    found = {name: progress(record, account) for name, account in installation.accounts.items()}
    return {name: look for name, look in found.items() if look.done_at is None}


def _word(
    record: Record, opened: Opened, outcome: str | None, words: Iterable[WordRow]
) -> Saying | None:
    """The word by which the booking stands: an override outranks what was said of its refusal,
    which does not matter where the rules let the booking stand by now."""
    kinds = (*OVERRIDES, "stop", "now") if outcome != "allow" else OVERRIDES
    found = [word for word in open_words(words, record.now) if word.kind in kinds]
    if not found:
        return None
    return _saying(record, opened, max(found, key=lambda w: (w.kind in OVERRIDES, w.created_at)))


def _refused_by(
    record: Record,
    opened: Opened,
    row: BookingRow,
    words: Sequence[WordRow],
    writes: Sequence[WriteRow],
) -> Saying | None:
    word = None if row.platform_status in LIVE else refusing_word(row, words, writes)
    return None if word is None else _saying(record, opened, word)


def _saying(record: Record, opened: Opened, word: WordRow) -> Saying:
    said = opened.word(record, word)
    return Saying(word.kind, said.name, said.reason, word.created_at)
