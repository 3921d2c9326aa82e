"""``CalcomConnector``: the host's protocol, spoken with Cal.com."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    Capability,
    Delivery,
    Gone,
    Hint,
    Outcome,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)

from . import bookings, deliveries, values

PAGE = 100
MAX_PAGES = 200
NO_SERIES = (
    "The booking is part of a series, and Cal.com would {verb} the whole series with it. "
    "Please {verb} this one in Cal.com."
)

log = logging.getLogger(__name__)


class CalcomConnector:
    """Cal.com, hosted or self-hosted, through its API v2 and signed webhooks.

    Cal.com takes no idempotency keys. Each change reads the booking first, and again where an
    answer was lost, so that a retry never changes a booking twice.
    """

    name = "calcom"
    capabilities: frozenset[Capability] = frozenset(
        {"fetch", "hold", "confirm", "reject", "cancel", "changes"}
    )
    default_base_url = "https://api.cal.com"

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        self._account = account
        self._client = client.with_headers(
            {
                "authorization": f"Bearer {account.api_key.strip()}",
                "cal-api-version": bookings.API_VERSION,
            }
        )

    #: ``verify`` reads the envelope, and ``parse`` refuses nothing that the envelope lets pass.
    verify_reads_all = True

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

    def hold(self, ref: str, reason: str, idem_key: str) -> Outcome:
        """A pending booking is held by its own state; an accepted one cannot be put back."""
        status = self._booking(ref).status
        if status == "pending":
            return Outcome("native", "The booking waits for confirmation in Cal.com.")
        if status in ("cancelled", "rejected"):
            return Outcome("already", f"The booking is {status} in Cal.com.")
        return Outcome(
            "manual",
            "Cal.com had accepted the booking already and cannot make it pending again. Turn on "
            "'Requires confirmation' for this event type, so that new bookings wait.",
        )

    def confirm(self, ref: str, idem_key: str) -> Outcome:
        """Accept a pending booking; one that was called off meanwhile needs it no more."""
        booking = self._booking(ref)
        if booking.status in ("accepted", "no-show"):
            return Outcome("already")
        if booking.status != "pending":
            return Outcome("already", f"The booking is {booking.status} in Cal.com by now.")
        if booking.recurring:
            return Outcome("manual", NO_SERIES.format(verb="confirm"))
        try:
            return self._change(ref, "confirm", None, "accepted", idem_key)
        except PlatformRefusedError as error:
            if self._waits_still(ref, error):
                raise
            return self.confirm(ref, idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> Outcome:
        """Decline a pending booking; one that was accepted meanwhile is cancelled instead."""
        booking = self._booking(ref)
        if booking.status in ("rejected", "cancelled"):
            return Outcome("already")
        if booking.status == "accepted":
            return self.cancel(ref, reason, idem_key)
        if booking.status != "pending":
            return Outcome("manual", "The client is marked as absent in Cal.com by now.")
        if booking.recurring:
            return Outcome("manual", NO_SERIES.format(verb="decline"))
        try:
            return self._change(ref, "decline", {"reason": reason}, "rejected", idem_key)
        except PlatformRefusedError as error:
            if self._waits_still(ref, error):
                raise
            return self.reject(ref, reason, idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> Outcome:
        """Cancel this booking, of a series only this occurrence."""
        data = self._data(ref)
        if isinstance(data, list):
            return Outcome("manual", NO_SERIES.format(verb="cancel"))
        status = bookings.read(data, {}).status
        if status in ("cancelled", "rejected"):
            return Outcome("already")
        return self._change(ref, "cancel", {"cancellationReason": reason}, "cancelled", idem_key)

    def changes(self, since: datetime) -> list[PlatformBooking]:
        """Bookings changed since then, latest first. One that changes while the list is read moves
        to its front, so that turning pages may meet a booking twice but misses none."""
        after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        found: dict[str, PlatformBooking] = {}
        for page in range(MAX_PAGES):
            params = {"afterUpdatedAt": after, "sortUpdatedAt": "desc"}
            answer = self._client.get("/v2/bookings", {**params, "take": PAGE, "skip": page * PAGE})
            rows = values.mapping(answer).get("data")
            if not isinstance(rows, list):
                raise PlatformError("Cal.com answered with a list of bookings without data", True)
            for booking in filter(None, map(self._readable, rows)):
                found.setdefault(booking.ref, booking)
            more = values.mapping(values.mapping(answer).get("pagination")).get("hasNextPage")
            if not rows or (len(rows) < PAGE and more is not True):
                return list(found.values())
        raise PlatformError(f"Cal.com lists more than {PAGE * MAX_PAGES:,} changed bookings", True)

    def _readable(self, row: Any) -> PlatformBooking | None:
        """One unreadable booking must not hide the others; its own webhook reports it."""
        try:
            return bookings.read(row, self._account.form_fields)
        except PlatformError as error:
            log.warning("left out of the list of changes: %s", error.message)
            return None

    def _data(self, ref: str) -> Any:
        answer = values.mapping(self._client.get(_path(ref)))
        if "data" not in answer:
            raise PlatformError("Cal.com answered without data", True)
        return answer["data"]

    def _booking(self, ref: str) -> PlatformBooking:
        return bookings.read(self._data(ref), self._account.form_fields)

    def _waits_still(self, ref: str, error: PlatformRefusedError) -> bool:
        """Whether a refusal is about something else than that a person was quicker."""
        return error.status not in (400, 409) or self._booking(ref).status == "pending"

    def _change(
        self, ref: str, verb: str, body: Mapping[str, str] | None, wanted: str, idem_key: str
    ) -> Outcome:
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
                return Outcome("already")
            raise
        said = values.mapping(values.mapping(answer).get("data")).get("status")
        if answer is not True and said != wanted and not reached():
            raise PlatformError(f"Cal.com took the {verb} of booking {ref} without doing it")
        return Outcome("native")


def _path(ref: str) -> str:
    if values.uid(ref) is None:
        raise PlatformError("this is no uid of a Cal.com booking", True)
    return f"/v2/bookings/{ref}"
