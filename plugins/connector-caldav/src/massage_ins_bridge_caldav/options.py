"""What the account's settings say to this connector, under ``options``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from massage_ins_bridge.api.connectors import AccountConfig

_KNOWN = (
    "username",
    "floating_is_local",
    "calendars",
    "busy_calendar",
    "own_addresses",
)


@dataclass(frozen=True, slots=True)
class Options:
    """``username``: whose calendars they are. ``calendars``: those that are looked at, by the last
    part of their addresses; none means the hosts that the settings name, or else all.
    ``busy_calendar``: where busy times are written. ``own_addresses``: e-mail addresses, in lower
    case, of those who give visits. ``zone``: the clinic's; ``floating_is_local``: times without a
    zone are in it."""

    username: str
    zone: ZoneInfo
    floating_is_local: bool
    calendars: tuple[str, ...]
    busy_calendar: str | None
    own_addresses: frozenset[str]


def read_options(account: AccountConfig) -> Options:
    """Raises ``ValueError`` with the name of the option."""
    given = account.options
    for name in given:
        if name not in _KNOWN:
            near = get_close_matches(name, _KNOWN, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"options.{name}: is none of {', '.join(_KNOWN)}{hint}")
    username = _text(given, "username")
    if account.api_key.strip() and not username:
        raise ValueError(
            "options.username: is missing; it is the name with which one signs in at the calendar, "
            "and api_key is its password (an app password, where the server has those)"
        )
    if ":" in username:
        raise ValueError("options.username: holds a colon, which no such name can")
    return Options(
        username=username,
        zone=ZoneInfo(account.timezone),
        floating_is_local=_flag(given, "floating_is_local"),
        calendars=_names(given, "calendars") or account.hosts,
        busy_calendar=_text(given, "busy_calendar") or None,
        own_addresses=frozenset(one.lower() for one in _names(given, "own_addresses")),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(f"options.{name}: is no text of one line")
    return value.strip()


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"options.{name}: is neither true nor false")  # noqa: TRY004 - a setting
    return value


def _names(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name, ())
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'options.{name}: is no list of texts, such as ["mira"]')
    return tuple(one.strip() for one in value if one.strip())
