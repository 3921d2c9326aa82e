"""``/v1``: what is done to bookings on their platform, and staff's word about it: overrides,
refusals that wait, and what is let through when an account begins to enforce."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from ...desk import bookings, going_live, overrides, refusals, views
from ..door.given import Body, Clinic, Here
from .operation import answer, if_match, operation, tagged
from .schemas import GIVEN, LINES

router = APIRouter(prefix="/v1", tags=["enforcement"])
_WHOLE = GIVEN.of(views.WholeBooking)


def _said(takes: type) -> dict[str, Any]:
    """What an operation is by which staff says something of a booking: it gives the booking."""
    return operation(_WHOLE, 404, 409, 412, takes=LINES.of(takes), tagged=True)


@router.get("/refusals", **operation(GIVEN.of(refusals.Refusals)))
def list_refusals(clinic: Clinic, installation: Here) -> Response:
    """Every refusal that waits, with the time at which it is carried out, the next one first."""
    with installation.read(clinic) as record:
        return answer(refusals.waiting(record))


@router.post("/bookings/{booking_id}/override", **_said(overrides.OverrideSent))
def override_booking(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Let a booking stand, or refuse it, whatever the rules say, for the visit or until a time. An
    earlier override is over. What the rules say is still decided, and shown beside. One that the
    bridge refused is brought back where its platform can do that. 409 for any other booking that
    does not stand on its platform, and for one that has begun."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        overrides.override(record, booking_id, data, installation)
    return _booking(booking_id, clinic, installation)


@router.post("/bookings/{booking_id}/override/undo", **_said(overrides.TakenBack))
def undo_override(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Take an override back: the rules count again. 409 where there is none."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        overrides.take_back(record, booking_id, data)
    return _booking(booking_id, clinic, installation)


@router.post("/bookings/{booking_id}/refusal/stop", **_said(refusals.Word))
def stop_refusal(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Leave a booking that would be refused on hold: no clock refuses it from now on, and staff is
    asked on the last open day before the visit. It is no allowance. Saying it again changes
    nothing; 409 where nothing is to be refused."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        refusals.stop(installation, record, booking_id, data)
    return _booking(booking_id, clinic, installation)


@router.post("/bookings/{booking_id}/refusal/stop/undo", **_said(refusals.Word))
def undo_stop(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Take a stop back: what the rules say counts again, after a new pause. 409 where nothing was
    stopped."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        refusals.resume(record, booking_id, data)
    return _booking(booking_id, clinic, installation)


@router.post("/bookings/{booking_id}/refusal/now", **_said(refusals.Word))
def refuse_now(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Have a booking refused now that the rules do not let stand, on a person's word: without its
    pause, also where a person accepted it, and also where its refusal was stopped. 409 where
    nothing is to be refused, or nothing may be written."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        refusals.carry_out(installation, record, booking_id, data)
    return _booking(booking_id, clinic, installation)


@router.get("/accounts/{account}/preview", **operation(GIVEN.of(going_live.Preview), 404))
def preview_account(account: str, clinic: Clinic, installation: Here) -> Response:
    """What enforcing would write to the bookings that stand. Nothing of it is written until staff
    lets it through; new bookings are enforced at once."""
    with installation.read(clinic) as record:
        return answer(going_live.preview(installation, record, account))


@router.post(
    "/accounts/{account}/let-through",
    **operation(
        GIVEN.of(going_live.LetThrough), 404, 409, takes=LINES.of(going_live.LetThroughSent)
    ),
)
def let_through(account: str, clinic: Clinic, installation: Here, data: Body) -> Response:
    """Have written what is wanted of some of the bookings that stand, or of all. 409 where the
    account does not enforce."""
    with installation.write(clinic) as record:
        return answer(going_live.let_through_sent(installation, record, account, data))


def _booking(booking_id: str, clinic: str, installation: Here) -> Response:
    with installation.read(clinic) as record:
        row = bookings.booking_row(record, booking_id)
        return tagged(views.whole_booking(installation, record, row))
