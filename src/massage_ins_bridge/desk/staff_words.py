"""What staff said of a booking, as it counts now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from ..domain.answers import Outcome
from ..domain.reading import Problem, UnusableInputError
from ..store.models import BookingRow, WordRow
from ..store.record import Record
from .client_file import ClientFile, Held

OVERRIDES = ("allow", "block")


@dataclass(frozen=True, slots=True)
class StaffWords:
    """``override``: a person's word that the booking may stand, or may not; ``stopped``: a refusal
    was stopped; ``at_once``: it is to be carried out now; ``let_through``: a person said that
    something may be written to it."""

    override: Literal["allow", "block"] | None = None
    stopped: bool = False
    at_once: bool = False
    let_through: bool = False

    @property
    def ordered(self) -> bool:
        """Whether a person wants the booking refused."""
        return self.at_once or self.override == "block"

    def outcome(self, decided: Outcome) -> Outcome:
        """What stands, of what the rules decided. A stopped refusal is a hold, whatever it was for;
        it does not keep back what is allowed."""
        if self.override is not None:
            return self.override
        return "hold" if self.stopped and decided == "block" else decided


def open_words(words: Iterable[WordRow], now: datetime) -> list[WordRow]:
    """Those that count: neither ended nor taken back."""
    return [w for w in words if w.ended_at is None and (w.until is None or w.until > now)]


def in_force(words: Iterable[WordRow], now: datetime) -> StaffWords:
    """What they come to; of two overrides the later one counts."""
    kinds = [word.kind for word in open_words(words, now)]
    overrides = [kind for kind in kinds if kind in OVERRIDES]
    override = cast(Literal["allow", "block"], overrides[-1]) if overrides else None
    stopped, at_once = "stop" in kinds, "now" in kinds
    through = bool(overrides) or at_once or "let-through" in kinds
    return StaffWords(override, stopped, at_once, through)


def last_word(record: Record, row: BookingRow) -> str:
    """The id of the last word that counts."""
    record.session.flush()
    return open_words(record.words.of_bookings([row.id])[row.id], record.now)[-1].id


def fulfil(record: Record, held: Held) -> None:
    """A refusal that is to be carried out now is over once the booking may stand: a later one is
    another refusal."""
    for word in open_words(held.words, record.now):
        if word.kind == "now":
            record.words.end(word)


def take_back_refusals(record: Record, booking_id: str) -> None:
    """Whoever accepts a booking on its platform takes back what staff said against it before: of
    two words of people the later one counts."""
    words = record.words.of_bookings([booking_id]).get(booking_id, ())
    for word in open_words(words, record.now):
        if word.kind in ("block", "now"):
            record.words.end(word)


def carry_over(record: Record, file: ClientFile, held: Held) -> None:
    """What staff said in favour of a booking goes with it where its client moves it."""
    if held.words or held.row.previous_ref is None:
        return
    for former in file.bookings:
        if former.row.replaced_by == held.row.id:
            for word in open_words(former.words, record.now):
                if word.kind in ("allow", "stop"):
                    said = record.words.said(word)
                    made = record.words.add(held.row.id, word.kind, said, word.until)
                    held.words.append(made)


def must_say(field: str, text: str | None) -> None:
    """Raises ``UnusableInputError`` for a text that says nothing."""
    if not text:
        raise UnusableInputError([Problem(field, "is empty; say it in a few words")])
