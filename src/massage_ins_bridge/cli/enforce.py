"""``enforce``: what enforcing would write to the bookings that stand, and letting it through."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from ..desk.going_live import Preview, StandingBooking
    from ..desk.installation import Installation

#: What would be done, in the order in which it is told.
_WORDS = {
    "confirm": "would be confirmed",
    "decline": "would be declined",
    "cancel": "would be cancelled",
    "mark as held": "would be marked as held",
    "ask staff": "would be left to staff, with a task",
    "nothing": "would be left as they are",
}


def run(
    *, account: str, all_: bool, bookings: tuple[str, ...], name: str | None, config: Path | None
) -> int:
    """Show the preview, or let through what was named. 2 where it cannot be done."""
    from ..desk.errors import DeskError
    from ..desk.going_live import let_through, preview
    from ..store.words import Said

    try:
        with opened(config) as installation:
            if not (all_ or bookings):
                with installation.read() as record:
                    _show(installation, preview(installation, record, account))
                return 0
            said = Said((name or getpass.getuser()).strip(), "let through on the command line")
            with installation.write() as record:
                chosen = None if all_ else bookings
                number = let_through(installation, record, account, said, chosen)
            pause = installation.accounts[account].settings.refuse_after_minutes
        noun = "booking is" if number == 1 else "bookings are"
        waits = (
            f"; a refusal waits {pause} minutes, and can be stopped at the desk" if pause else ""
        )
        typer.echo(f"{number} {noun} let through; the service writes within a minute{waits}.")
    except DeskError as error:
        typer.echo(f"massage-ins-bridge: {error}", err=True)
        return 2
    return 0


@contextmanager
def opened(config: Path | None) -> Iterator[Installation]:
    """The installation beside a service that may be running: without its engine and its lock."""
    from ..desk.accounts import close_accounts, make_accounts
    from ..desk.clock import SystemClock
    from ..desk.installation import Installation
    from ..hooks.configured import load_host
    from ..settings import load_settings
    from ..store.database import open_store
    from ..store.migrate import upgrade

    settings = load_settings(config)
    host = load_host(settings)
    accounts = make_accounts(settings, host, {})
    try:
        store = open_store(settings)
    except BaseException:
        close_accounts(accounts)
        raise
    installation = Installation(settings, store, host, SystemClock(), accounts)
    try:
        upgrade(store)
        yield installation
    finally:
        installation.close()


def _show(installation: Installation, found: Preview) -> None:
    by_kind = {kind: [b for b in found.bookings if b.would == kind] for kind in _WORDS}
    if not found.bookings:
        typer.echo(f"{found.account}: no booking stands that waits for your word.")
    for kind, standing in by_kind.items():
        if standing:
            noun = "booking" if len(standing) == 1 else "bookings"
            typer.echo(f"{len(standing)} {noun} {_WORDS[kind]}")
            for booking in standing if kind != "nothing" else ():
                typer.echo(f"  {_line(installation, booking)}")
    if found.enforcement == "observe":
        typer.echo(
            'The account observes: nothing is written. With enforcement = "enforce" new bookings '
            "are enforced at once, and these wait for your word."
        )
    elif found.since is None:
        typer.echo(
            "The service has not been started with these settings yet, or still looks at all "
            "bookings; nothing is written until then."
        )
    elif found.bookings:
        typer.echo(
            f"Let them through: massage-ins-bridge enforce {found.account} --all, or one by one "
            "with --booking ID."
        )


def _line(installation: Installation, booking: StandingBooking) -> str:
    start = booking.start.astimezone(ZoneInfo(installation.zone))
    return (
        f"{start:%a %Y-%m-%d %H:%M}  {booking.booking}  {booking.platform_status}, "
        f"{booking.outcome or 'not decided'}"
    )
