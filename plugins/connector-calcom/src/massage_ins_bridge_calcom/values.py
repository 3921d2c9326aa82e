"""Careful reading of Cal.com's JSON: a field of the wrong type counts as absent, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from massage_ins_bridge.api.connectors import BookingStatus, PlatformPerson

STATUSES: Mapping[str, BookingStatus] = {
    "accepted": "accepted",
    "pending": "pending",
    "awaiting_host": "pending",
    "cancelled": "cancelled",
    "rejected": "rejected",
}
MAX_TEXT = 500

_MADE_UP = re.compile(r"[^@]*@sms\.cal\.com|booked-with-sms@cal\.com", re.IGNORECASE)
_UID = re.compile(r"[A-Za-z0-9_~@:+=.-]{1,255}")


def uid(value: Any) -> str | None:
    """A booking's uid, fit to stand in an address."""
    if isinstance(value, str) and _UID.fullmatch(value) and value.strip("."):
        return value
    return None


def text(value: Any) -> str | None:
    """Text or a number as one short line; ``None`` where it is empty or something else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    words = str(value)[:MAX_TEXT]
    if not words.isprintable():
        words = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(words.split()) or None


def moment(value: Any) -> datetime | None:
    """A time that carries its offset."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1970 <= found.year <= 2199 else None


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def hosts(value: Any) -> tuple[str, ...]:
    """The ids of those who host a booking; one that was deleted is ``unknown`` there."""
    ids = (text(one.get("id")) for one in objects(value))
    return tuple(one for one in ids if one and one != "unknown")


def answer(value: Any, depth: int = 3) -> str | None:
    """A form answer as text. Cal.com wraps some: ``{"label", "value"}`` in webhooks,
    ``{"value", "optionValue"}`` for choices with an input, lists for several choices."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and depth:
        return ", ".join(found for item in value if (found := answer(item, depth - 1))) or None
    if isinstance(value, dict) and depth:
        inner = (value.get("optionValue"), value.get("value"))
        return answer(inner[0], depth - 1) or answer(inner[1], depth - 1)
    return text(value)


def answers(responses: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """The form's answers by fact name; ``fields`` maps the form's field names to facts."""
    found = ((fact, answer(responses.get(name))) for name, fact in fields.items())
    return {fact: value for fact, value in found if value is not None}


def person(attendees: Sequence[Mapping[str, Any]], responses: Mapping[str, Any]) -> PlatformPerson:
    """The client: the attendee that the booking form names, completed by the form."""
    found = client(attendees, responses) or {}
    return PlatformPerson(
        name=text(found.get("name")) or _full_name(responses.get("name")),
        email=_mailbox(text(found.get("displayEmail")))
        or _mailbox(text(found.get("email")))
        or _mailbox(answer(responses.get("email"))),
        phone=text(found.get("phoneNumber")) or answer(responses.get("attendeePhoneNumber")),
    )


def client(
    attendees: Sequence[Mapping[str, Any]], responses: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The attendee who booked. Attendees come in no order, with guests and members of a team among
    them (``attendees: true`` in apps/api/v2/src/platform/bookings/2024-08-13/repositories/
    bookings.repository.ts); the form says who booked. ``None`` where nobody is surely it."""
    for name, keys in (("email", ("email", "displayEmail")), ("name", ("name",))):
        given = _full_name(responses.get(name)) if name == "name" else answer(responses.get(name))
        if given is None:
            continue
        same = [one for one in attendees if any(_same(one.get(key), given) for key in keys)]
        if len(same) == 1:
            return same[0]
        if same:
            return None
    form_names_another = answer(responses.get("email")) is not None
    return attendees[0] if len(attendees) == 1 and not form_names_another else None


def client_is_absent(attendees: Sequence[Mapping[str, Any]], responses: Mapping[str, Any]) -> bool:
    """Whether the client did not come. A guest's absence is not the visit's; where nobody knows
    who the client is, all must be absent."""
    found = client(attendees, responses)
    wanted = [found] if found is not None else attendees
    return bool(wanted) and all(one.get("absent") is True for one in wanted)


def _same(value: Any, given: str) -> bool:
    words = text(value)
    return words is not None and words.casefold() == given.casefold()


def _mailbox(email: str | None) -> str | None:
    """An address that is somebody's. A client without one gets one made of their phone's digits
    (packages/lib/contructEmailFromPhoneNumber.ts), formerly one for all."""
    return None if email is None or _MADE_UP.fullmatch(email) else email


def _full_name(value: Any) -> str | None:
    inner = mapping(value).get("value", value)
    parts = mapping(inner)
    if parts:
        both = (text(parts.get("firstName")), text(parts.get("lastName")))
        return " ".join(part for part in both if part) or None
    return text(inner)
