"""A booking by phone: asked for, foreseen, made."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk import chart
from ...desk.errors import AlreadyBookedError, NotFoundError
from ...desk.find_clients import LONGEST, find_clients
from ...desk.own import own_client, seen_booking
from ...desk.phone import LABELS, SELF_PAY, Foreseen, foresee, make
from ...desk.roles import must_be_allowed
from ...desk.sight import payer_called
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .forms import Sent, act
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(prefix="/bookings/new", include_in_schema=False, route_class=StaffRoute)
#: By the words of the desk, the fields of the form.
_PATHS = {"patient": "client", "client.name": "name", "client.phone": "phone", "start": "time"}


@router.get("")
def ask(
    request: Request,
    who: Who,
    installation: Here,
    client: Annotated[str, Query(max_length=60)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Ask for a booking."""
    must_be_allowed(who.person, "work")
    return _form(request, who, installation, {"client": client, "day": day})


@router.post("")
def book(request: Request, form: Sent, installation: Here) -> Response:
    """Find the client, show what would become of it, or make it."""
    person, typed = form.signed.person, dict(form.fields)
    must_be_allowed(person, "work")
    try:
        if form.get("do") == "find":
            return _form(request, form.signed, installation, typed)
        if form.get("do") != "book":
            seen = foresee(installation, person, typed)
            return _form(request, form.signed, installation, typed, seen=seen)
        return act(installation, form, lambda record: make(installation, record, person, typed))
    except (UnusableInputError, AlreadyBookedError) as error:
        return _form(request, form.signed, installation, typed, error=error)


def _form(
    request: Request,
    who: Signed,
    installation: Any,
    typed: dict[str, str],
    *,
    seen: Foreseen | None = None,
    error: UnusableInputError | AlreadyBookedError | None = None,
) -> Response:
    wrong = error if isinstance(error, UnusableInputError) else None
    with installation.read(who.person.clinic) as record:
        opened = request.app.state.opened
        chosen, payers, q = "", _payers(installation), typed.get("q", "")[:LONGEST]
        if typed.get("client"):
            row = own_client(record, who.person, typed["client"])
            chosen = str(record.clients.facts(row).get("name") or "")
            own = [f.data.get("payer") for f in chart.list_facts(record, row.id, "coverage")]
            told = () if who.person.covered else own
            known = [payer_called(installation, name) for name in told if name]
            payers = tuple(dict.fromkeys([*known, *payers]))
        found = find_clients(record, opened, who.person, q) if q else None
        return page(
            request,
            record,
            who,
            "phone.html",
            422 if wrong else 409 if error else 200,
            typed={"minutes": "60", "day": record.today.isoformat(), **_said(typed)},
            chosen=chosen,
            found=found,
            payers=payers,
            self_pay=SELF_PAY,
            people=installation.settings.clinic_facts.practitioners or (),
            seen=seen,
            problems=_problems(wrong),
            taken=_taken(record, who, error),
        )


def _taken(record: Record, who: Signed, error: Exception | None) -> str | None:
    """The booking that the client has at that very time; empty where it is not theirs to see who
    asks, and ``None`` where there is none."""
    if not isinstance(error, AlreadyBookedError):
        return None
    try:
        return seen_booking(record, who.person, error.booking).id
    except NotFoundError:
        return ""


def _said(typed: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if value}


def _payers(installation: Any) -> tuple[str, ...]:
    return tuple(sorted(payer.name for payer in installation.host.payers.payers))


def _problems(error: UnusableInputError | None) -> list[dict[str, str]]:
    found = problems_of(error, LABELS)
    for one in found:
        one["path"] = _PATHS.get(one["path"], one["path"])
        one["label"] = LABELS.get(one["path"], one["label"])
    return found
