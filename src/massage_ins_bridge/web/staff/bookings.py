"""What is pressed on a booking, and the small forms that ask why and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ...desk import about_booking, booking_words
from ...desk.acts import Done, last_of
from ...desk.booking_page import booking_page
from ...desk.errors import PreconditionError
from ...desk.installation import Installation
from ...desk.roles import must_be_allowed, must_not_be_covered
from ...desk.row_acts import ACTS, press
from ...desk.say import short_name
from ...domain.reading import UnusableInputError
from ...store.record import Record
from ..door.given import Here
from .forms import Form, Sent, act, inside, with_done
from .looks import page, problems_of
from .person import Signed, Who
from .routes import StaffRoute

router = APIRouter(prefix="/bookings/{booking_id}", include_in_schema=False, route_class=StaffRoute)
#: What is pressed on a row and asks something first.
_PAGES = {"stand": "stand"}
_WORDS = frozenset({"stand", "refuse"})
#: Small forms that show whom the visit is billed to, or why the plan does not pay.
_UNCOVERED = frozenset({"payer", "self-pay"})


@router.get("")
def booking(request: Request, booking_id: str, who: Who, installation: Here) -> Response:
    """Everything on one booking."""
    opened = request.app.state.opened
    with installation.read(who.person.clinic) as record:
        shown = booking_page(installation, record, opened, who.person, booking_id)
        title = short_name(shown.row.client)
        return page(request, record, who, "booking.html", shown=shown, title=title)


@router.post("/do")
def pressed(booking_id: str, form: Sent, installation: Here) -> Response:
    """A button of a booking's row."""
    what = form.get("do") or ""
    if what in _PAGES and what not in ACTS:
        return RedirectResponse(
            f"/bookings/{quote(booking_id)}/{_PAGES[what]}?back={quote(form.back)}", 303
        )
    before: list[str | None] = []

    def do(record: Record) -> Done | None:
        done = press(installation, record, form.signed.person, booking_id, what)
        if done is None:  # somebody was quicker
            before.append(last_of(record, booking_id))
        return done

    answer = act(installation, form, do)
    if before:
        answer.headers["location"] = with_done(form.back, before[0])
    return answer


def _let_stand(installation: Installation, record: Record, form: Form, booking_id: str) -> Done:
    said = form.get("reason"), form.get("until")
    return booking_words.let_stand(installation, record, form.signed.person, booking_id, *said)


def _refuse(installation: Installation, record: Record, form: Form, booking_id: str) -> Done:
    person, reason = form.signed.person, form.get("reason")
    return booking_words.refuse(installation, record, person, booking_id, reason)


def _bill(_: Installation, record: Record, form: Form, booking_id: str) -> Done:
    return booking_words.bill(record, form.signed.person, booking_id, form.get("payer"))


def _pays(_: Installation, record: Record, form: Form, booking_id: str) -> Done:
    signed = form.get("signed") == "yes"
    return booking_words.pays_alone(record, form.signed.person, booking_id, signed=signed)


#: By address, what a small form does, and what is pressed for that: Enter presses another button,
#: which only shows the form again.
_SMALL: Mapping[str, tuple[Callable[[Installation, Record, Form, str], Done], str]] = {
    "stand": (_let_stand, "stand"),
    "refuse": (_refuse, "refuse"),
    "payer": (_bill, "bill"),
    "self-pay": (_pays, "pays"),
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a small form is shown again with: all that was typed, what is wrong with it, and whether
    the booking was changed meanwhile."""

    typed: Mapping[str, str]
    error: UnusableInputError | None = None
    changed: bool = False

    @property
    def status(self) -> int:
        return 422 if self.error else 409 if self.changed else 200


_OPENED = _Answer({})


def _add(name: str) -> None:
    """A small form: asked for, and sent."""
    act_on, pressed_for = _SMALL[name]

    @router.get(f"/{name}", name=f"ask_{name}")
    def ask(request: Request, booking_id: str, who: Who, installation: Here) -> Response:
        return _small(request, (booking_id, name), who, installation)

    @router.post(f"/{name}", name=f"send_{name}")
    def send(request: Request, booking_id: str, form: Sent, installation: Here) -> Response:
        """Carry it out, or show the form again with what is wrong and all that was typed."""

        def do(record: Record) -> Done:
            about_booking.must_be_as_seen(record, form.signed.person, booking_id, form.seen)
            return act_on(installation, record, form, booking_id)

        answer = _Answer({**form.fields, "back": form.back})
        try:
            if form.get("do") == pressed_for:
                return act(installation, form, do)
        except UnusableInputError as error:
            answer = replace(answer, error=error)
        except PreconditionError:
            answer = replace(answer, changed=True)
        return _small(request, (booking_id, name), form.signed, installation, answer)


for _name in _SMALL:
    _add(_name)


def _small(
    request: Request,
    where: tuple[str, str],
    who: Signed,
    installation: Any,
    answer: _Answer = _OPENED,
) -> Response:
    """One of the small forms about a booking, for those who may send it."""
    booking_id, name = where
    must_be_allowed(who.person, "word" if name in _WORDS else "work")
    if name in _UNCOVERED:
        must_not_be_covered(who.person)
    with installation.read(who.person.clinic) as record:
        about = about_booking.about(installation, record, who.person, booking_id)
        now, opened = None, request.app.state.opened
        if answer.changed:
            now = about_booking.stands_now(installation, record, opened, who.person, booking_id)
        return page(
            request,
            record,
            who,
            f"{name.replace('-', '_')}.html",
            answer.status,
            about=about,
            problems=problems_of(answer.error, booking_words.LABELS),
            now=now,
            typed=answer.typed,
            back=inside(request.query_params.get("back") or answer.typed.get("back", "")),
        )
