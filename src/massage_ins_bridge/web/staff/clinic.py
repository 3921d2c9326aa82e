"""The clinic's own pages: accounts, and the audit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...desk.account_page import account_cards
from ...desk.acts import Done
from ...desk.audit import Wanted, audit
from ...desk.machine_health import machine_health
from ...desk.roles import must_be_allowed
from ...desk.sync import sync
from ...domain.scalars import FIRST_YEAR, LAST_YEAR
from ...store.record import Record
from ..door.given import Here
from .forms import Sent, act
from .looks import page
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(include_in_schema=False, route_class=StaffRoute)
#: How much of a search is taken.
_MOST_TYPED, _MOST_ID, _DIGITS = 100, 60, 6
Number = Annotated[int, Query(ge=0, le=100_000)]
Id = Annotated[str, Query(max_length=60)]


@router.get("/accounts")
def accounts(request: Request, who: Who, installation: Here) -> Response:
    """How each account is."""
    with installation.read(who.person.clinic) as record:
        cards = account_cards(installation, record)
        parts = machine_health(installation, record)
        return page(request, record, who, "accounts.html", cards=cards, parts=parts)


@router.post("/accounts/{name}/look")
def look(name: str, form: Sent, installation: Here) -> Response:
    """Have a platform asked now."""
    must_be_allowed(form.signed.person, "work")

    def do(record: Record) -> Done:
        sync(installation, record, name, full=form.get("do") == "all", by_hand=False)
        return Done("looked", f"{name} is asked now. What it says appears within a minute.")

    return act(installation, form, do)


@router.get("/audit")
def audited(
    request: Request,
    who: Who,
    installation: Here,
    user: Id = "",
    client: Id = "",
    day: Annotated[str, Query(max_length=10)] = "",
    number: Number = 0,
) -> Response:
    """Who saw and did what; of a ``day`` that is none, of all days."""
    return _audit(request, who, installation, Wanted(user, client, "", _day(day), "", number))


@router.post("/audit")
def searched(request: Request, form: Sent, installation: Here) -> Response:
    """The same by a client's name and by words: these stand in no address."""
    said, typed = form.fields, form.fields.get("number", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _DIGITS else 0
    wanted = Wanted(
        said.get("user", "")[:_MOST_ID],
        said.get("client", "")[:_MOST_ID],
        said.get("name", "")[:_MOST_TYPED],
        _day(said.get("day", "")),
        said.get("words", "")[:_MOST_TYPED],
        number,
    )
    return _audit(request, form.signed, installation, wanted)


def _audit(request: Request, who: Signed, installation: Any, wanted: Wanted) -> Response:
    with installation.read(who.person.clinic) as record:
        found = audit(record, request.app.state.opened, who.person, wanted)
        return page(request, record, who, "audit.html", found=found, wanted=wanted)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


@router.get("/keys")
def keys(request: Request, who: Who, installation: Here) -> Response:
    """The keyboard's keys."""
    with installation.read(who.person.clinic) as record:
        return page(request, record, who, "keys.html")
