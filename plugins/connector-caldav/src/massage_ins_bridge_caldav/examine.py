"""What is amiss with an account's calendars."""

from __future__ import annotations

from collections.abc import Iterator

from massage_ins_bridge.api.connectors import (
    Access,
    AccountConfig,
    Advice,
    PlatformHost,
    Setting,
)

from .calendars import Known
from .discovery import CalendarPlace, Found, key_of
from .options import Options

#: What somebody is asked who connects an account.
SETTINGS = (
    Setting(
        "base_url",
        "Address of the calendar server",
        "such as https://caldav.icloud.com, or the address of one calendar that the server shows",
    ),
    Setting("options.username", "Name with which you sign in there", "often an e-mail address"),
    Setting(
        "api_key",
        "Password",
        "an app password, which most servers make for you under security; not the one that you "
        "sign in with",
        secret=True,
    ),
    Setting(
        "options.own_addresses",
        "E-mail addresses of those who give visits",
        "so that nobody of the house is taken for a client",
        required=False,
        kind="list",
    ),
    Setting(
        "options.busy_calendar",
        "Calendar for times that are taken elsewhere",
        "the last part of its address",
        required=False,
    ),
)


def examine(account: AccountConfig, options: Options, known: Known) -> Iterator[Advice]:
    """Everything that is amiss, and what one should know."""
    others = (one for one in known.all if one not in known.watched)
    there = "; ".join(map(_shown, (*known.watched, *others)))
    yield Advice("note", f"calendars there: {there}"[:400])
    if not options.calendars:
        yield Advice(
            "note",
            "no calendar is named under [accounts.practitioners] or options.calendars: all of them "
            "are looked at",
        )
    yield from _unwritable(known)
    for one in known.watched:
        if not one.syncs:
            yield Advice(
                "note",
                f"calendar {one.key}: the server does not list its changes (RFC 6578); it is "
                "compared event by event, which takes longer",
            )
    busy = options.busy_calendar
    if busy is not None and key_of(busy) not in {one.key for one in known.all}:
        yield Advice("bad", f"options.busy_calendar: there is no calendar {busy}")
    if not account.services:
        yield Advice("note", "no service is named under [accounts.services]: no event is judged")


def access(options: Options, known: Known) -> Access:
    """Whose calendars they are, and what may not be done with them."""
    lacks = tuple(one.message for one in _unwritable(known))
    return Access(options.username or "everybody", lacks)


def hosts(found: Found) -> list[PlatformHost]:
    """Every calendar there: whose it is only the clinic knows."""
    return [PlatformHost(one.key, one.name or one.key) for one in found.calendars]


def _unwritable(known: Known) -> Iterator[Advice]:
    for one in known.watched:
        if one.writable is False:
            yield Advice(
                "bad",
                f"calendar {one.key}: the account may not write to it, so that nothing can be "
                "held, confirmed or refused there; share it with the right to change events",
            )


def _shown(one: CalendarPlace) -> str:
    return f"{one.key} ({one.name})" if one.name and one.name != one.key else one.key
