"""Who is this? Two people side by side, joined or kept apart; a booking moved to its client."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk import settle_who, side_by_side
from ...desk.acts import Done
from ...desk.errors import NotFoundError
from ...desk.find_clients import LONGEST, find_clients
from ...desk.own import own_booking, own_client, seen_booking
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...store.acts import About
from ...store.doubt_models import ReceiptRow
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act
from .looks import page
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)


@router.get("/clients/{patient_id}/merge")
def merge_page(
    request: Request,
    patient_id: str,
    who: Who,
    installation: Here,
    other: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """A client beside those whom they may be, and beside whomever is chosen."""
    must_be_allowed(who.person, "work")
    return _page(request, who, installation, patient_id, other=other)


@router.post("/clients/{patient_id}/merge")
def merge(request: Request, patient_id: str, form: Sent, installation: Here) -> Response:
    """Look for somebody else; join two clients, or keep them apart."""
    if form.get("do") == "find":
        must_be_allowed(form.signed.person, "work")
        other, typed = form.get("other") or "", form.get("q") or ""
        return _page(request, form.signed, installation, patient_id, other=other, q=typed)

    def do(record: Record) -> Done:
        person, other = form.signed.person, form.get("other") or ""
        must_be_allowed(person, "work")
        own_client(record, person, patient_id)
        if form.get("do") == "new":
            receipt = settle_who.is_new(record, patient_id, person.name)
            return _told(receipt, "They are two people. The bookings are judged again.")
        if form.get("do") != "join":
            raise NotFoundError("button")
        own_client(record, person, other)
        keep, gone = (other, patient_id) if form.get("keep") != "this" else (patient_id, other)
        receipt = settle_who.merge(record, keep, gone, person.name)
        return _told(receipt, "The two are one client now. Nothing was thrown away.")

    answer = act(installation, form, do)
    return _to_client(answer, form, installation)


@router.get("/bookings/{booking_id}/client")
def move_page(request: Request, booking_id: str, who: Who, installation: Here) -> Response:
    """Whose booking it is: those whom the client may be."""
    return _of_booking(request, who, installation, booking_id)


def _of_booking(
    request: Request, who: Signed, installation: Any, booking_id: str, q: str = ""
) -> Response:
    must_be_allowed(who.person, "work")
    with installation.read(who.person.clinic) as record:
        patient = seen_booking(record, who.person, booking_id).patient_id
    return _page(request, who, installation, patient, booking=booking_id, q=q)


@router.post("/bookings/{booking_id}/client")
def move(request: Request, booking_id: str, form: Sent, installation: Here) -> Response:
    """Look for somebody else; give the booking to another client, or to somebody new."""
    if form.get("do") == "find":
        typed = form.get("q") or ""
        return _of_booking(request, form.signed, installation, booking_id, typed)

    def do(record: Record) -> Done:
        person = form.signed.person
        must_be_allowed(person, "work")
        own_booking(record, person, booking_id)
        taker = None if form.get("do") == "new" else form.get("other") or ""
        if taker is not None:
            own_client(record, person, taker)
        receipt = settle_who.move(record, booking_id, taker, person.name)
        return _told(receipt, "The booking is moved to its client, and judged again.")

    return act(installation, form, do)


def _told(receipt: ReceiptRow, said: str) -> Done:
    about = About(receipt.patient_id, receipt.booking_id)
    return Done(receipt.kind, said, about, "receipt", {"receipt": receipt.id})


def _to_client(answer: Response, form: Form, installation: Any) -> Response:
    """The page of a client who was joined into another is there no more."""
    act_id = answer.headers["location"].rpartition("done=")[2]
    with installation.read(form.signed.person.clinic) as record:
        row = record.acts.get(act_id)
        if row is not None and row.patient_id is not None:
            answer.headers["location"] = f"/clients/{row.patient_id}?done={act_id}"
    return answer


def _is_theirs(record: Record, who: Signed, patient_id: str) -> bool:
    """Whether somebody may see the client: a therapist those of their own bookings."""
    try:
        own_client(record, who.person, patient_id)
    except NotFoundError:
        return False
    return True


def _page(
    request: Request,
    who: Signed,
    installation: Any,
    patient_id: str,
    *,
    other: str = "",
    booking: str = "",
    q: str = "",
) -> Response:
    must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        own_client(record, who.person, patient_id)
        compared = side_by_side.compare(record, patient_id)
        sides = [side for side in compared.candidates if _is_theirs(record, who, side.id)]
        if other and other not in {patient_id, *(side.id for side in sides)}:
            own_client(record, who.person, other)
            sides = [side_by_side.compare_two(record, patient_id, other)]
        opened, q = request.app.state.opened, q[:LONGEST]
        found = find_clients(record, opened, who.person, q) if q else None
        return page(
            request,
            record,
            who,
            "who.html",
            person=compared.person,
            doubtful=compared.identity == "doubtful",
            sides=sides,
            found=found,
            q=q,
            booking=booking,
            patient=patient_id,
            back=f"/bookings/{booking}" if booking else f"/clients/{patient_id}",
        )
