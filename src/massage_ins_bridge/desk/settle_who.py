"""Staff says who somebody is: this client, or a new one; that two clients are one; whose booking it
is. Each has a receipt with the name of whoever said so (``by``), by which it is undone, and
everybody concerned is decided again."""

from __future__ import annotations

from typing import Any

from ..identity.matching import Surely
from ..store import merging, references
from ..store.clients import Alias
from ..store.doubt_models import ReceiptRow
from ..store.models import BookingRow, PatientRow
from ..store.people import Given
from ..store.record import Record
from . import who
from .chart import client_row
from .errors import ConflictError
from .staff_words import must_say
from .tasks import TaskKind
from .visits import locked_booking
from .who import CAUSE

#: What a receipt is of.
MERGED, NEW, MOVED = "clients-merged", "client-is-new", "booking-moved"


def merge(record: Record, keep_id: str, gone_id: str, by: str) -> ReceiptRow:
    """The two are one person: ``keep_id`` gets all that the other has, and is known by all that the
    other is known by. Raises ``NotFoundError``, ``UnusableInputError`` and ``ConflictError``."""
    must_say("name", by)
    if keep_id == gone_id:
        raise ConflictError("This is one client; name the other one.")
    keep, gone = _both(record, keep_id, gone_id)
    moved = merging.merge(record, keep, gone)
    record.tasks.close((TaskKind.WHO_IS_IT, gone.id))
    _settled(record, keep)
    return record.receipts.add(MERGED, keep.id, moved, by, other_id=gone.id)


def is_new(record: Record, patient_id: str, by: str) -> ReceiptRow:
    """The client in doubt is nobody else on file. Raises ``NotFoundError``, ``UnusableInputError``
    and ``ConflictError``."""
    must_say("name", by)
    row = client_row(record, patient_id, lock=True)
    if not row.doubtful:
        raise ConflictError("It is not in doubt who this client is.")
    settled = record.doubts.settle(record.doubts.of(row.id), "other")
    before = record.clients.aliases(row)
    for booking in record.bookings.of_client(row.id):
        given = Given.of(record.bookings.details(booking))
        record.clients.learn(row, given.alias(booking.id, settled=True))
    _settled(record, row)
    data = {"doubts": settled, "aliases": _plain(before)}
    return record.receipts.add(NEW, row.id, data, by)


def move(record: Record, booking_id: str, taker_id: str | None, by: str) -> ReceiptRow:
    """The booking, with those that it was moved from and to, is another client's; without
    ``taker_id``, somebody's who is not on file. Raises ``NotFoundError``, ``UnusableInputError``
    and ``ConflictError``."""
    must_say("name", by)
    booking = locked_booking(record, booking_id)
    giver = record.session.get_one(PatientRow, booking.patient_id)
    if taker_id == giver.id:
        raise ConflictError("The booking is this client's already.")
    rows = _chain(record, booking)
    if taker_id is not None:
        client_row(record, taker_id, lock=True)
        if giver.doubtful and len(rows) == len(record.bookings.of_client(giver.id)):
            return merge(record, taker_id, giver.id, by)
    taker = record.session.get_one(PatientRow, taker_id) if taker_id else _new(record, booking)
    before = (record.clients.aliases(giver), record.clients.aliases(taker))
    details = record.bookings.details(booking)
    moved = merging.move_bookings(record, rows, taker.id)
    named = references.let_go(record, rows)
    coverage = merging.move_hearsay(record, giver.id, taker.id, details)
    ids = {row.id for row in rows}
    record.clients.put_aliases(giver, (a for a in before[0] if a.booking not in ids))
    given = Given.of(details)
    record.clients.learn(taker, given.alias(booking.id, settled=True))
    if given.ref:
        record.clients.identities.forget(giver.id, "person", given.ref)
        record.clients.identities.add(taker.id, "person", given.ref)
    _settled(record, giver, taker)
    aliases = [_plain(a) for a in before]
    data = {**moved, **coverage, "named": named, "aliases": aliases, "ref": given.ref}
    ends = {"other_id": giver.id, "booking_id": booking.id}
    return record.receipts.add(MOVED, taker.id, data, by, **ends)


def undo_merge(record: Record, receipt: ReceiptRow, data: dict[str, Any]) -> None:
    """Bookings that came since go with whom they fit. Raises ``ConflictError`` where one of the
    two, or what was moved, has gone elsewhere since."""
    assert receipt.other_id is not None
    keep = record.clients.get(receipt.patient_id, lock=True)
    gone = record.clients.get(receipt.other_id, lock=True)
    if keep is None or gone is None or keep.merged_into or gone.merged_into != keep.id:
        raise ConflictError("One of these clients was merged again since. Undo that first.")
    _must_be_there(record, data, keep.id)
    merging.part(record, keep, gone, data)
    _sort_out(record, keep, gone, receipt)
    _settled(record, keep, gone)


def undo_new(record: Record, receipt: ReceiptRow, data: dict[str, Any]) -> None:
    """Raises ``NotFoundError`` where the client was merged since."""
    row = client_row(record, receipt.patient_id, lock=True)
    record.clients.put_aliases(row, (Alias(**item) for item in data["aliases"]))
    record.doubts.reopen(data["doubts"])
    record.wake(row.id, CAUSE)


def undo_move(record: Record, receipt: ReceiptRow, data: dict[str, Any]) -> None:
    """Raises ``ConflictError`` where the bookings were moved on since, or their former client was
    merged."""
    assert receipt.other_id is not None
    taker = client_row(record, receipt.patient_id, lock=True)
    giver = client_row(record, receipt.other_id, lock=True)
    _must_be_there(record, data, taker.id)
    ids = {booking_id for booking_id, _ in data["bookings"]}
    rows = [row for row in record.bookings.of_client(taker.id) if row.id in ids]
    merging.give_back(record, data, giver.id)
    # what was named of the other one's chart since goes, what was named before comes back
    references.let_go(record, rows)
    references.take_up(record, data.get("named", {}))
    merging.give_back_hearsay(record, data, giver.id)
    lost = [Alias(**item) for item in data["aliases"][0] if item.get("booking") in ids]
    record.clients.put_aliases(giver, (*record.clients.aliases(giver), *lost))
    kept = (a for a in record.clients.aliases(taker) if a.booking not in ids)
    record.clients.put_aliases(taker, kept)
    if data["ref"]:
        record.clients.identities.forget(taker.id, "person", data["ref"])
        record.clients.identities.add(giver.id, "person", data["ref"])
    _settled(record, giver, taker)


def _sort_out(record: Record, keep: PatientRow, gone: PatientRow, receipt: ReceiptRow) -> None:
    """Give what came while the two were one to whom it fits."""
    rows = record.bookings.of_client(keep.id)
    later = [row for row in rows if row.created_at >= receipt.created_at]
    ids = {row.id for row in later}
    if not ids:
        return
    kept = (alias for alias in record.clients.aliases(keep) if alias.booking not in ids)
    record.clients.put_aliases(keep, kept)
    record.session.flush()
    for row in later:
        given = Given.of(record.bookings.details(row))
        owner = gone if record.people.whose(given) == Surely(gone.id) else keep
        if owner is gone:
            merging.move_bookings(record, [row], gone.id)
            references.keep_own(record, [row])
        record.clients.learn(owner, given.alias(row.id))


def _both(record: Record, one: str, other: str) -> tuple[PatientRow, PatientRow]:
    """Two clients, locked in one order, so that two who do this at once do not wait for ever."""
    found = {key: client_row(record, key, lock=True) for key in sorted((one, other))}
    return found[one], found[other]


def _new(record: Record, booking: BookingRow) -> PatientRow:
    return who.new_client(record, Given.of(record.bookings.details(booking)))


def _chain(record: Record, booking: BookingRow) -> list[BookingRow]:
    """The booking, with those of its client that it was moved from and to."""
    of_client = {row.id: row for row in record.bookings.of_client(booking.patient_id)}
    found = {booking.id: booking}
    while True:
        more = {
            row.id: row
            for row in of_client.values()
            if row.replaced_by in found or any(one.replaced_by == row.id for one in found.values())
        }
        if found.keys() >= more.keys():
            return list(found.values())
        found |= more


def _must_be_there(record: Record, data: dict[str, Any], owner: str) -> None:
    for booking_id, _ in data["bookings"]:
        if record.session.get_one(BookingRow, booking_id).patient_id != owner:
            raise ConflictError("A booking was moved to another client since. Undo that first.")


def _settled(record: Record, *rows: PatientRow) -> None:
    """Close the question where there is none any more, and have all bookings decided again."""
    record.session.flush()
    for row in rows:
        if not row.doubtful:
            record.tasks.close((TaskKind.WHO_IS_IT, row.id))
        record.wake(row.id, CAUSE)


def _plain(aliases: tuple[Alias, ...]) -> list[dict[str, Any]]:
    return [merging.plain(alias) for alias in aliases]
