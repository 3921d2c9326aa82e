"""``booking``: bookings that no platform knows, made by telephone or by a client who walked in; and
how any booking ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from .desk import desk
from .serve import Config

if TYPE_CHECKING:
    from ..desk.installation import Installation
    from ..desk.visits import Ending
    from ..store.models import BookingRow
    from ..store.record import Record

app = typer.Typer(
    help="Bookings that no platform knows, and how bookings ended.", no_args_is_help=True
)
Id = Annotated[str, typer.Argument(metavar="ID", help="the booking's id (see `booking list`)")]
Start = Annotated[str, typer.Option(help="such as 2026-12-08T10:00, in the clinic's time")]
Minutes = Annotated[int, typer.Option(min=5, max=480, help="how long it takes")]


def _text(help_text: str) -> Any:
    return typer.Option(help=help_text, show_default=False)


Where = Annotated[str | None, _text("clinic, home or other")]
Ordered = Annotated[str | None, _text("the id of the prescription that it is booked on")]
Episode = Annotated[str | None, _text("the clinic's own label of the course of treatment")]
Cause = Annotated[str | None, _text("what the care is for: work, auto or neither")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 - an option is a parameter
    start: Start,
    minutes: Minutes = 60,
    patient: Annotated[str | None, _text("the client's id, where they are on file")] = None,
    name: Annotated[str | None, _text("otherwise their name")] = None,
    email: Annotated[str | None, _text("by which they are found again")] = None,
    phone: Annotated[str | None, _text("by which they are found again")] = None,
    service: Annotated[str | None, _text("such as medical-massage")] = None,
    payer: Annotated[str | None, _text("who is billed; else the primary coverage is")] = None,
    practitioner: Annotated[str | None, _text("the practitioner's key")] = None,
    place: Where = None,
    prescription: Ordered = None,
    episode: Episode = None,
    injury: Cause = None,
    self_pay: Annotated[bool, typer.Option("--self-pay", help="the client pays")] = False,
    config: Config = None,
) -> None:
    """Store a booking and decide it."""
    from ..desk.book import book

    with desk(config) as (installation, record):
        begins = _moment(installation, start)
        client = {"name": name, "email": email, "phone": phone} if name is not None else None
        data = {
            "start": begins.isoformat(),
            "end": (begins + timedelta(minutes=minutes)).isoformat(),
            "patient": patient,
            "client": client,
            "service": service,
            "payer": payer,
            "practitioner": practitioner,
            "place": place,
            "prescription": prescription,
            "episode": episode,
            "injury": injury,
            "self_pay": True if self_pay else None,
        }
        _say(record, book(installation, record, data))


@app.command()
def move(booking: Id, start: Start, config: Config = None) -> None:
    """Put a booking that no platform knows at another time; it takes as long as before."""
    from ..desk.bookings import change_booking
    from ..desk.decide import decide_client

    with desk(config) as (installation, record):
        begins = _moment(installation, start).isoformat()
        row = change_booking(record, booking, {"start": begins})
        decide_client(installation, record, row.patient_id, "booking-changed")
        _say(record, row)


@app.command()
def say(
    booking: Id,
    place: Where = None,
    prescription: Ordered = None,
    episode: Episode = None,
    injury: Cause = None,
    config: Config = None,
) -> None:
    """Say of any booking what no platform knows; an empty text takes a word back."""
    from ..desk.bookings import change_booking
    from ..desk.decide import decide_client

    words = {"place": place, "prescription": prescription, "episode": episode, "injury": injury}
    with desk(config) as (installation, record):
        given = {name: word for name, word in words.items() if word is not None}
        row = change_booking(record, booking, given)
        decide_client(installation, record, row.patient_id, "booking-changed")
        _say(record, row)


@app.command()
def cancel(booking: Id, config: Config = None) -> None:
    """Cancel a booking that no platform knows."""
    _close(booking, "cancelled", config)


@app.command()
def complete(booking: Id, config: Config = None) -> None:
    """Mark any booking as completed."""
    _close(booking, "completed", config)


@app.command("no-show")
def no_show(booking: Id, config: Config = None) -> None:
    """Mark any booking as one to which nobody came."""
    _close(booking, "no-show", config)


@app.command("open")
def open_(booking: Id, config: Config = None) -> None:
    """Take back how a booking was said to have ended."""
    _close(booking, "open", config)


@app.command("list")
def list_(
    days: Annotated[int, typer.Option(min=1, max=366, help="from today on")] = 14,
    config: Config = None,
) -> None:
    """The bookings of the next days, those of platforms too: id, time, state, payer."""
    from datetime import UTC, time

    from ..store.lists import BookingsWanted, bookings

    with desk(config) as (_, record):
        first = datetime.combine(record.today, time(), ZoneInfo(record.zone)).astimezone(UTC)
        wanted = BookingsWanted(starts_from=first, starts_before=first + timedelta(days=days))
        after = None
        while rows := bookings(record, wanted, after, 500):
            for row in rows:
                _say(record, row)
            after = (rows[-1].start_at, rows[-1].id)


def _close(booking: str, ending: Ending, config: Any) -> None:
    from ..desk.visits import close_booking

    with desk(config) as (installation, record):
        _say(record, close_booking(installation, record, booking, ending))


def _moment(installation: Installation, text: str) -> datetime:
    """A time as people type it; without an offset it is the clinic's."""
    from ..domain.reading import Problem, UnusableInputError

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableInputError(
            [Problem("--start", f"{text!r} is no time; write one such as 2026-12-08T10:00")]
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(installation.zone))


def _say(record: Record, row: BookingRow) -> None:
    from ..store.lists import state_of

    start = row.start_at.astimezone(ZoneInfo(record.zone))
    details = record.bookings.details(row)
    payer = "self-pay" if details.self_pay else details.insurer or "-"
    state = state_of(row.outcome, row.platform_status)
    typer.echo(f"{row.id}\t{start:%a %Y-%m-%d %H:%M}\t{state}\t{payer}\t{row.account or 'by hand'}")
