"""``CalcomConnector``: the host's protocol, spoken with Cal.com."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Capability,
    Delivery,
    Gone,
    Hint,
    HoldStyle,
    Page,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    WriteResult,
)

from . import bookings, deliveries, lists, values

NO_SERIES = (
    "The booking is part of a series, and Cal.com would {verb} the whole series with it. "
    "Please {verb} this one in Cal.com."
)


class CalcomConnector:
    """Cal.com, hosted or self-hosted, through its API v2 and signed webhooks.

    Cal.com takes no idempotency keys. Each change reads the booking first, and again where an
    answer was lost, so that a retry never changes a booking twice.
    """

    name = "calcom"
    capabilities: frozenset[Capability] = frozenset(
        {"fetch", "changes", "upcoming", "confirm", "reject", "cancel"}
    )
    #: A pending booking is held by its own state; an accepted one cannot be put back.
    hold_style: HoldStyle = "pending"
    default_base_url = "https://api.cal.com"
    #: ``packages/lib/contructEmailFromPhoneNumber.ts``; older releases had one address for all.
    made_up_emails = ("*@sms.cal.com", "booked-with-sms@cal.com")

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        self._account = account
        self._client = client.with_headers(
            {
                "authorization": f"Bearer {account.api_key.strip()}",
                "cal-api-version": bookings.API_VERSION,
            }
        )

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """Check the signature; the key names trigger, booking and time of the delivery."""
        deliveries.check_signature(headers, raw, self._account.webhook_secret)
        return deliveries.delivery(raw)

    def parse(self, raw: bytes) -> list[Hint]:
        """What a delivery says; nothing for events that change no booking."""
        return deliveries.hints(raw, self._account.form_fields)

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking now."""
        try:
            return self._booking(ref)
        except PlatformGoneError:
            return Gone(ref)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """Bookings that changed, in the order of their changes. The cursor is where the next look
        begins: by the platform's clock, some minutes before the newest change seen."""
        found = lists.changed(self._client, cursor, now)
        return Page(self._readable(found.rows), cursor=found.cursor, more=found.more)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """Bookings that stand and begin after now, in the order of their beginnings."""
        found = lists.starting(self._client, cursor, now)
        standing = tuple(b for b in self._readable(found.rows) if b.status in lists.STANDING)
        return Page(standing, cursor=found.cursor, more=found.more)

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """Accept a pending booking; one that was called off meanwhile needs it no more."""
        booking = self._booking(ref)
        if booking.status in ("accepted", "no-show"):
            return WriteResult("already")
        if booking.status != "pending":
            return WriteResult("already", f"The booking is {booking.status} in Cal.com by now.")
        if booking.recurring:
            return WriteResult("manual", NO_SERIES.format(verb="confirm"))
        try:
            return self._change(ref, "confirm", None, "accepted", idem_key)
        except PlatformRefusedError as error:
            if self._waits_still(ref, error):
                raise
            return self.confirm(ref, idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Decline a pending booking; one that was accepted meanwhile is cancelled instead."""
        booking = self._booking(ref)
        if booking.status in ("rejected", "cancelled"):
            return WriteResult("already")
        if booking.status == "accepted":
            return self.cancel(ref, reason, idem_key)
        if booking.status != "pending":
            return WriteResult("manual", "The client is marked as absent in Cal.com by now.")
        if booking.recurring:
            return WriteResult("manual", NO_SERIES.format(verb="decline"))
        try:
            return self._change(ref, "decline", {"reason": reason}, "rejected", idem_key)
        except PlatformRefusedError as error:
            if self._waits_still(ref, error):
                raise
            return self.reject(ref, reason, idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Cancel this booking, of a series only this occurrence."""
        data = self._data(ref)
        if isinstance(data, list):
            return WriteResult("manual", NO_SERIES.format(verb="cancel"))
        status = self._read(ref, data).status
        if status in ("cancelled", "rejected"):
            return WriteResult("already")
        return self._change(ref, "cancel", {"cancellationReason": reason}, "cancelled", idem_key)

    def _readable(self, rows: list[Any]) -> tuple[PlatformBooking, ...]:
        """One unreadable booking must not hide the others; its own webhook reports it."""
        return lists.readable(rows, self._account.form_fields)

    def _data(self, ref: str) -> Any:
        answer = values.mapping(self._client.get(_path(ref)))
        if "data" not in answer:
            raise PlatformError("Cal.com answered without data", True)
        return answer["data"]

    def _booking(self, ref: str) -> PlatformBooking:
        return self._read(ref, self._data(ref))

    def _read(self, ref: str, data: Any) -> PlatformBooking:
        found = bookings.read(data, self._account.form_fields)
        if found.ref != ref:
            raise PlatformError("Cal.com answered about another booking than asked")
        return found

    def _waits_still(self, ref: str, error: PlatformRefusedError) -> bool:
        """Whether a refusal is about something else than that a person was quicker."""
        return error.status not in (400, 409) or self._booking(ref).status == "pending"

    def _change(
        self, ref: str, verb: str, body: Mapping[str, str] | None, wanted: str, idem_key: str
    ) -> WriteResult:
        def reached() -> bool | None:
            return True if self._booking(ref).status == wanted else None

        try:
            answer = self._client.post(
                f"{_path(ref)}/{verb}",
                dict(body or {}),
                applied=reached,
                headers={"x-request-id": idem_key},
            )
        except PlatformRefusedError as error:
            # Another run, or a person in Cal.com, may have been quicker.
            if error.status in (400, 409) and reached():
                return WriteResult("already")
            raise
        said = values.mapping(values.mapping(answer).get("data")).get("status")
        if answer is not True and said != wanted and not reached():
            raise PlatformError(f"Cal.com took the {verb} of booking {ref} without doing it")
        return WriteResult("native")


def _path(ref: str) -> str:
    if values.uid(ref) is None:
        raise PlatformError("this is no uid of a Cal.com booking", True)
    return f"/v2/bookings/{ref}"
