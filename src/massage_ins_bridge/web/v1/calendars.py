"""``/v1/calendars``: the calendars that the clinic gives out."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ...desk import calendars
from ..door.given import Body, Clinic, Here
from .operation import answer, operation
from .schemas import FILLED, GIVEN, LINES

router = APIRouter(prefix="/v1/calendars", tags=["calendars"])
_ADDRESS = GIVEN.of(calendars.CalendarAddress)
_NEW = LINES.record(calendars.NewCalendar)
_NEW["properties"]["name"] = {**FILLED, "maxLength": calendars.LONGEST_NAME}


@router.get("", **operation(GIVEN.of(calendars.CalendarList)))
def list_calendars(clinic: Clinic, installation: Here) -> Response:
    """The calendars by name; their addresses are not kept."""
    with installation.read(clinic) as record:
        return answer(calendars.list_calendars(record))


@router.post("", **operation(_ADDRESS, 409, takes=_NEW, status=201))
def add_calendar(clinic: Clinic, installation: Here, data: Body) -> Response:
    """Give out a calendar: the visits of one practitioner or of everybody, or what the clinic owes
    by a day. Its `address` is shown this once; whoever has it reads the calendar. 409 where the
    name is taken."""
    with installation.write(clinic) as record:
        made = calendars.add_calendar(installation, record, data)
    return answer(made, 201)


@router.post("/{calendar}/rotate", **operation(_ADDRESS, 404))
def rotate_calendar(calendar: str, clinic: Clinic, installation: Here) -> Response:
    """Give a calendar (its id or name) another address: the former one leads nowhere from now
    on."""
    with installation.write(clinic) as record:
        made = calendars.rotate_calendar(installation, record, calendar)
    return answer(made)


@router.delete("/{calendar}", **operation(None, 404, status=204))
def remove_calendar(calendar: str, clinic: Clinic, installation: Here) -> Response:
    """Take a calendar (its id or name) back: its address leads nowhere from now on."""
    with installation.write(clinic) as record:
        calendars.remove_calendar(record, calendar)
    return Response(status_code=204)
