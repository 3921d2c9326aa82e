"""What platforms asked before they booked, and the visits that are reserved since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, bindparam, delete, or_, select

from .bookings import Details, read_details
from .models import BookingRow
from .reservation_models import ReservationRow
from .scope import Scope, of_clients
from .types import new_id

_KEY, _ASKED, _ANSWER = "reservations.key", "reservations.asked", "reservations.answer"


@dataclass(frozen=True, slots=True)
class Question:
    """What a platform asks: by which key of its own, about a booking of which client, at what time.
    ``asked`` is all that it sent, by which a repeat is told from another question."""

    account: str
    key: str
    asked: str
    start: datetime
    ref: str | None = None
    previous_ref: str | None = None
    patient_id: str | None = None


class Reservations:
    """The questions and reservations of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def get(self, reservation_id: str) -> ReservationRow | None:
        row = self._session.get(ReservationRow, reservation_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def by_key(self, account: str, key: str) -> ReservationRow | None:
        """The question that an account asked by that key."""
        wanted = {"account": account, "key": self._hash(_KEY, key)}
        return self._session.scalar(_BY_KEY, {"clinic": self._scope.clinic, **wanted})

    def is_repeat(self, row: ReservationRow, asked: str) -> bool:
        """Whether that is what was asked."""
        return row.asked_hash == self._hash(_ASKED, asked)

    def live_of(self, patient_id: str) -> list[ReservationRow]:
        """What is reserved for a client now, the first one first."""
        return self.live_of_clients([patient_id])[patient_id]

    def live_of_clients(self, patient_ids: Sequence[str]) -> dict[str, list[ReservationRow]]:
        """The same of several clients."""
        return self._scope.by_client(_LIVE, patient_ids, now=self._scope.now)

    def add(
        self, of: Question, outcome: str, details: Details, answer: Mapping[str, Any]
    ) -> ReservationRow:
        """Keep a question with its answer; as yet nothing is reserved."""
        scope = self._scope
        row = ReservationRow(
            id=new_id("rsv"),
            clinic=scope.clinic,
            account=of.account,
            key_hash=self._hash(_KEY, of.key),
            asked_hash=self._hash(_ASKED, of.asked),
            patient_id=of.patient_id,
            ref=of.ref,
            previous_ref=of.previous_ref,
            start_at=of.start,
            outcome=outcome,
            asked_sealed=scope.vault.seal_json(_plain(details), scope.place(_ASKED)),
            answer_sealed=b"",
            awaited=False,
            created_at=scope.now,
        )
        self.put_answer(row, answer)
        self._session.add(row)
        return row

    def put_answer(self, row: ReservationRow, answer: Mapping[str, Any]) -> None:
        row.answer_sealed = self._scope.vault.seal_json(answer, self._scope.place(_ANSWER))

    def answer(self, row: ReservationRow) -> dict[str, Any]:
        """What was answered."""
        place = self._scope.place(_ANSWER)
        found: dict[str, Any] = self._scope.vault.open_json(row.answer_sealed, place)
        return found

    def details(self, row: ReservationRow) -> Details:
        """What the booking would be, as far as the rules look at it."""
        place = self._scope.place(_ASKED)
        return read_details(self._scope.vault.open_json(row.asked_sealed, place))

    def meant(self, booking: BookingRow, reservation: str | None) -> list[ReservationRow]:
        """What was reserved for a booking: under the id that it names (``reservation``), under its
        ref, or for its client at its very time."""
        wanted = {
            "clinic": self._scope.clinic,
            "account": booking.account,
            "id": reservation,
            "ref": booking.ref,
            "patient": booking.patient_id,
            "start": booking.start_at,
        }
        return list(self._session.scalars(_MEANT, wanted))

    def over(self) -> list[ReservationRow]:
        """Those that are over and were waited for."""
        wanted = {"clinic": self._scope.clinic, "now": self._scope.now}
        return list(self._session.scalars(_OVER, wanted))

    def hand_over(self, giver: str, taker: str) -> None:
        """Two clients are one."""
        for row in self.live_of(giver):
            row.patient_id = taker

    def forget(self, before: datetime) -> int:
        """Forget what was asked before then; how many there were."""
        old = delete(ReservationRow).where(
            ReservationRow.clinic == self._scope.clinic,
            ReservationRow.created_at < before,
            or_(ReservationRow.until.is_(None), ReservationRow.until < self._scope.now),
        )
        return cast("CursorResult[Any]", self._session.execute(old)).rowcount

    def _hash(self, column: str, value: str) -> str:
        return self._scope.vault.fingerprint(value, self._scope.place(column))


def _plain(details: Details) -> dict[str, Any]:
    """Without who it is: that stands with the client, or nowhere."""
    named = ("service", "self_pay", "payer", "billed", "claim_number", "practitioner")
    return {name: getattr(details, name) for name in named}


_OF_CLINIC = select(ReservationRow).where(ReservationRow.clinic == bindparam("clinic"))
_OPEN = and_(ReservationRow.booking_id.is_(None), ReservationRow.given_back_at.is_(None))
_BY_KEY = _OF_CLINIC.where(
    ReservationRow.account == bindparam("account"), ReservationRow.key_hash == bindparam("key")
)
_LIVE = (
    of_clients(ReservationRow)
    .where(
        ReservationRow.until > bindparam("now", type_=ReservationRow.until.type),
        _OPEN,
    )
    .order_by(ReservationRow.created_at, ReservationRow.id)
)
_OVER = _OF_CLINIC.where(
    ReservationRow.awaited.is_(True),
    ReservationRow.until <= bindparam("now", type_=ReservationRow.until.type),
    _OPEN,
)
_MEANT = _OF_CLINIC.where(
    ReservationRow.account == bindparam("account"),
    _OPEN,
    or_(
        ReservationRow.id == bindparam("id"),
        ReservationRow.ref == bindparam("ref"),
        and_(
            ReservationRow.patient_id == bindparam("patient"),
            ReservationRow.start_at == bindparam("start", type_=ReservationRow.start_at.type),
        ),
    ),
)
