"""What the account's settings say to this connector."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from massage_ins_bridge.api.connectors import AccountConfig, Setting

from .titles import Titles

#: Words with which programs mark a link to a calendar; what it leads to is an ordinary web address.
_WEBCAL = re.compile(r"webcals?://", re.IGNORECASE)
OPTIONS = ("title", "ends", "leave_out", "days_ahead", "floating_is_local")
#: A year and a half: nobody publishes appointments further ahead.
MOST_DAYS = 540

SETTINGS = (
    Setting(
        "api_key",
        "Link to the calendar",
        help="The secret address of the calendar feed, as the platform shows it under calendar "
        "sync or subscription; it begins with https:// or webcal://.",
        secret=True,
    ),
    Setting(
        "options.title",
        "How titles are written",
        help="For instance {client} - {service}. Left empty, nobody's name is read of a title, and "
        "staff is asked of each appointment whose it is.",
        required=False,
    ),
    Setting(
        "options.days_ahead",
        "How many days ahead the feed shows",
        help="If the platform says so, such as 60. An appointment further ahead is not missed.",
        required=False,
        kind="number",
    ),
    Setting(
        "options.floating_is_local",
        "Times without a time zone are the clinic's",
        help="Say yes after you compared some with the platform's own page.",
        required=False,
        kind="yes-no",
        default="no",
    ),
)


@dataclass(frozen=True, slots=True)
class Options:
    """``address``: the feed's whole address, a secret. ``zone``: the clinic's. ``days_ahead``: how
    far ahead the platform publishes; ``None`` where that is not known. ``floating_is_local``: times
    without a zone are the clinic's."""

    address: str
    zone: ZoneInfo
    titles: Titles
    days_ahead: int | None
    floating_is_local: bool

    @property
    def origin(self) -> str:
        """The server that the feed is on."""
        return "/".join(self.address.split("/")[:3])


def read_options(account: AccountConfig) -> Options:
    """Raises ``ValueError`` with the name of the setting, never with the address."""
    given = account.options
    for name in given:
        if name not in OPTIONS:
            near = get_close_matches(name, OPTIONS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"options.{name}: is none of {', '.join(OPTIONS)}{hint}")
    days = given.get("days_ahead")
    if days is not None and not (type(days) is int and 0 < days <= MOST_DAYS):
        raise ValueError(f"options.days_ahead: is no number of days from 1 to {MOST_DAYS}")
    floating = given.get("floating_is_local", False)
    if floating not in (True, False):
        raise ValueError("options.floating_is_local: is neither true nor false")
    return Options(
        address=_address(account.api_key),
        zone=ZoneInfo(account.timezone),
        titles=Titles(_texts(given, "title"), _texts(given, "ends"), _texts(given, "leave_out")),
        days_ahead=days,
        floating_is_local=floating,
    )


def _address(link: str) -> str:
    address = _WEBCAL.sub("https://", link.strip(), count=1)
    if not re.fullmatch(r"https?://[^\s/]+\S*", address):
        raise ValueError("api_key: is no link to a calendar, such as https://… or webcal://…")
    return address


def _texts(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One text, or a list of texts."""
    value = given.get(name, ())
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not all(isinstance(one, str) for one in texts):
        raise ValueError(f"options.{name}: is no text, and no list of texts")
    return tuple(one.strip() for one in texts if one.strip())
