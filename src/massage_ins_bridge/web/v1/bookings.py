"""``/v1/bookings``: bookings with what was decided of them and written back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk import bookings, lists, views, visits
from ...desk.visits import Ending
from ..door.given import Body, Clinic, Here
from .filters import BookingsPage
from .operation import answer, if_match, operation, tagged
from .schemas import FILLED, GIVEN, LINES

router = APIRouter(prefix="/v1/bookings", tags=["bookings"])
_WHOLE = GIVEN.of(views.WholeBooking)
_CHOICE = LINES.record(bookings.Choice)
_CHOICE["properties"]["payer"] = {**FILLED, "type": ["string", "null"]}


@router.get("", **operation(GIVEN.of(lists.Bookings), 422))
def list_bookings(
    clinic: Clinic, installation: Here, page: Annotated[BookingsPage, Query()]
) -> Response:
    """Bookings by start, with their last decision's outcome, a piece at a time."""
    with installation.read(clinic) as record:
        return answer(
            lists.list_bookings(installation, record, page.wanted, page.cursor, page.limit)
        )


@router.get("/{booking_id}", **operation(_WHOLE, 304, 404, tagged=True))
def get_booking(booking_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """One booking with all its decisions, oldest first, and the writes that followed."""
    with installation.read(clinic) as record:
        row = bookings.booking_row(record, booking_id)
        view = views.whole_booking(installation, record, row)
    return tagged(view, request=request)


@router.patch(
    "/{booking_id}",
    **operation(_WHOLE, 404, 412, takes=_CHOICE, tagged=True),
)
def change_booking(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Say who is billed, where the client chose another coverage or self-pay. The booking is
    decided again; a blocked one stays blocked. ``null`` takes a choice away; from then on the
    platform's word changes neither. An empty object changes nothing."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        row = bookings.choose_payer(record, booking_id, data)
        view = views.whole_booking(installation, record, row)
    return tagged(view)


@router.post("/{booking_id}/{ending}", **operation(_WHOLE, 404, 409, 422, tagged=True))
def close_booking(booking_id: str, ending: Ending, clinic: Clinic, installation: Here) -> Response:
    """Say how a visit ended, or correct it. A completed one counts from now on as a visit of the
    chart, a no-show does not; the client's bookings are decided again. Saying the same again
    changes nothing; 409 for a booking that has not begun, or that does not stand."""
    with installation.write(clinic) as record:
        row = visits.close_booking(installation, record, booking_id, ending)
        view = views.whole_booking(installation, record, row)
    return tagged(view)
