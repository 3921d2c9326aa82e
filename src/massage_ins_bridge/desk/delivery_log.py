"""What was written to platforms, each try at it, and sending it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import select

from ..store.models import BookingRow, WriteRow
from ..store.record import Record, Work
from ..store.tries import TryRow
from ..store.writes import EMAIL, NOTICE, first_run
from .accounts import Account
from .act import wanted
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .notices import still_wanted

#: How a write was reached where the platform was told.
_TOLD = ("native", "tag", "tentative")
State = Literal["waiting", "queued", "done", "observed", "superseded", "failed"]


@dataclass(frozen=True, slots=True)
class TryView:
    """One try. ``taken``: the platform said yes; ``status``: its HTTP answer, where there was one;
    ``said``: why it was not taken; ``next_at``: when the next try was due."""

    at: datetime
    taken: bool
    status: int | None
    said: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """Something that is wanted of a platform. ``id`` is the ``webhook-id`` where it is told;
    ``kind``: ``confirm``, ``hold``, ``block``, ``reopen``, or a notice: ``tell-hold`` and
    ``tell-allow``. ``tries``: of platforms that are told, kept as long as deliveries are."""

    id: str
    account: str
    booking: str
    ref: str
    kind: str
    state: State
    reached: str | None
    detail: str | None
    wanted_at: datetime
    done_at: datetime | None
    tries: tuple[TryView, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Newest first."""

    writes: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class LogWanted:
    """Which writes; what is left out does not matter."""

    account: str | None = None
    booking: str | None = None
    state: State | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The writes that are sent again."""

    writes: tuple[str, ...]


def read_log(record: Record, asked: LogWanted, limit: int) -> Log:
    """The newest writes that were, or are, to be carried out."""
    query = (
        select(WriteRow, BookingRow.ref)
        .join(BookingRow, BookingRow.id == WriteRow.subject)
        .where(WriteRow.clinic == record.clinic, WriteRow.channel != EMAIL)
        .order_by(WriteRow.wanted_at.desc(), WriteRow.id)
        .limit(limit)
    )
    if asked.account is not None:
        query = query.where(WriteRow.account == asked.account)
    if asked.booking is not None:
        query = query.where(WriteRow.subject == asked.booking)
    if asked.state is not None:
        query = query.where(WriteRow.state == asked.state)
    if asked.since is not None:
        query = query.where(WriteRow.wanted_at >= asked.since)
    rows = record.session.execute(query).all()
    tries = record.tries.of_writes(row.id for row, _ in rows)
    return Log(tuple(_written(row, ref, tries) for row, ref in rows))


def replay(installation: Installation, record: Record, write_id: str) -> Replayed:
    """Send one again, with its own id. Raises ``NotFoundError``, and ``ConflictError`` where a
    later decision stands, or it is under way."""
    row = record.session.get(WriteRow, write_id, with_for_update=True)
    if row is None or row.clinic != record.clinic or row.channel == EMAIL:
        raise NotFoundError("write")
    booking = record.session.get_one(BookingRow, row.subject)
    account = installation.accounts.get(row.account)
    if account is None:
        raise ConflictError(f"Its account {row.account!r} is no longer in the settings.")
    if row.state in ("queued", "waiting"):
        raise ConflictError("It is not through: it is sent by itself.")
    if not _may(record, account, row, booking):
        raise ConflictError(
            "It is not what stands by now: a later decision took its place, or the booking has "
            "ended or begun, or the platform only needed telling once."
        )
    _send_again(record, row)
    return Replayed((row.id,))


def replay_since(
    installation: Installation, record: Record, name: str, since: datetime
) -> Replayed:
    """Send everything of an account again that was taken or given up since then and still stands,
    as after a receiver has lost what it had. Raises ``NotFoundError``."""
    account = installation.accounts.get(name)
    if account is None:
        raise NotFoundError("account")
    query = (
        select(WriteRow, BookingRow)
        .join(BookingRow, BookingRow.id == WriteRow.subject)
        .where(
            WriteRow.clinic == record.clinic,
            WriteRow.account == name,
            WriteRow.state.in_(("done", "failed")),
            WriteRow.wanted_at >= since,
        )
        .order_by(WriteRow.wanted_at, WriteRow.id)
    )
    rows: Sequence[WriteRow] = [
        row for row, booking in record.session.execute(query) if _may(record, account, row, booking)
    ]
    for row in rows:
        _send_again(record, row)
    return Replayed(tuple(row.id for row in rows))


def _may(record: Record, account: Account, row: WriteRow, booking: BookingRow) -> bool:
    """Whether it may be sent again: it was given up, or is a word that its platform was told, and
    it is how the booking stands."""
    noted = row.channel != NOTICE and row.kind == "hold"  # a notice told it
    told = row.state == "done" and account.can("tell") and row.reached in _TOLD and not noted
    if not (row.state == "failed" or told) or booking.start_at <= record.now:
        return False
    if not account.enforces or not wanted(row, booking):
        return False
    return row.channel != NOTICE or still_wanted(record, row, booking)


def _send_again(record: Record, row: WriteRow) -> None:
    row.state, row.wanted_at, row.done_at = "queued", record.now, None
    record.work.append(Work("write", row.id, first_run(row), row.account))


def _written(row: WriteRow, ref: str, tries: Mapping[str, list[TryRow]]) -> Written:
    return Written(
        id=row.id,
        account=row.account,
        booking=row.subject,
        ref=ref,
        kind=row.kind,
        state=cast(State, row.state),
        reached=row.reached,
        detail=row.detail,
        wanted_at=row.wanted_at,
        done_at=row.done_at,
        tries=tuple(
            TryView(t.tried_at, t.taken, t.status, t.said, t.next_at) for t in tries.get(row.id, ())
        ),
    )
