"""What will become of a booking by itself, when, and what calls it off. Pages, the API and messages
go by this: nobody works it out anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ..store.bookings import LIVE
from ..store.models import BookingRow, WordRow, WriteRow
from .staff_words import OVERRIDES, in_force, open_words

#: Its platform declines or cancels it; or it is judged again, because a last day has passed or a
#: person's word has ended.
Act = Literal["decline", "cancel", "decide"]
#: A ``fact`` that cures what is missing, or a word of the ``staff``.
CallsOff = Literal["fact", "staff"]


@dataclass(frozen=True, slots=True)
class Coming:
    """What the bridge will do by itself (``act``) and when (``at``); ``called_off_by``: what keeps
    it from that."""

    act: Act
    at: datetime
    called_off_by: tuple[CallsOff, ...]


def refused_at(following: Coming | None) -> datetime | None:
    """When a refusal that waits is carried out."""
    return following.at if following is not None and following.act != "decide" else None


def coming(
    row: BookingRow,
    words: Iterable[WordRow],
    writes: Iterable[WriteRow],
    now: datetime,
    zone: str,
) -> Coming | None:
    """``None``: nothing, until somebody does something. ``words`` and ``writes`` are the booking's
    own; ``zone`` is the clinic's."""
    if row.platform_status not in LIVE:
        return None
    words = list(words)
    said = in_force(words, now)
    refusal = next((w for w in writes if w.state == "waiting" and w.kind == "block"), None)
    if refusal is not None and refusal.due_at is not None:
        act: Act = "decline" if row.platform_status == "pending" else "cancel"
        return Coming(act, refusal.due_at, ("staff",) if said.ordered else ("fact", "staff"))
    if said.override is not None or said.stopped:
        return _word_ends(row, words, now)
    return _last_day_passes(row, now, zone)


def _word_ends(row: BookingRow, words: Iterable[WordRow], now: datetime) -> Coming | None:
    """A word that ends before the visit does not count for it."""
    kinds = (*OVERRIDES, "stop")
    ends = [w.until for w in open_words(words, now) if w.kind in kinds and w.until is not None]
    until = min(ends, default=None)
    return None if until is None or until >= row.start_at else Coming("decide", until, ("staff",))


def _last_day_passes(row: BookingRow, now: datetime, zone: str) -> Coming | None:
    """What is owed or missing by a day is looked at again once that day is over."""
    if row.outcome not in ("allow", "hold") or row.next_due is None:
        return None
    after = datetime.combine(row.next_due + timedelta(days=1), time(), ZoneInfo(zone))
    if not now <= after < row.start_at:
        return None
    return Coming("decide", after.astimezone(now.tzinfo), ("fact", "staff"))
