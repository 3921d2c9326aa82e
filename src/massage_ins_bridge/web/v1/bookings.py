"""``/v1/bookings``: bookings with what was decided of them and written back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...desk import bookings, lists, views, visits
from ...desk.book import NewBooking, book
from ...desk.visits import Ending
from ..door.given import Body, Clinic, Here
from .filters import BookingsPage
from .operation import answer, if_match, operation, tagged
from .schemas import FILLED, GIVEN, LINES

router = APIRouter(prefix="/v1/bookings", tags=["bookings"])
_WHOLE = GIVEN.of(views.WholeBooking)
_NEW = LINES.of(NewBooking)
_CHANGE = LINES.record(bookings.Change)
_CHANGE["properties"]["payer"] = {**FILLED, "type": ["string", "null"]}


@router.get("", **operation(GIVEN.of(lists.Bookings), 422))
def list_bookings(
    clinic: Clinic, installation: Here, page: Annotated[BookingsPage, Query()]
) -> Response:
    """Bookings by start, with their last decision's outcome, a piece at a time."""
    with installation.read(clinic) as record:
        return answer(
            lists.list_bookings(installation, record, page.wanted, page.cursor, page.limit)
        )


@router.post("", **operation(_WHOLE, 404, 409, takes=_NEW, status=201, tagged=True))
def add_booking(clinic: Clinic, installation: Here, data: Body) -> Response:
    """Store a booking that no platform knows: made by telephone, or by a client who walked in. It
    is decided, counts, is completed and owes like any other, and no platform is told. 409 where
    the client has a booking at that very time, or the `ref` is taken."""
    with installation.write(clinic) as record:
        row = book(installation, record, data)
        view = views.whole_booking(installation, record, row)
    return tagged(view, 201)


@router.get("/{booking_id}", **operation(_WHOLE, 304, 404, tagged=True))
def get_booking(booking_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """One booking with all its decisions, oldest first, and the writes that followed."""
    with installation.read(clinic) as record:
        row = bookings.booking_row(record, booking_id)
        view = views.whole_booking(installation, record, row)
    return tagged(view, request=request)


@router.patch(
    "/{booking_id}",
    **operation(_WHOLE, 404, 409, 412, takes=_CHANGE, tagged=True),
)
def change_booking(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, data: Body
) -> Response:
    """Say who is billed, where the client chose another coverage or self-pay; move or change a
    booking that no platform knows. It is decided again; one that was refused stays so. ``null``
    takes a choice away; from then on the platform's word changes neither. An empty object changes
    nothing. 409 where the platform, or how the booking ended, does not let it be changed."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        row = bookings.change_booking(record, booking_id, data)
        view = views.whole_booking(installation, record, row)
    return tagged(view)


@router.post("/{booking_id}/arrived", **operation(_WHOLE, 404, 409, 412, tagged=True))
def mark_arrived(booking_id: str, request: Request, clinic: Clinic, installation: Here) -> Response:
    """Say that the client is here. Saying the same again changes nothing; 409 for a booking that
    does not stand."""
    return _arrived(booking_id, request, clinic, installation, here=True)


@router.delete("/{booking_id}/arrived", **operation(_WHOLE, 404, 412, tagged=True))
def mark_not_arrived(
    booking_id: str, request: Request, clinic: Clinic, installation: Here
) -> Response:
    """Take back that the client is here."""
    return _arrived(booking_id, request, clinic, installation, here=False)


def _arrived(
    booking_id: str, request: Request, clinic: Clinic, installation: Here, *, here: bool
) -> Response:
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        visits.arrive(record, booking_id, here=here)
        row = bookings.booking_row(record, booking_id)
        view = views.whole_booking(installation, record, row)
    return tagged(view)


@router.post("/{booking_id}/{ending}", **operation(_WHOLE, 404, 409, 412, 422, tagged=True))
def close_booking(
    booking_id: str, ending: Ending, request: Request, clinic: Clinic, installation: Here
) -> Response:
    """Say how a visit ended, correct it, or take it back (`open`). A completed one counts from now
    on as a visit of the chart, a no-show does not; the client's bookings are decided again, and
    what the visit owed is owed no longer where it was none. `cancelled` ends a booking that no
    platform knows. Saying the same again changes nothing; 409 for a booking that has not begun, or
    that does not stand."""
    with installation.write(clinic) as record:
        bookings.must_be_as_seen(installation, record, booking_id, if_match(request))
        row = visits.close_booking(installation, record, booking_id, ending)
        view = views.whole_booking(installation, record, row)
    return tagged(view)
